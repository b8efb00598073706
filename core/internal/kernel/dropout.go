package kernel

import "math/rand/v2"

// DropoutMask fills dst with a mask of inverted dropout: 0 with probability rate,
// else 1/(1-rate). Elements 2j and 2j+1 come from the low and the high 32 bits of
// one pcg.Uint64(): kept where they are at least rate·2³². 0 ≤ rate < 1.
func DropoutMask(dst []float32, pcg *rand.PCG, rate float32) {
	keep := 1 / (1 - rate)
	threshold := uint64(float64(rate) * (1 << 32))
	i := 0
	for ; i+2 <= len(dst); i += 2 {
		u := pcg.Uint64()
		dst[i], dst[i+1] = 0, 0
		if u&0xFFFFFFFF >= threshold {
			dst[i] = keep
		}
		if u>>32 >= threshold {
			dst[i+1] = keep
		}
	}
	if i < len(dst) {
		dst[i] = 0
		if pcg.Uint64()&0xFFFFFFFF >= threshold {
			dst[i] = keep
		}
	}
}
