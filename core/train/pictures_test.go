package train

import (
	"context"
	"math/rand/v2"
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
	_, err = m.FitData(context.Background(), Pictures(p.Prepared, p.Fill), FitConfig{Epochs: min(epochs, d.Epochs), BatchSize: d.BatchSize,
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

// Drawn digits are learned, with augmentation, to the same bits on every machine.
func TestPicturesAreLearned(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: slow where a processor is played by a program; the digests are of the same bits")
	}
	digits := func() *image.Set {
		s := image.NewSet(image.Options{})
		require.NoError(t, s.AddSample("digits"))
		return s
	}
	m, p := suggested(t, digits(), 3, nil)
	require.Greater(t, tested(t, m, p), 0.85)
	// What is drawn on the pad is what the network knows.
	for label, drawing := range map[string][]image.Stroke{
		"1": {{400, 300, 520, 180, 520, 860}},
		"7": {{200, 200, 800, 210, 450, 900}},
		"0": {{500, 100, 300, 250, 230, 500, 300, 750, 500, 900, 700, 750, 770, 500, 700, 250, 500, 100}},
	} {
		picture, err := image.Draw(drawing, p.Config.Light)
		require.NoError(t, err)
		x := make([]float32, p.Pipeline.Features())
		p.Config.Encode(x, picture)
		out := make([]float32, p.Pipeline.Output.Units())
		require.NoError(t, m.PredictFloats(out, x))
		require.Equal(t, label, p.Pipeline.Output.Labels[p.Pipeline.Label(out)])
	}
	require.Equal(t, "b309da9b7887aa39b5a69dfa89245c8a4e1a331e6cead6dd039264010f4a112b", m.Digest())
	plain, _ := suggested(t, digits(), 1, func(s *image.Setup) { s.Augment = image.Augment{} })
	varied, _ := suggested(t, digits(), 1, nil)
	require.NotEqual(t, varied.Digest(), plain.Digest())
}

// A step on pictures allocates nothing, augmented or not.
func TestPicturesFillWithoutAllocating(t *testing.T) {
	s := image.NewSet(image.Options{})
	require.NoError(t, s.AddSample("digits"))
	p, err := s.Prepare(s.Suggest(), 0, nil)
	require.NoError(t, err)
	d := Pictures(p.Prepared, p.Fill)
	b := &Batch{Rows: []int{3, 1, 2}, Inputs: [][]float32{make([]float32, 3*784)}, Targets: [][]float32{make([]float32, 3)}, Rand: rand.NewPCG(1, 2)}
	for _, b.Training = range []bool{true, false} {
		require.Zero(t, testing.AllocsPerRun(5, func() { _ = d.Fill(b) }))
	}
	require.Equal(t, p.Train.Y.Data[1], b.Targets[0][1])
	plain := make([]float32, 784)
	p.Fill(plain, []int{1}, nil)
	require.Equal(t, plain, b.Inputs[0][784:2*784], "an evaluation sees pictures as they are")
}
