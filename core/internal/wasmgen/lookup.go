package wasmgen

// Embedding returns the function embedding(count, words, n, y, index, table): it copies
// for each index the row of table[words, n] that it names; zeros where it names none.
func (b *Library) Embedding() *Func {
	return b.function("embedding", func() *Func {
		f := b.Module.Func()
		count, words, n, y, index, table := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		v, k := NewLocal[F32](f), NewLocal[I32](f)
		n.Set(I32Shl(n.Get(), I32Const(2)))
		f.While(count.Get(), func() {
			v.Set(F32Load(index.Get(), 0))
			f.IfElse(I32And(F32Ge(v.Get(), F32Const(0)), F32Lt(v.Get(), F32ConvertI32S(words.Get()))), func() {
				k.Set(I32TruncSatF32S(v.Get()))
				f.If(I32GeS(k.Get(), words.Get()), func() { k.Set(I32Sub(words.Get(), I32Const(1))) })
				f.MemoryCopy(y.Get(), I32Add(table.Get(), I32Mul(k.Get(), n.Get())), n.Get())
			}, func() { f.MemoryFill(y.Get(), I32Const(0), n.Get()) })
			y.Set(I32Add(y.Get(), n.Get()))
			move(index, float)
			move(count, -1)
		})
		return f
	})
}

// StepMask returns the function stepMask(rows, n, y, x, padding): y is 1 for each row in
// which any of n numbers differs from padding, else 0.
func (b *Library) StepMask() *Func {
	return b.function("stepMask", func() *Func {
		f := b.Module.Func()
		rows, n, y, x, padding := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[F32](f)
		i, any := NewLocal[I32](f), NewLocal[I32](f)
		f.While(rows.Get(), func() {
			any.Set(I32Const(0))
			i.Set(n.Get())
			f.Loop(func(again Label) {
				any.Set(I32Or(any.Get(), F32Ne(F32Load(x.Get(), 0), padding.Get())))
				move(x, float)
				f.BrIf(again, i.Tee(I32Sub(i.Get(), I32Const(1))))
			})
			f.F32Store(y.Get(), 0, F32ConvertI32S(any.Get()))
			move(y, float)
			move(rows, -1)
		})
		return f
	})
}

// HideRows returns the function hideRows(rows, bytes, y, mask): rows of y whose mask is 0
// become zeros.
func (b *Library) HideRows() *Func {
	return b.function("hideRows", func() *Func {
		f := b.Module.Func()
		rows, bytes, y, mask := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		f.While(rows.Get(), func() {
			f.If(F32Eq(F32Load(mask.Get(), 0), F32Const(0)), func() { f.MemoryFill(y.Get(), I32Const(0), bytes.Get()) })
			y.Set(I32Add(y.Get(), bytes.Get()))
			move(mask, float)
			move(rows, -1)
		})
		return f
	})
}

// Transpose returns the function transpose(rows, cols, dst, dstRow, src, srcRow): column
// j of src becomes row j of dst. Distances count bytes.
func (b *Library) Transpose() *Func {
	return b.function("transpose", func() *Func {
		f := b.Module.Func()
		rows, cols, dst, dstRow, src, srcRow := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		i, to, from := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		f.While(cols.Get(), func() {
			i.Set(rows.Get())
			to.Set(dst.Get())
			from.Set(src.Get())
			f.Loop(func(again Label) {
				f.F32Store(to.Get(), 0, F32Load(from.Get(), 0))
				move(to, float)
				from.Set(I32Add(from.Get(), srcRow.Get()))
				f.BrIf(again, i.Tee(I32Sub(i.Get(), I32Const(1))))
			})
			dst.Set(I32Add(dst.Get(), dstRow.Get()))
			move(src, float)
			move(cols, -1)
		})
		return f
	})
}

// Attend returns the function attend(rows, n, first, s, lds, scale, mask, causal) of
// kernel.AttentionWeights; lds counts bytes, mask may be 0.
func (b *Library) Attend() *Func {
	return b.function("attend", func() *Func {
		softmax, scaleRow := b.Softmax(), b.ScaleRow()
		f := b.Module.Func()
		rows, n, first, s, lds := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		scale, mask, causal := Param[F32](f), Param[I32](f), Param[I32](f)
		seen, i, left := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		at := I32Add(s.Get(), I32Shl(i.Get(), I32Const(2)))
		f.While(rows.Get(), func() {
			seen.Set(n.Get())
			f.If(I32And(causal.Get(), I32LtS(I32Add(first.Get(), I32Const(1)), n.Get())), func() {
				seen.Set(I32Add(first.Get(), I32Const(1)))
			})
			f.MemoryFill(I32Add(s.Get(), I32Shl(seen.Get(), I32Const(2))), I32Const(0), I32Shl(I32Sub(n.Get(), seen.Get()), I32Const(2)))
			f.Call(scaleRow, seen.Get(), s.Get(), s.Get(), scale.Get())
			left.Set(I32Const(1))
			f.If(mask.Get(), func() {
				left.Set(I32Const(0))
				i.Set(I32Const(0))
				f.Loop(func(again Label) {
					f.IfElse(F32Eq(F32Load(I32Add(mask.Get(), I32Shl(i.Get(), I32Const(2))), 0), F32Const(0)),
						func() { f.F32Store(at, 0, F32Const(negativeInfinity)) }, func() { left.Set(I32Const(1)) })
					f.BrIf(again, I32LtS(i.Tee(I32Add(i.Get(), I32Const(1))), seen.Get()))
				})
			})
			f.IfElse(left.Get(), func() { f.Call(softmax, I32Const(1), seen.Get(), s.Get(), s.Get()) },
				func() { f.MemoryFill(s.Get(), I32Const(0), I32Shl(seen.Get(), I32Const(2))) })
			s.Set(I32Add(s.Get(), lds.Get()))
			move(first, 1)
			move(rows, -1)
		})
		return f
	})
}
