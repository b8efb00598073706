package nn

import (
	"strings"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A PoolingLayer is one of Keras's MaxPooling1D, MaxPooling2D, AveragePooling1D and
// AveragePooling2D: the maximum, or the mean, of each window, in each channel by itself;
// see graph.MaxPool and graph.MeanPool.
//
//	1D: x [batch, steps, c] → y [batch, out, c]    2D: x [batch, h, w, c] → y [batch, oh, ow, c]
//
// With padding "valid" out = ⌊(n − pool) / stride⌋ + 1, with "same" out = ⌈n / stride⌉. Padding
// takes no part: an average counts the values that exist. There are no weights. (Maxima:
// Riesenhuber, Poggio, 1999; averages: LeCun et al., 1989.)
type PoolingLayer struct {
	Name       string
	Class      string  // "MaxPooling2D", …
	PoolSize   []int   // one number for all axes or one for each; nil: 2
	Strides    []int   // likewise; nil: PoolSize
	Padding    Padding // "" is Valid
	InputShape []int
}

// MaxPooling1D returns a layer that takes the maximum of each size steps.
func MaxPooling1D(size int, opts ...Option) *PoolingLayer {
	return pooling("MaxPooling1D", size, opts)
}

// MaxPooling2D returns a layer that takes the maximum of each size×size pixels.
func MaxPooling2D(size int, opts ...Option) *PoolingLayer {
	return pooling("MaxPooling2D", size, opts)
}

// AveragePooling1D returns a layer that takes the mean of each size steps.
func AveragePooling1D(size int, opts ...Option) *PoolingLayer {
	return pooling("AveragePooling1D", size, opts)
}

// AveragePooling2D returns a layer that takes the mean of each size×size pixels.
func AveragePooling2D(size int, opts ...Option) *PoolingLayer {
	return pooling("AveragePooling2D", size, opts)
}

func pooling(class string, size int, opts []Option) *PoolingLayer {
	o := collect(opts)
	return &PoolingLayer{Name: o.name, Class: class, PoolSize: []int{size}, Strides: o.strides, Padding: o.padding}
}

var _ configured = (*PoolingLayer)(nil)

func (l *PoolingLayer) ClassName() string { return l.Class }
func (l *PoolingLayer) LayerName() string { return l.Name }
func (l *PoolingLayer) inputShape() []int { return l.InputShape }
func (l *PoolingLayer) stopsMask()        {}

func (l *PoolingLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	w, err := l.window(s, x)
	if err != nil {
		return x, err
	}
	if strings.HasPrefix(l.Class, "Max") {
		return s.Apply(graph.MaxPool{Window: w}, x)
	}
	return s.Apply(graph.MeanPool{Window: w}, x)
}

// window checks the options.
func (l *PoolingLayer) window(s *Scope, x graph.Value) (w graph.Window, err error) {
	axes := axesOf(l.Class)
	if err := s.checkAxes(x, axes); err != nil {
		return w, err
	}
	switch Padding(fold(string(l.Padding))) {
	case Valid, "":
	case Same:
		w.Same = true
	default:
		return w, unknownName("padding", string(l.Padding), []string{string(Same), string(Valid)}).In(s.Name)
	}
	size := list(l.PoolSize)
	if size == nil {
		size = list{2}
	}
	pool, err := size.onAxes(s, "pool_size", len(axes)-1)
	if err != nil {
		return w, err
	}
	strides := pool
	if l.Strides != nil {
		if strides, err = list(l.Strides).onAxes(s, "strides", len(axes)-1); err != nil {
			return w, err
		}
	}
	w.Size, w.Strides = [2]int{1, 1}, [2]int{1, 1}
	copy(w.Size[2-len(pool):], pool)
	copy(w.Strides[2-len(pool):], strides)
	return w, nil
}

type poolingConfig struct {
	common
	PoolSize   list    `json:"pool_size,omitempty"`
	Strides    list    `json:"strides,omitempty"`
	Padding    Padding `json:"padding,omitempty"`
	DataFormat string  `json:"data_format,omitempty"`
}

func (l *PoolingLayer) Config() any {
	return poolingConfig{common: common{Name: l.Name, InputShape: l.InputShape}, PoolSize: l.PoolSize, Strides: l.Strides, Padding: l.Padding}
}

func (l *PoolingLayer) fromConfig(class string, raw json.RawMessage) error {
	var c poolingConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if err := channelsLast(c.DataFormat); err != nil {
		return err
	}
	*l = PoolingLayer{Name: c.Name, Class: class, PoolSize: c.PoolSize, Strides: c.Strides, Padding: c.Padding, InputShape: c.inputShape()}
	return c.check(class)
}

// A GlobalPoolingLayer is one of Keras's GlobalMaxPooling1D, GlobalMaxPooling2D,
// GlobalAveragePooling1D and GlobalAveragePooling2D: the maximum, or the mean, of each
// channel (Lin, Chen, Yan: Network In Network, 2013). GlobalAveragePooling1D leaves out the
// steps that a mask hides.
//
//	x [batch, steps, c] or [batch, h, w, c]  →  y [batch, c]; with KeepDims [batch, 1, c] or [batch, 1, 1, c]
type GlobalPoolingLayer struct {
	Name       string
	Class      string // "GlobalMaxPooling2D", …
	KeepDims   bool   // leave axes of length 1 where axes were
	InputShape []int
}

// GlobalMaxPooling1D returns a layer that takes the maximum over all steps.
func GlobalMaxPooling1D(opts ...Option) *GlobalPoolingLayer {
	return &GlobalPoolingLayer{Name: collect(opts).name, Class: "GlobalMaxPooling1D"}
}

// GlobalMaxPooling2D returns a layer that takes the maximum over all pixels.
func GlobalMaxPooling2D(opts ...Option) *GlobalPoolingLayer {
	return &GlobalPoolingLayer{Name: collect(opts).name, Class: "GlobalMaxPooling2D"}
}

// GlobalAveragePooling1D returns a layer that takes the mean over all steps.
func GlobalAveragePooling1D(opts ...Option) *GlobalPoolingLayer {
	return &GlobalPoolingLayer{Name: collect(opts).name, Class: "GlobalAveragePooling1D"}
}

// GlobalAveragePooling2D returns a layer that takes the mean over all pixels.
func GlobalAveragePooling2D(opts ...Option) *GlobalPoolingLayer {
	return &GlobalPoolingLayer{Name: collect(opts).name, Class: "GlobalAveragePooling2D"}
}

var _ configured = (*GlobalPoolingLayer)(nil)

func (l *GlobalPoolingLayer) ClassName() string { return l.Class }
func (l *GlobalPoolingLayer) LayerName() string { return l.Name }
func (l *GlobalPoolingLayer) inputShape() []int { return l.InputShape }
func (l *GlobalPoolingLayer) stopsMask()        {}

func (l *GlobalPoolingLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	axes := axesOf(l.Class)
	if err := s.checkAxes(x, axes); err != nil {
		return x, err
	}
	shape := s.Shape(x)
	var op graph.Op = graph.GlobalMean{}
	in := []graph.Value{x}
	if mask, masked := s.Mask(x); masked && l.Class == "GlobalAveragePooling1D" {
		op, in = graph.MaskedMean{}, append(in, mask)
	} else if strings.HasPrefix(l.Class, "GlobalMax") {
		w := graph.Window{Size: [2]int{1, shape[0]}, Strides: [2]int{1, 1}}
		if len(axes) == 3 {
			w.Size = [2]int{shape[0], shape[1]}
		}
		op = graph.MaxPool{Window: w}
	}
	y, err := s.Apply(op, in...)
	if err != nil {
		return x, err
	}
	out := []int{shape[len(shape)-1]}
	if l.KeepDims {
		out = append([]int{1, 1}[:len(shape)-1], out...)
	}
	return s.Apply(graph.Reshape{Shape: out}, y)
}

type globalPoolingConfig struct {
	common
	KeepDims   bool   `json:"keepdims,omitempty"`
	DataFormat string `json:"data_format,omitempty"`
}

func (l *GlobalPoolingLayer) Config() any {
	return globalPoolingConfig{common: common{Name: l.Name, InputShape: l.InputShape}, KeepDims: l.KeepDims}
}

func (l *GlobalPoolingLayer) fromConfig(class string, raw json.RawMessage) error {
	var c globalPoolingConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if err := channelsLast(c.DataFormat); err != nil {
		return err
	}
	*l = GlobalPoolingLayer{Name: c.Name, Class: class, KeepDims: c.KeepDims, InputShape: c.inputShape()}
	return c.check(class)
}
