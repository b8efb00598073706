//go:build goexperiment.simd

package bindings

// builtWithSIMD tells whether the kernels of this program use vector instructions.
const builtWithSIMD = true
