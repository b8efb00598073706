package page

import (
	"math"
	"strconv"
)

// A scale maps values [lo, hi] to pixels [from, to].
type scale struct{ lo, hi, from, to float64 }

func (s scale) at(v float64) float64 {
	if s.hi == s.lo {
		return (s.from + s.to) / 2
	}
	return s.from + (v-s.lo)/(s.hi-s.lo)*(s.to-s.from)
}

// ticks returns round values (1, 2 or 5 times a power of ten) that divide [lo, hi] into
// about n parts. They lie within the range.
func ticks(lo, hi float64, n int) []float64 {
	if !(hi > lo) || math.IsInf(hi-lo, 0) || n < 1 {
		return []float64{lo}
	}
	raw := (hi - lo) / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := power
	for _, m := range []float64{1, 2, 5, 10} {
		step = m * power
		if step >= raw*0.999 {
			break
		}
	}
	var out []float64
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+step*1e-9; i++ {
		out = append(out, i*step+0) // + 0: never −0
		if len(out) > 4*n {
			break
		}
	}
	return out
}

// extent returns the smallest and largest finite value, ok false if there is none.
func extent(lists ...[]float64) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, list := range lists {
		for _, v := range list {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo, hi, lo <= hi
}

// px writes a coordinate with a tenth of a pixel.
func px(v float64) string {
	v = min(max(v, -1e6), 1e6) // far outside of any drawing
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}
