package train

import (
	"context"
	"errors"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A FitConfig says how to go through the data.
type FitConfig struct {
	Epochs    int // 1 if 0
	BatchSize int // 32 if 0
	NoShuffle bool

	// ValidationSplit holds back this share of the rows, the last ones before any
	// shuffle; ValidationX and ValidationY are data of their own.
	ValidationSplit          float64
	ValidationX, ValidationY *tensor.Tensor

	SampleWeight []float32       // of each row
	ClassWeight  map[int]float32 // of each row, by its class; others count 1

	EarlyStopping *EarlyStopping
	Callbacks     []Callback

	// Resume goes on with the run that a checkpoint was saved in, up to Epochs. The
	// data and the other options must be the same; then so are the bits.
	Resume bool

	// Pause is called between operations after a bounded amount of work, also in the
	// middle of a step. An error stops training, and the step did not happen.
	Pause func() error
	// BetweenSteps is called after each step, when the model may be asked for
	// predictions. An error stops training.
	BetweenSteps func() error
}

// A run is the state of Fit. What a checkpoint keeps of it is exported.
type run struct {
	History *History `json:"history"`
	Watch   watch    `json:"watch"`

	config     FitConfig
	train, val *set
	order      []int
	source     rand.PCG
	shuffler   *rand.Rand
	backup     []float32 // weights and slots at the start of the epoch
	step       int       // updates made before the epoch
	metrics    []float64 // of a batch, for callbacks
}

// Fit trains the model. x has rows of the model's InputShape; y has a row of
// targets for each. It returns the History up to where it came, also with an
// error: code aborted when ctx or a hook ended it, code nan when a value became NaN
// or infinite (the weights are then those from before that epoch).
func (m *Model) Fit(ctx context.Context, x, y *tensor.Tensor, c FitConfig) (*History, error) {
	r, err := m.newRun(x, y, c)
	if err != nil {
		return nil, err
	}
	m.fitting = r
	pause := func() error {
		if err := ctx.Err(); err != nil {
			return aborted(err)
		}
		if c.Pause != nil {
			return c.Pause()
		}
		return nil
	}
	m.trainer.plan.OnPause(pause)
	defer m.trainer.plan.OnPause(nil)
	defer r.forget()
	err = m.runEpochs(ctx, r)
	if errors.Is(err, ErrStop) {
		err = nil
	}
	if err == nil && c.EarlyStopping != nil {
		r.Watch.restore(m)
	}
	r.History.BestEpoch = r.Watch.At
	if err == nil {
		for _, cb := range c.Callbacks {
			if cb.OnTrainEnd != nil && err == nil {
				err = cb.OnTrainEnd(m, r.History)
			}
		}
	}
	return r.History, err
}

// forget lets the data go. What is left is what a checkpoint keeps.
func (r *run) forget() { *r = run{History: r.History, Watch: r.Watch} }

func aborted(err error) error {
	var known *tensor.Error
	if errors.As(err, &known) {
		return err
	}
	return tensor.Errorf(tensor.CodeAborted, "training was stopped: %v", err)
}

func (m *Model) newRun(x, y *tensor.Tensor, c FitConfig) (*run, error) {
	if m.trainer == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model is not compiled; call Compile before Fit")
	}
	if c.Epochs == 0 {
		c.Epochs = 1
	}
	if c.BatchSize == 0 {
		c.BatchSize = 32
	}
	if c.Epochs < 0 || c.BatchSize < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "epochs %d and batch size %d must be at least 1", c.Epochs, c.BatchSize)
	}
	if c.EarlyStopping != nil {
		if err := c.EarlyStopping.check(); err != nil {
			return nil, err
		}
	}
	r := &run{config: c, History: &History{Metrics: map[string][]float64{}}, Watch: watch{At: -1}}
	if c.Resume {
		if m.fitting == nil {
			return nil, tensor.Errorf(tensor.CodeOption, "there is no interrupted run to resume")
		}
		r.History, r.Watch = m.fitting.History, m.fitting.Watch
	}
	if err := m.splitValidation(r, x, y); err != nil {
		return nil, err
	}
	if err := m.prepare(min(c.BatchSize, r.train.x.Rows())); err != nil {
		return nil, err
	}
	r.order = make([]int, r.train.x.Rows())
	r.shuffler = rand.New(&r.source)
	r.metrics = make([]float64, len(m.trainer.names))
	return r, nil
}

// splitValidation checks the data and holds validation rows back.
func (m *Model) splitValidation(r *run, x, y *tensor.Tensor) error {
	c := r.config
	all, err := m.newSet(x, y, c.SampleWeight, c.ClassWeight)
	if err != nil {
		return err
	}
	r.train = all
	if c.ValidationX != nil || c.ValidationY != nil {
		if c.ValidationSplit != 0 {
			return tensor.Errorf(tensor.CodeOption, "give validation data or a validation split, not both")
		}
		r.val, err = m.newSet(c.ValidationX, c.ValidationY, nil, nil)
		return err
	}
	if c.ValidationSplit == 0 {
		return nil
	}
	rows := x.Rows()
	keep := int(float64(rows) * (1 - c.ValidationSplit))
	if !(c.ValidationSplit > 0 && c.ValidationSplit < 1) || keep < 1 || keep >= rows {
		return tensor.Errorf(tensor.CodeOption, "a validation split of %g leaves no rows on one side of %d; want a share between 0 and 1", c.ValidationSplit, rows)
	}
	train, val := *all, *all
	train.x, train.y = x.Slice(0, keep), y.Slice(0, keep)
	val.x, val.y, val.weight = x.Slice(keep, rows), y.Slice(keep, rows), nil
	if all.weight != nil {
		train.weight = all.weight[:keep]
	}
	r.train, r.val = &train, &val
	return nil
}

func (m *Model) runEpochs(ctx context.Context, r *run) error {
	for _, cb := range r.config.Callbacks {
		if cb.OnTrainBegin != nil {
			if err := cb.OnTrainBegin(m); err != nil {
				return err
			}
		}
	}
	for len(r.History.Epoch) < r.config.Epochs {
		if err := m.runEpoch(ctx, r, len(r.History.Epoch)); err != nil {
			return err
		}
	}
	return nil
}

// runEpoch goes once through the data and closes the epoch.
func (m *Model) runEpoch(ctx context.Context, r *run, epoch int) error {
	for _, cb := range r.config.Callbacks {
		if cb.OnEpochBegin != nil {
			if err := cb.OnEpochBegin(m, epoch); err != nil {
				return err
			}
		}
	}
	m.backup(r)
	logs, err := m.trainEpoch(ctx, r, epoch)
	if err == nil && r.val != nil {
		err = m.validate(ctx, r, logs)
	}
	if err == nil && kernel.FirstNonFinite(m.store.Values) >= 0 {
		err = m.nonFinite(false)
	}
	if err != nil {
		var e *tensor.Error
		if errors.As(err, &e) && e.Code == tensor.CodeNaN {
			m.rollBack(r)
		}
		return err
	}
	m.counters.Epoch++
	r.History.add(epoch, logs)
	stop := false
	if e := r.config.EarlyStopping; e != nil {
		if stop, err = e.see(m, &r.Watch, epoch, logs); err != nil {
			return err
		}
	}
	for _, cb := range r.config.Callbacks {
		if cb.OnEpochEnd != nil {
			if err := cb.OnEpochEnd(m, epoch, logs); err != nil {
				return err
			}
		}
	}
	if stop {
		r.History.StoppedEarly = true
		return ErrStop
	}
	return nil
}

// trainEpoch makes a step for every batch, the last one possibly smaller, and
// returns the means of the epoch.
func (m *Model) trainEpoch(ctx context.Context, r *run, epoch int) (Logs, error) {
	t := m.trainer
	for _, metric := range t.metrics {
		metric.Reset()
	}
	m.shuffle(r)
	size := t.plan.MaxBatch()
	sum := 0.0
	for batch, from := 0, 0; from < len(r.order); batch, from = batch+1, from+size {
		if err := ctx.Err(); err != nil {
			return nil, aborted(err)
		}
		m.streams.epoch, m.streams.step = uint64(m.counters.Epoch), uint64(batch)
		result, err := m.step(r.train, r.order[from:min(from+size, len(r.order))])
		if err != nil {
			return nil, inBatch(err, epoch, batch, m.rate)
		}
		sum += float64(float64(result.rows) * result.loss)
		if err := m.afterBatch(r, epoch, batch, result); err != nil {
			return nil, err
		}
	}
	logs := Logs{"loss": sum / float64(len(r.order))}
	for i, name := range t.names {
		logs[name] = t.metrics[i].Value()
	}
	return logs, nil
}

// shuffle puts the rows into this epoch's order.
func (m *Model) shuffle(r *run) {
	for i := range r.order {
		r.order[i] = i
	}
	if r.config.NoShuffle {
		return
	}
	at := streams{seed: m.streams.seed, epoch: uint64(m.counters.Epoch)}
	at.Seed(&r.source, "shuffle", "")
	r.shuffler.Shuffle(len(r.order), func(i, j int) { r.order[i], r.order[j] = r.order[j], r.order[i] })
}

// afterBatch reports a batch to those who asked for batches.
func (m *Model) afterBatch(r *run, epoch, batch int, result batchResult) error {
	for i := range r.config.Callbacks {
		if f := r.config.Callbacks[i].OnBatchEnd; f != nil {
			for k, metric := range m.trainer.batch {
				r.metrics[k] = metric.Value()
			}
			if err := f(m, BatchLog{epoch, batch, result.rows, result.loss, r.metrics}); err != nil {
				return err
			}
		}
	}
	if r.config.BetweenSteps != nil {
		return r.config.BetweenSteps()
	}
	return nil
}

// inBatch says where training met NaN, and what to do.
func inBatch(err error, epoch, batch int, rate float64) error {
	var e *tensor.Error
	if !errors.As(err, &e) || e.Code != tensor.CodeNaN {
		return err
	}
	located := *e
	located.Message = tensor.Errorf("", "training stopped in epoch %d, batch %d: %s; the weights are those from before this epoch. Lower the learning rate (it is %g), clip the gradients, or look for extreme values in the data",
		epoch+1, batch+1, e.Message, rate).Message
	return &located
}

// validate adds the validation data's means to the logs.
func (m *Model) validate(ctx context.Context, r *run, logs Logs) error {
	result, err := m.evaluate(ctx, r.val)
	for name, v := range result {
		logs["val_"+name] = v
	}
	return err
}

// backup keeps what rollBack restores: a run that becomes NaN in the middle of an
// epoch goes back to its start.
func (m *Model) backup(r *run) {
	r.backup = append(r.backup[:0], m.store.Values...)
	for _, slot := range m.slots {
		r.backup = append(r.backup, slot...)
	}
	r.step = m.counters.Step
}

func (m *Model) rollBack(r *run) {
	rest := r.backup[copy(m.store.Values, r.backup):]
	for _, slot := range m.slots {
		rest = rest[copy(slot, rest):]
	}
	m.counters.Step = r.step
}
