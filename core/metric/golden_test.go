package metric

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goldenCase is a case of golden/metrics.json; see the README beside it.
type goldenCase struct {
	Name, Metric string
	Quirk        bool
	Note         string
	Config       struct {
		Threshold  *float32
		K          int
		Average    string
		NumClasses int `json:"num_classes"`
	}
	YTrue goldenTensor `json:"y_true"`
	YPred goldenTensor `json:"y_pred"`
	Value json.RawMessage
}

type goldenTensor struct {
	Shape []int
	Data  []float32
}

func TestGolden(t *testing.T) {
	folder := cmp.Or(os.Getenv("TERRARIUM_GOLDEN"), filepath.Join("..", "..", "tests", "testdata", "golden"))
	text, err := os.ReadFile(filepath.Join(folder, "metrics.json"))
	require.NoError(t, err)
	var file struct{ Cases []goldenCase }
	require.NoError(t, json.Unmarshal(text, &file))
	require.NotEmpty(t, file.Cases)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			if c.Quirk {
				t.Skipf("not compared, a quirk of TensorFlow.js: %s", c.Note)
			}
			if c.Metric == "confusion_matrix" {
				c.confusion(t)
				return
			}
			got, built := c.measure(t)
			if !built {
				t.Skipf("metric %s is not built yet", c.Metric)
			}
			var want float64
			require.NoError(t, json.Unmarshal(c.Value, &want))
			// The reference is a float64 computation, and so is ours: far tighter
			// than the README's tolerance for float32.
			assert.InDelta(t, want, got, 1e-12*max(1, math.Abs(want)))
		})
	}
}

func (c goldenCase) cols() int {
	if len(c.YPred.Shape) == 1 {
		return 1
	}
	return c.YPred.Shape[1]
}

// measure computes a case's value, in two batches where the metric is a running
// one; not built where the metric is not known.
func (c goldenCase) measure(t *testing.T) (value float64, built bool) {
	if c.Metric == "roc_auc" {
		return ROCAUC(c.YTrue.Data, c.YPred.Data), true
	}
	known := map[string]bool{"log_loss": true}
	for _, name := range Names() {
		known[name] = true
	}
	if !known[c.Metric] {
		return 0, false
	}
	rows, cols := c.YPred.Shape[0], c.cols()
	averages := map[string]Average{"": Binary, "macro": Macro, "weighted": Weighted, "micro": Micro}
	average, ok := averages[c.Config.Average]
	require.True(t, ok, "average %q", c.Config.Average)
	loss := ""
	if len(c.YTrue.Shape) == 1 {
		loss = "sparse_categorical_crossentropy"
	}
	m, err := NewWith(c.Metric, loss, cols, Options{Threshold: c.Config.Threshold, K: c.Config.K, Average: average})
	require.NoError(t, err)
	half, perRow := rows/2, len(c.YTrue.Data)/rows
	m.Update(c.YTrue.Data, c.YPred.Data, half, cols, nil)
	m.Update(c.YTrue.Data[half*perRow:], c.YPred.Data[half*cols:], rows-half, cols, nil)
	return m.Value(), true
}

func (c goldenCase) confusion(t *testing.T) {
	threshold := float32(0.5)
	if c.Config.Threshold != nil {
		threshold = *c.Config.Threshold
	}
	cols := c.cols()
	if c.Config.NumClasses == 2 {
		cols = 1 // entries are pooled
	}
	want := [][]int{}
	require.NoError(t, json.Unmarshal(c.Value, &want))
	got, err := ConfusionMatrix(Classes(c.YTrue.Data, 1, 0.5), Classes(c.YPred.Data, cols, threshold), 2)
	if cols > 1 {
		labels := make([]int, len(c.YTrue.Data))
		for i, v := range c.YTrue.Data {
			labels[i] = int(v)
		}
		got, err = ConfusionMatrix(labels, Classes(c.YPred.Data, cols, threshold), c.Config.NumClasses)
	}
	require.NoError(t, err)
	assert.Equal(t, want, got)
}
