package wasmgen

// Columns returns the function name(rows, n, y, x, p...): in each row y = body(x, p), the
// p being arrays of n numbers that all rows share. y may be x. It writes nothing behind
// a row; behind x and p numbers are read.
func (b *Library) Columns(name string, shared int, body func(l Lanes, x Num, p []Num) Num) *Func {
	return b.function(name, func() *Func {
		put := b.putting()
		f := b.Module.Func()
		l := b.lanes(f)
		rows, n, y, x := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		p, at := make([]Local[I32], shared), make([]Local[I32], shared)
		for i := range p {
			p[i] = Param[I32](f)
		}
		for i := range at {
			at[i] = NewLocal[I32](f)
		}
		left := NewLocal[I32](f)
		f.While(rows.Get(), func() {
			left.Set(n.Get())
			for i := range p {
				at[i].Set(p[i].Get())
			}
			f.Loop(func(again Label) {
				values := make([]Num, shared)
				for i := range at {
					values[i] = l.Load(at[i].Get(), 0)
				}
				put(l, y.Get(), body(l, l.Keep(l.Load(x.Get(), 0)), values), left.Get())
				for _, a := range at {
					move(a, l.Count()*float)
				}
				done := atMost(left.Get(), l.Count())
				for _, a := range []Local[I32]{x, y} {
					a.Set(I32Add(a.Get(), I32Shl(done, I32Const(2))))
				}
				move(left, -l.Count())
				f.BrIf(again, I32GtS(left.Get(), I32Const(0)))
			})
			move(rows, -1)
		})
		return f
	})
}

// putting returns how to store as many lanes of a number as there are numbers left.
func (b *Library) putting() func(l Lanes, at I32, x Num, left I32) {
	if b.Scalar {
		return func(l Lanes, at I32, x Num, _ I32) { l.Store(at, 0, x) }
	}
	put := b.put()
	return func(l Lanes, at I32, x Num, left I32) { l.F.Call(put, at, x.v, left) }
}

// Fill returns the function fill(n, y, v): y = v for n numbers, whole vectors at a time.
func (b *Library) Fill() *Func {
	return b.function("fill", func() *Func {
		f := b.Module.Func()
		l := b.lanes(f)
		n, y, v := Param[I32](f), Param[I32](f), Param[F32](f)
		f.While(I32GtS(n.Get(), I32Const(0)), func() {
			l.Store(y.Get(), 0, l.Splat(v.Get()))
			move(y, l.Count()*float)
			move(n, -l.Count())
		})
		return f
	})
}

// NormalizeRows returns the function normalize(rows, n, y, x, gamma, beta, epsilon, centered)
// of kernel.NormalizeRows. y may be x; it writes nothing behind y.
func (b *Library) NormalizeRows() *Func {
	return b.function("normalizeRows", func() *Func {
		sum, squares := b.Reduce(Sum), b.Reduce(Squares)
		put := b.putting()
		f := b.Module.Func()
		l, one := b.lanes(f), Lanes{F: f, Scalar: true}
		rows, n, y, x, gamma, beta := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		epsilon, centered := Param[F32](f), Param[I32](f)
		m, r := NewLocal[F32](f), NewLocal[F32](f)
		left, pg, pb := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		size := F32ConvertI32S(n.Get())
		f.While(rows.Get(), func() {
			m.Set(F32Const(0))
			f.If(centered.Get(), func() { m.Set(F32Div(Result[F32](sum, n.Get(), x.Get(), F32Const(0)), size)) })
			variance := F32Div(Result[F32](squares, n.Get(), x.Get(), m.Get()), size)
			r.Set(F32Div(F32Const(1), one.Sqrt(Num{s: F32Add(variance, epsilon.Get())}).s))
			left.Set(n.Get())
			pg.Set(gamma.Get())
			pb.Set(beta.Get())
			f.Loop(func(again Label) {
				v := l.Mul(l.Sub(l.Load(x.Get(), 0), l.Splat(m.Get())), l.Splat(r.Get()))
				put(l, y.Get(), l.Add(l.Mul(v, l.Load(pg.Get(), 0)), l.Load(pb.Get(), 0)), left.Get())
				for _, a := range []Local[I32]{pg, pb} {
					move(a, l.Count()*float)
				}
				done := atMost(left.Get(), l.Count())
				for _, a := range []Local[I32]{x, y} {
					a.Set(I32Add(a.Get(), I32Shl(done, I32Const(2))))
				}
				move(left, -l.Count())
				f.BrIf(again, I32GtS(left.Get(), I32Const(0)))
			})
			move(rows, -1)
		})
		return f
	})
}

// UnitRows returns the function unitRows(rows, n, y, x, least): each row of y is
// x / √max(Σ x², least).
func (b *Library) UnitRows() *Func {
	return b.function("unitRows", func() *Func {
		squares := b.Reduce(Squares)
		scale := b.ScaleRow()
		f := b.Module.Func()
		rows, n, y, x, least := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[F32](f)
		s := NewLocal[F32](f)
		f.While(rows.Get(), func() {
			s.Set(Result[F32](squares, n.Get(), x.Get(), F32Const(0)))
			f.If(F32Lt(s.Get(), least.Get()), func() { s.Set(least.Get()) })
			f.Call(scale, n.Get(), y.Get(), x.Get(), F32Div(F32Const(1), F32Sqrt(s.Get())))
			for _, at := range []Local[I32]{y, x} {
				at.Set(I32Add(at.Get(), I32Shl(n.Get(), I32Const(2))))
			}
			move(rows, -1)
		})
		return f
	})
}

// ScaleRow returns the function (n, y, x, s): y = x·s, nothing behind y being written.
func (b *Library) ScaleRow() *Func {
	return b.function("scaleRow", func() *Func {
		put := b.putting()
		f := b.Module.Func()
		l := b.lanes(f)
		n, y, x, s := Param[I32](f), Param[I32](f), Param[I32](f), Param[F32](f)
		f.While(I32GtS(n.Get(), I32Const(0)), func() {
			put(l, y.Get(), l.Mul(l.Load(x.Get(), 0), l.Splat(s.Get())), n.Get())
			move(x, l.Count()*float)
			move(y, l.Count()*float)
			move(n, -l.Count())
		})
		return f
	})
}
