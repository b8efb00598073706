package train_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// benchData is rows of smooth numbers, and targets that follow from them.
func benchData(rows, in, out int) (x, y *tensor.Tensor) {
	x, y = tensor.New(rows, in), tensor.New(rows, out)
	for i := range x.Data {
		x.Data[i] = float32((i*7919)%1000) / 1000
	}
	for i := range rows {
		y.Data[i*out+(i*31)%out] = float32(i%max(2, out)) / float32(max(1, max(2, out)-1))
		if out > 1 {
			y.Data[i*out+(i*31)%out] = 1
		}
	}
	return x, y
}

// mlp is the network of the README's speed table.
func mlp(t testing.TB) *train.Model {
	m, err := train.New(nn.Sequential(nn.Input(784), nn.Dense(128, nn.ReLU), nn.Dense(64, nn.ReLU), nn.Dense(10, nn.Softmax)), train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{}, Loss: nn.CategoricalCrossentropy{}}))
	return m
}

// benchFit trains epochs of so many steps and reports rows and steps a second.
func benchFit(b *testing.B, m *train.Model, x, y *tensor.Tensor, batch int) {
	c := train.FitConfig{Epochs: 1, BatchSize: batch, NoShuffle: true}
	_, err := m.Fit(ctx, x, y, c)
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := m.Fit(ctx, x, y, c); err != nil {
			b.Fatal(err)
		}
	}
	rows := float64(b.N * x.Rows())
	b.ReportMetric(rows/b.Elapsed().Seconds(), "samples/s")
	b.ReportMetric(rows/float64(batch)/b.Elapsed().Seconds(), "steps/s")
}

// BenchmarkFitMLP: 784-128-64-10, ReLU, softmax crossentropy, Adam. An iteration is
// an epoch of 16 steps.
func BenchmarkFitMLP(b *testing.B) {
	for _, batch := range []int{32, 256} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			x, y := benchData(16*batch, 784, 10)
			benchFit(b, mlp(b), x, y, batch)
		})
	}
}

// BenchmarkFitTabular: 10-32-16-1, ReLU, binary crossentropy, Adam, batch 32. An
// iteration is an epoch of 32 steps.
func BenchmarkFitTabular(b *testing.B) {
	m, err := train.New(nn.Sequential(nn.Input(10), nn.Dense(32, nn.ReLU), nn.Dense(16, nn.ReLU), nn.Dense(1, nn.Sigmoid)), train.Seed(1))
	require.NoError(b, err)
	require.NoError(b, m.Compile(train.Config{Optimizer: optim.Adam{}, Loss: nn.BinaryCrossentropy{}}))
	x, y := benchData(1024, 10, 1)
	benchFit(b, m, x, y, 32)
}

// BenchmarkPredictMLP predicts 1 and 256 rows of the MLP.
func BenchmarkPredictMLP(b *testing.B) {
	for _, rows := range []int{1, 256} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			m := mlp(b)
			x, p := tensor.New(rows, 784), tensor.New(rows, 10)
			require.NoError(b, m.PredictInto(p, x))
			b.ReportAllocs()
			for b.Loop() {
				if err := m.PredictInto(p, x); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

// cnn is the convolutional network of the README's speed table.
func cnn(t testing.TB) *train.Model {
	m, err := train.New(nn.Sequential(nn.Input(28, 28, 1), nn.Conv2D(8, 5, nn.Same, nn.ReLU), nn.MaxPooling2D(2),
		nn.Conv2D(16, 5, nn.Same, nn.ReLU), nn.MaxPooling2D(2), nn.Flatten(), nn.Dense(10, nn.Softmax)), train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{}, Loss: nn.CategoricalCrossentropy{}}))
	return m
}

// BenchmarkFitCNN: 28×28×1, two convolutions of 5×5, Adam, batch 32. An iteration is an
// epoch of 16 steps.
func BenchmarkFitCNN(b *testing.B) {
	x, y := benchData(16*32, 784, 10)
	x.Shape = []int{16 * 32, 28, 28, 1}
	benchFit(b, cnn(b), x, y, 32)
}

// BenchmarkPredictCNN predicts 1 and 64 rows of it.
func BenchmarkPredictCNN(b *testing.B) {
	for _, rows := range []int{1, 64} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			m := cnn(b)
			x, p := tensor.New(rows, 28, 28, 1), tensor.New(rows, 10)
			require.NoError(b, m.PredictInto(p, x))
			b.ReportAllocs()
			for b.Loop() {
				if err := m.PredictInto(p, x); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}

// BenchmarkFitLSTM: LSTM(32) over 32 steps of 8 features, dense 1, squared error, Adam,
// batch 32. An iteration is an epoch of 16 steps.
func BenchmarkFitLSTM(b *testing.B) {
	m, err := train.New(nn.Sequential(nn.Input(32, 8), nn.LSTM(32), nn.Dense(1)), train.Seed(1))
	require.NoError(b, err)
	require.NoError(b, m.Compile(train.Config{Optimizer: optim.Adam{}, Loss: nn.MeanSquaredError{}}))
	x, y := benchData(16*32, 32*8, 1)
	x.Shape = []int{16 * 32, 32, 8}
	benchFit(b, m, x, y, 32)
}
