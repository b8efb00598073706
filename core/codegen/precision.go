package codegen

import (
	"encoding/binary"
	"math"
)

// float16Limit is the least magnitude that rounds to no finite float16.
const float16Limit = 65520

func encodeFloat16(values []float32, _ int) ([]byte, []float32) {
	b := make([]byte, 0, 2*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, float16(v))
	}
	return b, nil
}

// float16 rounds to the nearest float16, ties to even. v must be below float16Limit.
//
// A float16 holds 11 bits from 2^e to 2^(e+1), e ≥ -14. Adding 2^(e+13) to a float32 of
// that range leaves no more than those 11 bits, rounded as the contract's + rounds.
func float16(v float32) uint16 {
	bits := math.Float32bits(v)
	sign := uint16(bits >> 16 & 0x8000)
	e := max(bits>>23&0xFF, 127-14)
	magic := math.Float32frombits((e + 13) << 23)
	rounded := math.Float32frombits(bits&0x7FFFFFFF) + magic
	low := math.Float32bits(rounded) - math.Float32bits(magic) // in units of 2^(e-10)
	return sign | uint16((e-127+14)<<10+low)
}

func decodeFloat16(dst []float32, encoded []byte, _ []float32) {
	for i := range dst {
		h := uint32(binary.LittleEndian.Uint16(encoded[2*i:]))
		dst[i] = math.Float32frombits(math.Float32bits(float32(math.Float32frombits(h&0x7FFF<<13)*0x1p112)) | h&0x8000<<16)
	}
}

func encodeInt8(values []float32, channels int) ([]byte, []float32) {
	scales := make([]float32, channels)
	for i, v := range values {
		scales[i%channels] = max(scales[i%channels], float32(math.Abs(float64(v))))
	}
	for k := range scales {
		scales[k] /= 127
	}
	b := make([]byte, len(values))
	for i, v := range values {
		if s := scales[i%channels]; s > 0 {
			q := math.Floor(float64(v/s) + 0.5)
			b[i] = byte(int8(min(max(q, -127), 127)))
		}
	}
	return b, scales
}

func decodeInt8(dst []float32, encoded []byte, scales []float32) {
	for i := range dst {
		dst[i] = float32(float32(int8(encoded[i])) * scales[i%len(scales)])
	}
}
