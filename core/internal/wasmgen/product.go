package wasmgen

// Flags of Library.Product.
const (
	ProductRelu = 1 << iota
	ProductAdd
)

// productParams are the parameters of Library.Product.
type productParams struct {
	m, n, k                             Local[I32]
	a, lda, b, ldb, bias, c, ldc, flags Local[I32]
}

// Product returns the function
//
//	product(m, n, k, a, lda, b, ldb, bias, c, ldc, flags)
//
// that computes C[m,n] = A[m,k]·B[k,n] + bias; with ProductAdd C is added to that, and
// with ProductRelu it becomes x < 0 ? 0 : x. bias may be 0; the distances lda, ldb and
// ldc between rows count bytes. C overlaps nothing else; Slack numbers behind B, C and
// bias are read.
//
// It is the engine's gemm without what a model does not need: A and B are read where
// they are stored, since packing them would pay for few shapes (see doc.go); a column
// of tiles goes over all rows, so that its part of B stays in the L1 cache.
func (b *Library) Product() *Func {
	return b.function("product", func() *Func {
		if b.Scalar {
			return b.scalarProduct()
		}
		return b.vectorProduct()
	})
}

func newProductParams(f *Func) productParams {
	p := func() Local[I32] { return Param[I32](f) }
	return productParams{m: p(), n: p(), k: p(), a: p(), lda: p(), b: p(), ldb: p(), bias: p(), c: p(), ldc: p(), flags: p()}
}

// has is 1 if a flag is set, else 0.
func has(flags Local[I32], flag int32) I32 {
	return I32Ne(I32And(flags.Get(), I32Const(flag)), I32Const(0))
}

// A productTile is a tile on its way over C.
type productTile struct {
	tile
	f       *Func
	r       *registers
	scratch int32 // where totals wait between blocks of k
	put     *Func
	mask    Local[V128] // all bits, if negative numbers become 0

	p, kc      Local[I32]   // the block of k: where it begins, and its size
	pa         []Local[I32] // rows of A
	pb, pc     Local[I32]
	b, bias, c Local[I32] // the columns at hand
	left       Local[I32] // columns from there on
}

// rowTiles are the tiles for rows one by one. Unrolling the wide one makes a row 8 %
// faster; the others are not worth the bytes.
var rowTiles = []tile{{rows: 1, vecs: PanelColumns / 4, unroll: 4}, {rows: 1, vecs: 4, unroll: 1}, {rows: 1, vecs: 1, unroll: 2}}

// productTile prepares for tiles of four rows and eight columns.
func (b *Library) productTile(f *Func, put *Func, unroll int, flags Local[I32]) productTile {
	t := productTile{tile: tile{rows: 4, vecs: 2, unroll: unroll}, f: f, scratch: b.Scratch, put: put}
	t.mask = NewLocal[V128](f)
	for _, l := range []*Local[I32]{&t.p, &t.kc, &t.pb, &t.pc, &t.b, &t.bias, &t.c, &t.left} {
		*l = NewLocal[I32](f)
	}
	for range t.rows {
		t.pa = append(t.pa, NewLocal[I32](f))
	}
	t.mask.Set(I32x4Splat(I32Sub(I32Const(0), has(flags, ProductRelu))))
	return t
}

func (b *Library) vectorProduct() *Func {
	put := b.put()
	f := b.Module.Func()
	p := newProductParams(f)
	t := b.productTile(f, put, 2, p.flags)
	rows, a := NewLocal[I32](f), NewLocal[I32](f)

	rows.Set(I32And(p.m.Get(), I32Const(-4)))
	f.If(rows.Get(), func() {
		t.r = t.registers(f)
		t.columns(p.n, p.b, p.bias, p.c, func() {
			a.Set(p.a.Get())
			t.pc.Set(t.c.Get())
			rows.Set(I32And(p.m.Get(), I32Const(-4)))
			f.Loop(func(again Label) {
				t.compute(p, a)
				a.Set(I32Add(a.Get(), I32Shl(p.lda.Get(), I32Const(2))))
				t.pc.Set(I32Add(t.pc.Get(), I32Shl(p.ldc.Get(), I32Const(2))))
				f.BrIf(again, rows.Tee(I32Sub(rows.Get(), I32Const(4))))
			})
			t.proceed(t.width())
		})
		rows.Set(I32And(p.m.Get(), I32Const(-4)))
		p.a.Set(I32Add(p.a.Get(), I32Mul(p.lda.Get(), rows.Get())))
		p.c.Set(I32Add(p.c.Get(), I32Mul(p.ldc.Get(), rows.Get())))
	})

	// The rows that fill no tile go one by one, in tiles as wide as the columns left.
	rows.Set(I32And(p.m.Get(), I32Const(3)))
	f.While(rows.Get(), func() {
		one := make([]productTile, len(rowTiles))
		for i := range one {
			one[i] = t
			one[i].tile = rowTiles[i]
			one[i].r = one[i].registers(f)
		}
		t.columns(p.n, p.b, p.bias, p.c, func() {
			t.pc.Set(t.c.Get())
			var choose func(i int)
			choose = func(i int) {
				compute := func() {
					one[i].compute(p, p.a)
					t.proceed(one[i].width())
				}
				if i == len(one)-1 {
					compute()
					return
				}
				f.IfElse(I32GtS(t.left.Get(), I32Const(int32(one[i+1].width()))), compute, func() { choose(i + 1) })
			}
			choose(0)
		})
		p.a.Set(I32Add(p.a.Get(), p.lda.Get()))
		p.c.Set(I32Add(p.c.Get(), p.ldc.Get()))
		move(rows, -1)
	})
	return f
}

// columns writes a loop over the n columns of C, body going on by as many as it did.
func (t *productTile) columns(n, b, bias, c Local[I32], body func()) {
	t.left.Set(n.Get())
	t.b.Set(b.Get())
	t.bias.Set(bias.Get())
	t.c.Set(c.Get())
	t.f.While(I32GtS(t.left.Get(), I32Const(0)), body)
}

func (t *productTile) proceed(columns int) {
	move(t.left, -columns)
	for _, l := range []Local[I32]{t.b, t.c} {
		move(l, columns*float)
	}
	t.f.If(t.bias.Get(), func() { move(t.bias, columns*float) })
}

// compute writes the work on one tile: the rows of A from a on, to C at pc.
func (t *productTile) compute(p productParams, a Local[I32]) {
	f := t.f
	for i := range t.rows {
		if i == 0 {
			t.pa[i].Set(a.Get())
		} else {
			t.pa[i].Set(I32Add(t.pa[i-1].Get(), p.lda.Get()))
		}
	}
	t.pb.Set(t.b.Get())
	t.p.Set(p.k.Get())
	first := NewLocal[I32](f)
	first.Set(I32Const(1))
	f.Loop(func(again Label) {
		t.kc.Set(atMost(t.p.Get(), gemmK))
		t.products(f, t.r, t.kc, source{
			a: func(row, u int) V128 { return V128Load32Splat(t.pa[row].Get(), uint32(u*float)) },
			b: func(v, _ int) V128 { return V128Load(t.pb.Get(), uint32(v*vec)) },
			next: func(u, n int) {
				t.pb.Set(I32Add(t.pb.Get(), p.ldb.Get()))
				if u == n-1 {
					for i := range t.rows {
						move(t.pa[i], n*float)
					}
				}
			},
		})
		f.If(I32Eqz(first.Get()), func() {
			t.each(func(i, v int, acc Local[V128]) {
				acc.Set(F32x4Add(acc.Get(), V128Load(I32Const(t.scratch), uint32((i*t.vecs+v)*vec))))
			})
		})
		first.Set(I32Const(0))
		f.If(I32GtS(t.p.Get(), I32Const(gemmK)), func() {
			t.each(func(i, v int, acc Local[V128]) {
				f.V128Store(I32Const(t.scratch), uint32((i*t.vecs+v)*vec), acc.Get())
			})
			move(t.p, -gemmK)
			f.Br(again)
		})
	})
	row := t.pb // free by now
	goTo := func(i int) {
		if i == 0 {
			row.Set(t.pc.Get())
		} else {
			row.Set(I32Add(row.Get(), p.ldc.Get()))
		}
	}
	t.addBias()
	f.If(has(p.flags, ProductAdd), func() {
		t.along(goTo, func(v int, acc Local[V128]) {
			acc.Set(F32x4Add(acc.Get(), V128Load(row.Get(), uint32(v*vec))))
		})
	})
	t.finish(row, goTo)
}

func (t *productTile) each(do func(i, v int, acc Local[V128])) {
	for i, row := range t.r.acc {
		for v, acc := range row {
			do(i, v, acc)
		}
	}
}

func (t *productTile) addBias() {
	t.f.If(t.bias.Get(), func() {
		t.each(func(_, v int, acc Local[V128]) {
			acc.Set(F32x4Add(acc.Get(), V128Load(t.bias.Get(), uint32(v*vec))))
		})
	})
}

// finish writes the activation and the stores. goTo sets row to the i-th row of C, each
// after the one before it.
func (t *productTile) finish(row Local[I32], goTo func(i int)) {
	f := t.f
	t.each(func(_, _ int, acc Local[V128]) {
		acc.Set(V128Andnot(acc.Get(), V128And(F32x4Lt(acc.Get(), f.Constant(0)), t.mask.Get())))
	})
	f.IfElse(I32GeS(t.left.Get(), I32Const(int32(t.width()))), func() {
		t.along(goTo, func(v int, acc Local[V128]) { f.V128Store(row.Get(), uint32(v*vec), acc.Get()) })
	}, func() {
		t.along(goTo, func(v int, acc Local[V128]) {
			f.Call(t.put, I32Add(row.Get(), I32Const(int32(v*vec))), acc.Get(), I32Sub(t.left.Get(), I32Const(int32(4*v))))
		})
	})
}

// along is each, going down the rows of C.
func (t *productTile) along(goTo func(i int), do func(v int, acc Local[V128])) {
	t.each(func(i, v int, acc Local[V128]) {
		if v == 0 {
			goTo(i)
		}
		do(v, acc)
	})
}

// scalarProduct computes four columns of a row at once, and then the columns left.
func (b *Library) scalarProduct() *Func {
	f := b.Module.Func()
	p := newProductParams(f)
	left, pa, pb, pbias, pc := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
	at, k, kc := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
	x := NewLocal[F32](f)
	var sum, total [4]Local[F32]
	for i := range sum {
		sum[i], total[i] = NewLocal[F32](f), NewLocal[F32](f)
	}
	columns := func(n int) {
		pa.Set(p.a.Get())
		at.Set(pb.Get())
		k.Set(p.k.Get())
		for i := range n {
			total[i].Set(F32Const(0))
		}
		f.While(I32GtS(k.Get(), I32Const(0)), func() {
			kc.Set(atMost(k.Get(), gemmK))
			move(k, -gemmK)
			for i := range n {
				sum[i].Set(F32Const(0))
			}
			f.Loop(func(again Label) {
				x.Set(F32Load(pa.Get(), 0))
				for i := range n {
					sum[i].Set(F32Add(sum[i].Get(), F32Mul(x.Get(), F32Load(at.Get(), uint32(i*float)))))
				}
				move(pa, float)
				at.Set(I32Add(at.Get(), p.ldb.Get()))
				f.BrIf(again, kc.Tee(I32Sub(kc.Get(), I32Const(1))))
			})
			for i := range n {
				total[i].Set(F32Add(total[i].Get(), sum[i].Get()))
			}
		})
		for i := range n {
			f.If(p.bias.Get(), func() { total[i].Set(F32Add(total[i].Get(), F32Load(pbias.Get(), uint32(i*float)))) })
			f.If(has(p.flags, ProductAdd), func() { total[i].Set(F32Add(total[i].Get(), F32Load(pc.Get(), uint32(i*float)))) })
			f.If(I32And(has(p.flags, ProductRelu), F32Lt(total[i].Get(), F32Const(0))), func() { total[i].Set(F32Const(0)) })
			f.F32Store(pc.Get(), uint32(i*float), total[i].Get())
		}
		for _, l := range []Local[I32]{pb, pbias, pc} {
			move(l, n*float)
		}
		move(left, -n)
	}
	f.While(I32GtS(p.m.Get(), I32Const(0)), func() {
		left.Set(p.n.Get())
		pb.Set(p.b.Get())
		pbias.Set(p.bias.Get())
		pc.Set(p.c.Get())
		f.While(I32GeS(left.Get(), I32Const(4)), func() { columns(4) })
		f.While(left.Get(), func() { columns(1) })
		p.a.Set(I32Add(p.a.Get(), p.lda.Get()))
		p.c.Set(I32Add(p.c.Get(), p.ldc.Get()))
		move(p.m, -1)
	})
	return f
}
