package kernel

import "unsafe"

// tileJob is what a micro-kernel needs to know. A panel of tiles is computed, each of
// tileRows × nr numbers, one below the other:
//
//	C = (total + A·B + bias) (+ C if acc)
//
// where A·B is one sum over k ≤ gemmBlock values and total and bias may be nil.
// Distances are counted in float32.
type tileJob struct {
	k          int
	a          unsafe.Pointer
	lda, aStep int  // A(i, p) is a[i·lda + p], or with byK a[p·lda + i]; next tile at +aStep
	byK        bool // A is stored k by k
	b          unsafe.Pointer
	ldb        int // B(p, j) is b[p·ldb + j]
	bias       unsafe.Pointer
	total      unsafe.Pointer
	ldt        int
	c          unsafe.Pointer
	ldc        int
	acc        bool
}

// floats returns p + n float32.
func floats(p unsafe.Pointer, n int) unsafe.Pointer { return unsafe.Add(p, n*4) }

// panel computes tiles tiles.
func (ws *Workspace) panel(t *tileJob, tiles int) {
	switch {
	case tiles == 0:
	case ws.scalar:
		panelScalar(t, tiles)
	case t.byK:
		panelByK(t, tiles)
	default:
		panelByRow(t, tiles)
	}
}

// scalarNR is the width of the scalar tile: 16 accumulators of float32.
const scalarNR = 4

// panelScalar is the micro-kernel without vectors, tileRows × scalarNR.
func panelScalar(t *tileJob, tiles int) {
	si, sp := t.lda, 1
	if t.byK {
		si, sp = 1, t.lda
	}
	for i := range tiles {
		a := floats(t.a, i*t.aStep)
		a1, a2, a3, b := floats(a, si), floats(a, 2*si), floats(a, 3*si), t.b
		var c00, c01, c02, c03, c10, c11, c12, c13 float32
		var c20, c21, c22, c23, c30, c31, c32, c33 float32
		for p := range t.k {
			q := (*[scalarNR]float32)(floats(b, p*t.ldb))
			b0, b1, b2, b3 := q[0], q[1], q[2], q[3]
			x := *(*float32)(floats(a, p*sp))
			c00 += float32(x * b0)
			c01 += float32(x * b1)
			c02 += float32(x * b2)
			c03 += float32(x * b3)
			x = *(*float32)(floats(a1, p*sp))
			c10 += float32(x * b0)
			c11 += float32(x * b1)
			c12 += float32(x * b2)
			c13 += float32(x * b3)
			x = *(*float32)(floats(a2, p*sp))
			c20 += float32(x * b0)
			c21 += float32(x * b1)
			c22 += float32(x * b2)
			c23 += float32(x * b3)
			x = *(*float32)(floats(a3, p*sp))
			c30 += float32(x * b0)
			c31 += float32(x * b1)
			c32 += float32(x * b2)
			c33 += float32(x * b3)
		}
		finishRow(t, i*tileRows, [scalarNR]float32{c00, c01, c02, c03})
		finishRow(t, i*tileRows+1, [scalarNR]float32{c10, c11, c12, c13})
		finishRow(t, i*tileRows+2, [scalarNR]float32{c20, c21, c22, c23})
		finishRow(t, i*tileRows+3, [scalarNR]float32{c30, c31, c32, c33})
	}
}

// finishRow adds to the block sums s what belongs to them and stores row r.
func finishRow(t *tileJob, r int, s [scalarNR]float32) {
	if t.total != nil {
		for j, v := range *(*[scalarNR]float32)(floats(t.total, r*t.ldt)) {
			s[j] += v
		}
	}
	if t.bias != nil {
		for j, v := range *(*[scalarNR]float32)(t.bias) {
			s[j] += v
		}
	}
	c := (*[scalarNR]float32)(floats(t.c, r*t.ldc))
	if t.acc {
		for j, v := range c {
			s[j] += v
		}
	}
	*c = s
}
