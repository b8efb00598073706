package wasmgen

// blockParams are the parameters that the functions computing a block of C share:
//
//	C[m,n] = (total + A·B + bias) (+ C if acc)
//
// where A·B is one sum over k ≤ 256 values; total and bias may be 0. Lengths count
// numbers; addresses and the distances ldt and ldc between rows count bytes.
type blockParams struct {
	m, n, k          Local[I32]
	a, lda           Local[I32] // packed, or rows at a distance of lda
	b, ldb, bPanel   Local[I32] // values of k at a distance of ldb, panels of bPanel
	total, ldt, bias Local[I32]
	c, ldc, acc      Local[I32]
	edge             Local[I32] // room for one tile
}

func newBlockParams(f *Func) blockParams {
	p := func() Local[I32] { return Param[I32](f) }
	return blockParams{
		m: p(), n: p(), k: p(), a: p(), lda: p(), b: p(), ldb: p(), bPanel: p(),
		total: p(), ldt: p(), bias: p(), c: p(), ldc: p(), acc: p(), edge: p(),
	}
}

// operands lists what to call such a function with.
func (p blockParams) operands() []Operand {
	var list []Operand
	for _, l := range []Local[I32]{p.m, p.n, p.k, p.a, p.lda, p.b, p.ldb, p.bPanel, p.total, p.ldt, p.bias, p.c, p.ldc, p.acc, p.edge} {
		list = append(list, l.Get())
	}
	return list
}

// packedBlock writes the function for an A packed in panels of t.rows rows and a B
// packed in panels of t.width() columns: all tiles of the block, a panel of B after
// the other. lda, ldb and bPanel are ignored. Tiles that reach beyond C are computed
// whole, and finished by finish.
func (t tile) packedBlock(m *Module, finish *Func) *Func {
	f := m.Func()
	p := newBlockParams(f)
	pa, pb := NewLocal[I32](f), NewLocal[I32](f)
	aStep, bStep := t.rows*float, t.width()*float
	s := source{
		a: func(row, u int) V128 { return V128Load32Splat(pa.Get(), uint32(u*aStep+row*float)) },
		b: func(v, u int) V128 { return V128Load(pb.Get(), uint32(u*bStep+v*vec)) },
		next: func(u, n int) {
			if u == n-1 {
				move(pa, n*aStep)
				move(pb, n*bStep)
			}
		},
	}
	t.walk(f, p, finish, s, func() { pa.Set(p.a.Get()) }, func(Local[I32]) { pb.Set(p.b.Get()) }, func() { p.b.Set(pb.Get()) })
	return f
}

// rowsBlock writes the function for an A that is read where it is stored, row by row or,
// with across, [k,m], and a B stored or packed. Beyond the last row of A the last is read
// again. A panel of B that has fewer than t.width() columns must be packed.
func (t tile) rowsBlock(m *Module, finish *Func, across bool) *Func {
	f := m.Func()
	p := newBlockParams(f)
	pb := NewLocal[I32](f)
	pa := make([]Local[I32], t.rows)
	for i := range pa {
		pa[i] = NewLocal[I32](f)
	}
	rowStep := p.lda.Get()
	s := source{
		a: func(row, u int) V128 { return V128Load32Splat(pa[row].Get(), uint32(u*float)) },
		b: func(v, _ int) V128 { return V128Load(pb.Get(), uint32(v*vec)) },
		next: func(u, n int) {
			pb.Set(I32Add(pb.Get(), p.ldb.Get()))
			if u == n-1 {
				for _, a := range pa {
					move(a, n*float)
				}
			}
		},
	}
	if across {
		rowStep = I32Const(float)
		s.a = func(row, _ int) V128 { return V128Load32Splat(pa[row].Get(), 0) }
		s.next = func(_, _ int) {
			for _, at := range append([]Local[I32]{pb}, pa...) {
				step := p.lda
				if at == pb {
					step = p.ldb
				}
				at.Set(I32Add(at.Get(), step.Get()))
			}
		}
	}
	aim := func(rows Local[I32]) {
		pb.Set(p.b.Get())
		for i, a := range pa {
			if i == 0 {
				continue
			}
			last := I32GtS(rows.Get(), I32Const(int32(i)))
			a.Set(I32Add(pa[i-1].Get(), I32Select(rowStep, I32Const(0), last)))
		}
	}
	top := NewLocal[I32](f) // of the tile at hand
	t.walk(f, p, finish, s,
		func() { top.Set(p.a.Get()) },
		func(rows Local[I32]) {
			pa[0].Set(top.Get())
			aim(rows)
			top.Set(I32Add(top.Get(), I32Mul(rowStep, I32Const(int32(t.rows)))))
		},
		func() { p.b.Set(I32Add(p.b.Get(), p.bPanel.Get())) })
	return f
}

// walk writes the loops over the panels of B and the tiles of each. newPanel stands
// before a panel's tiles, newTile before a tile, endPanel behind a panel's tiles.
func (t tile) walk(f *Func, p blockParams, finish *Func, s source, newPanel func(), newTile func(rows Local[I32]), endPanel func()) {
	r := t.registers(f)
	rows, tc, tt := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
	x, y := NewLocal[I32](f), NewLocal[I32](f)
	f.While(I32GtS(p.n.Get(), I32Const(0)), func() {
		rows.Set(p.m.Get())
		tc.Set(p.c.Get())
		tt.Set(p.total.Get())
		newPanel()
		f.While(I32GtS(rows.Get(), I32Const(0)), func() {
			newTile(rows)
			t.products(f, r, p.k, s)
			whole := I32And(I32GeS(rows.Get(), I32Const(int32(t.rows))), I32GeS(p.n.Get(), I32Const(int32(t.width()))))
			f.IfElse(whole, func() {
				t.store(f, r, p, tt, tc, x, y)
			}, func() {
				for i, row := range r.acc {
					for v, acc := range row {
						f.V128Store(p.edge.Get(), uint32(i*t.width()*float+v*vec), acc.Get())
					}
				}
				f.Call(finish, rows.Get(), p.n.Get(), p.edge.Get(), tt.Get(), p.ldt.Get(), p.bias.Get(), tc.Get(), p.ldc.Get(), p.acc.Get())
			})
			tc.Set(I32Add(tc.Get(), I32Mul(p.ldc.Get(), I32Const(int32(t.rows)))))
			f.If(tt.Get(), func() { tt.Set(I32Add(tt.Get(), I32Mul(p.ldt.Get(), I32Const(int32(t.rows))))) })
			move(rows, -t.rows)
		})
		endPanel()
		move(p.n, -t.width())
		move(p.c, t.width()*float)
		f.If(p.total.Get(), func() { move(p.total, t.width()*float) })
		f.If(p.bias.Get(), func() { move(p.bias, t.width()*float) })
	})
}

// store writes how a whole tile is finished: total, bias and C are added, as far as
// they are there, and the sums stored at tc. x and y are free to use.
func (t tile) store(f *Func, r *registers, p blockParams, tt, tc, x, y Local[I32]) {
	addRows := func(from, stride Local[I32]) {
		x.Set(from.Get())
		for i, row := range r.acc {
			for v, acc := range row {
				acc.Set(F32x4Add(acc.Get(), V128Load(x.Get(), uint32(v*vec))))
			}
			if i < len(r.acc)-1 {
				x.Set(I32Add(x.Get(), stride.Get()))
			}
		}
	}
	f.If(tt.Get(), func() { addRows(tt, p.ldt) })
	f.If(p.bias.Get(), func() {
		for v, b := range r.b {
			b.Set(V128Load(p.bias.Get(), uint32(v*vec)))
		}
		for _, row := range r.acc {
			for v, acc := range row {
				acc.Set(F32x4Add(acc.Get(), r.b[v].Get()))
			}
		}
	})
	f.If(p.acc.Get(), func() { addRows(tc, p.ldc) })
	y.Set(tc.Get())
	for i, row := range r.acc {
		for v, acc := range row {
			f.V128Store(y.Get(), uint32(v*vec), acc.Get())
		}
		if i < len(r.acc)-1 {
			y.Set(I32Add(y.Get(), p.ldc.Get()))
		}
	}
}

// finishEdge writes the function that finishes a tile of which only the first rows ×
// cols numbers lie in C, one number after the other.
func (t tile) finishEdge(m *Module) *Func {
	f := m.Func()
	rows, cols, edge := Param[I32](f), Param[I32](f), Param[I32](f)
	total, ldt, bias := Param[I32](f), Param[I32](f), Param[I32](f)
	c, ldc, acc := Param[I32](f), Param[I32](f), Param[I32](f)
	at, end, sum := NewLocal[I32](f), NewLocal[I32](f), NewLocal[F32](f)
	rows.Set(atMost(rows.Get(), t.rows))
	end.Set(I32Mul(atMost(cols.Get(), t.width()), I32Const(float)))
	f.While(I32GtS(rows.Get(), I32Const(0)), func() {
		at.Set(I32Const(0))
		f.While(I32LtU(at.Get(), end.Get()), func() {
			plus := func(base Local[I32]) {
				sum.Set(F32Add(sum.Get(), F32Load(I32Add(base.Get(), at.Get()), 0)))
			}
			sum.Set(F32Load(I32Add(edge.Get(), at.Get()), 0))
			f.If(total.Get(), func() { plus(total) })
			f.If(bias.Get(), func() { plus(bias) })
			f.If(acc.Get(), func() { plus(c) })
			f.F32Store(I32Add(c.Get(), at.Get()), 0, sum.Get())
			move(at, float)
		})
		move(edge, t.width()*float)
		c.Set(I32Add(c.Get(), ldc.Get()))
		f.If(total.Get(), func() { total.Set(I32Add(total.Get(), ldt.Get())) })
		move(rows, -1)
	})
	return f
}

// move writes x += n.
func move(x Local[I32], n int) { x.Set(I32Add(x.Get(), I32Const(int32(n)))) }

// atMost is min(x, limit).
func atMost(x I32, limit int) I32 {
	n := I32Const(int32(limit))
	return I32Select(x, n, I32LtS(x, n))
}
