package onnx

import (
	"fmt"
	"slices"
)

// A reader makes layers of an operation.
type reader func(*importer, *nodeProto) error

// operations returns the readers of ONNX's operations, by their names. It is a function,
// so that a program that opens no ONNX does not carry them.
func operations() map[string]reader {
	table := map[string]reader{
		"Gemm": readGemm, "MatMul": readMatMul,
		"Conv": readConv, "ConvTranspose": readConvTranspose, "MaxPool": readPool, "AveragePool": readPool,
		"GlobalAveragePool": readGlobalPool, "GlobalMaxPool": readGlobalPool, "ReduceMean": readReduceMean,
		"BatchNormalization": readBatchNorm, "LayerNormalization": readLayerNorm,
		"Pad": readPad, "Resize": readResize, "Upsample": readResize,
		"LSTM": readRecurrent, "GRU": readRecurrent, "RNN": readRecurrent,
		"Add": readBinary, "Sub": readBinary, "Mul": readBinary, "Div": readBinary, "Max": readBinary, "Min": readBinary,
		"Sum": readBinary, "Neg": readNegative, "Pow": readPower, "Erf": readErf,
		"Clip": readClip, "PRelu": readPRelu, "HardSwish": readHardSwish, "ThresholdedRelu": readThresholded,
		"Flatten": readFlatten, "Reshape": readReshape, "Transpose": readTranspose, "Squeeze": readSqueeze, "Unsqueeze": readUnsqueeze,
		"Concat": readConcat, "Gather": readGather, "Slice": readSlice, "Shape": readShape,
		"Identity": readIdentity, "Dropout": readIdentity, "Cast": readIdentity,
		"Constant": readConstant, "ConstantOfShape": readZeros, "Expand": readExpand, "Tile": readExpand,
		"QuantizeLinear": readQuantize, "DequantizeLinear": readDequantize,
	}
	for op := range activations {
		table[op] = readActivation
	}
	return table
}

// activations are functions of one operand, and how layers call them.
var activations = map[string]string{
	"Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softplus": "softplus", "Softsign": "softsign", "Selu": "selu",
	"Elu": "elu", "LeakyRelu": "leaky_relu", "HardSigmoid": "hard_sigmoid", "Softmax": "softmax", "LogSoftmax": "log_softmax", "Mish": "mish", "Gelu": "gelu",
}

func readActivation(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	class, options := "Activation", map[string]any{"activation": activations[n.op]}
	switch n.op {
	case "LeakyRelu":
		class, options = "LeakyReLU", map[string]any{"alpha": n.float("alpha", 0.01)}
	case "Elu":
		class, options = "ELU", map[string]any{"alpha": n.float("alpha", 1)}
	case "HardSigmoid":
		if a, b := n.float("alpha", 0.2), n.float("beta", 0.5); a != 0.2 || b != 0.5 {
			y, err := im.clipped(n.label(), x, a, b, 0, 1)
			return firstError(err, func() error { return im.sets(n, y) })
		}
	case "Gelu":
		if n.attributes["approximate"].text == "tanh" {
			options["activation"] = "gelu_tanh"
		}
	case "Softmax", "LogSoftmax":
		return im.softmax(n, x, options)
	}
	if err := im.inPlace(n, x, class, options); err != nil {
		return err
	}
	if r := im.results[n.out[0]]; r != nil {
		r.positive = n.op == "Relu" || n.op == "Sigmoid" || n.op == "Softplus" || n.op == "HardSigmoid"
	}
	return nil
}

// softmax works along the last axis of layers, which is ONNX's axis -1, or 1 where
// channels are in front.
func (im *importer) softmax(n *nodeProto, x *result, options map[string]any) error {
	axes := len(im.rowShape(x)) + 1
	axis := n.int("axis", -1)
	if im.opset > 0 && im.opset < 13 && !n.has("axis") {
		axis = 1
	}
	if axis < 0 {
		axis += axes
	}
	if im.opset > 0 && im.opset < 13 && axis != axes-1 {
		return fmt.Errorf("before operator set 13 it works on all axes from %d on at once; only the last one is read", axis)
	}
	if last := axes - 1; x.layout == plain && axis == last || x.layout == channels1 && axis == 1 {
		return im.inPlace(n, x, "Activation", options)
	}
	return fmt.Errorf("its axis %d is not that of the channels", axis)
}

// inPlace adds a layer that works on each element, wherever channels are.
func (im *importer) inPlace(n *nodeProto, x *result, class string, options map[string]any) error {
	y, err := im.add(class, n.label(), options, x)
	if err != nil {
		return err
	}
	y.layout = x.layout
	return im.sets(n, y)
}

func readIdentity(im *importer, n *nodeProto) error { return im.sets(n, im.input(n, 0)) }

func readConstant(im *importer, n *nodeProto) error {
	a := n.attributes["value"]
	switch {
	case a.tensor != nil:
		return im.sets(n, &result{known: a.tensor})
	case n.has("value_float"):
		return im.sets(n, &result{known: &constant{floats: []float32{n.attributes["value_float"].float}}})
	case n.has("value_floats"):
		list := n.attributes["value_floats"].floats
		return im.sets(n, &result{known: &constant{shape: []int{len(list)}, floats: list}})
	case n.has("value_int"):
		v := n.attributes["value_int"].number
		return im.sets(n, &result{known: &constant{floats: []float32{float32(v)}, ints: []int64{v}}})
	case n.has("value_ints"):
		list := n.attributes["value_ints"].ints
		c := &constant{shape: []int{len(list)}, ints: list}
		for _, v := range list {
			c.floats = append(c.floats, float32(v))
		}
		return im.sets(n, &result{known: c})
	}
	return fmt.Errorf("its value is of a kind that is not read")
}

// readZeros reads what makes the states with which recurrent layers begin, of a size
// that depends on the batch: only their being zero matters.
func readZeros(im *importer, n *nodeProto) error {
	c := &constant{floats: []float32{0}}
	if v := n.attributes["value"].tensor; v != nil {
		c.floats = v.floats
	} else if r := im.input(n, 0); n.op != "ConstantOfShape" {
		c.floats = r.known.floats
	}
	if !c.zero() {
		return fmt.Errorf("it repeats a number that is not 0")
	}
	return im.sets(n, &result{known: c})
}

func (c *constant) zero() bool {
	return !slices.ContainsFunc(c.floats, func(v float32) bool { return v != 0 })
}

// readQuantize passes on what is to be rounded to eight bits and decoded again: the
// layers compute in float32.
func readQuantize(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	const note = "the rounding of values between operations to 8 bits: predictions differ from the file's by about as much"
	if !slices.Contains(im.file.Notes, note) {
		im.file.Notes = append(im.file.Notes, note)
	}
	return im.sets(n, x)
}

// readDequantize decodes weights that are stored as whole numbers: (q − zero)·scale, in
// float32, for all or for each slice of an axis.
func readDequantize(im *importer, n *nodeProto) error {
	if x := im.input(n, 0); x != nil && x.known == nil && x.shape == nil {
		return im.sets(n, x) // of a QuantizeLinear
	}
	q, err := im.constant(n, 0)
	if err != nil {
		return err
	}
	scale, err := im.constant(n, 1)
	if err != nil {
		return err
	}
	var zero []float32
	if r := im.input(n, 2); r != nil && r.known != nil {
		zero = r.known.floats
	}
	axis := n.int("axis", 1)
	if axis < 0 {
		axis += len(q.shape)
	}
	inner, slices := len(q.floats), 1
	if len(scale.floats) > 1 {
		if axis < 0 || axis >= len(q.shape) || q.shape[axis] != len(scale.floats) {
			return formatErrorf("%s has %d scales for the shape %v", n.label(), len(scale.floats), q.shape)
		}
		inner, slices = 1, q.shape[axis]
		for _, d := range q.shape[axis+1:] {
			inner *= d
		}
	}
	if zero != nil && len(zero) != len(scale.floats) || len(scale.floats) == 0 {
		return formatErrorf("%s has %d scales and %d zero points", n.label(), len(scale.floats), len(zero))
	}
	out := &constant{shape: q.shape, floats: make([]float32, len(q.floats))}
	for i, v := range q.floats {
		k := i / max(1, inner) % slices
		if zero != nil {
			v -= zero[k]
		}
		out.floats[i] = float32(v * scale.floats[k])
	}
	return im.sets(n, &result{known: out})
}

func (n *nodeProto) has(name string) bool {
	_, ok := n.attributes[name]
	return ok
}

func (n *nodeProto) int(name string, missing int) int {
	if a, ok := n.attributes[name]; ok {
		return int(a.number)
	}
	return missing
}

func (n *nodeProto) float(name string, missing float32) float32 {
	if a, ok := n.attributes[name]; ok {
		return a.float
	}
	return missing
}

// ints returns a list of numbers, or count times fill where the node has none.
func (n *nodeProto) ints(name string, count, fill int) []int {
	a, ok := n.attributes[name]
	if !ok {
		return slices.Repeat([]int{fill}, count)
	}
	list := make([]int, len(a.ints))
	for i, v := range a.ints {
		list[i] = int(v)
	}
	return list
}
