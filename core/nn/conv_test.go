package nn

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestConvNamesAndShapes(t *testing.T) {
	n := Sequential(Input(28, 20, 1), Conv2D(8, 5, Same, ReLU), Conv2D(16, 3, Strides(2, 1)), DepthwiseConv2D(3, DepthMultiplier(2), Dilation(2)),
		SeparableConv2D(6, 3, Strides(2), Same), Conv2DTranspose(4, 3, Strides(2), Same, NoBias), Conv2DTranspose(3, 3), Conv2D(2, 1))
	b, err := n.Build()
	require.NoError(t, err)
	var names []string
	for _, node := range n.Nodes[1:] {
		names = append(names, node.Name)
	}
	assert.Equal(t, []string{"conv2d", "conv2d_1", "depthwise_conv2d", "separable_conv2d", "conv2d_transpose", "conv2d_transpose_1", "conv2d_2"}, names)
	assert.Equal(t, [][]int{{28, 20, 1}, {28, 20, 8}, {13, 18, 16}, {9, 14, 32}, {5, 7, 6}, {10, 14, 4}, {12, 16, 3}, {12, 16, 2}}, b.Shapes)
	weights := map[string][]int{}
	for _, p := range b.Graph.Params() {
		weights[p.FullName()] = p.Shape
	}
	assert.Equal(t, map[string][]int{
		"conv2d/kernel": {5, 5, 1, 8}, "conv2d/bias": {8}, "conv2d_1/kernel": {3, 3, 8, 16}, "conv2d_1/bias": {16},
		"depthwise_conv2d/depthwise_kernel": {3, 3, 16, 2}, "depthwise_conv2d/bias": {32},
		"separable_conv2d/depthwise_kernel": {3, 3, 32, 1}, "separable_conv2d/pointwise_kernel": {1, 1, 32, 6}, "separable_conv2d/bias": {6},
		"conv2d_transpose/kernel": {3, 3, 4, 6}, "conv2d_transpose_1/kernel": {3, 3, 3, 4}, "conv2d_transpose_1/bias": {3},
		"conv2d_2/kernel": {1, 1, 3, 2}, "conv2d_2/bias": {2}}, weights)

	b, err = Sequential(Input(9, 2), Conv1D(3, 4, Causal, Dilation(2)), Conv1D(5, 3, Strides(2))).Build()
	require.NoError(t, err)
	assert.Equal(t, [][]int{{9, 2}, {9, 3}, {4, 5}}, b.Shapes)
}

func TestConvErrors(t *testing.T) {
	image := Input(4, 4, 2)
	for want, l := range map[string]Layer{
		`conv2d: kernel 5×5 does not fit input 4×4; use padding "same" or a smaller kernel`:              Conv2D(1, 5),
		`depthwise_conv2d: kernel 3×3 with dilation 2×2, which reaches over 5×5, does not fit input 4×4`: DepthwiseConv2D(3, Dilation(2)),
		`conv2d: filters must be a whole number from 1 to 16777216, got 0`:                               Conv2D(0, 1),
		`separable_conv2d: filters must be a whole number from 1 to 16777216, got -2`:                    SeparableConv2D(-2, 1),
		`conv2d: kernel_size is missing`:                                                            &ConvLayer{Class: "Conv2D", Filters: 1},
		`conv2d: kernel_size must be whole numbers from 1 to 65536, got [0]`:                        Conv2D(1, 0),
		`conv2d: kernel_size must be a whole number, or a list of 2, got [1 2 3]`:                   &ConvLayer{Class: "Conv2D", Filters: 1, KernelSize: []int{1, 2, 3}},
		`conv2d: strides must be whole numbers from 1 to 65536, got [2 0]`:                          Conv2D(1, 1, Strides(2, 0)),
		`conv2d: dilation_rate must be whole numbers from 1 to 65536, got [-1]`:                     Conv2D(1, 1, Dilation(-1)),
		`conv2d: unknown padding "full"; known are same, valid`:                                     Conv2D(1, 1, Padding("full")),
		`conv2d: unknown padding "causal"; known are same, valid`:                                   Conv2D(1, 1, Causal),
		`depthwise_conv2d: depth_multiplier must be a whole number from 1 to 16777216, got -1`:      DepthwiseConv2D(1, DepthMultiplier(-1)),
		`conv1d: want input [batch, steps, channels], got [batch, 4, 4, 2]; put a Reshape in front`: Conv1D(1, 1),
		`conv2d: kernel initializer: unknown initializer "x"`:                                       Conv2D(1, 1, KernelInitializer(Initializer{Class: "x"})),
		`conv2d: bias regularizer: l1 = 0 and l2 = -1 must be finite`:                               Conv2D(1, 1, BiasRegularizer(L2(-1))),
		`separable_conv2d: pointwise_kernel initializer: unknown initializer "x"`:                   &DepthwiseLayer{Class: "SeparableConv2D", Filters: 1, KernelSize: []int{1}, PointwiseInitializer: Initializer{Class: "x"}},
		`conv2d: unknown activation "rely"`:                                                         Conv2D(1, 1, Activation("rely")),
		`unknown class of ConvLayer "Conv4D"; known are Conv1D, Conv2D, Conv2DTranspose`:            &ConvLayer{Class: "Conv4D"},
		`unknown class of DepthwiseLayer ""; known are DepthwiseConv2D, SeparableConv2D`:            &DepthwiseLayer{Name: "d"},
	} {
		_, err := Sequential(image, l).Build()
		assert.ErrorContains(t, err, want)
	}
	_, err := Sequential(Input(784), Conv2D(1, 1)).Build()
	assert.ErrorContains(t, err, `conv2d: want input [batch, height, width, channels], got [batch, 784]; put a Reshape in front`)
	for config, want := range map[string]string{
		`{"filters":3,"kernel_size":"big"}`:                                `"big" is neither a whole number nor a list of them`,
		`{"filters":3,"kernel_size":3,"data_format":"channels_first"}`:     `unknown data_format "channels_first"; known are channels_last`,
		`{"filters":3,"kernel_size":3,"groups":2}`:                         `Conv2D: groups = 2; only 1 is computed`,
		`{"filters":3,"kernel_size":3,"kernel":2}`:                         `unknown option of Conv2D "kernel"; known are name,`,
		`{"filters":3,"kernel_size":3,"output_padding":[1,1]}`:             `Conv2D: output_padding is not built yet`,
		`{"filters":3,"kernel_size":3,"padding":"same","dtype":"float16"}`: `only float32 is computed`,
	} {
		_, err := ParseLayer(LayerConfig{ClassName: "Conv2D", Config: json.RawMessage(config)})
		assert.ErrorContains(t, err, want, config)
	}
	_, err = ParseLayer(LayerConfig{ClassName: "DepthwiseConv2D", Config: json.RawMessage(`{"kernel_size":3,"depth_multiplier":0}`)})
	assert.ErrorContains(t, err, `DepthwiseConv2D: depth_multiplier must be a whole number from 1 to 16777216, got 0`)
}

func TestConvConfigsComeBack(t *testing.T) {
	n := Sequential(&ConvLayer{Class: "Conv2D", Filters: 3, KernelSize: []int{3, 2}, Strides: []int{1, 2}, Padding: Same, DilationRate: []int{2}, Activation: ReLU,
		NoBias: true, KernelInitializer: HeNormal, KernelRegularizer: L2(0.1), InputShape: []int{9, 8, 2}},
		DepthwiseConv2D(2, DepthMultiplier(3), BiasInitializer(Ones)), SeparableConv2D(4, 2, KernelRegularizer(L1(0.5))), Conv2DTranspose(2, 3, Strides(2)))
	configs, err := n.Config()
	require.NoError(t, err)
	text, err := json.Marshal(configs)
	require.NoError(t, err)
	var back NetworkConfig
	require.NoError(t, json.Unmarshal(text, &back))
	n2, err := ParseNetwork(back)
	require.NoError(t, err)
	again, err := n2.Config()
	require.NoError(t, err)
	assert.Equal(t, configs, again)
	a, err := n.Build()
	require.NoError(t, err)
	b, err := n2.Build()
	require.NoError(t, err)
	assert.Equal(t, a.Shapes, b.Shapes)
	assert.Contains(t, string(text), `"kernel_size":[2,2],"strides":[1,1],"padding":"valid","data_format":"channels_last","dilation_rate":[1,1]`, "as others read it")
}

func TestConvSpellings(t *testing.T) {
	for class, spellings := range map[string][2]string{
		"Conv2D": {`{"filters":4,"kernel_size":[3,3],"strides":[1,1],"padding":"same","data_format":"channels_last","dilation_rate":[1,1],"groups":1,"activation":"leaky_relu",
			"use_bias":false,"kernel_initializer":"he_normal","bias_initializer":"zeros","kernel_regularizer":null,"kernel_constraint":null,"activity_regularizer":null,
			"bias_constraint":null,"trainable":true,"batch_input_shape":[null,8,8,1]}`,
			`{"filters":4,"kernelSize":[3,3],"strides":[1,1],"padding":"same","dataFormat":"channelsLast","dilationRate":[1,1],"activation":"leakyRelu",
			"useBias":false,"kernelInitializer":"heNormal","biasInitializer":"zeros","kernelConstraint":null,"inputShape":[8,8,1]}`},
		"SeparableConv2D": {`{"filters":4,"kernel_size":3,"depth_multiplier":2,"depthwise_initializer":"ones","pointwise_initializer":"zeros","depthwise_regularizer":"l1","pointwise_regularizer":"l2"}`,
			`{"filters":4,"kernelSize":3,"depthMultiplier":2,"depthwiseInitializer":"ones","pointwiseInitializer":"zeros","depthwiseRegularizer":"l1","pointwiseRegularizer":"l2"}`},
	} {
		a, err := ParseLayer(LayerConfig{ClassName: class, Config: json.RawMessage(spellings[0])})
		require.NoError(t, err)
		b, err := ParseLayer(LayerConfig{ClassName: class, Config: json.RawMessage(spellings[1])})
		require.NoError(t, err)
		assert.Equal(t, a, b)
	}
}

// No combination of options panics: a network is built, or refused with an error.
func TestConvOptionsNeverPanic(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	number := func() int {
		return []int{1, 1, 2, 2, 2, 3, 3, 5, -1, 0, 1000, 65536, 1 << 24, 1 << 40}[min(rng.IntN(14), rng.IntN(14))]
	}
	numbers := func() []int {
		l := make([]int, min(rng.IntN(4), 1+rng.IntN(2)))
		for i := range l {
			l[i] = number()
		}
		return l
	}
	built := 0
	for range 20000 {
		shape := make([]int, 1+rng.IntN(4))
		for i := range shape {
			shape[i] = 1 + rng.IntN(6)
			if rng.IntN(10) == 0 {
				shape[i] = 1 << rng.IntN(20)
			}
		}
		var l Layer
		padding := []Padding{"", Valid, Same, Causal, "x"}[rng.IntN(5)]
		if rng.IntN(2) == 0 {
			l = &ConvLayer{Class: []string{"Conv1D", "Conv2D", "Conv2DTranspose"}[rng.IntN(3)], Filters: number(), KernelSize: numbers(), Strides: numbers(), DilationRate: numbers(), Padding: padding}
		} else {
			l = &DepthwiseLayer{Class: []string{"DepthwiseConv2D", "SeparableConv2D"}[rng.IntN(2)], Filters: number(), KernelSize: numbers(), Strides: numbers(), DilationRate: numbers(),
				DepthMultiplier: number(), Padding: padding}
		}
		b, err := Sequential(Input(shape...), l).Build()
		if err == nil {
			built++
			_, err = tensor.Size(b.Shapes[1])
			assert.NoError(t, err)
			continue
		}
		var e *tensor.Error
		require.ErrorAs(t, err, &e)
		assert.NotEmpty(t, e.Layer)
	}
	assert.Greater(t, built, 300)
}
