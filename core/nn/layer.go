package nn

import "github.com/terrarium-ml/terrarium/core/graph"

// A Layer is one layer of a network: options with useful zero values.
//
// A layer with one input and one result brings Lower, as a Mapper; one that takes or
// gives several brings LowerAll, as a Joiner. Layers of other packages may do the same:
// whatever has these methods can stand in a network.
type Layer interface {
	// ClassName is Keras's name of the layer's class: "Dense".
	ClassName() string
	// LayerName is the name given by the user, or "".
	LayerName() string
	// Config returns the layer's options under Keras's names, for JSON.
	Config() any
}

// A Mapper is a layer of one input and one result.
type Mapper interface {
	Layer
	// Lower writes the layer into a graph, checking its options and its input.
	Lower(s *Scope, in graph.Value) (graph.Value, error)
}

// A Joiner is a layer of several inputs, or of several results.
type Joiner interface {
	Layer
	// LowerAll is Lower for any number of inputs and results, of which there is at
	// least one.
	LowerAll(s *Scope, in []graph.Value) ([]graph.Value, error)
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
	strides, dilation                  list
	padding                            Padding
	depthMultiplier                    int
	activityRegularizer                Regularizer
	kernelConstraint, biasConstraint   Constraint
	recurrent                          RecurrentLayer // what only recurrent layers have
	merge                              MergeMode
	sequenceOptions
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

// ActivityRegularizer adds a penalty on the layer's output to the loss: the mean over
// the batch's rows.
func ActivityRegularizer(r Regularizer) Option {
	return optionFunc(func(o *options) { o.activityRegularizer = r })
}

// KernelConstraint holds the kernel to c after each update.
func KernelConstraint(c Constraint) Option {
	return optionFunc(func(o *options) { o.kernelConstraint = c })
}

// BiasConstraint holds the bias to c after each update.
func BiasConstraint(c Constraint) Option {
	return optionFunc(func(o *options) { o.biasConstraint = c })
}
