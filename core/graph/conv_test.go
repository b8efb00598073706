package graph

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A convCase is a convolution of one of the three kinds with shapes.
type convCase struct {
	kind              string // "conv", "transpose" or "depthwise"
	rows              int
	x, kernel         []int
	strides, dilation [2]int
	padding           Padding
	bias              bool
}

func (c convCase) op() Op {
	switch c.kind {
	case "conv":
		return Conv{c.strides, c.dilation, c.padding}
	case "transpose":
		return ConvTranspose{c.strides, c.dilation, c.padding}
	}
	return DepthwiseConv{c.strides, c.dilation, c.padding}
}

func (c convCase) String() string {
	return fmt.Sprintf("%s of %d×%v by %v, strides %v, dilation %v, padding %d", c.kind, c.rows, c.x, c.kernel, c.strides, c.dilation, c.padding)
}

// A convRun is such a case computed by a plan: what went in and what came out.
type convRun struct {
	plan           *Plan
	x, w, b, y     []float32
	dy, dx, dw, db []float32
	xShape, yShape []int
}

// run computes a case forward and backward, or says why its shapes do not fit.
func (c convCase) run(t testing.TB) (convRun, error) {
	g := &Graph{}
	g.In("conv2d")
	x, err := g.Input("x", c.x)
	require.NoError(t, err)
	w, err := g.Param(Param{Name: "kernel", Shape: c.kernel, Trainable: true})
	require.NoError(t, err)
	in := []Value{x, w}
	if c.bias {
		n := c.kernel[len(c.kernel)-1]
		switch c.kind {
		case "transpose":
			n = c.kernel[len(c.kernel)-2]
		case "depthwise":
			n *= c.kernel[len(c.kernel)-2]
		}
		b, err := g.Param(Param{Name: "bias", Shape: []int{n}, Trainable: true})
		require.NoError(t, err)
		in = append(in, b)
	}
	y, err := g.Apply(c.op(), in...)
	if err != nil {
		return convRun{}, err
	}
	store := NewStore(g)
	p, err := NewPlan(g, store, Config{MaxBatch: c.rows, Outputs: []Value{y}, Losses: []Value{y}, Explain: []Value{x}}, 0)
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(uint64(len(p.arena)), 7))
	r := convRun{plan: p, x: p.Value(x, c.rows), w: store.Of(0, store.Change()), y: p.Value(y, c.rows), dy: p.LossGrad(y, c.rows),
		xShape: c.x, yShape: g.Shape(y)}
	for i := range p.arena {
		p.arena[i] = float32(math.NaN()) // whoever reads what nobody wrote shows it
	}
	for _, s := range [][]float32{r.x, r.w, r.dy} {
		fillRandom(rng, s)
	}
	r.dx, r.dw = p.Gradient(x, c.rows), store.Of(0, p.Grads)
	if c.bias {
		r.b, r.db = store.Of(1, store.Change()), store.Of(1, p.Grads)
		fillRandom(rng, r.b)
	}
	require.NoError(t, p.Forward(c.rows, true))
	require.NoError(t, p.Backward())
	return r, nil
}

func fillRandom(rng *rand.Rand, s []float32) {
	for i := range s {
		s[i] = rng.Float32()*2 - 1
	}
}

// A sum adds products in the order of contract C1: blocks of 256 consecutive k.
type sum struct {
	total, block float32
	exact        float64
	k            int
}

func (s *sum) add(a, b float32) {
	s.block += float32(a * b)
	s.exact += float64(a) * float64(b)
	s.pass()
}

// pass counts a k whose product is zero.
func (s *sum) pass() {
	if s.k++; s.k%256 == 0 {
		s.total, s.block = s.total+s.block, 0
	}
}

// equals compares bit by bit with the sum in order, and roughly with the exact one.
func (s *sum) equals(t testing.TB, got, bias float32, what string, args ...any) {
	want := s.total + s.block + bias
	if math.Float32bits(want) != math.Float32bits(got) || math.Abs(s.exact+float64(bias)-float64(got)) > 1e-5*(3+math.Sqrt(float64(s.k))) {
		require.Failf(t, "another result", "%s: want %v (exactly %v), got %v", fmt.Sprintf(what, args...), want, s.exact+float64(bias), got)
	}
}

// An oracle is the plain definition of a convolution: six loops.
type oracle struct {
	convCase
	h, w, c   int // the side that a convolution reads
	oh, ow, n int // the side that it writes
	kh, kw    int
	top, left int
	k         []float32 // the kernel
}

func newOracle(c convCase, r convRun) oracle {
	big, small := r.xShape, r.yShape
	if c.kind == "transpose" {
		big, small = r.yShape, r.xShape
	}
	two := func(s []int) (int, int, int) {
		if len(s) == 2 {
			return 1, s[0], s[1]
		}
		return s[0], s[1], s[2]
	}
	o := oracle{convCase: c, k: r.w}
	o.h, o.w, o.c = two(big)
	o.oh, o.ow, o.n = two(small)
	o.kh, o.kw, _ = two(append([]int{}, c.kernel[:len(c.kernel)-1]...))
	if len(c.kernel) == 3 {
		o.strides[0], o.dilation[0] = 1, 1
	}
	before := func(in, out, k, stride, dilation int) int {
		reach := (k-1)*dilation + 1
		switch c.padding {
		case PadSame:
			return max((out-1)*stride+reach-in, 0) / 2
		case PadCausal:
			return reach - 1
		}
		return 0
	}
	o.top = before(o.h, o.oh, o.kh, o.strides[0], o.dilation[0])
	o.left = before(o.w, o.ow, o.kw, o.strides[1], o.dilation[1])
	return o
}

// reads is the index of the pixel that output (r, p, q) meets by tap (i, j), or false.
func (o oracle) reads(r, p, q, i, j int) (int, bool) {
	y, x := p*o.strides[0]-o.top+i*o.dilation[0], q*o.strides[1]-o.left+j*o.dilation[1]
	return (r*o.h+y)*o.w + x, y >= 0 && y < o.h && x >= 0 && x < o.w
}

// forward returns the sum of output pixel (r, p, q), channel n.
func (o oracle) forward(x []float32, r, p, q, n int) *sum {
	s := &sum{}
	for i := range o.kh {
		for j := range o.kw {
			at, ok := o.reads(r, p, q, i, j)
			if o.kind == "depthwise" {
				m := o.n / o.c
				if ok {
					s.add(x[at*o.c+n/m], o.k[(i*o.kw+j)*o.n+n])
				} else {
					s.pass()
				}
				continue
			}
			for c := range o.c {
				if ok {
					s.add(x[at*o.c+c], o.k[((i*o.kw+j)*o.c+c)*o.n+n])
				} else {
					s.pass()
				}
			}
		}
	}
	return s
}

// backward returns the sum of input pixel (r, y, x), channel c, over dy; of a
// depthwise convolution only by kernel number d of the channel.
func (o oracle) backward(dy []float32, r, y, x, c, d int) *sum {
	s := &sum{}
	for i := o.kh - 1; i >= 0; i-- {
		for j := o.kw - 1; j >= 0; j-- {
			p, q := y+o.top-i*o.dilation[0], x+o.left-j*o.dilation[1]
			if p%o.strides[0] != 0 || q%o.strides[1] != 0 {
				continue
			}
			p, q = p/o.strides[0], q/o.strides[1]
			ok := p >= 0 && p < o.oh && q >= 0 && q < o.ow
			from := ((r*o.oh+p)*o.ow + q) * o.n
			if o.kind == "depthwise" {
				if n := c*o.n/o.c + d; ok {
					s.add(dy[from+n], o.k[(i*o.kw+j)*o.n+n])
				} else {
					s.pass()
				}
				continue
			}
			for n := range o.n {
				if ok {
					s.add(dy[from+n], o.k[((i*o.kw+j)*o.c+c)*o.n+n])
				} else {
					s.pass()
				}
			}
		}
	}
	return s
}

// kernelGradient returns the sum for tap (i, j), channels c and n.
func (o oracle) kernelGradient(x, dy []float32, i, j, c, n int) *sum {
	s := &sum{}
	for r := range o.rows {
		for p := range o.oh {
			for q := range o.ow {
				if at, ok := o.reads(r, p, q, i, j); ok {
					s.add(x[at*o.c+c], dy[((r*o.oh+p)*o.ow+q)*o.n+n])
				} else {
					s.pass()
				}
			}
		}
	}
	return s
}

// checkBits compares a run with the definition, bit by bit.
func (c convCase) checkBits(t testing.TB, r convRun) {
	o := newOracle(c, r)
	big, small := r.x, r.dy // what forward reads, and what backward does
	forward, backward := r.y, r.dx
	biasOf := func(n int) float32 {
		if r.b == nil {
			return 0
		}
		return r.b[n]
	}
	noBias := func(int) float32 { return 0 }
	forwardBias, backwardBias := biasOf, noBias
	if c.kind == "transpose" {
		big, small = r.dy, r.x
		forward, backward = r.dx, r.y
		forwardBias, backwardBias = noBias, biasOf
	}
	for s := range c.rows {
		for p := range o.oh {
			for q := range o.ow {
				for n := range o.n {
					o.forward(big, s, p, q, n).equals(t, forward[((s*o.oh+p)*o.ow+q)*o.n+n], forwardBias(n), "%v: forward (%d, %d, %d, %d)", c, s, p, q, n)
				}
			}
		}
		for y := range o.h {
			for x := range o.w {
				for ch := range o.c {
					total := o.backward(small, s, y, x, ch, 0)
					if c.kind == "depthwise" { // the kernels of a channel, one after the other
						joined := &sum{total: total.total + total.block, exact: total.exact, k: total.k}
						for d := 1; d < o.n/o.c; d++ {
							next := o.backward(small, s, y, x, ch, d)
							joined.total += next.total + next.block
							joined.exact += next.exact
						}
						total = joined
					}
					total.equals(t, backward[((s*o.h+y)*o.w+x)*o.c+ch], backwardBias(ch), "%v: backward (%d, %d, %d, %d)", c, s, y, x, ch)
				}
			}
		}
	}
	for i := range o.kh {
		for j := range o.kw {
			for ch := range o.c {
				if c.kind == "depthwise" {
					m := o.n / o.c
					for d := range m {
						o.kernelGradient(big, small, i, j, ch, ch*m+d).equals(t, r.dw[((i*o.kw+j)*o.c+ch)*m+d], 0, "%v: kernel (%d, %d, %d, %d)", c, i, j, ch, d)
					}
					continue
				}
				for n := range o.n {
					o.kernelGradient(big, small, i, j, ch, n).equals(t, r.dw[((i*o.kw+j)*o.c+ch)*o.n+n], 0, "%v: kernel (%d, %d, %d, %d)", c, i, j, ch, n)
				}
			}
		}
	}
	if r.b == nil {
		return
	}
	for n := range r.db {
		s := &sum{}
		for i := n; i < len(r.dy); i += len(r.db) {
			s.add(1, r.dy[i])
		}
		s.equals(t, r.db[n], 0, "%v: bias %d", c, n)
	}
}

// randomConv draws a case; whether its kernel fits is not looked at.
func randomConv(rng *rand.Rand) convCase {
	c := convCase{kind: []string{"conv", "transpose", "depthwise"}[rng.IntN(3)], rows: 1 + rng.IntN(3), bias: rng.IntN(2) == 0,
		padding: Padding(rng.IntN(2)), strides: [2]int{1 + rng.IntN(3), 1 + rng.IntN(3)}, dilation: [2]int{1 + rng.IntN(3), 1 + rng.IntN(3)}}
	channels, filters := 1+rng.IntN(9), 1+rng.IntN(9)
	c.x = []int{1 + rng.IntN(9), 1 + rng.IntN(9), channels}
	c.kernel = []int{1 + rng.IntN(4), 1 + rng.IntN(4), channels, filters}
	if c.kind == "conv" && rng.IntN(3) == 0 { // over one axis
		c.x, c.kernel, c.padding = c.x[1:], c.kernel[1:], Padding(rng.IntN(3))
	}
	if c.kind == "transpose" {
		c.kernel[2], c.kernel[3] = filters, channels
	}
	return c
}

// Every kind with random shapes, strides, dilations and paddings computes the plain
// definition, in C1's order of sums, and whatever lay in its memory before.
func TestConvBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	ran := 0
	for range 600 {
		c := randomConv(rng)
		r, err := c.run(t)
		if err != nil {
			var e *tensor.Error
			require.ErrorAs(t, err, &e, c)
			require.Contains(t, e.Message, "does not fit input", c)
			continue
		}
		c.checkBits(t, r)
		ran++
	}
	assert.Greater(t, ran, 400)
}

// Sizes at which products have more than one block, kernels more taps than one block,
// and images more positions than are gathered at a time.
func TestConvBlocks(t *testing.T) {
	for _, c := range []convCase{
		{kind: "conv", rows: 3, x: []int{19, 17, 9}, kernel: []int{5, 7, 9, 3}, strides: [2]int{1, 1}, padding: PadSame, bias: true},
		{kind: "conv", rows: 2, x: []int{20, 21, 3}, kernel: []int{1, 1, 3, 300}, strides: [2]int{1, 1}, bias: true},
		{kind: "conv", rows: 1, x: []int{600, 2}, kernel: []int{9, 2, 70}, strides: [2]int{1, 1}, dilation: [2]int{1, 3}, padding: PadCausal},
		{kind: "transpose", rows: 2, x: []int{18, 16, 5}, kernel: []int{4, 4, 3, 5}, strides: [2]int{2, 3}, padding: PadSame, bias: true},
		{kind: "transpose", rows: 1, x: []int{5, 6, 70}, kernel: []int{3, 3, 4, 70}, strides: [2]int{1, 1}, bias: true},
		{kind: "depthwise", rows: 2, x: []int{20, 21, 19}, kernel: []int{3, 3, 19, 1}, strides: [2]int{1, 1}, padding: PadSame, bias: true},
		{kind: "depthwise", rows: 1, x: []int{22, 23, 7}, kernel: []int{17, 18, 7, 2}, strides: [2]int{2, 1}, padding: PadSame},
		{kind: "depthwise", rows: 1, x: []int{9, 9, 65}, kernel: []int{17, 18, 65, 1}, strides: [2]int{1, 1}, padding: PadSame},
	} {
		for i := range c.dilation {
			c.dilation[i] = max(1, c.dilation[i])
		}
		r, err := c.run(t)
		require.NoError(t, err)
		c.checkBits(t, r)
	}
}

func TestConvShapes(t *testing.T) {
	for want, c := range map[string]convCase{
		`conv2d: kernel 5×5 does not fit input 4×4; use padding "same" or a smaller kernel`:                                            {kind: "conv", x: []int{4, 4, 1}, kernel: []int{5, 5, 1, 2}},
		`conv2d: kernel 5 does not fit input 4; use padding "same" or a smaller kernel`:                                                {kind: "conv", x: []int{4, 1}, kernel: []int{5, 1, 2}},
		`conv2d: kernel 3×2 with dilation 2×2, which reaches over 5×3, does not fit input 4×4; use padding "same" or a smaller kernel`: {kind: "depthwise", x: []int{4, 4, 1}, kernel: []int{3, 2, 1, 2}, dilation: [2]int{2, 2}},
		`conv2d: want input [batch, height, width, 3], got [batch, 4, 4]`:                                                              {kind: "conv", x: []int{4, 4}, kernel: []int{1, 1, 3, 2}},
		`conv2d: want input [batch, steps, 3], got [batch, 4, 4]`:                                                                      {kind: "conv", x: []int{4, 4}, kernel: []int{1, 3, 2}},
		`conv2d: want input [batch, height, width, 2], got [batch, 4, 4, 3]`:                                                           {kind: "transpose", x: []int{4, 4, 3}, kernel: []int{1, 1, 3, 2}},
		`conv2d: kernel 2×2 with dilation 1×70000, which reaches over 2×70001, with stride 1×1 reaches too far`:                        {kind: "conv", x: []int{4, 4, 3}, kernel: []int{2, 2, 3, 2}, dilation: [2]int{1, 70000}, padding: PadSame},
	} {
		c.rows, c.strides = 1, [2]int{1, 1}
		for i := range c.dilation {
			c.dilation[i] = max(1, c.dilation[i])
		}
		_, err := c.run(t)
		assert.ErrorContains(t, err, want)
	}
}

// Contracts C2 and C6: a step allocates nothing, also where it gathers; and one that is
// abandoned ends between two blocks of it.
func TestConvStep(t *testing.T) {
	for _, kind := range []string{"conv", "transpose", "depthwise"} {
		c := convCase{kind: kind, rows: 2, x: []int{50, 50, 8}, kernel: []int{9, 9, 8, 8}, strides: [2]int{1, 1}, dilation: [2]int{1, 1}, padding: PadSame, bias: true}
		r, err := c.run(t)
		require.NoError(t, err)
		assert.Zero(t, testing.AllocsPerRun(1, func() {
			_ = r.plan.Forward(2, true)
			_ = r.plan.Backward()
		}), kind)
		calls, stop := 0, errors.New("stop")
		r.plan.OnPause(func() error { calls++; return stop })
		before := append([]float32{}, r.dw...)
		assert.ErrorIs(t, r.plan.Forward(2, true), stop, kind)
		assert.ErrorIs(t, r.plan.Backward(), stop, kind)
		assert.Equal(t, 2, calls, "the first pause ends what runs")
		assert.Equal(t, before, r.dw, "the gradient of the input comes first, and was not finished")
	}
}

// The cost is that of the products: twice the numbers of the kernel for each position.
func TestConvCost(t *testing.T) {
	in := [][]int{{10, 10, 3}, {3, 3, 3, 4}}
	assert.Equal(t, 2*9*3*4*64, Conv{}.Cost(in, []int{8, 8, 4}))
	assert.Equal(t, 2*9*3*2*64, DepthwiseConv{}.Cost([][]int{{10, 10, 3}, {3, 3, 3, 2}}, []int{8, 8, 6}))
	assert.Equal(t, 2*9*3*4*100, ConvTranspose{}.Cost([][]int{{10, 10, 3}, {3, 3, 4, 3}}, []int{12, 12, 4}))
}
