package nn

import (
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Layer is one layer of a network: options with useful zero values.
type Layer interface {
	// ClassName is Keras's name of the layer's class: "Dense".
	ClassName() string
	// LayerName is the name given by the user, or "".
	LayerName() string
	// Lower writes the layer into a graph, checking its options and its input.
	Lower(s *Scope, in graph.Value) (graph.Value, error)
	// Config returns the layer's options under Keras's names, for JSON.
	Config() any
}

// A Scope is where a layer lowers itself: a graph, and the name that stands in
// front of its weights and its errors.
type Scope struct {
	Graph *graph.Graph
	Name  string
}

// Shape returns the shape of a row of v.
func (s *Scope) Shape(v graph.Value) []int { return s.Graph.Shape(v) }

// Apply adds an operation.
func (s *Scope) Apply(op graph.Op, in ...graph.Value) (graph.Value, error) {
	return s.Graph.Apply(op, in...)
}

// Weight adds a trainable weight that begins as init says.
func (s *Scope) Weight(name string, shape []int, init Initializer, penalty Regularizer) (graph.Value, error) {
	if err := init.check(); err != nil {
		return graph.Value{}, s.Errorf("%s initializer: %v", name, err)
	}
	if err := penalty.check(); err != nil {
		return graph.Value{}, s.Errorf("%s regularizer: %v", name, err)
	}
	fill := func(dst []float32, shape []int, pcg *rand.PCG) { init.Fill(dst, shape, pcg) }
	return s.Graph.Param(graph.Param{Name: name, Shape: shape, Trainable: true, Init: fill, L1: penalty.L1, L2: penalty.L2})
}

// Errorf returns an error about one of the layer's options.
func (s *Scope) Errorf(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeOption, format, args...).In(s.Name)
}

// shapeErrorf returns an error about the shape that reached the layer.
func (s *Scope) shapeErrorf(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeShape, format, args...).In(s.Name)
}

// An Option sets one option of a layer when it is built in Go; which layers take it
// is checked by the compiler where that is possible and by Lower elsewhere.
type Option interface{ apply(*options) }

// options is what Options set. Each layer reads those that it has.
type options struct {
	name                               string
	activation                         Activation
	noBias                             bool
	kernelInitializer, biasInitializer Initializer
	kernelRegularizer, biasRegularizer Regularizer
}

func collect(list []Option) options {
	var o options
	for _, option := range list {
		option.apply(&o)
	}
	return o
}

type optionFunc func(*options)

func (f optionFunc) apply(o *options) { f(o) }

// Name gives a layer its name. Names are unique in a network; without one a layer is
// named after its class: dense, dense_1, ….
func Name(name string) Option { return optionFunc(func(o *options) { o.name = name }) }

// NoBias leaves the bias out.
var NoBias Option = optionFunc(func(o *options) { o.noBias = true })

// KernelInitializer says how the kernel begins; GlorotUniform if not given.
func KernelInitializer(i Initializer) Option {
	return optionFunc(func(o *options) { o.kernelInitializer = i })
}

// BiasInitializer says how the bias begins; Zeros if not given.
func BiasInitializer(i Initializer) Option {
	return optionFunc(func(o *options) { o.biasInitializer = i })
}

// KernelRegularizer adds a penalty on the kernel to the loss.
func KernelRegularizer(r Regularizer) Option {
	return optionFunc(func(o *options) { o.kernelRegularizer = r })
}

// BiasRegularizer adds a penalty on the bias to the loss.
func BiasRegularizer(r Regularizer) Option {
	return optionFunc(func(o *options) { o.biasRegularizer = r })
}
