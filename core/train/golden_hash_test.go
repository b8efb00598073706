package train_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// goldenDigest is the SHA-256 of the weights that the model below has after its
// training: on every machine, in every browser, with and without SIMD (contract
// C1). It changes together with train.NumericsVersion only. tests/browser trains
// the same model through site/terrarium.js.
const goldenDigest = "c470b7b7b8536a3c8ca46fe7c0a855f84589caa9c733d86523cd561db23440d1"

// goldenModel has dropout, penalties, normal initialisers, several activations, a
// last batch that is smaller, and products with more than 256 terms.
func goldenModel(t testing.TB) *train.Model {
	m, err := train.New(nn.Sequential(
		nn.Input(300),
		nn.Dense(37, nn.Tanh, nn.KernelInitializer(nn.HeNormal), nn.KernelRegularizer(nn.L2(0.001))),
		nn.Dropout(0.25),
		nn.Dense(19, nn.GELU, nn.KernelInitializer(nn.LecunNormal)),
		nn.Dense(11, nn.Swish, nn.KernelInitializer(nn.GlorotNormal), nn.KernelRegularizer(nn.L1(0.0005))),
		nn.Dropout(0.1),
		nn.Dense(3, nn.Softmax),
	), train.Seed(20240607))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: nn.CategoricalCrossentropy{}, Metrics: []string{"accuracy"}}))
	return m
}

// goldenData is a formula that any language computes exactly: fractions of 1024.
func goldenData() (x, y *tensor.Tensor) {
	const rows, cols, classes = 150, 300, 3
	x, y = tensor.New(rows, cols), tensor.New(rows, classes)
	for i := range x.Data {
		x.Data[i] = float32((i*7919+i/cols*104729)%2048-1024) / 1024
	}
	for i := range rows {
		y.Data[i*classes+(i*i+i/7)%classes] = 1
	}
	return x, y
}

func TestGoldenDigest(t *testing.T) {
	m := goldenModel(t)
	x, y := goldenData()
	_, err := m.Fit(context.Background(), x, y, train.FitConfig{Epochs: 6, BatchSize: 32})
	require.NoError(t, err)
	require.Equal(t, goldenDigest, m.Digest())
}
