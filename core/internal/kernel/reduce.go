package kernel

import "math"

// Reductions along a row. Their order is part of the numerics contract (doc.go):
// element i joins partial i mod 16 in ascending i, then the partials are folded by
// p[j] ∘= p[j+8], p[j+4], p[j+2], p[j+1]. A sum's partials start at +0, a
// maximum's at −Inf.
//
// The vector kernels take the leading multiple of 16 elements, so that what is left
// to the scalar loop begins at partial 0.

// partials are the 16 running values of a reduction.
type partials [16]float32

// fold adds the partials up.
func (p *partials) fold() float32 {
	s0, s1, s2, s3 := p[0]+p[8], p[1]+p[9], p[2]+p[10], p[3]+p[11]
	s4, s5, s6, s7 := p[4]+p[12], p[5]+p[13], p[6]+p[14], p[7]+p[15]
	s0, s1, s2, s3 = s0+s4, s1+s5, s2+s6, s3+s7
	return (s0 + s2) + (s1 + s3)
}

// Sum returns the sum of x.
func Sum(x []float32) float32 {
	var p partials
	i := sumVec(&p, x)
	return sumScalar(&p, x[i:])
}

func sumScalar(p *partials, x []float32) float32 {
	for i, v := range x {
		p[i&15] += v
	}
	return p.fold()
}

// SumSquares returns the sum of x[i]².
func SumSquares(x []float32) float32 {
	var p partials
	i := dotVec(&p, x, x)
	return dotScalar(&p, x[i:], x[i:])
}

// Dot returns the sum of a[i]·b[i] over len(a) elements, in the order of a
// reduction. (A product of matrices has another order: see Gemm.)
func Dot(a, b []float32) float32 {
	var p partials
	b = b[:len(a)]
	i := dotVec(&p, a, b)
	return dotScalar(&p, a[i:], b[i:])
}

func dotScalar(p *partials, a, b []float32) float32 {
	b = b[:len(a)]
	for i, v := range a {
		p[i&15] += float32(v * b[i])
	}
	return p.fold()
}

// SumAbs returns the sum of |x[i]|.
func SumAbs(x []float32) float32 {
	var p partials
	i := sumAbsVec(&p, x)
	return sumAbsScalar(&p, x[i:])
}

func sumAbsScalar(p *partials, x []float32) float32 {
	for i, v := range x {
		p[i&15] += abs32(v)
	}
	return p.fold()
}

// Max returns the greatest element of x, -Inf if there is none. A NaN is passed
// over: the rule is m < x ? x : m.
func Max(x []float32) float32 {
	var p partials
	for j := range p {
		p[j] = float32(math.Inf(-1))
	}
	i := maxVec(&p, x)
	return maxScalar(&p, x[i:])
}

func maxScalar(p *partials, x []float32) float32 {
	for i, v := range x {
		if p[i&15] < v {
			p[i&15] = v
		}
	}
	for w := 8; w > 0; w /= 2 {
		for j := range w {
			if p[j] < p[j+w] {
				p[j] = p[j+w]
			}
		}
	}
	return p[0]
}

// RowSums computes out[i] = Sum of row i of x[rows, n].
func RowSums(rows, n int, out, x []float32) {
	for i := range rows {
		out[i] = Sum(x[i*n : i*n+n])
	}
}

// sumExp returns the sum of exp(x[i]-m).
func sumExp(x []float32, m float32) float32 {
	var p partials
	i := sumExpVec(&p, x, m)
	return sumExpScalar(&p, x[i:], m)
}

func sumExpScalar(p *partials, x []float32, m float32) float32 {
	for i, v := range x {
		p[i&15] += Exp32(v - m)
	}
	return p.fold()
}
