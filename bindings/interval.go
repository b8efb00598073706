package bindings

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
)

// intervalShare is how many answers of a regression an interval is to hold.
const intervalShare = 0.9

// interval is how far answers were off on rows that were not learned from, so that of
// new rows of their kind at least intervalShare lie within (split conformal prediction:
// Papadopoulos et al., 2002; Lei et al., 2018). It is nil for too few rows to say.
func interval(truth, predicted []float32) *data.Interval {
	n := len(truth)
	below := (n + 1) / 20 // one in twenty lies below, one above
	if below < 1 {
		return nil
	}
	off := make([]float64, n)
	for i, t := range truth {
		off[i] = float64(t) - float64(predicted[i])
	}
	slices.Sort(off)
	return &data.Interval{Low: off[below-1], High: off[n-below], Share: intervalShare}
}
