package kernel

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
)

// warmUp runs f for a while in a browser, which compiles a function well only after
// it has run often.
func warmUp(f func()) {
	if runtime.GOOS != "js" {
		return
	}
	for start := time.Now(); time.Since(start) < time.Second; {
		f()
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, scalar := range []bool{false, true} {
		name := map[bool]string{false: "vectors", true: "scalar"}[scalar]
		for _, n := range []int{128, 256, 512} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) { benchGemm(b, forms[0], scalar, n, n, n) })
		}
	}
	for _, f := range forms {
		b.Run("mlp/"+f.name, func(b *testing.B) {
			switch f.name {
			case "NN":
				benchGemm(b, f, false, 32, 128, 784)
			case "TN":
				benchGemm(b, f, false, 784, 128, 32)
			case "NT":
				benchGemm(b, f, false, 32, 128, 64)
			}
		})
		b.Run("tabular/"+f.name, func(b *testing.B) {
			switch f.name {
			case "NN":
				benchGemm(b, f, false, 32, 32, 10)
			case "TN":
				benchGemm(b, f, false, 10, 32, 32)
			case "NT":
				benchGemm(b, f, false, 32, 32, 16)
			}
		})
	}
	b.Run("one row", func(b *testing.B) { benchGemm(b, forms[0], false, 1, 128, 784) })
}

func benchGemm(b *testing.B, f form, scalar bool, m, n, k int) {
	r := rand.New(rand.NewPCG(1, 1))
	p := &product{form: f, m: m, n: n, k: k, lda: k, ldb: n, ldc: n}
	if f.transA {
		p.lda = m
	}
	if f.transB {
		p.ldb = k
	}
	p.a, p.b = make([]float32, m*k), make([]float32, k*n)
	p.c, p.bias = make([]float32, m*n), make([]float32, n)
	for _, s := range [][]float32{p.a, p.b, p.bias} {
		for i := range s {
			s[i] = r.Float32() - 0.5
		}
	}
	ws := newWorkspace(scalar || !haveVectors())
	warmUp(func() { p.run(ws, m, n, k, p.a, p.lda, p.b, p.ldb, p.bias, p.c, p.ldc, false) })
	for b.Loop() {
		p.run(ws, m, n, k, p.a, p.lda, p.b, p.ldb, p.bias, p.c, p.ldc, false)
	}
	b.ReportMetric(2*float64(m)*float64(n)*float64(k)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
}

func BenchmarkMath(b *testing.B) {
	const n = 1024
	r := rand.New(rand.NewPCG(1, 1))
	x, y, g := make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range x {
		x[i], g[i] = r.Float32()*8-4, r.Float32()
	}
	m, v, ws := make([]float32, n), make([]float32, n), make([]float32, n)
	for _, c := range []struct {
		name string
		run  func()
	}{
		{"Add", func() { Add(y, x, g) }},
		{"Adam", func() { Adam(ws, g, m, v, 0.9, 0.1, 0.999, 0.001, 1.2, 1.3, 0.01, 1e-7) }},
		{"FlushDenormals", func() { FlushDenormals(m) }},
		{"Dot", func() { ws[0] = Dot(x, g) }},
		{"Max", func() { ws[0] = Max(x) }},
		{"HasNonFinite", func() { _ = HasNonFinite(x) }},
		{"Exp", func() { Exp(y, x) }},
		{"Exp/scalar", func() { expScalar(y, x) }},
		{"Log", func() { Log(y, g) }},
		{"Erf", func() { Erf(y, x) }},
		{"Relu", func() { Activate(Relu, 0, y, x) }},
		{"Sigmoid", func() { Activate(Sigmoid, 0, y, x) }},
		{"Tanh", func() { Activate(Tanh, 0, y, x) }},
		{"Tanh/scalar", func() { activateScalar(Tanh, 0, y, x) }},
		{"Gelu", func() { Activate(Gelu, 0, y, x) }},
		{"Softmax/10", func() { Softmax(n/16, 10, y, x) }},
		{"Softmax/1024", func() { Softmax(1, n, y, x) }},
		{"BCELogits/1", func() { BCELogits(32, 1, y, x, g) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			warmUp(c.run)
			for b.Loop() {
				c.run()
			}
			b.SetBytes(4 * n)
		})
	}
}

// BenchmarkGather gathers the patches of images: 5×5 of one channel and of eight.
func BenchmarkGather(b *testing.B) {
	for _, c := range []int{1, 8} {
		b.Run(fmt.Sprintf("5x5x%d", c), func(b *testing.B) {
			p := Patches{X: make([]float32, 28*28*c), H: 28, W: 28, C: c, Top: 2, Left: 2, Bottom: 2, Right: 2,
				Rows: 28, Cols: 28, StepY: 1, StepX: 1, TapsY: 5, TapsX: 5, TapY: 1, TapX: 1}
			p.Padded = make([]float32, p.PaddedLen())
			dst := make([]float32, 784*p.Len())
			warmUp(func() { p.Gather(dst, 0, 784) })
			for b.Loop() {
				p.Gather(dst, 0, 784)
			}
			b.SetBytes(int64(4 * len(dst)))
		})
	}
}

// BenchmarkDepthwise: rows of 28 pixels by 3×3, forward and for the kernel's gradient.
func BenchmarkDepthwise(b *testing.B) {
	const n, c = 28, 32
	x, w, y := make([]float32, 30*30*c), make([]float32, 9*c), make([]float32, n*c)
	win := Window{TapsY: 3, TapsX: 3, TapY: 30 * c, TapX: c}
	for name, f := range map[string]func(){
		"forward": func() { DepthwiseRow(n, c, win, x, c, w, nil, y, c) },
		"kernel": func() {
			for t := range 9 {
				DepthwiseGrad(n, c, x[t%3*c:], c, y, w[t*c:])
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			warmUp(f)
			for b.Loop() {
				f()
			}
			b.ReportMetric(2*9*n*c*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}
