package kernel

// LSTM computes a time step of an LSTM (Hochreiter, Schmidhuber, 1997; with the forget
// gate of Gers et al., 2000):
//
//	i = gate(a₀)   f = gate(a₁)   g = act(a₂)   o = gate(a₃)
//	c = f·before + i·g    t = act(c)    h = o·t
//
// a [rows, 4u] holds the four arguments and afterwards i, f, g and o; before, c, t and h
// are [rows, u]. LSTMGrad wants a, pre, before, c and t again.
func LSTM(cell Cell, rows, u int, a, pre, before, c, t, h []float32) {
	if pre != nil {
		copy(pre[:rows*4*u], a)
	}
	if haveModule && cell.usual() && rows > 0 && u > 0 {
		lstmModule(rows, u, a, before, c, t, h)
		return
	}
	for r := range rows {
		a, before, c, t, h := part(a, r*4*u, 4*u), part(before, r*u, u), part(c, r*u, u), part(t, r*u, u), part(h, r*u, u)
		if cell.usual() {
			lstmScalar(lstmVec(u, a, before, c, t, h), u, a, before, c, t, h)
			continue
		}
		for j := 0; j < u; j += cellSpan {
			lstmSpan(cell, j, min(cellSpan, u-j), u, a, before, c, t, h)
		}
	}
}

// lstmScalar is LSTM of sigmoid and tanh, for the units of a row from j on.
func lstmScalar(j, u int, a, before, c, t, h []float32) {
	for ; j < u; j++ {
		i, f, g, o := Sigmoid32(a[j]), Sigmoid32(a[u+j]), Tanh32(a[2*u+j]), Sigmoid32(a[3*u+j])
		a[j], a[u+j], a[2*u+j], a[3*u+j] = i, f, g, o
		c[j] = float32(f*before[j]) + float32(i*g)
		t[j] = Tanh32(c[j])
		h[j] = float32(o * t[j])
	}
}

// lstmSpan is LSTM of any functions, for n units of a row from j on.
func lstmSpan(cell Cell, j, n, u int, a, before, c, t, h []float32) {
	i, f, g, o := part(a, j, n), part(a, u+j, n), part(a, 2*u+j, n), part(a, 3*u+j, n)
	before, c, t, h = part(before, j, n), part(c, j, n), part(t, j, n), part(h, j, n)
	cell.gate(i, i)
	cell.gate(f, f)
	cell.act(g, g)
	cell.gate(o, o)
	Mul(t, i, g)
	Mul(c, f, before)
	Add(c, c, t)
	cell.act(t, c)
	Mul(h, o, t)
}

// LSTMGrad goes back over a time step of LSTM. dh is the gradient of h; dc that of c
// from later steps, and afterwards that of before:
//
//	s = dc + dh·o·act'(c)    dc = s·f
//	da₀ = s·g·gate'(a₀)   da₁ = s·before·gate'(a₁)   da₂ = s·i·act'(a₂)   da₃ = dh·t·gate'(a₃)
//
// The gradients da are written over the gates in a.
func LSTMGrad(cell Cell, rows, u int, a, pre, before, c, t, dh, dc []float32) {
	if haveModule && cell.usual() && rows > 0 && u > 0 {
		lstmGradModule(rows, u, a, before, t, dh, dc)
		return
	}
	for r := range rows {
		a, pre, before, c := part(a, r*4*u, 4*u), part(pre, r*4*u, 4*u), part(before, r*u, u), part(c, r*u, u)
		t, dh, dc := part(t, r*u, u), part(dh, r*u, u), part(dc, r*u, u)
		if cell.usual() {
			lstmGradScalar(lstmGradVec(u, a, before, t, dh, dc), u, a, before, t, dh, dc)
			continue
		}
		for j := 0; j < u; j += cellSpan {
			lstmGradSpan(cell, j, min(cellSpan, u-j), u, a, pre, before, c, t, dh, dc)
		}
	}
}

// lstmGradScalar is LSTMGrad of sigmoid and tanh, for the units of a row from j on.
func lstmGradScalar(j, u int, a, before, t, dh, dc []float32) {
	for ; j < u; j++ {
		i, f, g, o := a[j], a[u+j], a[2*u+j], a[3*u+j]
		s := dc[j] + float32(float32(dh[j]*o)*float32((1-t[j])*(1+t[j])))
		dc[j] = float32(s * f)
		a[j] = float32(float32(s*g) * float32(i*(1-i)))
		a[u+j] = float32(float32(s*before[j]) * float32(f*(1-f)))
		a[2*u+j] = float32(float32(s*i) * float32((1-g)*(1+g)))
		a[3*u+j] = float32(float32(dh[j]*t[j]) * float32(o*(1-o)))
	}
}

// lstmGradSpan is LSTMGrad of any functions, for n units of a row from j on.
func lstmGradSpan(cell Cell, j, n, u int, a, pre, before, c, t, dh, dc []float32) {
	i, f, g, o := part(a, j, n), part(a, u+j, n), part(a, 2*u+j, n), part(a, 3*u+j, n)
	before, c, t, dh, dc = part(before, j, n), part(c, j, n), part(t, j, n), part(dh, j, n), part(dc, j, n)
	var room [2][cellSpan]float32
	x, y := room[0][:n], room[1][:n]
	Mul(x, dh, o)
	cell.actGrad(x, x, c, t)
	Add(dc, dc, x) // s
	Mul(x, dc, g)
	Mul(y, dc, i)
	cell.gateGrad(i, x, part(pre, j, n), i)
	cell.actGrad(g, y, part(pre, 2*u+j, n), g)
	Mul(x, dc, before)
	Mul(dc, dc, f)
	cell.gateGrad(f, x, part(pre, u+j, n), f)
	Mul(x, dh, t)
	cell.gateGrad(o, x, part(pre, 3*u+j, n), o)
}
