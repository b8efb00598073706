//go:build goexperiment.simd

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// The micro-kernels for WebAssembly: a tile of 4 × 8 is eight accumulators, and with
// two vectors of B, one of A and a product it fits the sixteen vector locals that the
// compiler keeps in registers. The loop over k is unrolled by 4 because an iteration
// of a Go loop costs a jump through the function's dispatch table; addresses are
// computed from a base, never carried past the end of a slice.

func haveVectors() bool { return true }

// load4 and splat: names short enough to see the arithmetic.
func load4(s []float32) archsimd.Float32x4 {
	return archsimd.LoadFloat32x4Array((*[4]float32)(s))
}

func splat(x float32) archsimd.Float32x4 { return archsimd.BroadcastFloat32x4(x) }

// panelByRow is the micro-kernel for an A stored row by row.
func panelByRow(t *tileJob, tiles int) {
	k, lda, b, ldb := t.k, t.lda, t.b, t.ldb
	for i := range tiles {
		a := floats(t.a, i*t.aStep)
		a1, a2, a3 := floats(a, lda), floats(a, 2*lda), floats(a, 3*lda)
		var c00, c01, c10, c11, c20, c21, c30, c31 archsimd.Float32x4
		p := 0
		for ; p+4 <= k; p += 4 {
			q := (*[8]float32)(floats(b, p*ldb))
			r0, r1 := (*[4]float32)(floats(a, p)), (*[4]float32)(floats(a1, p))
			r2, r3 := (*[4]float32)(floats(a2, p)), (*[4]float32)(floats(a3, p))
			b0, b1 := load4(q[0:4]), load4(q[4:8])
			s := splat(r0[0])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r1[0])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r2[0])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r3[0])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
			q = (*[8]float32)(floats(unsafe.Pointer(q), ldb))
			b0, b1 = load4(q[0:4]), load4(q[4:8])
			s = splat(r0[1])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r1[1])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r2[1])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r3[1])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
			q = (*[8]float32)(floats(unsafe.Pointer(q), ldb))
			b0, b1 = load4(q[0:4]), load4(q[4:8])
			s = splat(r0[2])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r1[2])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r2[2])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r3[2])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
			q = (*[8]float32)(floats(unsafe.Pointer(q), ldb))
			b0, b1 = load4(q[0:4]), load4(q[4:8])
			s = splat(r0[3])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r1[3])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r2[3])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r3[3])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
		}
		for ; p < k; p++ {
			q := (*[8]float32)(floats(b, p*ldb))
			r0, r1 := (*[1]float32)(floats(a, p)), (*[1]float32)(floats(a1, p))
			r2, r3 := (*[1]float32)(floats(a2, p)), (*[1]float32)(floats(a3, p))
			b0, b1 := load4(q[0:4]), load4(q[4:8])
			s := splat(r0[0])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r1[0])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r2[0])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r3[0])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
		}
		if t.total != nil {
			x := (*[8]float32)(floats(t.total, 4*i*t.ldt))
			c00, c01 = c00.Add(load4(x[0:4])), c01.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.total, (4*i+1)*t.ldt))
			c10, c11 = c10.Add(load4(x[0:4])), c11.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.total, (4*i+2)*t.ldt))
			c20, c21 = c20.Add(load4(x[0:4])), c21.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.total, (4*i+3)*t.ldt))
			c30, c31 = c30.Add(load4(x[0:4])), c31.Add(load4(x[4:8]))
		}
		if t.bias != nil {
			x := (*[8]float32)(t.bias)
			x0, x1 := load4(x[0:4]), load4(x[4:8])
			c00, c01 = c00.Add(x0), c01.Add(x1)
			c10, c11 = c10.Add(x0), c11.Add(x1)
			c20, c21 = c20.Add(x0), c21.Add(x1)
			c30, c31 = c30.Add(x0), c31.Add(x1)
		}
		if t.acc {
			x := (*[8]float32)(floats(t.c, 4*i*t.ldc))
			c00, c01 = c00.Add(load4(x[0:4])), c01.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.c, (4*i+1)*t.ldc))
			c10, c11 = c10.Add(load4(x[0:4])), c11.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.c, (4*i+2)*t.ldc))
			c20, c21 = c20.Add(load4(x[0:4])), c21.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.c, (4*i+3)*t.ldc))
			c30, c31 = c30.Add(load4(x[0:4])), c31.Add(load4(x[4:8]))
		}
		x := (*[8]float32)(floats(t.c, 4*i*t.ldc))
		c00.StoreArray((*[4]float32)(x[0:4]))
		c01.StoreArray((*[4]float32)(x[4:8]))
		x = (*[8]float32)(floats(t.c, (4*i+1)*t.ldc))
		c10.StoreArray((*[4]float32)(x[0:4]))
		c11.StoreArray((*[4]float32)(x[4:8]))
		x = (*[8]float32)(floats(t.c, (4*i+2)*t.ldc))
		c20.StoreArray((*[4]float32)(x[0:4]))
		c21.StoreArray((*[4]float32)(x[4:8]))
		x = (*[8]float32)(floats(t.c, (4*i+3)*t.ldc))
		c30.StoreArray((*[4]float32)(x[0:4]))
		c31.StoreArray((*[4]float32)(x[4:8]))
	}
}

// panelByK is the micro-kernel for an A stored k by k.
func panelByK(t *tileJob, tiles int) {
	k, lda, b, ldb := t.k, t.lda, t.b, t.ldb
	for i := range tiles {
		a := floats(t.a, i*t.aStep)
		var c00, c01, c10, c11, c20, c21, c30, c31 archsimd.Float32x4
		p := 0
		for ; p+4 <= k; p += 4 {
			q := (*[8]float32)(floats(b, p*ldb))
			r := (*[4]float32)(floats(a, p*lda))
			b0, b1 := load4(q[0:4]), load4(q[4:8])
			s := splat(r[0])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r[1])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r[2])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r[3])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
			q = (*[8]float32)(floats(unsafe.Pointer(q), ldb))
			r = (*[4]float32)(floats(unsafe.Pointer(r), lda))
			b0, b1 = load4(q[0:4]), load4(q[4:8])
			s = splat(r[0])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r[1])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r[2])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r[3])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
			q = (*[8]float32)(floats(unsafe.Pointer(q), ldb))
			r = (*[4]float32)(floats(unsafe.Pointer(r), lda))
			b0, b1 = load4(q[0:4]), load4(q[4:8])
			s = splat(r[0])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r[1])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r[2])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r[3])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
			q = (*[8]float32)(floats(unsafe.Pointer(q), ldb))
			r = (*[4]float32)(floats(unsafe.Pointer(r), lda))
			b0, b1 = load4(q[0:4]), load4(q[4:8])
			s = splat(r[0])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r[1])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r[2])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r[3])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
		}
		for ; p < k; p++ {
			q := (*[8]float32)(floats(b, p*ldb))
			r := (*[4]float32)(floats(a, p*lda))
			b0, b1 := load4(q[0:4]), load4(q[4:8])
			s := splat(r[0])
			c00, c01 = c00.Add(s.Mul(b0)), c01.Add(s.Mul(b1))
			s = splat(r[1])
			c10, c11 = c10.Add(s.Mul(b0)), c11.Add(s.Mul(b1))
			s = splat(r[2])
			c20, c21 = c20.Add(s.Mul(b0)), c21.Add(s.Mul(b1))
			s = splat(r[3])
			c30, c31 = c30.Add(s.Mul(b0)), c31.Add(s.Mul(b1))
		}
		if t.total != nil {
			x := (*[8]float32)(floats(t.total, 4*i*t.ldt))
			c00, c01 = c00.Add(load4(x[0:4])), c01.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.total, (4*i+1)*t.ldt))
			c10, c11 = c10.Add(load4(x[0:4])), c11.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.total, (4*i+2)*t.ldt))
			c20, c21 = c20.Add(load4(x[0:4])), c21.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.total, (4*i+3)*t.ldt))
			c30, c31 = c30.Add(load4(x[0:4])), c31.Add(load4(x[4:8]))
		}
		if t.bias != nil {
			x := (*[8]float32)(t.bias)
			x0, x1 := load4(x[0:4]), load4(x[4:8])
			c00, c01 = c00.Add(x0), c01.Add(x1)
			c10, c11 = c10.Add(x0), c11.Add(x1)
			c20, c21 = c20.Add(x0), c21.Add(x1)
			c30, c31 = c30.Add(x0), c31.Add(x1)
		}
		if t.acc {
			x := (*[8]float32)(floats(t.c, 4*i*t.ldc))
			c00, c01 = c00.Add(load4(x[0:4])), c01.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.c, (4*i+1)*t.ldc))
			c10, c11 = c10.Add(load4(x[0:4])), c11.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.c, (4*i+2)*t.ldc))
			c20, c21 = c20.Add(load4(x[0:4])), c21.Add(load4(x[4:8]))
			x = (*[8]float32)(floats(t.c, (4*i+3)*t.ldc))
			c30, c31 = c30.Add(load4(x[0:4])), c31.Add(load4(x[4:8]))
		}
		x := (*[8]float32)(floats(t.c, 4*i*t.ldc))
		c00.StoreArray((*[4]float32)(x[0:4]))
		c01.StoreArray((*[4]float32)(x[4:8]))
		x = (*[8]float32)(floats(t.c, (4*i+1)*t.ldc))
		c10.StoreArray((*[4]float32)(x[0:4]))
		c11.StoreArray((*[4]float32)(x[4:8]))
		x = (*[8]float32)(floats(t.c, (4*i+2)*t.ldc))
		c20.StoreArray((*[4]float32)(x[0:4]))
		c21.StoreArray((*[4]float32)(x[4:8]))
		x = (*[8]float32)(floats(t.c, (4*i+3)*t.ldc))
		c30.StoreArray((*[4]float32)(x[0:4]))
		c31.StoreArray((*[4]float32)(x[4:8]))
	}
}
