package nn

import "github.com/terrarium-ml/terrarium/core/graph"

// Losses of margins, as support vector machines have them.
type (
	// Hinge is the mean of max(1 − t·p, 0) for targets −1 and 1. Targets of 0 are not
	// made −1, as Keras would: TensorFlow.js takes them as they are, and so does this.
	Hinge struct{}
	// SquaredHinge is the mean of max(1 − t·p, 0)², for the same targets.
	SquaredHinge struct{}
	// CategoricalHinge is max(0, 1 + max((1−t)·p) − Σ t·p), t one-hot.
	CategoricalHinge struct{}
)

func (Hinge) Name() string            { return "hinge" }
func (SquaredHinge) Name() string     { return "squared_hinge" }
func (CategoricalHinge) Name() string { return "categorical_hinge" }

func (Hinge) TargetShape(p []int) []int            { return p }
func (SquaredHinge) TargetShape(p []int) []int     { return p }
func (CategoricalHinge) TargetShape(p []int) []int { return p }

func (Hinge) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.Hinge}, p, t)
}

func (SquaredHinge) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.SquaredHinge}, p, t)
}

func (CategoricalHinge) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.CategoricalHinge}, p, t)
}
