package wasmgen

// gemmPlan says how products are computed.
type gemmPlan struct {
	tile tile
	row  tile // for a single row
	// packA is the m·k from which an A stored [k,m] is packed, and B with it.
	packA int
	// packB is the m·ldb from which a B stored [k,n] is packed: the more rows read it,
	// and the farther apart its rows lie, the more a copy pays.
	packB int
}

// plan is the one that measured best (doc.go).
var plan = gemmPlan{
	tile:  tile{rows: 4, vecs: 2, unroll: 4},
	row:   tile{rows: 1, vecs: 8, unroll: 4},
	packA: 1 << 15,
	packB: 1 << 14,
}

// gemmParts are the functions that gemm calls.
type gemmParts struct {
	packed, rows, across, one *Func // blocks
	packA                     *Func // of an A stored [k,m]
	bLines, bAcross           *Func // packing
}

func (p gemmPlan) parts(m *Module) gemmParts {
	finish := p.tile.finishEdge(m)
	return gemmParts{
		packed:  p.tile.packedBlock(m, finish),
		rows:    p.tile.rowsBlock(m, finish, false),
		across:  p.tile.rowsBlock(m, finish, true),
		one:     p.row.rowBlock(m),
		packA:   packAcross(m, p.tile.rows),
		bLines:  packLines(m, p.tile.width()),
		bAcross: packAcross(m, p.tile.width()),
	}
}
