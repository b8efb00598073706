package keras

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// none is for models without weights.
func none(string) ([]byte, error) { return nil, os.ErrNotExist }

// build reads a model and builds its network.
func build(t *testing.T, model string) (*File, *nn.Built) {
	t.Helper()
	f, err := Read([]byte(model), none)
	require.NoError(t, err)
	n, err := nn.ParseNetwork(f.Network)
	require.NoError(t, err)
	b, err := n.Build()
	require.NoError(t, err)
	return f, b
}

func names(b *nn.Built) (names []string) {
	for _, p := range b.Graph.Params() {
		names = append(names, p.FullName())
	}
	return names
}

const dense = `{"class_name":"Dense","config":{"name":"d","units":2,"activation":"relu","batch_input_shape":[null,3]}}`

// Each wrapping that TensorFlow.js and Keras put around a model.
func TestWrappings(t *testing.T) {
	for _, topology := range []string{
		`{"class_name":"Sequential","config":{"name":"m","layers":[` + dense + `]}}`,
		`{"class_name":"Sequential","config":[` + dense + `]}`,
		`{"keras_version":"2.4.0","backend":"tensorflow","model_config":{"class_name":"Sequential","config":{"name":"m","layers":[` + dense + `]}}}`,
	} {
		_, b := build(t, `{"modelTopology":`+topology+`}`)
		assert.Equal(t, []string{"d/kernel", "d/bias"}, names(b))
		assert.Equal(t, []int{3}, b.Graph.Shape(b.Inputs[0]))
	}
}

// A model within a model becomes part of one network, and one that is used twice shares
// its weights.
func TestNestedModels(t *testing.T) {
	inner := `{"class_name":"Functional","name":"base","config":{"name":"base","layers":[
		{"class_name":"InputLayer","name":"in","config":{"batch_input_shape":[null,3],"name":"in"},"inbound_nodes":[]},
		{"class_name":"Dense","name":"d","config":{"name":"d","units":4},"inbound_nodes":[[["in",0,0,{}]]]}],
		"input_layers":[["in",0,0]],"output_layers":[["d",0,0]]}`
	f, b := build(t, `{"modelTopology":{"class_name":"Sequential","config":{"name":"m","layers":[`+inner+`},
		{"class_name":"Sequential","config":{"name":"head","layers":[{"class_name":"Dense","config":{"name":"d","units":2}}]}}]}}}`)
	assert.Equal(t, []string{"d/kernel", "d/bias", "d_2/kernel", "d_2/bias"}, names(b))
	assert.Len(t, f.Network.Layers, 3)

	_, b = build(t, `{"modelTopology":{"class_name":"Functional","config":{"name":"m","layers":[
		{"class_name":"InputLayer","name":"a","config":{"batch_input_shape":[null,3],"name":"a"},"inbound_nodes":[]},
		{"class_name":"InputLayer","name":"b","config":{"batch_input_shape":[null,3],"name":"b"},"inbound_nodes":[]},`+
		inner+`,"inbound_nodes":[[["a",0,0,{}]],[["b",0,0,{}]]]}],
		"input_layers":[["a",0,0],["b",0,0]],"output_layers":[["base",0,0],["base",1,0]]}}}`)
	assert.Equal(t, []string{"d/kernel", "d/bias"}, names(b))
	assert.Len(t, b.Inputs, 2)
	assert.Len(t, b.Outputs, 2)
}

// Keras 3 writes shapes, references and types in another way.
func TestKeras3(t *testing.T) {
	_, b := build(t, `{"modelTopology":{"keras_version":"3.3.3","model_config":{"class_name":"Functional","config":{"name":"m","trainable":true,"layers":[
		{"module":"keras.layers","class_name":"InputLayer","config":{"batch_shape":[null,3],"dtype":"float32","sparse":false,"name":"a"},"registered_name":null,"name":"a","inbound_nodes":[]},
		{"module":"keras.layers","class_name":"Dense","config":{"name":"d","trainable":true,"dtype":{"module":"keras","class_name":"DTypePolicy","config":{"name":"float32"}},
			"units":2,"activation":"tanh","use_bias":true,"kernel_initializer":{"module":"keras.initializers","class_name":"GlorotUniform","config":{"seed":null},"registered_name":null},
			"bias_initializer":{"module":"keras.initializers","class_name":"Zeros","config":{},"registered_name":null},"kernel_regularizer":null,"quantization_config":null},
			"registered_name":null,"build_config":{"input_shape":[null,3]},"name":"d",
			"inbound_nodes":[{"args":[{"class_name":"__keras_tensor__","config":{"shape":[null,3],"dtype":"float32","keras_history":["a",0,0]}}],"kwargs":{}}]}],
		"input_layers":[["a",0,0]],"output_layers":["d",0,0]}}}}`)
	assert.Equal(t, []string{"d/kernel", "d/bias"}, names(b))
}

// Everything that is not supported is said at once.
func TestReport(t *testing.T) {
	_, err := Read([]byte(`{"modelTopology":{"class_name":"Sequential","config":{"layers":[
		{"class_name":"Lambda","config":{"name":"first","batch_input_shape":[null,3]}},
		{"class_name":"Dense","config":{"name":"second","units":2,"activation":"fancy"}},
		{"class_name":"Dense","config":{"name":"third","units":2,"frobnicate":1}},
		{"class_name":"Dense","config":{"name":"fourth","units":2,"batch_input_shape":[null,null,3]}}]}}}`), none)
	require.Error(t, err)
	for _, want := range []string{`first: unknown layer "Lambda"`, `second: unknown activation "fancy"`, `third: unknown option of Dense "frobnicate"`, "fourth: its input [null,null,3] leaves an axis open"} {
		assert.ErrorContains(t, err, want)
	}
	assert.Equal(t, tensor.CodeUnsupported, err.(*tensor.Error).Code)
}

// Bilinear pixels lie elsewhere in TensorFlow.js (tried with 4.22): 0, 1 become 0, 0.5, 1,
// 1 there and 0, 0.25, 0.75, 1 in Keras.
func TestBilinearIsNotTensorFlows(t *testing.T) {
	up := `{"class_name":"UpSampling2D","config":{"name":"u","size":[2,2],"interpolation":"bilinear","batch_input_shape":[null,2,2,1]}}`
	model := func(version string) []byte {
		return []byte(`{"modelTopology":{"keras_version":"` + version + `","class_name":"Sequential","config":{"name":"m","layers":[` + up + `]}}}`)
	}
	_, err := Read(model("tfjs-layers 4.22.0"), none)
	assert.ErrorContains(t, err, "u: TensorFlow.js places the pixels")
	f, err := Read(model("2.15.0"), none)
	require.NoError(t, err)
	n, err := nn.ParseNetwork(f.Network)
	require.NoError(t, err)
	_, _, err = Write(Source{Network: n})
	assert.ErrorContains(t, err, "u: TensorFlow.js places the pixels")
}

func TestRefusals(t *testing.T) {
	functional := func(inbound string) string {
		return `{"modelTopology":{"class_name":"Model","config":{"layers":[{"class_name":"Dense","name":"d","config":{"units":1},"inbound_nodes":` + inbound + `}],"input_layers":[],"output_layers":[["d",0,0]]}}}`
	}
	for model, want := range map[string]string{
		`[]`:                       "is not the JSON of a model",
		`{"format":"graph-model"}`: "a graph of TensorFlow's own operations",
		`{}`:                       "no modelTopology",
		`{"modelTopology":{"class_name":"MyModel","config":{}}}`:                                          `the model is a "MyModel"`,
		`{"modelTopology":{"class_name":"Sequential","config":{"layers":[]}}}`:                            "has no layers",
		`{"modelTopology":{"class_name":"Sequential","config":{"layers":[` + dense + `,` + dense + `]}}}`: `two layers called "d"`,
		functional(`[[["d",0,0]]]`): "cycle",
		functional(`[[["x",0,0]]]`): `"x" is used but not described`,
		functional(`[[[1]]]`):       "in place of [layer, use, result]",
		functional(`7`):             "is not the JSON",
	} {
		_, err := Read([]byte(model), none)
		assert.Error(t, err, model)
		if want != "is not the JSON" {
			assert.ErrorContains(t, err, want, model)
		}
	}
}

func TestManifest(t *testing.T) {
	sequential := func(manifest string) []byte {
		return []byte(`{"modelTopology":{"class_name":"Sequential","config":[` + dense + `]},"weightsManifest":` + manifest + `}`)
	}
	files := map[string][]byte{"a": {0, 0, 128, 63, 0, 0}, "b": {0, 64}, "q": {0, 255}, "h": {0, 60}}
	open := func(path string) ([]byte, error) {
		if data, ok := files[path]; ok {
			return data, nil
		}
		return nil, os.ErrNotExist
	}
	f, err := Read(sequential(`[{"paths":["a","b"],"weights":[{"name":"x","shape":[2],"dtype":"float32"}]},
		{"paths":["q"],"weights":[{"name":"q","shape":[2],"dtype":"float32","quantization":{"dtype":"uint8","min":-1,"scale":0.5}}]},
		{"paths":["h"],"weights":[{"name":"h","shape":[],"dtype":"float32","quantization":{"dtype":"float16"}}]}]`), open)
	require.NoError(t, err)
	assert.Equal(t, []float32{1, 2}, f.Weights[0].Tensor.Data, "a number that lies across two files")
	assert.Equal(t, []float32{-1, 126.5}, f.Weights[1].Tensor.Data)
	assert.Equal(t, []float32{1}, f.Weights[2].Tensor.Data)
	one := func(path, entry string) string {
		return `[{"paths":["` + path + `"],"weights":[{"name":"x",` + entry + `}]}]`
	}
	for manifest, want := range map[string]string{
		one("a", `"shape":[2],"dtype":"float32"`):                     "fewer: one is missing",
		one(`a","b`, `"shape":[1],"dtype":"float32"`):                 "more: they belong to another model",
		one("c", `"shape":[1],"dtype":"float32"`):                     `the file of weights "c"`,
		one("a", `"shape":[1],"dtype":"complex64"`):                   `is stored as "complex64"`,
		one("a", `"shape":[4611686018427387904,4],"dtype":"float32"`): "impossible shape",
		one("a", `"shape":[-1],"dtype":"float32"`):                    "impossible shape",
		one("a", `"shape":[1000000000],"dtype":"float32"`):            "impossible shape",
		`[{"paths":["a","b"],"weights":[{"name":"x","shape":[1],"dtype":"float32"},{"name":"x","shape":[1],"dtype":"float32"}]}]`: "stands twice",
	} {
		_, err := Read(sequential(manifest), open)
		assert.ErrorContains(t, err, want, manifest)
	}
}

func TestMatch(t *testing.T) {
	param := func(layer, name string, shape ...int) *graph.Param {
		return &graph.Param{Layer: layer, Name: name, Shape: shape}
	}
	w := func(name string, shape ...int) Weight { return Weight{name, tensor.New(shape...)} }
	f := &File{Weights: []Weight{w("lstm/lstm_cell_3/kernel", 2, 8), w("bi/forward_g/kernel", 3, 3), w("bi/backward_g/gru_cell/kernel", 3, 3), w("d/kernel:0", 1, 2)}}
	params := []*graph.Param{param("lstm", "kernel", 2, 8), param("bi", "forward/kernel", 3, 3), param("bi", "backward/kernel", 3, 3), param("d", "kernel", 1, 2)}
	_, err := f.Match(params)
	require.NoError(t, err)
	_, err = f.Match(params[:3])
	assert.ErrorContains(t, err, "weights that no layer has: d/kernel")
	_, err = f.Match(append(params, param("d", "bias", 2)))
	assert.ErrorContains(t, err, "1 of 5 weights are not in the file: d/bias")
	params[3].Shape = []int{3, 2}
	_, err = f.Match(params)
	assert.ErrorContains(t, err, "want shape [3, 2], got [1, 2]")
}

func TestTraining(t *testing.T) {
	read := func(config string) *Training {
		f, err := Read([]byte(`{"modelTopology":{"class_name":"Sequential","config":[`+dense+`]},"trainingConfig":`+config+`}`), none)
		require.NoError(t, err)
		return f.Training
	}
	got := read(`{"loss":"categorical_crossentropy","metrics":["accuracy"],"optimizer_config":{"class_name":"Adam","config":{"learningRate":0.01}}}`)
	assert.Equal(t, "categorical_crossentropy", got.Loss)
	assert.Equal(t, []string{"accuracy"}, got.Metrics)
	assert.JSONEq(t, `{"class_name":"Adam","config":{"learningRate":0.01}}`, string(got.Optimizer))
	assert.Equal(t, "mean_squared_error", read(`{"loss":{"class_name":"MeanSquaredError","config":{"name":"mean_squared_error"}}}`).Loss)
	assert.Nil(t, read(`{"loss":{"a":"mse"}}`))
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("../../../tests/testdata/golden/tfjs-models/*/model.json")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(text)
		}
	}
	f.Add([]byte(`{"modelTopology":{"class_name":"Sequential","config":[` + dense + `]}}`))
	f.Fuzz(func(t *testing.T, model []byte) {
		file, err := Read(model, func(string) ([]byte, error) { return make([]byte, 100), nil })
		if err != nil {
			return
		}
		n, err := nn.ParseNetwork(file.Network)
		if err != nil {
			return
		}
		if b, err := n.Build(); err == nil {
			_, _ = file.Match(b.Graph.Params())
		}
	})
}
