package bindings

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A model that knows nothing of these pictures gets a new last layer, learns, is tested,
// and answers.
func TestAModelIsTrainedFurtherOnPictures(t *testing.T) {
	b := newBench(t)
	info := b.openStripes()
	seed := int64(3)
	var foreign ModelInfo
	b.call(MethodModelCreate, CreateParams{Layers: []Layer{{ClassName: "InputLayer", Config: jsonOf(map[string]any{"inputShape": []int{20, 18, 1}})},
		{ClassName: "Conv2D", Config: jsonOf(map[string]any{"filters": 8, "kernelSize": 3, "activation": "relu"})}, {ClassName: "MaxPooling2D", Config: jsonOf(map[string]any{})},
		{ClassName: "Flatten", Config: jsonOf(map[string]any{})}, {ClassName: "Dense", Config: jsonOf(map[string]any{"units": 7, "activation": "softmax"})}}, Seed: &seed}, &foreign)
	setup := info.Setup
	require.Contains(t, b.refused(tensor.CodeOption, MethodModelAdapt, AdaptParams{Model: foreign.Model, Table: info.Table}).Message, "not prepared")
	var ready ImagesPrepareResult
	b.call(MethodImagesPrepare, ImagesPrepareParams{info.Table, setup}, &ready)
	require.Contains(t, b.refused(tensor.CodeShape, MethodModelAdapt, AdaptParams{Model: foreign.Model, Table: info.Table}).Message, "[20, 18, 1]")
	setup.Width, setup.Height, setup.Channels, setup.Range = 18, 20, 1, image.RangeSigned
	b.call(MethodImagesPrepare, ImagesPrepareParams{info.Table, setup}, &ready)
	require.Contains(t, string(ready.Prepared.Pipeline.Medium.Config), `"mean":[127.5]`)
	require.Contains(t, b.refused(tensor.CodeOption, MethodModelAdapt, AdaptParams{Model: foreign.Model, Table: info.Table, Keep: "some"}).Message, "some")
	require.Contains(t, b.refused(tensor.CodeShape, MethodModelAdapt, AdaptParams{Model: foreign.Model, Table: info.Table, Keep: KeepHead}).Message, "new last layer")
	for _, keep := range []string{KeepBase, KeepGo} {
		var made ModelInfo
		b.call(MethodModelAdapt, AdaptParams{Model: foreign.Model, Table: info.Table, Keep: keep, Seed: &seed}, &made)
		require.NotEqual(t, foreign.Model, made.Model)
		require.Equal(t, []int{1}, made.Output)
		b.call(MethodModelCompile, CompileParams{Model: made.Model, Optimizer: Optimizer{ClassName: "adam", Config: jsonOf(map[string]any{"learningRate": 0.01})}}, nil)
		b.call(MethodModelFit, FitParams{Model: made.Model, Table: info.Table, Epochs: 30, BatchSize: 8}, nil)
		var test TestResult
		b.call(MethodModelTest, TestParams{Model: made.Model, Table: info.Table, Part: "train"}, &test)
		require.Greater(t, test.Metrics["acc"], 0.85, keep)
		var wasm WasmResult
		b.call(MethodModelWasm, WasmParams{Model: made.Model}, &wasm)
		require.Positive(t, wasm.Code)
	}
}
