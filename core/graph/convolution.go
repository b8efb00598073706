package graph

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Padding says how many zeros a convolution sees around its input.
type Padding uint8

// The paddings, along one axis: in is the size of the input, r = (kernel − 1)·dilation
// + 1 the reach of the kernel.
const (
	PadValid  Padding = iota // none: out = ⌊(in − r) / stride⌋ + 1
	PadSame                  // out = ⌈in / stride⌉; half of the zeros before, an odd one behind (TensorFlow)
	PadCausal                // r − 1 zeros before: out = ⌈in / stride⌉, and no output sees later inputs
)

// axis is a convolution along one axis: output o meets inputs o·stride − before +
// k·dilation, for all k below kernel.
type axis struct{ in, out, kernel, stride, dilation, before int }

func newAxis(in, kernel, stride, dilation int, p Padding) axis {
	a := axis{in: in, kernel: kernel, stride: stride, dilation: dilation}
	switch p {
	case PadValid:
		a.out = floorDiv(in-a.reach(), stride) + 1
	case PadSame:
		a.out = (in + stride - 1) / stride
		a.before = max((a.out-1)*stride+a.reach()-in, 0) / 2
	case PadCausal:
		a.out, a.before = (in+stride-1)/stride, a.reach()-1
	}
	return a
}

// transposedAxis is the axis of the convolution that makes in of what a transposed
// convolution makes of it. With PadSame that has in·stride, else as many as the
// windows of all in cover, and at least in·stride.
func transposedAxis(in, kernel, stride, dilation int, p Padding) axis {
	a := axis{in: in * stride, out: in, kernel: kernel, stride: stride, dilation: dilation}
	if p == PadSame {
		a.before = max((in-1)*stride+a.reach()-a.in, 0) / 2
	} else {
		a.in += max(a.reach()-stride, 0)
	}
	return a
}

// reach is the number of inputs between the first and the last that an output meets,
// both included.
func (a axis) reach() int { return (a.kernel-1)*a.dilation + 1 }

// after is how many zeros are read behind the input.
func (a axis) after() int { return max((a.out-1)*a.stride+a.reach()-a.before-a.in, 0) }

// A phase is every stride-th input of an axis, from first on, seen from behind: input
// number i of it is met by outputs i + shift, i + shift + step, …, through the taps
// last, last − tapStep, …: count of them.
type phase struct{ first, size, shift, step, last, tapStep, count int }

// phase returns phase f of the axis, f below stride.
func (a axis) phase(f int) phase {
	common := gcd(a.stride, a.dilation)
	p := phase{first: f, size: max(0, (a.in-f+a.stride-1)/a.stride), step: a.dilation / common, tapStep: a.stride / common}
	for k := a.kernel - 1; k >= 0; k-- {
		if at := f + a.before - k*a.dilation; at%a.stride == 0 {
			p.last, p.shift, p.count = k, at/a.stride, k/p.tapStep+1
			break
		}
	}
	return p
}

// margins returns how many zeros around the outputs the phases read.
func (a axis) margins() (before, behind int) {
	for f := range min(a.stride, a.in) {
		if p := a.phase(f); p.count > 0 {
			before = max(before, -p.shift)
			behind = max(behind, p.size-1+p.shift+(p.count-1)*p.step-(a.out-1))
		}
	}
	return before, behind
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func floorDiv(a, b int) int {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

// convolution is the geometry of a two-dimensional convolution that makes n channels of c
// (a depthwise one: c·n of c). Where there is one dimension it is that of x.
type convolution struct {
	y, x axis
	c, n int
	one  bool // one dimension
}

// maxReach bounds a kernel's reach, and a stride: what is beyond it is no network but a slip.
const maxReach = 1 << 16

// newConvolution checks the shapes of an input and a kernel [kh, kw, c, n], or [k, c, n]
// with one dimension less, and returns the geometry. With transposed set, c and n of the
// kernel change places: it is [kh, kw, n, c] of a transposed convolution.
func newConvolution(x, kernel []int, strides, dilation [2]int, p Padding, transposed bool) (convolution, *tensor.Error) {
	w := convolution{one: len(kernel) == 3}
	must(len(kernel) == 3 || len(kernel) == 4, "a convolution wants a kernel [kh, kw, in, out] or [k, in, out]")
	spatial := len(kernel) - 2
	in := kernel[spatial]
	w.c, w.n = in, kernel[spatial+1]
	if transposed {
		in = w.n
	}
	if len(x) != spatial+1 || x[spatial] != in {
		want := "[batch, height, width, %d]"
		if w.one {
			want = "[batch, steps, %d]"
		}
		return w, tensor.Errorf(tensor.CodeShape, "want input "+want+", got %s", in, tensor.FormatBatch(x))
	}
	make1 := newAxis
	if transposed {
		make1 = transposedAxis
	}
	w.y = make1(1, 1, 1, 1, PadValid)
	if !w.one {
		w.y = make1(x[0], kernel[0], strides[0], dilation[0], p)
	}
	w.x = make1(x[spatial-1], kernel[spatial-1], strides[1], dilation[1], p)
	for _, a := range []axis{w.y, w.x} {
		if a.reach() > maxReach || a.stride > maxReach {
			return w, tensor.Errorf(tensor.CodeOption, "kernel %s with stride %s reaches too far, more than %d pixels; use smaller ones", w.kernel(), w.pair(a.stride, a.stride), maxReach)
		}
	}
	if w.y.out < 1 || w.x.out < 1 {
		return w, tensor.Errorf(tensor.CodeShape, `kernel %s does not fit input %s; use padding "same" or a smaller kernel`,
			w.kernel(), w.pair(w.y.in, w.x.in))
	}
	return w, nil
}

// kernel describes the kernel's size in an error.
func (w convolution) kernel() string {
	text := w.pair(w.y.kernel, w.x.kernel)
	if w.y.dilation > 1 || w.x.dilation > 1 {
		text += fmt.Sprintf(" with dilation %s, which reaches over %s,", w.pair(w.y.dilation, w.x.dilation), w.pair(w.y.reach(), w.x.reach()))
	}
	return text
}

// pair writes sizes along both axes: 5×5, or 5 where there is one axis.
func (w convolution) pair(y, x int) string {
	if w.one {
		return fmt.Sprint(x)
	}
	return fmt.Sprintf("%d×%d", y, x)
}

// inputs and outputs are the shapes on the convolution's two sides.
func (w convolution) inputs(channels int) []int  { return w.shape(w.y.in, w.x.in, channels) }
func (w convolution) outputs(channels int) []int { return w.shape(w.y.out, w.x.out, channels) }

func (w convolution) shape(y, x, channels int) []int {
	if w.one {
		return []int{x, channels}
	}
	return []int{y, x, channels}
}

func (w convolution) taps() int { return w.y.kernel * w.x.kernel }
