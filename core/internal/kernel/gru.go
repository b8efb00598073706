package kernel

// The steps of a gated recurrent unit (Cho et al., 2014). a [rows, 3u] holds the
// arguments of the update gate z, the reset gate r and the candidate y; every function
// below replaces its arguments by what it makes of them. h and next are [rows, u].

// GRUGates computes z = gate(a₀) and r = gate(a₁) and, for a unit that resets the state
// before its product, rh = r·h, of which the caller makes the rest of a₂.
func GRUGates(cell Cell, rows, u int, a, pre, h, rh []float32) {
	for i := range rows {
		a, h, rh := part(a, i*3*u, 3*u), part(h, i*u, u), part(rh, i*u, u)
		if cell.usual() {
			gruGatesScalar(gruGatesVec(u, a, h, rh), u, a, h, rh)
			continue
		}
		copy(part(pre, i*3*u, 2*u), a)
		cell.gate(a[:2*u], a)
		if rh != nil {
			Mul(rh, a[u:], h)
		}
	}
}

// gruGatesScalar is GRUGates of sigmoids, for the units of a row from j on.
func gruGatesScalar(j, u int, a, h, rh []float32) {
	for ; j < u; j++ {
		a[j], a[u+j] = Sigmoid32(a[j]), Sigmoid32(a[u+j])
		if rh != nil {
			rh[j] = float32(a[u+j] * h[j])
		}
	}
}

// GRU computes y = act(a₂) and next = z·h + (1−z)·y behind GRUGates. For a unit that
// resets the state behind its product m [rows, u], y is act(a₂ + r·m).
func GRU(cell Cell, rows, u int, a, pre, m, h, next []float32) {
	for i := range rows {
		a, pre, m, h, next := part(a, i*3*u, 3*u), part(pre, i*3*u, 3*u), part(m, i*u, u), part(h, i*u, u), part(next, i*u, u)
		if cell.usual() {
			gruScalar(gruVec(u, a, m, h, next), u, a, m, h, next)
			continue
		}
		for j := 0; j < u; j += cellSpan {
			n := min(cellSpan, u-j)
			gruSpan(cell, j, n, u, a, pre, part(m, j, n), h[j:j+n], next[j:j+n])
		}
	}
}

// gruScalar is GRU of sigmoid and tanh, for the units of a row from j on.
func gruScalar(j, u int, a, m, h, next []float32) {
	for ; j < u; j++ {
		z, y := a[j], a[2*u+j]
		if m != nil {
			y += float32(a[u+j] * m[j])
		}
		y = Tanh32(y)
		a[2*u+j] = y
		next[j] = float32(z*h[j]) + float32((1-z)*y)
	}
}

// gruSpan is GRU of any functions, for n units of a row from j on.
func gruSpan(cell Cell, j, n, u int, a, pre, m, h, next []float32) {
	z, r, y := part(a, j, n), part(a, u+j, n), part(a, 2*u+j, n)
	if m != nil {
		Mul(next, r, m)
		Add(y, y, next)
	}
	copy(part(pre, 2*u+j, n), y)
	cell.act(y, y)
	var room [cellSpan]float32
	x := room[:n]
	complement(x, z)
	Mul(x, x, y)
	Mul(next, z, h)
	Add(next, next, x)
}

// complement computes dst = 1 − a.
func complement(dst, a []float32) {
	for i, v := range a {
		dst[i] = 1 - v
	}
}

// GRUGrad goes back over a time step, dh being the gradient of next:
//
//	da₀ = dh·(h − y)·gate'(a₀)    da₂ = dh·(1−z)·act'(a₂)    dh = dh·z
//
// For a unit that resets behind its product, m becomes the gradient of m, and
//
//	da₁ = da₂·m·gate'(a₁)    dm = da₂·r
//
// Otherwise the caller makes drh of da₂, and GRUResetGrad the rest.
func GRUGrad(cell Cell, rows, u int, a, pre, m, h, dh []float32) {
	for i := range rows {
		a, pre, m, h, dh := part(a, i*3*u, 3*u), part(pre, i*3*u, 3*u), part(m, i*u, u), part(h, i*u, u), part(dh, i*u, u)
		if cell.usual() {
			gruGradScalar(gruGradVec(u, a, m, h, dh), u, a, m, h, dh)
			continue
		}
		for j := 0; j < u; j += cellSpan {
			n := min(cellSpan, u-j)
			gruGradSpan(cell, j, n, u, a, pre, part(m, j, n), h[j:j+n], dh[j:j+n])
		}
	}
}

// gruGradScalar is GRUGrad of sigmoid and tanh, for the units of a row from j on.
func gruGradScalar(j, u int, a, m, h, dh []float32) {
	for ; j < u; j++ {
		z, r, y, d := a[j], a[u+j], a[2*u+j], dh[j]
		dh[j] = float32(d * z)
		a[j] = float32(float32((h[j]-y)*d) * float32(z*(1-z)))
		dy := float32(float32((1-z)*d) * float32((1-y)*(1+y)))
		a[2*u+j] = dy
		if m != nil {
			a[u+j] = float32(float32(dy*m[j]) * float32(r*(1-r)))
			m[j] = float32(dy * r)
		}
	}
}

// gruGradSpan is GRUGrad of any functions, for n units of a row from j on.
func gruGradSpan(cell Cell, j, n, u int, a, pre, m, h, dh []float32) {
	z, r, y := part(a, j, n), part(a, u+j, n), part(a, 2*u+j, n)
	var room [2][cellSpan]float32
	dz, dy := room[0][:n], room[1][:n]
	Sub(dz, h, y)
	Mul(dz, dz, dh)
	complement(dy, z)
	Mul(dy, dy, dh)
	Mul(dh, dh, z)
	cell.gateGrad(z, dz, part(pre, j, n), z)
	cell.actGrad(y, dy, part(pre, 2*u+j, n), y)
	if m != nil {
		Mul(dz, y, m)
		Mul(m, y, r)
		cell.gateGrad(r, dz, part(pre, u+j, n), r)
	}
}

// GRUResetGrad goes back over rh = r·h, whose gradient is drh:
//
//	da₁ = drh·h·gate'(a₁)    dh = dh + drh·r
func GRUResetGrad(cell Cell, rows, u int, a, pre, h, drh, dh []float32) {
	for i := range rows {
		a, pre, h, drh, dh := part(a, i*3*u, 3*u), part(pre, i*3*u, 3*u), part(h, i*u, u), part(drh, i*u, u), part(dh, i*u, u)
		if cell.usual() {
			gruResetGradScalar(gruResetGradVec(u, a, h, drh, dh), u, a, h, drh, dh)
			continue
		}
		for j := 0; j < u; j += cellSpan {
			n := min(cellSpan, u-j)
			gruResetGradSpan(cell, j, n, u, a, pre, h[j:j+n], drh[j:j+n], dh[j:j+n])
		}
	}
}

// gruResetGradScalar is GRUResetGrad of sigmoids, for the units of a row from j on.
func gruResetGradScalar(j, u int, a, h, drh, dh []float32) {
	for ; j < u; j++ {
		r := a[u+j]
		dh[j] += float32(drh[j] * r)
		a[u+j] = float32(float32(drh[j]*h[j]) * float32(r*(1-r)))
	}
}

// gruResetGradSpan is GRUResetGrad of any gates, for n units of a row from j on.
func gruResetGradSpan(cell Cell, j, n, u int, a, pre, h, drh, dh []float32) {
	r := part(a, u+j, n)
	var room [cellSpan]float32
	x := room[:n]
	Mul(x, drh, r)
	Add(dh, dh, x)
	Mul(x, drh, h)
	cell.gateGrad(r, x, part(pre, u+j, n), r)
}
