package metric

import "math"

// binaryAccuracy returns the part of a row's entries that are on their target's
// side of a threshold: class 1 is what lies above it.
func binaryAccuracy(threshold float32) func(y, p []float32) float64 {
	return func(y, p []float32) float64 {
		right := 0
		for j := range p {
			if p[j] != p[j] || y[j] != y[j] {
				return math.NaN()
			}
			if (p[j] > threshold) == (y[j] > 0.5) {
				right++
			}
		}
		return float64(right) / float64(len(p))
	}
}

// categoricalAccuracy is 1 where the likeliest class is the target's.
func categoricalAccuracy(y, p []float32) float64 {
	want, ok := argmax(y)
	return hit(p, want, ok)
}

// sparseCategoricalAccuracy is 1 where the likeliest class is the labelled one.
func sparseCategoricalAccuracy(y, p []float32) float64 {
	want, ok := classOf(y[0], len(p))
	return hit(p, want, ok)
}

func hit(p []float32, want int, ok bool) float64 {
	got, finite := argmax(p)
	switch {
	case !ok || !finite:
		return math.NaN()
	case got == want:
		return 1
	}
	return 0
}

// topK returns a function that is 1 where fewer than k classes score higher than
// the target's.
func topK(k int, target func(y []float32, classes int) (int, bool)) func(y, p []float32) float64 {
	return func(y, p []float32) float64 {
		want, ok := target(y, len(p))
		if !ok {
			return math.NaN()
		}
		higher := 0
		for _, v := range p {
			if v != v {
				return math.NaN()
			}
			if v > p[want] {
				higher++
			}
		}
		if higher < k {
			return 1
		}
		return 0
	}
}

func denseTarget(y []float32, _ int) (int, bool) { return argmax(y) }

func sparseTarget(y []float32, classes int) (int, bool) { return classOf(y[0], classes) }

// argmax returns the index of the largest value, the first of several; not ok
// where one is NaN.
func argmax(x []float32) (index int, ok bool) {
	for j, v := range x {
		if v != v {
			return 0, false
		}
		if v > x[index] {
			index = j
		}
	}
	return index, len(x) > 0
}

// classOf returns a label as a class; not ok where it is no whole number in
// [0, classes).
func classOf(label float32, classes int) (class int, ok bool) {
	if !(label >= 0 && label < float32(classes)) || label != float32(math.Floor(float64(label))) {
		return 0, false
	}
	return int(label), true
}
