package train

import (
	"bytes"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Search looks for good hyper-parameters by random trials (Bergstra, Bengio, 2012),
// or with Halving by many short trials of which the better ones go on.
//
// It is decided by Seed, data and options, except where Seconds end it: the same
// search gives the same trials.
type Search struct {
	Space []Dimension
	Seed  uint64

	// New makes the model of a trial, fresh and compiled, and says how it is trained,
	// validation data included.
	New func(trial int, p Params) (*Model, FitConfig, error)

	// Monitor is the value that decides, as in EarlyStopping: as it is after the last
	// epoch or, where early stopping restores the best one, after that.
	Monitor string
	Mode    string

	// The budget: whichever ends first. A trial for which there is not enough left is not
	// begun; one that is running when time is over does not count.
	Trials  int            // at least 1
	Epochs  int            // of all trials together; 0: as many as they want
	Seconds float64        // by Clock, over all calls; 0: as long as it takes
	Clock   func() float64 // seconds since any moment

	Halving *Halving

	// OnTrial, if set, is told of each trial when it is done, or when it has come a step
	// further: to show it, to save the state. An error ends the search.
	OnTrial func(so *SearchState) error
}

// A Halving is successive halving (Jamieson, Talwalkar: Non-stochastic Best Arm
// Identification and Hyperparameter Optimization, 2016). All trials are trained for
// MinEpochs; the best 1/Factor of them go on to Factor times as many epochs, and so on,
// until one is left or MaxEpochs are reached.
type Halving struct {
	Factor    int // 3 if 0
	MinEpochs int // 1 if 0
	MaxEpochs int
}

// A SearchState is how far a search has come. It can be kept as JSON, and Run goes on
// from it. Models are not in that: where a trial has to go on, it is then trained again
// from its beginning, to the same bits.
type SearchState struct {
	Trials  []Trial `json:"trials"`  // in the order of their numbers
	Monitor string  `json:"monitor"` // the value that decides
	Larger  bool    `json:"larger"`  // it is better if it is larger
	Epochs  int     `json:"epochs"`  // that were trained
	Seconds float64 `json:"seconds"` // that passed, by the search's Clock
	Ended   string  `json:"ended"`   // what ended the search: "trials", "epochs" or "seconds"; "" if it is not over
}

// A Trial is one set of hyper-parameters and how it did.
type Trial struct {
	Number int    `json:"number"`
	Params Params `json:"params"`
	Epochs int    `json:"epochs"` // of training

	// Values are those of the monitored metric: one, or one for each step of halving.
	Values []float64 `json:"values"`
	Logs   Logs      `json:"logs"`             // of its last epoch
	Failed string    `json:"failed,omitempty"` // why it has no value: it met NaN, or could not be built

	checkpoint []byte
}

func (s *Search) check() error {
	if err := checkSpace(s.Space); err != nil {
		return err
	}
	if s.New == nil {
		return tensor.Errorf(tensor.CodeOption, "search: New is missing; it makes the model of a trial")
	}
	if s.Trials < 1 || s.Epochs < 0 || !(s.Seconds >= 0) {
		return tensor.Errorf(tensor.CodeOption, "search: trials %d must be at least 1, epochs %d and seconds %g not negative", s.Trials, s.Epochs, s.Seconds)
	}
	if s.Seconds > 0 && s.Clock == nil {
		return tensor.Errorf(tensor.CodeOption, "search: a budget of seconds wants a Clock")
	}
	if h := s.Halving; h != nil {
		full := Halving{Factor: h.Factor, MinEpochs: max(1, h.MinEpochs), MaxEpochs: h.MaxEpochs}
		if full.Factor == 0 {
			full.Factor = 3
		}
		if full.Factor < 2 || h.MinEpochs < 0 || full.MaxEpochs < full.MinEpochs {
			return tensor.Errorf(tensor.CodeOption, "search: halving wants a factor of at least 2 and 1 ≤ MinEpochs ≤ MaxEpochs, got %d, %d and %d", full.Factor, h.MinEpochs, h.MaxEpochs)
		}
		s.Halving = &full
	}
	return monitor{who: "search", mode: s.Mode}.check()
}

// Best returns the trial with the best value, among those that came furthest; nil if
// none has one.
func (s *SearchState) Best() *Trial {
	var best *Trial
	for i := range s.Trials {
		t := &s.Trials[i]
		switch {
		case t.Failed != "" || len(t.Values) == 0 || best != nil && len(t.Values) < len(best.Values):
		case best == nil || len(t.Values) > len(best.Values) || s.better(t, best, len(t.Values)-1):
			best = t
		}
	}
	return best
}

// better compares two trials after a step of halving.
func (s *SearchState) better(a, b *Trial, rung int) bool {
	if s.Larger {
		return a.Values[rung] > b.Values[rung]
	}
	return a.Values[rung] < b.Values[rung]
}

// Model returns the model of a trial as training left it, if it is one of those that are
// kept: the best one and, with Halving, those that may go on. A state that was JSON
// keeps none.
func (t *Trial) Model(opts ...Option) (*Model, error) {
	if t.checkpoint == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the model of trial %d was not kept; train it again from its Params", t.Number)
	}
	return Load(bytes.NewReader(t.checkpoint), opts...)
}
