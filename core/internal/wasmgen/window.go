package wasmgen

// Gather returns the function
//
//	gather(cols, dst, src, step, ny, stepY, nx, stepX, n)
//
// that lays patches beside each other: for each of cols patches, step bytes apart in src,
// ny × nx runs of n numbers, stepY and stepX bytes apart. Behind dst and src whole
// vectors are touched.
func (b *Library) Gather() *Func {
	return b.function("gather", func() *Func {
		f := b.Module.Func()
		l := b.lanes(f)
		cols, dst, src, step := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		ny, stepY, nx, stepX, n := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		y, x, left := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		row, run, at, end := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		bytes := I32Shl(n.Get(), I32Const(2))
		f.Loop(func(patch Label) {
			row.Set(src.Get())
			y.Set(ny.Get())
			f.Loop(func(nextRow Label) {
				run.Set(row.Get())
				x.Set(nx.Get())
				f.Loop(func(nextRun Label) {
					at.Set(run.Get())
					end.Set(I32Add(dst.Get(), bytes))
					left.Set(dst.Get())
					f.Loop(func(again Label) {
						l.Store(left.Get(), 0, l.Load(at.Get(), 0))
						move(at, l.Count()*float)
						move(left, l.Count()*float)
						f.BrIf(again, I32LtU(left.Get(), end.Get()))
					})
					dst.Set(end.Get())
					run.Set(I32Add(run.Get(), stepX.Get()))
					f.BrIf(nextRun, x.Tee(I32Sub(x.Get(), I32Const(1))))
				})
				row.Set(I32Add(row.Get(), stepY.Get()))
				f.BrIf(nextRow, y.Tee(I32Sub(y.Get(), I32Const(1))))
			})
			src.Set(I32Add(src.Get(), step.Get()))
			f.BrIf(patch, cols.Tee(I32Sub(cols.Get(), I32Const(1))))
		})
		return f
	})
}

// Depthwise returns the function
//
//	depthwise(cols, c, y, x, step, ny, stepY, nx, stepX, w, bias, relu)
//
// of kernel.DepthwiseRow for at most 256 taps: cols pixels of c channels, those of x step
// bytes apart, taps stepY and stepX bytes apart; bias may be 0. It writes nothing
// behind y; behind x, w and bias numbers are read.
func (b *Library) Depthwise() *Func {
	return b.function("depthwise", func() *Func {
		put := b.putting()
		f := b.Module.Func()
		l := b.lanes(f)
		cols, c, y, x, step := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		ny, stepY, nx, stepX, w, bias := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		relu := Param[I32](f)
		left, o, ty, tx := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		row, at, pw, wide := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		sum := l.Var()
		wide.Set(I32Shl(c.Get(), I32Const(2)))
		f.Loop(func(pixel Label) {
			left.Set(c.Get())
			o.Set(I32Const(0))
			f.Loop(func(channels Label) {
				sum.Set(l.Const(0))
				pw.Set(I32Add(w.Get(), o.Get()))
				row.Set(I32Add(x.Get(), o.Get()))
				ty.Set(ny.Get())
				f.Loop(func(nextRow Label) {
					at.Set(row.Get())
					tx.Set(nx.Get())
					f.Loop(func(again Label) {
						sum.Set(l.Add(sum.Get(), l.Mul(l.Load(at.Get(), 0), l.Load(pw.Get(), 0))))
						at.Set(I32Add(at.Get(), stepX.Get()))
						pw.Set(I32Add(pw.Get(), wide.Get()))
						f.BrIf(again, tx.Tee(I32Sub(tx.Get(), I32Const(1))))
					})
					row.Set(I32Add(row.Get(), stepY.Get()))
					f.BrIf(nextRow, ty.Tee(I32Sub(ty.Get(), I32Const(1))))
				})
				f.If(bias.Get(), func() { sum.Set(l.Add(sum.Get(), l.Load(I32Add(bias.Get(), o.Get()), 0))) })
				f.If(relu.Get(), func() { sum.Set(l.Relu(sum.Get())) })
				put(l, I32Add(y.Get(), o.Get()), sum.Get(), left.Get())
				move(o, l.Count()*float)
				move(left, -l.Count())
				f.BrIf(channels, I32GtS(left.Get(), I32Const(0)))
			})
			y.Set(I32Add(y.Get(), wide.Get()))
			x.Set(I32Add(x.Get(), step.Get()))
			f.BrIf(pixel, cols.Tee(I32Sub(cols.Get(), I32Const(1))))
		})
		return f
	})
}

// RepeatChannels returns the function repeatChannels(n, times, dst, src): each of n
// numbers is written times times.
func (b *Library) RepeatChannels() *Func {
	return b.function("repeatChannels", func() *Func {
		f := b.Module.Func()
		n, times, dst, src := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		i := NewLocal[I32](f)
		f.While(n.Get(), func() {
			i.Set(times.Get())
			f.Loop(func(again Label) {
				f.F32Store(dst.Get(), 0, F32Load(src.Get(), 0))
				move(dst, float)
				f.BrIf(again, i.Tee(I32Sub(i.Get(), I32Const(1))))
			})
			move(src, float)
			move(n, -1)
		})
		return f
	})
}

// Pool returns the function
//
//	pool(samples, y, x, h, w, c, oh, ow, kh, kw, sh, sw, top, left)
//
// of kernel.Pool's Max or Mean. It writes nothing behind y; behind x numbers are read.
func (b *Library) Pool(mean bool) *Func {
	name := "maxPool"
	if mean {
		name = "meanPool"
	}
	return b.function(name, func() *Func {
		put := b.putting()
		f := b.Module.Func()
		l := b.lanes(f)
		param, local := func() Local[I32] { return Param[I32](f) }, func() Local[I32] { return NewLocal[I32](f) }
		samples, y, x, h, w, c := param(), param(), param(), param(), param(), param()
		oh, ow, kh, kw, sh, sw, top, left := param(), param(), param(), param(), param(), param(), param(), param()
		oy, ox, ny, nx, ty, tx := local(), local(), local(), local(), local(), local()
		first, row, at, o, channels, bytes := local(), local(), local(), local(), local(), local()
		acc := l.Var()
		// clip writes where a window begins, in pixels, and how many it has.
		clip := func(o, stride, before, size, limit, count Local[I32]) I32 {
			first.Set(I32Sub(I32Mul(o.Get(), stride.Get()), before.Get()))
			count.Set(I32Add(first.Get(), size.Get()))
			f.If(I32GtS(count.Get(), limit.Get()), func() { count.Set(limit.Get()) })
			f.If(I32LtS(first.Get(), I32Const(0)), func() { first.Set(I32Const(0)) })
			count.Set(I32Sub(count.Get(), first.Get()))
			return first.Get()
		}
		top0, x0 := local(), local()
		bytes.Set(I32Shl(c.Get(), I32Const(2)))
		f.While(samples.Get(), func() {
			oy.Set(I32Const(0))
			f.Loop(func(nextRow Label) {
				top0.Set(I32Add(x.Get(), I32Mul(I32Mul(clip(oy, sh, top, kh, h, ny), w.Get()), bytes.Get())))
				ox.Set(I32Const(0))
				f.Loop(func(nextPixel Label) {
					x0.Set(I32Add(top0.Get(), I32Mul(clip(ox, sw, left, kw, w, nx), bytes.Get())))
					o.Set(I32Const(0))
					channels.Set(c.Get())
					f.Loop(func(nextChannels Label) {
						if mean {
							acc.Set(l.Const(0))
						} else {
							acc.Set(l.Const(negativeInfinity))
						}
						row.Set(I32Add(x0.Get(), o.Get()))
						ty.Set(ny.Get())
						f.Loop(func(tapRow Label) {
							at.Set(row.Get())
							tx.Set(nx.Get())
							f.Loop(func(again Label) {
								v := l.Keep(l.Load(at.Get(), 0))
								if mean {
									acc.Set(l.Add(acc.Get(), v))
								} else {
									acc.Set(greater(l, acc.Get(), v))
								}
								at.Set(I32Add(at.Get(), bytes.Get()))
								f.BrIf(again, tx.Tee(I32Sub(tx.Get(), I32Const(1))))
							})
							row.Set(I32Add(row.Get(), I32Mul(w.Get(), bytes.Get())))
							f.BrIf(tapRow, ty.Tee(I32Sub(ty.Get(), I32Const(1))))
						})
						if mean {
							acc.Set(l.Div(acc.Get(), l.Splat(F32ConvertI32S(I32Mul(ny.Get(), nx.Get())))))
						}
						put(l, I32Add(y.Get(), o.Get()), acc.Get(), channels.Get())
						move(o, l.Count()*float)
						move(channels, -l.Count())
						f.BrIf(nextChannels, I32GtS(channels.Get(), I32Const(0)))
					})
					y.Set(I32Add(y.Get(), bytes.Get()))
					f.BrIf(nextPixel, I32LtS(ox.Tee(I32Add(ox.Get(), I32Const(1))), ow.Get()))
				})
				f.BrIf(nextRow, I32LtS(oy.Tee(I32Add(oy.Get(), I32Const(1))), oh.Get()))
			})
			x.Set(I32Add(x.Get(), I32Mul(I32Mul(h.Get(), w.Get()), bytes.Get())))
			move(samples, -1)
		})
		return f
	})
}

// Bilinear returns the function bilinear(samples, y, x, sample, c, rows, ny, cols, nx), of
// graph.UpsampleBilinear: rows and cols are tables of ny and nx records of two offsets, in
// bytes, and the weight of the second. It writes nothing behind y; behind x numbers are
// read.
func (b *Library) Bilinear() *Func {
	return b.function("bilinear", func() *Func {
		put := b.putting()
		f := b.Module.Func()
		l := b.lanes(f)
		param := func() Local[I32] { return Param[I32](f) }
		samples, y, x, sample, c, rows, ny, cols, nx := param(), param(), param(), param(), param(), param(), param(), param(), param()
		row, col, left, o := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		var at [4]Local[I32]
		var weight [4]Local[F32]
		for i := range at {
			at[i], weight[i] = NewLocal[I32](f), NewLocal[F32](f)
		}
		const record = 3 * float
		end := func(table, n Local[I32]) I32 { return I32Add(table.Get(), I32Mul(n.Get(), I32Const(record))) }
		f.While(samples.Get(), func() {
			row.Set(rows.Get())
			f.Loop(func(nextRow Label) {
				col.Set(cols.Get())
				f.Loop(func(nextCol Label) {
					for i := range at {
						source := I32Add(I32Load(row.Get(), uint32(i/2*float)), I32Load(col.Get(), uint32(i%2*float)))
						at[i].Set(I32Add(x.Get(), source))
						ty, tx := F32Load(row.Get(), 2*float), F32Load(col.Get(), 2*float)
						if i/2 == 0 {
							ty = F32Sub(F32Const(1), ty)
						}
						if i%2 == 0 {
							tx = F32Sub(F32Const(1), tx)
						}
						weight[i].Set(F32Mul(ty, tx))
					}
					left.Set(c.Get())
					o.Set(I32Const(0))
					f.Loop(func(again Label) {
						term := func(i int) Num {
							return l.Mul(l.Load(I32Add(at[i].Get(), o.Get()), 0), l.Splat(weight[i].Get()))
						}
						put(l, I32Add(y.Get(), o.Get()), l.Add(l.Add(l.Add(term(0), term(1)), term(2)), term(3)), left.Get())
						move(o, l.Count()*float)
						move(left, -l.Count())
						f.BrIf(again, I32GtS(left.Get(), I32Const(0)))
					})
					y.Set(I32Add(y.Get(), I32Shl(c.Get(), I32Const(2))))
					f.BrIf(nextCol, I32LtU(col.Tee(I32Add(col.Get(), I32Const(record))), end(cols, nx)))
				})
				f.BrIf(nextRow, I32LtU(row.Tee(I32Add(row.Get(), I32Const(record))), end(rows, ny)))
			})
			x.Set(I32Add(x.Get(), sample.Get()))
			move(samples, -1)
		})
		return f
	})
}
