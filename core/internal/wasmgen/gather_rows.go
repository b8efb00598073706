package wasmgen

// writeFinite writes the export
//
//	finite(n, x) → 1 if no number of x is NaN or infinite, else 0
//
// 0·v is ±0 for a finite v and NaN for any other, and a sum that met a NaN stays NaN.
func writeFinite(m *Module) *Func {
	w := newArrays(m, 1, 0, TypeI32)
	sum := NewLocal[V128](w.Func)
	w.each(4, func(w *arrays, load loader, _ storer) {
		sum.Set(F32x4Add(sum.Get(), F32x4Mul(load(0), w.Constant(0))))
	})
	w.Return(I32Eqz(V128AnyTrue(F32x4Ne(sum.Get(), w.Constant(0)))))
	return w.Func
}

// writeGatherRows writes the export
//
//	gatherRows(rows, n, dst, src, which)    dst[i] = src[which[i]]
//
// which is for matrices with rows of n numbers; which holds numbers of rows as i64, as a
// []int of Go does.
func writeGatherRows(m *Module) *Func {
	f := m.Func()
	rows, n, dst, src, which := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
	bytes, from, left := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
	bytes.Set(I32Shl(n.Get(), I32Const(2)))
	f.While(I32GtS(rows.Get(), I32Const(0)), func() {
		from.Set(I32Add(src.Get(), I32Mul(I32Load(which.Get(), 0), bytes.Get())))
		left.Set(n.Get())
		copyBy := func(numbers int, one func()) {
			f.While(I32GeS(left.Get(), I32Const(int32(numbers))), func() {
				one()
				move(dst, numbers*float)
				move(from, numbers*float)
				move(left, -numbers)
			})
		}
		copyBy(4, func() { f.V128Store(dst.Get(), 0, V128Load(from.Get(), 0)) })
		copyBy(1, func() { f.F32Store(dst.Get(), 0, F32Load(from.Get(), 0)) })
		move(which, 8)
		move(rows, -1)
	})
	return f
}
