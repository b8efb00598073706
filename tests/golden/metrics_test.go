package golden

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/metric"
)

type metricCase struct {
	Metric string
	Config struct {
		Threshold  *float32
		NumClasses int `json:"num_classes"`
		K          int
		Average    string
	}
	YTrue Tensor `json:"y_true"`
	YPred Tensor `json:"y_pred"`
	Value json.RawMessage
}

func runMetric(t *testing.T, raw json.RawMessage) {
	var c metricCase
	require.NoError(t, json.Unmarshal(raw, &c))
	rows, cols := c.YPred.Shape[0], 1
	for _, d := range c.YPred.Shape[1:] {
		cols *= d
	}
	switch c.Metric {
	case "confusion_matrix":
		var want [][]int
		require.NoError(t, json.Unmarshal(c.Value, &want))
		got, err := metric.ConfusionMatrix(c.classes(c.YTrue, cols), c.classes(c.YPred, cols), c.Config.NumClasses)
		require.NoError(t, err)
		require.Equal(t, want, got)
		return
	case "roc_auc":
		c.compare(t, metric.ROCAUC(c.YTrue.Data, c.YPred.Data))
		return
	}
	loss := "binary_crossentropy"
	if cols > 1 && (strings.Contains(c.Metric, "categorical") || c.Config.Average != "") {
		loss = "categorical_crossentropy"
		if len(c.YTrue.Data) == rows {
			loss = "sparse_categorical_crossentropy"
		}
	}
	o := metric.Options{Threshold: c.Config.Threshold, K: c.Config.K, Average: map[string]metric.Average{
		"": metric.Binary, "macro": metric.Macro, "micro": metric.Micro, "weighted": metric.Weighted}[c.Config.Average]}
	m, err := metric.NewWith(c.Metric, loss, cols, o)
	require.NoError(t, err)
	// In two batches, as training would.
	half := rows / 2
	perRow := len(c.YTrue.Data) / rows
	m.Update(c.YTrue.Data[:half*perRow], c.YPred.Data[:half*cols], half, cols, nil)
	m.Update(c.YTrue.Data[half*perRow:], c.YPred.Data[half*cols:], rows-half, cols, nil)
	c.compare(t, m.Value())
}

func (c metricCase) compare(t *testing.T, got float64) {
	var want float64
	require.NoError(t, json.Unmarshal(c.Value, &want))
	require.InDelta(t, want, got, 1e-6*max(1, want))
}

// classes returns the class of each row, or of each element if it is compared with a
// threshold.
func (c metricCase) classes(v Tensor, cols int) []int {
	if c.Config.Threshold != nil {
		return metric.Classes(v.Data, 1, *c.Config.Threshold)
	}
	if len(v.Shape) == 1 { // labels already
		labels := make([]int, len(v.Data))
		for i, x := range v.Data {
			labels[i] = int(x)
		}
		return labels
	}
	return metric.Classes(v.Data, cols, 0)
}
