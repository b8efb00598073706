package wasmgen

// PanelColumns are the columns of a panel: those of the widest tile of a single row
// (plan.row, rowTiles).
const PanelColumns = 32

// InPanels returns the numbers of B[k,n] in the order that PanelProduct reads: panel by
// panel of PanelColumns columns, of which the last may have fewer, each row by row.
func InPanels(b []float32, n int) []float32 {
	packed := make([]float32, 0, len(b))
	for j := 0; j < n; j += PanelColumns {
		for row := 0; row < len(b); row += n {
			packed = append(packed, b[row+j:row+min(j+PanelColumns, n)]...)
		}
	}
	return packed
}

// PanelProduct returns the function
//
//	panelProduct(m, n, k, a, lda, b, bias, c, ldc, flags)
//
// that is Product with a B that InPanels arranged. A single row costs what reading B
// does: in panels it is read from one end to the other.
func (b *Library) PanelProduct() *Func {
	return b.function("panelProduct", func() *Func {
		product := b.Product()
		f := b.Module.Func()
		param := func() Local[I32] { return Param[I32](f) }
		m, n, k, a, lda, at, bias, c, ldc, flags := param(), param(), param(), param(), param(), param(), param(), param(), param(), param()
		width := NewLocal[I32](f)
		f.While(I32GtS(n.Get(), I32Const(0)), func() {
			width.Set(atMost(n.Get(), PanelColumns))
			f.Call(product, m.Get(), width.Get(), k.Get(), a.Get(), lda.Get(), at.Get(), I32Shl(width.Get(), I32Const(2)), bias.Get(), c.Get(), ldc.Get(), flags.Get())
			at.Set(I32Add(at.Get(), I32Mul(k.Get(), I32Const(PanelColumns*float))))
			f.If(bias.Get(), func() { move(bias, PanelColumns*float) })
			move(c, PanelColumns*float)
			move(n, -PanelColumns)
		})
		return f
	})
}

// panelRow writes the function
//
//	rowPanels(n, k, a, b, bias, c)
//
// c[n] = a·B[k,n] + bias for a B that InPanels arranged, n a multiple of PanelColumns, bias 0
// or there. The steps through B are constants, and part of the instructions.
func (t tile) panelRow(m *Module) *Func {
	f := m.Func()
	param := func() Local[I32] { return Param[I32](f) }
	n, k, a, b, bias, c := param(), param(), param(), param(), param(), param()
	pa, left, kc := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
	r := t.registers(f)
	acc := r.acc[0]
	add := func(from Local[I32]) {
		for v, acc := range acc {
			acc.Set(F32x4Add(acc.Get(), V128Load(from.Get(), uint32(v*vec))))
		}
	}
	store := func() {
		for v, acc := range acc {
			f.V128Store(c.Get(), uint32(v*vec), acc.Get())
		}
	}
	f.While(I32GtS(n.Get(), I32Const(0)), func() {
		pa.Set(a.Get())
		left.Set(k.Get())
		f.Loop(func(again Label) {
			kc.Set(atMost(left.Get(), gemmK))
			t.products(f, r, kc, source{
				a: func(_, u int) V128 { return V128Load32Splat(pa.Get(), uint32(u*float)) },
				b: func(v, u int) V128 { return V128Load(b.Get(), uint32(u*t.width()*float+v*vec)) },
				next: func(u, n int) {
					if u == n-1 {
						move(pa, n*float)
						move(b, n*t.width()*float)
					}
				},
			})
			f.If(I32LtS(left.Get(), k.Get()), func() { add(c) }) // the sums of the blocks before
			f.If(I32GtS(left.Tee(I32Sub(left.Get(), kc.Get())), I32Const(0)), func() {
				store()
				f.Br(again)
			})
		})
		f.If(bias.Get(), func() {
			add(bias)
			move(bias, t.width()*float)
		})
		store()
		move(c, t.width()*float)
		move(n, -t.width())
	})
	return f
}
