package train

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A RateSearch says how to look for a learning rate.
type RateSearch struct {
	From, To  float64 // the rates to try, growing by the same factor each step; 1e-7 and 10 if 0
	Steps     int     // how many, 100 if 0
	BatchSize int     // 32 if 0
	Smoothing float64 // of the losses: the weight of what came before; below 1, 0.9 if 0
	Diverged  float64 // the search ends where the loss is so many times the least one; 4 if 0

	// OnStep, if set, is told how many steps are done. An error ends the search.
	OnStep func(done int) error
}

// A RateCurve is what a search found: the loss at each rate that was tried.
type RateCurve struct {
	Rates     []float64 `json:"rates"`
	Losses    []float64 `json:"losses"` // smoothed
	Suggested float64   `json:"suggested"`
	Diverged  bool      `json:"diverged"` // it ended before Steps, at a rate that is too high
}

// FindLearningRate trains a few steps at rates that grow from step to step and watches
// the loss (the range test of Smith, 2017). It suggests the rate at which the smoothed
// loss falls fastest, before it is least. Afterwards the model is as it was: weights,
// optimizer, counters and rate. The optimizer begins as if nothing had been trained, and
// a schedule is set aside.
func (m *Model) FindLearningRate(ctx context.Context, x, y *tensor.Tensor, c RateSearch) (*RateCurve, error) {
	return m.FindLearningRateData(ctx, Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{y}), c)
}

// FindLearningRateData is FindLearningRate on any data.
func (m *Model) FindLearningRateData(ctx context.Context, d Dataset, c RateSearch) (*RateCurve, error) {
	if err := m.idle("FindLearningRate"); err != nil {
		return nil, err
	}
	if m.trainer == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model is not compiled; call Compile before FindLearningRate")
	}
	c = RateSearch{cmp.Or(c.From, 1e-7), cmp.Or(c.To, 10), cmp.Or(c.Steps, 100), cmp.Or(c.BatchSize, 32), cmp.Or(c.Smoothing, 0.9), cmp.Or(c.Diverged, 4), c.OnStep}
	if err := c.check(); err != nil {
		return nil, err
	}
	s, err := m.newSet(d, nil)
	if err != nil {
		return nil, err
	}
	if err := m.prepare(min(c.BatchSize, s.count), 1); err != nil {
		return nil, err
	}
	m.trainer.plan.OnPause(m.onPause)
	defer m.trainer.plan.OnPause(nil)
	defer m.keep()()
	return m.sweep(ctx, s, c)
}

func (c RateSearch) check() error {
	switch {
	case !(c.From > 0 && c.To > c.From && c.To < 1e30):
		return tensor.Errorf(tensor.CodeOption, "learning rate search: want 0 < from < to, got from %g to %g", c.From, c.To)
	case c.Steps < 3 || c.BatchSize < 1:
		return tensor.Errorf(tensor.CodeOption, "learning rate search: want at least 3 steps and a batch size of at least 1, got %d and %d", c.Steps, c.BatchSize)
	case !(c.Smoothing >= 0 && c.Smoothing < 1 && c.Diverged > 1):
		return tensor.Errorf(tensor.CodeOption, "learning rate search: want smoothing from 0 to below 1 and diverged above 1, got %g and %g", c.Smoothing, c.Diverged)
	}
	return nil
}

// keep copies all that a step changes, clears the optimizer's memory, and returns what
// puts everything back.
func (m *Model) keep() (restore func()) {
	config, count, rate, streams := m.config, m.counters, m.rate, m.streams
	arrays := append([][]float32{m.store.Values()}, m.slots...)
	copies := make([][]float32, len(arrays))
	for i, a := range arrays {
		copies[i] = append([]float32{}, a...)
	}
	for _, slot := range m.slots {
		clear(slot)
	}
	bare := *m.config
	bare.Optimizer = optim.Rule(bare.Optimizer)
	m.config, m.counters = &bare, counters{Epoch: count.Epoch}
	return func() {
		m.config, m.counters, m.rate, m.streams = config, count, rate, streams
		m.store.Change() // arrays[0]
		for i, a := range arrays {
			copy(a, copies[i])
		}
	}
}

// sweep makes the steps.
func (m *Model) sweep(ctx context.Context, s *set, c RateSearch) (*RateCurve, error) {
	rates := optim.ExponentialDecay{InitialLearningRate: c.From, DecaySteps: c.Steps - 1, DecayRate: c.To / c.From}
	curve := &RateCurve{}
	rows, batch := s.count, m.trainer.plan.MaxBatch()
	order := make([]int, rows)
	mean, least, weight := 0.0, 0.0, 1.0
	for k, at := 0, rows; k < c.Steps; k++ {
		if err := ctx.Err(); err != nil {
			return nil, aborted(err)
		}
		m.streams.step = uint64(k)
		if at >= rows {
			m.searchOrder(s, order)
			at = 0
		}
		m.rate = rates.At(k)
		part := order[at:min(at+batch, rows)]
		result, err := m.step(s, part, update{rows: len(part), first: true, last: true})
		at += batch
		var e *tensor.Error
		if errors.As(err, &e) && e.Code == tensor.CodeNaN && k > 0 {
			curve.Diverged = true
			break
		}
		if err != nil {
			return nil, err
		}
		// The mean so far, without the pull of its beginning at 0.
		mean = float64(c.Smoothing*mean) + float64((1-c.Smoothing)*result.loss)
		weight = float64(weight * c.Smoothing)
		loss := mean / (1 - weight)
		curve.Rates, curve.Losses = append(curve.Rates, m.rate), append(curve.Losses, loss)
		if k == 0 || loss < least {
			least = loss
		}
		if least > 0 && loss > float64(c.Diverged*least) {
			curve.Diverged = true
			break
		}
		if c.OnStep != nil {
			if err := c.OnStep(k + 1); err != nil {
				return nil, err
			}
		}
	}
	curve.Suggested = curve.suggest()
	return curve, nil
}

// searchOrder shuffles all rows, from a stream of the search's own.
func (m *Model) searchOrder(s *set, order []int) {
	s.list(order, 0)
	var source rand.PCG
	m.streams.Seed(&source, "learning rate search", "")
	rand.New(&source).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
}

// suggest returns the rate where the loss falls fastest over a step, all steps being of
// equal length in the logarithm of the rate, up to where it is least. The rate before
// the least loss, ten times smaller, is the answer where it never falls.
func (c *RateCurve) suggest() float64 {
	least := 0
	for i, v := range c.Losses {
		if v < c.Losses[least] {
			least = i
		}
	}
	best, slope := -1, 0.0
	for i := 1; i < least; i++ {
		if d := c.Losses[i+1] - c.Losses[i-1]; d < slope {
			best, slope = i, d
		}
	}
	if best < 0 {
		return c.Rates[least] / 10
	}
	return c.Rates[best]
}
