package onnx

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Functions that no layer has, put together from those that layers have.

// scaled adds slope·x + offset.
func (im *importer) scaled(name string, x *result, slope, offset float32) (*result, error) {
	if slope == 1 && offset == 0 {
		return x, nil
	}
	row := im.rowShape(x)
	channels := row[len(row)-1]
	if channels > maxChannels {
		return nil, fmt.Errorf("it has %d channels", channels)
	}
	y, err := im.add("BatchNormalization", name, map[string]any{"epsilon": 1e-12}, x)
	if err != nil {
		return nil, err
	}
	for weight, v := range map[string]float32{"gamma": slope, "beta": offset, "moving_mean": 0, "moving_variance": 1} {
		t := tensor.New(channels)
		for i := range t.Data {
			t.Data[i] = v
		}
		im.weight(y, weight, t)
	}
	y.layout = x.layout
	return y, nil
}

// activate adds a function of each element.
func (im *importer) activate(name, function string, x *result) (*result, error) {
	y, err := im.add("Activation", name, map[string]any{"activation": function}, x)
	if err == nil {
		y.layout = x.layout
	}
	return y, err
}

// clipped adds slope·x + offset, cut to [low, high]: by way of the function that cuts to
// [0, 6], which is exact for that range.
func (im *importer) clipped(name string, x *result, slope, offset, low, high float32) (*result, error) {
	unit := (high - low) / 6
	if !(unit > 0) {
		return nil, fmt.Errorf("it cuts to [%g, %g]", low, high)
	}
	x, err := im.scaled(name+"_scaled", x, slope/unit, (offset-low)/unit)
	if err != nil {
		return nil, err
	}
	if x, err = im.activate(name, "relu6", x); err != nil {
		return nil, err
	}
	y, err := im.scaled(name+"_cut", x, unit, low)
	if err == nil {
		y.positive = low >= 0
	}
	return y, err
}

const unlimited = 3e38 // what programs write where they mean no limit

// readClip reads limits from operands or, as older operator sets have it, attributes.
func readClip(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	limit := func(i int, name string, missing float32) (float32, error) {
		r := im.input(n, i)
		switch {
		case r == nil && n.has(name):
			return n.attributes[name].float, nil
		case r == nil:
			return missing, nil
		case r.known != nil && len(r.known.floats) == 1:
			return r.known.floats[0], nil
		}
		return 0, fmt.Errorf("its limits must stand in the file")
	}
	low, err := limit(1, "min", -unlimited)
	if err != nil {
		return err
	}
	high, err := limit(2, "max", unlimited)
	if err != nil {
		return err
	}
	var y *result
	switch bottomless, endless := low <= -unlimited, high >= unlimited; {
	case bottomless && endless:
		y = x
	case endless: // relu(x − low) + low
		if y, err = im.scaled(n.label()+"_moved", x, 1, -low); err == nil {
			if y, err = im.activate(n.label(), "relu", y); err == nil {
				y, err = im.scaled(n.label()+"_back", y, 1, low)
			}
		}
	case bottomless: // high − relu(high − x)
		if y, err = im.scaled(n.label()+"_turned", x, -1, high); err == nil {
			if y, err = im.activate(n.label(), "relu", y); err == nil {
				y, err = im.scaled(n.label()+"_back", y, -1, high)
			}
		}
	default:
		y, err = im.clipped(n.label(), x, 1, 0, low, high)
	}
	if err != nil {
		return err
	}
	kept := *y
	kept.positive = low >= 0
	return im.sets(n, &kept)
}

// readHardSwish reads x · clip(x/6 + 1/2, 0, 1).
func readHardSwish(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	gate, err := im.clipped(n.label()+"_gate", x, 1.0/6, 0.5, 0, 1)
	if err != nil {
		return err
	}
	y, err := im.add("Multiply", n.label(), map[string]any{}, x, gate)
	if err != nil {
		return err
	}
	y.layout = x.layout
	return im.sets(n, y)
}

// readExpand reads what repeats rows as steps, [N, 1, C] to [N, T, C], or makes states
// of zeros.
func readExpand(im *importer, n *nodeProto) error {
	if r := im.input(n, 0); r != nil && r.known != nil {
		return readZeros(im, n)
	}
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	target, err := im.numbers(n, 1)
	if err != nil {
		return err
	}
	if x, err = im.plain(x, n.label()); err != nil {
		return err
	}
	row := im.rowShape(x)
	if len(row) != 2 || len(target) != 3 || target[0] > 1 {
		return fmt.Errorf("it repeats rows of shape %s; rows that become steps are read", tensor.Format(row))
	}
	times, channels := target[1], target[2]
	if n.op == "Tile" {
		times, channels = times*row[0], channels*row[1]
	}
	switch {
	case channels != row[1] && channels != 1 || times < 1:
		return fmt.Errorf("it repeats channels")
	case times == row[0] || times == 1:
		return im.sets(n, x)
	case row[0] != 1:
		return fmt.Errorf("it repeats a sequence")
	}
	if x, err = im.add("Flatten", n.label()+"_row", map[string]any{}, x); err != nil {
		return err
	}
	y, err := im.add("RepeatVector", n.label(), map[string]any{"n": times}, x)
	return firstError(err, func() error { return im.sets(n, y) })
}

func readThresholded(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	return im.inPlace(n, x, "ThresholdedReLU", map[string]any{"theta": n.float("alpha", 1)})
}

func readNegative(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	y, err := im.scaled(n.label(), x, -1, 0)
	return firstError(err, func() error { return im.sets(n, y) })
}

// readPower reads squares and cubes.
func readPower(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	c, err := im.constant(n, 1)
	if err != nil {
		return err
	}
	if len(c.floats) != 1 || c.floats[0] != 2 && c.floats[0] != 3 {
		return fmt.Errorf("its exponent is not 2 or 3")
	}
	factors := []*result{x, x, x}[:int(c.floats[0])]
	y, err := im.add("Multiply", n.label(), map[string]any{}, factors...)
	if err != nil {
		return err
	}
	y.layout, y.positive = x.layout, c.floats[0] == 2
	return im.sets(n, y)
}

// readErf reads the operations around it that make a GELU, x·(1 + erf(x/√2))/2, in
// whatever order a program wrote its products.
func readErf(im *importer, n *nodeProto) error {
	wrong := fmt.Errorf("only within x·(1 + erf(x/√2))/2 is it read")
	if len(n.in) != 1 {
		return wrong
	}
	argument := im.maker(n.in[0])
	if argument == nil || len(argument.in) != 2 {
		return wrong
	}
	x, factor, ok := im.scaledBy(argument)
	if !ok || !near(factor, 0.70710678) {
		return wrong
	}
	plus := im.onlyReader(n.out[0])
	if plus == nil || plus.op != "Add" || len(plus.in) != 2 {
		return wrong
	}
	if _, one, ok := im.shifted(plus, n.out[0]); !ok || one != 1 {
		return wrong
	}
	// What remains are products: with x, and with 1/2, in two operations.
	used := []*nodeProto{plus}
	at, total, times := plus.out[0], float32(1), 0
	for times == 0 || !near(total, 0.5) {
		next := im.onlyReader(at)
		if next == nil || next.op != "Mul" && next.op != "Div" || len(next.in) != 2 || len(used) > 3 {
			return wrong
		}
		used = append(used, next)
		if from, f, ok := im.scaledBy(next); ok && from == at {
			total *= f
		} else {
			other := next.in[0]
			if other == at {
				other = next.in[1]
			}
			if next.op != "Mul" {
				return wrong
			}
			if other != x {
				half := im.maker(other)
				from, f, ok := "", float32(0), false
				if half != nil {
					from, f, ok = im.scaledBy(half)
				}
				if !ok || from != x {
					return wrong
				}
				total *= f
			}
			if times++; times > 1 {
				return wrong
			}
		}
		at = next.out[0]
	}
	source := im.results[x]
	if source == nil || source.known != nil || source.shape != nil {
		return wrong
	}
	y, err := im.activate(n.label(), "gelu", source)
	if err != nil {
		return err
	}
	for _, u := range used {
		im.done[u] = true
	}
	im.results[at] = y
	return nil
}

func near(a, b float32) bool { return a-b < 1e-5 && b-a < 1e-5 }

// maker returns the operation that makes a name.
func (im *importer) maker(name string) *nodeProto { return im.makers[name] }

// onlyReader returns the operation that reads a name, if there is one alone.
func (im *importer) onlyReader(name string) *nodeProto {
	if r := im.readers[name]; len(r) == 1 && len(r[0].out) > 0 {
		return r[0]
	}
	return nil
}

// number returns the one number of a constant.
func (im *importer) number(name string) (float32, bool) {
	if r := im.results[name]; r != nil && r.known != nil && len(r.known.floats) == 1 {
		return r.known.floats[0], true
	}
	if c := im.graph.constants[name]; c != nil && len(c.floats) == 1 {
		return c.floats[0], true
	}
	if n := im.makers[name]; n != nil && n.op == "Constant" { // that stands further behind
		if t := n.attributes["value"].tensor; t != nil && len(t.floats) == 1 {
			return t.floats[0], true
		}
		return n.attributes["value_float"].float, n.has("value_float")
	}
	return 0, false
}

// scaledBy reads a Mul or Div of a result and a number: which result, and by what.
func (im *importer) scaledBy(n *nodeProto) (from string, factor float32, ok bool) {
	if len(n.in) != 2 || n.op != "Mul" && n.op != "Div" {
		return "", 0, false
	}
	if f, ok := im.number(n.in[1]); ok {
		if n.op == "Div" {
			f = 1 / f
		}
		return n.in[0], f, true
	}
	f, ok := im.number(n.in[0])
	return n.in[1], f, ok && n.op == "Mul"
}

// shifted reads the number that an Add adds to a result.
func (im *importer) shifted(n *nodeProto, name string) (from string, number float32, ok bool) {
	other := n.in[0]
	if other == name {
		other = n.in[1]
	}
	number, ok = im.number(other)
	return name, number, ok
}
