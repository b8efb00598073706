package kernel

// Adagrad computes a += g²; p -= lr·g / sqrt(initial + a + eps).
func Adagrad(p, g, a []float32, initial, lr, eps float32) {
	g, a = g[:len(p)], a[:len(p)]
	i := adagradVec(p, g, a, initial, lr, eps)
	adagradScalar(p[i:], g[i:], a[i:], initial, lr, eps)
}

func adagradScalar(p, g, a []float32, initial, lr, eps float32) {
	g, a = g[:len(p)], a[:len(p)]
	for i := range p {
		a[i] += float32(g[i] * g[i])
		p[i] -= float32(lr*g[i]) / sqrt32(initial+a[i]+eps)
	}
}

// Adadelta computes, with omrho = 1−rho,
//
//	a = rho·a + omrho·g²
//	u = sqrt(d + eps) / sqrt(a + eps) · g
//	d = rho·d + omrho·u²
//	p -= lr·u
func Adadelta(p, g, a, d []float32, rho, omrho, lr, eps float32) {
	g, a, d = g[:len(p)], a[:len(p)], d[:len(p)]
	i := adadeltaVec(p, g, a, d, rho, omrho, lr, eps)
	adadeltaScalar(p[i:], g[i:], a[i:], d[i:], rho, omrho, lr, eps)
}

func adadeltaScalar(p, g, a, d []float32, rho, omrho, lr, eps float32) {
	g, a, d = g[:len(p)], a[:len(p)], d[:len(p)]
	for i := range p {
		a[i] = float32(rho*a[i]) + float32(omrho*float32(g[i]*g[i]))
		u := float32(sqrt32(d[i]+eps) / sqrt32(a[i]+eps) * g[i])
		d[i] = float32(rho*d[i]) + float32(omrho*float32(u*u))
		p[i] -= float32(lr * u)
	}
}

// Adamax computes, with omb1 = 1−b1 and lr already divided by 1−b1^t,
//
//	m = b1·m + omb1·g
//	u = max(b2·u, |g|)            NaN if g is
//	p -= lr·(m / (u + eps))
func Adamax(p, g, m, u []float32, b1, omb1, b2, lr, eps float32) {
	g, m, u = g[:len(p)], m[:len(p)], u[:len(p)]
	i := adamaxVec(p, g, m, u, b1, omb1, b2, lr, eps)
	adamaxScalar(p[i:], g[i:], m[i:], u[i:], b1, omb1, b2, lr, eps)
}

func adamaxScalar(p, g, m, u []float32, b1, omb1, b2, lr, eps float32) {
	g, m, u = g[:len(p)], m[:len(p)], u[:len(p)]
	for i := range p {
		m[i] = float32(b1*m[i]) + float32(omb1*g[i])
		decayed, size := float32(b2*u[i]), abs32(g[i])
		if !(size <= decayed) { // written so that NaN gets through
			decayed = size
		}
		u[i] = decayed
		p[i] -= float32(lr * (m[i] / (decayed + eps)))
	}
}
