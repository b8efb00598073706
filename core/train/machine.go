package train

import "github.com/terrarium-ml/terrarium/core/internal/kernel"

// HasKernelModule tells whether, in a browser, the loader has bound the kernel module,
// which does the heavy loops faster than Go and with the same bits.
func HasKernelModule() bool { return kernel.HaveModule() }

// AllFinite tells whether there is neither NaN nor an infinity among x, many values at
// a time.
func AllFinite(x []float32) bool { return !kernel.HasNonFinite(x) }
