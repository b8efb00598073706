package kernel

import "unsafe"

// The matrix products, blocked for the caches and packed where that pays. The order
// of sums is that of GemmScalar, whatever the sizes (doc.go states it).
//
// C is computed in tiles of tileRows × nr numbers, which one call of a micro-kernel
// (a "panel": tiles one below the other) keeps in registers while it walks over up
// to gemmBlock values of k. A tile's block sums are added to its running total,
// which waits in C itself or, where C holds a value to be added to at the end, in
// Workspace.total.
//
//	for each colBlock of columns            B block, packed, stays in the L2 cache
//	  for each gemmBlock of k
//	    for each rowBlock of rows           A block, direct or packed
//	      for each panel of nr columns      B panel stays in the L1 cache
//	        for each tile of tileRows rows  registers
const (
	tileRows = 4
	rowBlock = 128
	colBlock = 256
	maxNR    = 32 // the widest tile: two vectors of 512 bits

	// packBFrom is the number of rows from which a B stored [k,n] is packed: it is
	// then read often enough to repay the copy.
	packBFrom = 48
	// packAFrom is the number of columns and of k from which an A stored [k,m] is packed.
	packAFrom = 64
)

// gemm is one product on its way.
type gemm struct {
	ws             *Workspace
	m, n, k        int
	a              []float32
	lda            int
	b              []float32
	ldb            int
	bias, c        []float32
	ldc            int
	acc            bool
	transA, transB bool
	packA, packB   bool
	packed         bool // the columns at hand are in ws.b
}

func (g *gemm) run() {
	if g.k == 0 {
		g.noProducts()
		return
	}
	for j0 := 0; j0 < g.n; j0 += colBlock {
		nc := min(colBlock, g.n-j0)
		if g.totalsWait() { // there is room for the totals of rowBlock rows
			for i0 := 0; i0 < g.m; i0 += rowBlock {
				for p0 := 0; p0 < g.k; p0 += gemmBlock {
					kc := min(gemmBlock, g.k-p0)
					g.packColumns(p0, kc, j0, nc)
					g.block(i0, min(rowBlock, g.m-i0), j0, nc, p0, kc)
				}
			}
			continue
		}
		for p0 := 0; p0 < g.k; p0 += gemmBlock {
			kc := min(gemmBlock, g.k-p0)
			g.packColumns(p0, kc, j0, nc)
			for i0 := 0; i0 < g.m; i0 += rowBlock {
				g.block(i0, min(rowBlock, g.m-i0), j0, nc, p0, kc)
			}
		}
	}
}

// noProducts finishes a product over no k: the sum is +0.
func (g *gemm) noProducts() {
	for i := range g.m {
		for j := range g.n {
			var s float32
			if g.bias != nil {
				s += g.bias[j]
			}
			if g.acc {
				s += g.c[i*g.ldc+j]
			}
			g.c[i*g.ldc+j] = s
		}
	}
}

// totalsWait says that running totals may not be kept in C, because C holds the
// value to which the finished total is added.
func (g *gemm) totalsWait() bool { return g.acc && g.k > gemmBlock }

// block adds the products of kc values of k from p0 to mc × nc numbers of C.
//
// Where rows or columns are left over that fill no tile, the last tile reaches back
// over numbers already computed. If all it does is to store, it stores them a second
// time; else (edgeTile) it is computed apart, and its new part added.
func (g *gemm) block(i0, mc, j0, nc, p0, kc int) {
	nr, last := g.ws.nr, p0+kc >= g.k
	t := tileJob{k: kc, ldc: g.ldc, ldt: g.ldc, acc: g.acc && last}
	out := g.c[i0*g.ldc+j0:]
	total := out
	if g.totalsWait() {
		total, t.ldt = g.ws.total, colBlock
		if !last {
			out, t.ldc = total, colBlock
		}
	}
	if p0 == 0 {
		total = nil
	}
	bias := g.bias
	if !last {
		bias = nil
	}
	stores := total == nil && !t.acc
	g.tilesOfA(&t, i0, mc, p0, kc)
	for j := 0; j < nc; j += nr {
		back := panelBack(j, nc, nr)
		g.panelOfB(&t, p0, kc, j0, j, back)
		done := 0 // rows
		if nc >= nr && (back == 0 || stores) {
			t.c = unsafe.Pointer(&out[j-back])
			if total != nil {
				t.total = unsafe.Pointer(&total[j])
			}
			if bias != nil {
				t.bias = unsafe.Pointer(&bias[j0+j-back])
			}
			done = mc / tileRows * tileRows
			g.ws.panel(&t, done/tileRows)
			if stores && done < mc && done > 0 {
				one := t
				g.rowsOfA(&one, i0+mc-tileRows, p0)
				one.c = unsafe.Pointer(&out[(mc-tileRows)*t.ldc+j-back])
				g.ws.panel(&one, 1)
				done = mc
			}
		}
		for i := done; i < mc; i += tileRows {
			e := edge{rows: min(tileRows, mc-i), cols: min(nr, nc-j), skipCols: back}
			if total != nil {
				e.total = total[i*t.ldt+j:]
			}
			if bias != nil {
				e.bias = bias[j0+j:]
			}
			e.c = out[i*t.ldc+j:]
			g.edgeTile(&t, i0, i, p0, e)
		}
	}
}

// panelBack returns how many columns the panel at column j of nc reaches back.
func panelBack(j, nc, nr int) int {
	if j+nr <= nc || nc < nr {
		return 0
	}
	return j + nr - nc
}

// tilesOfA points t at the whole tiles of A, packed if that is wanted.
func (g *gemm) tilesOfA(t *tileJob, i0, mc, p0, kc int) {
	full := mc / tileRows
	if full == 0 {
		return
	}
	if !g.packA {
		g.rowsOfA(t, i0, p0)
		return
	}
	for i := range full {
		packRows(g.ws.a[i*tileRows*kc:], g.a[p0*g.lda+i0+i*tileRows:], kc, g.lda)
	}
	t.a, t.lda, t.aStep, t.byK = unsafe.Pointer(&g.ws.a[0]), tileRows, tileRows*kc, true
}

// rowsOfA points t at A's rows from i on, where they are stored.
func (g *gemm) rowsOfA(t *tileJob, i, p0 int) {
	if g.transA {
		t.a, t.lda, t.aStep, t.byK = unsafe.Pointer(&g.a[p0*g.lda+i]), g.lda, tileRows, true
		return
	}
	t.a, t.lda, t.aStep, t.byK = unsafe.Pointer(&g.a[i*g.lda+p0]), g.lda, tileRows*g.lda, false
}

// packColumns packs the columns j0 to j0+nc of B, if they cannot be read in place.
func (g *gemm) packColumns(p0, kc, j0, nc int) {
	nr := g.ws.nr
	if !g.packB && nc >= nr {
		return
	}
	for j := 0; j < nc; j += nr {
		dst, at := g.ws.b[j*kc:(j+nr)*kc], j0+j-panelBack(j, nc, nr)
		switch width := min(nr, nc); {
		case g.transB:
			packStrided(dst, g.b[at*g.ldb+p0:], kc, nr, width, 1, g.ldb)
		case width < nr:
			packStrided(dst, g.b[p0*g.ldb+at:], kc, nr, width, g.ldb, 1)
		default:
			packPanel(dst, g.b[p0*g.ldb+at:], kc, nr, g.ldb)
		}
	}
	g.packed = true
}

// panelOfB points t at the panel of B at column j0+j, which reaches back by back.
func (g *gemm) panelOfB(t *tileJob, p0, kc, j0, j, back int) {
	if g.packed {
		t.b, t.ldb = unsafe.Pointer(&g.ws.b[j*kc]), g.ws.nr
	} else {
		t.b, t.ldb = unsafe.Pointer(&g.b[p0*g.ldb+j0+j-back]), g.ldb
	}
}

// edge is the part of a tile that is to be added to C: rows × cols numbers, behind
// skipCols columns that were computed before.
type edge struct {
	rows, cols, skipCols int
	total, bias, c       []float32 // from the first of these numbers on
}

// edgeTile computes the tile of t's panel at row i of the block from row i0 on. If it
// has not tileRows rows it reaches back to rows before, of which A always has enough.
func (g *gemm) edgeTile(t *tileJob, i0, i, p0 int, e edge) {
	ws := g.ws
	one := tileJob{k: t.k, b: t.b, ldb: t.ldb, c: unsafe.Pointer(&ws.edge[0]), ldc: ws.nr}
	skipRows := tileRows - e.rows
	g.rowsOfA(&one, i0+i-skipRows, p0)
	ws.panel(&one, 1)
	for r := range e.rows {
		s := ws.edge[(skipRows+r)*ws.nr+e.skipCols:]
		for j, v := range s[:e.cols] {
			if e.total != nil {
				v += e.total[r*t.ldt+j]
			}
			if e.bias != nil {
				v += e.bias[j]
			}
			c := &e.c[r*t.ldc+j]
			if t.acc {
				v += *c
			}
			*c = v
		}
	}
}
