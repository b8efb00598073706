package gradcheck

import (
	"fmt"
	"math"
)

// levels is how many steps are tried, each half of the one before it.
const levels = 7

// floor is what cancellation inside a function of numbers around 1 may cost a
// gradient that is nearly zero (1 + tanh x far to the left, say).
const floor = 2e-6

// An estimate is a derivative from differences.
type estimate struct {
	value     float64
	uncertain float64 // how far neighbouring steps, or the slopes on both sides, disagree
	noise     float64 // what rounding the results may do to value
}

// differentiate estimates the derivative of L by *x, which it puts back.
func (s *subject) differentiate(x *float32) (estimate, error) {
	old := *x
	defer func() { *x = old }()
	middle, size, err := s.forward()
	if err != nil {
		return estimate{}, err
	}
	// right[k] and left[k] are L at a distance of about 2h, h, h/2, …; at holds the
	// distances that float32 really has, which are made equal on both sides.
	var right, left, at [levels + 1]float64
	for k := range at {
		step := float32(2*s.config.Step*max(1, math.Abs(float64(old)))) / float32(int(1)<<k)
		step = min(old+step-old, old-(old-step))
		at[k] = float64(step)
		*x = old + step
		if right[k], _, err = s.forward(); err != nil {
			return estimate{}, err
		}
		*x = old - step
		if left[k], _, err = s.forward(); err != nil {
			return estimate{}, err
		}
	}
	best := estimate{uncertain: math.Inf(1)}
	for k := 1; k < levels; k++ {
		// difference(k) is D(h) for h = at[k+1].
		difference := func(k int) float64 {
			return (float64(8*(right[k+1]-left[k+1])) - (right[k] - left[k])) / (12 * at[k+1])
		}
		// The slope to the right minus the slope to the left is h·L″ for a smooth L:
		// half for half the step. What remains of twice its half is a kink.
		bend := func(k int) float64 { return ((right[k] - middle) - (middle - left[k])) / at[k] }
		kink := max(math.Abs(float64(2*bend(k))-bend(k-1)), math.Abs(float64(2*bend(k+1))-bend(k)))
		uncertain := max(math.Abs(difference(k)-difference(k-1)), kink/2)
		if uncertain < best.uncertain {
			best = estimate{difference(k), uncertain, size * 0x1p-23 / at[k+1]}
		}
	}
	return best, nil
}

// compare checks one variable.
func (s *subject) compare(v variable) (problems []string, err error) {
	picked := s.pick(len(v.values))
	estimates := make([]estimate, len(picked))
	largest := 0.0
	for i, k := range picked {
		if estimates[i], err = s.differentiate(&v.values[k]); err != nil {
			return nil, err
		}
		largest = max(largest, math.Abs(estimates[i].value))
	}
	unknown := 0
	for i, k := range picked {
		e, got := estimates[i], float64(v.computed[k])
		bound := float64(s.config.Tolerance*max(math.Abs(e.value), largest/10)) + e.noise + floor
		if !(e.uncertain <= bound+float64(3*e.noise)) {
			unknown++
			continue
		}
		if !(math.Abs(got-e.value) <= bound+e.uncertain) {
			problems = append(problems, fmt.Sprintf("%s[%d] = %v: the gradient is %v, but differences give %.6g ± %.1g",
				v.name, k, v.values[k], v.computed[k], e.value, e.uncertain+e.noise))
		}
	}
	if unknown*4 > len(picked) {
		problems = append(problems, fmt.Sprintf("%s: %d of %d elements have no reliable difference (kinks, NaN, or too curved for the step %v): nothing is proved",
			v.name, unknown, len(picked), s.config.Step))
	}
	return problems, nil
}

// pick chooses elements: all, or as many as are allowed, in ascending order.
func (s *subject) pick(n int) []int {
	most := min(n, s.config.Elements)
	picked := make([]int, 0, most)
	for k := range n { // each of the rest is taken with the probability that fills up
		if int(s.rng.Uint64N(uint64(n-k))) < most-len(picked) {
			picked = append(picked, k)
		}
	}
	return picked
}
