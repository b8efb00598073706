package onnx

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/format/unsupported"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A File is a model that was read: a network for nn.ParseNetwork, and its weights by
// their names there.
type File struct {
	Name    string
	Network nn.NetworkConfig
	Weights map[string]*tensor.Tensor
	Notes   []string
}

// Read reads an ONNX model. Errors have code format for damage, and unsupported, with
// everything that is, for operations that Terrarium has no layer for.
func Read(file []byte) (*File, error) {
	m, err := parse(file)
	if err != nil {
		return nil, err
	}
	im := &importer{
		opset: m.opset,
		file:  &File{Name: m.graph.name, Weights: map[string]*tensor.Tensor{}}, graph: &m.graph,
		results: map[string]*result{}, makers: map[string]*nodeProto{}, scopes: map[string]*nn.Scope{}, lowered: &graph.Graph{},
		readers: map[string][]*nodeProto{}, done: map[*nodeProto]bool{},
		operations: operations(),
	}
	for _, n := range m.graph.nodes {
		for _, in := range n.in {
			im.readers[in] = append(im.readers[in], n)
		}
		for _, out := range n.out {
			im.makers[out] = n
		}
	}
	if err := im.inputs(); err != nil {
		return nil, err
	}
	for _, n := range m.graph.nodes {
		if err := im.node(n); err != nil {
			return nil, err
		}
	}
	if err := im.Report("the model cannot be opened"); err != nil {
		return nil, err
	}
	return im.file, im.outputs()
}

// A layout is how ONNX arranges what here is a batch of rows with channels last.
type layout uint8

const (
	plain     layout = iota // the same
	channels1               // channels in front: [N, C, …]
	timeFirst               // [T, N, C]
	sequence                // an LSTM's Y: [T, directions, N, C]
	joined                  // its directions beside the channels: [T, N, directions, C]
	states                  // an LSTM's Y_h: [directions, N, C]
)

// A result is what a name of the graph stands for.
type result struct {
	ref    nn.LayerRef
	value  graph.Value
	layout layout
	shape  []int // a list of numbers that is the shape of something: 0 is the batch
	known  *constant

	directions int  // of the results of a recurrent layer
	positive   bool // no number is below 0
}

// An importer makes layers of operations. It lowers each at once, to know the shape of
// its result.
type importer struct {
	unsupported.List
	file       *File
	graph      *graphProto
	results    map[string]*result
	scopes     map[string]*nn.Scope
	lowered    *graph.Graph
	readers    map[string][]*nodeProto // of each name
	makers     map[string]*nodeProto   // of each name
	done       map[*nodeProto]bool     // operations that were read with one before them
	operations map[string]reader
	failed     bool // an input was refused
	opset      int64
}

// inputs makes a layer of each input that is no constant.
func (im *importer) inputs() error {
	for name, c := range im.graph.constants {
		im.results[name] = &result{known: c}
	}
	for _, in := range im.graph.inputs {
		if im.results[in.name] != nil {
			continue
		}
		if len(in.shape) < 2 {
			im.Refuse(in.name, "the input has no axis behind the batch")
			im.failed = true
			continue
		}
		if n, err := tensor.Size(in.shape[1:]); err == nil && (n > maxRow || in.shape[len(in.shape)-1] > maxRow) {
			im.Refuse(in.name, "the input, rows of %s numbers, is larger than any that is read", tensor.Format(in.shape[1:]))
			im.failed = true
			continue
		}
		for _, d := range in.shape[1:] {
			if d < 0 {
				im.Refuse(in.name, "the input leaves an axis open; every axis but the batch wants a fixed length: export the model with one")
				im.failed = true
			}
		}
		if im.failed {
			continue
		}
		r, err := im.add("InputLayer", in.name, map[string]any{"input_shape": in.shape[1:]})
		if err != nil {
			return err
		}
		im.results[in.name] = r
		im.file.Network.InputLayers = append(im.file.Network.InputLayers, r.ref)
	}
	return nil
}

// outputs says what the network computes.
func (im *importer) outputs() error {
	if len(im.graph.outputs) == 0 {
		return formatErrorf("the graph has no output")
	}
	for _, out := range im.graph.outputs {
		r := im.results[out.name]
		if r == nil || r.known != nil || r.shape != nil {
			return formatErrorf("the output %q does not depend on an input", out.name)
		}
		r, err := im.plain(r, out.name)
		if err != nil {
			return err
		}
		im.file.Network.OutputLayers = append(im.file.Network.OutputLayers, r.ref)
	}
	im.prune()
	return nil
}

// prune takes away layers that no output depends on: operations that were read before it
// was seen that they are part of another.
func (im *importer) prune() {
	network := &im.file.Network
	needed := map[string]bool{}
	for _, r := range slices.Concat(network.OutputLayers, network.InputLayers) {
		needed[r.Layer] = true
	}
	for _, l := range slices.Backward(network.Layers) {
		if needed[l.Name] {
			for _, r := range slices.Concat(l.InboundNodes...) {
				needed[r.Layer] = true
			}
		}
	}
	network.Layers = slices.DeleteFunc(network.Layers, func(l nn.LayerConfig) bool { return !needed[l.Name] })
	maps.DeleteFunc(im.file.Weights, func(name string, _ *tensor.Tensor) bool {
		for layer := range needed { // names of layers may hold slashes themselves
			if strings.HasPrefix(name, layer+"/") {
				return false
			}
		}
		return true
	})
}

// node reads one operation, unless one that it needs was refused.
func (im *importer) node(n *nodeProto) error {
	if im.done[n] || len(n.out) == 0 || n.out[0] == "" && len(n.out) == 1 {
		return nil // nothing can depend on it
	}
	if n.domain != "" && n.domain != "ai.onnx" {
		im.Refuse(n.label(), "the operation %s is not one of ONNX itself, but of %s", n.op, n.domain)
		return nil
	}
	read, ok := im.operations[n.op]
	if !ok {
		im.Refuse(n.label(), "the operation %s is not read", n.op)
		return nil
	}
	for _, in := range n.in {
		if in != "" && im.results[in] == nil {
			if len(im.List) > 0 {
				return nil // what makes it was refused
			}
			return formatErrorf("%s needs %q, which nothing makes", n.label(), in)
		}
	}
	err := read(im, n)
	var e *tensor.Error
	switch {
	case errors.As(err, &e) && e.Code == tensor.CodeFormat:
		return err
	case err != nil:
		im.Refuse(n.label(), "%v", err)
	}
	return nil
}

// label names an operation for people.
func (n *nodeProto) label() string {
	if n.name != "" {
		return n.name
	}
	if len(n.out) > 0 {
		return n.out[0]
	}
	return n.op
}

// input returns operand i, or nil where it is left out.
func (im *importer) input(n *nodeProto, i int) *result {
	if i >= len(n.in) || n.in[i] == "" {
		return nil
	}
	return im.results[n.in[i]]
}

// data returns operand i, which is computed from the network's input.
func (im *importer) data(n *nodeProto, i int) (*result, error) {
	r := im.input(n, i)
	if r == nil || r.known != nil || r.shape != nil {
		return nil, fmt.Errorf("its operand %d must come from the network's input", i)
	}
	return r, nil
}

// constant returns operand i, which stands in the file.
func (im *importer) constant(n *nodeProto, i int) (*constant, error) {
	r := im.input(n, i)
	if r == nil || r.known == nil {
		return nil, fmt.Errorf("its operand %d must stand in the file", i)
	}
	return r.known, nil
}

// sets records the results of an operation.
func (im *importer) sets(n *nodeProto, results ...*result) error {
	for i, r := range results {
		if i < len(n.out) && n.out[i] != "" {
			im.results[n.out[i]] = r
		}
	}
	return nil
}

// add makes a layer on results and lowers it.
func (im *importer) add(class, name string, options map[string]any, in ...*result) (*result, error) {
	for unique, k := name, 1; ; k++ {
		if im.scopes[unique] == nil {
			name = unique
			break
		}
		unique = fmt.Sprintf("%s_%d", name, k)
	}
	config, err := json.Marshal(options)
	if err != nil {
		return nil, err
	}
	c := nn.LayerConfig{ClassName: class, Config: config, Name: name}
	l, err := nn.ParseLayer(c)
	if err != nil {
		return nil, err
	}
	s := &nn.Scope{Graph: im.lowered, Name: name}
	im.scopes[name] = s
	im.lowered.In(name)
	var values []graph.Value
	if class == "InputLayer" {
		v, err := im.lowered.Input(name, options["input_shape"].([]int))
		if err != nil {
			return nil, err
		}
		values = []graph.Value{v}
	} else {
		var refs []nn.LayerRef
		for _, r := range in {
			values, refs = append(values, r.value), append(refs, r.ref)
		}
		if values, err = s.Lower(l, values...); err != nil {
			return nil, err
		}
		if shape := im.lowered.Shape(values[0]); graph.Size(shape) > maxRow || shape[len(shape)-1] > maxChannels {
			return nil, fmt.Errorf("its result, rows of shape %s, is larger than any that is read", tensor.Format(shape))
		}
		c.InboundNodes = [][]nn.LayerRef{refs}
	}
	im.file.Network.Layers = append(im.file.Network.Layers, c)
	return &result{ref: nn.LayerRef{Layer: name}, value: values[0]}, nil
}

// weight records a layer's weight.
func (im *importer) weight(r *result, name string, t *tensor.Tensor) {
	im.file.Weights[r.ref.Layer+"/"+name] = t
}

// rowShape is the shape of a row, channels last.
func (im *importer) rowShape(r *result) []int { return im.lowered.Shape(r.value) }

// onnxShape is the shape that ONNX sees, with 0 for the batch.
func (im *importer) onnxShape(r *result) []int {
	row := im.rowShape(r)
	switch r.layout {
	case channels1:
		shape := []int{0, row[len(row)-1]}
		return append(shape, row[:len(row)-1]...)
	case timeFirst:
		return []int{row[0], 0, row[1]}
	}
	return append([]int{0}, row...)
}

// plain brings a result into the arrangement that ONNX sees.
func (im *importer) plain(r *result, name string) (*result, error) {
	switch r.layout {
	case plain:
		return r, nil
	case channels1:
		moved, err := im.add("Permute", name+"_channels_first", map[string]any{"dims": rowDims(toFirst(len(im.rowShape(r))))}, r)
		if err == nil {
			moved.positive = r.positive
		}
		return moved, err
	}
	return nil, fmt.Errorf("it takes the states of a recurrent layer as they come; only their usual Squeeze and Transpose are read")
}

// images brings a result into the arrangement of layers, for an operation that sees it
// with channels first.
func (im *importer) images(r *result, name string) (*result, error) {
	if r.layout == channels1 {
		return r, nil
	}
	r, err := im.plain(r, name)
	if err != nil {
		return nil, err
	}
	axes := len(im.rowShape(r))
	if axes < 2 {
		return nil, fmt.Errorf("it wants an image or a sequence, got rows of shape %s", tensor.Format(im.rowShape(r)))
	}
	moved, err := im.add("Permute", name+"_channels_last", map[string]any{"dims": rowDims(toLast(axes))}, r)
	if err == nil {
		moved.layout, moved.positive = channels1, r.positive
	}
	return moved, err
}

// rowDims is a permutation of a batch as that of its rows, which Keras counts from 1.
func rowDims(perm []int) []int { return perm[1:] }
