package train

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A trainer is what Compile adds to a model: the graph with its loss, the plan of a
// batch and the metrics.
type trainer struct {
	built   *nn.Built
	target  graph.Value
	loss    graph.Value
	lossOf  nn.Loss
	names   []string // of the metrics, as History has them
	metrics []metric.Metric
	batch   []metric.Metric // the same, for single batches
	judge   []metric.Metric // the same, for evaluation between steps
	plan    *graph.Plan     // nil until the batch size is known
	ranges  [][]float32     // scratch: gradients by parameter, for clipping
}

func newTrainer(built *nn.Built, c Config) (*trainer, error) {
	t := &trainer{built: built, lossOf: c.Loss}
	prediction := built.Graph.Shape(built.Outputs[0])
	built.Graph.In("loss " + c.Loss.Name())
	var err error
	if t.target, err = built.Graph.Input("y", c.Loss.TargetShape(prediction)); err != nil {
		return nil, err
	}
	if t.loss, err = c.Loss.Lower(built.Graph, built.Outputs[0], t.target); err != nil {
		return nil, err
	}
	outputs := prediction[len(prediction)-1]
	for _, list := range []*[]metric.Metric{&t.metrics, &t.batch, &t.judge} {
		for _, name := range c.Metrics {
			m, err := metric.New(name, c.Loss.Name(), outputs)
			if err != nil {
				return nil, err
			}
			*list = append(*list, m)
		}
	}
	for _, m := range t.metrics {
		t.names = append(t.names, m.Name())
	}
	return t, nil
}

// planConfig asks for the loss, and for the output where a metric wants it.
func (t *trainer) planConfig(batchSize int) graph.Config {
	c := graph.Config{MaxBatch: batchSize, Losses: []graph.Value{t.loss}}
	if len(t.metrics) > 0 {
		c.Outputs = []graph.Value{t.built.Outputs[0]}
	}
	return c
}

// prepare makes the plan for a batch size, unless there is one already.
func (m *Model) prepare(batchSize int) error {
	t := m.trainer
	if t.plan != nil && t.plan.MaxBatch() == batchSize {
		return nil
	}
	t.plan = nil // let the old one go before the new one is made
	plan, err := graph.NewPlan(t.built.Graph, m.store, t.planConfig(batchSize), m.limit-m.ownBytes())
	if err != nil {
		return err
	}
	t.plan = plan
	t.plan.SetStreams(&m.streams)
	t.ranges = t.ranges[:0]
	for i, p := range m.store.Params {
		if p.Trainable {
			t.ranges = append(t.ranges, m.store.Of(i, plan.Grads))
		}
	}
	return nil
}

// ownBytes is the memory of weights and optimizer state.
func (m *Model) ownBytes() int { return 4*len(m.store.Values) + 4*len(m.slots)*m.store.Trainable() }

// A batchResult is what a step learned about its batch.
type batchResult struct {
	rows int
	loss float64 // mean of the rows, with penalties
}

// step makes one update on the given rows of the set. When it fails the model is
// as it was before.
func (m *Model) step(set *set, rows []int) (batchResult, error) {
	t := m.trainer
	n := len(rows)
	if err := t.forward(set, rows, true); err != nil {
		return batchResult{}, err
	}
	loss := t.batchLoss(n) + float64(m.penalty())
	if loss-loss != 0 {
		return batchResult{}, m.nonFinite(true)
	}
	t.updateMetrics(set, n)
	if err := t.plan.Backward(); err != nil {
		return batchResult{}, err
	}
	m.addPenaltyGradients()
	if kernel.FirstNonFinite(t.plan.Grads) >= 0 {
		return batchResult{}, m.nonFinite(true)
	}
	m.update()
	return batchResult{n, loss}, nil
}

// update changes the weights. It is not interrupted.
func (m *Model) update() {
	optim.ClipGradients(m.config.Optimizer.Clipping(), m.trainer.ranges)
	m.counters.Step++
	k := m.store.Trainable()
	m.config.Optimizer.Update(m.counters.Step, m.rate, m.store.Values[:k], m.trainer.plan.Grads, m.slots)
	m.trainer.plan.Commit()
}

// forward gathers a batch and computes its losses.
func (t *trainer) forward(set *set, rows []int, training bool) error {
	n := len(rows)
	set.gather(rows, t.plan.Value(t.built.Inputs[0], n), t.plan.Value(t.target, n))
	set.scales(rows, t.plan.LossGrad(t.loss, n))
	return t.plan.Forward(n, training)
}

// batchLoss is the weighted mean of the losses of n rows.
func (t *trainer) batchLoss(n int) float64 {
	return float64(kernel.Dot(t.plan.LossGrad(t.loss, n), t.plan.Value(t.loss, n)))
}

func (t *trainer) updateMetrics(set *set, n int) {
	if len(t.metrics) == 0 {
		return
	}
	y, p := t.plan.Value(t.target, n), t.plan.Value(t.built.Outputs[0], n)
	cols := set.outputs
	for i, m := range t.metrics {
		m.Update(y, p, len(p)/cols, cols, nil)
		t.batch[i].Reset()
		t.batch[i].Update(y, p, len(p)/cols, cols, nil)
	}
}

// penalty is what the regularisers add to the loss, at the present weights.
func (m *Model) penalty() float32 {
	var sum float32
	for i, p := range m.store.Params {
		if p.Trainable && (p.L1 != 0 || p.L2 != 0) {
			w := m.store.Of(i, m.store.Values)
			if p.L1 != 0 {
				sum += float32(float32(p.L1) * kernel.SumAbs(w))
			}
			if p.L2 != 0 {
				sum += float32(float32(p.L2) * kernel.SumSquares(w))
			}
		}
	}
	return sum
}

func (m *Model) addPenaltyGradients() {
	for i, p := range m.store.Params {
		if p.Trainable && (p.L1 != 0 || p.L2 != 0) {
			kernel.AddL1L2(m.store.Of(i, m.trainer.plan.Grads), m.store.Of(i, m.store.Values), float32(p.L1), float32(p.L2))
		}
	}
}

// nonFinite names the first tensor of the step that is not finite.
func (m *Model) nonFinite(training bool) error {
	layer, what := m.trainer.plan.Diagnose(training)
	if what == "" {
		what = "sum of the losses"
	}
	return tensor.Errorf(tensor.CodeNaN, "the %s is the first to hold NaN or an infinity", what).In(layer)
}
