package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A Loss tells how far predictions are from their targets, for training to lower.
type Loss interface {
	// Name is Keras's name.
	Name() string
	// TargetShape returns the shape of a row of targets for predictions of the given
	// shape.
	TargetShape(prediction []int) []int
	// Lower adds the loss of each prediction along its last axis.
	Lower(g *graph.Graph, prediction, target graph.Value) (graph.Value, error)
}

// The losses. Each takes its mean over the last axis except the two categorical
// ones, which take the sum Σ t·log p. Probabilities are cut to [1e-7, 1 − 1e-7]. A
// crossentropy right behind its own activation (Softmax, Sigmoid) is computed from
// what comes before that: the same function without the cut, and stable.
type (
	// MeanSquaredError is (p − t)².
	MeanSquaredError struct{}
	// MeanAbsoluteError is |p − t|; its derivative at 0 is 0.
	MeanAbsoluteError struct{}
	// BinaryCrossentropy is −t·log p − (1 − t)·log(1 − p), t in [0, 1].
	BinaryCrossentropy struct{ FromLogits bool }
	// CategoricalCrossentropy is −Σ t·log(p/Σp), t one-hot or a distribution.
	CategoricalCrossentropy struct{ FromLogits bool }
	// SparseCategoricalCrossentropy is −log p of the class that the target names.
	SparseCategoricalCrossentropy struct{ FromLogits bool }
)

func (MeanSquaredError) Name() string              { return "mean_squared_error" }
func (MeanAbsoluteError) Name() string             { return "mean_absolute_error" }
func (BinaryCrossentropy) Name() string            { return "binary_crossentropy" }
func (CategoricalCrossentropy) Name() string       { return "categorical_crossentropy" }
func (SparseCategoricalCrossentropy) Name() string { return "sparse_categorical_crossentropy" }

func (MeanSquaredError) TargetShape(p []int) []int        { return p }
func (MeanAbsoluteError) TargetShape(p []int) []int       { return p }
func (BinaryCrossentropy) TargetShape(p []int) []int      { return p }
func (CategoricalCrossentropy) TargetShape(p []int) []int { return p }
func (SparseCategoricalCrossentropy) TargetShape(p []int) []int {
	return p[:max(0, len(p)-1)]
}

func (MeanSquaredError) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.MeanSquaredError}, p, t)
}

func (MeanAbsoluteError) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.MeanAbsoluteError}, p, t)
}

func (l BinaryCrossentropy) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	if l.FromLogits {
		return g.Apply(graph.Loss{Kind: graph.BinaryCrossentropyLogits}, p, t)
	}
	if op, in := g.Producer(p); op == (graph.Activation{Kind: kernel.Sigmoid}) {
		return g.Apply(graph.Loss{Kind: graph.BinaryCrossentropyLogits}, in[0], t)
	}
	return g.Apply(graph.Loss{Kind: graph.BinaryCrossentropy}, p, t)
}

func (l CategoricalCrossentropy) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	if l.FromLogits {
		return g.Apply(graph.Loss{Kind: graph.CategoricalCrossentropyLogits}, p, t)
	}
	if op, in := g.Producer(p); op == (graph.Softmax{}) {
		return g.Apply(graph.Loss{Kind: graph.CategoricalCrossentropyLogits}, in[0], t)
	}
	return g.Apply(graph.Loss{Kind: graph.CategoricalCrossentropy}, p, t)
}

func (l SparseCategoricalCrossentropy) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	if l.FromLogits {
		return g.Apply(graph.Loss{Kind: graph.SparseCategoricalCrossentropyLogits}, p, t)
	}
	if op, in := g.Producer(p); op == (graph.Softmax{}) {
		return g.Apply(graph.Loss{Kind: graph.SparseCategoricalCrossentropyLogits}, in[0], t)
	}
	return g.Apply(graph.Loss{Kind: graph.SparseCategoricalCrossentropy}, p, t)
}

var losses = map[string]func(fromLogits bool) Loss{
	"binary_crossentropy":             func(l bool) Loss { return BinaryCrossentropy{l} },
	"categorical_crossentropy":        func(l bool) Loss { return CategoricalCrossentropy{l} },
	"mean_absolute_error":             func(bool) Loss { return MeanAbsoluteError{} },
	"mean_squared_error":              func(bool) Loss { return MeanSquaredError{} },
	"sparse_categorical_crossentropy": func(l bool) Loss { return SparseCategoricalCrossentropy{l} },
}

var lossAliases = map[string]string{"mse": "mean_squared_error", "mae": "mean_absolute_error"}

// ParseLoss finds a loss by its name in any spelling. config holds Keras's options,
// or nothing.
func ParseLoss(name string, config []byte) (Loss, error) {
	var c struct {
		Name           string  `json:"name"`
		FromLogits     bool    `json:"from_logits"`
		LabelSmoothing float64 `json:"label_smoothing"`
	}
	if err := decodeStrict("loss "+name, config, &c); err != nil {
		return nil, err
	}
	if c.LabelSmoothing != 0 {
		return nil, unknownName("option of loss "+name, "label_smoothing", []string{"from_logits"})
	}
	for known, make := range losses {
		if fold(known) == fold(name) || fold(known) == fold(lossAliases[fold(name)]) {
			return make(c.FromLogits), nil
		}
	}
	return nil, unknownName("loss", name, append(sortedKeys(losses), "mse", "mae"))
}

// FormatLoss returns the name and the options of a loss; ParseLoss gives it back.
func FormatLoss(l Loss) (name string, config json.RawMessage) {
	logits := false
	switch l := l.(type) {
	case BinaryCrossentropy:
		logits = l.FromLogits
	case CategoricalCrossentropy:
		logits = l.FromLogits
	case SparseCategoricalCrossentropy:
		logits = l.FromLogits
	}
	if logits {
		return l.Name(), json.RawMessage(`{"from_logits":true}`)
	}
	return l.Name(), nil
}
