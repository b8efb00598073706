package onnx

import (
	"fmt"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// numbers returns a list of whole numbers: of the file, or a shape, in which 0 is the
// batch.
func (im *importer) numbers(n *nodeProto, i int) ([]int, error) {
	r := im.input(n, i)
	switch {
	case r == nil:
		return nil, fmt.Errorf("its operand %d is missing", i)
	case r.shape != nil:
		return r.shape, nil
	case r.known != nil && r.known.ints != nil:
		list := []int{}
		for _, v := range r.known.ints {
			list = append(list, int(v))
		}
		return list, nil
	}
	return nil, fmt.Errorf("its operand %d must be whole numbers that stand in the file", i)
}

func (im *importer) isNumbers(n *nodeProto, i int) bool {
	r := im.input(n, i)
	return r != nil && (r.shape != nil || r.known != nil && r.known.ints != nil)
}

// readShape makes the list of a result's dimensions: they are known, but the batch.
func readShape(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	return im.sets(n, &result{shape: im.onnxShape(x)})
}

func readFlatten(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if axis := n.int("axis", 1); axis != 1 {
		return fmt.Errorf("it flattens from axis %d on; only 1 is read", axis)
	}
	size := 1
	for _, d := range im.rowShape(x) {
		size *= d
	}
	y, err := im.reshaped(n, x, []int{size})
	return firstError(err, func() error { return im.sets(n, y) })
}

// reshaped gives rows another shape, in the order in which ONNX sees their numbers.
func (im *importer) reshaped(n *nodeProto, x *result, shape []int) (*result, error) {
	row := im.rowShape(x)
	if spatial := row[:len(row)-1]; x.layout == channels1 && slices.Max(append([]int{1}, spatial...)) == 1 {
		x = &result{ref: x.ref, value: x.value} // one pixel: any order is the same
	}
	x, err := im.plain(x, n.label())
	if err != nil || tensor.SameShape(im.rowShape(x), shape) {
		return x, err
	}
	if len(shape) == 1 {
		return im.add("Flatten", n.label(), map[string]any{}, x)
	}
	return im.add("Reshape", n.label(), map[string]any{"target_shape": shape}, x)
}

// readReshape reads a new shape whose first axis is the batch.
func readReshape(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	target, err := im.numbers(n, 1)
	if err != nil {
		return err
	}
	if x.layout == joined && len(target) == 3 {
		x.layout = timeFirst // [T, N, directions, C] becomes [T, N, directions·C]: here it is that already
		return im.sets(n, x)
	}
	old := im.onnxShape(x)
	size := 1
	for _, d := range im.rowShape(x) {
		size *= d
	}
	if len(target) < 2 {
		return fmt.Errorf("its shape %v has no axis behind the batch", target)
	}
	shape, open, known := slices.Clone(target[1:]), -1, 1
	for i, d := range shape {
		switch {
		case d == 0 && i+1 < len(old):
			shape[i] = old[i+1]
		case d == -1 && open < 0:
			open = i
			continue
		case d < 1:
			return fmt.Errorf("its shape %v cannot be understood", target)
		}
		if known *= shape[i]; known > size {
			return fmt.Errorf("its shape %v has more numbers than a row, %d", target, size)
		}
	}
	if open >= 0 {
		shape[open] = size / known
		known *= shape[open]
	}
	if known != size {
		return fmt.Errorf("its shape %v does not keep the batch: a row has %d numbers", target, size)
	}
	y, err := im.reshaped(n, x, shape)
	return firstError(err, func() error { return im.sets(n, y) })
}

// readTranspose reads a change of axes: often one between channels first and last, or
// between time and batch, which needs no layer.
func readTranspose(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	axes := len(im.rowShape(x)) + 1
	perm := n.ints("perm", 0, 0)
	if !n.has("perm") { // all axes the other way round
		for i := axes - 1; i >= 0; i-- {
			perm = append(perm, i)
		}
	}
	as := func(l layout) error {
		return im.sets(n, &result{ref: x.ref, value: x.value, layout: l})
	}
	switch {
	case x.layout == plain && axes > 2 && slices.Equal(perm, toFirst(axes-1)):
		return as(channels1)
	case x.layout == channels1 && slices.Equal(perm, toLast(axes-1)):
		return as(plain)
	case x.layout == plain && slices.Equal(perm, []int{1, 0, 2}):
		return as(timeFirst)
	case x.layout == timeFirst && slices.Equal(perm, []int{1, 0, 2}):
		return as(plain)
	case x.layout == sequence && slices.Equal(perm, []int{0, 2, 1, 3}):
		return as(joined)
	case x.layout == states && slices.Equal(perm, []int{1, 0, 2}): // [directions, N, C] becomes [N, directions, C]
		y, err := im.add("Reshape", n.label(), map[string]any{"target_shape": []int{x.directions, im.rowShape(x)[0] / x.directions}}, &result{ref: x.ref, value: x.value})
		return firstError(err, func() error { return im.sets(n, y) })
	case x.layout == channels1 && axes == 3 && slices.Equal(perm, []int{2, 0, 1}):
		return as(timeFirst) // [N, C, T] becomes [T, N, C]
	case len(perm) != axes || perm[0] != 0:
		return fmt.Errorf("it moves the batch (perm %v)", perm)
	}
	if x, err = im.plain(x, n.label()); err != nil {
		return err
	}
	y, err := im.add("Permute", n.label(), map[string]any{"dims": rowDims(perm)}, x)
	return firstError(err, func() error { return im.sets(n, y) })
}

// axesOf reads axes from an operand or, as older operator sets have it, an attribute.
func (im *importer) axesOf(n *nodeProto, axes int) ([]int, error) {
	list := n.ints("axes", 0, 0)
	if len(n.in) > 1 {
		var err error
		if list, err = im.numbers(n, 1); err != nil {
			return nil, err
		}
	}
	list = slices.Clone(list)
	for i, a := range list {
		if a < 0 {
			list[i] += axes
		}
	}
	slices.Sort(list)
	return list, nil
}

func readSqueeze(im *importer, n *nodeProto) error {
	if im.isNumbers(n, 0) {
		return im.sets(n, im.input(n, 0))
	}
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if x.layout == sequence || x.layout == states {
		axes, err := im.axesOf(n, 4)
		if err != nil {
			return err
		}
		switch {
		case x.layout == sequence && slices.Equal(axes, []int{1}) && x.directions == 1:
			return im.sets(n, &result{ref: x.ref, value: x.value, layout: timeFirst})
		case x.layout == states && len(axes) == 1 && axes[0] == 0 && x.directions == 1:
			return im.sets(n, &result{ref: x.ref, value: x.value})
		}
		return fmt.Errorf("it takes the axes %v from the results of a recurrent layer", axes)
	}
	old := im.onnxShape(x)
	axes, err := im.axesOf(n, len(old))
	if err != nil {
		return err
	}
	if old[0] != 0 {
		return fmt.Errorf("it works with time in front of the batch")
	}
	shape := []int{}
	for i, d := range old[1:] {
		if slices.Contains(axes, i+1) != (d == 1) && (d != 1 || len(axes) == 0) {
			return fmt.Errorf("the axis %d that it takes away has length %d", i+1, d)
		}
		if !slices.Contains(axes, i+1) {
			shape = append(shape, d)
		}
	}
	y, err := im.reshaped(n, x, shape)
	return firstError(err, func() error { return im.sets(n, y) })
}

func readUnsqueeze(im *importer, n *nodeProto) error {
	if im.isNumbers(n, 0) {
		return im.sets(n, im.input(n, 0))
	}
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	old := im.onnxShape(x)
	if old[0] != 0 {
		return fmt.Errorf("it works with time in front of the batch")
	}
	axes, err := im.axesOf(n, len(old)+1)
	if err != nil {
		return err
	}
	shape := slices.Clone(old[1:])
	for _, a := range axes {
		if a < 1 || a > len(shape)+1 {
			return fmt.Errorf("it adds an axis in front of the batch")
		}
		shape = slices.Insert(shape, a-1, 1)
	}
	y, err := im.reshaped(n, x, shape)
	return firstError(err, func() error { return im.sets(n, y) })
}

func readConcat(im *importer, n *nodeProto) error {
	if slices.Contains(n.in, "") {
		return formatErrorf("%s leaves an operand out", n.label())
	}
	if slices.ContainsFunc(n.in, func(in string) bool { return im.results[in].shape != nil || im.results[in].known != nil }) {
		list := []int{}
		for i := range n.in {
			part, err := im.numbers(n, i)
			if err != nil {
				return err
			}
			list = append(list, part...)
		}
		return im.sets(n, &result{shape: list})
	}
	parts := make([]*result, len(n.in))
	same := true
	for i := range n.in {
		var err error
		if parts[i], err = im.data(n, i); err != nil {
			return err
		}
		same = same && parts[i].layout == parts[0].layout
	}
	if len(parts) == 0 {
		return fmt.Errorf("it joins nothing")
	}
	if !same {
		for i, p := range parts {
			var err error
			if parts[i], err = im.plain(p, n.label()); err != nil {
				return err
			}
		}
	}
	axes := len(im.rowShape(parts[0])) + 1
	axis := n.int("axis", 0)
	if axis < 0 {
		axis += axes
	}
	if axis < 1 || axis >= axes || parts[0].layout > channels1 {
		return fmt.Errorf("it joins along the batch")
	}
	if parts[0].layout == channels1 {
		if axis--; axis == 0 {
			axis = axes - 1
		}
	}
	y, err := im.add("Concatenate", n.label(), map[string]any{"axis": axis}, parts...)
	if err != nil {
		return err
	}
	y.layout = parts[0].layout
	return im.sets(n, y)
}

// readGather reads rows of a table by number (an embedding), an element of a shape, and
// one step of a sequence.
func readGather(im *importer, n *nodeProto) error {
	axis := n.int("axis", 0)
	if im.isNumbers(n, 0) {
		list, err := im.numbers(n, 0)
		if err != nil {
			return err
		}
		at, err := im.numbers(n, 1)
		if err != nil {
			return err
		}
		picked := []int{}
		for _, i := range at {
			if i < 0 {
				i += len(list)
			}
			if i < 0 || i >= len(list) {
				return formatErrorf("%s takes element %d of %d", n.label(), i, len(list))
			}
			picked = append(picked, list[i])
		}
		return im.sets(n, &result{shape: picked})
	}
	if table := im.input(n, 0); table != nil && table.known != nil {
		x, err := im.data(n, 1)
		if err != nil {
			return err
		}
		w, err := table.known.matrix(false)
		if err != nil || axis != 0 {
			return fmt.Errorf("it takes from a tensor %s along axis %d; a table [words, size] is read", tensor.Format(table.known.shape), axis)
		}
		y, err := im.add("Embedding", n.label(), map[string]any{"input_dim": w.Shape[0], "output_dim": w.Shape[1]}, x)
		if err != nil {
			return err
		}
		im.weight(y, "embeddings", w)
		return im.sets(n, y)
	}
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	at, err := im.numbers(n, 1)
	if err != nil {
		return err
	}
	if len(at) != 1 {
		return fmt.Errorf("it takes %d steps; one is read", len(at))
	}
	if x.layout == states && axis == 0 {
		return im.direction(n, x, at[0])
	}
	return im.step(n, x, axis, at[0])
}

// direction takes the last state of one direction.
func (im *importer) direction(n *nodeProto, x *result, at int) error {
	if at < 0 {
		at += x.directions
	}
	if at < 0 || at >= x.directions {
		return formatErrorf("%s takes direction %d of %d", n.label(), at, x.directions)
	}
	y := &result{ref: x.ref, value: x.value}
	if x.directions == 2 {
		var err error
		if y, err = im.half(n.label(), y, im.rowShape(x)[0]/2, at); err != nil {
			return err
		}
	}
	return im.sets(n, y)
}

// step takes one step of a sequence.
func (im *importer) step(n *nodeProto, x *result, axis, at int) error {
	row := im.rowShape(x)
	if len(row) != 2 || !(x.layout == plain && axis == 1 || x.layout == timeFirst && axis == 0 || x.layout == channels1 && axis == 2) {
		return fmt.Errorf("it takes element %d of axis %d; a step of a sequence is read", at, axis)
	}
	if at < 0 {
		at += row[0]
	}
	if at < 0 || at >= row[0] {
		return formatErrorf("%s takes step %d of %d", n.label(), at, row[0])
	}
	if row[0] > 1 {
		var err error
		if x, err = im.add("Cropping1D", n.label()+"_step", map[string]any{"cropping": []int{at, row[0] - 1 - at}}, x); err != nil {
			return err
		}
	}
	y, err := im.add("Flatten", n.label(), map[string]any{}, &result{ref: x.ref, value: x.value})
	return firstError(err, func() error { return im.sets(n, y) })
}

// readSlice reads a range of a shape, of the steps of a sequence, or of the pixels of an
// image.
func readSlice(im *importer, n *nodeProto) error {
	c, err := im.cuts(n)
	if err != nil {
		return err
	}
	if im.isNumbers(n, 0) {
		list, err := im.numbers(n, 0)
		if err != nil {
			return err
		}
		if len(c) != 1 {
			return fmt.Errorf("it cuts a list of numbers along %d axes", len(c))
		}
		if c[0].backwards {
			return fmt.Errorf("it turns a list of numbers around")
		}
		from, to := c[0].bounds(len(list))
		return im.sets(n, &result{shape: append([]int{}, list[from:max(from, to)]...)})
	}
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	row := im.rowShape(x)
	axes := len(row) + 1
	if len(c) == 1 && c[0].backwards {
		return im.backwards(n, x, c[0])
	}
	cropping := make([][]int, len(row)-1)
	for i := range cropping {
		cropping[i] = []int{0, 0}
	}
	for _, cut := range c {
		axis := cut.axis
		if axis < 0 {
			axis += axes
		}
		place, ok := spatialAxis(x.layout, axis, axes)
		if !ok {
			return fmt.Errorf("it cuts axis %d; the steps of a sequence and the pixels of an image are read", cut.axis)
		}
		from, to := cut.bounds(row[place])
		if cut.backwards {
			return fmt.Errorf("it turns one of several axes around")
		}
		if from >= to {
			return fmt.Errorf("it leaves nothing of axis %d", cut.axis)
		}
		cropping[place] = []int{from, row[place] - to}
	}
	switch len(cropping) {
	case 1:
		return im.inPlace(n, x, "Cropping1D", map[string]any{"cropping": cropping[0]})
	case 2:
		return im.inPlace(n, x, "Cropping2D", map[string]any{"cropping": cropping})
	}
	return fmt.Errorf("it cuts rows of shape %s; sequences and images are read", tensor.Format(row))
}

// backwards reads a Slice that turns the steps of a sequence around.
func (im *importer) backwards(n *nodeProto, x *result, c cut) error {
	row := im.rowShape(x)
	axes := len(row) + 1
	if c.axis < 0 {
		c.axis += axes
	}
	place, ok := spatialAxis(x.layout, c.axis, axes)
	if !ok || len(row) != 2 {
		return fmt.Errorf("it turns axis %d around; the steps of a sequence are read", c.axis)
	}
	if whole := (c.from == -1 || c.from >= row[place]-1) && c.to < -row[place]; !whole {
		return fmt.Errorf("it turns a part of axis %d around", c.axis)
	}
	y, err := im.turned(n.label(), x)
	if err != nil {
		return err
	}
	y.layout = x.layout
	return im.sets(n, y)
}

// spatialAxis returns which axis of a row, not that of channels, an axis of ONNX is.
func spatialAxis(l layout, axis, axes int) (int, bool) {
	switch l {
	case plain:
		return axis - 1, axis >= 1 && axis < axes-1
	case channels1:
		return axis - 2, axis >= 2 && axis < axes
	case timeFirst:
		return 0, axis == 0
	}
	return 0, false
}

// A cut is a range along an axis; or, backwards, all of it the other way round.
type cut struct {
	axis, from, to int
	backwards      bool
}

// bounds are the range's ends along an axis of this length.
func (c cut) bounds(length int) (from, to int) {
	from, to = c.from, c.to
	if from < 0 {
		from += length
	}
	if to < 0 {
		to += length
	}
	return max(0, min(from, length)), max(0, min(to, length))
}

// cuts reads the ranges of a Slice, from operands or, as older operator sets have them,
// attributes.
func (im *importer) cuts(n *nodeProto) ([]cut, error) {
	lists := [4][]int{n.ints("starts", 0, 0), n.ints("ends", 0, 0), n.ints("axes", 0, 0), nil}
	for i := range lists {
		if im.input(n, i+1) != nil {
			var err error
			if lists[i], err = im.numbers(n, i+1); err != nil {
				return nil, err
			}
		}
	}
	starts, ends, axes, steps := lists[0], lists[1], lists[2], lists[3]
	if len(starts) == 0 || len(ends) != len(starts) || len(axes) != 0 && len(axes) != len(starts) || len(steps) != 0 && len(steps) != len(starts) || slices.ContainsFunc(steps, func(s int) bool { return s != 1 && s != -1 }) {
		return nil, fmt.Errorf("it cuts in steps, or its lists %v, %v and %v do not belong together", starts, ends, axes)
	}
	var c []cut
	for i := range starts {
		axis := i
		if len(axes) > 0 {
			axis = axes[i]
		}
		c = append(c, cut{axis, starts[i], ends[i], len(steps) > 0 && steps[i] == -1})
	}
	return c, nil
}
