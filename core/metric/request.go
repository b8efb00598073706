package metric

import (
	"math"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A request is what New was asked for, defaults filled in.
type request struct {
	name, loss string
	outputs    int
	threshold  float32
	k          int
	quantile   float64
	average    Average
}

// resolve returns the plain name of the metric that is meant, and gives "accuracy"
// and "crossentropy" the names that they have in a history.
func (r *request) resolve() string {
	key := plain(r.name)
	switch key {
	case "accuracy", "acc":
		r.name, key = "acc", "accuracy"
	case "crossentropy", "ce":
		r.name, key = "ce", "crossentropy"
	default:
		return key
	}
	kind := kindOf(r.loss)
	if kind == other || r.outputs == 1 {
		kind = categorical
		if r.outputs == 1 {
			kind = binary
		}
	}
	return string(kind) + key
}

// mean makes a mean over rows.
func (r request) mean(l labels, row func(y, p []float32) float64) (Metric, error) {
	if err := r.fits(l); err != nil {
		return nil, err
	}
	return &rowMean{name: r.name, labels: l, row: row}, nil
}

// root makes the root of a mean over rows.
func (r request) root(row func(y, p []float32) float64) (Metric, error) {
	if err := r.fits(dense); err != nil {
		return nil, err
	}
	return &rowMean{name: r.name, row: row, finish: math.Sqrt}, nil
}

// r2 makes an R².
func (r request) r2() (Metric, error) {
	if err := r.fits(dense); err != nil {
		return nil, err
	}
	return &r2{name: r.name}, nil
}

// retrieval makes a precision, a recall or an F1.
func (r request) retrieval(s score) (Metric, error) {
	l := dense
	if kindOf(r.loss) == sparseCategorical {
		l = sparse
	}
	switch {
	case r.outputs < 1:
		return nil, r.fits(l)
	case r.average == Binary && l == sparse && r.outputs > 1:
		return nil, tensor.Errorf(tensor.CodeOption, "metric %s: class labels want an average over classes: macro, weighted or micro", r.name)
	case r.average != Binary && r.outputs < 2:
		return nil, tensor.Errorf(tensor.CodeOption, "metric %s: an average over classes wants at least 2 outputs, got %d", r.name, r.outputs)
	}
	return newRetrieval(r.name, l, r.average, r.outputs, r.threshold, s), nil
}

// agreement makes Cohen's kappa or Matthews's coefficient.
func (r request) agreement(s agreementScore) (Metric, error) {
	l, classes := dense, r.outputs
	switch {
	case kindOf(r.loss) == sparseCategorical && r.outputs > 1:
		l = sparse
	case r.outputs == 1 || kindOf(r.loss) == binary:
		classes = 2
	}
	if r.outputs < 1 {
		return nil, r.fits(l)
	}
	pooled := classes == 2 && (r.outputs == 1 || kindOf(r.loss) == binary)
	return &agreement{name: r.name, labels: l, pooled: pooled, threshold: r.threshold, score: s, classes: classes, counts: make([]float64, classes*classes)}, nil
}

// brier makes a Brier score: of classes where the loss knows them, else of entries.
func (r request) brier() (Metric, error) {
	switch {
	case r.outputs > 1 && kindOf(r.loss) == sparseCategorical:
		return r.mean(sparse, sparseBrier)
	case r.outputs > 1 && kindOf(r.loss) == categorical:
		return r.mean(dense, categoricalBrier)
	}
	return r.mean(dense, squaredError)
}

// pinball makes a quantile loss.
func (r request) pinball() (Metric, error) {
	if !(r.quantile > 0 && r.quantile < 1) {
		return nil, tensor.Errorf(tensor.CodeOption, "metric %s: quantile must be above 0 and below 1, got %g", r.name, r.quantile)
	}
	return r.mean(dense, quantileError(r.quantile))
}

// fits fails where the loss's targets are not of the kind that the metric reads:
// it would read past their end. A loss that is not known is trusted.
func (r request) fits(l labels) error {
	kind := kindOf(r.loss)
	switch {
	case r.outputs < 1:
		return tensor.Errorf(tensor.CodeOption, "metric %s: want at least 1 output, got %d", r.name, r.outputs)
	case r.outputs == 1:
		return nil
	case l == dense && kind == sparseCategorical:
		return tensor.Errorf(tensor.CodeOption, "metric %s wants %d targets a row, but with the loss %s a row has one class label: use a sparse_ metric", r.name, r.outputs, r.loss)
	case l == sparse && (kind == categorical || kind == binary):
		return tensor.Errorf(tensor.CodeOption, "metric %s wants one class label a row, but with the loss %s a row has %d targets: use the metric without sparse_", r.name, r.loss, r.outputs)
	}
	return nil
}

// A kind is what a loss says about targets: the prefix of the metrics that fit.
type kind string

const (
	binary            kind = "binary"
	categorical       kind = "categorical"
	sparseCategorical kind = "sparsecategorical"
	other             kind = ""
)

func kindOf(loss string) kind {
	switch plain(loss) {
	case "binarycrossentropy", "binaryfocalcrossentropy":
		return binary
	case "categoricalcrossentropy", "categoricalfocalcrossentropy", "categoricalhinge", "kldivergence":
		return categorical
	case "sparsecategoricalcrossentropy":
		return sparseCategorical
	}
	return other
}

// plain makes spellings equal: mean_squared_error and meanSquaredError.
func plain(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}
