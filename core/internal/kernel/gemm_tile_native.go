//go:build goexperiment.simd && (amd64 || arm64)

package kernel

import (
	"simd"
	"unsafe"
)

// The native micro-kernels: a tile of 4 × 2 vectors of whatever width the machine
// has, that is 4 × 8, 4 × 16 or 4 × 32 numbers.

func haveVectors() bool { return !emulated }

// vector returns the numbers at p that one vector takes.
func vector(p unsafe.Pointer) []float32 { return unsafe.Slice((*float32)(p), lanes()) }

// panelByRow is the micro-kernel for an A stored row by row.
func panelByRow(t *tileJob, tiles int) {
	k, lda, b, ldb, w := t.k, t.lda, t.b, t.ldb, lanes()
	for i := range tiles {
		a := floats(t.a, i*t.aStep)
		a1, a2, a3 := floats(a, lda), floats(a, 2*lda), floats(a, 3*lda)
		var c00, c01, c10, c11, c20, c21, c30, c31 simd.Float32s
		for p := range k {
			q := floats(b, p*ldb)
			b0, b1 := simd.LoadFloat32s(vector(q)), simd.LoadFloat32s(vector(floats(q, w)))
			s := simd.BroadcastFloat32s(*(*float32)(floats(a, p)))
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = simd.BroadcastFloat32s(*(*float32)(floats(a1, p)))
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = simd.BroadcastFloat32s(*(*float32)(floats(a2, p)))
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = simd.BroadcastFloat32s(*(*float32)(floats(a3, p)))
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
		}
		finishRowV(t, 4*i, c00, c01)
		finishRowV(t, 4*i+1, c10, c11)
		finishRowV(t, 4*i+2, c20, c21)
		finishRowV(t, 4*i+3, c30, c31)
	}
}

// panelByK is the micro-kernel for an A stored k by k.
func panelByK(t *tileJob, tiles int) {
	k, lda, b, ldb, w := t.k, t.lda, t.b, t.ldb, lanes()
	for i := range tiles {
		a := floats(t.a, i*t.aStep)
		var c00, c01, c10, c11, c20, c21, c30, c31 simd.Float32s
		for p := range k {
			q := floats(b, p*ldb)
			b0, b1 := simd.LoadFloat32s(vector(q)), simd.LoadFloat32s(vector(floats(q, w)))
			r := (*[4]float32)(floats(a, p*lda))
			s := simd.BroadcastFloat32s(r[0])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = simd.BroadcastFloat32s(r[1])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = simd.BroadcastFloat32s(r[2])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = simd.BroadcastFloat32s(r[3])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
		}
		finishRowV(t, 4*i, c00, c01)
		finishRowV(t, 4*i+1, c10, c11)
		finishRowV(t, 4*i+2, c20, c21)
		finishRowV(t, 4*i+3, c30, c31)
	}
}

// finishRowV adds to the block sums of row r what belongs to them and stores the row.
func finishRowV(t *tileJob, r int, s0, s1 simd.Float32s) {
	w := lanes()
	if t.total != nil {
		p := floats(t.total, r*t.ldt)
		s0 = s0.Add(simd.LoadFloat32s(vector(p)))
		s1 = s1.Add(simd.LoadFloat32s(vector(floats(p, w))))
	}
	if t.bias != nil {
		s0 = s0.Add(simd.LoadFloat32s(vector(t.bias)))
		s1 = s1.Add(simd.LoadFloat32s(vector(floats(t.bias, w))))
	}
	p := floats(t.c, r*t.ldc)
	if t.acc {
		s0 = s0.Add(simd.LoadFloat32s(vector(p)))
		s1 = s1.Add(simd.LoadFloat32s(vector(floats(p, w))))
	}
	s0.Store(vector(p))
	s1.Store(vector(floats(p, w)))
}
