package explain

import (
	"context"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// An AttentionMap says where one layer of attention looked for one input.
type AttentionMap struct {
	Layer   string
	Heads   int // axes in front of the queries count as heads
	Queries int
	Keys    int

	// Weights has, for each head, a row of keys for each query. A row sums to 1; that of a
	// query that sees no key is 0.
	Weights []float32
	Causal  bool   // no query sees a key behind its own place
	Padding []bool // which keys are hidden from all queries, as they are padding; nil: none
}

// Row returns the weights that a query of one head gives to the keys.
func (a *AttentionMap) Row(head, query int) []float32 {
	at := (head*a.Queries + query) * a.Keys
	return a.Weights[at : at+a.Keys]
}

// Sees tells whether a query may look at a key.
func (a *AttentionMap) Sees(query, key int) bool {
	return !(a.Causal && key > query) && !(a.Padding != nil && a.Padding[key])
}

// Attention returns the weights of every layer of attention for one input of a model, in
// the order in which the layers are computed:
//
//	softmax(scale·q·kᵀ)    for each head (Vaswani et al., 2017)
//
// They are not computed anew but read from the memory of the operation, so that they are
// what the prediction multiplied the values with, to the bit. x has a tensor of one row for
// each input of the model. A layer that stands in the network twice is listed twice.
//
// Weights say where numbers were taken from and not what they did to the answer: other
// weights may give the same one (Jain and Wallace, 2019). OccludeSteps tests the effect.
//
// It fails with code "unsupported" for a model without such a layer, with "shape" for an
// input that is not the model's.
func Attention(ctx context.Context, m *train.Model, progress data.Progress, x ...*tensor.Tensor) ([]AttentionMap, error) {
	if m == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model is missing")
	}
	if err := checkRowOfEach(m, x); err != nil {
		return nil, err
	}
	built, err := m.Network().Build()
	if err != nil {
		return nil, err
	}
	var found []graph.Node
	config := graph.Config{MaxBatch: 1, Outputs: slices.Concat(built.Outputs, built.Inputs)}
	for _, n := range built.Graph.Nodes(built.Outputs...) {
		if _, is := n.Op.(graph.Attention); is && n.Batched {
			found = append(found, n)
			config.Memories = append(config.Memories, n.Value)
			config.Outputs = append(config.Outputs, n.In[3:]...) // the mask
		}
	}
	if len(found) == 0 {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "this model has no attention layer")
	}
	plan, err := graph.NewPlan(built.Graph, weightsOf(m, built.Graph), config, train.DefaultMemoryLimit)
	if err != nil {
		return nil, err
	}
	for i, v := range built.Inputs {
		copy(plan.Value(v, 1), x[i].Data)
	}
	j := job{ctx: ctx, progress: progress, total: 1}
	plan.OnPause(j.tell)
	if err := j.tell(); err != nil {
		return nil, err
	}
	if err := plan.Forward(1, false); err != nil {
		return nil, err
	}
	maps := make([]AttentionMap, len(found))
	for i, n := range found {
		maps[i] = readAttention(plan, built.Graph, n)
	}
	j.done = 1
	return maps, j.tell()
}

// readAttention copies what an operation remembers.
func readAttention(plan *graph.Plan, g *graph.Graph, n graph.Node) AttentionMap {
	query, key := g.Shape(n.In[0]), g.Shape(n.In[1])
	r := len(query)
	a := AttentionMap{Layer: n.Layer, Queries: query[r-2], Keys: key[r-2], Causal: n.Op.(graph.Attention).Causal}
	a.Heads = graph.Size(query[:r-2]) * n.Op.(graph.Attention).Heads
	a.Weights = slices.Clone(plan.Memory(n.Value, 1)[:a.Heads*a.Queries*a.Keys]) // behind them lie dropout's
	if len(n.In) == 4 {
		a.Padding = make([]bool, a.Keys)
		for i, seen := range plan.Value(n.In[3], 1) {
			a.Padding[i] = seen == 0
		}
	}
	return a
}

// weightsOf returns a model's weights, for another graph of the same network.
func weightsOf(m *train.Model, g *graph.Graph) *graph.Store {
	store := graph.NewStore(g)
	for i, w := range m.Weights() {
		copy(store.Of(i, store.Change()), w.Tensor.Data)
	}
	return store
}

// checkRowOfEach wants one row for each input of a model.
func checkRowOfEach(m *train.Model, x []*tensor.Tensor) error {
	shapes := m.InputShapes()
	if len(x) != len(shapes) {
		return tensor.Errorf(tensor.CodeShape, "want one row for each of the model's %d inputs, got %d", len(shapes), len(x))
	}
	for i, t := range x {
		name := m.InputNames()[i]
		if err := checkRows(name, t); err != nil {
			return err
		}
		if t.Rows() != 1 || t.Cols() != graph.Size(shapes[i]) {
			return tensor.Errorf(tensor.CodeShape, "want one row %s, got %s", tensor.Format(slices.Concat([]int{1}, shapes[i])), tensor.Format(t.Shape)).In(name)
		}
	}
	return nil
}
