package kernel

import (
	"hash/fnv"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStreamSeed: the hash is the standard library's FNV-1a of the documented bytes.
func TestStreamSeed(t *testing.T) {
	h := fnv.New64a()
	h.Write([]byte("dropout\x00dense_1\x00\x02\x00\x00\x00\x00\x00\x00\x00\x03\x01\x00\x00\x00\x00\x00\x00"))
	var got rand.PCG
	Stream(&got, 42, "dropout", "dense_1", 2, 259)
	require.Equal(t, *rand.NewPCG(42, h.Sum64()), got)
}

func TestDropoutMask(t *testing.T) {
	// Element by element as documented, for an even and an odd length.
	for _, n := range []int{0, 1, 2, 7, 1000} {
		mask := make([]float32, n)
		DropoutMask(mask, rand.NewPCG(1, 2), 0.25)
		pcg := rand.NewPCG(1, 2)
		for i := 0; i < n; i += 2 {
			u := pcg.Uint64()
			for j, half := range []uint64{u & 0xFFFFFFFF, u >> 32} {
				if i+j < n {
					want := float32(0)
					if half >= 1<<30 {
						want = 1 / float32(0.75)
					}
					require.Equal(t, want, mask[i+j])
				}
			}
		}
	}
	mask := make([]float32, 100_000)
	DropoutMask(mask, rand.NewPCG(3, 4), 0.3)
	require.InDelta(t, 1, Sum(mask)/float32(len(mask)), 0.01, "the mean of a mask is 1")
	DropoutMask(mask, rand.NewPCG(3, 4), 0)
	require.Equal(t, float32(len(mask)), Sum(mask))
}
