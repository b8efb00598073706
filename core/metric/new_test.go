package metric

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// The key in a history is the name that was asked for, but for the two short ones.
func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"accuracy": "acc", "acc": "acc", "crossentropy": "ce", "ce": "ce",
		"mse": "mse", "MSE": "MSE", "meanSquaredError": "meanSquaredError", "mean_squared_error": "mean_squared_error",
		"mae": "mae", "MAPE": "MAPE", "rmse": "rmse", "r2": "r2", "r2Score": "r2Score", "cosine": "cosine", "binaryAccuracy": "binaryAccuracy",
		"precision": "precision", "recall": "recall", "f1": "f1", "topKCategoricalAccuracy": "topKCategoricalAccuracy",
	} {
		m, err := New(name, "", 3)
		require.NoError(t, err)
		assert.Equal(t, want, m.Name())
	}
	for _, name := range Names() {
		_, err := New(name, "", 3)
		assert.NoError(t, err, name)
	}
}

// "accuracy" means what the loss says.
func TestAccuracyResolves(t *testing.T) {
	y, p := []float32{0, 1, 1, 0}, []float32{0.4, 0.3, 0.2, 0.6}
	for _, c := range []struct {
		loss    string
		outputs int
		y, p    []float32
		want    float64
	}{
		{"binaryCrossentropy", 1, y, p, 0.25},
		{"meanSquaredError", 1, y, p, 0.25},
		{"", 1, y, p, 0.25},
		{"binary_crossentropy", 2, y, p, 0.25},
		{"categoricalCrossentropy", 2, y, p, 0},
		{"mse", 2, y, p, 0},
		{"sparse_categorical_crossentropy", 2, []float32{0, 1}, p, 1},
		{"SparseCategoricalCrossentropy", 2, []float32{1, 1}, p, 0.5},
	} {
		m, err := New("accuracy", c.loss, c.outputs)
		require.NoError(t, err)
		m.Update(c.y, c.p, len(c.p)/c.outputs, c.outputs, nil)
		assert.Equal(t, c.want, m.Value(), "%+v", c)
	}
}

// Precision is an average over classes where the loss knows classes.
func TestPrecisionResolves(t *testing.T) {
	p := []float32{0.9, 0.1, 0.8, 0.2, 0.3, 0.7}
	for loss, y := range map[string][]float32{
		"categoricalCrossentropy":       {1, 0, 0, 1, 0, 1},
		"sparseCategoricalCrossentropy": {0, 1, 1},
		"binaryCrossentropy":            {1, 0, 0, 1, 0, 1},
	} {
		m, err := New("precision", loss, 2)
		require.NoError(t, err)
		m.Update(y, p, 3, 2, nil)
		want := 0.75 // (1/2 + 1/1)/2
		if loss == "binaryCrossentropy" {
			want = 2.0 / 3
		}
		assert.Equal(t, want, m.Value(), loss)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		name, loss string
		outputs    int
		options    Options
		says       string
	}{
		{"acuracy", "", 1, Options{}, `unknown metric "acuracy"; known: accuracy, crossentropy, binary_accuracy, categorical_accuracy`},
		{"", "", 1, Options{}, "unknown metric"},
		{"mse", "sparseCategoricalCrossentropy", 3, Options{}, "use a sparse_ metric"},
		{"r2", "sparseCategoricalCrossentropy", 3, Options{}, "metric r2 wants 3 targets a row"},
		{"rmse", "sparseCategoricalCrossentropy", 3, Options{}, "metric rmse wants 3 targets a row"},
		{"sparseCategoricalAccuracy", "categoricalCrossentropy", 3, Options{}, "has 3 targets"},
		{"accuracy", "", 0, Options{}, "at least 1 output"},
		{"precision", "", 0, Options{}, "at least 1 output"},
		{"precision", "sparseCategoricalCrossentropy", 3, Options{}, "want an average over classes"},
		{"f1", "", 1, Options{Average: Macro}, "at least 2 outputs"},
	} {
		m, err := NewWith(c.name, c.loss, c.outputs, c.options)
		assert.Nil(t, m)
		var e *tensor.Error
		require.ErrorAs(t, err, &e, "%+v", c)
		assert.Equal(t, tensor.CodeOption, e.Code)
		assert.ErrorContains(t, err, c.says)
	}
}
