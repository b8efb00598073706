package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A RecurrentLayer is a SimpleRNN, an LSTM or a GRU: it reads a sequence step by step and
// keeps a state. The formulas stand with graph.SimpleRNN, graph.LSTM and graph.GRU.
//
//	x [batch, time, features] → the last state [batch, units], or with ReturnSequences
//	every one [batch, time, units]
//
// Further inputs, if there are any, are the initial states [batch, units]: h, and for an
// LSTM c; otherwise these are zeros. With ReturnState the last states are further results
// in the same order. Steps that a mask says are padding change no state.
//
// Weights: kernel [features, k·units], recurrent_kernel [units, k·units], bias [k·units],
// with k = 1 block of columns for SimpleRNN, 4 for an LSTM (i, f, c, o) and 3 for a GRU
// (z, r, h), whose bias is [2, 3·units] if it resets behind its product.
//
// Options and defaults are those of Keras. Two of them differ in TensorFlow.js, which
// writes both into its files: RecurrentActivation is hardSigmoid there, and its GRU
// always resets before its product.
type RecurrentLayer struct {
	Name                 string
	Class                string // "SimpleRNN", "LSTM" or "GRU"
	Units                int
	Activation           Activation // Tanh
	RecurrentActivation  Activation // of the gates: Sigmoid
	NoBias               bool
	ReturnSequences      bool
	ReturnState          bool
	GoBackwards          bool        // reads from the last step to the first; results stay in the order of reading
	Dropout              float64     // of features, the same at all steps; in [0, 1)
	RecurrentDropout     float64     // of the state where it meets the recurrent kernel, likewise
	NoUnitForgetBias     bool        // an LSTM's forget gates begin with the BiasInitializer too, not with 1
	ResetBefore          bool        // a GRU's reset gate works before the product with the recurrent kernel
	KernelInitializer    Initializer // GlorotUniform
	RecurrentInitializer Initializer // Orthogonal(1)
	BiasInitializer      Initializer // Zeros
	KernelRegularizer    Regularizer
	RecurrentRegularizer Regularizer
	BiasRegularizer      Regularizer
	ActivityRegularizer  Regularizer // of every result
	KernelConstraint     Constraint
	RecurrentConstraint  Constraint
	BiasConstraint       Constraint
	InputShape           []int // of a row, if this is a network's first layer: time, features
}

var (
	_ Joiner     = (*RecurrentLayer)(nil)
	_ configured = (*RecurrentLayer)(nil)
)

// SimpleRNN returns a fully connected recurrent layer (Elman, 1990).
func SimpleRNN(units int, opts ...Option) *RecurrentLayer {
	return recurrentLayer("SimpleRNN", units, opts)
}

// LSTM returns a layer of long short-term memory (Hochreiter, Schmidhuber, 1997; Gers et
// al., 2000).
func LSTM(units int, opts ...Option) *RecurrentLayer { return recurrentLayer("LSTM", units, opts) }

// GRU returns a layer of gated recurrent units (Cho et al., 2014).
func GRU(units int, opts ...Option) *RecurrentLayer { return recurrentLayer("GRU", units, opts) }

func recurrentLayer(class string, units int, opts []Option) *RecurrentLayer {
	o := collect(opts)
	l := o.recurrent
	l.Class, l.Units, l.Name, l.Activation, l.NoBias = class, units, o.name, o.activation, o.noBias
	l.KernelInitializer, l.BiasInitializer = o.kernelInitializer, o.biasInitializer
	l.KernelRegularizer, l.BiasRegularizer, l.ActivityRegularizer = o.kernelRegularizer, o.biasRegularizer, o.activityRegularizer
	l.KernelConstraint, l.BiasConstraint = o.kernelConstraint, o.biasConstraint
	return &l
}

func recurrentOption(set func(*RecurrentLayer)) Option {
	return optionFunc(func(o *options) { set(&o.recurrent) })
}

// Options of recurrent layers.
var (
	// ReturnSequences gives the state behind every step, not only the last one.
	ReturnSequences = recurrentOption(func(l *RecurrentLayer) { l.ReturnSequences = true })
	// ReturnState gives the last states as further results.
	ReturnState = recurrentOption(func(l *RecurrentLayer) { l.ReturnState = true })
	// GoBackwards reads from the last step to the first.
	GoBackwards = recurrentOption(func(l *RecurrentLayer) { l.GoBackwards = true })
	// NoUnitForgetBias begins the forget gates' bias like the others'.
	NoUnitForgetBias = recurrentOption(func(l *RecurrentLayer) { l.NoUnitForgetBias = true })
	// ResetBefore lets a GRU reset its state before the product with the recurrent kernel.
	ResetBefore = recurrentOption(func(l *RecurrentLayer) { l.ResetBefore = true })
)

// RecurrentActivation is the function of the gates; Sigmoid if not given.
func RecurrentActivation(a Activation) Option {
	return recurrentOption(func(l *RecurrentLayer) { l.RecurrentActivation = a })
}

// InputDropout drops features of the input while training, for a sample the same ones at
// all steps.
func InputDropout(rate float64) Option {
	return recurrentOption(func(l *RecurrentLayer) { l.Dropout = rate })
}

// RecurrentDropout drops units of the state where it meets the recurrent kernel, while
// training, for a sample the same ones at all steps (Gal, Ghahramani, 2016).
func RecurrentDropout(rate float64) Option {
	return recurrentOption(func(l *RecurrentLayer) { l.RecurrentDropout = rate })
}

// RecurrentInitializer says how the recurrent kernel begins; Orthogonal(1) if not given.
func RecurrentInitializer(i Initializer) Option {
	return recurrentOption(func(l *RecurrentLayer) { l.RecurrentInitializer = i })
}

// RecurrentRegularizer adds a penalty on the recurrent kernel to the loss.
func RecurrentRegularizer(r Regularizer) Option {
	return recurrentOption(func(l *RecurrentLayer) { l.RecurrentRegularizer = r })
}

// RecurrentConstraint holds the recurrent kernel back after each update.
func RecurrentConstraint(c Constraint) Option {
	return recurrentOption(func(l *RecurrentLayer) { l.RecurrentConstraint = c })
}

func (l *RecurrentLayer) ClassName() string { return l.Class }
func (l *RecurrentLayer) LayerName() string { return l.Name }
func (l *RecurrentLayer) inputShape() []int { return l.InputShape }

// recurrentGates is the number of blocks of columns in the weights of each class.
var recurrentGates = map[string]int{"SimpleRNN": 1, "LSTM": 4, "GRU": 3}

// states is the number of values that the layer keeps from step to step.
func (l *RecurrentLayer) states() int {
	if l.Class == "LSTM" {
		return 2
	}
	return 1
}

func (l *RecurrentLayer) LowerAll(s *Scope, in []graph.Value) ([]graph.Value, error) {
	if err := l.check(s, len(in)); err != nil {
		return nil, err
	}
	x := in[0]
	shape := s.Shape(x)
	if len(shape) != 2 {
		return nil, s.shapeErrorf("want input [batch, time, features], got %s; put a Reshape or RepeatVector before it", tensor.FormatBatch(shape))
	}
	r := graph.Recurrence{Backwards: l.GoBackwards, Sequences: l.ReturnSequences, Bias: !l.NoBias, Initial: len(in) > 1,
		Dropout: float32(l.Dropout), RecurrentDropout: float32(l.RecurrentDropout)}
	var err error
	if r.Act, err = l.Activation.elementwise(s, Tanh); err != nil {
		return nil, err
	}
	if r.Gate, err = l.RecurrentActivation.elementwise(s, Sigmoid); err != nil {
		return nil, err
	}
	inputs, err := l.weights(s, x, shape[1])
	if err != nil {
		return nil, err
	}
	mask, masked := s.Mask(x)
	if masked {
		r.Mask = true
		inputs = append(inputs, mask)
	}
	y, err := s.Apply(l.op(r), append(inputs, in[1:]...)...)
	if err != nil {
		return nil, err
	}
	out, err := l.results(s, y, shape[0])
	if err != nil {
		return nil, err
	}
	for _, v := range out {
		if err := s.PenaliseActivity(v, l.ActivityRegularizer); err != nil {
			return nil, err
		}
	}
	if !masked || !l.ReturnSequences {
		return out, nil
	}
	if l.GoBackwards { // the result is in the order of reading, and so is its mask
		if mask, err = s.Apply(graph.Reverse{}, mask); err != nil {
			return nil, err
		}
	}
	s.SetMask(out[0], mask)
	return out, nil
}

// check refuses options that make no sense.
func (l *RecurrentLayer) check(s *Scope, inputs int) error {
	switch {
	case recurrentGates[l.Class] == 0:
		return s.Errorf("%v", unknownName("recurrent layer", l.Class, sortedKeys(recurrentGates)))
	case l.Units < 1 || l.Units > maxUnits:
		return s.Errorf("units must be a whole number from 1 to %d, got %d", maxUnits, l.Units)
	case l.Class != "GRU" && l.ResetBefore:
		return s.Errorf("%s has no option reset_after; only GRU has", l.Class)
	case l.Class != "LSTM" && l.NoUnitForgetBias:
		return s.Errorf("%s has no option unit_forget_bias; only LSTM has", l.Class)
	case l.Class == "SimpleRNN" && l.RecurrentActivation != "":
		return s.Errorf("SimpleRNN has no gates, and so no option recurrent_activation")
	case !(l.Dropout >= 0 && l.Dropout < 1):
		return s.Errorf("dropout must be at least 0 and below 1, got %g", l.Dropout)
	case !(l.RecurrentDropout >= 0 && l.RecurrentDropout < 1):
		return s.Errorf("recurrent_dropout must be at least 0 and below 1, got %g", l.RecurrentDropout)
	case inputs != 1 && inputs != 1+l.states():
		return s.shapeErrorf("want a sequence, or a sequence and %d initial states [batch, %d], got %d inputs", l.states(), l.Units, inputs)
	}
	return nil
}

// weights returns the inputs of the operation up to the bias.
func (l *RecurrentLayer) weights(s *Scope, x graph.Value, features int) ([]graph.Value, error) {
	columns := recurrentGates[l.Class] * l.Units
	kernel, err := s.WeightWith("kernel", []int{features, columns}, WeightOptions{l.KernelInitializer.or(GlorotUniform), l.KernelRegularizer, l.KernelConstraint})
	if err != nil {
		return nil, err
	}
	recurrent, err := s.WeightWith("recurrent_kernel", []int{l.Units, columns}, WeightOptions{l.RecurrentInitializer.or(Orthogonal(1)), l.RecurrentRegularizer, l.RecurrentConstraint})
	if err != nil || l.NoBias {
		return []graph.Value{x, kernel, recurrent}, err
	}
	shape := []int{columns}
	if l.Class == "GRU" && !l.ResetBefore {
		shape = []int{2, columns}
	}
	init := l.BiasInitializer.or(Zeros)
	init.unitForget = l.Class == "LSTM" && !l.NoUnitForgetBias
	bias, err := s.WeightWith("bias", shape, WeightOptions{init, l.BiasRegularizer, l.BiasConstraint})
	return []graph.Value{x, kernel, recurrent, bias}, err
}

func (l *RecurrentLayer) op(r graph.Recurrence) graph.Op {
	switch l.Class {
	case "LSTM":
		return graph.LSTM{Recurrence: r, CellState: l.ReturnState}
	case "GRU":
		return graph.GRU{Recurrence: r, ResetAfter: !l.ResetBefore}
	}
	return graph.SimpleRNN{Recurrence: r}
}

// results cuts what the operation gives into results: all or the last of h, and with
// ReturnState the last h and c.
func (l *RecurrentLayer) results(s *Scope, y graph.Value, time int) ([]graph.Value, error) {
	if !l.ReturnState {
		return []graph.Value{y}, nil
	}
	state, shape, last := []int{l.Units}, []int{l.Units}, 0
	if l.ReturnSequences {
		shape, last = []int{time, l.Units}, (time-1)*l.Units
	}
	cuts := []graph.Slice{{From: 0, Shape: shape}, {From: last, Shape: state}}
	if l.Class == "LSTM" {
		cuts = append(cuts, graph.Slice{From: last + l.Units, Shape: state})
	}
	var out []graph.Value
	for _, cut := range cuts {
		v, err := s.Apply(cut, y)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
