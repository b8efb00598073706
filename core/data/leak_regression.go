package data

import "math"

// linearR2 returns the squared correlation of a number with the target: at least 30
// rows, of which nine in ten have the number.
func (p *probe) linearR2(a *answer, rows []int) float64 {
	if p.value == nil || len(rows) < 30 {
		return 0
	}
	y := make([]float64, len(rows))
	for i, row := range rows {
		y[i] = a.value[row]
	}
	r2, n := correlation(p.value, y)
	if n*10 < len(rows)*9 {
		return 0
	}
	return r2
}

// correlation returns the squared correlation of two columns over the rows in which
// both have a value, and how many these are. Two passes, in row order.
func correlation(x, y []float64) (r2 float64, n int) {
	var mx, my float64
	for i := range x {
		if both(x[i], y[i]) {
			mx += x[i]
			my += y[i]
			n++
		}
	}
	if n == 0 {
		return 0, 0
	}
	mx /= float64(n)
	my /= float64(n)
	var xx, yy, xy float64
	for i := range x {
		if both(x[i], y[i]) {
			dx, dy := x[i]-mx, y[i]-my
			xx += float64(dx * dx)
			yy += float64(dy * dy)
			xy += float64(dx * dy)
		}
	}
	if r2 = xy / xx * (xy / yy); !(r2 > 0) { // also where one is constant
		return 0, n
	}
	return r2, n
}

func both(x, y float64) bool { return !math.IsNaN(x) && !math.IsNaN(y) }

// heldOutR2 judges each half of the rows by the other: by the mean of the same
// category, or of the nearest value.
func (p *probe) heldOutR2(a *answer, rows []int) float64 {
	if len(rows) < leakRows {
		return 0
	}
	mean := 0.0
	for _, row := range rows {
		mean += a.value[row]
	}
	mean /= float64(len(rows))
	var wrong, all float64
	for half := range 2 {
		estimate := p.fitMean(a, rows, half, mean)
		for i := 1 - half; i < len(rows); i += 2 {
			v := a.value[rows[i]]
			d, e := v-mean, v-estimate(i)
			all += float64(d * d)
			wrong += float64(e * e)
		}
	}
	return 1 - wrong/all
}

func (p *probe) fitMean(a *answer, rows []int, half int, mean float64) func(i int) float64 {
	if p.code != nil {
		sum, count := make([]float64, p.codes+1), make([]float64, p.codes+1)
		for i := half; i < len(rows); i += 2 {
			sum[p.code[i]+1] += a.value[rows[i]]
			count[p.code[i]+1]++
		}
		return func(i int) float64 {
			if k := p.code[i] + 1; count[k] > 0 {
				return sum[k] / count[k]
			}
			return mean
		}
	}
	var values, means []float64
	order := p.sorted(half)
	for from := 0; from < len(order); {
		to, sum := from, 0.0
		for ; to < len(order) && p.value[order[to]] == p.value[order[from]]; to++ {
			sum += a.value[rows[order[to]]]
		}
		values = append(values, p.value[order[from]])
		means = append(means, sum/float64(to-from))
		from = to
	}
	return func(i int) float64 {
		if math.IsNaN(p.value[i]) || len(values) == 0 {
			return mean
		}
		return means[nearest(values, p.value[i])]
	}
}
