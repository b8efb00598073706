package kernel

// ColSums computes out[j] = sum over the m rows of A[m,n], with acc out[j] += that
// sum: the gradient of a bias. It is the product of a row of ones with A and follows
// the order of products: blocks of 256 rows.
func ColSums(m, n int, a []float32, lda int, out []float32, acc bool) {
	if haveModule && !acc && m > 0 && n > 0 {
		sumColumns(m, n, a, lda, out)
		return
	}
	j := colSumsVec(m, n, a, lda, out, acc)
	if j < n {
		colSumsScalar(m, n-j, a[j:], lda, out[j:], acc)
	}
}

func colSumsScalar(m, n int, a []float32, lda int, out []float32, acc bool) {
	for j := range n {
		var total float32
		for i0 := 0; i0 < m; i0 += gemmBlock {
			var s float32
			for i := i0; i < min(i0+gemmBlock, m); i++ {
				s += a[i*lda+j]
			}
			total += s
		}
		if acc {
			total += out[j]
		}
		out[j] = total
	}
}
