package train

import (
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A trainer is what Compile adds to a model: the graph with its losses, the plan of a
// batch and the metrics.
type trainer struct {
	built  *nn.Built
	heads  []*head
	names  []string    // of what a batch reports beside its loss, as History has them
	plan   *graph.Plan // nil until the batch size is known
	ranges [][]float32 // scratch: gradients by parameter, for clipping

	batch Batch
	view  view
	sums  []float32 // gradients of the batches of an update so far, if it has several
	open  bool      // some batches of an update are done, and others are not
}

func newTrainer(built *nn.Built, names []string, c Config) (*trainer, error) {
	t := &trainer{built: built}
	trained := false
	for i, name := range names {
		h, err := newHead(built, i, name, c)
		if err != nil {
			return nil, err
		}
		t.heads = append(t.heads, h)
		trained = trained || h.weight > 0
	}
	if !trained {
		return nil, tensor.Errorf(tensor.CodeOption, "every loss has the weight 0: there is nothing to learn from")
	}
	several := len(t.heads) > 1
	if several {
		for _, h := range t.heads {
			t.names = append(t.names, h.name+"_loss")
		}
	}
	for _, h := range t.heads {
		for _, m := range h.metrics {
			name := m.Name()
			if several {
				name = h.name + "_" + name
			}
			t.names = append(t.names, name)
		}
	}
	t.batch = Batch{Inputs: make([][]float32, len(built.Inputs)), Targets: make([][]float32, len(t.heads)),
		Weights: make([][]float32, len(t.heads)), Rand: &rand.PCG{}}
	return t, nil
}

// named says which output an error is about, if there are several.
func (t *trainer) named(h *head, err error) error {
	if len(t.heads) == 1 {
		return err
	}
	return namedError(err, h.name)
}

func (t *trainer) checkOutputs(targets int) error {
	if targets == len(t.heads) {
		return nil
	}
	var names []string
	for _, h := range t.heads {
		names = append(names, h.name)
	}
	return tensor.Errorf(tensor.CodeShape, "the model has %d outputs (%s) and wants targets for each, got %d", len(names), listed(names), targets)
}

// planConfig asks for the losses, and for the outputs where a metric wants them. Every
// input has memory, also one that nothing needs: data is written to it.
func (t *trainer) planConfig(batchSize int) graph.Config {
	c := graph.Config{MaxBatch: batchSize, Outputs: slices.Clone(t.built.Inputs)}
	for _, h := range t.heads {
		if h.weight > 0 {
			c.Losses = append(c.Losses, h.loss)
		} else {
			c.Outputs = append(c.Outputs, h.loss)
		}
		if len(h.metrics) > 0 {
			c.Outputs = append(c.Outputs, h.output)
		}
		if h.masked {
			c.Outputs = append(c.Outputs, h.mask)
		}
	}
	c.Losses = append(c.Losses, t.built.Graph.Penalties()...)
	return c
}

// roomBytes is the trainer's own memory for batches of a size.
func (t *trainer) roomBytes(batchSize int) int {
	bytes := 0
	for _, h := range t.heads {
		bytes += h.roomBytes(batchSize)
	}
	return bytes
}

// prepare makes the plan for a batch size, unless there is one already, and memory
// for updates from several batches.
func (m *Model) prepare(batchSize, accumulate int) error {
	t := m.trainer
	t.sums = nil
	own := m.ownBytes() + t.roomBytes(batchSize)
	if accumulate > 1 {
		own += 4 * (m.store.Trainable() + len(m.store.Values()))
	}
	if t.plan == nil || t.plan.MaxBatch() != batchSize {
		t.plan = nil // let the old one go before the new one is made
		plan, err := graph.NewPlan(t.built.Graph, m.store, t.planConfig(batchSize), max(1, m.limit-own))
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
		for _, h := range t.heads {
			h.room(batchSize)
		}
	}
	if accumulate > 1 {
		t.sums = make([]float32, m.store.Trainable())
	}
	return nil
}

// ownBytes is the memory of weights and optimizer state.
func (m *Model) ownBytes() int { return 4*len(m.store.Values()) + 4*len(m.slots)*m.store.Trainable() }

// A batchResult is what a step learned about its batch.
type batchResult struct {
	rows int
	loss float64 // mean of the rows, with penalties
}

// step learns from the given rows of the set, as part of an update. When it fails the
// model is as it was before the update.
func (m *Model) step(set *set, rows []int, u update) (batchResult, error) {
	t := m.trainer
	n := len(rows)
	if err := m.forward(set, rows, true); err != nil {
		return batchResult{}, err
	}
	loss := t.total() + float64(m.penalty()) + t.activityPenalty(n)
	if loss-loss != 0 {
		return batchResult{}, m.nonFinite(true)
	}
	for _, h := range t.heads {
		h.sum += float64(float64(n) * h.mean)
		reset(h.batch)
		h.update(t.plan, n, h.metrics, h.batch)
		h.begin(t.plan, n, u.rows)
	}
	t.beginPenalties(n, u.rows)
	if err := t.plan.Backward(); err != nil {
		return batchResult{}, err
	}
	t.addUp(u)
	if u.last {
		m.addPenaltyGradients()
	}
	if kernel.FirstNonFinite(t.plan.Grads) >= 0 {
		return batchResult{}, m.nonFinite(true)
	}
	if u.last {
		m.update()
	}
	t.plan.Commit()
	return batchResult{n, loss}, nil
}

// update changes the weights. It is not interrupted.
func (m *Model) update() {
	optim.ClipGradients(m.config.Optimizer.Clipping(), m.trainer.ranges)
	m.applyGradients(m.trainer.plan.Grads)
	m.trainer.open = false
}

// forward gathers a batch and computes its losses.
func (m *Model) forward(set *set, rows []int, training bool) error {
	t, n := m.trainer, len(rows)
	if err := m.gather(set, rows, training); err != nil {
		return err
	}
	if err := t.plan.Forward(n, training); err != nil {
		return err
	}
	for _, h := range t.heads {
		h.measure(t.plan, n)
	}
	return nil
}

// total is the weighted sum of the heads' losses.
func (t *trainer) total() float64 {
	sum := 0.0
	for _, h := range t.heads {
		if h.weight > 0 {
			sum += float64(float64(h.weight) * h.mean)
		}
	}
	return sum
}

// batchValues writes what a batch reports beside its loss, in the order of names.
func (t *trainer) batchValues(values []float64) {
	k := 0
	if len(t.heads) > 1 {
		for _, h := range t.heads {
			values[k] = h.mean
			k++
		}
	}
	for _, h := range t.heads {
		for _, m := range h.batch {
			values[k] = m.Value()
			k++
		}
	}
}

// logs are the means of an epoch over so many rows: the loss, those of the heads, and
// their metrics.
func (t *trainer) logs(loss float64, losses []float64, metricsOf func(*head) []metric.Metric) Logs {
	logs := Logs{"loss": loss}
	names := t.names
	if len(t.heads) > 1 {
		for _, v := range losses {
			logs[names[0]] = v
			names = names[1:]
		}
	}
	for _, h := range t.heads {
		for _, m := range metricsOf(h) {
			logs[names[0]] = m.Value()
			names = names[1:]
		}
	}
	return logs
}

// activityPenalty is what the penalties on activities add to the loss of n rows: each
// is the mean over the rows, whatever these weigh.
func (t *trainer) activityPenalty(n int) float64 {
	sum := 0.0
	for _, v := range t.built.Graph.Penalties() {
		sum += float64(kernel.Sum(t.plan.Value(v, n)) / float32(n))
	}
	return sum
}

// beginPenalties writes where their gradients begin: what each of n rows counts in the
// sum of an update over so many.
func (t *trainer) beginPenalties(n, rows int) {
	for _, v := range t.built.Graph.Penalties() {
		kernel.Fill(t.plan.LossGrad(v, n), 1/float32(rows))
	}
}

// penalty is what the regularisers add to the loss, at the present weights.
func (m *Model) penalty() float32 {
	var sum float32
	for i, p := range m.store.Params {
		if p.Trainable && (p.L1 != 0 || p.L2 != 0) {
			w := m.store.Of(i, m.store.Values())
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
			kernel.AddL1L2(m.store.Of(i, m.trainer.plan.Grads), m.store.Of(i, m.store.Values()), float32(p.L1), float32(p.L2))
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
