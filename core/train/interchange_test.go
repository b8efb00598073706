package train

import (
	"context"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/onnx"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// interchange are networks that every format of interchange can hold.
var interchange = map[string]*nn.Network{
	"dense": nn.Sequential(nn.Input(5), nn.Dense(8, nn.ReLU), nn.Dropout(0.5), nn.Dense(7, nn.Tanh, nn.NoBias), nn.Dense(3, nn.Softmax)),
	"activations": nn.Sequential(nn.Input(6), nn.Dense(6, nn.ReLU6), nn.Dense(6, nn.SELU), nn.Dense(6, nn.HardSigmoid), nn.Dense(6, nn.Softplus),
		nn.Dense(6, nn.Softsign), nn.LeakyReLUOf(0.1), nn.Dense(6, nn.Sigmoid)),
	"images": nn.Sequential(nn.Input(9, 8, 2), nn.Conv2D(4, 3, nn.ReLU, nn.Same), nn.MaxPooling2D(2), nn.DepthwiseConv2D(3, nn.DepthMultiplier(2)),
		nn.AveragePooling2D(2, nn.Same), nn.Flatten(), nn.Dense(3, nn.Softmax)),
	"strides": nn.Sequential(nn.Input(11, 10, 3), nn.Conv2D(4, 3, nn.Strides(2), nn.Same), nn.Conv2D(4, 3, nn.Dilation(2), nn.Same), nn.UpSampling2D(2),
		nn.ZeroPadding2D(1), nn.Cropping2D(2), nn.SeparableConv2D(5, 3), nn.GlobalAveragePooling2D(), nn.Dense(2)),
	"enlarging":  nn.Sequential(nn.Input(4, 5, 3), nn.Conv2DTranspose(4, 3, nn.Strides(2), nn.Same, nn.ReLU), nn.Conv2DTranspose(2, 3, nn.Strides(2)), nn.GlobalMaxPooling2D()),
	"series":     nn.Sequential(nn.Input(12, 3), nn.Conv1D(4, 3, nn.Causal, nn.Tanh), nn.MaxPooling1D(2), nn.Conv1D(4, 2), nn.GlobalAveragePooling1D(), nn.Dense(1)),
	"lstm":       nn.Sequential(nn.Input(6, 3), nn.LSTM(5, nn.ReturnSequences), nn.LSTM(4), nn.Dense(2)),
	"gru":        nn.Sequential(nn.Input(6, 3), nn.GRU(4, nn.ResetBefore, nn.ReturnSequences), nn.GRU(4), nn.Dense(2)),
	"rnn":        nn.Sequential(nn.Input(6, 3), nn.SimpleRNN(4), nn.Dense(2)),
	"normalised": nn.Sequential(nn.Input(6, 6, 3), nn.Conv2D(4, 3), nn.BatchNormalization(), nn.Activate(nn.ReLU), nn.Flatten(), nn.LayerNormalization(), nn.Dense(2)),
	"words":      nn.Sequential(nn.Input(7), nn.Embedding(5, 6), nn.GlobalAveragePooling1D(), nn.Dense(2, nn.Softmax)),
	"steps":      nn.Sequential(nn.Input(4, 3), nn.Dense(5, nn.ELU), nn.Flatten(), nn.Dense(2)),
}

// onnxAlone are networks that ONNX can hold as well.
var onnxAlone = map[string]*nn.Network{
	"functions":     nn.Sequential(nn.Input(6), nn.Dense(6, nn.GELU), nn.Dense(6, nn.GELUTanh), nn.Dense(6, nn.Swish), nn.Dense(6, nn.Mish), nn.Dense(4, nn.LogSoftmax)),
	"bidirectional": nn.Sequential(nn.Input(6, 3), nn.Bidirectional(nn.LSTM(5, nn.ReturnSequences)), nn.Bidirectional(nn.GRU(4)), nn.Dense(2)),
	"backwards":     nn.Sequential(nn.Input(6, 3), nn.LSTM(5, nn.GoBackwards, nn.ReturnSequences), nn.GRU(4, nn.GoBackwards), nn.Dense(2)),
	"summed":        nn.Sequential(nn.Input(6, 3), nn.Bidirectional(nn.LSTM(5, nn.ReturnSequences), nn.Merge(nn.MergeSum)), nn.Flatten(), nn.Dense(2)),
	"bilinear":      nn.Sequential(nn.Input(4, 5, 2), bilinear(), nn.Conv2D(2, 3), nn.Flatten()),
	"prelu":         nn.Sequential(nn.Input(4, 5, 2), nn.Conv2D(3, 2), nn.PReLU([]int{1, 2}), nn.Flatten()),
	"stretched":     nn.Sequential(nn.Input(5, 2), nn.UpSampling1D(3), nn.Flatten()),
	"repeated":      nn.Sequential(nn.Input(5), nn.RepeatVector(3), nn.GRU(4, nn.ReturnSequences), nn.TimeDistributed(nn.Dense(2)), nn.Permute([]int{2, 1})),
}

// A network that is written as ONNX and read again predicts the same.
func TestONNXComesBack(t *testing.T) {
	all := maps.Clone(interchange)
	maps.Copy(all, onnxAlone)
	for name, network := range all {
		t.Run(name, func(t *testing.T) {
			m, err := New(network, Seed(3))
			require.NoError(t, err)
			file, err := m.ToONNX()
			require.NoError(t, err)
			f, err := onnx.Read(file)
			require.NoError(t, err)
			again, err := FromONNX(f)
			require.NoError(t, err)
			samePredictions(t, m, again, 1e-6)
		})
	}
}

// samePredictions compares two models on some rows.
func samePredictions(t *testing.T, a, b *Model, tolerance float64) {
	x := tensor.New(append([]int{4}, a.InputShape()...)...)
	for i := range x.Data {
		x.Data[i] = float32(i % 5) // whole numbers, which an Embedding wants
	}
	want, err := a.Predict(context.Background(), x)
	require.NoError(t, err)
	got, err := b.Predict(context.Background(), x)
	require.NoError(t, err)
	require.Equal(t, want.Shape, got.Shape)
	assert.InDeltaSlice(t, want.Data, got.Data, tolerance)
}

func bilinear() nn.Layer {
	l := nn.UpSampling2D(2)
	l.Interpolation = "bilinear"
	return l
}
