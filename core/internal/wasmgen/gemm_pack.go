package wasmgen

// Packing copies a part of a matrix into panels, in the order in which a
// micro-kernel reads it: for each k in turn the numbers of one panel, side by side.

// packLines writes the function pack(lines, k, src, ld, dst): it packs a matrix whose
// lines run along k, ld bytes apart (A stored [m,k], B stored [n,k]), in panels of
// width lines. The last panel is filled up with copies of the last line.
func packLines(m *Module, width int) *Func {
	f := m.Func()
	lines, k, src, ld, dst := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
	left, d, group := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
	var at [4]Local[I32]
	var v, w [4]Local[V128]
	for i := range 4 {
		at[i], v[i], w[i] = NewLocal[I32](f), NewLocal[V128](f), NewLocal[V128](f)
	}
	step := uint32(width * float)
	// next is where the line behind that of at stands, or the same one if it is the last.
	next := func(at Local[I32]) I32 {
		move(lines, -1)
		return I32Add(at.Get(), I32Select(ld.Get(), I32Const(0), I32GtS(lines.Get(), I32Const(0))))
	}
	f.While(I32GtS(lines.Get(), I32Const(0)), func() {
		group.Set(I32Const(0))
		f.Loop(func(again Label) { // over the groups of four lines in a panel
			at[0].Set(src.Get())
			for i := 1; i < 4; i++ {
				at[i].Set(next(at[i-1]))
			}
			src.Set(next(at[3]))
			d.Set(I32Add(dst.Get(), group.Get()))
			left.Set(I32ShrU(k.Get(), I32Const(2)))
			f.While(left.Get(), func() {
				for i := range 4 {
					v[i].Set(V128Load(at[i].Get(), 0))
					move(at[i], vec)
				}
				transpose4(v, w)
				for i := range 4 {
					f.V128Store(d.Get(), uint32(i)*step, v[i].Get())
				}
				move(d, 4*int(step))
				move(left, -1)
			})
			left.Set(I32And(k.Get(), I32Const(3)))
			f.While(left.Get(), func() {
				for i := range 4 {
					f.F32Store(d.Get(), uint32(i*float), F32Load(at[i].Get(), 0))
					move(at[i], float)
				}
				move(d, int(step))
				move(left, -1)
			})
			move(group, vec)
			f.BrIf(again, I32LtU(group.Get(), I32Const(int32(step))))
		})
		dst.Set(I32Add(dst.Get(), I32Mul(k.Get(), I32Const(int32(step)))))
	})
	return f
}

// transpose4 writes the transposition of v, four lines of four numbers; w is free to use.
func transpose4(v, w [4]Local[V128]) {
	w[0].Set(Shuffle32(v[0].Get(), v[1].Get(), [4]int{0, 4, 1, 5}))
	w[1].Set(Shuffle32(v[0].Get(), v[1].Get(), [4]int{2, 6, 3, 7}))
	w[2].Set(Shuffle32(v[2].Get(), v[3].Get(), [4]int{0, 4, 1, 5}))
	w[3].Set(Shuffle32(v[2].Get(), v[3].Get(), [4]int{2, 6, 3, 7}))
	v[0].Set(Shuffle32(w[0].Get(), w[2].Get(), [4]int{0, 1, 4, 5}))
	v[1].Set(Shuffle32(w[0].Get(), w[2].Get(), [4]int{2, 3, 6, 7}))
	v[2].Set(Shuffle32(w[1].Get(), w[3].Get(), [4]int{0, 1, 4, 5}))
	v[3].Set(Shuffle32(w[1].Get(), w[3].Get(), [4]int{2, 3, 6, 7}))
}

// packAcross writes the function pack(lines, k, src, ld, dst): it packs a matrix
// whose lines run across k (A stored [k,m], B stored [k,n]), the values of k ld bytes
// apart, in panels of width lines. The last panel is filled up with +0.
func packAcross(m *Module, width int) *Func {
	f := m.Func()
	lines, k, src, ld, dst := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
	s, left, i, part := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
	f.While(I32GtS(lines.Get(), I32Const(0)), func() {
		s.Set(src.Get())
		left.Set(k.Get())
		part.Set(I32LtS(lines.Get(), I32Const(int32(width))))
		f.While(left.Get(), func() {
			f.IfElse(part.Get(), func() {
				for o := 0; o < width*float; o += vec {
					f.V128Store(dst.Get(), uint32(o), V128Const([4]uint32{}))
				}
				i.Set(I32Shl(lines.Get(), I32Const(2)))
				f.Loop(func(again Label) {
					move(i, -float)
					f.F32Store(I32Add(dst.Get(), i.Get()), 0, F32Load(I32Add(s.Get(), i.Get()), 0))
					f.BrIf(again, i.Get())
				})
			}, func() {
				for o := 0; o < width*float; o += vec {
					f.V128Store(dst.Get(), uint32(o), V128Load(s.Get(), uint32(o)))
				}
			})
			s.Set(I32Add(s.Get(), ld.Get()))
			move(dst, width*float)
			move(left, -1)
		})
		move(src, width*float)
		move(lines, -width)
	})
	return f
}
