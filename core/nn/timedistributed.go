package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A TimeDistributedLayer applies one layer, with one set of weights, to each step of
// time by itself: [batch, time, …] becomes [batch, time, …].
//
// A layer that works along the last axis does that anyway, and gets all steps at once.
// Another one is written into the graph once for each step.
//
// Weights: those of the layer.
type TimeDistributedLayer struct {
	Name       string
	Layer      Layer
	InputShape []int
}

// TimeDistributed returns a layer that applies l to each step of time.
func TimeDistributed(l Layer, opts ...Option) *TimeDistributedLayer {
	return &TimeDistributedLayer{Name: collect(opts).name, Layer: l}
}

var (
	_ Mapper     = (*TimeDistributedLayer)(nil)
	_ configured = (*TimeDistributedLayer)(nil)
)

// lastAxisClasses are the layers whose result at a place depends on that place along all
// axes but the last one, and those whose statistics are to be taken over all steps.
var lastAxisClasses = map[string]bool{
	"Activation": true, "AlphaDropout": true, "BatchNormalization": true, "Dense": true, "Dropout": true, "ELU": true,
	"GaussianDropout": true, "GaussianNoise": true, "LayerNormalization": true, "LeakyReLU": true, "RMSNormalization": true,
	"ReLU": true, "Softmax": true, "ThresholdedReLU": true,
}

// maxUnrolled is the most steps for which a layer is written out one by one.
const maxUnrolled = 1024

func (l *TimeDistributedLayer) ClassName() string { return "TimeDistributed" }
func (l *TimeDistributedLayer) LayerName() string { return l.Name }

// inputShape may be stated by the layer inside as well, without time: then it does not
// say how many steps there are.
func (l *TimeDistributedLayer) inputShape() []int { return l.InputShape }

func (l *TimeDistributedLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	if l.Layer == nil {
		return x, s.Errorf("TimeDistributed wants a layer inside")
	}
	shape := s.Shape(x)
	if len(shape) < 2 {
		return x, s.shapeErrorf("want input [batch, time, features, …], got %s; put a Reshape or RepeatVector before it", tensor.FormatBatch(shape))
	}
	if lastAxisClasses[l.Layer.ClassName()] {
		return single(s.Lower(l.Layer, x))
	}
	if shape[0] > maxUnrolled {
		return x, s.shapeErrorf("%s is applied to at most %d steps of time, got %d; cut the sequence", l.Layer.ClassName(), maxUnrolled, shape[0])
	}
	step := shape[1:]
	steps := make([]graph.Value, shape[0])
	for t := range steps {
		in, err := s.Apply(graph.Slice{From: t * graph.Size(step), Shape: step}, x)
		if err != nil {
			return x, err
		}
		y, err := single(s.Lower(l.Layer, in))
		if err != nil {
			return x, err
		}
		if steps[t], err = s.Apply(graph.Reshape{Shape: append([]int{1}, s.Shape(y)...)}, y); err != nil {
			return x, err
		}
	}
	return s.Apply(graph.Concat{}, steps...)
}

// single returns the first of a layer's results.
func single(out []graph.Value, err error) (graph.Value, error) {
	if err != nil {
		return graph.Value{}, err
	}
	return out[0], nil
}

type timeDistributedConfig struct {
	common
	Layer LayerConfig `json:"layer"`
}

func (l *TimeDistributedLayer) Config() any {
	inner, _ := FormatLayer(l.Layer) // what goes wrong would go wrong for the layer alone, and be told there
	return timeDistributedConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Layer: inner}
}

func (l *TimeDistributedLayer) fromConfig(class string, raw json.RawMessage) error {
	var c timeDistributedConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	inner, err := innerLayer(class, c.Layer)
	if err != nil {
		return err
	}
	*l = TimeDistributedLayer{c.Name, inner, c.inputShape()}
	return c.check(class)
}
