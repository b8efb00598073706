package wasmgen

// gather writes the function
//
//	gather(rows, rowStep, cols, colStep, taps, tapStep, inner, innerStep, run, src, dst)
//
// which copies runs of run numbers that lie at regular distances, one behind the other:
//
//	for each row, column, tap and inner: the next run numbers of dst =
//	src[row·rowStep + column·colStep + tap·tapStep + inner·innerStep : +run]
//
// All counts are at least 1 and all distances count numbers. A run of four and more
// is copied by vectors, of which the last reaches back over the one before it: nothing
// is read or written beyond a run.
func gather(m *Module) *Func {
	f := m.Func()
	var count, step [4]Local[I32]
	for i := range count {
		count[i], step[i] = Param[I32](f), Param[I32](f)
	}
	run, src, dst := Param[I32](f), Param[I32](f), Param[I32](f)
	var left, at [4]Local[I32]
	for i := range left {
		left[i], at[i] = NewLocal[I32](f), NewLocal[I32](f)
	}
	s, end := NewLocal[I32](f), NewLocal[I32](f)
	for i := range step {
		step[i].Set(I32Shl(step[i].Get(), I32Const(2)))
	}
	run.Set(I32Shl(run.Get(), I32Const(2)))
	loops := func(copyRun func()) {
		var nest func(level int, from Local[I32])
		nest = func(level int, from Local[I32]) {
			left[level].Set(count[level].Get())
			at[level].Set(from.Get())
			f.Loop(func(again Label) {
				if level == len(count)-1 {
					copyRun()
				} else {
					nest(level+1, at[level])
				}
				at[level].Set(I32Add(at[level].Get(), step[level].Get()))
				f.BrIf(again, left[level].Tee(I32Sub(left[level].Get(), I32Const(1))))
			})
		}
		nest(0, src)
	}
	from := at[len(at)-1]
	last := func() V128 { return V128Load(I32Sub(I32Add(from.Get(), run.Get()), I32Const(vec)), 0) }
	f.IfElse(I32LtU(run.Get(), I32Const(vec)), func() {
		loops(func() {
			s.Set(I32Const(0))
			f.Loop(func(again Label) {
				f.F32Store(I32Add(dst.Get(), s.Get()), 0, F32Load(I32Add(from.Get(), s.Get()), 0))
				f.BrIf(again, I32LtU(s.Tee(I32Add(s.Get(), I32Const(float))), run.Get()))
			})
			dst.Set(I32Add(dst.Get(), run.Get()))
		})
	}, func() {
		f.IfElse(I32LeU(run.Get(), I32Const(2*vec)), func() {
			loops(func() {
				f.V128Store(dst.Get(), 0, V128Load(from.Get(), 0))
				f.V128Store(I32Sub(dst.Tee(I32Add(dst.Get(), run.Get())), I32Const(vec)), 0, last())
			})
		}, func() {
			loops(func() {
				s.Set(from.Get())
				end.Set(I32Add(dst.Get(), I32Sub(run.Get(), I32Const(vec))))
				for _, vectors := range []int{4, 1} {
					f.While(I32LeU(I32Add(dst.Get(), I32Const(int32(vectors*vec))), end.Get()), func() {
						for v := range vectors {
							f.V128Store(dst.Get(), uint32(v*vec), V128Load(s.Get(), uint32(v*vec)))
						}
						move(s, vectors*vec)
						move(dst, vectors*vec)
					})
				}
				f.V128Store(dst.Get(), 0, V128Load(s.Get(), 0))
				f.V128Store(end.Get(), 0, last())
				dst.Set(I32Add(end.Get(), I32Const(vec)))
			})
		})
	})
	return f
}
