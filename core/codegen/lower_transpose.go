package codegen

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// A transposed convolution is the way back of a convolution: its outputs that are a
// stride apart (a phase) are met by the same taps, and are a convolution without strides
// of the inputs by those taps in reverse (see graph.ConvTranspose).

// A phase is every stride-th output of an axis, from first on: number i of it meets
// inputs i + shift, i + shift + step, … through the taps last, last − tapStep, …: count of them.
type phase struct{ first, size, shift, step, last, tapStep, count int }

// transposed returns the axis of the convolution whose way back makes out of in.
func transposed(in, out, kernel, stride, dilation int, p graph.Padding) axis {
	a := axis{in: out, out: in, kernel: kernel, stride: stride, dilation: dilation}
	if p == graph.PadSame {
		a.before = max((in-1)*stride+a.reach()-a.in, 0) / 2
	}
	return a
}

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

// margins returns how many zeros around the inputs the phases read.
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

func (c *compiler) lowerConvTranspose(n *graph.Node, o graph.ConvTranspose) step {
	in, kernel := c.node(n.In[0]).Shape, c.node(n.In[1]).Shape
	spatial := len(kernel) - 2
	w := convolution{c: kernel[spatial], n: kernel[spatial+1], y: axis{in: 1, out: 1, kernel: 1, stride: 1, dilation: 1}}
	if spatial == 2 {
		w.y = transposed(in[0], n.Shape[0], kernel[0], o.Strides[0], o.Dilation[0], o.Padding)
	}
	w.x = transposed(in[spatial-1], n.Shape[spatial-1], kernel[spatial-1], o.Strides[1], o.Dilation[1], o.Padding)
	top, bottom := w.y.margins()
	left, right := w.x.margins()
	i := image{rows: w.y.out, cols: w.x.out, channels: w.n, times: 1, top: top, left: left,
		height: top + w.y.out + bottom, width: left + w.x.out + right}
	var phases []transposedPhase
	most := 0
	for fy := range min(w.y.stride, w.y.in) {
		for fx := range min(w.x.stride, w.x.in) {
			p := transposedPhase{w: w, i: i, y: w.y.phase(fy), x: w.x.phase(fx)}
			p.weights = c.derive(max(1, p.k()*w.c), func(e *emitter, at int) { p.reverse(e, at, e.addr(n.In[1])) })
			most = max(most, p.x.size*p.k())
			phases = append(phases, p)
		}
	}
	flags := c.reluFlag(n)
	return step{scratch: func(int) int { return i.room() + wasmgen.Slack + most + wasmgen.Slack }, emit: func(e *emitter) {
		copied, patches := e.scratch(0), e.scratch(i.room()+wasmgen.Slack)
		e.clear(i, copied)
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			img := e.copyImage(i, copied, x)
			for _, p := range phases {
				p.emit(e, img, y, patches, e.bias(n), flags)
			}
		})
	}}
}

// A transposedPhase is a phase along each axis.
type transposedPhase struct {
	w       convolution
	i       image
	y, x    phase
	weights func() int
}

// k is the length of a patch.
func (p transposedPhase) k() int { return p.y.count * p.x.count * p.w.n }

// reverse writes the phase's taps, turned over and in reverse, to at.
func (p transposedPhase) reverse(e *emitter, at int, weights wasmgen.I32) {
	size := 4 * p.w.c * p.w.n
	for i := range p.y.count {
		for j := range p.x.count {
			tap := (p.y.last-i*p.y.tapStep)*p.w.x.kernel + p.x.last - j*p.x.tapStep
			e.Call(e.lib.Transpose(), number(p.w.c), number(p.w.n), number(at), number(4*p.w.c), wasmgen.I32Add(weights, number(tap*size)), number(4*p.w.n))
			at += size
		}
	}
}

// emit writes the phase's outputs of one sample.
func (p transposedPhase) emit(e *emitter, img, y wasmgen.Local[wasmgen.I32], patches int, bias wasmgen.I32, flags int) {
	if p.y.size*p.x.size == 0 {
		return
	}
	from, to, k := e.local(), e.local(), p.k()
	if k > 0 {
		from.Set(plus(img, p.i.at(p.i.top+p.y.shift, p.i.left+p.x.shift)))
	}
	pixel := 4 * p.w.c
	row := pixel * p.w.x.in
	to.Set(plus(y, p.y.first*row+p.x.first*pixel))
	e.repeat(number(p.y.size), func() {
		if k > 0 {
			runs, run := p.x.count, p.w.n
			if p.x.step == 1 {
				runs, run = 1, p.w.n*p.x.count
			}
			e.Call(e.lib.Gather(), number(p.x.size), number(patches), from.Get(), number(p.i.pixel()), number(p.y.count), number(p.y.step*p.i.row()),
				number(runs), number(p.x.step*p.i.pixel()), number(run))
		}
		e.Call(e.lib.Product(), number(p.x.size), number(p.w.c), number(k), number(patches), number(4*k), number(p.weights()), number(pixel), bias,
			to.Get(), number(p.w.x.stride*pixel), number(flags))
		e.advance(from, p.i.row())
		e.advance(to, p.w.y.stride*row)
	})
}
