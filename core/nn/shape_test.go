package nn

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/gradcheck"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// imageLayers work on [4, 5, 3], seriesLayers on [6, 3].
func imageLayers() []Layer {
	six, half := 0.6, 0.5
	return []Layer{
		Reshape([]int{5, -1}), Permute([]int{3, 1, 2}), Flatten(),
		ZeroPadding2D(1), &MarginLayer{Class: "ZeroPadding2D", Margins: [][2]int{{1, 0}, {2, 1}}},
		Cropping2D(1), &MarginLayer{Class: "Cropping2D", Margins: [][2]int{{1, 2}, {0, 1}}},
		UpSampling2D(2), &UpSamplingLayer{Class: "UpSampling2D", Size: []int{1, 3}}, &UpSamplingLayer{Class: "UpSampling2D", Size: []int{3, 2}, Interpolation: "bilinear"},
		PReLU(nil), PReLU([]int{1, 2}), PReLU([]int{-1}),
		&AlphaLayer{Class: "ReLU", Alpha: &half, MaxValue: &six}, &AlphaLayer{Class: "ReLU", Threshold: &half, MaxValue: &six},
		ThresholdedReLU(0.2), ELUOf(0.5), &SoftmaxLayer{Axis: 1}, &SoftmaxLayer{Axis: -1},
		SpatialDropout2D(0.4), GaussianDropout(0.3), AlphaDropout(0.3), GaussianNoise(0.2),
	}
}

func seriesLayers() []Layer {
	return []Layer{
		ZeroPadding1D(2), Cropping1D(1), &MarginLayer{Class: "Cropping1D", Margins: [][2]int{{0, 2}}}, UpSampling1D(3),
		Permute([]int{2, 1}), SpatialDropout1D(0.4), PReLU([]int{1}),
	}
}

func TestShapeGradients(t *testing.T) {
	for i, l := range imageLayers() {
		t.Run(fmt.Sprint(i, l.ClassName()), func(t *testing.T) {
			gradcheck.Check(t, lowered(l), gradcheck.Config{Step: 0.02}, gradcheck.Input{Shape: []int{4, 5, 3}})
		})
	}
	for i, l := range seriesLayers() {
		t.Run(fmt.Sprint(i, l.ClassName()), func(t *testing.T) {
			gradcheck.Check(t, lowered(l), gradcheck.Config{Step: 0.02}, gradcheck.Input{Shape: []int{6, 3}})
		})
	}
	gradcheck.Check(t, lowered(RepeatVector(4)), gradcheck.Config{}, gradcheck.Input{Shape: []int{5}})
}

func TestMergeGradients(t *testing.T) {
	x, series := gradcheck.Input{Shape: []int{3, 4}}, gradcheck.Input{Shape: []int{5, 4}}
	vector := gradcheck.Input{Shape: []int{6}}
	check := func(l Layer, in ...gradcheck.Input) {
		t.Helper()
		gradcheck.Check(t, lowered(l), gradcheck.Config{Step: 0.02}, in...)
	}
	for _, l := range []Layer{Add(), Multiply(), Average(), Maximum(), Minimum()} {
		check(l, x, x, x)
	}
	check(Subtract(), x, x)
	check(Concatenate(), x, x, x)
	check(&ConcatenateLayer{Axis: 1}, x, series)
	check(Dot([]int{2}), x, series)
	check(Dot([]int{1}), x, x)
	check(Dot([]int{2, 1}), x, gradcheck.Input{Shape: []int{4, 2}})
	check(Dot(nil), vector, vector)
	check(&DotLayer{Axes: []int{-1}, Normalize: true}, x, series)
	check(&DotLayer{Axes: []int{1}, Normalize: true}, vector, vector)
}

// one is a network of one layer on inputs of the given shapes.
func one(l Layer, shapes ...[]int) (*Built, error) {
	var in []*Symbol
	for _, shape := range shapes {
		in = append(in, NewInput(shape...))
	}
	n, err := Functional(in, []*Symbol{Apply(l, in...)})
	if err != nil {
		return nil, err
	}
	return n.Build()
}

func TestMergeShapes(t *testing.T) {
	for _, c := range []struct {
		layer Layer
		in    [][]int
		want  []int
	}{
		{Dot([]int{1}), [][]int{{3}, {3}}, []int{1}},
		{Dot([]int{-1, -1}), [][]int{{3}, {4, 3}}, []int{4}},
		{Dot([]int{2, 1}), [][]int{{4, 3}, {3}}, []int{4}},
		{Dot([]int{1, 2}), [][]int{{3, 4}, {5, 3}}, []int{4, 5}},
		{Concatenate(), [][]int{{2, 3}, {2, 1}}, []int{2, 4}},
	} {
		b, err := one(c.layer, c.in...)
		require.NoError(t, err)
		assert.Equal(t, c.want, b.Graph.Shape(b.Outputs[0]))
	}
}

func TestShapeErrors(t *testing.T) {
	image, series, vector := [][]int{{4, 5, 3}}, [][]int{{6, 3}}, [][]int{{6}}
	minus, low, high := -1.0, 1.0, 2.0
	for _, c := range []struct {
		layer Layer
		in    [][]int
		want  string
	}{
		{Reshape([]int{7}), vector, "reshape: target_shape [7] does not fit input [batch, 6] of 6 values; give numbers whose product is that"},
		{Reshape([]int{4, -1}), vector, "reshape: target_shape [4 -1] does not fit input [batch, 6] of 6 values"},
		{Reshape([]int{-1, -1}), vector, "reshape: target_shape must be whole numbers from 1, one of which may be -1, got [-1 -1]"},
		{Reshape([]int{1 << 40, 1 << 40}), vector, "reshape: target_shape: shape"},
		{Permute([]int{1}), series, "permute: dims must name each of the axes 1 to 2 of input [batch, 6, 3] once, got [1]"},
		{Permute([]int{1, 1}), series, "permute: an order must name each of the axes 1 to 2 once"},
		{Permute([]int{0, 1}), series, "permute: an order must name each of the axes 1 to 2 once"},
		{RepeatVector(0), vector, "repeat_vector: n must be a whole number from 1 to 16777216, got 0"},
		{RepeatVector(2), series, "repeat_vector: want input [batch, channels], got [batch, 6, 3]; put a Flatten in front"},
		{ZeroPadding2D(-1), image, "zero_padding2d: padding must be whole numbers from 0 to 65536, got [[-1 -1]]"},
		{ZeroPadding2D(1), series, "zero_padding2d: want input [batch, height, width, channels], got [batch, 6, 3]"},
		{Cropping2D(2), image, "cropping2d: cropping 2 and 2 leaves nothing of an axis of 4; crop less"},
		{&MarginLayer{Class: "Cropping1D", Margins: [][2]int{{1, 1}, {1, 1}}}, series, "cropping1d: cropping must be [before, after] for each of steps, got [[1 1] [1 1]]"},
		{UpSampling2D(0), image, "up_sampling2d: size must be whole numbers from 1 to 65536, got [0]"},
		{UpSampling2D(60000), image, "up_sampling2d: shape [240000, 300000, 3]: more than"},
		{&UpSamplingLayer{Class: "UpSampling2D", Interpolation: "cubic"}, image, `up_sampling2d: unknown interpolation "cubic"; known are bilinear, nearest`},
		{&UpSamplingLayer{Class: "UpSampling1D", Interpolation: "bilinear"}, series, "up_sampling1d: UpSampling1D has no interpolation"},
		{SpatialDropout1D(1), series, "spatial_dropout1d: rate must be at least 0 and below 1, got 1"},
		{SpatialDropout2D(0.5), series, "spatial_dropout2d: want input [batch, height, width, channels], got [batch, 6, 3]"},
		{GaussianNoise(-1), vector, "gaussian_noise: stddev must be from 0 to 1e6, got -1"},
		{PReLU([]int{3}), series, "prelu: shared_axes must be from 1 to 2 or from -2 to -1 for input [batch, 6, 3], got 3"},
		{&AlphaLayer{Class: "ReLU", MaxValue: &minus}, vector, "relu: max_value must be from 0 to 1e6, got -1"},
		{&AlphaLayer{Class: "ReLU", MaxValue: &low, Threshold: &high}, vector, "relu: max_value 1 is below threshold 2"},
		{&AlphaLayer{Class: "ELU", MaxValue: &low}, vector, "elu: ELU has no option max_value"},
		{&SoftmaxLayer{Axis: 2}, vector, "softmax: axis must be from 1 to 1 or from -1 to -1 for input [batch, 6], got 2"},
		{Add(), vector, "add: Add joins two inputs or more, got 1"},
		{Subtract(), [][]int{{2}, {2}, {2}}, "subtract: Subtract takes two inputs, got 3"},
		{Add(), [][]int{{2}, {3}}, "add: want two inputs of the same shape, got [batch, 2] and [batch, 3]"},
		{Concatenate(), [][]int{{2, 3}, {4, 3}}, "concatenate: want inputs that differ along axis 2 only, got [batch, 2, 3] and [batch, 4, 3]"},
		{&ConcatenateLayer{Axis: 3}, [][]int{{2, 3}, {2, 3}}, "concatenate: axis must be from 1 to 2 or from -2 to -1 for input [batch, 2, 3], got 3"},
		{Dot([]int{1}), vector, "dot: Dot takes two inputs, got 1"},
		{Dot([]int{1, 1, 1}), [][]int{{2}, {2}}, "dot: axes must be a whole number, or a list of 2, got [1 1 1]"},
		{Dot([]int{2}), [][]int{{2, 3}, {2, 4}}, "dot: want two inputs whose multiplied axes are equally long, got [batch, 2, 3] and [batch, 2, 4]"},
		{Dot([]int{2}), [][]int{{2, 3, 4}, {2, 4}}, "dot: want inputs [batch, k] or [batch, n, k], got [batch, 2, 3, 4]"},
	} {
		_, err := one(c.layer, c.in...)
		assert.ErrorContains(t, err, c.want)
	}
	for _, c := range [][3]string{
		{"ZeroPadding2D", `{"padding":"much"}`, "neither a whole number, nor two of them, nor two pairs"},
		{"ZeroPadding2D", `{"padding":[[1,2,3]]}`, "neither a whole number, nor two of them, nor two pairs"},
		{"ZeroPadding2D", `{"cropping":1}`, "ZeroPadding2D has no option cropping"},
		{"GaussianNoise", `{"rate":1}`, "GaussianNoise has no option rate; it has stddev"},
		{"AlphaDropout", `{}`, "AlphaDropout wants the option rate"},
		{"Concatenate", `{"axis":0}`, "unknown axis of Concatenate"},
		{"Softmax", `{"axis":0}`, "unknown axis of Softmax"},
		{"PReLU", `{"alpha_constraint":"nonNegative"}`, "unknown constraint"},
	} {
		_, err := ParseLayer(LayerConfig{ClassName: c[0], Config: json.RawMessage(c[1])})
		assert.ErrorContains(t, err, c[2])
	}
}

// What a layer writes makes the same layer again.
func TestShapeConfigsComeBack(t *testing.T) {
	layers := append(imageLayers(), seriesLayers()...)
	layers = append(layers, RepeatVector(3), Add(), Subtract(), Multiply(), Average(), Maximum(), Minimum(), Concatenate(), &ConcatenateLayer{Axis: 2},
		Dot([]int{1, 2}), &DotLayer{Axes: []int{-1}, Normalize: true},
		MaxPooling1D(3, Strides(2), Same), AveragePooling2D(2), &GlobalPoolingLayer{Class: "GlobalMaxPooling1D", KeepDims: true})
	for _, l := range layers {
		c, err := FormatLayer(l)
		require.NoError(t, err)
		back, err := ParseLayer(c)
		require.NoError(t, err, "%s", c.Config)
		again, err := FormatLayer(back)
		require.NoError(t, err)
		assert.Equal(t, string(c.Config), string(again.Config))
	}
}

func TestShapesInBothSpellings(t *testing.T) {
	for _, c := range [][3]string{
		{"ZeroPadding2D", `{"padding":[[1,1],[2,2]],"data_format":"channels_last"}`, `{"padding":[1,2],"dataFormat":"channelsLast"}`},
		{"Cropping1D", `{"cropping":[1,1]}`, `{"cropping":1}`},
		{"Reshape", `{"target_shape":[2,3]}`, `{"targetShape":[2,3]}`},
		{"PReLU", `{"shared_axes":[1],"alpha_initializer":"zeros"}`, `{"sharedAxes":[1],"alphaInitializer":"zeros"}`},
		{"ReLU", `{"max_value":6,"negative_slope":0.1}`, `{"maxValue":6,"alpha":0.1}`},
		{"UpSampling2D", `{"size":[2,2],"interpolation":"nearest"}`, `{"size":2,"interpolation":"nearest"}`},
	} {
		var built [2]*Built
		for i, config := range c[1:] {
			l, err := ParseLayer(LayerConfig{ClassName: c[0], Config: json.RawMessage(config)})
			require.NoError(t, err)
			shape := []int{6, 4, 2}
			if c[0] == "Cropping1D" {
				shape = []int{6, 4}
			} else if c[0] == "Reshape" {
				shape = []int{6}
			}
			b, err := one(l, shape)
			require.NoError(t, err)
			built[i] = b
		}
		assert.Equal(t, ops(built[0]), ops(built[1]))
	}
}

// ops lists the operations behind a network's output.
func ops(b *Built) []string {
	var list []string
	for _, node := range b.Graph.Nodes(b.Outputs...) {
		list = append(list, fmt.Sprintf("%T%+v", node.Op, node.Op))
	}
	return list
}

func TestConcatenatedMasks(t *testing.T) {
	g := &graph.Graph{}
	x, err := g.Input("x", []int{5, 3})
	require.NoError(t, err)
	mask, err := g.Input("mask", []int{5})
	require.NoError(t, err)
	s := &Scope{Graph: g, Name: "a"}
	s.SetMask(x, mask)
	y, err := s.Lower(Concatenate(), x, x)
	require.NoError(t, err)
	_, ok := s.Mask(y[0])
	assert.True(t, ok)
	other, err := g.Input("other", []int{5, 3})
	require.NoError(t, err)
	y, err = s.Lower(Add(), x, other)
	require.NoError(t, err)
	_, ok = s.Mask(y[0])
	assert.False(t, ok, "one without a mask has nothing to hide")
}
