// Package golden compares the core with an outside oracle: outputs, gradients and
// whole training runs that TensorFlow.js computed. It walks every file and every
// case of the folder named by TERRARIUM_GOLDEN (unset: ../testdata/golden, where a
// README explains the schema), so that other cases of the same schema run through
// the same test.
package golden

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A family runs the cases of one kind.
type family func(t *testing.T, c json.RawMessage)

// families by the name that stands in a file.
var families = map[string]family{
	"activations":  runLayer,
	"layers":       runLayer,
	"losses":       runLoss,
	"optimizers":   runOptimizer,
	"regularizers": runRegularizer,
	"initializers": runInitializer,
	"trajectories": runTrajectory,
	"metrics":      runMetric,
	"constraints":  runConstraint,
}

func folder() string {
	if dir := os.Getenv("TERRARIUM_GOLDEN"); dir != "" {
		return dir
	}
	return filepath.Join("..", "testdata", "golden")
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(folder(), "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "no golden files in %s", folder())
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { runFile(t, file) })
	}
}

func runFile(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var content struct {
		Format, Family string
		Cases          []json.RawMessage
	}
	require.NoError(t, json.Unmarshal(text, &content))
	require.Equal(t, "golden-v1", content.Format)
	require.NotEmpty(t, content.Cases)
	for _, c := range content.Cases {
		var head struct {
			Name  string
			Quirk bool
		}
		require.NoError(t, json.Unmarshal(c, &head))
		t.Run(head.Name, func(t *testing.T) {
			if head.Quirk {
				t.Skip("a quirk of TensorFlow.js, which we do not share")
			}
			kind := content.Family
			if strings.HasPrefix(kind, "layers_") {
				kind = "layers"
			}
			run, ok := families[kind]
			require.True(t, ok, "family %q has no runner", content.Family)
			run(t, c)
		})
	}
}

// A Tensor is the schema's tensor.
type Tensor struct {
	Name      string
	Shape     []int
	Data      []float32
	Trainable *bool
}

// near compares by the README's rule: |got − want| ≤ max(20·noise, 1e-5·max|want|,
// 1e-7), or with other factors where a caller gives them.
func near(t *testing.T, what string, want, got []float32, tolerance float64) {
	t.Helper()
	require.Len(t, got, len(want), what)
	worst, at := 0.0, 0
	for i := range want {
		if d := math.Abs(float64(got[i]) - float64(want[i])); !(d <= worst) {
			worst, at = d, i
		}
	}
	if !(worst <= tolerance) {
		t.Errorf("%s[%d]: want %v, got %v: off by %.3g, tolerance %.3g", what, at, want[at], got[at], worst, tolerance)
	}
}

func tolerance(noise float64, want []float32) float64 {
	return max(20*noise, 1e-5*largest(want), 1e-7)
}

func largest(values []float32) float64 {
	m := 0.0
	for _, v := range values {
		m = max(m, math.Abs(float64(v)))
	}
	return m
}
