package codegen

import (
	"fmt"
	"io"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Source is a trained network and what is to be said about it.
type Source struct {
	Graph   *graph.Graph
	Inputs  []graph.Value
	Outputs []graph.Value
	Weights func(p *graph.Param) []float32 // the values of a parameter of Graph

	// Pipeline makes the network's one input of rows in its description's order, and
	// answers of its one output; nil for a network that is fed with tensors.
	Pipeline *data.Pipeline

	About About
}

// About is what the module tells of itself beside its inputs and outputs.
type About struct {
	Name        string             `json:"name"`
	Numerics    int                `json:"numerics"`             // version of the bits it was trained with
	Unit        string             `json:"unit,omitzero"`        // of a regression's answer
	Units       map[string]string  `json:"units,omitzero"`       // of inputs, by name
	InputNames  []string           `json:"inputNames,omitzero"`  // of a network without a pipeline
	OutputNames []string           `json:"outputNames,omitzero"` // of a network without a pipeline
	Interval    *data.Interval     `json:"interval,omitzero"`    // of a regression's answer
	Metrics     map[string]float64 `json:"metrics,omitzero"`     // how well it does
	Fingerprint string             `json:"fingerprint,omitzero"` // of the data that it was trained on
	Licence     string             `json:"licence,omitzero"`
}

// Options say how a module is written. The zero value is float32 weights and SIMD.
type Options struct {
	Weights Precision
	NoSIMD  bool // scalar code, for hosts without SIMD; the same bits
}

// A Report tells what was written.
type Report struct {
	Bytes       int // of the module
	Weights     int // bytes of it that are weights
	Description int // bytes of it that are its description
	Vocabulary  int // bytes of it that are the words of a tokenizer
	Memory      int // bytes that the module's memory has before rows come to it
	BlockRows   int // rows that are computed at once
	MaxRows     int // the most rows of a call
}

// Code returns the bytes that are neither weights nor words nor description.
func (r *Report) Code() int { return r.Bytes - r.Weights - r.Vocabulary - r.Description }

// Compile writes a module that computes what the source does. It refuses, with code
// unsupported and before anything is written, a network with operations that cannot be
// compiled, naming all of them; and float16 weights where a weight is too large for
// them. Equal sources give equal bytes.
func Compile(w io.Writer, s Source, o Options) (*Report, error) {
	codec, err := o.Weights.codec()
	if err != nil {
		return nil, err
	}
	c := &compiler{source: s, options: o, codec: codec}
	for _, stage := range []func() error{c.walk, c.lower, c.medium, c.encodeWeights, c.layOut} {
		if err := stage(); err != nil {
			return nil, err
		}
	}
	description, err := c.describe()
	if err != nil {
		return nil, err
	}
	module := c.emit(description)
	if _, err := w.Write(module); err != nil {
		return nil, err
	}
	return &Report{Bytes: len(module), Weights: c.weightBytes, Description: len(description), Vocabulary: c.words,
		Memory: c.memory.pages * page, BlockRows: c.memory.block, MaxRows: c.memory.maxRows}, nil
}

// A compiler is a source on its way to a module. Slices are indexed as nodes.
type compiler struct {
	source  Source
	options Options
	codec   *codec // of the weights; nil: float32

	nodes   []graph.Node
	index   map[graph.Value]int
	uses    []int // how many operations read a value; being an output counts as well
	last    []int // the last node that reads a value, or one that lies in the same place
	steps   []step
	panels  []bool   // weights that lie in the module as wasmgen.InPanels arranges them
	weights []weight // of parameters, then stored
	stored  []weight // numbers that operations bring along
	derived []derived
	raw     *raw   // of a medium that the module makes numbers of
	blob    []byte // what it needs for that, in place of the pipeline's table

	places []place
	blocks []block
	memory memory

	weightBytes int
	words       int // bytes of a tokenizer's words
}

// walk lists what has to be computed.
func (c *compiler) walk() error {
	s := c.source
	c.nodes = s.Graph.Nodes(append(append([]graph.Value{}, s.Outputs...), s.Inputs...)...)
	c.index = make(map[graph.Value]int, len(c.nodes))
	c.uses = make([]int, len(c.nodes))
	c.panels = make([]bool, len(c.nodes))
	for i, n := range c.nodes {
		c.index[n.Value] = i
		for _, in := range n.In {
			c.uses[c.index[in]]++
		}
	}
	for _, v := range s.Outputs {
		c.uses[c.index[v]]++
		if n := c.node(v); !n.Batched {
			return tensor.Errorf(tensor.CodeUnsupported, "an output does not depend on the input; there is nothing to compile").In(n.Layer)
		}
	}
	if p := s.Pipeline; p != nil {
		if p.Output.Task == data.TaskWriting {
			return tensor.Errorf(tensor.CodeUnsupported, "a model that writes cannot be compiled: a module answers once, and has no loop in which to write")
		}
		if len(s.Inputs) != 1 || graph.Size(c.node(s.Inputs[0]).Shape) != p.Features() {
			return tensor.Errorf(tensor.CodeShape, "the data pipeline makes one input of %d features, which the network does not have", p.Features())
		}
		if len(s.Outputs) != 1 || graph.Size(c.node(s.Outputs[0]).Shape) != p.Output.Units() {
			return tensor.Errorf(tensor.CodeShape, "the data pipeline describes one output of %d values, which the network does not have", p.Output.Units())
		}
	}
	return nil
}

func (c *compiler) node(v graph.Value) *graph.Node { return &c.nodes[c.index[v]] }

// size returns the number of values of a row of v, or of all of it if it is not batched.
func (c *compiler) size(v graph.Value) int { return graph.Size(c.node(v).Shape) }

// lower decides how each operation is computed.
func (c *compiler) lower() error {
	c.steps = make([]step, len(c.nodes))
	var refused []string
	for i := range c.nodes {
		n := &c.nodes[i]
		if n.Op == nil {
			continue
		}
		if c.steps[i] = c.lowerNode(n); c.steps[i].refused != "" {
			refused = append(refused, fmt.Sprintf("%s (%s)", n.Layer, c.steps[i].refused))
		}
	}
	if len(refused) > 0 {
		return tensor.Errorf(tensor.CodeUnsupported, "the model cannot be compiled because of %s; replace these layers, or use the model with the engine", strings.Join(refused, ", "))
	}
	return nil
}
