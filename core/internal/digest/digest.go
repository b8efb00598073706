// Package digest is SHA-256 (FIPS 180-4): of a file's bytes, of a model's weights.
//
// Natively it is crypto/sha256. In WebAssembly, where that has no assembly to be fast
// with, it is a plain loop of our own: crypto/sha256 brings Go's whole FIPS module
// into the program (AES, SHA-3, HMAC, a random generator and the self-tests that run
// at every start), 0.13 MB of code for a function of sixty lines.
package digest

import "math/bits"

// A plain is a SHA-256 under way. It is compiled everywhere, to be tested against
// crypto/sha256.
type plain struct {
	h      [8]uint32
	buffer [64]byte
	length uint64 // bytes so far
}

func newPlain() *plain {
	return &plain{h: [8]uint32{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}}
}

// Write adds bytes. It never fails.
func (d *plain) Write(p []byte) (int, error) {
	n := len(p)
	if have := int(d.length % 64); have > 0 {
		k := copy(d.buffer[have:], p)
		p = p[k:]
		if have+k == 64 {
			d.blocks(d.buffer[:])
		}
	}
	if full := len(p) / 64 * 64; full > 0 {
		d.blocks(p[:full])
		p = p[full:]
	}
	if d.length += uint64(n); len(p) > 0 {
		copy(d.buffer[:], p)
	}
	return n, nil
}

// Sum appends the digest of what was written so far; more may follow.
func (d *plain) Sum(b []byte) []byte {
	end := *d
	padding := make([]byte, 1+(119-end.length%64)%64, 72)
	padding[0] = 0x80
	for shift := 56; shift >= 0; shift -= 8 {
		padding = append(padding, byte(end.length<<3>>shift))
	}
	end.Write(padding)
	for _, h := range end.h {
		b = append(b, byte(h>>24), byte(h>>16), byte(h>>8), byte(h))
	}
	return b
}

// blocks adds whole blocks, with the names of FIPS 180-4, section 6.2.2.
func (d *plain) blocks(p []byte) {
	var w [64]uint32
	for ; len(p) >= 64; p = p[64:] {
		for t := range 16 {
			q := p[4*t : 4*t+4 : 4*t+4]
			w[t] = uint32(q[0])<<24 | uint32(q[1])<<16 | uint32(q[2])<<8 | uint32(q[3])
		}
		for t := 16; t < 64; t++ {
			x, y := w[t-2], w[t-15]
			s1 := bits.RotateLeft32(x, -17) ^ bits.RotateLeft32(x, -19) ^ x>>10
			s0 := bits.RotateLeft32(y, -7) ^ bits.RotateLeft32(y, -18) ^ y>>3
			w[t] = s1 + w[t-7] + s0 + w[t-16]
		}
		a, b, c, e, f, g, h := d.h[0], d.h[1], d.h[2], d.h[4], d.h[5], d.h[6], d.h[7]
		dd := d.h[3]
		for t := range 64 {
			t1 := h + (bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25)) + (e&f ^ ^e&g) + k[t] + w[t]
			t2 := (bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)) + (a&b ^ a&c ^ b&c)
			h, g, f, e, dd, c, b, a = g, f, e, dd+t1, c, b, a, t1+t2
		}
		for i, v := range [8]uint32{a, b, c, dd, e, f, g, h} {
			d.h[i] += v
		}
	}
}

// k are the first 32 bits of the fractions of the cube roots of the first 64 primes.
var k = [64]uint32{
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}
