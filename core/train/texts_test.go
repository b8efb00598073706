package train_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
)

// writer makes a model of a network that is suggested for a manuscript.
func writer(t *testing.T, m *text.Manuscript, network text.Network) *train.Model {
	t.Helper()
	layers := []nn.Layer{nn.Input(m.Tokenizer.Length)}
	for _, l := range network.Layers {
		config, err := json.Marshal(l.Config)
		require.NoError(t, err)
		layer, err := nn.ParseLayer(nn.LayerConfig{ClassName: l.ClassName, Config: config})
		require.NoError(t, err)
		layers = append(layers, layer)
	}
	model, err := train.New(nn.Sequential(append(layers, nn.Dense(m.Tokenizer.Size(), nn.Softmax))...), train.Seed(1))
	require.NoError(t, err)
	model.Pipeline = m.Pipeline
	require.NoError(t, model.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: nn.SparseCategoricalCrossentropy{}}))
	return model
}

// written is what a model writes.
func written(t *testing.T, m *train.Model, w train.Writing) string {
	t.Helper()
	text := ""
	require.NoError(t, m.Write(context.Background(), w, func(piece string) error { text += piece; return nil }))
	return text
}

// A rhyme is learned by heart by each network, and the same seed writes the same.
func TestAModelWrites(t *testing.T) {
	const start, rhyme = "床前明月光，", "床前明月光，疑是地上霜。举头望明月，低头思故乡。\n" // Li Bai, 8th century
	book := strings.Repeat(rhyme, 24)
	m, err := text.PrepareWriting("rhyme", book, text.WritingSetup{Kind: text.KindCharacters, Length: 12}, 0, nil)
	require.NoError(t, err)
	for _, network := range m.Networks() {
		model := writer(t, m, network)
		_, err = model.FitData(context.Background(), train.Windows(m.Windows), train.FitConfig{Epochs: 60, BatchSize: 8})
		require.NoError(t, err)
		assert.Equal(t, rhyme, start+written(t, model, train.Writing{Start: start, Count: 19}), network.Name)
		assert.NotEmpty(t, written(t, model, train.Writing{Count: 3, Temperature: 1}))
		hot := train.Writing{Start: start, Count: 80, Temperature: 5, Seed: 7}
		once := written(t, model, hot)
		assert.Equal(t, once, written(t, model, hot))
		hot.Seed = 8
		assert.NotEqual(t, once, written(t, model, hot))

		ctx, cancel := context.WithCancel(context.Background())
		pieces := 0
		err = model.Write(ctx, hot, func(string) error {
			if pieces++; pieces == 5 {
				cancel()
			}
			return nil
		})
		assert.ErrorContains(t, err, "stopped")
		assert.Equal(t, 5, pieces)
		stop := errors.New("enough")
		assert.Equal(t, stop, model.Write(context.Background(), hot, func(string) error { return stop }))
		hot.Temperature = -1
		assert.ErrorContains(t, model.Write(context.Background(), hot, nil), "temperature")
	}
	plain, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(1)))
	require.NoError(t, err)
	assert.ErrorContains(t, plain.Write(context.Background(), train.Writing{}, nil), "does not write")
}
