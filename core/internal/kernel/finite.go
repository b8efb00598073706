package kernel

// HasNonFinite reports whether any element of x is NaN or ±Inf.
func HasNonFinite(x []float32) bool {
	if haveModule && len(x) >= moduleFrom {
		return moduleFinite(int32(len(x)), &x[0]) == 0
	}
	i, bad := nonFiniteVec(x)
	return bad || nonFiniteScalar(x[i:])
}

// nonFiniteScalar: 0·v is ±0 for a finite v and NaN for any other, and a sum that
// has met a NaN stays NaN. One comparison at the end serves the whole slice.
func nonFiniteScalar(x []float32) bool {
	var s float32
	for _, v := range x {
		s += float32(v * 0)
	}
	return s != 0
}

// FirstNonFinite returns the index of the first NaN or ±Inf in x, -1 if there is none.
func FirstNonFinite(x []float32) int {
	if haveModule && !HasNonFinite(x) { // the whole of it at once
		return -1
	}
	const block = 1024
	for lo := 0; lo < len(x); lo += block {
		hi := min(lo+block, len(x))
		if !HasNonFinite(x[lo:hi]) {
			continue
		}
		for i, v := range x[lo:hi] {
			if v-v != 0 {
				return lo + i
			}
		}
	}
	return -1
}
