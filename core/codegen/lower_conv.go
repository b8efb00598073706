package codegen

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// An axis of a convolution: output o meets inputs o·stride − before + k·dilation, for all
// k below kernel; after is how many zeros are read behind the input.
type axis struct{ in, out, kernel, stride, dilation, before, after int }

func (a axis) reach() int { return (a.kernel-1)*a.dilation + 1 }

// pad sets before and after as graph's convolutions do.
func (a axis) pad(p graph.Padding) axis {
	switch p {
	case graph.PadSame:
		a.before = max((a.out-1)*a.stride+a.reach()-a.in, 0) / 2
	case graph.PadCausal:
		a.before = a.reach() - 1
	}
	a.after = max((a.out-1)*a.stride+a.reach()-a.before-a.in, 0)
	return a
}

// A convolution is the geometry of one with two axes; where there is one, it is x.
type convolution struct {
	y, x axis
	c, n int // channels of the kernel's last two axes
}

func newConvolution(in, kernel, out []int, strides, dilation [2]int, p graph.Padding) convolution {
	spatial := len(kernel) - 2
	w := convolution{c: kernel[spatial], n: kernel[spatial+1], y: axis{in: 1, out: 1, kernel: 1, stride: 1, dilation: 1}}
	if spatial == 2 {
		w.y = axis{in: in[0], out: out[0], kernel: kernel[0], stride: strides[0], dilation: dilation[0]}.pad(p)
	}
	w.x = axis{in: in[spatial-1], out: out[spatial-1], kernel: kernel[spatial-1], stride: strides[1], dilation: dilation[1]}.pad(p)
	return w
}

func (w convolution) taps() int { return w.y.kernel * w.x.kernel }

// An image is what patches are taken from: a sample as it lies there or, where padding
// is read, a copy with zeros around it.
type image struct {
	rows, cols, channels int // of the original
	times                int // how often each channel is repeated
	top, left            int
	height, width        int // with padding
}

func (i image) whole() bool     { return i.height == i.rows && i.width == i.cols && i.times == 1 }
func (i image) pixel() int      { return 4 * i.channels * i.times } // bytes
func (i image) row() int        { return i.pixel() * i.width }
func (i image) numbers() int    { return i.height * i.width * i.channels * i.times }
func (i image) first() int      { return i.top*i.row() + i.left*i.pixel() }
func (i image) at(y, x int) int { return y*i.row() + x*i.pixel() }

// room is what the copy needs: nothing if there is none.
func (i image) room() int {
	if i.whole() {
		return 0
	}
	return i.numbers()
}

// clear writes zeros into the copy: what lies around the samples stays.
func (e *emitter) clear(i image, copy int) {
	if !i.whole() {
		e.MemoryFill(number(copy), number(0), number(4*i.numbers()))
	}
}

// copyImage copies the sample at x, if need be, and returns where to read it.
func (e *emitter) copyImage(i image, copy int, x wasmgen.Local[wasmgen.I32]) wasmgen.Local[wasmgen.I32] {
	if i.whole() {
		return x
	}
	original := 4 * i.channels * i.cols
	if i.times == 1 {
		e.rows(number(i.rows), original, number(copy+i.first()), i.row(), x.Get(), original)
	} else {
		from, to := e.local(), e.local()
		from.Set(x.Get())
		to.Set(number(copy + i.first()))
		e.repeat(number(i.rows), func() {
			e.Call(e.lib.RepeatChannels(), number(i.channels*i.cols), number(i.times), to.Get(), from.Get())
			e.advance(from, original)
			e.advance(to, i.row())
		})
	}
	img := e.local()
	img.Set(number(copy))
	return img
}

// image returns the one that a convolution reads.
func (w convolution) image(channels, times int) image {
	return image{rows: w.y.in, cols: w.x.in, channels: channels, times: times, top: w.y.before, left: w.x.before,
		height: w.y.before + w.y.in + w.y.after, width: w.x.before + w.x.in + w.x.after}
}

// mostPatches is how many patches are gathered at a time, about.
const mostPatches = 48

// blocks divides the rows of positions: rows of cols patches are gathered at a time.
func blocks(rows, cols int) (r, c int) {
	if cols > mostPatches {
		return 1, mostPatches
	}
	return min(rows, max(1, mostPatches/cols)), cols
}

func (c *compiler) lowerConv(n *graph.Node, o graph.Conv) step {
	w := newConvolution(c.node(n.In[0]).Shape, c.node(n.In[1]).Shape, n.Shape, o.Strides, o.Dilation, o.Padding)
	i := w.image(w.c, 1)
	k := w.taps() * w.c
	flags := c.reluFlag(n)
	product := func(e *emitter, rows, a wasmgen.I32, y wasmgen.I32) {
		e.Call(e.lib.Product(), rows, number(w.n), number(k), a, number(4*k), e.addr(n.In[1]), number(4*w.n), e.bias(n), y, number(4*w.n), number(flags))
	}
	if w.taps() == 1 && w.x.stride == 1 && w.y.stride == 1 && i.whole() {
		return step{emit: func(e *emitter) {
			product(e, e.count(n.Value, w.y.out*w.x.out), e.addr(n.In[0]), e.addr(n.Value))
		}}
	}
	if !c.options.NoSIMD && w.x.dilation == 1 && k <= wasmgen.MaxPatch {
		return c.lowerPatches(n, w, i)
	}
	rows, cols := blocks(w.y.out, w.x.out)
	scratch := func(int) int { return i.room() + wasmgen.Slack + rows*cols*k + wasmgen.Slack }
	return step{scratch: scratch, emit: func(e *emitter) {
		copied, patches := e.scratch(0), e.scratch(i.room()+wasmgen.Slack)
		e.clear(i, copied)
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			src, out := e.local(), e.local()
			src.Set(e.copyImage(i, copied, x).Get())
			out.Set(y.Get())
			e.strips(w.y.out, w.x.out, rows, cols, func(r, c wasmgen.I32) {
				to, from := e.local(), e.local()
				to.Set(number(patches))
				from.Set(src.Get())
				e.repeat(r, func() {
					e.gather(c, to.Get(), from.Get(), w, i)
					to.Set(wasmgen.I32Add(to.Get(), wasmgen.I32Mul(c, number(4*k))))
					e.advance(from, w.y.stride*i.row())
				})
				product(e, wasmgen.I32Mul(r, c), number(patches), out.Get())
				out.Set(wasmgen.I32Add(out.Get(), wasmgen.I32Mul(wasmgen.I32Mul(r, c), number(4*w.n))))
			}, src, w.x.stride*i.pixel(), w.y.stride*i.row())
		})
	}}
}

// lowerPatches is lowerConv where patches can be read where they lie.
func (c *compiler) lowerPatches(n *graph.Node, w convolution, i image) step {
	flags := c.reluFlag(n)
	return step{scratch: func(int) int { return i.room() + wasmgen.Slack }, emit: func(e *emitter) {
		copied := e.scratch(0)
		e.clear(i, copied)
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			img := e.copyImage(i, copied, x)
			e.Call(e.lib.Convolve(), number(w.y.out), number(w.x.out), number(w.n), number(w.y.kernel), number(w.x.kernel*w.c),
				img.Get(), number(w.y.stride*i.row()), number(w.x.stride*i.pixel()), number(w.y.dilation*i.row()), e.addr(n.In[1]), e.bias(n), y.Get(), number(flags))
		})
	}}
}

// gather writes the call that lays patches of a row beside each other.
func (e *emitter) gather(cols, dst, src wasmgen.I32, w convolution, i image) {
	runs, run := w.x.kernel, w.c
	if w.x.dilation == 1 { // the taps of a row lie side by side
		runs, run = 1, w.c*w.x.kernel
	}
	e.Call(e.lib.Gather(), cols, dst, src, number(w.x.stride*i.pixel()), number(w.y.kernel), number(w.y.dilation*i.row()),
		number(runs), number(w.x.dilation*i.pixel()), number(run))
}

// strips writes loops over outputs, rows × cols of them at a time; src moves along, step
// bytes a column and stepRow bytes a row.
func (e *emitter) strips(height, width, rows, cols int, body func(r, c wasmgen.I32), src wasmgen.Local[wasmgen.I32], step, stepRow int) {
	left, r, c, wide, row := e.local(), e.local(), e.local(), e.local(), e.local()
	most := func(l wasmgen.Local[wasmgen.I32], limit int) wasmgen.I32 {
		return wasmgen.I32Select(l.Get(), number(limit), wasmgen.I32LtS(l.Get(), number(limit)))
	}
	left.Set(number(height))
	e.Loop(func(again wasmgen.Label) {
		r.Set(most(left, rows))
		row.Set(src.Get())
		wide.Set(number(width))
		e.Loop(func(next wasmgen.Label) {
			c.Set(most(wide, cols))
			body(r.Get(), c.Get())
			src.Set(wasmgen.I32Add(src.Get(), wasmgen.I32Mul(c.Get(), number(step))))
			e.BrIf(next, wide.Tee(wasmgen.I32Sub(wide.Get(), c.Get())))
		})
		src.Set(wasmgen.I32Add(row.Get(), wasmgen.I32Mul(r.Get(), number(stepRow))))
		e.BrIf(again, left.Tee(wasmgen.I32Sub(left.Get(), r.Get())))
	})
}

func (c *compiler) lowerDepthwise(n *graph.Node, o graph.DepthwiseConv) step {
	w := newConvolution(c.node(n.In[0]).Shape, c.node(n.In[1]).Shape, n.Shape, o.Strides, o.Dilation, o.Padding)
	if w.taps() > 256 {
		return step{refused: "DepthwiseConv of more than 256 taps"}
	}
	i, wide, relu := w.image(w.c, w.n), w.c*w.n, c.reluFlag(n)
	return step{scratch: func(int) int { return i.room() + wasmgen.Slack }, emit: func(e *emitter) {
		copied := e.scratch(0)
		e.clear(i, copied)
		e.samples(n, func(x, y wasmgen.Local[wasmgen.I32]) {
			src, out := e.local(), e.local()
			src.Set(e.copyImage(i, copied, x).Get())
			out.Set(y.Get())
			e.repeat(number(w.y.out), func() {
				e.Call(e.lib.Depthwise(), number(w.x.out), number(wide), out.Get(), src.Get(), number(w.x.stride*i.pixel()), number(w.y.kernel), number(w.y.dilation*i.row()),
					number(w.x.kernel), number(w.x.dilation*i.pixel()), e.addr(n.In[1]), e.bias(n), number(relu))
				e.advance(src, w.y.stride*i.row())
				e.advance(out, 4*wide*w.x.out)
			})
		})
	}}
}

// bias is the address of an operation's third input, or 0.
func (e *emitter) bias(n *graph.Node) wasmgen.I32 {
	if len(n.In) < 3 {
		return number(0)
	}
	return e.addr(n.In[2])
}
