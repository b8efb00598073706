package kernel

// The steps of a gated recurrent unit (Cho et al., 2014). a [rows, 3u] holds the
// arguments of the update gate z, the reset gate r and the candidate y; every function
// below replaces its arguments by what it makes of them. h and next are [rows, u].

// GRUGates computes z = gate(a₀) and r = gate(a₁) and, for a unit that resets the state
// before its product, rh = r·h, of which the caller makes the rest of a₂.
func GRUGates(cell Cell, rows, u int, a, pre, h, rh []float32) {
	for i := range rows {
		gruGates(cell, u, part(a, i*3*u, 3*u), part(pre, i*3*u, 3*u))
		if rh != nil {
			Mul(part(rh, i*u, u), part(a, i*3*u+u, u), h[i*u:])
		}
	}
}

func gruGates(cell Cell, u int, a, pre []float32) {
	copy(part(pre, 0, 2*u), a)
	cell.gate(a[:2*u], a)
}

// GRU computes y = act(a₂) and next = z·h + (1−z)·y behind GRUGates. For a unit that
// resets the state behind its product m [rows, u], y is act(a₂ + r·m).
func GRU(cell Cell, rows, u int, a, pre, m, h, next []float32) {
	for i := range rows {
		a, pre := part(a, i*3*u, 3*u), part(pre, i*3*u, 3*u)
		for j := 0; j < u; j += cellSpan {
			n := min(cellSpan, u-j)
			gruSpan(cell, j, n, u, a, pre, part(m, i*u+j, n), part(h, i*u+j, n), part(next, i*u+j, n))
		}
	}
}

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
	gruMix(next, z, h, y, x)
}

// gruMix computes next = z·h + (1−z)·y, with room for a row.
func gruMix(next, z, h, y, x []float32) {
	for i, v := range z {
		x[i] = 1 - v
	}
	Mul(x, x, y)
	Mul(next, z, h)
	Add(next, next, x)
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
		a, pre := part(a, i*3*u, 3*u), part(pre, i*3*u, 3*u)
		for j := 0; j < u; j += cellSpan {
			n := min(cellSpan, u-j)
			gruGradSpan(cell, j, n, u, a, pre, part(m, i*u+j, n), part(h, i*u+j, n), part(dh, i*u+j, n))
		}
	}
}

func gruGradSpan(cell Cell, j, n, u int, a, pre, m, h, dh []float32) {
	z, r, y := part(a, j, n), part(a, u+j, n), part(a, 2*u+j, n)
	var room [2][cellSpan]float32
	dz, dy := room[0][:n], room[1][:n]
	Sub(dz, h, y)
	Mul(dz, dz, dh)
	for i, v := range z {
		dy[i] = 1 - v
	}
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
		a, pre := part(a, i*3*u, 3*u), part(pre, i*3*u, 3*u)
		for j := 0; j < u; j += cellSpan {
			n := min(cellSpan, u-j)
			r, d, back := part(a, u+j, n), part(drh, i*u+j, n), part(dh, i*u+j, n)
			var room [cellSpan]float32
			x := room[:n]
			Mul(x, d, r)
			Add(back, back, x)
			Mul(x, d, h[i*u+j:])
			cell.gateGrad(r, x, part(pre, u+j, n), r)
		}
	}
}
