package golden

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/keras"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/train"
)

// TestModels opens every model that TensorFlow.js saved, predicts what it predicted,
// writes it as Terrarium does for TensorFlow.js, and opens that again.
func TestModels(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(folder(), "tfjs-models", "*", "model.json"))
	require.NoError(t, err)
	if os.Getenv("TERRARIUM_GOLDEN") == "" {
		require.NotEmpty(t, dirs, "no models in %s", folder())
	}
	for _, file := range dirs {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) { runModel(t, filepath.Dir(file)) })
	}
}

func runModel(t *testing.T, dir string) {
	text, err := os.ReadFile(filepath.Join(dir, "model.json"))
	require.NoError(t, err)
	m := open(t, text, func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, path)) })
	checkPredictions(t, m, dir)

	model, weights, err := m.ToKeras()
	require.NoError(t, err)
	again := open(t, model, func(path string) ([]byte, error) {
		require.Equal(t, keras.WeightsFile, filepath.Clean(path))
		return weights, nil
	})
	require.Equal(t, m.Digest(), again.Digest())
	checkPredictions(t, again, dir)
}

func open(t *testing.T, model []byte, shards keras.Open) *train.Model {
	f, err := keras.Read(model, shards)
	if err != nil && strings.Contains(err.Error(), "unknown layer") {
		t.Skipf("not built yet: %v", err)
	}
	require.NoError(t, err)
	m, err := train.FromKeras(f)
	require.NoError(t, err)
	return m
}

// checkPredictions compares what the model predicts with what TensorFlow.js did.
func checkPredictions(t *testing.T, m *train.Model, dir string) {
	var in struct{ Inputs []Tensor }
	var want struct {
		Outputs []Tensor
		Noise   map[string]float64
	}
	for name, into := range map[string]any{"inputs.json": &in, "expected.json": &want} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, into))
	}
	built, err := m.Network().Build()
	require.NoError(t, err)
	store := graph.NewStore(built.Graph)
	for i, w := range m.Weights() {
		copy(store.Of(i, store.Change()), w.Tensor.Data)
	}
	rows := in.Inputs[0].Shape[0]
	plan, err := graph.NewPlan(built.Graph, store, graph.Config{MaxBatch: rows, Outputs: built.Outputs}, 0)
	require.NoError(t, err)
	require.Len(t, built.Inputs, len(in.Inputs))
	for i, x := range in.Inputs {
		copy(plan.Value(built.Inputs[i], rows), x.Data)
	}
	require.NoError(t, plan.Forward(rows, false))
	for i, w := range want.Outputs {
		near(t, w.Name, w.Data, plan.Value(built.Outputs[i], rows), tolerance(want.Noise["outputs."+w.Name], w.Data))
	}
}
