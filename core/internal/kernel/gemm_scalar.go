package kernel

// gemmBlock is the number of consecutive k whose products share one accumulator.
// It is part of the numerics contract (doc.go), not a tuning knob.
const gemmBlock = 256

// GemmScalar is the oracle of the three products and the reference of their order
// of sums: C[m,n] = A·B + bias, A[m,k] stored as [k,m] with transA, B[k,n] stored
// as [n,k] with transB; bias[n] may be nil; with acc the result is added to C.
// lda, ldb and ldc are the strides of the stored rows.
func GemmScalar(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool) {
	sai, sap := lda, 1
	if transA {
		sai, sap = 1, lda
	}
	sbp, sbj := ldb, 1
	if transB {
		sbp, sbj = 1, ldb
	}
	for i := range m {
		for j := range n {
			var total float32
			for p0 := 0; p0 < k; p0 += gemmBlock {
				var s float32
				for p := p0; p < min(p0+gemmBlock, k); p++ {
					s += float32(a[i*sai+p*sap] * b[p*sbp+j*sbj])
				}
				total += s
			}
			if bias != nil {
				total += bias[j]
			}
			if acc {
				total += c[i*ldc+j]
			}
			c[i*ldc+j] = total
		}
	}
}
