package wasmgen

// The time step of an LSTM for a whole batch, forward and back, with the arithmetic of
// kernel.LSTM and kernel.LSTMGrad for sigmoid and tanh, which say what the arrays are:
//
//	lstm(rows, u, a, before, c, t, h)
//	lstmGrad(rows, u, a, before, t, dh, dc)
//
// a has 4·u numbers a row, the others have u.

// cellRows writes a function (rows, u, a, others...): a loop over rows, and in each the
// loops over units, of which body writes the work. Arrays 0 to 3 are the blocks of a row
// of a, those from 4 on the others.
func cellRows(m *Module, others int, body func(w *arrays, load loader, store storer)) *Func {
	f := m.Func()
	rows, u, a := Param[I32](f), Param[I32](f), Param[I32](f)
	w := &arrays{Func: f}
	var rest []Local[I32]
	for range others {
		rest = append(rest, Param[I32](f))
	}
	w.n = NewLocal[I32](f)
	for range 4 {
		w.at = append(w.at, NewLocal[I32](f))
	}
	w.at = append(w.at, rest...)
	f.While(I32GtS(rows.Get(), I32Const(0)), func() {
		w.n.Set(u.Get())
		for block, at := range w.at[:4] {
			at.Set(I32Add(a.Get(), I32Mul(u.Get(), I32Const(int32(block*float)))))
		}
		w.each(1, body)
		a.Set(w.at[3].Get()) // the row's end
		move(rows, -1)
	})
	return f
}

const (
	cellBefore = 4 + iota
	cellC
	cellT
	cellH
)

func lstm(m *Module) *Func {
	return cellRows(m, 4, func(w *arrays, load loader, store storer) {
		i, f, g := Sigmoid(w.Func, load(0)), Sigmoid(w.Func, load(1)), Tanh(w.Func, load(2))
		store(0, i)
		store(1, f)
		store(2, g)
		c := keep(w.Func, F32x4Add(F32x4Mul(f, load(cellBefore)), F32x4Mul(i, g)))
		store(cellC, c)
		t := Tanh(w.Func, c)
		store(cellT, t)
		o := Sigmoid(w.Func, load(3))
		store(3, o)
		store(cellH, F32x4Mul(o, t))
	})
}

const (
	gradBefore = 4 + iota
	gradT
	gradDH
	gradDC
)

func lstmGrad(m *Module) *Func {
	return cellRows(m, 4, func(w *arrays, load loader, store storer) {
		one := w.Constant(1)
		sigmoidSlope := func(y V128) V128 { return F32x4Mul(y, F32x4Sub(one, y)) }
		tanhSlope := func(y V128) V128 { return F32x4Mul(F32x4Sub(one, y), F32x4Add(one, y)) }
		i, f, g, o := keep(w.Func, load(0)), keep(w.Func, load(1)), keep(w.Func, load(2)), keep(w.Func, load(3))
		t, dh := keep(w.Func, load(gradT)), keep(w.Func, load(gradDH))
		s := keep(w.Func, F32x4Add(load(gradDC), F32x4Mul(F32x4Mul(dh, o), tanhSlope(t))))
		store(gradDC, F32x4Mul(s, f))
		store(0, F32x4Mul(F32x4Mul(s, g), sigmoidSlope(i)))
		store(1, F32x4Mul(F32x4Mul(s, load(gradBefore)), sigmoidSlope(f)))
		store(2, F32x4Mul(F32x4Mul(s, i), tanhSlope(g)))
		store(3, F32x4Mul(F32x4Mul(dh, t), sigmoidSlope(o)))
	})
}
