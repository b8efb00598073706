package kernel

// Packing copies a part of a matrix into the order in which a micro-kernel reads
// it: for each k in turn the numbers of one tile's rows or columns, side by side.

// packRows copies for each of k values of p src[p·stride : +tileRows] to dst.
func packRows(dst, src []float32, k, stride int) {
	for p := range k {
		*(*[tileRows]float32)(dst[p*tileRows:]) = *(*[tileRows]float32)(src[p*stride:])
	}
}

// packPanel copies for each of k values of p src[p·stride : +nr] to dst; nr is 4 or
// a multiple of 8.
func packPanel(dst, src []float32, k, nr, stride int) {
	if nr == 4 {
		packRows(dst, src, k, stride)
		return
	}
	for p := range k {
		for j := 0; j < nr; j += 8 {
			*(*[8]float32)(dst[p*nr+j:]) = *(*[8]float32)(src[p*stride+j:])
		}
	}
}

// packStrided copies dst[p·nr + j] = src[p·sp + j·sj] for p < k and j < width, and
// sets the columns from width to nr to 0.
func packStrided(dst, src []float32, k, nr, width, sp, sj int) {
	j := 0
	for ; j+4 <= width; j += 4 {
		s0, s1, s2, s3 := src[j*sj:], src[(j+1)*sj:], src[(j+2)*sj:], src[(j+3)*sj:]
		if sp == 1 {
			s0, s1, s2, s3 = s0[:k], s1[:k], s2[:k], s3[:k]
			for p := range s0 {
				*(*[4]float32)(dst[p*nr+j:]) = [4]float32{s0[p], s1[p], s2[p], s3[p]}
			}
			continue
		}
		for p := range k {
			q := p * sp
			*(*[4]float32)(dst[p*nr+j:]) = [4]float32{s0[q], s1[q], s2[q], s3[q]}
		}
	}
	for ; j < width; j++ {
		s := src[j*sj:]
		for p := range k {
			dst[p*nr+j] = s[p*sp]
		}
	}
	for ; j < nr; j++ {
		for p := range k {
			dst[p*nr+j] = 0
		}
	}
}
