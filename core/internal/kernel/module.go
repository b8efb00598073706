package kernel

import "unsafe"

// The kernel module is WebAssembly that core/internal/wasmgen writes, by hand as it
// were, for those loops that Go's compiler leaves at half of what the machine can do.
// It works in the memory of this program. Where a loader has bound it, haveModule is
// true, and the exported functions below hand their work over; their bits are the
// same. Everywhere else haveModule is a constant false.
//
// A call from Go prepares its arguments on two stacks. A Program makes many of one.

const (
	// ModuleVersion is the version of the module that this program can use; it is
	// wasmgen's Version.
	ModuleVersion = 4

	// ModuleSpace is how many numbers a product of the module works in: wasmgen's
	// GemmSpace.
	ModuleSpace = 131136

	// moduleFrom is the length from which handing over an array pays.
	moduleFrom = 16
)

// Flags of the module's gemm: those of wasmgen.
const (
	moduleTransA = 1 << iota
	moduleTransB
	moduleAcc
)

// HaveModule tells whether the kernel module does the work.
func HaveModule() bool { return haveModule }

// multiply is a product, its matrices checked, by the module.
func (ws *Workspace) multiply(flags int32, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool) {
	if acc {
		flags |= moduleAcc
	}
	moduleGemm(flags, int32(m), int32(n), int32(k), unsafe.SliceData(a), int32(lda), unsafe.SliceData(b), int32(ldb),
		unsafe.SliceData(bias), unsafe.SliceData(c), int32(ldc), unsafe.SliceData(ws.space))
}

// one is the row of ones of ColSums, all of them the same.
var one float32 = 1

// sumColumns is ColSums without acc, m and n above 0: a product of one row, which
// needs no work space.
func sumColumns(m, n int, a []float32, lda int, out []float32) {
	checkMatrix("A", a, m, n, lda)
	checkMatrix("of sums", out, 1, n, n)
	moduleGemm(moduleTransA, 1, int32(n), int32(m), &one, 0, unsafe.SliceData(a), int32(lda), nil, unsafe.SliceData(out), int32(n), nil)
}

// activateModule is Activate, if the module has the function.
func activateModule(kind Activation, y, x []float32) bool {
	n, to, from := int32(len(y)), unsafe.SliceData(y), unsafe.SliceData(x)
	switch kind {
	case Relu:
		moduleRelu(n, to, from)
	case Sigmoid:
		moduleSigmoid(n, to, from)
	case Tanh:
		moduleTanh(n, to, from)
	default:
		return false
	}
	return true
}

// lstmModule is LSTM of sigmoid and tanh by the module, rows and u above 0.
func lstmModule(rows, u int, a, before, c, t, h []float32) {
	n := rows * u
	moduleLSTM(int32(rows), int32(u), whole(a, 4*n), whole(before, n), whole(c, n), whole(t, n), whole(h, n))
}

// lstmGradModule is LSTMGrad, likewise.
func lstmGradModule(rows, u int, a, before, t, dh, dc []float32) {
	n := rows * u
	moduleLSTMGrad(int32(rows), int32(u), whole(a, 4*n), whole(before, n), whole(t, n), whole(dh, n), whole(dc, n))
}

// whole returns where n numbers begin, all of which there must be.
func whole(s []float32, n int) *float32 {
	_ = s[n-1]
	return &s[0]
}
