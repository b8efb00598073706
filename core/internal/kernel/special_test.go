package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSpecialValues states what the functions do where mathematics or float32 ends.
func TestSpecialValues(t *testing.T) {
	nan, inf, zero := float32(math.NaN()), float32(math.Inf(1)), float32(0)
	negZero := float32(math.Copysign(0, -1))
	for _, c := range []struct {
		name    string
		f       func(float32) float32
		x, want float32
	}{
		{"exp", Exp32, 0, 1}, {"exp", Exp32, inf, inf}, {"exp", Exp32, -inf, 0}, {"exp", Exp32, nan, nan},
		{"exp", Exp32, 88.8, inf}, {"exp", Exp32, -104.5, 0}, {"exp", Exp32, -103.3, 0x1p-149},
		{"log", Log32, 1, 0}, {"log", Log32, 0, -inf}, {"log", Log32, negZero, -inf}, {"log", Log32, -1, nan},
		{"log", Log32, inf, inf}, {"log", Log32, nan, nan}, {"log", Log32, 0x1p-149, -103.27893},
		{"log1p", Log1p32, -1, -inf}, {"log1p", Log1p32, -1.5, nan}, {"log1p", Log1p32, inf, inf},
		{"log1p", Log1p32, nan, nan}, {"log1p", Log1p32, 1e-10, 1e-10}, {"log1p", Log1p32, math.MaxFloat32, 88.72284},
		{"tanh", Tanh32, inf, 1}, {"tanh", Tanh32, -inf, -1}, {"tanh", Tanh32, nan, nan}, {"tanh", Tanh32, negZero, negZero},
		{"tanh", Tanh32, 1e-30, 1e-30},
		{"sigmoid", Sigmoid32, 0, 0.5}, {"sigmoid", Sigmoid32, 100, 1}, {"sigmoid", Sigmoid32, -100, 3.783506e-44},
		{"sigmoid", Sigmoid32, inf, 1}, {"sigmoid", Sigmoid32, -inf, 0}, {"sigmoid", Sigmoid32, nan, nan},
		{"softplus", Softplus32, 100, 100}, {"softplus", Softplus32, -100, 3.783506e-44}, {"softplus", Softplus32, nan, nan},
		{"softplus", Softplus32, inf, inf}, {"softplus", Softplus32, -inf, 0},
		{"erf", Erf32, inf, 1}, {"erf", Erf32, -inf, -1}, {"erf", Erf32, nan, nan}, {"erf", Erf32, zero, 0},
	} {
		if got := c.f(c.x); !sameBits(c.want, got) {
			require.Failf(t, "wrong", "%s(%v) = %v, want %v", c.name, c.x, got, c.want)
		}
	}
}

// TestNaNPassesThrough: a NaN must come out of every activation, so that a run that
// meets one is seen to have met it.
func TestNaNPassesThrough(t *testing.T) {
	for kind := Linear; kind < activationCount; kind++ {
		x := make([]float32, 41)
		x[2], x[40] = float32(math.NaN()), float32(math.NaN())
		Activate(kind, 0.5, x, x)
		for i, y := range x {
			require.Equal(t, i == 2 || i == 40, y != y, "activation %d, element %d", kind, i)
		}
	}
	x := []float32{1, float32(math.NaN()), -3}
	ClipValue(x, 2)
	require.True(t, x[1] != x[1])
	require.Equal(t, []float32{1, -2}, []float32{x[0], x[2]})
}

func TestUnknownActivationPanics(t *testing.T) {
	x := []float32{1}
	require.PanicsWithValue(t, "kernel: no activation number 15", func() { Activate(activationCount, 0, x, x) })
	require.PanicsWithValue(t, "kernel: no activation number 15", func() { ActivateGrad(activationCount, 0, x, x, x, x) })
}

// TestSoftmaxStable: rows that would overflow without the shift by the maximum.
func TestSoftmaxStable(t *testing.T) {
	x := []float32{1000, 1000, -1000, 88, -104, 0}
	y := make([]float32, 6)
	Softmax(2, 3, y, x)
	require.Equal(t, []float32{0.5, 0.5, 0}, y[:3])
	require.InDelta(t, 1, y[3], 1e-6)
	LogSoftmax(2, 3, y, x)
	require.InDeltaSlice(t, []float32{-0.6931472, -0.6931472, -2000.6931}, y[:3], 1e-4)

	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{1, 2, 15, 16, 17, 100} {
		x, _ := guarded(r, 3*n, fills[0].next)
		out := make([]float32, 3*n)
		Softmax(3, n, out, x)
		for i := range 3 {
			require.InDelta(t, 1, Sum(out[i*n:i*n+n]), 1e-5)
			row := make([]float32, n) // one row alone gives the same bits as in a batch
			Softmax(1, n, row, x[i*n:i*n+n])
			requireSameBits(t, row, out[i*n:i*n+n], "n=%d", n)
		}
	}
}
