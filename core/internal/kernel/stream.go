package kernel

import "math/rand/v2"

// NumericsVersion names the bits that this core computes (DESIGN C1). Whoever
// changes a formula, an order of additions or a random stream raises it, with a
// line in CHANGELOG.md and new golden hashes in the same commit.
const NumericsVersion = 2

// Stream seeds pcg for one purpose: the generator is PCG(seed, h), where h is the
// FNV-1a hash (Fowler, Noll, Vo, 64 bit) of purpose, name, epoch and step. The
// strings are closed by a zero byte and the numbers are eight bytes, little-endian,
// so that no two lists of arguments hash the same bytes.
//
// A stream depends on nothing but its arguments. Therefore nothing of a random
// generator needs storing in a checkpoint, and a step can be repeated.
func Stream(pcg *rand.PCG, seed uint64, purpose, name string, epoch, step uint64) {
	h := uint64(fnvOffset)
	h = fnvString(h, purpose)
	h = fnvString(h, name)
	h = fnvUint64(h, epoch)
	h = fnvUint64(h, step)
	pcg.Seed(seed, h)
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func fnvString(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h * fnvPrime // the closing zero byte: h ^ 0
}

func fnvUint64(h, v uint64) uint64 {
	for range 8 {
		h = (h ^ v&0xff) * fnvPrime
		v >>= 8
	}
	return h
}
