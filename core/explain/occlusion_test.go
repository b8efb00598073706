package explain

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A model that looks at one pixel loses that pixel's value where the square covers it.
func TestOcclusionFindsThePlantedPixel(t *testing.T) {
	picture := random(1, 1, 6, 7, 3)
	at := (2*7+4)*3 + 1
	picture.Data[at] = 5
	f := known(func(row []float32) float32 { return row[at] })
	h, err := OccludePicture(t.Context(), f, picture, Occlusion{Size: 1})
	require.NoError(t, err)
	assert.Equal(t, 5.0, h.Answer)
	assert.Equal(t, [2]int{6, 7}, h.Places)
	for i, v := range h.Pixels {
		want := 0.0
		if i == 2*7+4 {
			want = 5
		}
		assert.Equal(t, want, v)
	}
	assert.Equal(t, h.Pixels, h.Drops)
}

// Squares of a mean cover every pixel, the far edges as well.
func TestOcclusionCoversEveryPixel(t *testing.T) {
	picture := tensor.New(1, 5, 8, 1)
	for i := range picture.Data {
		picture.Data[i] = 1
	}
	sum := known(func(row []float32) float32 {
		s := float32(0)
		for _, v := range row {
			s += v
		}
		return s
	})
	h, err := OccludePicture(t.Context(), sum, picture, Occlusion{Size: 3, Stride: 2})
	require.NoError(t, err)
	assert.Equal(t, [2]int{2, 4}, h.Places)
	for _, v := range append(h.Pixels, h.Drops...) {
		assert.Equal(t, 9.0, v)
	}
	h, err = OccludePicture(t.Context(), sum, picture, Occlusion{Fill: 1})
	require.NoError(t, err)
	for _, v := range h.Pixels {
		assert.Zero(t, v)
	}
}

func TestOcclusionOfWords(t *testing.T) {
	text, err := tensor.From([]float32{7, 3, 9, 3, 0, 0}, 1, 6)
	require.NoError(t, err)
	spam := known(func(row []float32) float32 {
		s := float32(0)
		for _, id := range row {
			if id == 9 {
				s++
			}
		}
		return s
	})
	e, err := OccludeSteps(t.Context(), spam, text, StepOcclusion{Fill: 0, Skip: true})
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 0, 1, 0, 0, 0}, e.Steps)
	assert.Equal(t, 1.0, e.Answer)
	e, err = OccludeSteps(t.Context(), spam, text, StepOcclusion{Fill: 1, Window: 2})
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 0.5, 1, 0.5, 0, 0}, e.Steps)
}

func TestOcclusionOfASeries(t *testing.T) {
	series := random(1, 1, 4, 2)
	e, err := OccludeSteps(t.Context(), linear(1, 1, 1, 1, 2, 2, 0, 0), series, StepOcclusion{})
	require.NoError(t, err)
	s := series.Data
	assert.InDeltaSlice(t, []float64{float64(s[0] + s[1]), float64(s[2] + s[3]), float64(2*s[4] + 2*s[5]), 0}, e.Steps, 1e-6)
}

func TestOcclusionRefusesNonsense(t *testing.T) {
	f, zero := linear(1), float32(0)
	picture := func(x *tensor.Tensor, c Occlusion) error {
		_, err := OccludePicture(t.Context(), f, x, c)
		return err
	}
	wantCode(t, tensor.CodeShape, picture(nil, Occlusion{}))
	wantCode(t, tensor.CodeShape, picture(random(1, 1, 4), Occlusion{}))
	wantCode(t, tensor.CodeShape, picture(random(1, 2, 4, 4, 1), Occlusion{}))
	wantCode(t, tensor.CodeOption, picture(random(1, 1, 4, 4, 1), Occlusion{Size: 5}))
	wantCode(t, tensor.CodeOption, picture(random(1, 1, 4, 4, 1), Occlusion{Size: 2, Stride: 3}))
	wantCode(t, tensor.CodeOption, picture(random(1, 1, 4, 4, 1), Occlusion{Fill: zero / zero}))
	wantCode(t, tensor.CodeOption, picture(random(1, 1, 4, 4, 1), Occlusion{Output: 1}))
	steps := func(x *tensor.Tensor, c StepOcclusion) error {
		_, err := OccludeSteps(t.Context(), f, x, c)
		return err
	}
	wantCode(t, tensor.CodeShape, steps(random(1, 1, 4, 4, 1), StepOcclusion{}))
	wantCode(t, tensor.CodeShape, steps(random(1, 2, 4), StepOcclusion{}))
	wantCode(t, tensor.CodeOption, steps(random(1, 1, 4), StepOcclusion{Window: 5}))
	wantCode(t, tensor.CodeOption, steps(random(1, 1, 4), StepOcclusion{Fill: zero / zero}))
}
