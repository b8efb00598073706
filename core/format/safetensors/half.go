package safetensors

import "math"

// IEEE 754 binary16: a sign, 5 bits of exponent (bias 15), 10 of fraction.

// fromHalf decodes a binary16; every one is a float32.
func fromHalf(h uint16) float32 {
	sign := uint32(h>>15) << 31
	exponent, fraction := uint32(h>>10)&31, uint32(h)&1023
	switch exponent {
	case 0: // zero and denormals: fraction · 2⁻²⁴, exactly
		v := float32(fraction) * (1.0 / (1 << 24))
		return math.Float32frombits(sign | math.Float32bits(v))
	case 31: // infinities and NaN
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}

// toHalf encodes v as a binary16, to nearest, ties to even. A number too large for
// the format becomes an infinity.
func toHalf(v float32) uint16 {
	b := math.Float32bits(v)
	sign := uint16(b >> 16 & 0x8000)
	b &= 0x7fffffff
	switch {
	case b > 0x7f800000: // NaN, kept a quiet one
		return sign | 0x7e00
	case b >= 0x47800000: // 65536 and above
		return sign | 0x7c00
	case b >= 0x38800000: // 2⁻¹⁴ and above: a normal half; rounding may carry upwards
		b += 0xfff + b>>13&1
		return sign | uint16(b>>13-(127-15)<<10)
	case b < 0x33000000: // below 2⁻²⁵: nearest is zero
		return sign
	}
	// A denormal half: the fraction with its leading bit, shifted to units of 2⁻²⁴.
	shift := 126 - b>>23
	fraction := b&0x7fffff | 0x800000
	half := fraction >> shift
	rest, tie := fraction&(1<<shift-1), uint32(1)<<(shift-1)
	if rest > tie || rest == tie && half&1 == 1 {
		half++
	}
	return sign | uint16(half)
}
