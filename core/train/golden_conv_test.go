package train_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
)

// goldenConvDigest is what goldenDigest is, of a network of all kinds of convolution:
// with strides, dilation and padding, patches of more than 256 numbers, and more
// positions than are gathered at a time.
const goldenConvDigest = "bd94a39ae6edd4ed50442107155a19bf90d58f95528e9fcfccae269be3b53b90"

func TestGoldenConvDigest(t *testing.T) {
	m, err := train.New(nn.Sequential(
		nn.Input(10, 10, 3),
		&nn.ConvLayer{Class: "Conv2D", Filters: 9, KernelSize: []int{5, 6}, Padding: nn.Same, Activation: nn.ReLU},
		nn.MaxPooling2D(2),
		nn.SeparableConv2D(12, 3, nn.DepthMultiplier(2), nn.Same, nn.Tanh),
		nn.Conv2DTranspose(5, 3, nn.Strides(2), nn.Same, nn.ReLU),
		nn.Conv2D(33, 3, nn.Dilation(2), nn.Strides(1, 2), nn.ReLU, nn.KernelInitializer(nn.HeNormal)),
		nn.DepthwiseConv2D(2, nn.Sigmoid),
		nn.Flatten(),
		nn.Dense(3, nn.Softmax),
	), train.Seed(20240607))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: nn.CategoricalCrossentropy{}, Metrics: []string{"accuracy"}}))
	x, y := goldenData()
	x.Shape = []int{x.Rows(), 10, 10, 3}
	_, err = m.Fit(context.Background(), x, y, train.FitConfig{Epochs: 6, BatchSize: 32})
	require.NoError(t, err)
	require.Equal(t, goldenConvDigest, m.Digest())
}
