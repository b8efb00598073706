package explain

import (
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// rising are the metrics of which more is better, spelled without _ and capitals; of all
// others less is.
var rising = []string{
	"accuracy", "acc", "binaryaccuracy", "categoricalaccuracy", "sparsecategoricalaccuracy",
	"topkcategoricalaccuracy", "sparsetopkcategoricalaccuracy", "precision", "recall", "f1", "f1score",
	"cosinesimilarity", "r2", "r2score", "cohenkappa", "kappa", "cohenskappa",
	"matthewscorrelation", "mcc", "matthewscorrelationcoefficient", "rocauc", "auc",
}

func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// newScore makes the metric that rows are judged by. The shapes of targets and outputs
// say what is not told of the loss: a target for each of several outputs, or one label.
func newScore(name, loss string, targets, outputs int) (m metric.Metric, higher bool, err error) {
	labels := targets == 1 && outputs > 1
	switch {
	case targets != outputs && !labels:
		return nil, false, tensor.Errorf(tensor.CodeShape, "want %d targets a row, as the model has outputs, or one class label, got %d", outputs, targets)
	case name == "":
		return nil, false, tensor.Errorf(tensor.CodeOption, "Metric is missing: want roc_auc or one of %s", strings.Join(metric.Names(), ", "))
	}
	if sparse := plain(loss) == "sparsecategoricalcrossentropy"; loss != "" && outputs > 1 && sparse != labels {
		return nil, false, tensor.Errorf(tensor.CodeShape, "the loss %s does not go with %d targets a row for %d outputs", loss, targets, outputs)
	}
	switch {
	case loss != "" || outputs == 1:
	case labels:
		loss = "sparse_categorical_crossentropy"
	default:
		loss = "categorical_crossentropy"
	}
	higher = slices.Contains(rising, plain(name))
	if key := plain(name); key == "rocauc" || key == "auc" {
		if outputs != 1 {
			return nil, false, tensor.Errorf(tensor.CodeOption, "metric %s: want a model of one output, got %d", name, outputs)
		}
		return &area{}, higher, nil
	}
	m, err = metric.New(name, loss, outputs)
	return m, higher, err
}

// An area is the ROC-AUC as a running metric. It keeps the rows' scores, two numbers each.
type area struct{ y, p []float32 }

var _ metric.Metric = (*area)(nil)

func (a *area) Name() string { return "roc_auc" }
func (a *area) Reset()       { a.y, a.p = a.y[:0], a.p[:0] }
func (a *area) Value() float64 {
	return metric.ROCAUC(a.y, a.p)
}

func (a *area) Update(y, p []float32, rows, _ int, weight []float32) {
	for i := range rows {
		if weight == nil || weight[i] > 0 {
			a.y, a.p = append(a.y, y[i]), append(a.p, p[i])
		}
	}
}
