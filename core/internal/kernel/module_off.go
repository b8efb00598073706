//go:build !(js && wasm && goexperiment.simd && kernels)

package kernel

import "unsafe"

// A program without the kernel module: none of these is called.

const haveModule = false

func moduleGemm(flags, m, n, k int32, a *float32, lda int32, b *float32, ldb int32, bias, c *float32, ldc int32, space *float32) {
}
func moduleGather(rows, rowStep, cols, colStep, taps, tapStep, inner, innerStep, run int32, src, dst *float32) {
}
func moduleAdd(n int32, dst, a, b *float32)                                                {}
func moduleSub(n int32, dst, a, b *float32)                                                {}
func moduleMul(n int32, dst, a, b *float32)                                                {}
func moduleScale(n int32, dst, a *float32, s float32)                                      {}
func moduleAddScaled(n int32, dst, a *float32, s float32)                                  {}
func moduleRelu(n int32, y, x *float32)                                                    {}
func moduleReluGrad(n int32, dx, dy, y *float32)                                           {}
func moduleExp(n int32, y, x *float32)                                                     {}
func moduleSigmoid(n int32, y, x *float32)                                                 {}
func moduleTanh(n int32, y, x *float32)                                                    {}
func moduleSGD(n int32, p, g *float32, lr float32)                                         {}
func moduleMomentum(n int32, p, g, v *float32, lr, mu float32)                             {}
func moduleAdam(n int32, p, g, m, v *float32, b1, omb1, b2, omb2, c1, c2, lr, eps float32) {}
func moduleFlush(n int32, x *float32)                                                      {}
func moduleFinite(n int32, x *float32) int32                                               { return 1 }
func moduleGatherRows(rows, n int32, dst, src *float32, which unsafe.Pointer)              {}
func moduleRun(n int32, program unsafe.Pointer)                                            {}
func moduleLSTM(rows, u int32, a, before, c, t, h *float32)                                {}
func moduleRowPanels(n, k int32, a, panels, bias, c *float32)                              {}
func moduleLSTMGrad(rows, u int32, a, before, t, dh, dc *float32)                          {}
