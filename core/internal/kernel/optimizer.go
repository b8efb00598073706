package kernel

import "math"

// Optimizer steps on one contiguous range of parameters p with gradient g and
// per-parameter state; all slices are as long as p and do not overlap. The formulas
// are those of optim, which computes the scalars.

// SGD computes p -= lr·g.
func SGD(p, g []float32, lr float32) {
	g = g[:len(p)]
	if haveModule && len(p) >= moduleFrom {
		moduleSGD(int32(len(p)), &p[0], &g[0], lr)
		return
	}
	i := sgdVec(p, g, lr)
	sgdScalar(p[i:], g[i:], lr)
}

func sgdScalar(p, g []float32, lr float32) {
	g = g[:len(p)]
	for i := range p {
		p[i] -= float32(lr * g[i])
	}
}

// Momentum computes v = mu·v + g; p -= lr·v, with nesterov p -= lr·(g + mu·v).
func Momentum(p, g, v []float32, lr, mu float32, nesterov bool) {
	g, v = g[:len(p)], v[:len(p)]
	if haveModule && !nesterov && len(p) >= moduleFrom {
		moduleMomentum(int32(len(p)), &p[0], &g[0], &v[0], lr, mu)
		return
	}
	i := momentumVec(p, g, v, lr, mu, nesterov)
	momentumScalar(p[i:], g[i:], v[i:], lr, mu, nesterov)
}

func momentumScalar(p, g, v []float32, lr, mu float32, nesterov bool) {
	g, v = g[:len(p)], v[:len(p)]
	for i := range p {
		w := float32(mu*v[i]) + g[i]
		v[i] = w
		if nesterov {
			w = g[i] + float32(mu*w)
		}
		p[i] -= float32(lr * w)
	}
}

// Adam computes, with omb1 = 1−b1, omb2 = 1−b2, c1 = 1/(1−b1^t), c2 = 1/(1−b2^t),
//
//	m = b1·m + omb1·g
//	v = b2·v + omb2·g²
//	p -= lr·(m·c1) / (sqrt(v·c2) + eps)
func Adam(p, g, m, v []float32, b1, omb1, b2, omb2, c1, c2, lr, eps float32) {
	g, m, v = g[:len(p)], m[:len(p)], v[:len(p)]
	if haveModule && len(p) >= moduleFrom {
		moduleAdam(int32(len(p)), &p[0], &g[0], &m[0], &v[0], b1, omb1, b2, omb2, c1, c2, lr, eps)
		return
	}
	i := adamVec(p, g, m, v, b1, omb1, b2, omb2, c1, c2, lr, eps)
	adamScalar(p[i:], g[i:], m[i:], v[i:], b1, omb1, b2, omb2, c1, c2, lr, eps)
}

func adamScalar(p, g, m, v []float32, b1, omb1, b2, omb2, c1, c2, lr, eps float32) {
	g, m, v = g[:len(p)], m[:len(p)], v[:len(p)]
	for i := range p {
		mi := float32(b1*m[i]) + float32(omb1*g[i])
		vi := float32(b2*v[i]) + float32(omb2*float32(g[i]*g[i]))
		m[i], v[i] = mi, vi
		p[i] -= float32(lr*float32(mi*c1)) / (sqrt32(float32(vi*c2)) + eps)
	}
}

// RMSProp computes, with omrho = 1−rho,
//
//	s = rho·s + omrho·g²
//	gm = rho·gm + omrho·g;  d = max(s − gm², 0)      if gm is not nil (centered), else d = s
//	u = lr·g / sqrt(d + eps)
//	mom = mu·mom + u;  p -= mom              if mom is not nil, else p -= u
func RMSProp(p, g, s, mom, gm []float32, rho, omrho, mu, lr, eps float32) {
	g, s = g[:len(p)], s[:len(p)]
	if mom != nil {
		mom = mom[:len(p)]
	}
	if gm != nil {
		gm = gm[:len(p)]
	}
	i := rmspropVec(p, g, s, mom, gm, rho, omrho, mu, lr, eps)
	p, g, s = p[i:], g[i:], s[i:]
	if mom != nil {
		mom = mom[i:]
	}
	if gm != nil {
		gm = gm[i:]
	}
	rmspropScalar(p, g, s, mom, gm, rho, omrho, mu, lr, eps)
}

func rmspropScalar(p, g, s, mom, gm []float32, rho, omrho, mu, lr, eps float32) {
	g, s = g[:len(p)], s[:len(p)]
	for i := range p {
		d := float32(rho*s[i]) + float32(omrho*float32(g[i]*g[i]))
		s[i] = d
		if gm != nil {
			c := float32(rho*gm[i]) + float32(omrho*g[i])
			gm[i] = c
			d -= float32(c * c)
			if d < 0 { // a variance that rounding took below zero has no root
				d = 0
			}
		}
		u := float32(lr*g[i]) / sqrt32(d+eps)
		if mom != nil {
			u += float32(mu * mom[i])
			mom[i] = u
		}
		p[i] -= u
	}
}

// sqrt32 is exact: the square root of a float32 computed in float64 and rounded to
// float32 is the correctly rounded one.
func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// ClipValue limits each g[i] to [-c, c]; NaN stays NaN.
func ClipValue(g []float32, c float32) {
	i := clipVec(g, c)
	clipScalar(g[i:], c)
}

func clipScalar(g []float32, c float32) {
	for i, v := range g {
		g[i] = clamp(v, -c, c)
	}
}

// AddL1L2 adds the gradient of l1·|w| + l2·w²: g += l1·sign(w) + 2·l2·w, sign(0) = 0.
func AddL1L2(g, w []float32, l1, l2 float32) {
	w = w[:len(g)]
	i := addL1L2Vec(g, w, l1, l2)
	addL1L2Scalar(g[i:], w[i:], l1, l2)
}

func addL1L2Scalar(g, w []float32, l1, l2 float32) {
	w = w[:len(g)]
	l2 = float32(2 * l2)
	for i, v := range w {
		s := float32(0)
		if v > 0 {
			s = l1
		}
		if v < 0 {
			s = -l1
		}
		g[i] += s + float32(l2*v)
	}
}
