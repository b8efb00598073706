package nn

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// axes are the option "axis" of layers that work along some: a number or a list of
// numbers, counted with the batch as axis 0, or from the end as −1, −2, …. Empty is −1.
type axes []int

// ReadJSON reads a number or a list.
func (a *axes) ReadJSON(data []byte) error {
	var one int
	if json.Unmarshal(data, &one) == nil {
		*a = axes{one}
		return nil
	}
	var list []int
	if err := json.Unmarshal(data, &list); err != nil {
		return tensor.Errorf(tensor.CodeOption, "axis %.60s is neither a whole number nor a list of them", data)
	}
	*a = list
	return nil
}

// trailing returns how many of the last axes of a row's shape are meant. It refuses
// others than the last ones, and more than most.
func (a axes) trailing(s *Scope, shape []int, most int) (int, error) {
	if len(shape) == 0 {
		return 0, s.shapeErrorf("want input [batch, …, n], got [batch]; give the data one column at least")
	}
	if len(a) == 0 {
		return 1, nil
	}
	rank := len(shape) + 1
	sorted := slices.Clone(a)
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
			return 0, s.Errorf("axis %v of input %s is not supported; only %s, is", []int(a), tensor.FormatBatch(shape), what)
		}
	}
	return len(sorted), nil
}
