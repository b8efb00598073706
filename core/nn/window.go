package nn

import (
	"fmt"
	"strings"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Padding says whether windows may reach over the edge of their input. Its value is
// Keras's name; "" is Valid. It can be given to a layer as an option.
type Padding string

// The paddings.
const (
	Valid Padding = "valid" // windows lie inside
	Same  Padding = "same"  // one window for each stride: with strides of 1 the size is kept
)

func (p Padding) apply(o *options) { o.padding = p }

// same checks the name.
func (p Padding) same(s *Scope) (bool, error) {
	switch Padding(fold(string(p))) {
	case "", Valid:
		return false, nil
	case Same:
		return true, nil
	}
	return false, s.Errorf(`unknown padding %q; known are same, valid`, string(p))
}

// Strides sets how far apart windows lie, one number for all axes or one for each.
func Strides(n ...int) Option { return optionFunc(func(o *options) { o.strides = n }) }

// maxWindow is the largest window, stride or width of padding that is taken for meant.
const maxWindow = 1 << 20

// sizes are an option of one or several whole numbers: [2, 3], or 2 for all axes.
type sizes []int

// ReadJSON reads a number, a list or null.
func (n *sizes) ReadJSON(data []byte) error {
	var one int
	if json.Unmarshal(data, &one) == nil && string(data) != "null" {
		*n = sizes{one}
		return nil
	}
	var list []int
	if err := json.Unmarshal(data, &list); err != nil {
		return fmt.Errorf("want a whole number or a list of them, got %.60s", data)
	}
	*n = list
	return nil
}

// over returns the numbers for each of a layer's axes, each from least to maxWindow; what
// names the option.
func (n sizes) over(s *Scope, what string, axes, least int) ([]int, error) {
	if len(n) != 1 && len(n) != axes {
		want := "one whole number"
		if axes > 1 {
			want = "one whole number or " + map[int]string{2: "two", 3: "three"}[axes]
		}
		return nil, s.Errorf("%s must be %s, got %s", what, want, tensor.Format(n))
	}
	all := make([]int, axes)
	for i := range all {
		all[i] = n[min(i, len(n)-1)]
		if all[i] < least || all[i] > maxWindow {
			return nil, s.Errorf("%s must be whole numbers from %d to %d, got %s", what, least, maxWindow, tensor.Format(n))
		}
	}
	return all, nil
}

// channelsLast refuses another order of axes than ours.
func channelsLast(format string) error {
	if format != "" && fold(format) != "channelslast" {
		return unknownName("data_format", format, []string{"channels_last"})
	}
	return nil
}

// rank refuses an input with other axes than those named.
func (s *Scope) rank(x graph.Value, axes ...string) error {
	if len(s.Shape(x)) == len(axes) {
		return nil
	}
	return s.shapeErrorf("want input [batch, %s], got %s", strings.Join(axes, ", "), tensor.FormatBatch(s.Shape(x)))
}
