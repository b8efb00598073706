package text_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/train"
)

// messages reads the SMS Spam Collection of the folder of real data sets (DESIGN §8).
func messages(t *testing.T) (texts, labels []string) {
	t.Helper()
	folder := os.Getenv("TERRARIUM_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("real data sets are not here: no folder %s", folder)
	}
	f, err := os.Open(filepath.Join(folder, "sms-spam.tsv"))
	require.NoError(t, err)
	defer f.Close()
	table, err := data.ReadTable(f, data.ReadOptions{Name: "sms-spam.tsv"})
	require.NoError(t, err)
	for row := range table.Rows() {
		labels, texts = append(labels, table.Cell(row, 0)), append(texts, table.Cell(row, 1))
	}
	return texts, labels
}

// parsed makes layers of what is suggested.
func parsed(t testing.TB, suggested []text.Layer) (layers []nn.Layer) {
	t.Helper()
	for _, l := range suggested {
		config, err := json.Marshal(l.Config)
		require.NoError(t, err)
		layer, err := nn.ParseLayer(nn.LayerConfig{ClassName: l.ClassName, Config: config})
		require.NoError(t, err)
		layers = append(layers, layer)
	}
	return layers
}

// network builds what Network and Training suggest.
func network(t testing.TB, p *text.Prepared, seed uint64) *train.Model {
	t.Helper()
	layers := append([]nn.Layer{nn.Input(p.Tokenizer.Length)}, parsed(t, p.Network())...)
	d := p.Training()
	require.Equal(t, []any{1, "sigmoid", "binaryCrossentropy", "adam"}, []any{d.OutputUnits, d.OutputActivation, d.Loss, d.Optimizer})
	m, err := train.New(nn.Sequential(append(layers, nn.Dense(1, nn.Sigmoid))...), train.Seed(seed))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: d.LearningRate}, Loss: nn.BinaryCrossentropy{}}))
	return m
}

func fit(t testing.TB, m *train.Model, p *text.Prepared) {
	t.Helper()
	d := p.Training()
	_, err := m.Fit(context.Background(), p.Train.X, p.Train.Y, train.FitConfig{Epochs: d.Epochs, BatchSize: d.BatchSize,
		ValidationX: p.Validation.X, ValidationY: p.Validation.Y, EarlyStopping: &train.EarlyStopping{Patience: d.Patience}})
	require.NoError(t, err)
}

// f1 judges by the test part.
func f1(t testing.TB, m *train.Model, part data.Part) float64 {
	t.Helper()
	guess, err := m.Predict(context.Background(), part.X)
	require.NoError(t, err)
	both, either := 0, 0
	for i, y := range part.Y.Data {
		if guess.Data[i] >= 0.5 {
			either++
		}
		if y == 1 {
			either++
		}
		if guess.Data[i] >= 0.5 && y == 1 {
			both += 2
		}
	}
	return float64(both) / float64(either)
}

// Unwanted messages are found with what is suggested, for each seed.
func TestSpamIsFound(t *testing.T) {
	texts, labels := messages(t)
	seeds := uint64(5)
	if testing.Short() {
		seeds = 1
	}
	for seed := uint64(1); seed <= seeds; seed++ {
		setup := text.Suggest(texts)
		setup.Split.Seed = seed
		p, err := text.Prepare(texts, labels, setup, 0, nil)
		require.NoError(t, err)
		require.Equal(t, []string{"ham", "spam"}, p.Pipeline.Output.Labels)
		m := network(t, p, seed)
		fit(t, m, p)
		score := f1(t, m, p.Test)
		t.Logf("seed %d: %d tokens of %d kinds, %d copies, F1 %.4f", seed, p.Tokenizer.Length, p.Tokenizer.Size(), p.Between, score)
		assert.GreaterOrEqual(t, score, 0.90)
	}
}

// Each kind of token serves.
func TestEveryKindFindsSpam(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: a minute of training")
	}
	texts, labels := messages(t)
	for _, o := range []text.Options{
		{Kind: text.KindNGrams, Low: 3, High: 4, Hashed: true, Vocabulary: 8192, Length: 256},
		{Kind: text.KindBytePairs, Vocabulary: 4000},
	} {
		setup := text.Suggest(texts)
		o.Cleaning = setup.Options.Cleaning
		setup.Options = o
		p, err := text.Prepare(texts, labels, setup, 0, nil)
		require.NoError(t, err)
		m := network(t, p, 1)
		fit(t, m, p)
		score := f1(t, m, p.Test)
		t.Logf("%s: %d tokens of %d kinds, F1 %.4f", o.Kind, p.Tokenizer.Length, p.Tokenizer.Size(), score)
		assert.GreaterOrEqual(t, score, 0.90, o.Kind)
	}
}
