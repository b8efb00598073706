package bindings

import (
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// learningShares are the parts of the training rows that a learning curve is made of.
var learningShares = []int{8, 4, 2, 1}

// fewestLearned is how few rows a point of the curve is made from at least.
const fewestLearned = 8

// mostJudged is of how many training rows the loss is measured at most.
const mostJudged = 4096

// learningStream names the random order in which rows are added.
const learningStream = 0x6c6561726e696e67 // "learning"

// judgeLearning finds what more rows would bring.
func judgeLearning(j *job, p LearningParams) (any, error) {
	l, err := j.learner(p.Fit)
	if err != nil {
		return nil, err
	}
	if l.table.prepared.Validation.X == nil || len(l.table.prepared.Validation.Rows) == 0 {
		return nil, tensor.Errorf(tensor.CodeData, "a learning curve wants validation rows; give them a share in the split")
	}
	rows := rand.New(rand.NewPCG(l.model.train.Seed(), learningStream)).Perm(l.data.Rows())
	var sizes []int
	for _, part := range learningShares {
		if n := len(rows) / part; n >= fewestLearned {
			sizes = append(sizes, n)
			l.expect(n)
		}
	}
	if len(sizes) < 2 {
		return nil, tensor.Errorf(tensor.CodeData, "there are only %d training rows: too few for a learning curve", len(rows))
	}
	return l.beside(func() (any, error) {
		l.pace = newPace(j.engine.now())
		r := &LearningResult{}
		expected := int64(0)
		for _, n := range sizes {
			point, base, err := l.point(rows[:n:n])
			if err != nil {
				return nil, err
			}
			expected += int64(l.fit.Epochs) * int64((n+l.fit.BatchSize-1)/l.fit.BatchSize)
			l.done = expected // where early stopping left some out
			r.Points, r.Baseline = append(r.Points, point), base
			j.engine.notify(NotifyPoint, PointDone{ID: j.id, Of: len(sizes), Point: point})
		}
		points := make([]explain.LearningPoint, len(r.Points))
		for i, p := range r.Points {
			points[i] = p.LearningPoint
		}
		r.Judgement, err = explain.JudgeLearning(points, r.Baseline)
		return r, err
	}), nil
}

// point trains a model on some rows, and measures it on these and on the validation part.
func (l *learner) point(rows []int) (p LearningPoint, baseline float64, err error) {
	m, err := l.fresh(0)
	if err != nil {
		return p, 0, err
	}
	c := l.fit
	c.Rows = rows
	if _, err = m.FitData(l.job.ctx, l.data, c); err != nil {
		return p, 0, err
	}
	o := &l.pipeline.Output
	p.Rows = len(rows)
	some := make([]int, 0, mostJudged)
	for _, i := range spaced(len(rows), mostJudged) {
		some = append(some, rows[i])
	}
	seen, err := l.ask(m, some)
	if err != nil {
		return p, 0, err
	}
	if p.Train, _, err = losses(o, seen); err != nil {
		return p, 0, err
	}
	part := l.table.prepared.Validation
	unseen := &learner{study: l.study, data: train.Tensors([]*tensor.Tensor{part.X}, []*tensor.Tensor{part.Y}), done: l.done, total: l.total}
	said, err := unseen.ask(m, spaced(len(part.Rows), len(part.Rows)))
	if err != nil {
		return p, 0, err
	}
	p.Validation, baseline, err = losses(o, said)
	p.Score, _ = score(o, said)
	return p, baseline, err
}
