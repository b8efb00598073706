package kernel

// Losses that are the mean, or the sum, over a row of a function of one prediction and
// its target. Each is a pair: the function, and its derivative by the prediction. A
// network's outputs are few beside its weights: these have scalar kernels only, except
// Huber's, which stands in for the squared error where images are rebuilt
// (loss_huber.go).

// A PointLoss selects such a function. a and b are its parameters.
type PointLoss uint8

// The functions of d = p − t:
const (
	// AbsolutePercentage is 100·|d|/max(|t|, 1e-7).
	AbsolutePercentage PointLoss = iota
	// SquaredLogarithmic is (log(1+max(p, 1e-7)) − log(1+max(t, 1e-7)))².
	SquaredLogarithmic
	// LogCosh is log(cosh d), about d²/2 near 0 and |d| − log 2 far from it.
	LogCosh
	// Hinge is max(1 − t·p, 0), t = ±1.
	Hinge
	// SquaredHinge is max(1 − t·p, 0)².
	SquaredHinge
	// Poisson is p − t·log(p + 1e-7).
	Poisson
	// KLDivergence is t·log(t/p), both cut to [1e-7, 1] under the logarithm; a row's is the sum.
	KLDivergence
	// Quantile is max(a·(t−p), (a−1)·(t−p)): its mean is least at the a-quantile of t
	// (Koenker and Bassett, 1978).
	Quantile
	// FocalLogits is q^a·bce(x, t) with q = t·(1−s) + (1−t)·s, s = sigmoid(x): the
	// crossentropy of what is right already counts less (Lin et al., 2017). With b ≥ 0
	// it is multiplied by t·b + (1−t)·(1−b).
	FocalLogits
	// Focal is FocalLogits of log(p/(1−p)), p cut to [1e-7, 1−1e-7].
	Focal
	pointLosses
)

type pointLoss struct {
	value, slope func(p, t, a, b float32) float32
	sum          bool // of a row, not the mean
}

var pointTable = [pointLosses]pointLoss{
	AbsolutePercentage: {value: func(p, t, _, _ float32) float32 {
		return float32(100*abs32(p-t)) / floor32(abs32(t), lossEps)
	}, slope: func(p, t, _, _ float32) float32 {
		return 100 * sign32(p-t) / floor32(abs32(t), lossEps)
	}},
	SquaredLogarithmic: {value: func(p, t, _, _ float32) float32 {
		d := Log1p32(floor32(p, lossEps)) - Log1p32(floor32(t, lossEps))
		return float32(d * d)
	}, slope: func(p, t, _, _ float32) float32 {
		if p < lossEps {
			return 0
		}
		return 2 * (Log1p32(p) - Log1p32(floor32(t, lossEps))) / (1 + p)
	}},
	LogCosh: {value: func(p, t, _, _ float32) float32 { return logCosh(p - t) },
		slope: func(p, t, _, _ float32) float32 { return Tanh32(p - t) }},
	Hinge: {value: func(p, t, _, _ float32) float32 { return margin(p, t) },
		slope: func(p, t, _, _ float32) float32 {
			if m := margin(p, t); m == 0 {
				return 0
			}
			return -t
		}},
	SquaredHinge: {value: func(p, t, _, _ float32) float32 {
		m := margin(p, t)
		return float32(m * m)
	}, slope: func(p, t, _, _ float32) float32 { return -2 * float32(t*margin(p, t)) }},
	Poisson: {value: func(p, t, _, _ float32) float32 { return p - float32(t*Log32(p+lossEps)) },
		slope: func(p, t, _, _ float32) float32 { return 1 - t/(p+lossEps) }},
	KLDivergence: {sum: true, value: func(p, t, _, _ float32) float32 {
		return float32(t * Log32(clamp(t, lossEps, 1)/clamp(p, lossEps, 1)))
	}, slope: func(p, t, _, _ float32) float32 {
		if p < lossEps || p > 1 {
			return 0
		}
		return -t / p
	}},
	Quantile: {value: func(p, t, a, _ float32) float32 {
		d := t - p
		if d < 0 {
			a--
		}
		return float32(a * d)
	}, slope: func(p, t, a, _ float32) float32 {
		switch d := t - p; {
		case d > 0:
			return -a
		case d < 0:
			return 1 - a
		default:
			return 0 * d // 0, and NaN for NaN
		}
	}},
	FocalLogits: {value: focalLogit, slope: focalLogitSlope},
	Focal: {value: func(p, t, a, b float32) float32 {
		p = clamp(p, lossEps, lossOneLess)
		return focalLogit(Log32(p/(1-p)), t, a, b)
	}, slope: func(p, t, a, b float32) float32 {
		if p < lossEps || p > lossOneLess {
			return 0
		}
		return focalLogitSlope(Log32(p/(1-p)), t, a, b) / float32(p*(1-p))
	}},
}

// PointLosses computes loss[i] = mean over the row of the function, or its sum where
// the function says so.
func PointLosses(kind PointLoss, a, b float32, rows, n int, loss, p, t []float32) {
	f := &pointTable[kind]
	for r := range rows {
		var s partials
		for i, v := range p[r*n : r*n+n] {
			s[i&15] += f.value(v, t[r*n+i], a, b)
		}
		loss[r] = s.fold()
		if !f.sum {
			loss[r] /= float32(n)
		}
	}
}

// PointLossGrads computes dp = scale[i]/n·derivative, or scale[i]·derivative for a sum.
func PointLossGrads(kind PointLoss, a, b float32, rows, n int, dp, p, t, scale []float32) {
	f := &pointTable[kind]
	for r := range rows {
		g := scale[r]
		if !f.sum {
			g /= float32(n)
		}
		for i, v := range p[r*n : r*n+n] {
			dp[r*n+i] = float32(g * f.slope(v, t[r*n+i], a, b))
		}
	}
}

// floor32 returns x, or lo if x is less; NaN stays NaN.
func floor32(x, lo float32) float32 {
	if x < lo {
		return lo
	}
	return x
}

// sign32 returns −1, 0 or 1; NaN stays NaN.
func sign32(x float32) float32 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0 * x
}

// margin is what is missing of a margin of 1: max(1 − t·p, 0).
func margin(p, t float32) float32 { return floor32(1-float32(t*p), 0) }

// logCosh returns log(cosh d). With E = exp(−2|d|) − 1 it is ½·log(1 + sinh² d) and
// sinh² d = E²/(4·(1+E)) near 0, where |d| + log(1 + E/2), which serves the rest, would
// lose everything to rounding.
func logCosh(d float32) float32 {
	d = abs32(d)
	e := expm1Neg(-2 * d)
	if d < 1 {
		return float32(0.5 * Log1p32(float32(e*e)/(4*(1+e))))
	}
	return d + Log1p32(float32(0.5*e))
}

// powUnit returns x^a for 0 ≤ x ≤ 1 and a ≥ 0, within 2 ulp times 1 + a·|log x|.
func powUnit(x, a float32) float32 {
	switch a {
	case 0:
		return 1
	case 1:
		return x
	case 2:
		return float32(x * x)
	}
	return Exp32(float32(a * Log32(x)))
}

// focal returns what focalLogit and its slope share: s = sigmoid(x), q, q^a and the
// weight of the class.
func focal(x, t, a, b float32) (s, q, power, weight float32) {
	s = Sigmoid32(x)
	q = float32(t*Sigmoid32(-x)) + float32((1-t)*s)
	weight = 1
	if b >= 0 {
		weight = float32(t*b) + float32((1-t)*(1-b))
	}
	return s, q, powUnit(q, a), weight
}

func focalLogit(x, t, a, b float32) float32 {
	_, _, power, weight := focal(x, t, a, b)
	return float32(float32(weight*power) * bceLogit(x, t))
}

// focalLogitSlope returns weight·(q^a·(s−t) + a·q^a·s(1−s)/q·(1−2t)·bce). Where q is 0
// the prediction is right to the last bit, and nothing is left to learn.
func focalLogitSlope(x, t, a, b float32) float32 {
	s, q, power, weight := focal(x, t, a, b)
	if q == 0 {
		return float32(power * (s - t))
	}
	inner := float32(float32(a*power) * float32(float32(s*Sigmoid32(-x))/q))
	inner = float32(inner * float32((1-float32(2*t))*bceLogit(x, t)))
	return float32(weight * (float32(power*(s-t)) + inner))
}
