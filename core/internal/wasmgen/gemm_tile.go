package wasmgen

// A tile is the part of C that a micro-kernel keeps in registers: rows rows of vecs
// vectors of four numbers. unroll values of k are done in one turn of its loop.
type tile struct{ rows, vecs, unroll int }

// Sizes in bytes.
const (
	float = 4
	vec   = 4 * float
)

// width returns the columns of the tile.
func (t tile) width() int { return 4 * t.vecs }

// registers are the locals of a micro-kernel.
type registers struct {
	acc  [][]Local[V128] // by row and vector
	b    []Local[V128]   // none for a tile of one row, which uses each once
	a    Local[V128]
	left Local[I32] // turns of the loop still to do
}

func (t tile) registers(f *Func) *registers {
	r := &registers{left: NewLocal[I32](f), a: NewLocal[V128](f)}
	if t.rows > 1 {
		for range t.vecs {
			r.b = append(r.b, NewLocal[V128](f))
		}
	}
	for range t.rows {
		var row []Local[V128]
		for range t.vecs {
			row = append(row, NewLocal[V128](f))
		}
		r.acc = append(r.acc, row)
	}
	return r
}

// source says where a micro-kernel finds its factors. u counts the values of k done
// in this turn of the loop, which is one of n; next is written behind each.
type source struct {
	a    func(row, u int) V128 // one number, in every lane
	b    func(vec, u int) V128
	next func(u, n int)
}

// products writes the sums of k products, one sum a number of the tile: each starts
// at +0 and adds a product after the other, in ascending k.
func (t tile) products(f *Func, r *registers, k Local[I32], s source) {
	r.clear()
	t.more(f, r, k, s)
}

// clear sets the sums to +0.
func (r *registers) clear() {
	for _, row := range r.acc {
		for _, acc := range row {
			acc.Set(V128Const([4]uint32{}))
		}
	}
}

// more goes on with sums: it adds k products to each.
func (t tile) more(f *Func, r *registers, k Local[I32], s source) {
	if t.unroll > 1 {
		r.left.Set(I32DivU(k.Get(), I32Const(int32(t.unroll))))
		t.turns(f, r, t.unroll, s)
		r.left.Set(I32RemU(k.Get(), I32Const(int32(t.unroll))))
	} else {
		r.left.Set(k.Get())
	}
	t.turns(f, r, 1, s)
}

// turns writes a loop of r.left turns, each over n values of k.
func (t tile) turns(f *Func, r *registers, n int, s source) {
	f.If(r.left.Get(), func() {
		f.Loop(func(again Label) {
			for u := range n {
				b := func(v int) V128 { return r.b[v].Get() }
				if len(r.b) == 0 {
					b = func(v int) V128 { return s.b(v, u) }
				} else {
					for v, b := range r.b {
						b.Set(s.b(v, u))
					}
				}
				for i, row := range r.acc {
					r.a.Set(s.a(i, u))
					for v, acc := range row {
						acc.Set(F32x4Add(acc.Get(), F32x4Mul(r.a.Get(), b(v))))
					}
				}
				s.next(u, n)
			}
			f.BrIf(again, r.left.Tee(I32Sub(r.left.Get(), I32Const(1))))
		})
	})
}
