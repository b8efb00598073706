package bindings

import (
	"math"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A learner trains fresh models as another was trained, to judge the way of learning.
type learner struct {
	*study
	data  train.Dataset
	fit   train.FitConfig
	done  int64 // steps
	total int64
	pace  pace
}

// learner reads how to train. The model itself stays as it is.
func (j *job) learner(p FitParams) (*learner, error) {
	s, err := j.study(JudgeParams{Model: p.Model, Table: p.Table, Part: "train"})
	if err != nil {
		return nil, err
	}
	if p.Epochs < 1 || p.BatchSize < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "epochs and batchSize must be whole numbers of at least 1, got %d and %d", p.Epochs, p.BatchSize)
	}
	if s.model.train.Config() == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model is not compiled: it does not know how it learns")
	}
	p.Checkpoint, p.Resume, p.BatchLogs = nil, false, false
	l := &learner{study: s}
	s.work = j.working("fit")
	learned := s.model.learned
	l.data, l.fit, err = j.fitData(s.model, p)
	s.model.train.Pipeline, s.model.learned = s.pipeline, learned // which nothing here changes
	if err != nil {
		return nil, err
	}
	if l.fit.BatchSize == 0 {
		l.fit.BatchSize = 32
	}
	l.fit.Pause, l.fit.BetweenSteps = j.breathe, l.between
	cost, err := s.model.train.StepCost(min(l.fit.BatchSize, max(1, l.data.Rows())))
	if err != nil {
		return nil, err
	}
	return l, j.engine.room(int64(cost.Bytes), "training one more model")
}

// expect adds the steps of a training to the total.
func (l *learner) expect(rows int) {
	l.total += int64(l.fit.Epochs) * int64((rows+l.fit.BatchSize-1)/l.fit.BatchSize)
}

func (l *learner) between() error {
	l.done++
	if !l.pace.due() {
		return nil
	}
	e := l.job.engine
	l.pace.saw(e.now())
	err := l.pause(min(l.done, l.total), l.total)
	l.pace.goesOn(e.now())
	return err
}

// fresh makes a model that has learned nothing yet.
func (l *learner) fresh(int) (*train.Model, error) {
	e := l.job.engine
	m, err := l.model.train.Fresh(train.MemoryLimit(int(e.limit - e.held())))
	if err == nil {
		m.OnPause(l.job.breathe)
	}
	return m, err
}

// blockOfData is how many rows of a dataset are filled in at once.
const blockOfData = 256

// ask predicts rows of the data by a model of the learner's.
func (l *learner) ask(m *train.Model, rows []int) (*judged, error) {
	inputs, targets := l.data.Shapes()
	if len(inputs) != 1 || len(targets) != 1 {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "only models of one input and one output are judged like this")
	}
	y := tensor.New(append([]int{len(rows)}, targets[0]...)...)
	var out *tensor.Tensor
	for from := 0; from < len(rows); from += blockOfData {
		part := rows[from:min(from+blockOfData, len(rows))]
		x, weights := tensor.New(append([]int{len(part)}, inputs[0]...)...), constant(1, len(part))
		b := train.Batch{Rows: part, Inputs: [][]float32{x.Data}, Targets: [][]float32{y.Slice(from, from+len(part)).Data}, Weights: [][]float32{weights}, Rand: &rand.PCG{}}
		if err := l.data.Fill(&b); err != nil {
			return nil, err
		}
		said, err := m.Predict(l.job.ctx, x)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = tensor.New(append([]int{len(rows)}, said.Shape[1:]...)...)
		}
		copy(out.Slice(from, from+len(part)).Data, said.Data)
		if err := l.pause(l.done, l.total); err != nil {
			return nil, err
		}
	}
	r := &judged{out: out}
	r.truth, r.predicted = answers(l.table.prepared.Pipeline, y, out)
	return r, nil
}

// score is the headline of what was said, and of the simplest guess.
func score(o *data.Output, said *judged) (model, guess float64) {
	if o.Task == data.TaskClassification {
		return accuracy(said.truth, said.predicted), accuracy(said.truth, constant(float32(commonest(o)), len(said.truth)))
	}
	rows := make([]int, len(said.truth))
	for i := range rows {
		rows[i] = i
	}
	return r2(said.truth, said.predicted, rows), r2(said.truth, constant(o.Center, len(rows)), rows)
}

// judgeFolds judges how a model learns by cross-validation.
func judgeFolds(j *job, p FoldsParams) (any, error) {
	if p.Folds == 0 {
		p.Folds = 5
	}
	p.Fit.EarlyStopping, p.Fit.Plateau = nil, nil
	l, err := j.learner(p.Fit)
	if err != nil {
		return nil, err
	}
	l.fit.ValidationX, l.fit.ValidationY, l.fit.Validation = nil, nil, nil
	o := &l.pipeline.Output
	r := &FoldsResult{Headline: "r2", Folds: []FoldScore{}}
	v := train.CrossValidation{Folds: p.Folds, Seed: l.model.train.Seed(), New: l.fresh, Fit: l.fit}
	if l.classes() {
		r.Headline, v.Classes = "acc", whole(l.part.Y.Data)
	}
	v.OnFold = func(fold int, m *train.Model, so *train.CrossResult) error {
		rows := so.Folds[fold].Rows
		said, err := l.ask(m, rows)
		if err != nil {
			return err
		}
		f := FoldScore{Rows: len(rows)}
		f.Score, f.Baseline = score(o, said)
		r.Folds = append(r.Folds, f)
		j.engine.notify(NotifyFold, FoldDone{ID: j.id, Of: p.Folds, Index: fold, Fold: f})
		return nil
	}
	for range p.Folds {
		l.expect(l.data.Rows() * (p.Folds - 1) / p.Folds)
	}
	return l.beside(func() (any, error) {
		l.pace = newPace(j.engine.now())
		if _, err := train.CrossValidate(j.ctx, l.data, v); err != nil {
			return nil, err
		}
		r.summarise()
		return r, nil
	}), nil
}

// summarise takes means, and the sample's standard deviation of the scores.
func (r *FoldsResult) summarise() {
	n := float64(len(r.Folds))
	for _, f := range r.Folds {
		r.Mean += f.Score / n
		r.Baseline += f.Baseline / n
	}
	squares := 0.0
	for _, f := range r.Folds {
		squares += (f.Score - r.Mean) * (f.Score - r.Mean)
	}
	r.SD = math.Sqrt(squares / max(1, n-1))
}
