package nn

import (
	"cmp"

	"github.com/terrarium-ml/terrarium/core/graph"
)

// Losses of numbers, p predictions and t targets of the same shape, each the mean over
// the last axis where nothing else is said.
type (
	// MeanSquaredError is (p − t)².
	MeanSquaredError struct{}
	// MeanAbsoluteError is |p − t|; its derivative at 0 is 0.
	MeanAbsoluteError struct{}
	// MeanAbsolutePercentageError is 100·|p − t|/max(|t|, 1e-7).
	MeanAbsolutePercentageError struct{}
	// MeanSquaredLogarithmicError is (log(1+p) − log(1+t))², both at least 1e-7.
	MeanSquaredLogarithmicError struct{}
	// LogCosh is log(cosh(p − t)): the squared error's half near 0, the absolute error
	// far from it.
	LogCosh struct{}
	// Huber is ½·d² for |d| ≤ Delta and Delta·(|d| − ½·Delta) beyond, d = p − t (Huber,
	// 1964).
	Huber struct {
		Delta float64 `json:"delta,omitzero"` // default 1
	}
	// Quantile is max(q·(t−p), (q−1)·(t−p)), the pinball loss: its mean is least where p
	// is the q-quantile of t (Koenker and Bassett, 1978).
	Quantile struct {
		Quantile float64 `json:"quantile,omitzero"` // 0 … 1, default 0.5
	}
	// Poisson is p − t·log(p + 1e-7), for counts t and rates p.
	Poisson struct{}
	// CosineSimilarity is −Σ t·p/(|t|·|p|) along the last axis: −1 for the same direction.
	CosineSimilarity struct{}
)

func (MeanSquaredError) Name() string            { return "mean_squared_error" }
func (MeanAbsoluteError) Name() string           { return "mean_absolute_error" }
func (MeanAbsolutePercentageError) Name() string { return "mean_absolute_percentage_error" }
func (MeanSquaredLogarithmicError) Name() string { return "mean_squared_logarithmic_error" }
func (LogCosh) Name() string                     { return "log_cosh" }
func (Huber) Name() string                       { return "huber" }
func (Quantile) Name() string                    { return "quantile" }
func (Poisson) Name() string                     { return "poisson" }
func (CosineSimilarity) Name() string            { return "cosine_similarity" }

func (MeanSquaredError) TargetShape(p []int) []int            { return p }
func (MeanAbsoluteError) TargetShape(p []int) []int           { return p }
func (MeanAbsolutePercentageError) TargetShape(p []int) []int { return p }
func (MeanSquaredLogarithmicError) TargetShape(p []int) []int { return p }
func (LogCosh) TargetShape(p []int) []int                     { return p }
func (Huber) TargetShape(p []int) []int                       { return p }
func (Quantile) TargetShape(p []int) []int                    { return p }
func (Poisson) TargetShape(p []int) []int                     { return p }
func (CosineSimilarity) TargetShape(p []int) []int            { return p }

func (MeanSquaredError) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.MeanSquaredError}, p, t)
}

func (MeanAbsoluteError) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.MeanAbsoluteError}, p, t)
}

func (MeanAbsolutePercentageError) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.MeanAbsolutePercentageError}, p, t)
}

func (MeanSquaredLogarithmicError) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.MeanSquaredLogarithmicError}, p, t)
}

func (LogCosh) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.LogCosh}, p, t)
}

func (l Huber) filled() Huber { return Huber{cmp.Or(l.Delta, 1)} }

func (l Huber) check() error { return between("huber", "delta", l.Delta, 0, 1e30) }

func (l Huber) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	l = l.filled()
	if err := l.check(); err != nil {
		return p, err
	}
	return g.Apply(graph.Loss{Kind: graph.Huber, A: float32(l.Delta)}, p, t)
}

func (l Quantile) filled() Quantile { return Quantile{cmp.Or(l.Quantile, 0.5)} }

func (l Quantile) check() error { return between("quantile loss", "quantile", l.Quantile, 0, 1) }

func (l Quantile) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	l = l.filled()
	if err := l.check(); err != nil {
		return p, err
	}
	return g.Apply(graph.Loss{Kind: graph.Quantile, A: float32(l.Quantile)}, p, t)
}

func (Poisson) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.Poisson}, p, t)
}

func (CosineSimilarity) Lower(g *graph.Graph, p, t graph.Value) (graph.Value, error) {
	return g.Apply(graph.Loss{Kind: graph.CosineSimilarity}, p, t)
}
