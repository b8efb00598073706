package onnx

import (
	"fmt"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A cell is how ONNX orders the gates of a recurrent layer, and layers do.
type cell struct {
	class string
	gates []int // for each gate of Keras, its place in ONNX
	// activations that ONNX takes for granted, of gates and of candidates
	gate, candidate string
}

var cells = map[string]cell{
	"LSTM": {"LSTM", []int{0, 2, 3, 1}, "Sigmoid", "Tanh"}, // i, o, f, c → i, f, c, o
	"GRU":  {"GRU", []int{0, 1, 2}, "Sigmoid", "Tanh"},     // z, r, h
	"RNN":  {"SimpleRNN", []int{0}, "", "Tanh"},
}

// readRecurrent reads LSTM, GRU and RNN that begin with states of zero. Its operands are
// X [T, N, C], W, R, B, lengths, states; its results Y [T, directions, N, C] and the
// last states.
func readRecurrent(im *importer, n *nodeProto) error {
	c := cells[n.op]
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if x.layout != timeFirst {
		return fmt.Errorf("its input has time in front and the batch behind; export the model with the batch first (batch_first in PyTorch)")
	}
	options, err := n.cellOptions(c)
	if err != nil {
		return err
	}
	weights, units, err := im.cellWeights(n, c, im.rowShape(x)[1])
	if err != nil {
		return err
	}
	options["units"] = units
	for i := 4; i < len(n.in); i++ {
		if r := im.input(n, i); r != nil && (i == 4 || r.known == nil || !r.known.zero()) {
			return fmt.Errorf("it is given lengths, or states that are not zero")
		}
	}
	if len(n.out) > 2 && len(im.readers[n.out[2]]) > 0 || len(n.out) > 2 && im.isOutput(n.out[2]) {
		return fmt.Errorf("the last state of its cells (Y_c) is used")
	}
	return im.addRecurrent(n, c, x, options, weights)
}

func (im *importer) isOutput(name string) bool {
	return slices.ContainsFunc(im.graph.outputs, func(v valueInfo) bool { return v.name == name })
}

// wants tells whether somebody uses result i of an operation.
func (im *importer) wants(n *nodeProto, i int) bool {
	return i < len(n.out) && n.out[i] != "" && (len(im.readers[n.out[i]]) > 0 || im.isOutput(n.out[i]))
}

// addRecurrent adds the layer, with all steps as its result where those are wanted.
func (im *importer) addRecurrent(n *nodeProto, c cell, x *result, options map[string]any, weights []map[string]*tensor.Tensor) error {
	all := im.wants(n, 0)
	options["return_sequences"] = all
	class, directions := c.class, len(weights)
	direction := n.attributes["direction"].text
	switch {
	case directions == 2:
		options = map[string]any{"merge_mode": "concat", "layer": map[string]any{"class_name": class, "config": options}}
		class = "Bidirectional"
	case direction == "reverse":
		options["go_backwards"] = true
	}
	y, err := im.add(class, n.label(), options, x)
	if err != nil {
		return err
	}
	for i, w := range weights {
		for name, t := range w {
			if directions == 2 {
				name = []string{"forward/", "backward/"}[i] + name
			}
			im.weight(y, name, t)
		}
	}
	y.directions = directions
	if !all {
		y.layout = states
		return im.sets(n, nil, y)
	}
	if direction == "reverse" { // as a layer gives them, the last step comes first
		if y, err = im.turned(n.label(), y); err != nil {
			return err
		}
		y.directions = 1
	}
	y.layout = sequence
	if err := im.sets(n, y); err != nil || !im.wants(n, 1) {
		return err
	}
	last, err := im.lastStates(n.label(), y, direction == "reverse")
	if err != nil {
		return err
	}
	last.layout, last.directions = states, directions
	return im.sets(n, y, last)
}

// turned brings the steps of a sequence into the opposite order: a product along them
// with the matrix that does that, which has a one a row and is exact.
func (im *importer) turned(name string, x *result) (*result, error) {
	steps := im.rowShape(x)[0]
	if steps > maxTurned {
		return nil, fmt.Errorf("it turns %d steps around; at most %d are read", steps, maxTurned)
	}
	flip := tensor.New(steps, steps)
	for i := range steps {
		flip.Data[i*steps+steps-1-i] = 1
	}
	swap := map[string]any{"dims": []int{2, 1}}
	across, err := im.add("Permute", name+"_across", swap, x)
	if err != nil {
		return nil, err
	}
	product, err := im.add("Dense", name+"_turned", map[string]any{"units": steps, "use_bias": false}, across)
	if err != nil {
		return nil, err
	}
	im.weight(product, "kernel", flip)
	return im.add("Permute", name+"_along", swap, product)
}

// lastStates takes what each direction of a sequence of all steps ended with: forward
// the last step, backward the first.
func (im *importer) lastStates(name string, y *result, backward bool) (*result, error) {
	row := im.rowShape(y)
	steps, units := row[0], row[1]
	end := func(suffix string, crop []int) (*result, error) {
		x := &result{ref: y.ref, value: y.value}
		if steps > 1 {
			var err error
			if x, err = im.add("Cropping1D", name+suffix+"_step", map[string]any{"cropping": crop}, x); err != nil {
				return nil, err
			}
		}
		return im.add("Flatten", name+suffix, map[string]any{}, x)
	}
	first, last := []int{0, steps - 1}, []int{steps - 1, 0}
	switch {
	case y.directions == 2:
		forward, err := end("_last", last)
		if err != nil {
			return nil, err
		}
		behind, err := end("_first", first)
		if err != nil {
			return nil, err
		}
		if forward, err = im.half(name+"_forward", forward, units/2, 0); err != nil {
			return nil, err
		}
		if behind, err = im.half(name+"_backward", behind, units/2, 1); err != nil {
			return nil, err
		}
		return im.add("Concatenate", name+"_states", map[string]any{"axis": 1}, forward, behind)
	case backward:
		return end("_last", first)
	}
	return end("_last", last)
}

// half takes the numbers of one direction out of those of both.
func (im *importer) half(name string, x *result, units, direction int) (*result, error) {
	pair, err := im.add("Reshape", name+"_pair", map[string]any{"target_shape": []int{2, units}}, x)
	if err != nil {
		return nil, err
	}
	one, err := im.add("Cropping1D", name+"_half", map[string]any{"cropping": []int{direction, 1 - direction}}, pair)
	if err != nil {
		return nil, err
	}
	return im.add("Flatten", name, map[string]any{}, one)
}

// cellOptions reads what the layer's functions are.
func (n *nodeProto) cellOptions(c cell) (map[string]any, error) {
	options := map[string]any{}
	if n.has("clip") || n.int("input_forget", 0) != 0 || n.int("layout", 0) != 0 {
		return nil, fmt.Errorf("clip, input_forget and layout are not read")
	}
	functions := n.attributes["activations"].texts
	per := 1
	if c.gate != "" {
		per = 2
		if n.op == "LSTM" {
			per = 3
		}
	}
	if len(functions) == 0 {
		functions = []string{c.gate, c.candidate, c.candidate}[:per]
		if per == 1 {
			functions = []string{c.candidate}
		}
	}
	if len(functions)%per != 0 {
		return nil, formatErrorf("%s has %d functions", n.label(), len(functions))
	}
	for i, f := range functions {
		if f != functions[i%per] || i%per == 2 && f != functions[1] {
			return nil, fmt.Errorf("its functions %v differ between directions, or between candidate and output", functions)
		}
	}
	candidate := functions[per-1]
	if activations[candidate] == "" || per > 1 && activations[functions[0]] == "" {
		return nil, fmt.Errorf("its functions %v are not read", functions)
	}
	options["activation"] = activations[candidate]
	if per > 1 {
		options["recurrent_activation"] = activations[functions[0]]
	}
	if n.op == "GRU" {
		options["reset_after"] = n.int("linear_before_reset", 0) != 0
	}
	return options, nil
}

// cellWeights brings the weights of each direction into Keras's shapes and order: of
// W [D, gates·u, in], R [D, gates·u, u] and B [D, 2·gates·u].
func (im *importer) cellWeights(n *nodeProto, c cell, in int) (weights []map[string]*tensor.Tensor, units int, err error) {
	w, err := im.constant(n, 1)
	if err != nil {
		return nil, 0, err
	}
	r, err := im.constant(n, 2)
	if err != nil {
		return nil, 0, err
	}
	gates := len(c.gates)
	if len(w.shape) != 3 || len(r.shape) != 3 || w.shape[0] != r.shape[0] || w.shape[0] < 1 || w.shape[0] > 2 ||
		w.shape[1] != r.shape[1] || r.shape[1] != gates*r.shape[2] || w.shape[2] != in {
		return nil, 0, formatErrorf("%s: weights of shapes %s and %s do not belong to rows of %d", n.label(), tensor.Format(w.shape), tensor.Format(r.shape), in)
	}
	units = r.shape[2]
	bias := make([]float32, w.shape[0]*2*gates*units)
	if b := im.input(n, 3); b != nil {
		if b.known == nil || len(b.known.floats) != len(bias) {
			return nil, 0, formatErrorf("%s: its bias does not have %d numbers", n.label(), len(bias))
		}
		bias = b.known.floats
	}
	separate := n.op == "GRU" && n.int("linear_before_reset", 0) != 0
	for d := range w.shape[0] {
		b := bias[d*2*gates*units : (d+1)*2*gates*units]
		input, recurrent := reordered(b[:gates*units], 1, units, c.gates), reordered(b[gates*units:], 1, units, c.gates)
		biases := tensor.New(gates * units)
		if separate {
			biases = tensor.New(2, gates*units)
			copy(biases.Data, input.Data)
			copy(biases.Data[gates*units:], recurrent.Data)
		} else {
			for i := range biases.Data {
				biases.Data[i] = input.Data[i] + recurrent.Data[i]
			}
		}
		weights = append(weights, map[string]*tensor.Tensor{
			"kernel":           reordered(w.floats[d*gates*units*in:(d+1)*gates*units*in], in, units, c.gates),
			"recurrent_kernel": reordered(r.floats[d*gates*units*units:(d+1)*gates*units*units], units, units, c.gates),
			"bias":             biases,
		})
	}
	return weights, units, nil
}

// reordered makes [in, gates·units] of [gates·units, in], its gates in another order. For
// a bias in is 1.
func reordered(data []float32, in, units int, gates []int) *tensor.Tensor {
	t := tensor.New(in, len(gates)*units)
	for to, from := range gates {
		for u := range units {
			for i := range in {
				t.Data[i*len(gates)*units+to*units+u] = data[(from*units+u)*in+i]
			}
		}
	}
	return t
}
