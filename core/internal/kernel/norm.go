package kernel

// Normalisation of rows: each row by its own statistics. Sums along a row follow the
// order of reductions; those over rows, of the gradients of gamma and beta, the order
// of products (doc.go).

// NormalizeRows computes each row of y[rows, n]:
//
//	m = Σ x / n    v = Σ (x − m)² / n    r = 1 / √(v + epsilon)
//	y = (x − m)·r·gamma + beta
//
// and leaves m and r in stats[rows, 2]. Without centered m is 0. gamma and beta have n
// values; ones and zeros are as good as none. y may be x.
func NormalizeRows(rows, n int, y, x, gamma, beta, stats []float32, epsilon float32, centered bool) {
	size := float32(n)
	for i := range rows {
		xr := x[i*n : i*n+n]
		var m float32
		if centered {
			m = Sum(xr) / size
		}
		r := inverseRoot(sumSquaresFrom(xr, m)/size, epsilon)
		stats[2*i], stats[2*i+1] = m, r
		normalizeRow(y[i*n:i*n+n], xr, gamma, beta, m, r)
	}
}

// inverseRoot returns 1 / √(v + epsilon).
func inverseRoot(v, epsilon float32) float32 { return 1 / sqrt32(v+epsilon) }

// NormalizeRowsGrad computes, with g = dy·gamma and x̂ = (x − m)·r of each row,
//
//	dx = (g − Σ g / n − x̂·(Σ g·x̂ / n))·r    dgamma = Σ rows of dy·x̂    dbeta = Σ rows of dy
//
// where the term Σ g is left out without centered. Each result may be nil. scratch has
// 2·n values. dx may be dy.
func NormalizeRowsGrad(rows, n int, dx, dgamma, dbeta, dy, x, gamma, stats, scratch []float32, centered bool) {
	size := float32(n)
	blocks := rowBlocks{n: n, sums: scratch[:2*n], first: dgamma, second: dbeta}
	for i := range rows {
		xr, dr, m, r := x[i*n:i*n+n], dy[i*n:i*n+n], stats[2*i], stats[2*i+1]
		if dgamma != nil || dbeta != nil {
			blocks.begin(i)
			addNormParams(blocks.sums[:n], blocks.sums[n:], xr, dr, m, r)
			blocks.end(i, rows)
		}
		if dx == nil {
			continue
		}
		sum, dot := normSums(xr, dr, gamma, m, r)
		if !centered {
			sum = 0
		}
		normRowGrad(dx[i*n:i*n+n], xr, dr, gamma, m, r, sum/size, dot/size)
	}
}

// rowBlocks keeps the sums of two matrices' columns, row by row, in the order of
// ColSums: block sums of gemmBlock rows, which are added up in first and second.
type rowBlocks struct {
	n             int
	sums          []float32
	first, second []float32 // nil if nobody wants it
}

func (b *rowBlocks) begin(row int) {
	if row%gemmBlock == 0 {
		Fill(b.sums, 0)
	}
}

func (b *rowBlocks) end(row, rows int) {
	if (row+1)%gemmBlock != 0 && row+1 != rows {
		return
	}
	for k, total := range [2][]float32{b.first, b.second} {
		if total == nil {
			continue
		}
		if row < gemmBlock {
			Fill(total[:b.n], 0)
		}
		Accumulate(total[:b.n], b.sums[k*b.n:])
	}
}

// sumSquaresFrom returns the sum of (x[i] − m)².
func sumSquaresFrom(x []float32, m float32) float32 {
	var p partials
	i := sumSquaresFromVec(&p, x, m)
	return sumSquaresFromScalar(&p, x[i:], m)
}

func sumSquaresFromScalar(p *partials, x []float32, m float32) float32 {
	for i, v := range x {
		d := v - m
		p[i&15] += float32(d * d)
	}
	return p.fold()
}

// normalizeRow computes y = (x − m)·r·gamma + beta.
func normalizeRow(y, x, gamma, beta []float32, m, r float32) {
	i := normalizeRowVec(y, x, gamma, beta, m, r)
	normalizeRowScalar(y[i:], x[i:], gamma[i:], beta[i:], m, r)
}

func normalizeRowScalar(y, x, gamma, beta []float32, m, r float32) {
	x, gamma, beta = x[:len(y)], gamma[:len(y)], beta[:len(y)]
	for i := range y {
		y[i] = float32(float32((x[i]-m)*r)*gamma[i]) + beta[i]
	}
}

// normSums returns Σ g and Σ g·x̂ of a row.
func normSums(x, dy, gamma []float32, m, r float32) (sum, dot float32) {
	var p, q partials
	i := normSumsVec(&p, &q, x, dy, gamma, m, r)
	return normSumsScalar(&p, &q, x[i:], dy[i:], gamma[i:], m, r)
}

func normSumsScalar(p, q *partials, x, dy, gamma []float32, m, r float32) (sum, dot float32) {
	dy, gamma = dy[:len(x)], gamma[:len(x)]
	for i, v := range x {
		g := float32(dy[i] * gamma[i])
		p[i&15] += g
		q[i&15] += float32(g * float32((v-m)*r))
	}
	return p.fold(), q.fold()
}

// normRowGrad computes dx = (g − s − x̂·d)·r. dx may be dy.
func normRowGrad(dx, x, dy, gamma []float32, m, r, s, d float32) {
	i := normRowGradVec(dx, x, dy, gamma, m, r, s, d)
	normRowGradScalar(dx[i:], x[i:], dy[i:], gamma[i:], m, r, s, d)
}

func normRowGradScalar(dx, x, dy, gamma []float32, m, r, s, d float32) {
	x, dy, gamma = x[:len(dx)], dy[:len(dx)], gamma[:len(dx)]
	for i := range dx {
		dx[i] = float32((float32(dy[i]*gamma[i]) - s - float32(float32((x[i]-m)*r)*d)) * r)
	}
}

// addNormParams computes dgamma += dy·x̂ and dbeta += dy.
func addNormParams(dgamma, dbeta, x, dy []float32, m, r float32) {
	i := addNormParamsVec(dgamma, dbeta, x, dy, m, r)
	addNormParamsScalar(dgamma[i:], dbeta[i:], x[i:], dy[i:], m, r)
}

func addNormParamsScalar(dgamma, dbeta, x, dy []float32, m, r float32) {
	dbeta, x, dy = dbeta[:len(dgamma)], x[:len(dgamma)], dy[:len(dgamma)]
	for i := range dgamma {
		dgamma[i] += float32(dy[i] * float32((x[i]-m)*r))
		dbeta[i] += dy[i]
	}
}
