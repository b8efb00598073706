package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// An UpSamplingLayer enlarges series or images, as Keras's UpSampling1D or UpSampling2D; see
// graph.Upsample and graph.UpsampleBilinear. It has no weights.
//
//	1D: [batch, steps, c] → [batch, steps·size, c]    2D: [batch, h, w, c] → [batch, h·size0, w·size1, c]
type UpSamplingLayer struct {
	Name          string
	Class         string // "UpSampling1D" or "UpSampling2D"
	Size          []int  // one number for all axes, or one for each; nil: 2
	Interpolation string // "nearest" ("" is that), or "bilinear", for images only
	InputShape    []int
}

// UpSampling1D returns a layer that writes each step size times.
func UpSampling1D(size int, opts ...Option) *UpSamplingLayer {
	return &UpSamplingLayer{Name: collect(opts).name, Class: "UpSampling1D", Size: []int{size}}
}

// UpSampling2D returns a layer that writes each pixel size×size times.
func UpSampling2D(size int, opts ...Option) *UpSamplingLayer {
	return &UpSamplingLayer{Name: collect(opts).name, Class: "UpSampling2D", Size: []int{size}}
}

var _ configured = (*UpSamplingLayer)(nil)

func (l *UpSamplingLayer) ClassName() string { return l.Class }
func (l *UpSamplingLayer) LayerName() string { return l.Name }
func (l *UpSamplingLayer) inputShape() []int { return l.InputShape }
func (l *UpSamplingLayer) stopsMask()        {}

func (l *UpSamplingLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	axes := axesOf(l.Class)
	if err := s.checkAxes(x, axes); err != nil {
		return x, err
	}
	size := list(l.Size)
	if size == nil {
		size = list{2}
	}
	n, err := size.onAxes(s, "size", len(axes)-1)
	if err != nil {
		return x, err
	}
	factor := [2]int{1, n[len(n)-1]}
	if len(n) == 2 {
		factor[0] = n[0]
	}
	switch fold(l.Interpolation) {
	case "", "nearest":
		return s.Apply(graph.Upsample{Size: factor}, x)
	case "bilinear":
		if len(axes) == 3 {
			return s.Apply(graph.UpsampleBilinear{Size: factor}, x)
		}
		return x, s.Errorf("UpSampling1D has no interpolation")
	}
	return x, unknownName("interpolation", l.Interpolation, []string{"bilinear", "nearest"}).In(s.Name)
}

type upSamplingConfig struct {
	common
	Size          list   `json:"size,omitempty"`
	Interpolation string `json:"interpolation,omitempty"`
	DataFormat    string `json:"data_format,omitempty"`
}

func (l *UpSamplingLayer) Config() any {
	return upSamplingConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Size: l.Size, Interpolation: l.Interpolation}
}

func (l *UpSamplingLayer) fromConfig(class string, raw json.RawMessage) error {
	var c upSamplingConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if err := channelsLast(c.DataFormat); err != nil {
		return err
	}
	*l = UpSamplingLayer{c.Name, class, c.Size, c.Interpolation, c.inputShape()}
	return c.check(class)
}
