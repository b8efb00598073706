package bindings

import (
	"math"
	"time"

	"github.com/terrarium-ml/terrarium/core/train"
)

// Of what a watched fit tells.
const (
	gradientSamples = 4 // steps of an epoch whose gradient is measured
	spreadBins      = 24
	spreadEvery     = time.Second
)

// A watcher looks at a fit between its steps: the learning rate, the length of the
// gradient, how the weights lie. It reads only; which steps it looks at depends on nothing
// but their number.
type watcher struct {
	job   *job
	model *model
	steps int64 // of an epoch
	at    int64 // step of this epoch
	sum   float64
	seen  int
	rate  float64
	last  time.Duration
}

func newWatcher(j *job, m *model, r *reporter, epochs int) *watcher {
	return &watcher{job: j, model: m, steps: max(1, r.total/int64(max(1, epochs)))}
}

func (w *watcher) callback() train.Callback {
	return train.Callback{
		OnTrainBegin: func(*train.Model) error {
			w.spreads(0)
			return nil
		},
		OnEpochBegin: func(m *train.Model, _ int) error {
			w.at, w.sum, w.seen, w.rate = 0, 0, 0, m.LearningRate()
			return nil
		},
		OnEpochEnd: func(_ *train.Model, epoch int, _ train.Logs) error {
			if e := w.job.engine; e.now()-w.last >= spreadEvery {
				w.spreads(epoch + 1)
			}
			return nil
		},
		OnTrainEnd: func(_ *train.Model, h *train.History) error {
			w.spreads(len(h.Epoch))
			return nil
		},
	}
}

// step is called after every step.
func (w *watcher) step() {
	w.at++
	if w.at == w.steps || w.at%max(1, w.steps/gradientSamples) == 0 {
		w.sum += w.model.train.GradientNorm()
		w.seen++
	}
}

// gradient is the mean over the steps of the epoch that were looked at.
func (w *watcher) gradient() float64 {
	if w.seen == 0 {
		return math.NaN()
	}
	return w.sum / float64(w.seen)
}

// spreads tells how the weights lie now.
func (w *watcher) spreads(epoch int) {
	logs := WeightLogs{ID: w.job.id, Epoch: epoch, Weights: []WeightSpread{}}
	for _, s := range w.model.train.Spreads(spreadBins) {
		if len(s.Shape) > 1 && len(logs.Weights) < maxSpreads { // biases and their like say little
			logs.Weights = append(logs.Weights, WeightSpread{s.Name, s.Shape, s.Low, s.High, s.Counts})
		}
	}
	w.job.engine.notify(NotifyWeights, logs)
	w.last = w.job.engine.now()
}

// maxSpreads bounds how many weights are told of.
const maxSpreads = 24
