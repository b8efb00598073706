package kernel

// Products with fewer rows than a tile has, which predicting one sample needs most:
// row by row, nothing packed, B read once from beginning to end.

// gemmRow computes c[n] (+)= a·B[k,n] + bias, a(p) = a[p·sa], k > 0.
func gemmRow(ws *Workspace, n, k int, a []float32, sa int, b []float32, ldb int, bias, c []float32, acc bool) {
	c = c[:n]
	for j0 := 0; j0 < n; j0 += rowColumns {
		out := c[j0:min(j0+rowColumns, n)]
		sum := out
		if acc { // c holds what is added last
			sum = ws.total[:len(out)]
		}
		gemmRowSums(ws, k, a, sa, b, j0, ldb, sum)
		if bias != nil {
			Add(sum, sum, bias[j0:])
		}
		if acc {
			Add(out, sum, out)
		}
	}
}

// rowColumns is how many columns ws.total has room for.
const rowColumns = rowBlock * colBlock

// gemmRowSums computes sum[j] = a·B for the columns of B from j0 on.
func gemmRowSums(ws *Workspace, k int, a []float32, sa int, b []float32, j0, ldb int, sum []float32) {
	for p0 := 0; p0 < k; p0 += gemmBlock {
		kc := min(gemmBlock, k-p0)
		var ap []float32
		if sa == 1 {
			ap = a[p0 : p0+kc]
		} else {
			ap = ws.row[:kc]
			for p := range ap {
				ap[p] = a[(p0+p)*sa]
			}
		}
		bp, j := b[p0*ldb+j0:], 0
		if !ws.scalar {
			j = gemmRowVec(kc, ap, bp, ldb, sum, p0 == 0)
		}
		gemmRowScalar(ap, bp[min(j, len(bp)):], ldb, sum[j:], p0 == 0)
	}
}

// gemmRowScalar computes c[j] (+)= sum of a[p]·b[p·ldb+j], four columns at a time.
func gemmRowScalar(a, b []float32, ldb int, c []float32, first bool) {
	j := 0
	for ; j+4 <= len(c); j += 4 {
		var s0, s1, s2, s3 float32
		for p, x := range a {
			q := (*[4]float32)(b[p*ldb+j:])
			s0 += float32(x * q[0])
			s1 += float32(x * q[1])
			s2 += float32(x * q[2])
			s3 += float32(x * q[3])
		}
		storeSums(c[j:], first, s0, s1, s2, s3)
	}
	for ; j < len(c); j++ {
		var s float32
		for p, x := range a {
			s += float32(x * b[p*ldb+j])
		}
		storeSum(&c[j], first, s)
	}
}

// gemmRowNT computes c[n] (+)= a·Bᵀ + bias, B stored [n,k]. A vector across columns
// would have to be gathered, and a sum may not be split: four rows of B side by side
// keep the adder busy instead.
func gemmRowNT(n, k int, a, b []float32, ldb int, bias, c []float32, acc bool) {
	for j := 0; j < n; j += 4 {
		var total [4]float32
		width := min(4, n-j)
		for p0 := 0; p0 < k; p0 += gemmBlock {
			kc := min(gemmBlock, k-p0)
			ap := a[p0 : p0+kc]
			row := func(i int) []float32 { // beyond the last row: the last again
				at := (j+min(i, width-1))*ldb + p0
				return b[at : at+kc]
			}
			b0, b1, b2, b3 := row(0), row(1), row(2), row(3)
			var s0, s1, s2, s3 float32
			for p, x := range ap {
				s0 += float32(x * b0[p])
				s1 += float32(x * b1[p])
				s2 += float32(x * b2[p])
				s3 += float32(x * b3[p])
			}
			total[0] += s0
			total[1] += s1
			total[2] += s2
			total[3] += s3
		}
		for i, s := range total[:width] {
			if bias != nil {
				s += bias[j+i]
			}
			if acc {
				s += c[j+i]
			}
			c[j+i] = s
		}
	}
}

func storeSums(c []float32, first bool, s0, s1, s2, s3 float32) {
	storeSum(&c[0], first, s0)
	storeSum(&c[1], first, s1)
	storeSum(&c[2], first, s2)
	storeSum(&c[3], first, s3)
}

// storeSum stores the first block sum of a number, and adds each further one.
func storeSum(c *float32, first bool, s float32) {
	if !first {
		s += *c
	}
	*c = s
}
