package train

import (
	"cmp"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// ReduceLROnPlateau lowers the learning rate when a value has not become better for a
// while. As a callback it belongs before those that save the model; checkpoints keep
// what it remembers.
type ReduceLROnPlateau struct {
	Name     string  // "reduce learning rate" if ""; several in a run want names of their own
	Monitor  string  // "val_loss", or "loss" where there is no validation data, if ""
	Factor   float64 // what the rate is multiplied by; above 0 and below 1, 0.1 if 0
	Patience int     // so many epochs without a better value lower it; 10 if 0
	MinDelta float64 // the least change that counts as better; 0.0001 if 0
	Cooldown int     // so many epochs after a reduction do not count
	MinRate  float64 // the rate does not fall below
	Mode     string  // "min", "max"; "" finds out from the name
}

const (
	plateauFactor   = 0.1
	plateauPatience = 10
	plateauDelta    = 1e-4
)

// A plateau is what a ReduceLROnPlateau remembers.
type plateau struct {
	Seen bool    `json:"seen"`
	Best float64 `json:"best"`
	Wait int     `json:"wait"` // epochs since the best one, or since the last reduction
	Cool int     `json:"cool"` // epochs of cooling down that are left
}

// Callback returns the callback, for one run of Fit. Its options are checked when the
// run begins.
func (p ReduceLROnPlateau) Callback() Callback {
	p.Factor, p.Patience, p.MinDelta = cmp.Or(p.Factor, plateauFactor), cmp.Or(p.Patience, plateauPatience), cmp.Or(p.MinDelta, plateauDelta)
	var s plateau
	watch := monitor{"reduceLROnPlateau", p.Monitor, p.Mode, p.MinDelta}
	return Callback{
		Name:         cmp.Or(p.Name, "reduce learning rate"),
		OnTrainBegin: func(m *Model) error { return cmp.Or(p.check(m), watch.check()) },
		OnEpochEnd: func(m *Model, _ int, logs Logs) error {
			name, v, err := watch.value(logs)
			if err != nil || !s.passes(p, !s.Seen || watch.better(name, v, s.Best), v) || m.rate <= p.MinRate {
				return err
			}
			return m.SetLearningRate(max(p.MinRate, m.rate*p.Factor))
		},
		State:    func() (json.RawMessage, error) { return json.Marshal(s) },
		SetState: func(state json.RawMessage) error { return json.Unmarshal(state, &s) },
	}
}

func (p *ReduceLROnPlateau) check(m *Model) error {
	switch {
	case !(p.Factor > 0 && p.Factor < 1):
		return tensor.Errorf(tensor.CodeOption, "reduceLROnPlateau: factor must be above 0 and below 1, got %g", p.Factor)
	case p.Patience < 0 || p.Cooldown < 0 || !(p.MinRate >= 0):
		return tensor.Errorf(tensor.CodeOption, "reduceLROnPlateau: patience %d, cooldown %d and minRate %g must not be negative", p.Patience, p.Cooldown, p.MinRate)
	case m.scheduled():
		return tensor.Errorf(tensor.CodeOption, "reduceLROnPlateau sets the learning rate, and so does the optimizer's schedule; keep one of them")
	}
	return nil
}

// passes takes note of an epoch's value and tells whether it is time to lower the rate.
func (s *plateau) passes(p ReduceLROnPlateau, better bool, v float64) bool {
	if s.Cool > 0 {
		s.Cool--
		s.Wait = 0
	}
	if better {
		s.Seen, s.Best, s.Wait = true, v, 0
		return false
	}
	if s.Cool > 0 {
		return false
	}
	if s.Wait++; s.Wait < p.Patience {
		return false
	}
	s.Wait, s.Cool = 0, p.Cooldown
	return true
}
