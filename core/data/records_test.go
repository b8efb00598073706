package data

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The quick way to split a line with quotes either gives what the thorough one gives,
// or leaves the line to it.
func TestSplitSimple(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	taken := 0
	for range 200_000 {
		line := make([]byte, rng.IntN(12))
		for i := range line {
			line[i] = `",a b`[rng.IntN(5)]
		}
		before := cells{text: []byte("x\n"), ends: []uint32{1}}
		quick := before
		r := recordReader{lines: &lineReader{eof: true}, delim: ','}
		if !r.splitSimple(line, &quick) {
			require.Equal(t, before, cells{quick.text[:2], quick.ends})
			continue
		}
		taken++
		thorough := cells{text: []byte("x\n"), ends: []uint32{1}}
		if len(line) == 0 {
			thorough.close()
		} else {
			require.NoError(t, r.splitQuoted(line, &thorough), "%q", line)
		}
		require.Equal(t, string(thorough.text), string(quick.text), "%q", line)
		require.Equal(t, thorough.ends, quick.ends, "%q", line)
	}
	require.Greater(t, taken, 10_000)
}

func TestPlainPrefix(t *testing.T) {
	for n := range 40 {
		for at := range n {
			for _, b := range []byte{0, 0x80, 0xFF} {
				text := make([]byte, n)
				for i := range text {
					text[i] = byte(1 + (i*37)%127)
				}
				require.Equal(t, n, plainPrefix(text))
				text[at] = b
				require.Equal(t, at, plainPrefix(text))
			}
		}
	}
}
