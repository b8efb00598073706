package text

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWindows(t *testing.T) {
	k := trained(t, Options{Kind: KindCharacters, Length: 3}, "abcdefgh")
	for _, c := range []struct {
		text         string
		stride, rows int
	}{{"abcd", 0, 1}, {"abcdef", 0, 1}, {"abcdefg", 0, 2}, {"abcdefgh", 1, 5}, {"abcdefgh", 2, 3}, {"abcdefgh", 100, 1}} {
		w, err := NewWindows(k, c.text, c.stride)
		require.NoError(t, err)
		assert.Equal(t, c.rows, w.Rows(), "%+v", c)
		x, y := make([]float32, 3*c.rows), make([]float32, 3*c.rows)
		rows := make([]int, c.rows)
		for i := range rows {
			rows[i] = c.rows - 1 - i
		}
		w.Fill(x, y, rows)
		for i, row := range rows {
			for j := range 3 {
				assert.Equal(t, float32(reserved+row*w.Stride+j), x[3*i+j])
				assert.Equal(t, x[3*i+j]+1, y[3*i+j])
			}
		}
		assert.Zero(t, testing.AllocsPerRun(5, func() { w.Fill(x, y, rows) }))
	}
	_, err := NewWindows(k, "abc", 0)
	assert.ErrorContains(t, err, "has 3 tokens, a window and what follows need 4")
	_, err = NewWindows(k, "abcdef", -1)
	assert.ErrorContains(t, err, "stride")
	_, err = NewWindows(trained(t, Options{}, "a a"), "a a", 0)
	assert.ErrorContains(t, err, `got "words"`)
}

// Windows are whole again from their tokens; what makes none, or is no token, is refused.
func TestRestoreWindows(t *testing.T) {
	w, err := NewWindows(trained(t, Options{Kind: KindCharacters, Length: 3}, "abcdefgh"), "abcdefgh", 2)
	require.NoError(t, err)
	again, err := RestoreWindows(w.Length, w.size, w.Stride, w.Tokens())
	require.NoError(t, err)
	assert.Equal(t, w, again)
	for _, c := range []struct {
		length, size, stride int
		tokens               []float32
	}{{0, 9, 1, []float32{1, 2}}, {3, 9, 1, []float32{1, 2, 3}}, {1, 9, 0, []float32{1, 2}}, {1, 9, math.MaxInt, []float32{1, 2}}, {1, 9, 1, nil},
		{1, 9, 1, []float32{1, 9}}, {1, 9, 1, []float32{1, -1}}, {1, 9, 1, []float32{0.5, 1}}, {1, 9, 1, []float32{1, float32(math.NaN())}}} {
		_, err := RestoreWindows(c.length, c.size, c.stride, c.tokens)
		assert.Error(t, err, "%+v", c)
	}
	assert.Equal(t, -1, FirstNoToken([]float32{0, 8}, 9))
}

func TestSample(t *testing.T) {
	p := []float32{0.2, 0.2, 0.1, 0.3, 0, 0.2}
	scratch := make([]float32, len(p))
	var stream rand.PCG
	stream.Seed(1, 2)
	for _, temperature := range []float32{0.5, 1, 2} {
		counts, want, sum := make([]float64, len(p)), make([]float64, len(p)), 0.0
		const draws = 20000
		for range draws {
			k, err := Sample(scratch, p, temperature, &stream)
			require.NoError(t, err)
			counts[k] += 1.0 / draws
		}
		for i, v := range p[reserved:] {
			want[i+reserved] = math.Pow(float64(v), 1/float64(temperature))
			sum += want[i+reserved]
		}
		for i := range want {
			assert.InDelta(t, want[i]/sum, counts[i], 0.015, "token %d at %g", i, temperature)
		}
		assert.Zero(t, counts[Padding]+counts[Unknown])
	}
	for _, temperature := range []float32{0, 1e-30, 1e-3, 0.01} {
		k, err := Sample(scratch, p, temperature, &stream)
		require.NoError(t, err)
		assert.Equal(t, 3, k)
	}
	assert.Zero(t, testing.AllocsPerRun(10, func() { _, _ = Sample(scratch, p, 1, &stream) }))
	for _, temperature := range []float32{-1, float32(math.NaN()), float32(math.Inf(1))} {
		_, err := Sample(scratch, p, temperature, &stream)
		assert.ErrorContains(t, err, "temperature")
	}
	_, err := Sample(scratch[1:], p, 1, &stream)
	assert.ErrorContains(t, err, "scratch")
	_, err = Sample(nil, nil, 1, &stream)
	assert.ErrorContains(t, err, "more than 2 tokens")
}
