package onnx

import (
	"fmt"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// matrix returns a constant of two axes, transposed if asked.
func (c *constant) matrix(transposed bool) (*tensor.Tensor, error) {
	if len(c.shape) != 2 {
		return nil, fmt.Errorf("its weights have %d axes in place of 2", len(c.shape))
	}
	if transposed {
		return c.permuted(1, 0), nil
	}
	return &tensor.Tensor{Shape: c.shape, Data: c.floats}, nil
}

// permuted returns the numbers with their axes in another order.
func (c *constant) permuted(axes ...int) *tensor.Tensor {
	shape, strides := make([]int, len(axes)), make([]int, len(axes))
	for i, a := range axes {
		shape[i], strides[i] = c.shape[a], 1
		for _, d := range c.shape[a+1:] {
			strides[i] *= d
		}
	}
	t := tensor.New(shape...)
	at := make([]int, len(axes))
	for i := range t.Data {
		from := 0
		for k, v := range at {
			from += v * strides[k]
		}
		t.Data[i] = c.floats[from]
		for k := len(at) - 1; k >= 0; k-- {
			if at[k]++; at[k] < shape[k] {
				break
			}
			at[k] = 0
		}
	}
	return t
}

// readGemm reads alpha·A·B + beta·C as a Dense layer. The factors go into the weights.
func readGemm(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	b, err := im.constant(n, 1)
	if err != nil {
		return err
	}
	if n.int("transA", 0) != 0 {
		return fmt.Errorf("it transposes its input")
	}
	w, err := b.matrix(n.int("transB", 0) != 0)
	if err != nil {
		return err
	}
	w = scaled(w, n.float("alpha", 1))
	var bias *tensor.Tensor
	if r := im.input(n, 2); r != nil {
		if r.known == nil {
			return fmt.Errorf("what it adds must stand in the file")
		}
		if bias, err = r.known.vector(w.Shape[1]); err != nil {
			return err
		}
		bias = scaled(bias, n.float("beta", 1))
	}
	return im.dense(n, x, w, bias)
}

func scaled(t *tensor.Tensor, f float32) *tensor.Tensor {
	if f == 1 {
		return t
	}
	y := tensor.New(t.Shape...)
	for i, v := range t.Data {
		y.Data[i] = float32(v * f)
	}
	return y
}

// vector returns n numbers, or one repeated.
func (c *constant) vector(n int) (*tensor.Tensor, error) {
	switch len(c.floats) {
	case n:
		return &tensor.Tensor{Shape: []int{n}, Data: c.floats}, nil
	case 1:
		return &tensor.Tensor{Shape: []int{n}, Data: slices.Repeat(c.floats, n)}, nil
	}
	return nil, fmt.Errorf("want %d numbers, one a channel, got a tensor %s", n, tensor.Format(c.shape))
}

// readMatMul reads a product with a matrix of the file, and the Add of a bias behind it,
// as a Dense layer.
func readMatMul(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	b, err := im.constant(n, 1)
	if err != nil {
		return err
	}
	w, err := b.matrix(false)
	if err != nil {
		return err
	}
	return im.dense(n, x, w, nil)
}

func (im *importer) dense(n *nodeProto, x *result, w, bias *tensor.Tensor) error {
	x, err := im.plain(x, n.label())
	if err != nil {
		return err
	}
	out := n
	if bias == nil && len(n.out) > 0 {
		if add, b := im.biasBehind(n.out[0], w.Shape[1]); add != nil {
			out, bias = add, b
			im.done[add] = true
		}
	}
	y, err := im.add("Dense", n.label(), map[string]any{"units": w.Shape[1], "use_bias": bias != nil}, x)
	if err != nil {
		return err
	}
	if row := im.rowShape(x); row[len(row)-1] != w.Shape[0] {
		return formatErrorf("%s multiplies rows of %s by a matrix %s", n.label(), tensor.Format(row), tensor.Format(w.Shape))
	}
	im.weight(y, "kernel", w)
	if bias != nil {
		im.weight(y, "bias", bias)
	}
	return im.sets(out, y)
}

// biasBehind finds an Add of n numbers that is the only reader of a result.
func (im *importer) biasBehind(name string, n int) (*nodeProto, *tensor.Tensor) {
	readers := im.readers[name]
	if len(readers) != 1 || readers[0].op != "Add" || len(readers[0].in) != 2 {
		return nil, nil
	}
	other := readers[0].in[0]
	if other == name {
		other = readers[0].in[1]
	}
	c := im.graph.constants[other]
	if c == nil || len(c.floats) != n {
		return nil, nil
	}
	return readers[0], &tensor.Tensor{Shape: []int{n}, Data: c.floats}
}

// joins are layers of two operands.
var joins = map[string]string{"Add": "Add", "Sub": "Subtract", "Mul": "Multiply", "Max": "Maximum", "Min": "Minimum", "Sum": "Add"}

// readBinary reads an operation of two results, or of one and numbers of the file.
func readBinary(im *importer, n *nodeProto) error {
	if len(n.in) == 1 {
		return readIdentity(im, n)
	}
	if len(n.in) != 2 {
		return im.joinAll(n)
	}
	a, b := im.input(n, 0), im.input(n, 1)
	if a == nil || b == nil {
		return formatErrorf("%s leaves an operand out", n.label())
	}
	switch {
	case a.known != nil && b.known != nil:
		return fmt.Errorf("it computes with constants alone")
	case b.known != nil:
		return im.affine(n, a, b.known, false)
	case a.known != nil:
		return im.affine(n, b, a.known, true)
	}
	class, ok := joins[n.op]
	if !ok {
		return fmt.Errorf("%s of two results is not read", n.op)
	}
	var err error
	if a, err = im.data(n, 0); err != nil {
		return err
	}
	if b, err = im.data(n, 1); err != nil {
		return err
	}
	if a.layout != b.layout {
		arranged := im.plain
		if len(im.rowShape(a)) == 3 && len(im.rowShape(b)) == 3 {
			arranged = im.images
		}
		if a, err = arranged(a, n.label()); err != nil {
			return err
		}
		if b, err = arranged(b, n.label()); err != nil {
			return err
		}
	}
	if a, err = im.spread(n, a, b); err != nil {
		return err
	}
	if b, err = im.spread(n, b, a); err != nil {
		return err
	}
	y, err := im.add(class, n.label(), map[string]any{}, a, b)
	if err != nil {
		return err
	}
	y.layout = a.layout
	return im.sets(n, y)
}

// spread repeats the one pixel of an image, a number a channel, as often as another
// image has pixels: what is multiplied with it has a factor for each channel.
func (im *importer) spread(n *nodeProto, x, like *result) (*result, error) {
	one, row := im.rowShape(x), im.rowShape(like)
	if len(one) != 3 || len(row) != 3 || one[0] != 1 || one[1] != 1 || one[2] != row[2] || row[0]*row[1] == 1 || x.layout != channels1 {
		return x, nil
	}
	y, err := im.add("UpSampling2D", n.label()+"_spread", map[string]any{"size": []int{row[0], row[1]}}, x)
	if err == nil {
		y.layout = x.layout
	}
	return y, err
}

// joinAll reads an operation of more than two results.
func (im *importer) joinAll(n *nodeProto) error {
	class, ok := joins[n.op]
	if !ok || n.op == "Sub" || len(n.in) == 0 {
		return formatErrorf("%s has %d operands", n.label(), len(n.in))
	}
	all := make([]*result, len(n.in))
	for i := range all {
		x, err := im.data(n, i)
		if err != nil {
			return err
		}
		if all[i], err = x, nil; x.layout != all[0].layout {
			return fmt.Errorf("its operands are arranged differently")
		}
	}
	y, err := im.add(class, n.label(), map[string]any{}, all...)
	if err != nil {
		return err
	}
	y.layout = all[0].layout
	return im.sets(n, y)
}

// affine reads x·s + t with constants s, t, one a channel or one for all, as a
// normalisation that does just that: mean 0, variance 1, and an epsilon that float32
// does not see beside 1.
func (im *importer) affine(n *nodeProto, x *result, c *constant, constantFirst bool) error {
	if x.shape != nil {
		return fmt.Errorf("it computes with shapes")
	}
	row := im.rowShape(x)
	channels := row[len(row)-1]
	if channels > maxChannels {
		return fmt.Errorf("it has %d channels", channels)
	}
	v, err := c.vector(channels)
	if err != nil {
		return err
	}
	if len(c.floats) > 1 && !c.alongChannels(x.layout, len(row)+1) {
		return fmt.Errorf("its numbers %s do not lie along the channels", tensor.Format(c.shape))
	}
	scale, shift := tensor.New(channels), tensor.New(channels)
	for i, k := range v.Data {
		scale.Data[i] = 1
		switch n.op {
		case "Add", "Sum":
			shift.Data[i] = k
		case "Sub":
			shift.Data[i] = -k
			if constantFirst {
				scale.Data[i], shift.Data[i] = -1, k
			}
		case "Mul":
			scale.Data[i] = k
		case "Div":
			scale.Data[i] = 1 / k
		}
	}
	if n.op == "Max" || n.op == "Min" || n.op == "Div" && constantFirst {
		return fmt.Errorf("%s with a constant is not read", n.op)
	}
	return im.normalise(n, x, 1e-12, scale, shift, tensor.New(channels), ones(channels))
}

// alongChannels tells whether the one axis of a constant that is longer than 1 meets the
// channels of a value of some axes.
func (c *constant) alongChannels(l layout, axes int) bool {
	channels := axes - 1
	if l == channels1 {
		channels = 1
	}
	for i, d := range c.shape {
		if d > 1 && i != channels-(axes-len(c.shape)) {
			return false
		}
	}
	return true
}

func ones(n int) *tensor.Tensor {
	return &tensor.Tensor{Shape: []int{n}, Data: slices.Repeat([]float32{1}, n)}
}

// normalise adds a BatchNormalization.
func (im *importer) normalise(n *nodeProto, x *result, epsilon float32, weights ...*tensor.Tensor) error {
	y, err := im.add("BatchNormalization", n.label(), map[string]any{"epsilon": epsilon}, x)
	if err != nil {
		return err
	}
	for i, name := range []string{"gamma", "beta", "moving_mean", "moving_variance"} {
		im.weight(y, name, weights[i])
	}
	y.layout = x.layout
	return im.sets(n, y)
}

func readBatchNorm(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if len(im.rowShape(x)) > 1 {
		if x, err = im.images(x, n.label()); err != nil {
			return err
		}
	}
	row := im.rowShape(x)
	weights := make([]*tensor.Tensor, 4)
	for i := range weights {
		c, err := im.constant(n, i+1)
		if err != nil {
			return err
		}
		if weights[i], err = c.vector(row[len(row)-1]); err != nil {
			return err
		}
	}
	return im.normalise(n, x, n.float("epsilon", 1e-5), weights...)
}

func readLayerNorm(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if x, err = im.plain(x, n.label()); err != nil {
		return err
	}
	row := im.rowShape(x)
	if axis := n.int("axis", -1); axis != -1 && axis != len(row) {
		return fmt.Errorf("it normalises from axis %d on; only the last axis is read", axis)
	}
	y, err := im.add("LayerNormalization", n.label(), map[string]any{"epsilon": n.float("epsilon", 1e-5), "center": im.input(n, 2) != nil}, x)
	if err != nil {
		return err
	}
	for i, name := range []string{"gamma", "beta"} {
		if i == 1 && im.input(n, 2) == nil {
			continue
		}
		c, err := im.constant(n, i+1)
		if err != nil {
			return err
		}
		w, err := c.vector(row[len(row)-1])
		if err != nil {
			return err
		}
		im.weight(y, name, w)
	}
	return im.sets(n, y)
}

func readPRelu(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	c, err := im.constant(n, 1)
	if err != nil {
		return err
	}
	row := im.rowShape(x)
	alpha, err := c.vector(row[len(row)-1])
	if err != nil {
		return err
	}
	options := map[string]any{}
	if len(row) > 1 {
		if x, err = im.images(x, n.label()); err != nil {
			return err
		}
		shared := []int{}
		shape := []int{}
		for i := range len(row) - 1 {
			shared, shape = append(shared, i+1), append(shape, 1)
		}
		options["shared_axes"] = shared
		alpha = &tensor.Tensor{Shape: append(shape, len(alpha.Data)), Data: alpha.Data}
	}
	y, err := im.add("PReLU", n.label(), options, x)
	if err != nil {
		return err
	}
	im.weight(y, "alpha", alpha)
	y.layout = x.layout
	return im.sets(n, y)
}
