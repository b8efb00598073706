package kernel

// normEps keeps the division by a norm finite: Keras's.
const normEps = 1e-7

// ConstrainNorms brings Euclidean norms of w, of shape [outer, n, inner], into a range.
// For each of the outer·inner vectors along the middle axis, of norm N,
//
//	w *= (rate·c + (1−rate)·N)/(1e-7 + N)      c = N cut to [lo, hi]
//
// The sum of squares is a reduction where the vectors are rows (inner = 1); elsewhere
// it runs over an outer axis and has the order of a product.
func ConstrainNorms(outer, n, inner int, w []float32, lo, hi, rate float32) {
	for o := range outer {
		part := w[o*n*inner : (o+1)*n*inner]
		if inner == 1 {
			Scale(part, part, normFactor(SumSquares(part), lo, hi, rate))
			continue
		}
		for j := 0; j < inner; j += normColumns {
			constrainColumns(n, inner, min(normColumns, inner-j), part[j:], lo, hi, rate)
		}
	}
}

// normColumns is how many columns are summed at a time: their sums stay in registers
// and the first cache.
const normColumns = 64

// constrainColumns works on the first cols columns of w[n, ld].
func constrainColumns(n, ld, cols int, w []float32, lo, hi, rate float32) {
	var total [normColumns]float32
	for i0 := 0; i0 < n; i0 += gemmBlock {
		var s [normColumns]float32
		for i := i0; i < min(i0+gemmBlock, n); i++ {
			for j, v := range w[i*ld : i*ld+cols] {
				s[j] += float32(v * v)
			}
		}
		for j := range cols {
			total[j] += s[j]
		}
	}
	for j := range cols {
		total[j] = normFactor(total[j], lo, hi, rate)
	}
	for i := range n {
		for j, v := range w[i*ld : i*ld+cols] {
			w[i*ld+j] = float32(v * total[j])
		}
	}
}

func normFactor(squares, lo, hi, rate float32) float32 {
	norm := sqrt32(squares)
	return (float32(rate*clamp(norm, lo, hi)) + float32((1-rate)*norm)) / (normEps + norm)
}

// NonNegative sets what is below 0 to 0.
func NonNegative(w []float32) { Activate(Relu, 0, w, w) }

// Penalties computes out[i] = l1·Σ|x| + l2·Σx² of row i of x[rows, n].
func Penalties(rows, n int, out, x []float32, l1, l2 float32) {
	for r := range rows {
		row := x[r*n : r*n+n]
		out[r] = float32(l1*SumAbs(row)) + float32(l2*SumSquares(row))
	}
}

// PenaltiesGrad computes dx = scale[i]·(l1·sign(x) + 2·l2·x), sign(0) = 0. dx must not
// be x.
func PenaltiesGrad(rows, n int, dx, x, scale []float32, l1, l2 float32) {
	for r := range rows {
		d, f := dx[r*n:r*n+n], scale[r]
		Fill(d, 0)
		AddL1L2(d, x[r*n:r*n+n], float32(f*l1), float32(f*l2))
	}
}

// ScaleShift computes dst = a·x + b.
func ScaleShift(dst, x []float32, a, b float32) {
	x = x[:len(dst)]
	for i := range dst {
		dst[i] = float32(a*x[i]) + b
	}
}
