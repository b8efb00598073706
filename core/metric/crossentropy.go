package metric

import "math"

// epsilon keeps logarithms and quotients finite: TensorFlow.js's for float32.
const epsilon = 1e-7

// binaryCrossentropy is the mean of −(y·log p + (1−y)·log(1−p)) in a row, p a
// probability cut off at 1e-7 and 1−1e-7.
func binaryCrossentropy(y, p []float32) float64 {
	sum := 0.0
	for j := range p {
		t, q := float64(y[j]), clip(float64(p[j]))
		sum -= float64(t*log(q)) + float64((1-t)*log(1-q))
	}
	return sum / float64(len(p))
}

// categoricalCrossentropy is −Σ y·log p of a row, its probabilities p divided by
// their sum.
func categoricalCrossentropy(y, p []float32) float64 {
	sum, total := 0.0, total(p)
	for j := range p {
		sum -= float64(float64(y[j]) * log(clip(float64(p[j])/total)))
	}
	return sum
}

// sparseCategoricalCrossentropy is the same for a class label: −log p of its class.
func sparseCategoricalCrossentropy(y, p []float32) float64 {
	class, ok := classOf(y[0], len(p))
	if !ok {
		return math.NaN()
	}
	return -log(clip(float64(p[class]) / total(p)))
}

func total(p []float32) float64 {
	sum := 0.0
	for _, v := range p {
		sum += float64(v)
	}
	return sum
}

// clip cuts a probability off at 1e-7 and 1−1e-7; the builtins pass NaN on.
func clip(p float64) float64 { return min(max(p, epsilon), 1-epsilon) }

// log is the natural logarithm of a positive, finite, normal x, to within 2 ulp (or
// 2e-16 near 1); NaN gives NaN. It exists because math.Log's last bit differs
// between machines: here x = 2ᵏ·m with m in [√½, √2), and log m = 2·artanh f with
// f = (m−1)/(m+1), as a series: |f| ≤ 0.1716 leaves the first omitted term below 1e-18.
func log(x float64) float64 {
	if x != x {
		return x
	}
	const fraction = 1<<52 - 1
	bits := math.Float64bits(x)
	k := int(bits>>52) - 1023
	m := math.Float64frombits(bits&fraction | 1023<<52)
	if m >= math.Sqrt2 {
		m /= 2
		k++
	}
	f := (m - 1) / (m + 1)
	square := float64(f * f)
	series := 0.0
	for n := 23; n >= 1; n -= 2 {
		series = float64(series*square) + 1/float64(n)
	}
	return float64(2*float64(f*series)) + float64(float64(k)*math.Ln2)
}
