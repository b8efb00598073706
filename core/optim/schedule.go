package optim

import (
	"bytes"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Schedule gives the learning rate of each step. It is a pure function of the step:
// nothing of it needs storing but its options, and a run that is resumed goes on with
// the same bits.
type Schedule interface {
	// ClassName is the name in files: Keras's, where Keras has the schedule.
	ClassName() string
	// Validate fails with code "option" where an option is out of range.
	Validate() error
	// At returns the rate of an update, counted from 0: that before the update has been
	// made, as Keras counts.
	At(step int) float64
	// Config returns the options under Keras's names as JSON. NewSchedule takes it back.
	Config() json.RawMessage
}

// Scheduled is an optimizer whose learning rate follows a schedule instead of its own
// option. In JSON it is the optimizer's config with the schedule in the place of the
// rate, as Keras writes it:
//
//	{"learning_rate": {"class_name": "CosineDecay", "config": {…}}, "beta_1": 0.9, …}
type Scheduled struct {
	Optimizer
	Schedule Schedule
}

var _ Optimizer = Scheduled{}

// WithSchedule returns o with its rate following s.
func WithSchedule(o Optimizer, s Schedule) Optimizer { return Scheduled{o, s} }

// Validate checks the options of both.
func (s Scheduled) Validate() error {
	switch {
	case s.Optimizer == nil || s.Schedule == nil:
		return tensor.Errorf(tensor.CodeOption, "a scheduled optimizer wants an optimizer and a schedule")
	case isScheduled(s.Optimizer):
		return tensor.Errorf(tensor.CodeOption, "optimizer %s has two schedules; keep one", s.ClassName())
	}
	if err := s.Optimizer.Validate(); err != nil {
		return err
	}
	return s.Schedule.Validate()
}

func isScheduled(o Optimizer) bool {
	_, ok := o.(Scheduled)
	return ok
}

// Rate returns the learning rate of the first step.
func (s Scheduled) Rate() float64 { return s.Schedule.At(0) }

// Config returns the options of both as JSON.
func (s Scheduled) Config() json.RawMessage {
	var members map[string]json.RawMessage
	rate, err := json.Marshal(map[string]any{"class_name": s.Schedule.ClassName(), "config": s.Schedule.Config()})
	if err == nil {
		err = json.Unmarshal(s.Optimizer.Config(), &members)
	}
	if err != nil {
		panic("optim: an optimizer's own options cannot be read: " + err.Error())
	}
	members["learning_rate"] = rate
	text, _ := json.Marshal(members) // of texts that were written before
	return text
}

// RateAt returns the learning rate of update number step, counted from 0: that of o's
// schedule, or base where it has none.
func RateAt(o Optimizer, step int, base float64) float64 {
	if s, ok := o.(Scheduled); ok {
		return s.Schedule.At(step)
	}
	return base
}

// Rule returns the optimizer without its schedule.
func Rule(o Optimizer) Optimizer {
	if s, ok := o.(Scheduled); ok {
		return s.Optimizer
	}
	return o
}

// takeSchedule takes a schedule out of an optimizer's options, if one is in the place
// of the rate. Options that cannot be read are left to others.
func takeSchedule(config []byte) ([]byte, Schedule, error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(config, &members) != nil {
		return config, nil, nil
	}
	for key, value := range members {
		if !rate(new(float64), 0).named(key) || !bytes.HasPrefix(value, []byte("{")) {
			continue
		}
		var spec struct {
			ClassName string          `json:"class_name"`
			Config    json.RawMessage `json:"config"`
		}
		if err := (json.Reading{Fold: true}).Unmarshal(value, &spec); err != nil {
			return nil, nil, tensor.Errorf(tensor.CodeOption, "learning_rate %.60s: want a number or an object with class_name and config", value)
		}
		s, err := NewSchedule(spec.ClassName, spec.Config)
		if err != nil {
			return nil, nil, err
		}
		delete(members, key)
		rest, err := json.Marshal(members)
		return rest, s, err
	}
	return config, nil, nil
}

// NewSchedule makes a schedule from a class name and options in JSON, spelled as Keras
// or as TensorFlow.js would. It fails with code "option" on a name that is not known,
// listing those that are, and on values that are out of range.
func NewSchedule(name string, config []byte) (Schedule, error) {
	var known []string
	for _, c := range scheduleClasses {
		if plain(c.name) == plain(name) {
			return c.build(config)
		}
		known = append(known, c.name)
	}
	return nil, tensor.Errorf(tensor.CodeOption, "unknown learning rate schedule %q; known: %s", name, strings.Join(known, ", "))
}

// A scheduleClass is a kind of schedule that NewSchedule can make.
type scheduleClass struct {
	name  string
	build func(config []byte) (Schedule, error)
}

var scheduleClasses = []scheduleClass{
	{"CosineDecay", scheduleOf(CosineDecay{})},
	{"CosineDecayRestarts", scheduleOf(CosineDecayRestarts{})},
	{"ExponentialDecay", scheduleOf(ExponentialDecay{})},
	{"InverseTimeDecay", scheduleOf(InverseTimeDecay{})},
	{"OneCycle", scheduleOf(OneCycle{})},
	{"PiecewiseConstantDecay", scheduleOf(PiecewiseConstantDecay{})},
	{"PolynomialDecay", scheduleOf(PolynomialDecay{})},
}

func scheduleOf[S Schedule, P interface {
	*S
	options() []option
}](preset S) func([]byte) (Schedule, error) {
	return func(config []byte) (Schedule, error) {
		s := preset
		if err := fill("schedule "+s.ClassName(), P(&s).options(), config); err != nil {
			return nil, err
		}
		if err := s.Validate(); err != nil {
			return nil, err
		}
		return s, nil
	}
}

// initialRate is the rate with which most schedules begin: it has no default.
func initialRate(field *float64) option {
	return option{name: "initial_learning_rate", number: field, max: most}
}

// steps is a number of updates, at least 1.
func steps(name string, field *int) option {
	return option{name: name, whole: field, above: 1, max: most}
}

// ascending tells whether each value is above the one before.
func ascending(values []float64) bool {
	return slices.IsSortedFunc(values, func(a, b float64) int {
		if a < b {
			return -1
		}
		return 1
	})
}
