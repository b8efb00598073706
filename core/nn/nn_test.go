package nn

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestNamesAndShapes(t *testing.T) {
	n := Sequential(Input(4, 5), Dense(8, ReLU), LeakyReLUOf(0.1), Flatten(), Dense(3, Name("head")), Dense(2), Activate(Softmax))
	b, err := n.Build()
	require.NoError(t, err)
	var names []string
	for _, node := range n.Nodes {
		names = append(names, node.Name)
	}
	assert.Equal(t, []string{"input", "dense", "leaky_relu", "flatten", "head", "dense_1", "activation"}, names)
	assert.Equal(t, [][]int{{4, 5}, {4, 8}, {4, 8}, {32}, {3}, {2}, {2}}, b.Shapes)
	var weights []string
	for _, p := range b.Graph.Params() {
		weights = append(weights, p.FullName())
	}
	assert.Equal(t, []string{"dense/kernel", "dense/bias", "head/kernel", "head/bias", "dense_1/kernel", "dense_1/bias"}, weights)
}

func TestBuildErrors(t *testing.T) {
	for want, n := range map[string]*Network{
		"a network wants at least one layer":                                     Sequential(),
		"layer 1 is nil":                                                         Sequential(Input(2), nil),
		`two layers are called "a"; give one another name`:                       Sequential(Input(2), Dense(1, Name("a")), Dense(1, Name("a"))),
		"dense: the first layer must state the shape of its input":               Sequential(Dense(3)),
		"dense: units must be a whole number from 1 to 16777216, got 0":          Sequential(Input(2), Dense(0)),
		"dropout: rate must be at least 0 and below 1, got 1":                    Sequential(Input(2), Dropout(1)),
		`dense: unknown activation "relux"; known are elu, gelu,`:                Sequential(Input(2), Dense(1, Activation("relux"))),
		"dense: kernel regularizer: l1 = 0 and l2 = -1 must be finite":           Sequential(Input(2), Dense(1, KernelRegularizer(L2(-1)))),
		"dense: kernel initializer: RandomNormal: stddev -1 is negative":         Sequential(Input(2), Dense(1, KernelInitializer(RandomNormal(0, -1)))),
		`dense: bias initializer: unknown initializer "Ones2"`:                   Sequential(Input(2), Dense(1, BiasInitializer(Initializer{Class: "Ones2"}))),
		"dense_1: states input [batch, 7], got [batch, 3] from the layer before": Sequential(Input(2), Dense(3), &DenseLayer{Units: 1, InputShape: []int{7}}),
		"leaky_relu: alpha must be from 0 to 1e6, got -1":                        Sequential(Input(2), LeakyReLUOf(-1)),
		"input: shape [0] is empty":                                              Sequential(Input(0)),
	} {
		_, err := n.Build()
		assert.ErrorContains(t, err, want)
	}
}

func TestConfigsComeBack(t *testing.T) {
	n := Sequential(Input(6), Dense(8, GELU, NoBias, KernelInitializer(HeNormal), KernelRegularizer(L1L2(0.1, 0.2))),
		LeakyReLUOf(0.2), Dropout(0.3), Flatten(), Activate(Tanh), Dense(1, BiasInitializer(Constant(3)), BiasRegularizer(L2(1)),
			ActivityRegularizer(L1(0.1)), KernelConstraint(MaxNorm(2, 0)), BiasConstraint(NonNeg())))
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
}

func TestBothSpellings(t *testing.T) {
	keras := `{"units":3,"activation":"leaky_relu","use_bias":false,"kernel_initializer":{"class_name":"RandomUniform","config":{"minval":-1,"maxval":1}},"kernel_regularizer":"l2","input_dim":4}`
	tfjs := `{"units":3,"activation":"leakyRelu","useBias":false,"kernelInitializer":{"className":"randomUniform","config":{"minval":-1,"maxval":1}},"kernelRegularizer":{"className":"L2","config":{"l2":0.01}},"inputShape":[4]}`
	a, err := ParseLayer(LayerConfig{ClassName: "Dense", Config: json.RawMessage(keras)})
	require.NoError(t, err)
	b, err := ParseLayer(LayerConfig{ClassName: "dense", Config: json.RawMessage(tfjs)})
	require.NoError(t, err)
	assert.Equal(t, a, b)
}

func TestUnknownNamesListTheKnownOnes(t *testing.T) {
	for config, want := range map[string]string{
		`{"unit":3}`:                            `unknown option of Dense "unit"; known are name,`,
		`{"units":"three"}`:                     `option "units" of Dense: want int, got a JSON string`,
		`{"units":3,"activation":"rlu"}`:        `unknown activation "rlu"`,
		`{"units":3,"kernelInitializer":"glo"}`: `unknown initializer "glo"; known are Constant,`,
		`{"units":3,"kernelRegularizer":"l3"}`:  `unknown regularizer "l3"; known are l1, l1l2, l2`,
		`{"units":3,"dtype":"float16"}`:         `only float32 is computed`,
		`[]`:                                    `Dense`,
		`{`:                                     `Dense`,
	} {
		_, err := ParseLayer(LayerConfig{ClassName: "Dense", Config: json.RawMessage(config)})
		assert.ErrorContains(t, err, want, config)
	}
	_, err := ParseLayer(LayerConfig{ClassName: "Densee"})
	assert.ErrorContains(t, err, `unknown layer "Densee"; known are Activation,`)
	_, err = ParseLoss("crossentropy", nil)
	assert.ErrorContains(t, err, `unknown loss "crossentropy"; known are binary_crossentropy,`)
}

// The losses behind their own activations are computed from what comes before it.
func TestLossesAreFused(t *testing.T) {
	for _, c := range []struct {
		activation Activation
		loss       Loss
		want       graph.LossKind
	}{
		{Softmax, CategoricalCrossentropy{}, graph.CategoricalCrossentropyLogits},
		{Softmax, SparseCategoricalCrossentropy{}, graph.SparseCategoricalCrossentropyLogits},
		{Sigmoid, BinaryCrossentropy{}, graph.BinaryCrossentropyLogits},
		{Softmax, BinaryCrossentropy{}, graph.BinaryCrossentropy},
		{Tanh, CategoricalCrossentropy{}, graph.CategoricalCrossentropy},
		{Linear, CategoricalCrossentropy{FromLogits: true}, graph.CategoricalCrossentropyLogits},
		{Softmax, CategoricalCrossentropy{LabelSmoothing: 0.1}, graph.CategoricalCrossentropyLogits},
		{Sigmoid, BinaryCrossentropy{LabelSmoothing: 0.1}, graph.BinaryCrossentropyLogits},
	} {
		b, err := Sequential(Input(4), Dense(3, c.activation)).Build()
		require.NoError(t, err)
		y, err := b.Graph.Input("y", c.loss.TargetShape([]int{3}))
		require.NoError(t, err)
		l, err := c.loss.Lower(b.Graph, b.Outputs[0], y)
		require.NoError(t, err)
		op, in := b.Graph.Producer(l)
		assert.Equal(t, graph.Loss{Kind: c.want}, op)
		smooth, _ := b.Graph.Producer(in[1])
		switch c.loss {
		case CategoricalCrossentropy{LabelSmoothing: 0.1}:
			assert.Equal(t, graph.SmoothLabels{Smoothing: 0.1, Classes: 3}, smooth)
		case BinaryCrossentropy{LabelSmoothing: 0.1}:
			assert.Equal(t, graph.SmoothLabels{Smoothing: 0.1, Classes: 2}, smooth)
		default:
			assert.Nil(t, smooth)
		}
	}
}

func FuzzFromConfig(f *testing.F) {
	f.Add("Dense", `{"units":3,"activation":"relu","inputShape":[4]}`)
	f.Add("Dropout", `{"rate":0.5}`)
	f.Add("InputLayer", `{"batch_input_shape":[null,3]}`)
	f.Add("LeakyReLU", `{"alpha":0.1}`)
	f.Add("Conv1D", `{"filters":2,"kernelSize":[3],"padding":"causal","dilationRate":2}`)
	f.Add("SeparableConv2D", `{"filters":2,"kernel_size":3,"strides":[2,1],"depth_multiplier":2}`)
	f.Add("LSTM", `{"units":3,"recurrent_activation":"hard_sigmoid","return_state":true}`)
	f.Add("Bidirectional", `{"layer":{"class_name":"GRU","config":{"units":2,"reset_after":false}},"merge_mode":null}`)
	f.Add("TimeDistributed", `{"layer":{"class_name":"Dense","config":{"units":2}}}`)
	f.Fuzz(func(t *testing.T, class, config string) {
		n, err := FromConfig([]LayerConfig{{ClassName: "InputLayer", Config: json.RawMessage(`{"inputShape":[2,3]}`)}, {ClassName: class, Config: json.RawMessage(config)}})
		if err != nil {
			return
		}
		b, err := n.Build()
		if err == nil {
			_, err = tensor.Size(b.Shapes[1])
			assert.NoError(t, err)
		}
	})
}

// The streams of weights are those of math/rand/v2, which files and digests rely on.
func TestDrawIsFloat32(t *testing.T) {
	r, pcg := rand.New(rand.NewPCG(3, 5)), rand.NewPCG(3, 5)
	for range 1000 {
		require.Equal(t, r.Float32(), draw(pcg))
	}
}
