package wasmgen

// A Reduction folds a row as kernel's reductions do: number i joins partial i mod 16,
// then the partials are folded.
type Reduction struct {
	Name  string
	Start float32                     // what the partials start at; what fills a vector up, too
	Term  func(l Lanes, x, m Num) Num // of a number; m is the function's last argument
	Join  func(l Lanes, partial, x Num) Num
}

// The reductions: the sum; the sum of squared distances from m; the greatest number, NaN
// passed over: m < x ? x : m.
var (
	Sum      = Reduction{"sum", 0, func(_ Lanes, x, _ Num) Num { return x }, Lanes.Add}
	Squares  = Reduction{"squares", 0, squareFrom, Lanes.Add}
	Greatest = Reduction{"greatest", negativeInfinity, func(_ Lanes, x, _ Num) Num { return x }, greater}

	sumExp = Reduction{"sumExp", 0, func(l Lanes, x, _ Num) Num { return l.Exp(x) }, Lanes.Add}
)

func squareFrom(l Lanes, x, m Num) Num {
	d := l.Keep(l.Sub(x, m))
	return l.Mul(d, d)
}

func greater(l Lanes, m, x Num) Num { return l.Select(x, m, l.Lt(m, x)) }

// Reduce returns the function r(n, x, m): the reduction of n numbers. Behind x numbers
// are read. The partials wait in the scratch memory: the body, which may hold an
// exponential, is then written once.
func (b *Library) Reduce(r Reduction) *Func {
	return b.function(r.Name, func() *Func {
		f := b.Module.Func(TypeF32)
		l := b.lanes(f)
		n, x, m := Param[I32](f), Param[I32](f), Param[F32](f)
		i := NewLocal[I32](f)
		i.Set(I32Const(16 - int32(l.Count())))
		f.Loop(func(again Label) {
			l.Store(b.partial(i.Get()), 0, l.Const(r.Start))
			f.BrIf(again, I32GeS(i.Tee(I32Sub(i.Get(), I32Const(int32(l.Count())))), I32Const(0)))
		})
		i.Set(I32Const(0))
		f.While(I32GtS(n.Get(), I32Const(0)), func() {
			v := l.Keep(r.Term(l, l.Load(x.Get(), 0), l.Splat(m.Get())))
			if !b.Scalar { // lanes beyond the row join as Start, which changes nothing
				mask := Bits{v: I32x4LtS(V128Const([4]uint32{0, 1, 2, 3}), I32x4Splat(n.Get()))}
				v = l.Keep(l.Select(v, l.Const(r.Start), mask))
			}
			at := b.partial(I32And(i.Get(), I32Const(15)))
			l.Store(at, 0, r.Join(l, l.Keep(l.Load(at, 0)), v))
			move(i, l.Count())
			move(n, -l.Count())
			move(x, l.Count()*float)
		})
		f.Return(b.fold(l, r))
		return f
	})
}

// partial is the address of a partial.
func (b *Library) partial(i I32) I32 { return I32Add(I32Const(b.Scratch), I32Shl(i, I32Const(2))) }

// fold writes p[j] ∘= p[j+8], p[j+4], p[j+2], p[j+1], and is p[0].
func (b *Library) fold(l Lanes, r Reduction) F32 {
	f := l.F
	if !b.Scalar {
		join := func(a, x Num) Num { return l.Keep(r.Join(l, a, x)) }
		p := func(q uint32) Num { return l.Keep(l.Load(I32Const(b.Scratch), q*vec)) }
		four := join(join(p(0), p(2)), join(p(1), p(3)))
		two := join(four, l.Keep(Num{v: Shuffle32(four.v, four.v, [4]int{2, 3, 2, 3})}))
		return F32x4ExtractLane(join(two, l.Keep(Num{v: Shuffle32(two.v, two.v, [4]int{1, 1, 1, 1})})).v, 0)
	}
	i, w := NewLocal[I32](f), NewLocal[I32](f)
	w.Set(I32Const(8))
	f.Loop(func(fold Label) {
		i.Set(I32Const(0))
		f.Loop(func(again Label) {
			other := l.Keep(l.Load(b.partial(I32Add(i.Get(), w.Get())), 0))
			l.Store(b.partial(i.Get()), 0, r.Join(l, l.Keep(l.Load(b.partial(i.Get()), 0)), other))
			f.BrIf(again, I32LtS(i.Tee(I32Add(i.Get(), I32Const(1))), w.Get()))
		})
		f.BrIf(fold, w.Tee(I32ShrU(w.Get(), I32Const(1))))
	})
	return F32Load(I32Const(b.Scratch), 0)
}

// row writes a loop over n numbers of a row, from x to y, which touches nothing behind
// y. n, x and y are used up.
func (b *Library) row(l Lanes, n, y, x Local[I32], body func(x Num) Num) {
	var put *Func
	if !b.Scalar {
		put = b.put()
	}
	l.F.While(I32GtS(n.Get(), I32Const(0)), func() {
		v := body(l.Keep(l.Load(x.Get(), 0)))
		if b.Scalar {
			l.Store(y.Get(), 0, v)
		} else {
			l.F.Call(put, y.Get(), v.v, n.Get())
		}
		move(x, l.Count()*float)
		move(y, l.Count()*float)
		move(n, -l.Count())
	})
}

// Softmax returns the function softmax(rows, n, y, x): each row of y[rows, n] is
// exp(x − max) / Σ exp(x − max). y may be x. Behind x numbers are read.
func (b *Library) Softmax() *Func {
	greatest, sum := b.Reduce(Greatest), b.Reduce(Sum)
	return b.eachRow("softmax", func(f *Func, n, y, x Local[I32]) {
		l := b.lanes(f)
		m := NewLocal[F32](f)
		left, py, px := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		over := func(from Local[I32], body func(x Num) Num) {
			left.Set(n.Get())
			py.Set(y.Get())
			px.Set(from.Get())
			b.row(l, left, py, px, body)
		}
		m.Set(Result[F32](greatest, n.Get(), x.Get(), F32Const(0)))
		over(x, func(x Num) Num { return l.Exp(l.Sub(x, l.Splat(m.Get()))) })
		m.Set(Result[F32](sum, n.Get(), y.Get(), F32Const(0)))
		over(y, func(x Num) Num { return l.Div(x, l.Splat(m.Get())) })
	})
}

// LogSoftmax returns the function logSoftmax(rows, n, y, x): each row of y[rows, n] is
// (x − max) − log Σ exp(x − max). y may be x, and nothing else; behind x numbers are
// read.
func (b *Library) LogSoftmax() *Func {
	greatest := b.Reduce(Greatest)
	sum := b.Reduce(sumExp)
	return b.eachRow("logSoftmax", func(f *Func, n, y, x Local[I32]) {
		l := b.lanes(f)
		m, s := NewLocal[F32](f), NewLocal[F32](f)
		left, py, px := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		over := func(from Local[I32], body func(x Num) Num) {
			left.Set(n.Get())
			py.Set(y.Get())
			px.Set(from.Get())
			b.row(l, left, py, px, body)
		}
		m.Set(Result[F32](greatest, n.Get(), x.Get(), F32Const(0)))
		over(x, func(x Num) Num { return l.Sub(x, l.Splat(m.Get())) })
		s.Set(Lanes{F: f, Scalar: true}.Log(Num{s: Result[F32](sum, n.Get(), y.Get(), F32Const(0))}).s)
		over(y, func(x Num) Num { return l.Sub(x, l.Splat(s.Get())) })
	})
}

// eachRow writes the function name(rows, n, y, x), body working on one row.
func (b *Library) eachRow(name string, body func(f *Func, n, y, x Local[I32])) *Func {
	return b.function(name, func() *Func {
		f := b.Module.Func()
		rows, n, y, x := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		f.While(rows.Get(), func() {
			body(f, n, y, x)
			for _, at := range []Local[I32]{y, x} {
				at.Set(I32Add(at.Get(), I32Shl(n.Get(), I32Const(2))))
			}
			move(rows, -1)
		})
		return f
	})
}
