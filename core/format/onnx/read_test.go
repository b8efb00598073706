package onnx_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/onnx"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// Models that were read predict what ONNX Runtime does of the same files.
func TestReadPredictsAsONNXRuntime(t *testing.T) {
	files, err := filepath.Glob("testdata/read/*.onnx")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".onnx"), func(t *testing.T) {
			file, err := os.ReadFile(name)
			require.NoError(t, err)
			text, err := os.ReadFile(strings.TrimSuffix(name, ".onnx") + ".json")
			require.NoError(t, err)
			var c struct {
				Shape []int
				X, Y  []float32
			}
			require.NoError(t, json.Unmarshal(text, &c))
			f, err := onnx.Read(file)
			require.NoError(t, err)
			m, err := train.FromONNX(f)
			require.NoError(t, err)
			y, err := m.Predict(context.Background(), &tensor.Tensor{Shape: c.Shape, Data: c.X})
			require.NoError(t, err)
			require.Len(t, y.Data, len(c.Y), "results of shape %v", y.Shape)
			assert.InDeltaSlice(t, c.Y, y.Data, 2e-5)
		})
	}
}
