package kernel

// Normalisation of columns: each by statistics over all rows. Sums follow the order of
// ColSums.

// ColDots computes out[j] = Σ rows of d·(x − mean), d and x of shape [m, n]. It is the
// product of a row of ones with a matrix of these terms.
func ColDots(m, n int, d, x, mean, out []float32) {
	j := colDotsVec(m, n, d, x, mean, out)
	colDotsScalar(m, n, j, d, x, mean, out)
}

func colDotsScalar(m, n, from int, d, x, mean, out []float32) {
	for j := from; j < n; j++ {
		var total float32
		for i0 := 0; i0 < m; i0 += gemmBlock {
			var s float32
			for i := i0; i < min(i0+gemmBlock, m); i++ {
				s += float32(d[i*n+j] * (x[i*n+j] - mean[j]))
			}
			total += s
		}
		out[j] = total
	}
}

// ColSquares computes out[j] = Σ rows of (x − mean)², x of shape [m, n].
func ColSquares(m, n int, x, mean, out []float32) {
	j := colSquaresVec(m, n, x, mean, out)
	colSquaresScalar(m, n, j, x, mean, out)
}

func colSquaresScalar(m, n, from int, x, mean, out []float32) {
	for j := from; j < n; j++ {
		var total float32
		for i0 := 0; i0 < m; i0 += gemmBlock {
			var s float32
			for i := i0; i < min(i0+gemmBlock, m); i++ {
				v := x[i*n+j] - mean[j]
				s += float32(v * v)
			}
			total += s
		}
		out[j] = total
	}
}

// InverseRoots computes dst[i] = 1 / √(v[i] + epsilon). dst may be v.
func InverseRoots(dst, v []float32, epsilon float32) {
	for i := range dst {
		dst[i] = inverseRoot(v[i], epsilon)
	}
}

// repeats is how often what belongs to n columns is written one behind the other, so
// that several short rows make one stretch for the vector loops.
func repeats(n int) int {
	if n < 64 {
		return 16
	}
	return 1
}

// ColumnSpace is the scratch memory that NormalizeColumns and NormalizeColumnsGrad want
// for n columns.
func ColumnSpace(n int) int { return 4 * n * repeats(n) }

// repeated copies each of the lists, of n values, into its part of scratch, again and
// again, and returns the length of a part.
func repeated(n int, scratch []float32, lists [4][]float32) int {
	size := n * repeats(n)
	for k, list := range lists {
		if list == nil {
			continue
		}
		part := scratch[k*size : (k+1)*size]
		for i := 0; i < size; i += n {
			copy(part[i:i+n], list)
		}
	}
	return size
}

// NormalizeColumns computes y = (x − mean)·scale + shift of matrices[m, n], all three
// with a value a column. y may be x.
func NormalizeColumns(m, n int, y, x, mean, scale, shift, scratch []float32) {
	size := repeated(n, scratch, [4][]float32{mean, scale, shift})
	mean, scale, shift = scratch[:size], scratch[size:2*size], scratch[2*size:3*size]
	for i := 0; i < m*n; i += size {
		end := min(i+size, m*n)
		yr, xr := y[i:end], x[i:end]
		k := affineVec(yr, xr, mean, scale, shift)
		affineScalar(yr[k:], xr[k:], mean[k:], scale[k:], shift[k:])
	}
}

func affineScalar(y, x, mean, scale, shift []float32) {
	x, mean, scale, shift = x[:len(y)], mean[:len(y)], scale[:len(y)], shift[:len(y)]
	for i := range y {
		y[i] = float32((x[i]-mean[i])*scale[i]) + shift[i]
	}
}

// NormalizeColumnsGrad computes dx = (dy − b − (x − mean)·c)·scale of matrices[m, n],
// the others with a value a column. dx may be dy.
func NormalizeColumnsGrad(m, n int, dx, dy, x, mean, scale, b, c, scratch []float32) {
	size := repeated(n, scratch, [4][]float32{mean, scale, b, c})
	mean, scale, b, c = scratch[:size], scratch[size:2*size], scratch[2*size:3*size], scratch[3*size:4*size]
	for i := 0; i < m*n; i += size {
		end := min(i+size, m*n)
		d, dr, xr := dx[i:end], dy[i:end], x[i:end]
		k := affineGradVec(d, dr, xr, mean, scale, b, c)
		affineGradScalar(d[k:], dr[k:], xr[k:], mean[k:], scale[k:], b[k:], c[k:])
	}
}

func affineGradScalar(dx, dy, x, mean, scale, b, c []float32) {
	dy, x, mean, scale, b, c = dy[:len(dx)], x[:len(dx)], mean[:len(dx)], scale[:len(dx)], b[:len(dx)], c[:len(dx)]
	for i := range dx {
		dx[i] = float32((dy[i] - b[i] - float32((x[i]-mean[i])*c[i])) * scale[i])
	}
}
