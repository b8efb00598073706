package wasmgen

// writeReduction writes a function (n, arrays..., scalars...) whose result reduces what
// term makes of n elements, in the order of kernel's reductions: element i joins partial
// i mod 16, then the partials are folded. To combine with neutral must change nothing.
func writeReduction(m *Module, count, scalars int, neutral float32, combine func(a, b V128) V128, term func(w *arrays, load loader) V128) *Func {
	w := newArrays(m, count, scalars, TypeF32)
	var p [4]Local[V128]
	for i := range p {
		p[i] = NewLocal[V128](w.Func)
	}
	w.spread()
	for i := range p {
		p[i].Set(w.Constant(neutral))
	}
	forward := func(elements int) {
		for _, at := range w.at {
			move(at, elements*float)
		}
		move(w.n, -elements)
	}
	w.While(I32GeS(w.n.Get(), I32Const(16)), func() {
		for i := range p {
			p[i].Set(combine(p[i].Get(), term(w, func(array int) V128 { return V128Load(w.at[array].Get(), uint32(i*vec)) })))
		}
		forward(16)
	})
	// What is left takes four turns, each with the next partials in the first place.
	turns := NewLocal[I32](w.Func)
	turns.Set(I32Const(4))
	w.Loop(func(again Label) {
		w.If(I32GtS(w.n.Get(), I32Const(0)), func() {
			rest := make([]V128, count)
			for i := range rest {
				rest[i] = w.upToFour(i)
			}
			inside := I32x4LtS(V128Const([4]uint32{0, 1, 2, 3}), I32x4Splat(w.n.Get()))
			t := keep(w.Func, term(w, func(array int) V128 { return rest[array] }))
			p[0].Set(combine(p[0].Get(), V128Bitselect(t, w.Constant(neutral), inside)))
			forward(4)
		})
		first := keep(w.Func, p[0].Get())
		for i := range 3 {
			p[i].Set(p[i+1].Get())
		}
		p[3].Set(first)
		w.BrIf(again, turns.Tee(I32Sub(turns.Get(), I32Const(1))))
	})
	half := keep(w.Func, combine(p[0].Get(), p[2].Get()))
	half = keep(w.Func, combine(half, combine(p[1].Get(), p[3].Get())))
	for _, lanes := range [][4]int{{2, 3, 2, 3}, {1, 1, 1, 1}} {
		half = keep(w.Func, combine(half, Shuffle32(half, half, lanes)))
	}
	w.Return(F32x4ExtractLane(half, 0))
	return w.Func
}

// upToFour writes the loading of the next n elements of an array, at most four and at
// least one, into the first lanes, and is their value.
func (w *arrays) upToFour(array int) V128 {
	at, v := w.at[array], NewLocal[V128](w.Func)
	w.IfElse(I32GeS(w.n.Get(), I32Const(4)), func() { v.Set(V128Load(at.Get(), 0)) }, func() {
		v.Set(V128Load32Zero(at.Get(), 0))
		for lane := 1; lane < 3; lane++ {
			w.If(I32GtS(w.n.Get(), I32Const(int32(lane))), func() {
				v.Set(F32x4ReplaceLane(v.Get(), lane, F32Load(at.Get(), uint32(lane*float))))
			})
		}
	})
	return v.Get()
}
