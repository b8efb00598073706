package bindings

import (
	"context"
	"slices"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// modelFit checks a fit's request, takes its data, and lets it run beside others.
func modelFit(j *job, p FitParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "fit")
	if err != nil {
		return nil, err
	}
	if p, err = m.again(p); err != nil {
		return nil, err
	}
	if p.Epochs < 1 {
		return nil, tensor.Errorf(tensor.CodeOption, "epochs must be a whole number of at least 1, got %d", p.Epochs)
	}
	if p.BatchSize < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "batchSize must be a whole number of at least 1, got %d", p.BatchSize)
	}
	d, c, err := j.fitData(m, p)
	if err != nil {
		return nil, err
	}
	if p.BatchSize == 0 {
		c.BatchSize = 32
	}
	if err := j.engine.fits(m, min(c.BatchSize, max(1, d.Rows()))); err != nil {
		return nil, err
	}
	if err := j.begin(m, p); err != nil {
		return nil, err
	}
	m.fit = j
	return beside(func() (any, error) {
		defer func() { m.fit = nil }()
		return j.fit(m, d, c, p)
	}), nil
}

// fits refuses a batch for which there is no room.
func (e *Engine) fits(m *model, batch int) error {
	cost, err := m.train.StepCost(batch)
	if err != nil {
		return err
	}
	if more := int64(cost.Bytes) - m.bytes(); more > 0 {
		if err := e.room(more, "training with batches of "+strconv.Itoa(batch)+" rows"); err != nil {
			return err
		}
	}
	m.batch = batch
	return nil
}

// fitData finds what to train on.
func (j *job) fitData(m *model, p FitParams) (d train.Dataset, c train.FitConfig, err error) {
	c = train.FitConfig{Epochs: p.Epochs, BatchSize: p.BatchSize, Accumulate: p.Accumulate, ValidationSplit: p.ValidationSplit, Resume: p.Resume}
	c.NoShuffle = p.Shuffle != nil && !*p.Shuffle
	if c.ClassWeight, err = classWeights(p.ClassWeight); err != nil {
		return nil, c, err
	}
	if e := p.EarlyStopping; e != nil {
		c.EarlyStopping = &train.EarlyStopping{Monitor: e.Monitor, Patience: e.Patience, MinDelta: e.MinDelta, Mode: e.Mode, KeepLast: e.KeepLast}
	}
	if r := p.Plateau; r != nil {
		plateau := train.ReduceLROnPlateau{Monitor: r.Monitor, Factor: r.Factor, Patience: r.Patience, MinDelta: r.MinDelta,
			Cooldown: r.Cooldown, MinRate: r.MinLr, Mode: r.Mode}
		c.Callbacks = append(c.Callbacks, plateau.Callback())
	}
	if p.Table != 0 {
		return j.tableData(m, p, c)
	}
	if d, err = j.tensorData("inputs", "targets", listOf(p.X, p.Xs), listOf(p.Y, p.Ys)); err != nil {
		return nil, c, err
	}
	if x, y := listOf(p.ValidationX, p.ValidationXs), listOf(p.ValidationY, p.ValidationYs); len(x)+len(y) > 0 {
		if c.Validation, err = j.tensorData("validation inputs", "validation targets", x, y); err != nil {
			return nil, c, err
		}
	}
	c.SampleWeight, c.SampleWeights, err = j.weights(p.SampleWeight, p.SampleWeights)
	return d, c, err
}

// listOf is what a request names as one tensor or as several.
func listOf(one *Tensor, several []Tensor) []Tensor {
	if one != nil && len(several) == 0 {
		return []Tensor{*one}
	}
	return several
}

// tensorData brings inputs and targets into Go's memory.
func (j *job) tensorData(inputs, targets string, x, y []Tensor) (train.Dataset, error) {
	if len(x) == 0 || len(y) == 0 {
		return nil, tensor.Errorf(tensor.CodeData, "want %s and %s, as tensors; fit takes a table as well", inputs, targets)
	}
	xs, err := j.tensors(inputs, x)
	if err != nil {
		return nil, err
	}
	ys, err := j.tensors(targets, y)
	if err != nil {
		return nil, err
	}
	return train.Tensors(xs, ys), nil
}

// weights brings what each row counts into Go's memory: for all outputs, or for each.
func (j *job) weights(all *Tensor, each []Tensor) ([]float32, [][]float32, error) {
	one, err := j.tensor("sample weights", all)
	if err != nil {
		return nil, nil, err
	}
	list, err := j.tensors("sample weights", each)
	if err != nil {
		return nil, nil, err
	}
	var weights [][]float32
	for _, t := range list {
		weights = append(weights, t.Data)
	}
	if one == nil {
		return nil, weights, nil
	}
	return one.Data, weights, nil
}

// tableData takes a prepared table's training and validation part. The model gets
// the table's pipeline, as that is what its weights are learned behind.
func (j *job) tableData(m *model, p FitParams, c train.FitConfig) (train.Dataset, train.FitConfig, error) {
	if p.X != nil || p.Y != nil || p.ValidationX != nil || p.ValidationSplit != 0 || p.SampleWeight != nil || len(p.Xs)+len(p.ValidationXs)+len(p.SampleWeights) > 0 {
		return nil, c, tensor.Errorf(tensor.CodeOption, "fit on a table takes its data and its validation part from the table; leave tensors, validationSplit and sampleWeight out")
	}
	t, err := j.engine.preparedTable(p.Table)
	if err != nil {
		return nil, c, err
	}
	prepared := t.prepared
	if has, want := prepared.Pipeline.Shape(), m.train.InputShape(); !slices.Equal(has, want) {
		return nil, c, tensor.Errorf(tensor.CodeShape, "the table gives rows of shape %s, the model wants input %s", tensor.Format(has), tensor.FormatBatch(want))
	}
	m.train.Pipeline, m.learned = prepared.Pipeline, prepared.Train.Rows
	if len(prepared.Validation.Rows) > 0 {
		c.ValidationX, c.ValidationY = prepared.Validation.X, prepared.Validation.Y
	}
	return t.training(), c, nil
}

func classWeights(byName map[string]float64) (map[int]float32, error) {
	if len(byName) == 0 {
		return nil, nil
	}
	weights := make(map[int]float32, len(byName))
	for name, w := range byName {
		class, err := strconv.Atoi(name)
		if err != nil || class < 0 {
			return nil, tensor.Errorf(tensor.CodeOption, "classWeight: %q is no class; want class numbers 0, 1, …", name)
		}
		weights[class] = float32(w)
	}
	return weights, nil
}

// fit trains, with the baton except between steps.
func (j *job) fit(m *model, d train.Dataset, c train.FitConfig, p FitParams) (any, error) {
	r := newReporter(j, m, d.Rows(), c, p.BatchLogs)
	k := &keeper{job: j, model: m, plan: p.Checkpoint, last: j.engine.now(), table: p.Table}
	j.yielded = j.engine.now()
	c.Pause = func() error {
		err := j.breathe()
		if m.asking { // somebody else's evaluation is running on this model's plan
			return nil
		}
		return j.ending(err)
	}
	pace := newPace(j.engine.now())
	if p.Watch {
		r.watch = newWatcher(j, m, r, c.Epochs)
		c.Callbacks = append(c.Callbacks, r.watch.callback())
	}
	c.BetweenSteps = func() error {
		r.done++
		if r.watch != nil {
			r.watch.step()
		}
		if !pace.due() {
			return nil
		}
		now := j.engine.now()
		pace.saw(now)
		r.send(now)
		err := j.breathe()
		if j.held() && err == nil {
			r.flush()
			j.hold()
		}
		j.engine.share()
		pace.goesOn(j.engine.now())
		return j.ending(err)
	}
	c.Callbacks = append(c.Callbacks, r.callback())
	if log, ok := m.logTo(); ok {
		c.Callbacks = append(c.Callbacks, log)
	}
	c.Callbacks = append(c.Callbacks, train.Callback{OnEpochEnd: k.epochEnd})
	history, err := m.train.FitData(context.Background(), d, c)
	r.flush()
	result := fitResult(history)
	result.Unsaved = k.unsaved
	if err != nil {
		return nil, &fitError{err, result}
	}
	result.Stopped = j.ctx.Err() != nil && len(result.Epoch) < c.Epochs && !result.StoppedEarly
	return result, nil
}

// ending turns a cancelled job's error into what ends a fit as the canceller wished:
// in good order, best weights restored, or with an error.
func (j *job) ending(err error) error {
	if err == nil {
		err = j.aborted()
	}
	if err != nil && j.keep.Load() {
		return train.ErrStop
	}
	return err
}

func fitResult(h *train.History) *FitResult {
	if h == nil {
		return &FitResult{Epoch: []int{}, History: Curves{}, BestEpoch: -1}
	}
	return &FitResult{Epoch: h.Epoch, History: Curves(h.Metrics), BestEpoch: h.BestEpoch, StoppedEarly: h.StoppedEarly}
}
