package wasmgen

// A Cell names the functions of a recurrent cell, as kernel.Cell does.
type Cell struct {
	Name      string // another one for other functions
	Act, Gate func(l Lanes, x Num) Num
}

// A cellLoop is a function (rows, u, a, aRow, …, h, mask, maskRow) on a step of time of
// a batch while it is written: rows of u units. a has the blocks of a row behind each
// other, rows of them aRow bytes apart; the other arrays have u numbers a row. Rows whose
// mask, maskRow bytes apart, is 0 stay as they are; mask may be 0.
func (b *Library) cellLoop(name string, arrays int, body func(l Lanes, block func(i int) I32, at []Local[I32], put func(at I32, x Num))) *Func {
	return b.function(name, func() *Func {
		putting := b.putting()
		f := b.Module.Func()
		l := b.lanes(f)
		rows, u, a, aRow := Param[I32](f), Param[I32](f), Param[I32](f), Param[I32](f)
		base := make([]Local[I32], arrays)
		for i := range base {
			base[i] = Param[I32](f)
		}
		mask, maskRow := Param[I32](f), Param[I32](f)
		at := make([]Local[I32], arrays)
		for i := range at {
			at[i] = NewLocal[I32](f)
		}
		left, pa, bytes := NewLocal[I32](f), NewLocal[I32](f), NewLocal[I32](f)
		bytes.Set(I32Shl(u.Get(), I32Const(2)))
		f.While(rows.Get(), func() {
			f.Block(func(skip Label) {
				f.If(mask.Get(), func() { f.BrIf(skip, F32Eq(F32Load(mask.Get(), 0), F32Const(0))) })
				left.Set(u.Get())
				pa.Set(a.Get())
				for i := range at {
					at[i].Set(base[i].Get())
				}
				f.Loop(func(again Label) {
					block := func(i int) I32 { return I32Add(pa.Get(), I32Mul(bytes.Get(), I32Const(int32(i)))) }
					body(l, block, at, func(at I32, x Num) { putting(l, at, x, left.Get()) })
					for _, p := range append(at, pa) {
						move(p, l.Count()*float)
					}
					move(left, -l.Count())
					f.BrIf(again, I32GtS(left.Get(), I32Const(0)))
				})
			})
			f.If(mask.Get(), func() { mask.Set(I32Add(mask.Get(), maskRow.Get())) })
			a.Set(I32Add(a.Get(), aRow.Get()))
			for _, p := range base {
				p.Set(I32Add(p.Get(), bytes.Get()))
			}
			move(rows, -1)
		})
		return f
	})
}

// LSTM returns the function lstm(rows, u, a, aRow, c, h, mask, maskRow) of kernel.LSTM, c
// being the cells' states before and after the step.
func (b *Library) LSTM(cell Cell) *Func {
	return b.cellLoop("lstm "+cell.Name, 2, func(l Lanes, block func(int) I32, at []Local[I32], put func(I32, Num)) {
		gate := func(i int) Num { return l.Keep(cell.Gate(l, l.Keep(l.Load(block(i), 0)))) }
		i, f, g := gate(0), gate(1), l.Keep(cell.Act(l, l.Keep(l.Load(block(2), 0))))
		c := l.Keep(l.Add(l.Mul(f, l.Load(at[0].Get(), 0)), l.Mul(i, g)))
		o, t := gate(3), l.Keep(cell.Act(l, c))
		put(at[0].Get(), c)
		put(at[1].Get(), l.Mul(o, t))
	})
}

// SimpleRNN returns the function (rows, u, a, aRow, h, mask, maskRow): h = act(a).
func (b *Library) SimpleRNN(cell Cell) *Func {
	return b.cellLoop("simpleRNN "+cell.Name, 1, func(l Lanes, block func(int) I32, at []Local[I32], put func(I32, Num)) {
		put(at[0].Get(), cell.Act(l, l.Keep(l.Load(block(0), 0))))
	})
}

// GRUGates returns the function gates(rows, u, a, aRow, m, h, mask, maskRow): m = r·h, of
// kernel.GRUGates; z and r are made again by GRU.
func (b *Library) GRUGates(cell Cell) *Func {
	return b.cellLoop("gruGates "+cell.Name, 2, func(l Lanes, block func(int) I32, at []Local[I32], put func(I32, Num)) {
		r := l.Keep(cell.Gate(l, l.Keep(l.Load(block(1), 0))))
		put(at[0].Get(), l.Mul(r, l.Load(at[1].Get(), 0)))
	})
}

// GRU returns the function gru(rows, u, a, aRow, m, h, mask, maskRow) of kernel.GRU behind
// the arguments of its gates; with after, the reset gate works on m.
func (b *Library) GRU(cell Cell, after bool) *Func {
	name := "gru "
	if after {
		name = "gruAfter "
	}
	return b.cellLoop(name+cell.Name, 2, func(l Lanes, block func(int) I32, at []Local[I32], put func(I32, Num)) {
		z := l.Keep(cell.Gate(l, l.Keep(l.Load(block(0), 0))))
		y := l.Keep(l.Load(block(2), 0))
		if after {
			r := l.Keep(cell.Gate(l, l.Keep(l.Load(block(1), 0))))
			y = l.Keep(l.Add(y, l.Mul(r, l.Load(at[0].Get(), 0))))
		}
		y = l.Keep(cell.Act(l, y))
		h := l.Load(at[1].Get(), 0)
		put(at[1].Get(), l.Add(l.Mul(z, h), l.Mul(l.Sub(l.Const(1), z), y)))
	})
}
