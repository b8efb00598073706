package wasmgen

// MaxPatch is the size of the largest patch that Convolve takes: what is larger is summed
// in several parts.
const MaxPatch = gemmK

// Convolve returns the function
//
//	convolve(rows, cols, n, runs, run, a, rowStep, step, runStep, b, bias, c, flags)
//
// that multiplies patches of an image with B[runs·run, n]: that of row i and column j
// begins at a + i·rowStep + j·step and is runs runs of run numbers, runStep bytes from one
// to the next. C[rows·cols, n] is written, bias (which may be 0) added; with ProductRelu
// it becomes x < 0 ? 0 : x. Distances count bytes. There are vector instructions, and
// runs·run is at most MaxPatch. C overlaps nothing else; Slack numbers behind B, C and bias
// are read.
//
// The sums are those of Product on patches that Gather laid side by side. Not to lay them
// saves a third of the time where a patch is as small as 5 × 5, and a sixth of a small
// network's.
func (b *Library) Convolve() *Func {
	return b.function("convolve", func() *Func {
		put := b.put()
		f := b.Module.Func()
		param := func() Local[I32] { return Param[I32](f) }
		rows, cols, n, runs, run := param(), param(), param(), param(), param()
		a, rowStep, step, runStep := param(), param(), param(), param()
		pb, bias, c, flags := param(), param(), param(), param()
		left, wide := NewLocal[I32](f), NewLocal[I32](f) // positions to go, of all and of a row
		first, at := NewLocal[I32](f), NewLocal[I32](f)  // the patches of the row's first position and of this one
		t := b.productTile(f, put, 4, flags)
		t.r = t.registers(f)
		out := make([]Local[I32], t.rows)
		for i := range out {
			out[i] = NewLocal[I32](f)
		}
		line, back := NewLocal[I32](f), NewLocal[I32](f) // from row to row of B, or C, and from the end of a run to the next
		line.Set(I32Shl(n.Get(), I32Const(2)))
		back.Set(I32Sub(runStep.Get(), I32Shl(run.Get(), I32Const(2))))
		t.columns(n, pb, bias, c, func() {
			left.Set(I32Mul(rows.Get(), cols.Get()))
			wide.Set(cols.Get())
			first.Set(a.Get())
			at.Set(a.Get())
			t.pc.Set(t.c.Get())
			f.Loop(func(again Label) {
				for i := range t.rows {
					t.pa[i].Set(at.Get())
					out[i].Set(t.pc.Get())
					move(left, -1)
					f.If(I32GtS(left.Get(), I32Const(0)), func() { // else what is missing does the last one again
						at.Set(I32Add(at.Get(), step.Get()))
						f.If(I32Eqz(wide.Tee(I32Sub(wide.Get(), I32Const(1)))), func() {
							wide.Set(cols.Get())
							at.Set(first.Tee(I32Add(first.Get(), rowStep.Get())))
						})
						t.pc.Set(I32Add(t.pc.Get(), line.Get()))
					})
				}
				t.r.clear()
				t.pb.Set(t.b.Get())
				t.p.Set(runs.Get())
				f.Loop(func(next Label) {
					t.more(f, t.r, run, source{
						a: func(row, u int) V128 { return V128Load32Splat(t.pa[row].Get(), uint32(u*float)) },
						b: func(v, _ int) V128 { return V128Load(t.pb.Get(), uint32(v*vec)) },
						next: func(u, unrolled int) {
							t.pb.Set(I32Add(t.pb.Get(), line.Get()))
							if u == unrolled-1 {
								for i := range t.rows {
									move(t.pa[i], unrolled*float)
								}
							}
						},
					})
					for i := range t.rows {
						t.pa[i].Set(I32Add(t.pa[i].Get(), back.Get()))
					}
					f.BrIf(next, t.p.Tee(I32Sub(t.p.Get(), I32Const(1))))
				})
				t.addBias()
				row := t.pb // free by now
				t.finish(row, func(i int) { row.Set(out[i].Get()) })
				f.BrIf(again, I32GtS(left.Get(), I32Const(0)))
			})
			t.proceed(t.width())
		})
		return f
	})
}
