package wasmgen

// elementwise are the exports that work element by element, with the arithmetic of
// kernel's functions of these names: name(n, arrays..., scalars...). An array may be
// the same as another, but not begin inside one.
//
//	add(n, dst, a, b)             dst = a + b; so sub and mul
//	scale(n, dst, a, s)           dst = a · s
//	addScaled(n, dst, a, s)       dst += s · a
//	relu(n, y, x)                 y = x < 0 ? 0 : x
//	reluGrad(n, dx, dy, y)        dx = y > 0 ? dy : 0
//	sigmoidGrad(n, dx, dy, y)     dx = dy · y · (1 − y)
//	tanhGrad(n, dx, dy, y)        dx = dy · (1 − y) · (1 + y)
//	exp(n, y, x)                  y = e^x; so sigmoid and tanh
//	sgd(n, p, g, lr)              p -= lr · g
//	momentum(n, p, g, v, lr, mu)  v = mu · v + g;  p -= lr · v
//	adam(n, p, g, m, v, b1, omb1, b2, omb2, c1, c2, lr, eps)
//	flush(n, x)                   kernel.FlushDenormals
//	bceLogit(n, loss, x, t)             kernel.BCELogits of rows of one number
//	bceLogitGrad(n, dx, x, t, scale)    kernel.BCELogitsGrad of such rows
var elementwise = []struct {
	name                    string
	arrays, scalars, unroll int
	body                    func(w *arrays, load loader, store storer)
}{
	{"add", 3, 0, 4, func(_ *arrays, load loader, store storer) { store(0, F32x4Add(load(1), load(2))) }},
	{"sub", 3, 0, 4, func(_ *arrays, load loader, store storer) { store(0, F32x4Sub(load(1), load(2))) }},
	{"mul", 3, 0, 4, func(_ *arrays, load loader, store storer) { store(0, F32x4Mul(load(1), load(2))) }},
	{"scale", 2, 1, 4, func(w *arrays, load loader, store storer) { store(0, F32x4Mul(load(1), w.scalar(0))) }},
	{"addScaled", 2, 1, 4, func(w *arrays, load loader, store storer) {
		store(0, F32x4Add(load(0), F32x4Mul(load(1), w.scalar(0))))
	}},
	{"relu", 2, 0, 4, func(w *arrays, load loader, store storer) {
		x := keep(w.Func, load(1))
		store(0, V128Andnot(x, F32x4Lt(x, w.Constant(0))))
	}},
	{"reluGrad", 3, 0, 4, func(w *arrays, load loader, store storer) {
		store(0, V128And(load(1), F32x4Gt(load(2), w.Constant(0))))
	}},
	{"sigmoidGrad", 3, 0, 2, func(w *arrays, load loader, store storer) {
		y := keep(w.Func, load(2))
		store(0, F32x4Mul(F32x4Mul(F32x4Sub(w.Constant(1), y), y), load(1)))
	}},
	{"tanhGrad", 3, 0, 2, func(w *arrays, load loader, store storer) {
		y := keep(w.Func, load(2))
		store(0, F32x4Mul(F32x4Mul(F32x4Sub(w.Constant(1), y), F32x4Add(w.Constant(1), y)), load(1)))
	}},
	{"exp", 2, 0, 1, func(w *arrays, load loader, store storer) { store(0, Exp(w.Func, load(1))) }},
	{"sigmoid", 2, 0, 1, func(w *arrays, load loader, store storer) { store(0, Sigmoid(w.Func, load(1))) }},
	{"tanh", 2, 0, 1, func(w *arrays, load loader, store storer) { store(0, Tanh(w.Func, load(1))) }},
	{"sgd", 2, 1, 4, func(w *arrays, load loader, store storer) {
		store(0, F32x4Sub(load(0), F32x4Mul(load(1), w.scalar(0))))
	}},
	{"momentum", 3, 2, 2, func(w *arrays, load loader, store storer) {
		lr, mu := w.scalar(0), w.scalar(1)
		v := keep(w.Func, F32x4Add(F32x4Mul(load(2), mu), load(1)))
		store(2, v)
		store(0, F32x4Sub(load(0), F32x4Mul(v, lr)))
	}},
	{"adam", 4, 8, 1, adam},
	{"flush", 1, 0, 4, func(w *arrays, load loader, store storer) {
		x := keep(w.Func, load(0))
		near := V128And(F32x4Lt(x, w.Constant(0x1p-126)), F32x4Gt(x, w.Constant(-0x1p-126)))
		store(0, V128Andnot(x, near))
	}},
	{"bceLogit", 3, 0, 1, func(w *arrays, load loader, store storer) {
		x := keep(w.Func, load(1))
		m := V128Andnot(x, F32x4Lt(x, w.Constant(0)))
		store(0, F32x4Add(F32x4Sub(m, F32x4Mul(x, load(2))), log1pUnit(w.Func, expNegAbs(w.Func, x))))
	}},
	{"bceLogitGrad", 4, 0, 1, func(w *arrays, load loader, store storer) {
		store(0, F32x4Mul(load(3), F32x4Sub(Sigmoid(w.Func, load(1)), load(2))))
	}},
}

// adam is Adam's update (Kingma and Ba, 2015) of parameters 0 by gradients 1 with
// moments 2 and 3; kernel.Adam says what the scalars are.
func adam(w *arrays, load loader, store storer) {
	b1, omb1, b2, omb2 := w.scalar(0), w.scalar(1), w.scalar(2), w.scalar(3)
	c1, c2, lr, eps := w.scalar(4), w.scalar(5), w.scalar(6), w.scalar(7)
	g := keep(w.Func, load(1))
	m := keep(w.Func, F32x4Add(F32x4Mul(load(2), b1), F32x4Mul(g, omb1)))
	v := keep(w.Func, F32x4Add(F32x4Mul(load(3), b2), F32x4Mul(F32x4Mul(g, g), omb2)))
	store(2, m)
	store(3, v)
	step := F32x4Mul(F32x4Mul(m, c1), lr)
	store(0, F32x4Sub(load(0), F32x4Div(step, F32x4Add(F32x4Sqrt(F32x4Mul(v, c2)), eps))))
}
