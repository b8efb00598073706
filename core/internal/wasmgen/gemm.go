package wasmgen

// Flags of the export gemm.
const (
	GemmTransA = 1 << iota // A is stored [k,m]
	GemmTransB             // B is stored [n,k]
	GemmAdd                // C += instead of C =
)

// gemmK is how many consecutive values of k share an accumulator. It belongs to the
// order of sums (contract C1); the other sizes suit the caches.
const (
	gemmK       = 256
	gemmRows    = 128
	gemmColumns = 256
)

// The parts of the work space, by offset.
const (
	spaceEdge  = 0
	spaceB     = 256
	spaceA     = spaceB + gemmColumns*gemmK*float
	spaceTotal = spaceA + gemmRows*gemmK*float

	// GemmSpace is the number of bytes that the export gemm works in.
	GemmSpace = spaceTotal + gemmRows*gemmColumns*float
)

// gemm is the function
//
//	gemm(flags, m, n, k, a, lda, b, ldb, bias, c, ldc, space)
//
// while it is written. It computes C[m,n] = A·B + bias, or C += A·B + bias with
// GemmAdd. bias may be 0; lda, ldb and ldc count numbers, what is an address counts
// bytes. C overlaps neither A nor B, and space is room of GemmSpace bytes.
//
//	for each gemmColumns columns            B block, packed, stays in the L2 cache
//	  for each gemmK values of k
//	    for each gemmRows rows              A block, packed or not
//	      the tiles of the block
//
// Running totals wait in C, or where C holds a value that is added to at the end, in
// space; then the rows come before k, and B is packed once for each gemmRows of them.
type gemm struct {
	*Func
	gemmPlan
	gemmParts

	flags, m, n, k, a, lda, b, ldb, bias, c, ldc, space Local[I32] // parameters; distances soon in bytes

	waits, packsA, packsB, single Local[I32] // decisions, 0 or not
	j, nc, p, kc, i, mc           Local[I32] // the block at hand: where it begins, and its size
	group, groupRows              Local[I32] // the rows that stay together for all k
	block                         blockParams
	bAt                           Local[I32] // the columns at hand
}

// write writes the function and those it calls.
func (p gemmPlan) write(m *Module) *Func {
	g := &gemm{gemmPlan: p, gemmParts: p.parts(m), Func: m.Func()}
	for _, l := range []*Local[I32]{&g.flags, &g.m, &g.n, &g.k, &g.a, &g.lda, &g.b, &g.ldb, &g.bias, &g.c, &g.ldc, &g.space} {
		*l = Param[I32](g.Func)
	}
	x := &g.block
	for _, l := range []*Local[I32]{&g.waits, &g.packsA, &g.packsB, &g.single, &g.j, &g.nc, &g.p, &g.kc, &g.i, &g.mc, &g.group, &g.groupRows, &g.bAt,
		&x.n, &x.a, &x.lda, &x.b, &x.ldb, &x.bPanel, &x.total, &x.ldt, &x.bias, &x.c, &x.ldc, &x.acc} {
		*l = NewLocal[I32](g.Func)
	}
	x.m, x.k, x.edge = g.mc, g.kc, g.space
	g.If(I32Or(I32LtS(g.m.Get(), I32Const(1)), I32LtS(g.n.Get(), I32Const(1))), func() { g.Return() })
	g.turnColumn()
	g.decide()
	g.loops()
	return g.Func
}

// turnColumn turns a product with one column, Aᵀ·b, into one with one row, bᵀ·A, which
// fills tiles: with both columns stored without gaps and no bias they are the same numbers
// in the same order.
func (g *gemm) turnColumn() {
	only := I32Eq(I32And(g.flags.Get(), I32Const(GemmTransA|GemmTransB)), I32Const(GemmTransA))
	for _, one := range []Local[I32]{g.n, g.ldb, g.ldc} {
		only = I32And(only, I32Eq(one.Get(), I32Const(1)))
	}
	g.If(I32And(only, I32Eqz(g.bias.Get())), func() {
		row := g.group // for a moment
		row.Set(g.b.Get())
		g.b.Set(g.a.Get())
		g.a.Set(row.Get())
		g.ldb.Set(g.lda.Get())
		g.n.Set(g.m.Get())
		g.m.Set(I32Const(1))
		g.flags.Set(I32Xor(g.flags.Get(), I32Const(GemmTransA)))
	})
}

// decide writes how this product is computed.
func (g *gemm) decide() {
	for _, ld := range []Local[I32]{g.lda, g.ldb, g.ldc} {
		ld.Set(I32Shl(ld.Get(), I32Const(2)))
	}
	g.waits.Set(I32And(g.flag(GemmAdd), I32GtS(g.k.Get(), I32Const(gemmK))))
	g.single.Set(I32And(I32Eq(g.m.Get(), I32Const(1)), I32Eqz(g.flag(GemmTransB))))
	large := I32GeU(I32Mul(g.m.Get(), g.k.Get()), I32Const(int32(g.gemmPlan.packA)))
	g.packsA.Set(I32And(I32And(g.flag(GemmTransA), large), I32Eqz(g.single.Get())))
	reread := I32GeU(g.ldb.Get(), I32DivU(I32Const(int32(float*g.gemmPlan.packB)), g.m.Get()))
	g.packsB.Set(I32And(I32Eqz(g.single.Get()), I32Or(I32Or(g.packsA.Get(), g.flag(GemmTransB)), reread)))
}

// loops writes the loops over blocks.
func (g *gemm) loops() {
	g.steps(g.j, I32Const(0), g.n.Get(), gemmColumns, g.nc, func() {
		g.group.Set(I32Const(0))
		g.Loop(func(nextGroup Label) {
			g.groupRows.Set(I32Sub(g.m.Get(), g.group.Get()))
			g.If(g.waits.Get(), func() { g.groupRows.Set(atMost(g.groupRows.Get(), gemmRows)) })
			end := I32Add(g.group.Get(), g.groupRows.Get())
			g.steps(g.p, I32Const(0), g.k.Get(), gemmK, g.kc, func() {
				g.columns()
				g.steps(g.i, g.group.Get(), end, gemmRows, g.mc, func() {
					g.target()
					g.compute()
				})
			})
			g.BrIf(nextGroup, I32LtS(g.group.Tee(end), g.m.Get()))
		})
	})
}

// steps writes a loop of at from begin to end in steps of size, which runs at least
// once; count is then size, or what is left.
func (g *gemm) steps(at Local[I32], begin, end I32, size int, count Local[I32], body func()) {
	at.Set(begin)
	g.Loop(func(again Label) {
		count.Set(atMost(I32Sub(end, at.Get()), size))
		body()
		g.BrIf(again, I32LtS(at.Tee(I32Add(at.Get(), I32Const(int32(size)))), end))
	})
}

// flag is 1 if a flag is set, else 0.
func (g *gemm) flag(bit int32) I32 {
	return I32Ne(I32And(g.flags.Get(), I32Const(bit)), I32Const(0))
}

// at is the address of element (row, column) of a matrix.
func at(base, row, ld, column Local[I32]) I32 {
	return I32Add(base.Get(), I32Add(I32Mul(row.Get(), ld.Get()), I32Shl(column.Get(), I32Const(2))))
}

// in is the address of a part of the work space.
func (g *gemm) in(offset int) I32 { return I32Add(g.space.Get(), I32Const(int32(offset))) }

// columns writes where the columns at hand of B are read, and packs them.
func (g *gemm) columns() {
	x, panel := &g.block, I32Const(int32(g.tile.width()*float))
	g.IfElse(g.packsB.Get(), func() {
		g.bAt.Set(g.in(spaceB))
		x.bPanel.Set(I32Mul(g.kc.Get(), panel))
		g.IfElse(g.flag(GemmTransB), func() {
			g.Call(g.bLines, g.nc.Get(), g.kc.Get(), at(g.b, g.j, g.ldb, g.p), g.ldb.Get(), g.bAt.Get())
		}, func() {
			g.Call(g.bAcross, g.nc.Get(), g.kc.Get(), at(g.b, g.p, g.ldb, g.j), g.ldb.Get(), g.bAt.Get())
		})
	}, func() {
		g.bAt.Set(at(g.b, g.p, g.ldb, g.j))
		x.bPanel.Set(panel)
	})
}

// target writes where the block goes, and what is added to it.
func (g *gemm) target() {
	x := &g.block
	last := x.acc // for a moment
	last.Set(I32GeS(I32Add(g.p.Get(), g.kc.Get()), g.k.Get()))
	x.n.Set(g.nc.Get())
	x.b.Set(g.bAt.Get())
	x.ldb.Set(I32Select(I32Const(int32(g.tile.width()*float)), g.ldb.Get(), g.packsB.Get()))
	x.c.Set(at(g.c, g.i, g.ldc, g.j))
	x.ldc.Set(g.ldc.Get())
	x.total.Set(x.c.Get())
	x.ldt.Set(x.ldc.Get())
	g.If(g.waits.Get(), func() {
		x.total.Set(g.in(spaceTotal))
		x.ldt.Set(I32Const(gemmColumns * float))
		g.If(I32Eqz(last.Get()), func() {
			x.c.Set(x.total.Get())
			x.ldc.Set(x.ldt.Get())
		})
	})
	g.If(I32Eqz(g.p.Get()), func() { x.total.Set(I32Const(0)) })
	x.bias.Set(I32Const(0))
	g.If(I32And(last.Get(), I32Ne(g.bias.Get(), I32Const(0))), func() {
		x.bias.Set(I32Add(g.bias.Get(), I32Shl(g.j.Get(), I32Const(2))))
	})
	x.acc.Set(I32And(last.Get(), g.flag(GemmAdd)))
}

// compute writes the call that computes the block.
func (g *gemm) compute() {
	x := &g.block
	g.IfElse(g.packsA.Get(), func() {
		x.a.Set(g.in(spaceA))
		g.Call(g.gemmParts.packA, g.mc.Get(), g.kc.Get(), at(g.a, g.p, g.lda, g.i), g.lda.Get(), x.a.Get())
		g.Call(g.packed, x.operands()...)
	}, func() {
		g.IfElse(g.flag(GemmTransA), func() {
			x.a.Set(at(g.a, g.p, g.lda, g.i))
		}, func() {
			x.a.Set(at(g.a, g.i, g.lda, g.p))
		})
		x.lda.Set(g.lda.Get())
		g.IfElse(g.single.Get(), g.oneRow, func() {
			g.If(I32Eqz(g.packsB.Get()), g.wholePanels)
			g.manyRows()
		})
	})
}

func (g *gemm) oneRow() {
	x := &g.block
	g.If(I32Eqz(g.flag(GemmTransA)), func() { x.lda.Set(I32Const(float)) })
	g.Call(g.one, x.operands()...)
}

// manyRows writes the call for an A that is not packed.
func (g *gemm) manyRows() {
	operands := g.block.operands()
	g.IfElse(g.flag(GemmTransA), func() { g.Call(g.across, operands...) }, func() { g.Call(g.rows, operands...) })
}

// wholePanels writes, for a B that is not packed, the call for those of its columns
// that fill panels, and packs the rest, which it leaves as the block to compute.
func (g *gemm) wholePanels() {
	x, width := &g.block, int32(g.tile.width())
	rest := func() I32 { return I32And(g.nc.Get(), I32Const(width-1)) }
	x.n.Set(I32Sub(g.nc.Get(), rest()))
	g.manyRows()
	done := I32Shl(x.n.Get(), I32Const(2))
	for _, l := range []Local[I32]{x.c, x.b} {
		l.Set(I32Add(l.Get(), done))
	}
	for _, l := range []Local[I32]{x.total, x.bias} {
		g.If(l.Get(), func() { l.Set(I32Add(l.Get(), done)) })
	}
	x.n.Set(rest())
	g.Call(g.bAcross, x.n.Get(), g.kc.Get(), x.b.Get(), g.ldb.Get(), g.in(spaceB))
	x.b.Set(g.in(spaceB))
	x.ldb.Set(I32Const(width * float))
}
