package kernel

import "unsafe"

// smallestNormal is 2⁻¹²⁶. What is nearer to zero has fewer digits, and on Intel's
// processors takes a hundred cycles and more in every product.
const smallestNormal = 0x1p-126

// FlushDenormals sets to zero what is nearer to zero than normal numbers are. NaN stays.
//
// Training gets there by itself: where a gradient stays zero, as it does for a ReLU that has
// died, Adam's m is multiplied by 0.9 until rounding gives the same denormal number again, for
// ever, and weights that L2 pulls to zero end so, too. A processor's own switch for this (FTZ) WebAssembly lacks, and
// it would change other bits.
func FlushDenormals(x []float32) {
	if haveModule && len(x) >= moduleFrom {
		moduleFlush(int32(len(x)), unsafe.SliceData(x))
		return
	}
	flushDenormalsScalar(x[flushDenormalsVec(x):])
}

func flushDenormalsScalar(x []float32) {
	for i, v := range x {
		if v < smallestNormal && v > -smallestNormal {
			x[i] = 0
		}
	}
}
