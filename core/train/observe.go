package train

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// GradientNorm returns the Euclidean length of all gradients of the last update taken
// together, as the optimizer used them: with penalties, and clipped. It is 0 before the
// first step. It is for those who watch a run, between its steps, and changes nothing.
func (m *Model) GradientNorm() float64 {
	if m.trainer == nil || m.trainer.plan == nil {
		return 0
	}
	return math.Sqrt(float64(kernel.SumSquares(m.trainer.plan.Grads)))
}

// A Spread says how the values of a weight lie: Counts of them in equal parts of the
// range from Low to High.
type Spread struct {
	Name      string  `json:"name"` // <layer>/<weight>
	Shape     []int   `json:"shape"`
	Low, High float64 // of the finite values
	Counts    []int
}

// Spreads returns how each weight lies, in so many parts. It is for between steps.
func (m *Model) Spreads(bins int) []Spread {
	list := make([]Spread, len(m.store.Params))
	for i, p := range m.store.Params {
		list[i] = spread(m.store.Of(i, m.store.Values()), bins)
		list[i].Name, list[i].Shape = p.FullName(), p.Shape
	}
	return list
}

// spread counts the values of x in equal parts of their range. Where all are equal they
// are in the middle one; what is not finite is left out.
func spread(x []float32, bins int) Spread {
	s := Spread{Counts: make([]int, bins)}
	first := true
	for _, v := range x {
		if v-v != 0 {
			continue
		}
		if f := float64(v); first {
			s.Low, s.High, first = f, f, false
		} else if f < s.Low {
			s.Low = f
		} else if f > s.High {
			s.High = f
		}
	}
	width := s.High - s.Low
	for _, v := range x {
		if v-v != 0 {
			continue
		}
		at := bins / 2
		if width > 0 {
			at = min(int((float64(v)-s.Low)/width*float64(bins)), bins-1)
		}
		s.Counts[at]++
	}
	return s
}
