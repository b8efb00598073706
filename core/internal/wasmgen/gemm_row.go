package wasmgen

// rowBlock writes the function for one row of C, m = 1: B is read where it is stored,
// values of k ldb bytes apart, and those of A are lda bytes apart. It works with
// tiles of one row: wide ones, then narrower ones, then what columns are left.
func (wide tile) rowBlock(m *Module) *Func {
	f := m.Func()
	p := newBlockParams(f)
	row := rowWalk{Func: f, p: p, pa: NewLocal[I32](f), pb: NewLocal[I32](f)}
	for _, t := range []tile{wide, {rows: 1, vecs: 4, unroll: 2}, {rows: 1, vecs: 2, unroll: 2}, {rows: 1, vecs: 1, unroll: 2}} {
		r := t.registers(f)
		f.While(I32GeS(p.n.Get(), I32Const(int32(t.width()))), func() {
			row.products(t, r, func(v int) V128 { return V128Load(row.pb.Get(), uint32(v*vec)) })
			row.store(r)
			row.proceed(t.width())
		})
	}
	last := tile{rows: 1, vecs: 1, unroll: 1}
	r := last.registers(f)
	for columns, load := range []func() V128{
		1: func() V128 { return V128Load32Zero(row.pb.Get(), 0) },
		2: func() V128 { return V128Load64Zero(row.pb.Get(), 0) },
		3: func() V128 {
			return F32x4ReplaceLane(V128Load64Zero(row.pb.Get(), 0), 2, F32Load(row.pb.Get(), 8))
		},
	} {
		if columns == 0 {
			continue
		}
		f.If(I32Eq(p.n.Get(), I32Const(int32(columns))), func() {
			row.products(last, r, func(int) V128 { return load() })
			row.storeLanes(r, columns)
		})
	}
	return f
}

// rowWalk is a row of C on its way.
type rowWalk struct {
	*Func
	p      blockParams
	pa, pb Local[I32]
}

func (w rowWalk) products(t tile, r *registers, b func(v int) V128) {
	w.pa.Set(w.p.a.Get())
	w.pb.Set(w.p.b.Get())
	t.products(w.Func, r, w.p.k, source{
		a: func(_, _ int) V128 { return V128Load32Splat(w.pa.Get(), 0) },
		b: func(v, _ int) V128 { return b(v) },
		next: func(_, _ int) {
			w.pa.Set(I32Add(w.pa.Get(), w.p.lda.Get()))
			w.pb.Set(I32Add(w.pb.Get(), w.p.ldb.Get()))
		},
	})
}

// addends writes what add writes for each of the rows added to the sums, in order.
func (w rowWalk) addends(add func(from Local[I32])) {
	w.If(w.p.total.Get(), func() { add(w.p.total) })
	w.If(w.p.bias.Get(), func() { add(w.p.bias) })
	w.If(w.p.acc.Get(), func() { add(w.p.c) })
}

func (w rowWalk) store(r *registers) {
	w.addends(func(from Local[I32]) {
		for v, acc := range r.acc[0] {
			acc.Set(F32x4Add(acc.Get(), V128Load(from.Get(), uint32(v*vec))))
		}
	})
	for v, acc := range r.acc[0] {
		w.V128Store(w.p.c.Get(), uint32(v*vec), acc.Get())
	}
}

// storeLanes is store for fewer columns than a vector has.
func (w rowWalk) storeLanes(r *registers, columns int) {
	sum := NewLocal[F32](w.Func)
	for lane := range columns {
		o := uint32(lane * float)
		sum.Set(F32x4ExtractLane(r.acc[0][0].Get(), lane))
		w.addends(func(from Local[I32]) { sum.Set(F32Add(sum.Get(), F32Load(from.Get(), o))) })
		w.F32Store(w.p.c.Get(), o, sum.Get())
	}
}

// proceed writes the way to the next columns.
func (w rowWalk) proceed(columns int) {
	move(w.p.n, -columns)
	move(w.p.b, columns*float)
	move(w.p.c, columns*float)
	for _, at := range []Local[I32]{w.p.total, w.p.bias} {
		w.If(at.Get(), func() { move(at, columns*float) })
	}
}
