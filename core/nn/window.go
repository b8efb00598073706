package nn

import (
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Padding says whether windows may reach over the edge of their input. It can be given
// to a layer as an option:
//
//	nn.MaxPooling2D(3, nn.Same)
type Padding string

// The paddings. "" is Valid.
const (
	Valid  Padding = "valid"  // no: every window lies inside the input
	Same   Padding = "same"   // yes: with strides of 1 the result is as large as the input
	Causal Padding = "causal" // Conv1D: only over its beginning, so that no result sees later steps; attention: the same
)

func (p Padding) apply(o *options) { o.padding = p }

// Strides sets the distance between windows, for all axes or one for each.
func Strides(strides ...int) Option { return optionFunc(func(o *options) { o.strides = strides }) }

// A list is one whole number, or some: JSON writes 3 or [3, 3].
type list []int

// ReadJSON reads a whole number, a list of them or null.
func (l *list) ReadJSON(text []byte) error {
	var one int
	if string(text) != "null" && json.Unmarshal(text, &one) == nil {
		*l = list{one}
		return nil
	}
	var all []int
	if err := json.Unmarshal(text, &all); err != nil {
		return tensor.Errorf(tensor.CodeOption, "%.60s is neither a whole number nor a list of them", text)
	}
	*l = all
	return nil
}

// maxWindow bounds sizes and strides of windows.
const maxWindow = 1 << 16

// onAxes returns an option's numbers for one or two axes, 1 where none is given.
func (l list) onAxes(s *Scope, what string, axes int) ([]int, error) {
	numbers := []int{1, 1}[:axes]
	switch len(l) {
	case 0:
	case 1:
		numbers[0], numbers[axes-1] = l[0], l[0]
	case axes:
		copy(numbers, l)
	default:
		return nil, s.Errorf("%s must be a whole number, or a list of %d, got %v", what, axes, []int(l))
	}
	for _, n := range numbers {
		if n < 1 || n > maxWindow {
			return nil, s.Errorf("%s must be whole numbers from 1 to %d, got %v", what, maxWindow, []int(l))
		}
	}
	return numbers, nil
}
