package wasmgen

// arrays is a loop over n elements of several arrays while it is written: main works
// on vectors, and a last loop on what fills no vector, with the same instructions on
// a vector whose first lane alone counts.
type arrays struct {
	*Func
	n       Local[I32]
	at      []Local[I32]  // the arrays
	scalars []Local[F32]  // parameters
	s       []Local[V128] // the scalars, in every lane
}

// loader and storer write the access to the elements at hand of an array, by number.
type (
	loader func(array int) V128
	storer func(array int, v V128)
)

// newArrays begins a function (n, arrays..., scalars...).
func newArrays(m *Module, count, scalars int, results ...ValType) *arrays {
	w := &arrays{Func: m.Func(results...)}
	w.n = Param[I32](w.Func)
	for range count {
		w.at = append(w.at, Param[I32](w.Func))
	}
	for range scalars {
		w.scalars = append(w.scalars, Param[F32](w.Func))
	}
	for range scalars {
		w.s = append(w.s, NewLocal[V128](w.Func))
	}
	return w
}

// each writes the loops, the main one doing unroll vectors a turn. body writes the work
// on a vector of elements.
func (w *arrays) each(unroll int, body func(w *arrays, load loader, store storer)) *Func {
	w.spread()
	loop := func(elements int, turn func()) {
		w.While(I32GeS(w.n.Get(), I32Const(int32(elements))), func() {
			turn()
			for _, at := range w.at {
				move(at, elements*float)
			}
			move(w.n, -elements)
		})
	}
	loop(4*unroll, func() {
		for u := range unroll {
			body(w, func(array int) V128 { return V128Load(w.at[array].Get(), uint32(u*vec)) },
				func(array int, v V128) { w.V128Store(w.at[array].Get(), uint32(u*vec), v) })
		}
	})
	loop(1, func() {
		body(w, func(array int) V128 { return V128Load32Zero(w.at[array].Get(), 0) },
			func(array int, v V128) { w.F32Store(w.at[array].Get(), 0, F32x4ExtractLane(v, 0)) })
	})
	return w.Func
}

// spread writes the scalars into every lane.
func (w *arrays) spread() {
	for i, s := range w.s {
		s.Set(F32x4Splat(w.scalars[i].Get()))
	}
}

// scalar is a scalar parameter, by number, in every lane.
func (w *arrays) scalar(i int) V128 { return w.s[i].Get() }
