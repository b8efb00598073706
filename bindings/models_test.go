package bindings

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTrainAndPredict(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	params, buffers := fitXOR(id, 200)
	var result FitResult
	b.call(MethodModelFit, params, &result, buffers...)
	require.Len(t, result.Epoch, 200)
	require.Len(t, result.History["loss"], 200)
	require.Contains(t, result.History, "acc")

	x, y, buffers := xor()
	var logs Logs
	b.call(MethodModelEvaluate, EvaluateParams{Model: id, X: x, Y: y}, &logs, buffers...)
	require.Equal(t, 1.0, logs["acc"])
	var p Tensor
	out := b.call(MethodModelPredict, PredictParams{Model: id, X: x}, &p, buffers...)
	require.Equal(t, []int{4, 1}, p.Shape)
	require.InDeltaSlice(t, []float32{0, 1, 1, 0}, tensorOf(t, p, out).Data, 0.3)
}
