package nn

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// trailing takes the list for axes to work along, counted with the batch as axis 0, or
// from the end as −1, −2, …; none is −1. It returns how many of the last axes of a row's
// shape are meant, and refuses others than the last ones, and more than most.
func (l list) trailing(s *Scope, shape []int, most int) (int, error) {
	if len(shape) == 0 {
		return 0, s.shapeErrorf("want input [batch, …, n], got [batch]; give the data one column at least")
	}
	if len(l) == 0 {
		return 1, nil
	}
	rank := len(shape) + 1
	sorted := slices.Clone(l)
	for i, k := range sorted {
		if k < 0 {
			sorted[i] = k + rank
		}
	}
	slices.Sort(sorted)
	for i, k := range sorted {
		if len(sorted) > most || k < 1 || k != rank-len(sorted)+i {
			what := "the last axis, -1"
			if most > 1 {
				what = "the last axis, -1, or several up to the last"
			}
			return 0, s.Errorf("axis %v of input %s is not supported; only %s, is", []int(l), tensor.FormatBatch(shape), what)
		}
	}
	return len(sorted), nil
}
