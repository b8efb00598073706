package digest

import (
	"crypto/sha256"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPlainIsSHA256(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	data := make([]byte, 1000)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	for n := range data {
		want := sha256.Sum256(data[:n])
		whole, parts := newPlain(), newPlain()
		whole.Write(data[:n])
		for at := 0; at < n; {
			k := min(n-at, 1+r.IntN(150))
			parts.Write(data[at : at+k])
			parts.Sum(nil) // changes nothing
			at += k
		}
		require.Equal(t, want[:], whole.Sum(nil), "%d bytes", n)
		require.Equal(t, append([]byte("x"), want[:]...), parts.Sum([]byte("x")), "%d bytes in parts", n)
	}
	used := New()
	used.Write(data)
	want := sha256.Sum256(data)
	require.Equal(t, want[:], used.Sum(nil))
}

func BenchmarkPlain(b *testing.B) {
	data := make([]byte, 1<<16)
	b.SetBytes(int64(len(data)))
	d := newPlain()
	for b.Loop() {
		d.Write(data)
	}
}
