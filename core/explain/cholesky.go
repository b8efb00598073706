package explain

import "math"

// solve solves A·x = b for a symmetric positive definite A of n rows, by A = L·Lᵀ
// (Cholesky; Golub and Van Loan, 2013, algorithm 4.2.1 in its row-by-row form). A's lower
// half becomes L, and b becomes x. Sums run over ascending k in float64. It returns false
// where A is not positive definite.
func solve(a, b []float64) bool {
	n := len(b)
	for i := range n {
		for j := range i + 1 {
			sum := a[i*n+j]
			for k := range j {
				sum -= float64(a[i*n+k] * a[j*n+k])
			}
			if i > j {
				a[i*n+j] = sum / a[j*n+j]
				continue
			}
			if !(sum > 0) || math.IsInf(sum, 1) {
				return false
			}
			a[i*n+i] = math.Sqrt(sum)
		}
	}
	for i := range n { // L·z = b
		for k := range i {
			b[i] -= float64(a[i*n+k] * b[k])
		}
		b[i] /= a[i*n+i]
	}
	for i := n - 1; i >= 0; i-- { // Lᵀ·x = z
		for k := i + 1; k < n; k++ {
			b[i] -= float64(a[k*n+i] * b[k])
		}
		b[i] /= a[i*n+i]
	}
	return true
}
