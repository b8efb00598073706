package nn

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/gradcheck"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// lowered is a layer as the gradient checker wants it.
func lowered(l Layer) gradcheck.Build {
	return func(g *graph.Graph, in []graph.Value) (graph.Value, error) {
		g.In("layer")
		out, err := (&Scope{Graph: g, Name: "layer"}).Lower(l, in...)
		if err != nil {
			return graph.Value{}, err
		}
		return out[0], nil
	}
}

func TestPoolingShapes(t *testing.T) {
	n := Sequential(Input(28, 27, 3), MaxPooling2D(2), AveragePooling2D(3, Strides(2), Same), MaxPooling2D(3, Strides(1)),
		GlobalAveragePooling2D())
	b, err := n.Build()
	require.NoError(t, err)
	assert.Equal(t, [][]int{{28, 27, 3}, {14, 13, 3}, {7, 7, 3}, {5, 5, 3}, {3}}, b.Shapes)
	assert.Equal(t, []string{"max_pooling2d", "average_pooling2d", "max_pooling2d_1", "global_average_pooling2d"},
		[]string{n.Nodes[1].Name, n.Nodes[2].Name, n.Nodes[3].Name, n.Nodes[4].Name})

	b, err = Sequential(Input(10, 4), MaxPooling1D(3, Same), AveragePooling1D(2, Strides(1)), &GlobalPoolingLayer{Class: "GlobalMaxPooling1D", KeepDims: true}).Build()
	require.NoError(t, err)
	assert.Equal(t, [][]int{{10, 4}, {4, 4}, {3, 4}, {1, 4}}, b.Shapes)
}

func TestPoolingGradients(t *testing.T) {
	for _, l := range []Layer{
		MaxPooling2D(2), MaxPooling2D(3, Strides(2), Same), MaxPooling2D(2, Strides(3)), &PoolingLayer{Class: "MaxPooling2D", PoolSize: []int{3, 2}, Strides: []int{1, 2}, Padding: Same},
		AveragePooling2D(2), AveragePooling2D(3, Strides(2), Same), AveragePooling2D(3, Strides(1)),
		GlobalMaxPooling2D(), GlobalAveragePooling2D(),
	} {
		gradcheck.Check(t, lowered(l), gradcheck.Config{Step: 0.02}, gradcheck.Input{Shape: []int{5, 4, 5}})
	}
	for _, l := range []Layer{MaxPooling1D(2), AveragePooling1D(3, Strides(2), Same), GlobalMaxPooling1D(), GlobalAveragePooling1D()} {
		gradcheck.Check(t, lowered(l), gradcheck.Config{Step: 0.02}, gradcheck.Input{Shape: []int{6, 3}})
	}
}

// A mean over time leaves out what is only padding.
func TestMaskedMean(t *testing.T) {
	build := func(g *graph.Graph, in []graph.Value) (graph.Value, error) {
		s := &Scope{Graph: g, Name: "layer"}
		s.SetMask(in[0], in[1])
		out, err := s.Lower(GlobalAveragePooling1D(), in[0])
		if err != nil {
			return graph.Value{}, err
		}
		op, _ := g.Producer(out[0])
		assert.IsType(t, graph.Reshape{}, op)
		return out[0], nil
	}
	mask := gradcheck.Input{Shape: []int{4}, Fixed: true, Data: []float32{1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0}}
	gradcheck.Check(t, build, gradcheck.Config{}, gradcheck.Input{Shape: []int{4, 3}}, mask)

	g := &graph.Graph{}
	x, err := g.Input("x", []int{4, 2})
	require.NoError(t, err)
	m, err := g.Input("mask", []int{4})
	require.NoError(t, err)
	y, err := build(g, []graph.Value{x, m})
	require.NoError(t, err)
	p, err := graph.NewPlan(g, graph.NewStore(g), graph.Config{MaxBatch: 3, Outputs: []graph.Value{y}}, 0)
	require.NoError(t, err)
	copy(p.Value(m, 3), mask.Data)
	copy(p.Value(x, 3), []float32{1, 2, 3, 4, 50, 60, 70, 80, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 1, 1, 1, 1, 1, 1})
	require.NoError(t, p.Forward(3, false))
	assert.Equal(t, []float32{2, 3, 4, 5, 0, 0}, p.Value(y, 3))
}

func TestPoolingErrors(t *testing.T) {
	image := func(l Layer) *Network { return Sequential(Input(4, 4, 1), MaxPooling2D(2), l) }
	for want, n := range map[string]*Network{
		`max_pooling2d_1: pool 3×3 does not fit input 2×2; use padding "same" or a smaller pool`:                    image(MaxPooling2D(3)),
		`max_pooling1d: pool 9 does not fit input of 8 steps; use padding "same" or a smaller pool`:                 Sequential(Input(8, 1), MaxPooling1D(9)),
		`average_pooling2d: want input [batch, height, width, channels], got [batch, 8, 1]; put a Reshape in front`: Sequential(Input(8, 1), AveragePooling2D(2)),
		`global_max_pooling1d: want input [batch, steps, channels], got [batch, 8]; put a Reshape in front`:         Sequential(Input(8), GlobalMaxPooling1D()),
		`max_pooling2d_1: pool_size must be whole numbers from 1 to 65536, got [0]`:                                 image(MaxPooling2D(0)),
		`max_pooling2d_1: strides must be whole numbers from 1 to 65536, got [2 -1]`:                                image(MaxPooling2D(2, Strides(2, -1))),
		`max_pooling2d_1: strides must be a whole number, or a list of 2, got [1 1 1]`:                              image(MaxPooling2D(2, Strides(1, 1, 1))),
		`max_pooling1d: pool_size must be a whole number, or a list of 1, got [2 2]`:                                Sequential(Input(8, 1), &PoolingLayer{Class: "MaxPooling1D", PoolSize: []int{2, 2}}),
		`max_pooling2d_1: unknown padding "full"; known are same, valid`:                                            image(MaxPooling2D(2, Padding("full"))),
	} {
		_, err := n.Build()
		assert.EqualError(t, err, want)
	}
	for config, want := range map[string]string{
		`{"poolSize":"two"}`:              `"two" is neither a whole number nor a list of them`,
		`{"pool":2}`:                      `unknown option of MaxPooling2D "pool"; known are name,`,
		`{"dataFormat":"channels_first"}`: `unknown data_format "channels_first"; known are channels_last`,
	} {
		_, err := ParseLayer(LayerConfig{ClassName: "MaxPooling2D", Config: json.RawMessage(config)})
		assert.ErrorContains(t, err, want)
	}
}

func TestPoolingInBothSpellings(t *testing.T) {
	a, err := ParseLayer(LayerConfig{ClassName: "MaxPooling2D", Config: json.RawMessage(`{"pool_size":[3,3],"strides":2,"padding":"same","data_format":"channels_last"}`)})
	require.NoError(t, err)
	b, err := ParseLayer(LayerConfig{ClassName: "maxPooling2d", Config: json.RawMessage(`{"poolSize":[3,3],"strides":[2],"padding":"same","dataFormat":"channelsLast"}`)})
	require.NoError(t, err)
	assert.Equal(t, a, b)
}
