package onnx

import (
	"fmt"
	"slices"
)

func readPool(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if x, err = im.images(x, n.label()); err != nil {
		return err
	}
	row := im.rowShape(x)
	axes := len(row) - 1
	w, err := n.readWindow(axes, n.ints("kernel_shape", axes, 0), row[:axes])
	if err != nil {
		return err
	}
	if slices.ContainsFunc(w.dilations, func(d int) bool { return d != 1 }) {
		return fmt.Errorf("its window has gaps (dilations)")
	}
	if n.int("ceil_mode", 0) != 0 {
		w.ceiling(row[:axes])
	}
	x, padding, err := im.paddedPool(n, x, w)
	if err != nil {
		return err
	}
	class := map[string]string{"MaxPool": "MaxPooling", "AveragePool": "AveragePooling"}[n.op]
	y, err := im.add(fmt.Sprintf("%s%dD", class, axes), n.label(), map[string]any{"pool_size": one(w.kernel), "strides": one(w.strides), "padding": padding}, x)
	if err != nil {
		return err
	}
	y.layout = channels1
	return im.sets(n, y)
}

// ceiling pads at the end as far as a last window reaches that begins within the input,
// or its pads in front.
func (w *window) ceiling(in []int) {
	w.end = slices.Clone(w.end)
	for i := range in {
		length := in[i] + w.begin[i] + w.end[i]
		out := (length-w.kernel[i]+w.strides[i]-1)/w.strides[i] + 1
		if (out-1)*w.strides[i] >= in[i]+w.begin[i] {
			out--
		}
		w.end[i] += max(0, (out-1)*w.strides[i]+w.kernel[i]-length)
	}
}

// paddedPool brings the padding of a pool into the words of layers. Pads do not count in
// "same" padding; zeros that a layer puts around do, so they stand for pads that count,
// and for those of a maximum over what is never negative.
func (im *importer) paddedPool(n *nodeProto, x *result, w window) (*result, string, error) {
	row := im.rowShape(x)
	begin, end := w.same(row[:len(row)-1])
	counts := n.op == "AveragePool" && n.int("count_include_pad", 0) != 0
	switch {
	case zero(w.begin) && zero(w.end):
		return x, "valid", nil
	case !counts && slices.Equal(begin, w.begin) && slices.Equal(end, w.end):
		return x, "same", nil
	case counts && n.int("ceil_mode", 0) != 0:
		return nil, "", fmt.Errorf("ceil_mode together with count_include_pad is not read")
	case counts, n.op == "MaxPool" && x.positive:
		y, err := im.pad(n, x, w.begin, w.end)
		return y, "valid", err
	}
	return nil, "", fmt.Errorf("its pads %v and %v are not those of \"same\" padding, and its input may be negative", w.begin, w.end)
}

func readGlobalPool(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if x, err = im.images(x, n.label()); err != nil {
		return err
	}
	return im.globalPool(n, x, map[string]string{"GlobalAveragePool": "GlobalAveragePooling", "GlobalMaxPool": "GlobalMaxPooling"}[n.op], true)
}

// globalPool pools over all axes but the channels, and keeps those as axes of length 1
// if asked.
func (im *importer) globalPool(n *nodeProto, x *result, class string, keep bool) error {
	axes := len(im.rowShape(x)) - 1
	y, err := im.add(fmt.Sprintf("%s%dD", class, axes), n.label(), map[string]any{}, x)
	if err != nil || !keep {
		return firstError(err, func() error { return im.sets(n, y) })
	}
	shape := append(slices.Repeat([]int{1}, axes), im.rowShape(y)[0])
	kept, err := im.add("Reshape", n.label()+"_axes", map[string]any{"target_shape": shape}, y)
	if err != nil {
		return err
	}
	kept.layout = channels1
	return im.sets(n, kept)
}

func firstError(err error, then func() error) error {
	if err != nil {
		return err
	}
	return then()
}

// readReduceMean reads the mean over all axes between batch and channels.
func readReduceMean(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	list := n.ints("axes", 0, 0)
	if r := im.input(n, 1); r != nil && r.known != nil {
		for _, a := range r.known.ints {
			list = append(list, int(a))
		}
	}
	axes := len(im.rowShape(x)) + 1
	for i, a := range list {
		if a < 0 {
			list[i] += axes
		}
	}
	slices.Sort(list)
	keep := n.int("keepdims", 1) != 0
	spatial := make([]int, 0, axes)
	for a := 2; a < axes; a++ {
		spatial = append(spatial, a)
	}
	if (x.layout == channels1 || x.layout == plain && axes == 4) && slices.Equal(list, spatial) {
		if x, err = im.images(x, n.label()); err != nil {
			return err
		}
		return im.globalPool(n, x, "GlobalAveragePooling", keep)
	}
	if x.layout == plain && axes == 3 && slices.Equal(list, []int{1}) && !keep {
		return im.globalPool(n, x, "GlobalAveragePooling", false)
	}
	return fmt.Errorf("it takes the mean over axes %v; all those between batch and channels are read", list)
}
