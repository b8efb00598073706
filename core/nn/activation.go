package nn

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An Activation is a function that a layer applies to its result. Its value is
// Keras's name; "" is Linear. It can be given to a layer as an option:
//
//	nn.Dense(32, nn.ReLU)
type Activation string

// The activations, each y = f(x) element by element except the last two, which
// work along the last axis.
const (
	Linear      Activation = "linear"       // x
	ReLU        Activation = "relu"         // max(x, 0) (Nair, Hinton, 2010)
	ReLU6       Activation = "relu6"        // min(max(x, 0), 6)
	LeakyReLU   Activation = "leaky_relu"   // x if x > 0, else 0.3·x (Maas et al., 2013)
	ELU         Activation = "elu"          // x if x > 0, else exp(x) − 1 (Clevert et al., 2015)
	SELU        Activation = "selu"         // 1.0507·x, or 1.7581·(exp(x) − 1) (Klambauer et al., 2017)
	Sigmoid     Activation = "sigmoid"      // 1 / (1 + exp(−x))
	HardSigmoid Activation = "hard_sigmoid" // 0.2·x + 0.5, cut to [0, 1]
	Tanh        Activation = "tanh"
	Softplus    Activation = "softplus"  // log(1 + exp(x))
	Softsign    Activation = "softsign"  // x / (1 + |x|)
	Swish       Activation = "swish"     // x·sigmoid(x) (Ramachandran et al., 2017)
	Mish        Activation = "mish"      // x·tanh(softplus(x)) (Misra, 2019)
	GELU        Activation = "gelu"      // x·Φ(x), by erf (Hendrycks, Gimpel, 2016)
	GELUTanh    Activation = "gelu_tanh" // its approximation by tanh
	Softmax     Activation = "softmax"
	LogSoftmax  Activation = "log_softmax"
)

// defaultAlpha is LeakyReLU's slope where it is used by name, as in Keras 2 and
// TensorFlow.js.
const defaultAlpha = 0.3

var activations = map[Activation]graph.Op{
	ReLU:        graph.Activation{Kind: kernel.Relu},
	ReLU6:       graph.Activation{Kind: kernel.Relu6},
	LeakyReLU:   graph.Activation{Kind: kernel.LeakyRelu, Alpha: defaultAlpha},
	ELU:         graph.Activation{Kind: kernel.Elu, Alpha: 1},
	SELU:        graph.Activation{Kind: kernel.Selu},
	Sigmoid:     graph.Activation{Kind: kernel.Sigmoid},
	HardSigmoid: graph.Activation{Kind: kernel.HardSigmoid},
	Tanh:        graph.Activation{Kind: kernel.Tanh},
	Softplus:    graph.Activation{Kind: kernel.Softplus},
	Softsign:    graph.Activation{Kind: kernel.Softsign},
	Swish:       graph.Activation{Kind: kernel.Swish},
	Mish:        graph.Activation{Kind: kernel.Mish},
	GELU:        graph.Activation{Kind: kernel.Gelu},
	GELUTanh:    graph.Activation{Kind: kernel.GeluTanh},
	Softmax:     graph.Softmax{},
	LogSoftmax:  graph.LogSoftmax{},
}

var activationsByName = func() map[string]Activation {
	table := map[string]Activation{"": Linear, "linear": Linear, "silu": Swish}
	for a := range activations {
		table[fold(string(a))] = a
	}
	return table
}()

// ParseActivation finds an activation by its name in any spelling.
func ParseActivation(name string) (Activation, error) {
	if a, ok := activationsByName[fold(name)]; ok {
		return a, nil
	}
	known := []string{string(Linear)}
	for a := range activations {
		known = append(known, string(a))
	}
	slices.Sort(known)
	return "", unknownName("activation", name, known)
}

func (a Activation) apply(o *options) { o.activation = a }

// or returns a, or d where a is not set.
func (a Activation) or(d Activation) Activation {
	if a == "" {
		return d
	}
	return a
}

// elementwise returns the operation of a, or of d where a is not set, for a layer that
// applies it to numbers one by one.
func (a Activation) elementwise(s *Scope, d Activation) (graph.Activation, error) {
	a = a.or(d)
	if a == Linear {
		return graph.Activation{Kind: kernel.Linear}, nil
	}
	op, known := activations[a]
	if !known {
		_, err := ParseActivation(string(a))
		return graph.Activation{}, err.(*tensor.Error).In(s.Name)
	}
	one, ok := op.(graph.Activation)
	if !ok {
		return one, s.Errorf("activation %s works along a row; the cells of this layer take one that works number by number, as tanh does", a)
	}
	return one, nil
}

// lower adds the activation behind v.
func (a Activation) lower(s *Scope, v graph.Value) (graph.Value, error) {
	if a == "" || a == Linear {
		return v, nil
	}
	op, ok := activations[a]
	if !ok {
		_, err := ParseActivation(string(a))
		return v, err.(*tensor.Error).In(s.Name)
	}
	return s.Apply(op, v)
}

// ReadJSON reads a name in any spelling, or null for Linear.
func (a *Activation) ReadJSON(data []byte) error {
	var name string
	if err := json.Unmarshal(data, &name); err != nil {
		return tensor.Errorf(tensor.CodeOption, "activation %s is not a name", data)
	}
	parsed, err := ParseActivation(name)
	*a = parsed
	return err
}

// WriteJSON writes Keras's name.
func (a Activation) WriteJSON() ([]byte, error) {
	if a == "" {
		a = Linear
	}
	return json.Marshal(string(a))
}
