package wasmgen

// PanelColumns are the columns of a panel: those of the widest tile of a single row.
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
