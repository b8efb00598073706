package wasmgen

import "math"

// The exports that work on rows, with the arithmetic of kernel's functions:
//
//	softmax(rows, n, y, x)
//	cceLogits(rows, n, loss, x, t)
//	cceLogitsGrad(rows, n, dx, x, t, scale)
//	sparseLogits(rows, n, loss, x, labels)             kernel.SparseCCELogits
//	sparseLogitsGrad(rows, n, dx, x, labels, scale)    kernel.SparseCCELogitsGrad
//
// y and dx may be x.
type rowParts struct {
	*Module
	max, sum, sumExp, cross, expShift, divide, against, scale *Func
}

// writeRows writes them; scale is the export of that name.
func writeRows(m *Module, scale *Func) map[string]*Func {
	value := func(_ *arrays, load loader) V128 { return load(0) }
	r := rowParts{Module: m, scale: scale,
		max: writeReduction(m, 1, 0, negativeInfinity, F32x4Pmax, value),
		sum: writeReduction(m, 1, 0, 0, F32x4Add, value),
		sumExp: writeReduction(m, 1, 1, 0, F32x4Add, func(w *arrays, load loader) V128 {
			return Exp(w.Func, F32x4Sub(load(0), w.scalar(0)))
		}),
		cross: writeReduction(m, 2, 2, 0, F32x4Add, func(w *arrays, load loader) V128 {
			return F32x4Mul(load(1), F32x4Sub(F32x4Sub(load(0), w.scalar(0)), w.scalar(1)))
		}),
		expShift: newArrays(m, 2, 1).each(1, func(w *arrays, load loader, store storer) {
			store(0, Exp(w.Func, F32x4Sub(load(1), w.scalar(0))))
		}),
		divide: newArrays(m, 1, 1).each(1, func(w *arrays, load loader, store storer) {
			store(0, F32x4Div(load(0), w.scalar(0)))
		}),
		against: newArrays(m, 2, 3).each(1, func(w *arrays, load loader, store storer) {
			share := F32x4Mul(F32x4Div(load(0), w.scalar(0)), w.scalar(1))
			store(0, F32x4Mul(w.scalar(2), F32x4Sub(share, load(1))))
		}),
	}
	return map[string]*Func{
		"softmax": r.softmax(), "cceLogits": r.cceLogits(), "cceLogitsGrad": r.cceLogitsGrad(),
		"sparseLogits": r.sparseLogits(), "sparseLogitsGrad": r.sparseLogitsGrad(),
	}
}

// A rowLoop is a function (rows, n, arrays...) while it is written: a loop over rows.
type rowLoop struct {
	*Func
	rows, n Local[I32]
	at      []Local[I32]
}

// each writes the loop. The arrays in wide have n numbers a row, the others one.
func (r rowParts) each(count int, wide []int, body func(w *rowLoop)) *Func {
	w := &rowLoop{Func: r.Func()}
	w.rows, w.n = Param[I32](w.Func), Param[I32](w.Func)
	for range count {
		w.at = append(w.at, Param[I32](w.Func))
	}
	bytes := NewLocal[I32](w.Func)
	bytes.Set(I32Shl(w.n.Get(), I32Const(2)))
	w.While(I32GtS(w.rows.Get(), I32Const(0)), func() {
		body(w)
		for i, at := range w.at {
			step := I32Const(float)
			for _, k := range wide {
				if k == i {
					step = bytes.Get()
				}
			}
			at.Set(I32Add(at.Get(), step))
		}
		move(w.rows, -1)
	})
	return w.Func
}

// number writes an assignment to a new local, and is its value.
func (w *rowLoop) number(v F32) F32 {
	l := NewLocal[F32](w.Func)
	l.Set(v)
	return l.Get()
}

// exponentials writes array to = exp(x − max x), and is their sum.
func (r rowParts) exponentials(w *rowLoop, to, x int) F32 {
	n, y := w.n.Get(), w.at[to].Get()
	w.Call(r.expShift, n, y, w.at[x].Get(), Result[F32](r.max, n, w.at[x].Get()))
	return w.number(Result[F32](r.sum, n, y))
}

func (r rowParts) softmax() *Func {
	return r.each(2, []int{0, 1}, func(w *rowLoop) {
		w.Call(r.divide, w.n.Get(), w.at[0].Get(), r.exponentials(w, 0, 1))
	})
}

// logSumExp is max x, and log Σ exp(x − max x).
func (r rowParts) logSumExp(w *rowLoop, x int) (most, log F32) {
	most = w.number(Result[F32](r.max, w.n.Get(), w.at[x].Get()))
	sum := F32x4Splat(Result[F32](r.sumExp, w.n.Get(), w.at[x].Get(), most))
	return most, w.number(F32x4ExtractLane(Log(w.Func, sum), 0))
}

func (r rowParts) cceLogits() *Func {
	return r.each(3, []int{1, 2}, func(w *rowLoop) {
		most, log := r.logSumExp(w, 1)
		sum := Result[F32](r.cross, w.n.Get(), w.at[1].Get(), w.at[2].Get(), most, log)
		w.F32Store(w.at[0].Get(), 0, F32Sub(F32Const(0), sum))
	})
}

func (r rowParts) cceLogitsGrad() *Func {
	return r.each(4, []int{0, 1, 2}, func(w *rowLoop) {
		sum := r.exponentials(w, 0, 1)
		total := Result[F32](r.sum, w.n.Get(), w.at[2].Get())
		w.Call(r.against, w.n.Get(), w.at[0].Get(), w.at[2].Get(), sum, total, F32Load(w.at[3].Get(), 0))
	})
}

// class is 1 where a label is a whole number from 0 to n−1.
func class(label F32, n I32) I32 {
	inside := I32And(F32Ge(label, F32Const(0)), F32Lt(label, F32ConvertI32S(n)))
	return I32And(inside, F32Eq(F32Trunc(label), label))
}

// of is the address of the label's element of an array.
func (w *rowLoop) of(label F32, array int) I32 {
	return I32Add(w.at[array].Get(), I32Shl(I32TruncSatF32S(label), I32Const(2)))
}

func (r rowParts) sparseLogits() *Func {
	return r.each(3, []int{1}, func(w *rowLoop) {
		label := w.number(F32Load(w.at[2].Get(), 0))
		w.IfElse(class(label, w.n.Get()), func() {
			most, log := r.logSumExp(w, 1)
			w.F32Store(w.at[0].Get(), 0, F32Sub(log, F32Sub(F32Load(w.of(label, 1), 0), most)))
		}, func() {
			w.F32Store(w.at[0].Get(), 0, F32Const(float32(math.NaN())))
		})
	})
}

func (r rowParts) sparseLogitsGrad() *Func {
	nan := newArrays(r.Module, 1, 1).each(1, func(w *arrays, _ loader, store storer) { store(0, w.scalar(0)) })
	return r.each(4, []int{0, 1}, func(w *rowLoop) {
		n, dx := w.n.Get(), w.at[0].Get()
		label := w.number(F32Load(w.at[2].Get(), 0))
		w.IfElse(class(label, n), func() {
			w.Call(r.divide, n, dx, r.exponentials(w, 0, 1))
			at := w.of(label, 0)
			w.F32Store(at, 0, F32Sub(F32Load(at, 0), F32Const(1)))
			w.Call(r.scale, n, dx, dx, F32Load(w.at[3].Get(), 0))
		}, func() {
			w.Call(nan, n, dx, F32Const(float32(math.NaN())))
		})
	})
}
