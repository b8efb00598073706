package onnx

import (
	"fmt"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A window is the geometry of a convolution or a pool: lists by axis.
type window struct {
	kernel, strides, dilations []int
	begin, end                 []int // padding
}

// readWindow reads the geometry for an input of these spatial axes.
func (n *nodeProto) readWindow(axes int, kernel, in []int) (w window, err error) {
	w = window{kernel: kernel, strides: n.ints("strides", axes, 1), dilations: n.ints("dilations", axes, 1)}
	pads := n.ints("pads", 2*axes, 0)
	if len(kernel) != axes || len(w.strides) != axes || len(w.dilations) != axes || len(pads) != 2*axes || axes > 2 {
		return w, fmt.Errorf("its window has other axes than its input (%d); one and two are read", axes)
	}
	for i := range axes {
		if kernel[i] < 1 || w.strides[i] < 1 || w.dilations[i] < 1 || pads[i] < 0 || pads[axes+i] < 0 {
			return w, fmt.Errorf("its window has sizes below 1, or pads that cut")
		}
	}
	w.begin, w.end = pads[:axes], pads[axes:]
	switch auto := n.attributes["auto_pad"].text; auto {
	case "", "NOTSET":
	case "VALID":
		w.begin, w.end = make([]int, axes), make([]int, axes)
	case "SAME_UPPER":
		w.begin, w.end = w.same(in)
	case "SAME_LOWER":
		w.end, w.begin = w.same(in)
	default:
		return w, fmt.Errorf("auto_pad %s is not read", auto)
	}
	return w, nil
}

// same is the padding that TensorFlow calls so: as many results as stride steps.
func (w window) same(in []int) (begin, end []int) {
	for i, k := range w.kernel {
		out := (in[i] + w.strides[i] - 1) / w.strides[i]
		total := max((out-1)*w.strides[i]+(k-1)*w.dilations[i]+1-in[i], 0)
		begin, end = append(begin, total/2), append(end, total-total/2)
	}
	return begin, end
}

func zero(list []int) bool { return !slices.ContainsFunc(list, func(v int) bool { return v != 0 }) }

// padded brings the padding into the words of layers: "valid", "same", or zeros added
// by a layer in front.
func (im *importer) padded(n *nodeProto, x *result, w window) (*result, string, error) {
	row := im.rowShape(x)
	begin, end := w.same(row[:len(row)-1])
	switch {
	case zero(w.begin) && zero(w.end):
		return x, "valid", nil
	case slices.Equal(begin, w.begin) && slices.Equal(end, w.end):
		return x, "same", nil
	}
	y, err := im.pad(n, x, w.begin, w.end)
	return y, "valid", err
}

// pad adds zeros around an image or a sequence.
func (im *importer) pad(n *nodeProto, x *result, begin, end []int) (*result, error) {
	class, padding := "ZeroPadding1D", any([]int{begin[0], end[0]})
	if len(begin) == 2 {
		class, padding = "ZeroPadding2D", [][]int{{begin[0], end[0]}, {begin[1], end[1]}}
	}
	y, err := im.add(class, n.label()+"_pad", map[string]any{"padding": padding}, x)
	if err == nil {
		y.layout = x.layout
	}
	return y, err
}

// kernelOf returns the weights of a convolution and checks their shape: [out, in/groups,
// k…], or for a transposed one [in, out/groups, k…].
func (im *importer) kernelOf(n *nodeProto, x *result) (c *constant, axes int, err error) {
	if c, err = im.constant(n, 1); err != nil {
		return nil, 0, err
	}
	axes = len(im.rowShape(x)) - 1
	if len(c.shape) != axes+2 {
		return nil, 0, formatErrorf("%s: a kernel of %d axes for an input of %d", n.label(), len(c.shape), axes+2)
	}
	if listed := n.ints("kernel_shape", axes, 0); n.has("kernel_shape") && !slices.Equal(listed, c.shape[2:]) {
		return nil, 0, formatErrorf("%s: its kernel is %v, but kernel_shape says %v", n.label(), c.shape, listed)
	}
	return c, axes, nil
}

// one returns the number of a list of one, as layers of one axis want it.
func one(list []int) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func readConv(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if x, err = im.images(x, n.label()); err != nil {
		return err
	}
	c, axes, err := im.kernelOf(n, x)
	if err != nil {
		return err
	}
	row := im.rowShape(x)
	channels, groups := row[axes], n.int("group", 1)
	w, err := n.readWindow(axes, c.shape[2:], row[:axes])
	if err != nil {
		return err
	}
	x, padding, err := im.padded(n, x, w)
	if err != nil {
		return err
	}
	options := map[string]any{"kernel_size": one(w.kernel), "strides": one(w.strides), "dilation_rate": one(w.dilations), "padding": padding, "use_bias": im.input(n, 2) != nil}
	spatial := []int{2, 3}[:axes]
	class, name, kernel := fmt.Sprintf("Conv%dD", axes), "kernel", (*tensor.Tensor)(nil)
	switch {
	case groups == 1 && c.shape[1] == channels:
		options["filters"] = c.shape[0]
		kernel = c.permuted(append(slices.Clone(spatial), 1, 0)...)
	case groups == channels && c.shape[1] == 1 && c.shape[0]%channels == 0 && axes == 2:
		multiplier := c.shape[0] / channels
		class, name = "DepthwiseConv2D", "depthwise_kernel"
		options["depth_multiplier"] = multiplier
		split := &constant{shape: append([]int{channels, multiplier}, c.shape[2:]...), floats: c.floats}
		kernel = split.permuted(2, 3, 0, 1)
	case groups > 1 && channels%groups == 0 && c.shape[0]%groups == 0 && c.shape[1] == channels/groups:
		if c, err = c.ungrouped(groups, 0); err != nil {
			return err
		}
		options["filters"] = c.shape[0]
		kernel = c.permuted(append(slices.Clone(spatial), 1, 0)...)
	default:
		return formatErrorf("%s has %d groups for %d channels and a kernel %v", n.label(), groups, channels, c.shape)
	}
	y, err := im.add(class, n.label(), options, x)
	if err != nil {
		return err
	}
	im.weight(y, name, kernel)
	return im.finishConv(n, y, c.shape[0])
}

// finishConv adds the bias of a convolution and records its result.
func (im *importer) finishConv(n *nodeProto, y *result, outputs int) error {
	if r := im.input(n, 2); r != nil {
		if r.known == nil {
			return fmt.Errorf("its bias must stand in the file")
		}
		bias, err := r.known.vector(outputs)
		if err != nil {
			return err
		}
		im.weight(y, "bias", bias)
	}
	y.layout = channels1
	return im.sets(n, y)
}

// ungrouped makes one group of a kernel of several: groups see nothing of each other's
// channels, which zeros say as well. The axis is that of outputs: 0, or 1 of a
// transposed convolution, whose axis 0 is that of all inputs.
func (c *constant) ungrouped(groups, outputs int) (*constant, error) {
	a, b := c.shape[0], c.shape[1]
	inner := 1
	for _, d := range c.shape[2:] {
		inner *= d
	}
	if size, err := tensor.Size([]int{a, b, groups, inner}); err != nil || size > maxBytes/16 {
		return nil, fmt.Errorf("its %d groups would become a kernel of more than a hundred million numbers", groups)
	}
	whole := &constant{shape: append([]int{a, b * groups}, c.shape[2:]...), floats: make([]float32, a*b*groups*inner)}
	for i := range a {
		group := i / (a / groups)
		copy(whole.floats[(i*b*groups+group*b)*inner:], c.floats[i*b*inner:(i+1)*b*inner])
	}
	return whole, nil
}

// readConvTranspose reads it as one without padding, of which the layer behind cuts off
// what ONNX's pads say.
func readConvTranspose(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if x, err = im.images(x, n.label()); err != nil {
		return err
	}
	c, axes, err := im.kernelOf(n, x)
	if err != nil {
		return err
	}
	row := im.rowShape(x)
	groups := n.int("group", 1)
	switch {
	case axes != 2:
		return fmt.Errorf("it is read on images")
	case c.shape[0] != row[axes] || groups < 1 || row[axes]%groups != 0:
		return formatErrorf("%s has %d groups for %d channels and a kernel %v", n.label(), groups, row[axes], c.shape)
	case groups > 1:
		if c, err = c.ungrouped(groups, 1); err != nil {
			return err
		}
	}
	extra := n.ints("output_padding", axes, 0)
	if len(extra) != axes {
		return formatErrorf("%s: an output_padding of %d axes", n.label(), len(extra))
	}
	w, err := n.transposedWindow(axes, c.shape[2:], row[:axes], extra)
	if err != nil {
		return err
	}
	crop := [][]int{{w.begin[0], w.end[0]}, {w.begin[1], w.end[1]}}
	for i := range axes {
		crop[i][1] -= extra[i]
		if w.kernel[i] < w.strides[i] {
			return fmt.Errorf("its kernel is smaller than its strides")
		}
		if crop[i][1] < 0 {
			return fmt.Errorf("its output_padding is more than its pads")
		}
	}
	y, err := im.add("Conv2DTranspose", n.label(), map[string]any{"filters": c.shape[1], "kernel_size": w.kernel, "strides": w.strides,
		"dilation_rate": w.dilations, "padding": "valid", "use_bias": im.input(n, 2) != nil}, x)
	if err != nil {
		return err
	}
	im.weight(y, "kernel", c.permuted(2, 3, 1, 0))
	if err := im.finishConv(n, y, c.shape[1]); err != nil || zero(crop[0]) && zero(crop[1]) {
		return err
	}
	cut, err := im.add("Cropping2D", n.label()+"_crop", map[string]any{"cropping": crop}, y)
	if err != nil {
		return err
	}
	cut.layout = channels1
	return im.sets(n, cut)
}

// transposedWindow reads the geometry of a transposed convolution: pads, or what they
// must be for an output of some size.
func (n *nodeProto) transposedWindow(axes int, kernel, in, extra []int) (w window, err error) {
	auto := n.attributes["auto_pad"].text
	given := n.has("output_shape")
	shape := n.ints("output_shape", axes, 0)
	if auto == "SAME_UPPER" || auto == "SAME_LOWER" || given {
		plain := *n
		plain.attributes = map[string]attrProto{"strides": n.attributes["strides"], "dilations": n.attributes["dilations"]}
		for name := range plain.attributes {
			if !n.has(name) {
				delete(plain.attributes, name)
			}
		}
		n = &plain
	}
	if w, err = n.readWindow(axes, kernel, in); err != nil || !given && auto != "SAME_UPPER" && auto != "SAME_LOWER" {
		return w, err
	}
	if len(shape) != axes {
		shape = shape[max(0, len(shape)-axes):] // with batch and channels
	}
	w.begin, w.end = make([]int, axes), make([]int, axes)
	for i := range axes {
		size := in[i] * w.strides[i]
		if given && len(shape) == axes {
			size = shape[i]
		}
		total := max(0, w.strides[i]*(in[i]-1)+extra[i]+(kernel[i]-1)*w.dilations[i]+1-size)
		w.begin[i], w.end[i] = total-total/2, total/2
		if auto == "SAME_UPPER" {
			w.begin[i], w.end[i] = w.end[i], w.begin[i]
		}
	}
	return w, nil
}

// readPad reads zeros added around an image or a sequence.
func readPad(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	pads := n.ints("pads", 0, 0)
	if r := im.input(n, 1); r != nil && r.known != nil {
		for _, p := range r.known.ints {
			pads = append(pads, int(p))
		}
	}
	axes := len(im.rowShape(x)) - 1
	if mode := n.attributes["mode"].text; mode != "" && mode != "constant" || len(pads) != 2*(axes+2) || axes > 2 {
		return fmt.Errorf("it is read with constant zeros, on images and sequences")
	}
	if r := im.input(n, 2); r != nil && (r.known == nil || !r.known.zero()) {
		return fmt.Errorf("it pads with another number than 0")
	}
	first, last := pads[:2+axes], pads[2+axes:]
	if x.layout == plain && first[1+axes] == 0 && last[1+axes] == 0 && first[0] == 0 && last[0] == 0 {
		y, err := im.pad(n, x, first[1:1+axes], last[1:1+axes]) // channels are last, as they are here
		return firstError(err, func() error { return im.sets(n, y) })
	}
	if x, err = im.images(x, n.label()); err != nil {
		return err
	}
	begin, end := first[2:], last[2:]
	if first[0] != 0 || first[1] != 0 || last[0] != 0 || last[1] != 0 {
		return fmt.Errorf("it pads the batch or the channels")
	}
	y, err := im.pad(n, x, begin, end)
	return firstError(err, func() error { return im.sets(n, y) })
}
