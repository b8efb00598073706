package onnx

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/format/unsupported"
	"github.com/terrarium-ml/terrarium/core/graph"
)

// A Source is a network to be written: its graph, the values that go in and come out
// with their names, and its weights.
type Source struct {
	Name            string
	Graph           *graph.Graph
	Inputs, Outputs []graph.Value
	InputNames      []string
	OutputNames     []string
	Weights         func(*graph.Param) []float32
	Metadata        map[string]string
}

// Write returns the network as an ONNX model. What operator set 17 cannot express is
// refused, all of it at once.
func Write(s Source) ([]byte, error) {
	e := &exporter{source: s, values: map[graph.Value]*value{}, names: map[string]bool{}}
	var g message
	for i, v := range s.Inputs {
		name := e.unique(s.InputNames[i])
		e.values[v] = &value{last: name, shape: s.Graph.Shape(v)}
		g.bytes(11, encodeValueInfo(name, s.Graph.Shape(v)))
	}
	for _, n := range s.Graph.Nodes(s.Outputs...) {
		if err := e.node(n); err != nil {
			return nil, err
		}
	}
	if err := e.Report("the model cannot be written as ONNX"); err != nil {
		return nil, err
	}
	for i, v := range s.Outputs {
		name := e.unique(s.OutputNames[i])
		e.emit("Identity", []string{e.last(v)}, name)
		g.bytes(12, encodeValueInfo(name, s.Graph.Shape(v)))
	}
	for _, n := range e.nodes {
		g.bytes(1, n)
	}
	g.text(2, s.Name)
	for _, t := range e.tensors {
		g.bytes(5, t)
	}
	return e.model(g), nil
}

// model wraps a graph up.
func (e *exporter) model(g message) []byte {
	var m, set message
	m.varint(1, irVersion)
	m.text(2, "Terrarium")
	m.bytes(7, g)
	set.text(1, "")
	set.varint(2, opset)
	m.bytes(8, set)
	for _, key := range sortedKeys(e.source.Metadata) {
		var entry message
		entry.text(1, key)
		entry.text(2, e.source.Metadata[key])
		m.bytes(14, entry)
	}
	return m
}

// A value is a result in the file: its name with channels last, as here, and with
// channels first, as ONNX's operators on images and sequences want it. One may be "".
type value struct {
	last, first string
	shape       []int // of a row, channels last
}

type exporter struct {
	unsupported.List
	source  Source
	values  map[graph.Value]*value
	names   map[string]bool
	nodes   [][]byte
	tensors [][]byte
	layer   string // whose operation is being written
}

// unique returns a name that nothing else has.
func (e *exporter) unique(name string) string {
	unique := name
	for k := 1; e.names[unique]; k++ {
		unique = fmt.Sprintf("%s_%d", name, k)
	}
	e.names[unique] = true
	return unique
}

// fresh names a result of the present layer.
func (e *exporter) fresh(what string) string { return e.unique(e.layer + "/" + what) }

// emit adds a node with one result.
func (e *exporter) emit(op string, in []string, out string, attributes ...attribute) {
	e.nodes = append(e.nodes, encodeNode(op, out, in, []string{out}, attributes))
}

// op adds a node with one result and names that.
func (e *exporter) op(op string, in []string, attributes ...attribute) string {
	out := e.fresh(op)
	e.emit(op, in, out, attributes...)
	return out
}

// floats adds a constant.
func (e *exporter) floats(name string, shape []int, data []float32) string {
	e.tensors = append(e.tensors, encodeFloats(name, shape, data))
	return name
}

// scalar adds a constant of no axes.
func (e *exporter) scalar(v float32) string {
	return e.floats(e.fresh("constant"), nil, []float32{v})
}

// ints adds a constant list of whole numbers.
func (e *exporter) ints(list ...int) string {
	name := e.fresh("constant")
	e.tensors = append(e.tensors, encodeInts(name, list))
	return name
}

// last returns the name of a value with channels last, transposing it if need be.
func (e *exporter) last(v graph.Value) string {
	x := e.values[v]
	if x.last == "" {
		x.last = e.op("Transpose", []string{x.first}, attr("perm", toLast(len(x.shape))))
	}
	return x.last
}

// first returns the name of a value with channels first.
func (e *exporter) first(v graph.Value) string {
	x := e.values[v]
	if x.first == "" {
		x.first = e.op("Transpose", []string{x.last}, attr("perm", toFirst(len(x.shape))))
	}
	return x.first
}

// toFirst is the permutation of a batch of rows of this many axes that brings channels
// forward, and toLast the one that takes them back.
func toFirst(axes int) []int {
	perm := []int{0, axes}
	for i := 1; i < axes; i++ {
		perm = append(perm, i)
	}
	return perm
}

func toLast(axes int) []int {
	perm := []int{0}
	for i := 2; i <= axes; i++ {
		perm = append(perm, i)
	}
	return append(perm, 1)
}

// is records the result of an operation, channels last.
func (e *exporter) is(n graph.Node, name string) {
	e.values[n.Value] = &value{last: name, shape: n.Shape}
}

// isFirst records the result of an operation, channels first.
func (e *exporter) isFirst(n graph.Node, name string) {
	e.values[n.Value] = &value{first: name, shape: n.Shape}
}

// elementwise applies f to the value with channels where they are at present.
func (e *exporter) elementwise(n graph.Node, f func(x string) string) {
	if x := e.values[n.In[0]]; x.last == "" {
		e.isFirst(n, f(x.first))
		return
	}
	e.is(n, f(e.last(n.In[0])))
}

// weights returns the numbers of a parameter.
func (e *exporter) weights(v graph.Value) (p *graph.Param, data []float32) {
	for _, n := range e.source.Graph.Nodes(v) {
		if n.Value == v && n.Param != nil {
			return n.Param, e.source.Weights(n.Param)
		}
	}
	return nil, nil
}

// param adds a parameter as it is.
func (e *exporter) param(v graph.Value) string {
	p, data := e.weights(v)
	return e.floats(e.unique(p.FullName()), p.Shape, data)
}
