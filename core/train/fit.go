package train

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A FitConfig says how to go through the data.
type FitConfig struct {
	Epochs    int // 1 if 0
	BatchSize int // 32 if 0
	NoShuffle bool

	// Accumulate makes one update from so many batches, for a batch that would not fit
	// into memory; 1 if 0. The file accumulate.go states the rule.
	Accumulate int

	// Rows are the rows of the data to train on, in this order if NoShuffle; nil: all.
	Rows []int

	// What to validate on: ValidationSplit holds back this share of the rows, the last
	// ones before any shuffle; ValidationRows are others of the same data; ValidationX
	// and ValidationY, or Validation, are data of their own. Only one of them.
	ValidationSplit          float64
	ValidationRows           []int
	ValidationX, ValidationY *tensor.Tensor
	Validation               Dataset

	// What rows count in training, beside what a Dataset itself says.
	SampleWeight  []float32       // of each row of the data
	SampleWeights [][]float32     // of each row, for each output; nil for one: 1
	ClassWeight   map[int]float32 // of each row, by its class; others count 1

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
	History   *History                   `json:"history"`
	Watch     watch                      `json:"watch"`
	Callbacks map[string]json.RawMessage `json:"callbacks,omitempty"` // their states, by name

	config     FitConfig
	train, val *set
	order      []int
	source     rand.PCG
	shuffler   *rand.Rand
	backup     []float32 // weights and slots at the start of the epoch
	statistics []float32 // what no gradient trains, before the first batch of an update
	step       int       // updates made before the epoch
	values     []float64 // of a batch, for callbacks
}

// Fit trains the model. x has rows of the model's InputShape; y has a row of
// targets for each. It returns the History up to where it came, also with an
// error: code aborted when ctx or a hook ended it, code nan when a value became NaN
// or infinite (the weights are then those from before that epoch).
func (m *Model) Fit(ctx context.Context, x, y *tensor.Tensor, c FitConfig) (*History, error) {
	return m.FitData(ctx, Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{y}), c)
}

// FitData is Fit on any data, and for networks of several inputs and outputs:
//
//	h, err := m.FitData(ctx, train.Tensors([]*tensor.Tensor{a, b}, []*tensor.Tensor{y, z}), config)
//
// With several outputs the History has "loss", the weighted sum, and for each output
// "<output>_loss" and its metrics, "<output>_acc".
func (m *Model) FitData(ctx context.Context, d Dataset, c FitConfig) (*History, error) {
	r, err := m.newRun(d, c)
	if err != nil {
		return nil, err
	}
	m.fitting, m.inFit = r, true
	pause := func() error {
		if err := ctx.Err(); err != nil {
			return aborted(err)
		}
		if c.Pause != nil {
			return c.Pause()
		}
		return nil
	}
	plan := m.trainer.plan
	plan.OnPause(pause)
	defer func() {
		m.inFit = false
		plan.OnPause(nil)
		r.forget()
	}()
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
func (r *run) forget() {
	r.keepCallbacks()
	*r = run{History: r.History, Watch: r.Watch, Callbacks: r.Callbacks}
}

func aborted(err error) error {
	var known *tensor.Error
	if errors.As(err, &known) {
		return err
	}
	return tensor.Errorf(tensor.CodeAborted, "training was stopped: %v", err)
}

func (c *FitConfig) check() error {
	c.Epochs, c.BatchSize, c.Accumulate = cmp.Or(c.Epochs, 1), cmp.Or(c.BatchSize, 32), cmp.Or(c.Accumulate, 1)
	if c.Epochs < 0 || c.BatchSize < 0 {
		return tensor.Errorf(tensor.CodeOption, "epochs %d and batch size %d must be at least 1", c.Epochs, c.BatchSize)
	}
	if c.Accumulate < 0 {
		return tensor.Errorf(tensor.CodeOption, "accumulate %d must be at least 1, the batches of an update", c.Accumulate)
	}
	if c.EarlyStopping != nil {
		if err := c.EarlyStopping.check(); err != nil {
			return err
		}
	}
	return checkCallbacks(c.Callbacks)
}

func (m *Model) newRun(d Dataset, c FitConfig) (*run, error) {
	if err := m.idle("Fit"); err != nil {
		return nil, err
	}
	if m.trainer == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model is not compiled; call Compile before Fit")
	}
	if m.store.Trainable() == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "the model has no weights to train; thaw a layer that is frozen, or add one that has weights")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	r := &run{config: c, History: &History{Metrics: map[string][]float64{}}, Watch: watch{At: -1}}
	if c.Resume {
		if m.fitting == nil {
			return nil, tensor.Errorf(tensor.CodeOption, "there is no interrupted run to resume")
		}
		r.History, r.Watch = m.fitting.History, m.fitting.Watch
		if err := r.resumeCallbacks(m.fitting.Callbacks); err != nil {
			return nil, err
		}
	}
	if err := m.divide(r, d); err != nil {
		return nil, err
	}
	if err := m.prepare(min(c.BatchSize, r.train.count), c.Accumulate); err != nil {
		return nil, err
	}
	r.order = make([]int, r.train.count)
	r.shuffler = rand.New(&r.source)
	r.values = make([]float64, len(m.trainer.names))
	return r, nil
}

// divide checks the data and holds validation rows back.
func (m *Model) divide(r *run, d Dataset) error {
	c := r.config
	all, err := m.newSet(d, c.Rows)
	if err != nil {
		return err
	}
	if err := all.weigh(m.trainer, c.SampleWeight, c.SampleWeights, c.ClassWeight); err != nil {
		return err
	}
	r.train = all
	ways := 0
	for _, given := range []bool{c.ValidationSplit != 0, c.ValidationRows != nil, c.ValidationX != nil || c.ValidationY != nil, c.Validation != nil} {
		if given {
			ways++
		}
	}
	switch {
	case ways > 1:
		return tensor.Errorf(tensor.CodeOption, "give validation data or a validation split, not both")
	case c.ValidationX != nil || c.ValidationY != nil:
		r.val, err = m.newSet(Tensors([]*tensor.Tensor{c.ValidationX}, []*tensor.Tensor{c.ValidationY}), nil)
	case c.Validation != nil:
		r.val, err = m.newSet(c.Validation, nil)
	case c.ValidationRows != nil:
		r.val, err = m.newSet(d, c.ValidationRows)
	case c.ValidationSplit != 0:
		keep := int(float64(all.count) * (1 - c.ValidationSplit))
		if !(c.ValidationSplit > 0 && c.ValidationSplit < 1) || keep < 1 || keep >= all.count {
			return tensor.Errorf(tensor.CodeOption, "a validation split of %g leaves no rows on one side of %d; want a share between 0 and 1", c.ValidationSplit, all.count)
		}
		r.train, r.val = all.part(0, keep), all.part(keep, all.count).bare()
	}
	return err
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
	if err == nil && kernel.FirstNonFinite(m.store.Values()) >= 0 {
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
	for _, h := range t.heads {
		reset(h.metrics)
		h.sum = 0
	}
	m.shuffle(r)
	size, rows := t.plan.MaxBatch(), len(r.order)
	sum := 0.0
	for batch, from := 0, 0; from < rows; batch, from = batch+1, from+size {
		n := min(size, rows-from)
		result, err := m.trainBatch(ctx, r, epoch, batch, r.order[from:from+n], plannedUpdate(batch, from, n, size, rows, r.config.Accumulate))
		if err != nil {
			m.dropUpdate(r)
			return nil, err
		}
		sum += float64(float64(result.rows) * result.loss)
	}
	losses := make([]float64, len(t.heads))
	for i, h := range t.heads {
		losses[i] = h.sum / float64(rows)
	}
	return t.logs(sum/float64(rows), losses, func(h *head) []metric.Metric { return h.metrics }), nil
}

// trainBatch makes one step and reports it.
func (m *Model) trainBatch(ctx context.Context, r *run, epoch, batch int, rows []int, u update) (batchResult, error) {
	if err := ctx.Err(); err != nil {
		return batchResult{}, aborted(err)
	}
	m.streams.epoch, m.streams.step = uint64(m.counters.Epoch), uint64(batch)
	m.beginUpdate(r, u)
	result, err := m.step(r.train, rows, u)
	if err != nil {
		return result, inBatch(err, epoch, batch, m.LearningRate())
	}
	return result, m.afterBatch(r, epoch, batch, result)
}

// shuffle puts the rows into this epoch's order.
func (m *Model) shuffle(r *run) {
	r.train.list(r.order, 0)
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
			m.trainer.batchValues(r.values)
			if err := f(m, BatchLog{epoch, batch, result.rows, result.loss, r.values}); err != nil {
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
	r.backup = append(r.backup[:0], m.store.Values()...)
	for _, slot := range m.slots {
		r.backup = append(r.backup, slot...)
	}
	r.step = m.counters.Step
}

func (m *Model) rollBack(r *run) {
	rest := r.backup[copy(m.store.Change(), r.backup):]
	for _, slot := range m.slots {
		rest = rest[copy(slot, rest):]
	}
	m.counters.Step = r.step
}
