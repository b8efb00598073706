package train

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// searching is a Search while it runs.
type searching struct {
	Search
	data  Dataset
	state *SearchState
	begun float64 // by the clock, as if there had been one call only
}

// errTime ends a trial when the time of the search is over.
var errTime = errors.New("the time of the search is over")

// Run searches. state is nil or what an earlier Run of the same search returned, also
// one that ended with an error. It returns how far it came, also with an error.
func (s Search) Run(ctx context.Context, d Dataset, state *SearchState) (*SearchState, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	r := searching{Search: s, data: d, state: &SearchState{}}
	if state != nil {
		*r.state = *state
		r.state.Trials, r.state.Ended = slices.Clone(state.Trials), ""
	}
	if s.Clock != nil {
		r.begun = s.Clock() - r.state.Seconds
	}
	err := r.run(ctx)
	return r.state, err
}

// run goes through the steps of halving; a random search has one.
func (r *searching) run(ctx context.Context) error {
	numbers := make([]int, r.Trials)
	for i := range numbers {
		numbers[i] = i
	}
	for rung, epochs := range r.rungs() {
		if rung > 0 {
			numbers = r.survivors(numbers, rung-1)
		}
		for _, i := range numbers {
			if i < len(r.state.Trials) && (len(r.state.Trials[i].Values) > rung || r.state.Trials[i].Failed != "") {
				continue
			}
			if err := r.trial(ctx, i, epochs); err != nil || r.state.Ended != "" {
				return err
			}
		}
	}
	r.state.Ended = "trials"
	return nil
}

// rungs returns how many epochs a trial has in all at the end of each step; 0 means as
// many as its FitConfig says.
func (r *searching) rungs() []int {
	h := r.Halving
	if h == nil {
		return []int{0}
	}
	var list []int
	for n, epochs := r.Trials, h.MinEpochs; ; n, epochs = n/h.Factor, epochs*h.Factor {
		list = append(list, min(epochs, h.MaxEpochs))
		if n < h.Factor || epochs >= h.MaxEpochs {
			return list
		}
	}
}

// survivors returns the best of the trials after a step, in the order of their numbers;
// of equals the earlier. The models of the others are let go.
func (r *searching) survivors(numbers []int, rung int) []int {
	var ranked []int
	for _, i := range numbers {
		if r.state.Trials[i].Failed == "" {
			ranked = append(ranked, i)
		}
	}
	slices.SortStableFunc(ranked, func(a, b int) int {
		switch s, x, y := r.state, &r.state.Trials[a], &r.state.Trials[b]; {
		case s.better(x, y, rung):
			return -1
		case s.better(y, x, rung):
			return 1
		}
		return 0
	})
	keep := max(1, len(numbers)/r.Halving.Factor)
	for _, i := range ranked[min(keep, len(ranked)):] {
		r.state.Trials[i].checkpoint = nil
	}
	ranked = ranked[:min(keep, len(ranked))]
	slices.Sort(ranked)
	return ranked
}

// trial trains a trial, or lets it go on, up to so many epochs.
func (r *searching) trial(ctx context.Context, i, epochs int) error {
	t := Trial{Number: i, Params: draw(r.Space, r.Seed, i)}
	if i < len(r.state.Trials) {
		t = r.state.Trials[i]
		t.Values = slices.Clone(t.Values)
	}
	m, fit, err := r.New(i, t.Params)
	if err != nil {
		return r.ended(t, nil, err)
	}
	fit.Epochs = max(1, fit.Epochs)
	if r.Halving != nil {
		if fit.EarlyStopping != nil {
			return tensor.Errorf(tensor.CodeOption, "search: halving ends trials early by itself; leave EarlyStopping out")
		}
		fit.Epochs = epochs
	}
	if r.Epochs > 0 && r.state.Epochs+fit.Epochs-t.Epochs > r.Epochs {
		r.state.Ended = "epochs"
		return nil
	}
	if r.late() {
		r.state.Ended = "seconds"
		return nil
	}
	if t.checkpoint != nil {
		if kept, err := t.Model(MemoryLimit(m.limit)); err == nil { // else: from the beginning
			m, fit.Resume = kept, true
		}
	}
	fit.Callbacks = append(slices.Clone(fit.Callbacks), Callback{OnEpochEnd: func(*Model, int, Logs) error {
		if r.late() {
			return errTime
		}
		return nil
	}})
	h, err := m.FitData(ctx, r.data, fit)
	if errors.Is(err, errTime) {
		r.state.Ended = "seconds"
		return nil
	}
	if err == nil {
		err = r.judge(&t, m, h, fit)
	}
	return r.ended(t, h, err)
}

// late tells whether the time is over.
func (r *searching) late() bool {
	if r.Clock == nil {
		return false
	}
	r.state.Seconds = r.Clock() - r.begun
	return r.Seconds > 0 && r.state.Seconds >= r.Seconds
}

// judge takes the value of a trial and keeps its model.
func (r *searching) judge(t *Trial, m *Model, h *History, fit FitConfig) error {
	at := len(h.Epoch) - 1
	if e := fit.EarlyStopping; e != nil && !e.KeepLast && h.BestEpoch >= 0 {
		at = h.BestEpoch
	}
	if at < 0 {
		return tensor.Errorf(tensor.CodeOption, "search: trial %d ended before its first epoch", t.Number)
	}
	t.Logs = Logs{}
	for name, values := range h.Metrics {
		t.Logs[name] = values[at]
	}
	watch := monitor{who: "search", name: r.Monitor, mode: r.Mode}
	name, v, err := watch.value(t.Logs)
	if err != nil {
		return err
	}
	r.state.Monitor, r.state.Larger = name, watch.larger(name)
	t.Values = append(t.Values, v)
	var file bytes.Buffer
	if err := m.SaveCheckpoint(&file); err != nil {
		return err
	}
	t.checkpoint = file.Bytes()
	return nil
}

// ended takes down how a trial ended. One that cannot be built or that meets NaN has
// failed, which is a result; another error ends the search.
func (r *searching) ended(t Trial, h *History, err error) error {
	var e *tensor.Error
	if err != nil {
		if !errors.As(err, &e) || !slices.Contains([]string{tensor.CodeNaN, tensor.CodeShape, tensor.CodeMemory}, e.Code) {
			return err
		}
		t.Failed, t.checkpoint = err.Error(), nil
	}
	if h != nil {
		r.state.Epochs += len(h.Epoch) - t.Epochs
		t.Epochs = len(h.Epoch)
	}
	if t.Number < len(r.state.Trials) {
		r.state.Trials[t.Number] = t
	} else {
		r.state.Trials = append(r.state.Trials, t)
	}
	if best := r.state.Best(); r.Halving == nil && best != nil {
		for i := range r.state.Trials {
			if other := &r.state.Trials[i]; other != best {
				other.checkpoint = nil
			}
		}
	}
	if r.Clock != nil {
		r.state.Seconds = r.Clock() - r.begun
	}
	if r.OnTrial != nil {
		return r.OnTrial(r.state)
	}
	return nil
}
