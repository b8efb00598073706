//go:build js && wasm && goexperiment.simd && kernels

package kernel

import "unsafe"

// The functions of the module (core/internal/wasmgen says what each does). Whoever starts
// a program that was built with the tag kernels provides them, or others of their names that
// nobody calls, and the memory that both work in (site/kernels.js, site/build/finish.go).
// Tests are built without the tag.

var haveModule = moduleVersion() == ModuleVersion

// moduleVersion is that of the module, 0 if there is none.
//
//go:wasmimport terrarium version
func moduleVersion() int32

//go:wasmimport terrarium gemm
//go:noescape
func moduleGemm(flags, m, n, k int32, a *float32, lda int32, b *float32, ldb int32, bias, c *float32, ldc int32, space *float32)

//go:wasmimport terrarium gather
//go:noescape
func moduleGather(rows, rowStep, cols, colStep, taps, tapStep, inner, innerStep, run int32, src, dst *float32)

//go:wasmimport terrarium add
//go:noescape
func moduleAdd(n int32, dst, a, b *float32)

//go:wasmimport terrarium sub
//go:noescape
func moduleSub(n int32, dst, a, b *float32)

//go:wasmimport terrarium mul
//go:noescape
func moduleMul(n int32, dst, a, b *float32)

//go:wasmimport terrarium scale
//go:noescape
func moduleScale(n int32, dst, a *float32, s float32)

//go:wasmimport terrarium addScaled
//go:noescape
func moduleAddScaled(n int32, dst, a *float32, s float32)

//go:wasmimport terrarium relu
//go:noescape
func moduleRelu(n int32, y, x *float32)

//go:wasmimport terrarium reluGrad
//go:noescape
func moduleReluGrad(n int32, dx, dy, y *float32)

//go:wasmimport terrarium exp
//go:noescape
func moduleExp(n int32, y, x *float32)

//go:wasmimport terrarium sigmoid
//go:noescape
func moduleSigmoid(n int32, y, x *float32)

//go:wasmimport terrarium tanh
//go:noescape
func moduleTanh(n int32, y, x *float32)

//go:wasmimport terrarium sgd
//go:noescape
func moduleSGD(n int32, p, g *float32, lr float32)

//go:wasmimport terrarium momentum
//go:noescape
func moduleMomentum(n int32, p, g, v *float32, lr, mu float32)

//go:wasmimport terrarium adam
//go:noescape
func moduleAdam(n int32, p, g, m, v *float32, b1, omb1, b2, omb2, c1, c2, lr, eps float32)

//go:wasmimport terrarium flush
//go:noescape
func moduleFlush(n int32, x *float32)

//go:wasmimport terrarium finite
//go:noescape
func moduleFinite(n int32, x *float32) int32

//go:wasmimport terrarium gatherRows
//go:noescape
func moduleGatherRows(rows, n int32, dst, src *float32, which unsafe.Pointer)

//go:wasmimport terrarium run
//go:noescape
func moduleRun(n int32, program unsafe.Pointer)

//go:wasmimport terrarium rowPanels
//go:noescape
func moduleRowPanels(n, k int32, a, panels, bias, c *float32)

//go:wasmimport terrarium lstm
//go:noescape
func moduleLSTM(rows, u int32, a, before, c, t, h *float32)

//go:wasmimport terrarium lstmGrad
//go:noescape
func moduleLSTMGrad(rows, u int32, a, before, t, dh, dc *float32)
