package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

func TestAPictureIsExplainedPixelByPixel(t *testing.T) {
	s := newGallery(t)
	s.do(Action{Name: "pictures.file", Files: []File{{Name: "pets.zip"}}}, Action{Name: "train"}, Action{Name: "try.files", Files: []File{{Name: "new.png"}}})
	s.engine.answer[bindings.MethodWhyPicture] = func(params json.RawMessage, r Request) (any, [][]byte, error) {
		require.Len(t, r.Files, 1, "the picture is sent along")
		values := make([]float32, 9)
		values[2], values[3] = 0.4, -0.1
		return bindings.WhyPictureResult{Label: "dog", Values: bindings.Tensor{Shape: []int{3, 3}}, Answer: 0.75, Blank: 0.45}, [][]byte{bytesOf(values)}, nil
	}
	s.do(Action{Name: "pixels.ask"})
	text := s.see("pixels-text").words()
	require.Contains(t, text, "From 45.0 % for a picture of one colour, its mean, to 75.0 % for “dog”")
	require.Contains(t, text, "mostly at the top right, 100.0 % of it")
	require.NotContains(t, text, "rough one")
	figure := s.see("pixels-figure")
	name := figure.Kids[0].Kids[0].get("data-bitmap")
	require.Contains(t, s.app.bitmaps, name)
	require.Len(t, s.app.bitmaps[name].rgba, 4*trySide*trySide)

	s.do(Action{Name: "try.wipe"})
	s.gone("pixels-figure")
	require.NotContains(t, s.app.bitmaps, name)
}

func TestPixelMap(t *testing.T) {
	rgba := pixelMap([]float64{1, -1, 0, 0}, 2, 2, 10)
	at := func(x, y int) []byte { return rgba[4*(y*10+x) : 4*(y*10+x)+4] }
	require.Equal(t, []byte{255, 120, 20, 255}, at(0, 0))
	require.Equal(t, []byte{40, 110, 240, 255}, at(9, 4))
	require.Equal(t, []byte{232, 232, 232, 255}, at(3, 9))
	require.Equal(t, []byte{0, 0, 0, 0}, pixelMap(make([]float64, 12), 3, 4, 5)[:4], "no larger than the picture is shown")
	require.Equal(t, "Nothing in the picture speaks for the answer.", strongest(make([]float64, 9), 3, 3))
}
