package bindings

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

func described(class, config string) Layer { return Layer{ClassName: class, Config: []byte(config)} }

// towers has two inputs that go through one Dense layer, and an output for each.
func towers(seed int64) CreateParams {
	return CreateParams{Seed: &seed,
		Layers: []Layer{described("InputLayer", `{"inputShape":[2]}`), described("InputLayer", `{"inputShape":[2]}`),
			described("Dense", `{"units":4,"activation":"tanh","name":"tower","trainable":false}`),
			described("Dense", `{"units":1,"activation":"sigmoid","name":"p"}`), described("Dense", `{"units":1,"name":"q"}`)},
		Uses:   []LayerUse{{Layer: 0}, {Layer: 1}, {Layer: 2, In: []LayerResult{{Use: 0}}}, {Layer: 2, In: []LayerResult{{Use: 1}}}, {Layer: 3, In: []LayerResult{{Use: 2}}}, {Layer: 4, In: []LayerResult{{Use: 3}}}},
		Inputs: []LayerResult{{Use: 0}, {Use: 1}}, Outputs: []LayerResult{{Use: 4}, {Use: 5}},
	}
}

func TestBranchesThroughTheProtocol(t *testing.T) {
	b := newBench(t)
	var info ModelInfo
	b.call(MethodModelCreate, towers(3), &info)
	require.Equal(t, []Port{{"input", []int{2}}, {"input_1", []int{2}}}, info.Inputs)
	require.Equal(t, []Port{{"p", []int{1}}, {"q", []int{1}}}, info.Outputs)
	require.Len(t, info.Layers, 5)
	id := info.Model
	b.call(MethodModelCompile, CompileParams{Model: id, Optimizer: Optimizer{ClassName: "adam"}, LossOf: map[string]Loss{"p": {ClassName: "binaryCrossentropy"}, "q": {ClassName: "mse"}},
		WeightOf: map[string]float64{"q": 0.5}, MetricsOf: map[string][]string{"p": {"accuracy"}}}, nil)
	x, y, xy := xor()
	xs, ys := []Tensor{x, x}, []Tensor{y, y}
	var before, after WeightsResult
	frozen := func(r *WeightsResult) []float32 {
		out := b.call(MethodModelWeights, ModelParams{id}, r)
		require.Equal(t, "tower/kernel", r.Names[0])
		return tensorOf(t, r.Tensors[0], out).Data
	}
	start := frozen(&before)
	var result FitResult
	b.call(MethodModelFit, FitParams{Model: id, Xs: xs, Ys: ys, Epochs: 3, BatchSize: 2, Accumulate: 2, ValidationXs: xs, ValidationYs: ys, BatchLogs: true}, &result, xy...)
	for _, name := range []string{"loss", "p_loss", "q_loss", "p_acc", "val_loss", "val_p_loss", "val_q_loss", "val_p_acc"} {
		require.Len(t, result.History[name], 3, name)
	}
	require.Equal(t, start, frozen(&after))
	var logs Logs
	b.call(MethodModelEvaluate, EvaluateParams{Model: id, Xs: xs, Ys: ys}, &logs, xy...)
	require.InDelta(t, logs["p_loss"]+logs["q_loss"]/2, logs["loss"], 1e-6)
	var p TensorsResult
	out := b.call(MethodModelPredict, PredictParams{Model: id, Xs: xs}, &p, xy...)
	require.Len(t, p.Tensors, 2)
	require.Equal(t, []int{4, 1}, tensorOf(t, p.Tensors[1], out).Shape)
	require.Equal(t, directWide, b.engine.directInput(id, 1))
}

func TestCutAndFreezeThroughTheProtocol(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	var cut ModelInfo
	b.call(MethodModelCut, CutParams{Model: id, Layer: "dense", Layers: []Layer{described("Dense", `{"units":3,"name":"head","trainable":false}`), described("Dense", `{"units":1,"activation":"sigmoid"}`)}}, &cut)
	require.Contains(t, string(cut.Layers[len(cut.Layers)-2].Config), `"name":"head"`)
	require.False(t, *cut.Layers[len(cut.Layers)-2].Trainable)
	b.call(MethodModelTrainable, TrainableParams{Model: cut.Model, Layer: "dense"}, nil)
	b.call(MethodModelCompile, CompileParams{Model: cut.Model, Optimizer: Optimizer{ClassName: "adam"}, Loss: Loss{ClassName: "binaryCrossentropy"}}, nil)
	params, buffers := fitXOR(cut.Model, 4)
	b.call(MethodModelFit, params, nil, buffers...)
	var was, is WeightsResult
	old := b.call(MethodModelWeights, ModelParams{id}, &was)
	tuned := b.call(MethodModelWeights, ModelParams{cut.Model}, &is)
	require.Equal(t, tensorOf(t, was.Tensors[0], old).Data, tensorOf(t, is.Tensors[0], tuned).Data)

	b.call(MethodModelTrainable, TrainableParams{Model: id, Layer: "dense"}, nil)
	params, buffers = fitXOR(id, 1)
	b.refused(tensor.CodeOption, MethodModelFit, params, buffers...) // not compiled again
	b.refused(tensor.CodeOption, MethodModelTrainable, TrainableParams{Model: id, Layer: "warp"})
	b.refused(tensor.CodeOption, MethodModelCut, CutParams{Model: id, Layer: "warp"})
}

func TestBadBranches(t *testing.T) {
	b := newBench(t)
	for code, spoil := range map[string]func(p *CreateParams){
		tensor.CodeShape:       func(p *CreateParams) { p.Layers[1] = described("InputLayer", `{"inputShape":[5]}`) },
		tensor.CodeUnsupported: func(p *CreateParams) { p.Table = 1 },
	} {
		p := towers(1)
		spoil(&p)
		b.refused(code, MethodModelCreate, p)
	}
	for _, spoil := range []func(p *CreateParams){
		func(p *CreateParams) { p.Uses[2].In[0].Use = 2 },
		func(p *CreateParams) { p.Uses[2].In[0].Use = -1 },
		func(p *CreateParams) { p.Uses[2].Layer = 9 },
		func(p *CreateParams) { p.Uses[2].In[0].Result = 7 },
		func(p *CreateParams) { p.Outputs[0].Use = 99 },
		func(p *CreateParams) { p.Inputs = p.Inputs[:1] },
		func(p *CreateParams) { p.Layers[2] = described("Warp", `{}`) },
	} {
		p := towers(1)
		spoil(&p)
		b.refused(tensor.CodeOption, MethodModelCreate, p)
	}
	var info ModelInfo
	b.call(MethodModelCreate, towers(1), &info)
	for _, c := range []CompileParams{
		{Loss: Loss{ClassName: "mse"}, LossOf: map[string]Loss{"r": {ClassName: "mse"}}},
		{LossOf: map[string]Loss{"p": {ClassName: "mse"}}},
		{Losses: []Loss{{ClassName: "mse"}}},
		{Losses: []Loss{{ClassName: "mse"}, {ClassName: "warp"}}},
		{Loss: Loss{ClassName: "mse"}, WeightOf: map[string]float64{"p": -1}},
		{Loss: Loss{ClassName: "mse"}, MetricsOf: map[string][]string{"p": {"warp"}}},
	} {
		c.Model, c.Optimizer = info.Model, Optimizer{ClassName: "sgd"}
		b.refused(tensor.CodeOption, MethodModelCompile, c)
	}
}

func TestCrossValidationThroughTheProtocol(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	fit, buffers := fitXOR(id, 3)
	x, _, _ := xor()
	before := b.digest(id)
	var r CrossResult
	b.call(MethodModelCross, CrossParams{FitParams: fit, Folds: 2, Stratified: true}, &r, buffers...)
	require.Len(t, r.Folds, 2)
	for _, f := range r.Folds {
		require.Len(t, f.Rows, 2)
		require.Len(t, f.History["val_loss"], 3)
		require.Contains(t, f.Logs, "acc")
	}
	require.InDelta(t, (r.Folds[0].Logs["loss"]+r.Folds[1].Logs["loss"])/2, r.Mean["loss"], 1e-12)
	require.Contains(t, r.SD, "loss")
	require.Equal(t, before, b.digest(id), "the model itself is as it was")

	groups := Tensor{Shape: []int{4}, Buffer: len(buffers)}
	b.call(MethodModelCross, CrossParams{FitParams: fit, Folds: 2, Groups: &groups}, &r, append(buffers, floats(1, 1, 2, 2))...)
	require.Contains(t, [][]int{{0, 1}, {2, 3}}, r.Folds[0].Rows)
	b.refused(tensor.CodeData, MethodModelCross, CrossParams{FitParams: fit, Folds: 2, Groups: &groups}, append(buffers, floats(1, 1, 2, 0.5))...)
	b.refused(tensor.CodeOption, MethodModelCross, CrossParams{FitParams: fit, Folds: 9}, buffers...)
	split := fit
	split.ValidationSplit = 0.5
	b.refused(tensor.CodeOption, MethodModelCross, CrossParams{FitParams: split}, buffers...)

	other := b.xorModel(2)
	var p [3]Tensor
	var values [3][]float32
	for i, request := range []TogetherParams{{PredictParams: PredictParams{Model: id, X: x}}, {PredictParams: PredictParams{Model: other, X: x}},
		{PredictParams: PredictParams{Model: id, X: x}, Others: []int{other}}} {
		values[i] = b.answer(MethodModelTogether, request, &p[i], buffers)
	}
	for i, v := range values[2] {
		require.InDelta(t, (values[0][i]+values[1][i])/2, v, 1e-6)
	}
	var vote Tensor
	out := b.call(MethodModelTogether, TogetherParams{PredictParams: PredictParams{Model: id, X: x}, Others: []int{other}, Vote: true}, &vote, buffers...)
	for _, v := range tensorOf(t, vote, out).Data {
		require.Contains(t, []float32{0, 0.5, 1}, v)
	}
}

// answer makes a request that is answered by a tensor.
func (b *bench) answer(method string, params any, into *Tensor, buffers []Buffer) []float32 {
	b.t.Helper()
	out := b.call(method, params, into, buffers...)
	return tensorOf(b.t, *into, out).Data
}

func (b *bench) digest(id int) string {
	b.t.Helper()
	var r DigestResult
	b.call(MethodModelDigest, ModelParams{id}, &r)
	return r.Digest
}
