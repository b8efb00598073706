package train_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// charContext is how many characters the transformer of the speed table sees.
const charContext = 64

// charTransformer predicts after each character of a text the next one: two blocks of
// width 64 with four heads.
func charTransformer(t testing.TB, vocabulary int, opts ...nn.Option) *train.Model {
	opts = append(opts, nn.Causal)
	m, err := train.New(nn.Sequential(
		nn.Input(charContext),
		nn.Embedding(vocabulary, 64),
		nn.PositionEmbedding(0),
		nn.TransformerBlock(4, opts...),
		nn.TransformerBlock(4, opts...),
		nn.LayerNormalization(),
		nn.Dense(vocabulary),
	), train.Seed(1))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.001}, Loss: nn.SparseCategoricalCrossentropy{FromLogits: true}}))
	return m
}

// A corpus is a text as numbers of its characters.
type corpus struct {
	text  []float32
	chars []byte // by number, in ascending order
}

func newCorpus(text []byte) corpus {
	var number [256]int
	for _, b := range text {
		number[b] = 1
	}
	var c corpus
	for b := range number {
		if number[b] == 1 {
			number[b] = len(c.chars)
			c.chars = append(c.chars, byte(b))
		}
	}
	for _, b := range text {
		c.text = append(c.text, float32(number[b]))
	}
	return c
}

// windows returns stretches of the text between two places, each stride behind the last
// one, and for every character of them the next one.
func (c corpus) windows(from, to, stride int) (x, y *tensor.Tensor) {
	rows := (to - from - charContext - 1) / stride
	x, y = tensor.New(rows, charContext), tensor.New(rows, charContext)
	for i := range rows {
		at := from + i*stride
		copy(x.Data[i*charContext:(i+1)*charContext], c.text[at:])
		copy(y.Data[i*charContext:(i+1)*charContext], c.text[at+1:])
	}
	return x, y
}

// shakespeare reads the text from the folder of real data sets (DESIGN §8), or skips.
func shakespeare(t testing.TB) corpus {
	folder := os.Getenv("TERRARIUM_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("real data sets are not here: no folder %s", folder)
	}
	text, err := os.ReadFile(filepath.Join(folder, "tiny-shakespeare.txt"))
	require.NoError(t, err)
	return newCorpus(text)
}
