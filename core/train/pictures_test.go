package train

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
)

// suggested makes and trains what is suggested for pictures, for so many epochs at most.
func suggested(t *testing.T, s *image.Set, epochs int, change func(*image.Setup)) (*Model, *image.Prepared) {
	t.Helper()
	setup := s.Suggest()
	if change != nil {
		change(&setup)
	}
	p, err := s.Prepare(setup, 0, nil)
	require.NoError(t, err)
	layer := func(class string, config map[string]any) nn.LayerConfig {
		b, err := json.Marshal(config)
		require.NoError(t, err)
		return nn.LayerConfig{ClassName: class, Config: b}
	}
	layers := []nn.LayerConfig{layer("InputLayer", map[string]any{"inputShape": p.Pipeline.Shape()})}
	for _, l := range p.Network() {
		layers = append(layers, layer(l.ClassName, l.Config))
	}
	layers = append(layers, layer("Dense", map[string]any{"units": p.Pipeline.Output.Units(), "activation": "softmax"}))
	network, err := nn.FromConfig(layers)
	require.NoError(t, err)
	m, err := New(network, Seed(1))
	require.NoError(t, err)
	m.Pipeline = p.Pipeline
	d := p.Training()
	require.NoError(t, m.Compile(Config{Optimizer: optim.Adam{LearningRate: d.LearningRate}, Loss: nn.SparseCategoricalCrossentropy{}, Metrics: []string{"accuracy"}}))
	_, err = m.FitData(context.Background(), Pictures(p), FitConfig{Epochs: min(epochs, d.Epochs), BatchSize: d.BatchSize,
		ValidationX: p.Validation.X, ValidationY: p.Validation.Y, EarlyStopping: &EarlyStopping{Monitor: "val_loss", Patience: d.Patience}})
	require.NoError(t, err)
	return m, p
}

// tested is the accuracy on pictures that the model never saw.
func tested(t *testing.T, m *Model, p *image.Prepared) float64 {
	t.Helper()
	logs, err := m.Evaluate(context.Background(), p.Test.X, p.Test.Y, EvalConfig{})
	require.NoError(t, err)
	return logs["acc"]
}

// Drawn digits are learned, with augmentation, to the same bits each time.
func TestPicturesAreLearned(t *testing.T) {
	digits := func() *image.Set {
		s := image.NewSet(image.Options{})
		require.NoError(t, s.AddSample("digits"))
		return s
	}
	m, p := suggested(t, digits(), 8, nil)
	require.Greater(t, tested(t, m, p), 0.9)
	again, _ := suggested(t, digits(), 8, nil)
	require.Equal(t, m.Digest(), again.Digest())
	plain, _ := suggested(t, digits(), 8, func(s *image.Setup) { s.Augment = image.Augment{} })
	require.NotEqual(t, m.Digest(), plain.Digest())
}

// MNIST's 10,000 digits, of which 6,400 are learned from, with everything as suggested.
func TestMNISTAsSuggested(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: trains for a while")
	}
	dir := os.Getenv("TERRARIUM_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		why := "not run: " + t.Name() + " needs the folder of real data sets, TERRARIUM_DATA"
		fmt.Println(why)
		t.Skip(why)
	}
	s := image.NewSet(image.Options{})
	for _, name := range []string{"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"} {
		f, err := os.Open(filepath.Join(dir, "mnist", name))
		require.NoError(t, err)
		defer f.Close()
		info, err := f.Stat()
		require.NoError(t, err)
		require.NoError(t, s.Add(image.File{Path: name, Size: info.Size(), Data: f}))
	}
	m, p := suggested(t, s, 100, nil)
	require.Len(t, p.Test.Rows, 2000)
	require.GreaterOrEqual(t, tested(t, m, p), 0.975)
}
