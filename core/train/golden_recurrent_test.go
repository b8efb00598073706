package train_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
)

// goldenRecurrentDigest is what goldenDigest is, of recurrent layers of every kind: both
// directions, dropout of features and of states, whole sequences and last states.
const goldenRecurrentDigest = "53c6d6434120677a2cb2a518baeeefb9f2e9b90c6d11e0db9470887a7fe863e8"

func TestGoldenRecurrentDigest(t *testing.T) {
	m, err := train.New(nn.Sequential(
		nn.Input(25, 12),
		&nn.RecurrentLayer{Class: "LSTM", Units: 11, ReturnSequences: true, Dropout: 0.1, RecurrentDropout: 0.1},
		nn.Bidirectional(&nn.RecurrentLayer{Class: "GRU", Units: 6, ReturnSequences: true}),
		nn.TimeDistributed(nn.Dense(7, nn.Tanh)),
		nn.SimpleRNN(9),
		nn.Dense(3, nn.Softmax),
	), train.Seed(20240607))
	require.NoError(t, err)
	goldenFit(t, m, goldenRecurrentDigest, 25, 12)
}

// goldenTransformerDigest is what goldenDigest is, of attention and normalisation.
const goldenTransformerDigest = "2d8d47e60bed3c115f1abffe18a029dedbd0a95aa563eeba052d35d8e54e3bbc"

func TestGoldenTransformerDigest(t *testing.T) {
	m, err := train.New(nn.Sequential(
		nn.Input(25, 12),
		nn.Dense(16),
		nn.PositionEmbedding(25),
		nn.TransformerBlock(4, nn.Causal, nn.DropoutRate(0.1)),
		nn.BatchNormalization(),
		nn.TransformerBlock(2),
		nn.LayerNormalization(),
		nn.GlobalAveragePooling1D(),
		nn.Dense(3, nn.Softmax),
	), train.Seed(20240607))
	require.NoError(t, err)
	goldenFit(t, m, goldenTransformerDigest, 25, 12)
}

// goldenFit trains on the golden data in rows of another shape.
func goldenFit(t *testing.T, m *train.Model, want string, shape ...int) {
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: nn.CategoricalCrossentropy{}, Metrics: []string{"accuracy"}}))
	x, y := goldenData()
	x.Shape = append([]int{x.Rows()}, shape...)
	_, err := m.Fit(context.Background(), x, y, train.FitConfig{Epochs: 6, BatchSize: 32})
	require.NoError(t, err)
	require.Equal(t, want, m.Digest())
}
