package text_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// chineseDigest is the SHA-256 of the weights that the test below trains: on every
// machine, in every browser, with and without SIMD (contract C1). It changes together
// with train.NumericsVersion only.
const chineseDigest = "13f9920c938370a6305799f2e3017d09da5adf78472d5698e856a01fa7104c16"

// A language without spaces is learned from its characters, to the same bits everywhere.
func TestChineseIsLearned(t *testing.T) {
	texts, labels := text.ChineseMessages()
	setup := text.Suggest(texts)
	setup.Split = data.Split{Train: 1, Seed: 1, Stratify: true}
	p, err := text.Prepare(texts, labels, setup, 0, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"好", "差"}, p.Pipeline.Output.Labels)
	m := network(t, p, 1)
	_, err = m.Fit(context.Background(), p.Train.X, p.Train.Y, train.FitConfig{Epochs: 40, BatchSize: 8})
	require.NoError(t, err)
	x := tensor.New(1, p.Tokenizer.Length)
	for message, bad := range map[string]bool{"味道很好，我很喜欢！": false, "太慢了，味道差。": true, "老板热情，汤好吃": false, "电话没有人接": true} {
		require.NoError(t, p.Tokenizer.Encode(x.Data, message))
		y, err := m.Predict(context.Background(), x)
		require.NoError(t, err)
		assert.Equal(t, bad, y.Data[0] > 0.5, message)
	}
	assert.Equal(t, chineseDigest, m.Digest())
}

// windows is a train.Dataset of text.Windows.
type windows struct{ *text.Windows }

func (w windows) Shapes() (inputs, targets [][]int) {
	return [][]int{{w.Length}}, [][]int{{w.Length}}
}

func (w windows) Fill(b *train.Batch) error {
	w.Windows.Fill(b.Inputs[0], b.Targets[0], b.Rows)
	return nil
}

// A recurrent network learns a rhyme by heart, and writes it.
func TestARhymeIsWritten(t *testing.T) {
	const rhyme = "床前明月光，疑是地上霜。举头望明月，低头思故乡。\n" // Li Bai, 8th century
	poem := ""
	for range 6 {
		poem += rhyme
	}
	k, err := text.Train([]string{poem}, text.Options{Kind: text.KindCharacters, Length: 12}, nil)
	require.NoError(t, err)
	w, err := text.NewWindows(k, poem, 1)
	require.NoError(t, err)
	layers := append([]nn.Layer{nn.Input(k.Length)}, parsed(t, w.Network())...)
	m, err := train.New(nn.Sequential(append(layers, nn.Dense(k.Size(), nn.Softmax))...), train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.01}, Loss: nn.SparseCategoricalCrossentropy{}}))
	_, err = m.FitData(context.Background(), windows{w}, train.FitConfig{Epochs: 25, BatchSize: 16})
	require.NoError(t, err)

	written := []rune(rhyme)[:k.Length]
	x, p, scratch := tensor.New(1, k.Length), tensor.New(1, k.Length, k.Size()), make([]float32, k.Size())
	var stream rand.PCG
	stream.Seed(1, 1)
	for len(written) < 2*len([]rune(rhyme)) {
		require.NoError(t, k.Encode(x.Data, string(written[len(written)-k.Length:])))
		require.NoError(t, m.PredictInto(p, x))
		next, err := text.Sample(scratch, p.Data[len(p.Data)-k.Size():], 0.3, &stream)
		require.NoError(t, err)
		written = append(written, []rune(k.Decode([]float32{float32(next)}))...)
	}
	assert.Equal(t, rhyme+rhyme, string(written))
}
