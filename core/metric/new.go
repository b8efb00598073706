package metric

import (
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Options are what some metrics can be asked for beyond their name.
type Options struct {
	Threshold *float32 // of binary accuracy, precision, recall, F1; nil: 0.5
	K         int      // of top-k accuracies; 0: 5
	Quantile  float64  // of the quantile loss; 0: 0.5
	Average   Average  // of precision, recall and F1; Binary, if it is zero
}

// New makes a metric by its name, in Keras's snake_case or TensorFlow.js's
// camelCase. loss (a name in either spelling, or "") and outputs, the number of
// values in a row of predictions, settle what a name leaves open:
//
//   - "accuracy" or "acc", and "crossentropy" or "ce", become the sparse
//     categorical, the categorical or the binary one; binary for one output;
//   - "precision", "recall" and "f1" are macro averages over classes if the loss
//     is a categorical one, else of class 1 by a threshold of 0.5.
//
// It fails with code "option" on an unknown name, listing the known ones, and on a
// metric that does not go with the loss's targets.
func New(name, loss string, outputs int) (Metric, error) {
	var o Options
	if outputs > 1 && (kindOf(loss) == categorical || kindOf(loss) == sparseCategorical) {
		o.Average = Macro
	}
	return NewWith(name, loss, outputs, o)
}

// NewWith is New with the caller's options.
func NewWith(name, loss string, outputs int, o Options) (Metric, error) {
	r := request{name: name, loss: loss, outputs: outputs, threshold: 0.5, k: 5, quantile: 0.5, average: o.Average}
	if o.Threshold != nil {
		r.threshold = *o.Threshold
	}
	if o.K > 0 {
		r.k = o.K
	}
	if o.Quantile != 0 {
		r.quantile = o.Quantile
	}
	key := r.resolve()
	for _, f := range families {
		if key == plain(f.name) {
			return f.build(r)
		}
		for _, alias := range f.aliases {
			if key == alias {
				return f.build(r)
			}
		}
	}
	return nil, tensor.Errorf(tensor.CodeOption, "unknown metric %q; known: %s", name, strings.Join(Names(), ", "))
}

// Names lists the metrics that New knows, in snake_case.
func Names() []string {
	names := []string{"accuracy", "crossentropy"}
	for _, f := range families {
		names = append(names, f.name)
	}
	return names
}

// A family is a metric that New can make.
type family struct {
	name    string
	aliases []string // as plain makes them
	build   func(r request) (Metric, error)
}

var families = []family{
	{"binary_accuracy", nil, func(r request) (Metric, error) { return r.mean(dense, binaryAccuracy(r.threshold)) }},
	{"categorical_accuracy", nil, means(dense, categoricalAccuracy)},
	{"sparse_categorical_accuracy", nil, means(sparse, sparseCategoricalAccuracy)},
	{"top_k_categorical_accuracy", nil, func(r request) (Metric, error) { return r.mean(dense, topK(r.k, denseTarget)) }},
	{"sparse_top_k_categorical_accuracy", nil, func(r request) (Metric, error) { return r.mean(sparse, topK(r.k, sparseTarget)) }},
	{"binary_crossentropy", []string{"logloss"}, means(dense, binaryCrossentropy)},
	{"categorical_crossentropy", nil, means(dense, categoricalCrossentropy)},
	{"sparse_categorical_crossentropy", nil, means(sparse, sparseCategoricalCrossentropy)},
	{"precision", nil, func(r request) (Metric, error) { return r.retrieval(precision) }},
	{"recall", nil, func(r request) (Metric, error) { return r.retrieval(recall) }},
	{"f1", []string{"f1score"}, func(r request) (Metric, error) { return r.retrieval(f1) }},
	{"mean_squared_error", []string{"mse"}, means(dense, squaredError)},
	{"root_mean_squared_error", []string{"rmse"}, func(r request) (Metric, error) { return r.root(squaredError) }},
	{"mean_absolute_error", []string{"mae"}, means(dense, absoluteError)},
	{"mean_absolute_percentage_error", []string{"mape"}, means(dense, absolutePercentageError)},
	{"mean_squared_logarithmic_error", []string{"msle"}, means(dense, squaredLogarithmicError)},
	{"cosine_similarity", nil, means(dense, cosine)},
	{"cosine_proximity", []string{"cosine"}, means(dense, minusCosine)}, // TensorFlow.js's, with its sign
	{"r2", []string{"r2score"}, request.r2},
	{"brier_score", []string{"brier"}, request.brier},
	{"cohen_kappa", []string{"kappa", "cohenskappa"}, func(r request) (Metric, error) { return r.agreement(kappa) }},
	{"matthews_correlation", []string{"mcc", "matthewscorrelationcoefficient"}, func(r request) (Metric, error) { return r.agreement(matthews) }},
	{"quantile_loss", []string{"pinballloss", "pinball"}, request.pinball},
}

func means(l labels, row func(y, p []float32) float64) func(request) (Metric, error) {
	return func(r request) (Metric, error) { return r.mean(l, row) }
}
