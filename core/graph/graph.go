package graph

import (
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Value is the result of an operation, an input or a parameter of one Graph.
type Value struct{ id int }

// A Graph is a directed acyclic graph of operations. The zero value is empty and
// ready. Since an operation can only use values that exist, the order in which
// nodes were added is a topological order.
type Graph struct {
	nodes     []node
	penalties []Value
	layer     string // who adds nodes at the moment: for names and errors
}

// A node is one value and how it comes about: by an operation, or as an input, or
// as a parameter.
type node struct {
	layer   string
	op      Op // nil: an input or a parameter
	in      []int
	shape   []int
	batched bool
	input   string // an input's name
	param   *Param
}

// A Param is a weight: what it is called, how it begins and what holds it back.
type Param struct {
	Name      string // within its layer: "kernel"
	Layer     string // set by Graph.Param
	Shape     []int
	Trainable bool
	Init      func(dst []float32, shape []int, pcg *rand.PCG) // nil: zeros
	L1, L2    float64                                         // penalty L1·Σ|w| + L2·Σw²

	Constraint Constraint // what the weight is held to after each update
}

// FullName is the name in files: <layer>/<weight>.
func (p *Param) FullName() string { return p.Layer + "/" + p.Name }

// In names the layer that adds the following nodes.
func (g *Graph) In(layer string) { g.layer = layer }

// Input adds a batched input whose rows have the given shape.
func (g *Graph) Input(name string, shape []int) (Value, error) {
	if err := checkShape(shape); err != nil {
		return Value{}, err.In(g.layer)
	}
	return g.add(node{input: name, shape: shape, batched: true}), nil
}

// Param adds a parameter.
func (g *Graph) Param(p Param) (Value, error) {
	if err := checkShape(p.Shape); err != nil {
		return Value{}, err.In(g.layer)
	}
	p.Layer = g.layer
	return g.add(node{param: &p, shape: p.Shape}), nil
}

// Apply adds an operation. It fails, naming the layer, where the shapes of its
// inputs do not suit it.
func (g *Graph) Apply(op Op, in ...Value) (Value, error) {
	shapes, ids, batched := make([][]int, len(in)), make([]int, len(in)), false
	for i, v := range in {
		shapes[i], ids[i] = g.nodes[v.id].shape, v.id
		batched = batched || g.nodes[v.id].batched
	}
	shape, err := op.Infer(shapes)
	if err != nil {
		return Value{}, err.In(g.layer)
	}
	if err := checkShape(shape); err != nil {
		return Value{}, err.In(g.layer)
	}
	return g.add(node{op: op, in: ids, shape: shape, batched: batched}), nil
}

func (g *Graph) add(n node) Value {
	n.layer = g.layer
	g.nodes = append(g.nodes, n)
	return Value{len(g.nodes) - 1}
}

// Shape returns the shape of a row of v, or of all of v if it is not batched.
func (g *Graph) Shape(v Value) []int { return g.nodes[v.id].shape }

// Producer returns the operation that computes v and its inputs; nil if v is an
// input or a parameter. A loss uses it to see the softmax in front of it.
func (g *Graph) Producer(v Value) (Op, []Value) {
	n := g.nodes[v.id]
	in := make([]Value, len(n.in))
	for i, id := range n.in {
		in[i] = Value{id}
	}
	return n.op, in
}

// A Node is one value of a graph and how it comes about: by an operation, or as an
// input (Input is its name), or as a parameter (Param). Compilers and file formats walk
// over nodes; what they get must not be changed.
type Node struct {
	Value   Value
	Layer   string // who added it
	Op      Op     // nil: an input or a parameter
	In      []Value
	Shape   []int // of a row, if Batched
	Batched bool
	Input   string
	Param   *Param
}

// Nodes returns the values that the wanted ones are computed from, and those
// themselves, in an order in which they can be computed.
func (g *Graph) Nodes(wanted ...Value) []Node {
	needed := make([]bool, len(g.nodes))
	for _, v := range wanted {
		needed[v.id] = true
	}
	for id := len(g.nodes) - 1; id >= 0; id-- {
		if needed[id] {
			for _, in := range g.nodes[id].in {
				needed[in] = true
			}
		}
	}
	var nodes []Node
	for id, n := range g.nodes {
		if needed[id] {
			_, in := g.Producer(Value{id})
			nodes = append(nodes, Node{Value{id}, n.layer, n.op, in, n.shape, n.batched, n.input, n.param})
		}
	}
	return nodes
}

// Params returns the parameters in the order in which they were added.
func (g *Graph) Params() []*Param {
	var params []*Param
	for i := range g.nodes {
		if p := g.nodes[i].param; p != nil {
			params = append(params, p)
		}
	}
	return params
}

func checkShape(shape []int) *tensor.Error {
	size, err := tensor.Size(shape)
	if err != nil {
		return tensor.Errorf(tensor.CodeShape, "%v", err)
	}
	if size == 0 {
		return tensor.Errorf(tensor.CodeShape, "shape %s is empty: every dimension must be at least 1", tensor.Format(shape))
	}
	return nil
}

// Size returns the number of values of a shape that a Graph accepted.
func Size(shape []int) int { return size(shape) }

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
