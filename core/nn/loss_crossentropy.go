package nn

import (
	"cmp"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Losses of probabilities. Binary ones take the mean over the last axis, the others the
// sum over its classes. Probabilities are cut to [1e-7, 1 − 1e-7]. A loss right behind
// its own activation (Softmax, Sigmoid) is computed from what comes before that: the
// same function without the cut, and stable. FromLogits says that there is no
// activation and that it is meant to be.
//
// LabelSmoothing s takes t·(1−s) + s/classes for the target t, with 2 classes in a
// binary loss (Szegedy et al., 2016).
type (
	// BinaryCrossentropy is −t·log p − (1 − t)·log(1 − p), t in [0, 1].
	BinaryCrossentropy struct {
		FromLogits     bool    `json:"from_logits,omitzero"`
		LabelSmoothing float64 `json:"label_smoothing,omitzero"` // 0 … 1
	}
	// CategoricalCrossentropy is −Σ t·log(p/Σp), t one-hot or a distribution.
	CategoricalCrossentropy struct {
		FromLogits     bool    `json:"from_logits,omitzero"`
		LabelSmoothing float64 `json:"label_smoothing,omitzero"` // 0 … 1
	}
	// SparseCategoricalCrossentropy is −log p of the class that the target names.
	SparseCategoricalCrossentropy struct {
		FromLogits bool `json:"from_logits,omitzero"`
	}
	// BinaryFocalCrossentropy multiplies the crossentropy by (1−r)^Gamma, r the
	// probability that is given to what is right (Lin et al., 2017): what is known
	// already counts less. With ApplyClassBalancing it is multiplied by Alpha for class 1
	// and 1 − Alpha for class 0 as well.
	BinaryFocalCrossentropy struct {
		ApplyClassBalancing bool    `json:"apply_class_balancing,omitzero"`
		Alpha               float64 `json:"alpha,omitzero"` // 0 … 1, default 0.25
		Gamma               float64 `json:"gamma,omitzero"` // above 0, default 2
		FromLogits          bool    `json:"from_logits,omitzero"`
		LabelSmoothing      float64 `json:"label_smoothing,omitzero"` // 0 … 1
	}
	// CategoricalFocalCrossentropy is −Alpha·Σ (1−p)^Gamma·t·log p (Lin et al., 2017, over
	// classes). Other factors for single classes are class weights.
	CategoricalFocalCrossentropy struct {
		Alpha          float64 `json:"alpha,omitzero"` // above 0, default 0.25
		Gamma          float64 `json:"gamma,omitzero"` // above 0, default 2
		FromLogits     bool    `json:"from_logits,omitzero"`
		LabelSmoothing float64 `json:"label_smoothing,omitzero"` // 0 … 1
	}
	// KLDivergence is Σ t·log(t/p), the Kullback-Leibler divergence; both are cut to
	// [1e-7, 1] under the logarithm.
	KLDivergence struct{}
)

func (BinaryCrossentropy) Name() string            { return "binary_crossentropy" }
func (CategoricalCrossentropy) Name() string       { return "categorical_crossentropy" }
func (SparseCategoricalCrossentropy) Name() string { return "sparse_categorical_crossentropy" }
func (BinaryFocalCrossentropy) Name() string       { return "binary_focal_crossentropy" }
func (CategoricalFocalCrossentropy) Name() string  { return "categorical_focal_crossentropy" }
func (KLDivergence) Name() string                  { return "kl_divergence" }

func (BinaryCrossentropy) TargetShape(p []int) []int      { return p }
func (CategoricalCrossentropy) TargetShape(p []int) []int { return p }
func (SparseCategoricalCrossentropy) TargetShape(p []int) []int {
	return p[:max(0, len(p)-1)]
}
func (BinaryFocalCrossentropy) TargetShape(p []int) []int      { return p }
func (CategoricalFocalCrossentropy) TargetShape(p []int) []int { return p }
func (KLDivergence) TargetShape(p []int) []int                 { return p }

// softened adds the smoothing of targets; classes is 2 in a binary loss, else 0.
func softened(g *graph.Graph, t graph.Value, smoothing float64, classes int) (graph.Value, error) {
	if smoothing == 0 {
		return t, nil
	}
	if shape := g.Shape(t); classes == 0 && len(shape) > 0 {
		classes = shape[len(shape)-1]
	}
	return g.Apply(graph.SmoothLabels{Smoothing: smoothing, Classes: max(1, classes)}, t)
}

func checkSmoothing(what string, s float64) error {
	if !(s >= 0 && s <= 1) {
		return tensor.Errorf(tensor.CodeOption, "%s: label_smoothing must be from 0 to 1, got %g", what, s)
	}
	return nil
}

// logits returns what comes before an activation that is p's producer, if any.
func logits(g *graph.Graph, p graph.Value, activation graph.Op) (graph.Value, bool) {
	if op, in := g.Producer(p); op == activation {
		return in[0], true
	}
	return p, false
}

var sigmoid, softmax graph.Op = graph.Activation{Kind: kernel.Sigmoid}, graph.Softmax{}

// crossentropy adds a loss: of kind plain of probabilities, of kind fused of logits.
func crossentropy(g *graph.Graph, p, t graph.Value, fromLogits bool, activation graph.Op, plain, fused graph.Loss) (graph.Value, error) {
	if fromLogits {
		return g.Apply(fused, p, t)
	}
	if x, ok := logits(g, p, activation); ok {
		return g.Apply(fused, x, t)
	}
	return g.Apply(plain, p, t)
}

func (l BinaryCrossentropy) check() error { return checkSmoothing(l.Name(), l.LabelSmoothing) }

func (l BinaryCrossentropy) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	if err := l.check(); err != nil {
		return p, err
	}
	t, err := softened(g, t, l.LabelSmoothing, 2)
	if err != nil {
		return t, err
	}
	return crossentropy(g, p, t, l.FromLogits, sigmoid,
		graph.Loss{Kind: graph.BinaryCrossentropy}, graph.Loss{Kind: graph.BinaryCrossentropyLogits})
}

func (l CategoricalCrossentropy) check() error { return checkSmoothing(l.Name(), l.LabelSmoothing) }

func (l CategoricalCrossentropy) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	if err := l.check(); err != nil {
		return p, err
	}
	t, err := softened(g, t, l.LabelSmoothing, 0)
	if err != nil {
		return t, err
	}
	return crossentropy(g, p, t, l.FromLogits, softmax,
		graph.Loss{Kind: graph.CategoricalCrossentropy}, graph.Loss{Kind: graph.CategoricalCrossentropyLogits})
}

func (l SparseCategoricalCrossentropy) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return crossentropy(g, p, t, l.FromLogits, softmax,
		graph.Loss{Kind: graph.SparseCategoricalCrossentropy}, graph.Loss{Kind: graph.SparseCategoricalCrossentropyLogits})
}

func (l BinaryFocalCrossentropy) filled() BinaryFocalCrossentropy {
	l.Alpha, l.Gamma = cmp.Or(l.Alpha, 0.25), cmp.Or(l.Gamma, 2)
	return l
}

func (l BinaryFocalCrossentropy) check() error {
	return cmp.Or(between(l.Name(), "alpha", l.Alpha, 0, 1), between(l.Name(), "gamma", l.Gamma, 0, 1e3),
		checkSmoothing(l.Name(), l.LabelSmoothing))
}

func (l BinaryFocalCrossentropy) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	l = l.filled()
	if err := l.check(); err != nil {
		return p, err
	}
	t, err := softened(g, t, l.LabelSmoothing, 2)
	if err != nil {
		return t, err
	}
	balance := float32(-1)
	if l.ApplyClassBalancing {
		balance = float32(l.Alpha)
	}
	return crossentropy(g, p, t, l.FromLogits, sigmoid,
		graph.Loss{Kind: graph.BinaryFocal, A: float32(l.Gamma), B: balance},
		graph.Loss{Kind: graph.BinaryFocalLogits, A: float32(l.Gamma), B: balance})
}

func (l CategoricalFocalCrossentropy) filled() CategoricalFocalCrossentropy {
	l.Alpha, l.Gamma = cmp.Or(l.Alpha, 0.25), cmp.Or(l.Gamma, 2)
	return l
}

func (l CategoricalFocalCrossentropy) check() error {
	return cmp.Or(between(l.Name(), "alpha", l.Alpha, 0, 1e30), between(l.Name(), "gamma", l.Gamma, 0, 1e3),
		checkSmoothing(l.Name(), l.LabelSmoothing))
}

func (l CategoricalFocalCrossentropy) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	l = l.filled()
	if err := l.check(); err != nil {
		return p, err
	}
	t, err := softened(g, t, l.LabelSmoothing, 0)
	if err != nil {
		return t, err
	}
	return crossentropy(g, p, t, l.FromLogits, softmax,
		graph.Loss{Kind: graph.CategoricalFocal, A: float32(l.Gamma), B: float32(l.Alpha)},
		graph.Loss{Kind: graph.CategoricalFocalLogits, A: float32(l.Gamma), B: float32(l.Alpha)})
}

func (KLDivergence) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.KLDivergence}, p, t)
}
