package page

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// line is a loss that goes from one value to another, in so many epochs.
func line(from, to float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = from + (to-from)*float64(i)/float64(n-1)
	}
	return out
}

// settling is a loss that falls fast and then stays.
func settling(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 0.2 + 0.8*math.Exp(-float64(i))
	}
	return out
}

func zigzag(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1 + 0.6*float64(i%2)
	}
	return out
}

func TestAdvice(t *testing.T) {
	good := story{loss: settling(40), val: settling(40), epochs: 40, rate: 0.01, early: true, patience: 10, tested: true, model: 0.9, guess: 0.5}
	with := func(change func(s *story)) story {
		s := good
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		story story
		want  []string
		first fix
	}{
		"all is well":         {good, nil, fix{}},
		"nothing yet":         {story{epochs: 10, rate: 0.1, running: true}, nil, fix{}},
		"NaN":                 {with(func(s *story) { s.failed = tensor.CodeNaN }), []string{"exploded"}, fix{fixRate, 0.001}},
		"explodes":            {with(func(s *story) { s.loss = []float64{1, 0.8, 4, 90}; s.running = true }), []string{"exploded"}, fix{fixRate, 0.001}},
		"infinite":            {with(func(s *story) { s.loss = []float64{1, math.Inf(1)} }), []string{"exploded"}, fix{fixRate, 0.001}},
		"oscillates":          {with(func(s *story) { s.loss, s.val = zigzag(30), nil }), []string{"oscillates"}, fix{fixRate, 0.01 / 3}},
		"stalls":              {with(func(s *story) { s.loss, s.val = line(0.7, 0.695, 30), nil; s.running = true }), []string{"stalls"}, fix{fixRate, 0.1}},
		"dead at a high rate": {with(func(s *story) { s.loss, s.val = line(0.7, 0.7, 30), nil; s.rate = 0.3 }), []string{"stalls"}, fix{fixRate, 0.03}},
		"learns by heart":     {with(func(s *story) { s.loss = line(1, 0.01, 40); s.val = append(line(1, 0.5, 15), line(0.5, 0.9, 25)...) }), []string{"overfits"}, fix{fixDropout, 0.2}},
		"by heart with dropout": {with(func(s *story) {
			s.loss = line(1, 0.01, 40)
			s.val = append(line(1, 0.5, 15), line(0.5, 0.9, 25)...)
			s.drops, s.early = true, false
		}), []string{"overfits"}, fix{what: fixEarly}},
		"not done":              {with(func(s *story) { s.loss, s.val = line(1, 0.4, 40), line(1, 0.5, 40) }), []string{"unfinished"}, fix{fixEpochs, 80}},
		"stopped at once":       {with(func(s *story) { s.stoppedEarly, s.best = true, 0 }), []string{"stopped-at-once"}, fix{fixRate, 0.01 / 3}},
		"one class":             {with(func(s *story) { s.confusion, s.weights = [][]int{{80, 0}, {20, 0}}, true }), []string{"one-class"}, fix{what: fixWeights}},
		"one class, weighed":    {with(func(s *story) { s.confusion, s.weights, s.weighs = [][]int{{80, 0}, {20, 0}}, true, true }), []string{"one-class"}, fix{fixRate, 0.01 / 3}},
		"few rows are no proof": {with(func(s *story) { s.confusion = [][]int{{8, 0}, {2, 0}} }), nil, fix{}},
		"rightly one class":     {with(func(s *story) { s.confusion = [][]int{{99, 0}, {1, 0}} }), nil, fix{}},
		"as good as a guess":    {with(func(s *story) { s.model = 0.5 }), []string{"no-better"}, fix{}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			tips := advise(c.story)
			for _, tip := range tips {
				got = append(got, tip.id)
				require.NotEmpty(t, tip.seen)
				require.NotEmpty(t, tip.why)
			}
			require.Equal(t, c.want, got)
			if c.first != (fix{}) {
				require.Equal(t, c.first.what, tips[0].fixes[0].what)
				require.InDelta(t, c.first.value, tips[0].fixes[0].value, 1e-9)
			}
		})
	}
}

// A short history never makes the coach fall over.
func TestAdviceOnAnyLength(t *testing.T) {
	for n := range 40 {
		for _, loss := range [][]float64{zigzag(n), settling(n)} {
			advise(story{loss: loss, val: loss, epochs: n, rate: 0.1})
			advise(story{loss: loss, epochs: n, rate: 0.1, running: true})
		}
	}
}
