package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFlushDenormals(t *testing.T) {
	inf, zero := float32(math.Inf(1)), float32(math.Copysign(0, -1))
	x := []float32{0x1p-126, -0x1p-126, 0x1.fffffcp-127, -0x1p-149, 0, zero, inf, -inf, 1, float32(math.NaN())}
	for len(x) < 40 {
		x = append(x, x...)
	}
	FlushDenormals(x)
	for i := 0; i < len(x); i += 10 {
		require.Equal(t, []float32{0x1p-126, -0x1p-126, 0, 0, 0, 0, inf, -inf, 1}, x[i:i+9])
		require.NotEqual(t, x[i+9], x[i+9], "NaN stays")
		for _, v := range x[i+2 : i+6] {
			require.Zero(t, math.Float32bits(v))
		}
	}
}
