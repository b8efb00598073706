package train

import (
	"context"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Profiling says how to find out where the time of a step goes.
type Profiling struct {
	BatchSize int            // 32 if 0
	Seconds   float64        // how long to measure, about; 0.5 if 0
	Clock     func() float64 // seconds since any moment, pauses left out
}

// A StepProfile is where the time of a step goes.
type StepProfile struct {
	Rows   int
	Step   float64 // seconds of a step, undisturbed
	Layers []LayerProfile
	Rest   float64 // seconds of a step outside of layers and losses: the batch, metrics, penalties, the optimizer
	Steps  int     // how many were measured
}

// A LayerProfile is a layer's part of a step. The times were taken operation by
// operation: they add up, with Rest, to a little more than StepProfile.Step, where
// operations run together.
type LayerProfile struct {
	Name              string // "" for the losses
	Class             string
	Forward, Backward float64 // seconds
	Flops             int     // floating-point operations, forward and backward
	Bytes             int     // of activations, weights and their gradients
	Parameters        int
}

// Profile repeats steps on the first rows of the data and measures them. Afterwards the
// model is as it was: weights, optimizer, counters and rate.
func (m *Model) Profile(ctx context.Context, d Dataset, c Profiling) (*StepProfile, error) {
	if err := m.idle("Profile"); err != nil {
		return nil, err
	}
	if m.trainer == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model is not compiled; call Compile before Profile")
	}
	if c.Clock == nil || c.BatchSize < 0 || !(c.Seconds >= 0) {
		return nil, tensor.Errorf(tensor.CodeOption, "profile: want a clock, and a batch size and seconds that are not negative, got %d and %g", c.BatchSize, c.Seconds)
	}
	if c.BatchSize == 0 {
		c.BatchSize = 32
	}
	if c.Seconds == 0 {
		c.Seconds = 0.5
	}
	s, err := m.newSet(d, nil)
	if err != nil {
		return nil, err
	}
	if err := m.prepare(min(c.BatchSize, s.count), 1); err != nil {
		return nil, err
	}
	plan := m.trainer.plan
	plan.OnPause(m.onPause)
	defer plan.OnPause(nil)
	defer plan.SetTimer(nil)
	defer m.keep()()
	p := profiler{m, s, c, make([]int, plan.MaxBatch())}
	s.list(p.rows, 0)
	return p.measure(ctx)
}

type profiler struct {
	m    *Model
	set  *set
	c    Profiling
	rows []int
}

func (p *profiler) measure(ctx context.Context) (*StepProfile, error) {
	if _, _, err := p.repeat(ctx, 0); err != nil { // the first step is slower than others
		return nil, err
	}
	plain, n, err := p.repeat(ctx, p.c.Seconds/2)
	if err != nil {
		return nil, err
	}
	r := &StepProfile{Rows: len(p.rows), Step: plain / float64(n)}
	timer := p.m.trainer.plan.SetTimer(p.c.Clock)
	timed, n, err := p.repeat(ctx, p.c.Seconds/2)
	if err != nil {
		return nil, err
	}
	r.Steps = n
	r.Layers = p.m.layerProfiles()
	look := p.clockCost()
	inside := p.share(r, timer, look)
	readings := 0
	for _, op := range timer.Back {
		readings += 2
		if op > 0 {
			readings += 2
		}
	}
	r.Rest = max(0, timed/float64(n)-inside-float64(look*float64(readings)))
	return r, nil
}

// repeat makes steps for about so many seconds, at least one.
func (p *profiler) repeat(ctx context.Context, seconds float64) (took float64, steps int, err error) {
	begun := p.c.Clock()
	for {
		if err := ctx.Err(); err != nil {
			return 0, 0, aborted(err)
		}
		p.m.streams.step = uint64(steps)
		if _, err := p.m.step(p.set, p.rows, update{rows: len(p.rows), first: true, last: true}); err != nil {
			return 0, 0, err
		}
		steps++
		if took = p.c.Clock() - begun; took >= seconds {
			return took, steps, nil
		}
	}
}

// clockCost measures how long it takes to read the clock.
func (p *profiler) clockCost() float64 {
	const readings = 256
	begun := p.c.Clock()
	for range readings - 1 {
		p.c.Clock()
	}
	return (p.c.Clock() - begun) / readings
}

// share gives each operation's time to its layer, and returns the sum, in seconds a step.
func (p *profiler) share(r *StepProfile, timer *graph.Timer, look float64) (sum float64) {
	at := map[string]int{}
	for i, l := range r.Layers {
		at[l.Name] = i
	}
	n := float64(r.Steps)
	for i, op := range p.m.trainer.plan.Ops() {
		k, known := at[op.Layer]
		if !known {
			k = len(r.Layers)
			at[op.Layer] = k
			r.Layers = append(r.Layers, LayerProfile{Name: op.Layer})
		}
		l := &r.Layers[k]
		l.Forward += max(0, timer.Forward[i]/n-look)
		if timer.Back[i] > 0 {
			l.Backward += max(0, timer.Back[i]/n-look)
		}
		l.Flops += op.Flops
		l.Bytes += op.Bytes
	}
	for _, l := range r.Layers {
		sum += l.Forward + l.Backward
	}
	return sum
}

// layerProfiles lists the layers that have operations or weights, with their weights.
func (m *Model) layerProfiles() []LayerProfile {
	var list []LayerProfile
	at := map[string]int{}
	for _, node := range m.network.Nodes {
		if _, twice := at[node.Name]; !twice && len(node.In) > 0 {
			at[node.Name] = len(list)
			list = append(list, LayerProfile{Name: node.Name, Class: node.Layer.ClassName()})
		}
	}
	for _, param := range m.store.Params {
		if i, ok := at[param.Layer]; ok {
			list[i].Parameters += param.Size
			list[i].Bytes += 4 * param.Size
			if param.Trainable {
				list[i].Bytes += 4 * param.Size * (1 + len(m.slots))
			}
		}
	}
	return list
}
