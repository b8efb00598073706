package nn

import (
	"strings"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A MarginLayer puts zeros around images and series, or takes their edges away, as one of
// Keras's ZeroPadding1D, ZeroPadding2D, Cropping1D and Cropping2D. It has no weights.
//
//	1D: [batch, steps, c] → [batch, steps ± before ± after, c]
//	2D: [batch, h, w, c] → [batch, h ± top ± bottom, w ± left ± right, c]
type MarginLayer struct {
	Name  string
	Class string // "ZeroPadding2D", …
	// Margins are [before, after] of each axis. One pair alone means, as in Keras, before
	// and after of a series, and the margins above and below, left and right of an image.
	Margins    [][2]int
	InputShape []int
}

// ZeroPadding1D returns a layer that puts n zeros in front of and behind a series.
func ZeroPadding1D(n int, opts ...Option) *MarginLayer { return margin("ZeroPadding1D", n, opts) }

// ZeroPadding2D returns a layer that puts n zeros around an image.
func ZeroPadding2D(n int, opts ...Option) *MarginLayer { return margin("ZeroPadding2D", n, opts) }

// Cropping1D returns a layer that takes n steps from both ends of a series.
func Cropping1D(n int, opts ...Option) *MarginLayer { return margin("Cropping1D", n, opts) }

// Cropping2D returns a layer that takes n pixels from all edges of an image.
func Cropping2D(n int, opts ...Option) *MarginLayer { return margin("Cropping2D", n, opts) }

func margin(class string, n int, opts []Option) *MarginLayer {
	return &MarginLayer{Name: collect(opts).name, Class: class, Margins: [][2]int{{n, n}}}
}

var _ configured = (*MarginLayer)(nil)

func (l *MarginLayer) ClassName() string { return l.Class }
func (l *MarginLayer) LayerName() string { return l.Name }
func (l *MarginLayer) inputShape() []int { return l.InputShape }
func (l *MarginLayer) stopsMask()        {}
func (l *MarginLayer) pads() bool        { return strings.HasPrefix(l.Class, "ZeroPadding") }

func (l *MarginLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	axes := axesOf(l.Class)
	if err := s.checkAxes(x, axes); err != nil {
		return x, err
	}
	option := "cropping"
	if l.pads() {
		option = "padding"
	}
	var e graph.Edges
	switch {
	case len(l.Margins) == 1 && len(axes) == 2:
		e.Before[1], e.After[1] = l.Margins[0][0], l.Margins[0][1]
	case len(l.Margins) == 1 && len(axes) == 3:
		e.Before, e.After = l.Margins[0], l.Margins[0]
	case len(l.Margins) == 2 && len(axes) == 3:
		for i, m := range l.Margins {
			e.Before[i], e.After[i] = m[0], m[1]
		}
	default:
		return x, s.Errorf("%s must be [before, after] for each of %s, got %v", option, strings.Join(axes[:len(axes)-1], " and "), l.Margins)
	}
	for i := range 2 {
		for _, n := range []int{e.Before[i], e.After[i]} {
			if n < 0 || n > maxWindow {
				return x, s.Errorf("%s must be whole numbers from 0 to %d, got %v", option, maxWindow, l.Margins)
			}
		}
	}
	if l.pads() {
		return s.Apply(graph.Pad{Edges: e}, x)
	}
	return s.Apply(graph.Crop{Edges: e}, x)
}

// margins are read from 1, [1, 2] or [[1, 2], [3, 4]].
type margins [][2]int

// ReadJSON reads a number, a list of two, or two of them.
func (m *margins) ReadJSON(text []byte) error {
	var nested []list
	if string(text) == "null" {
		*m = nil
		return nil
	}
	var flat list
	if flat.ReadJSON(text) == nil && len(flat) == 1 {
		*m = margins{{flat[0], flat[0]}}
		return nil
	}
	if flat.ReadJSON(text) == nil {
		nested = []list{flat}
	} else if err := json.Unmarshal(text, &nested); err != nil {
		return tensor.Errorf(tensor.CodeOption, "%.60s is neither a whole number, nor two of them, nor two pairs", text)
	}
	*m = nil
	for _, pair := range nested {
		if len(pair) != 2 {
			return tensor.Errorf(tensor.CodeOption, "%.60s is neither a whole number, nor two of them, nor two pairs", text)
		}
		*m = append(*m, [2]int{pair[0], pair[1]})
	}
	return nil
}

// WriteJSON writes one pair as such, and pairs as a list.
func (m margins) WriteJSON() ([]byte, error) {
	lists := make([][]int, len(m))
	for i := range m {
		lists[i] = m[i][:]
	}
	if len(lists) == 1 {
		return json.Marshal(lists[0])
	}
	return json.Marshal(lists)
}

type marginConfig struct {
	common
	Padding    margins `json:"padding,omitempty"`
	Cropping   margins `json:"cropping,omitempty"`
	DataFormat string  `json:"data_format,omitempty"`
}

func (l *MarginLayer) Config() any {
	c := marginConfig{common: common{Name: l.Name, InputShape: l.InputShape}}
	if l.pads() {
		c.Padding = l.Margins
	} else {
		c.Cropping = l.Margins
	}
	return c
}

func (l *MarginLayer) fromConfig(class string, raw json.RawMessage) error {
	var c marginConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if err := channelsLast(c.DataFormat); err != nil {
		return err
	}
	*l = MarginLayer{Name: c.Name, Class: class, InputShape: c.inputShape()}
	own, other, name := c.Cropping, c.Padding, "padding"
	if l.pads() {
		own, other, name = c.Padding, c.Cropping, "cropping"
	}
	if other != nil {
		return tensor.Errorf(tensor.CodeOption, "%s has no option %s", class, name)
	}
	if l.Margins = own; own == nil { // Keras's defaults
		l.Margins = [][2]int{{1, 1}}
		if class == "Cropping2D" {
			l.Margins = [][2]int{{0, 0}}
		}
	}
	return c.check(class)
}
