package image

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func grey(w, h int, pix ...byte) *Picture { return &Picture{w, h, 1, pix} }

// Shrinking by whole numbers is the mean of blocks; by others, of areas.
func TestShrinkingAveragesAreas(t *testing.T) {
	p := grey(4, 2, 0, 100, 10, 20, 100, 200, 30, 40)
	require.Equal(t, []byte{100, 25}, p.resized(2, 1).Pix)
	// Three pixels to two: (a + b/2) / 1.5 and (b/2 + c) / 1.5.
	require.Equal(t, []byte{20, 140}, grey(3, 1, 0, 60, 180).resized(2, 1).Pix)
	for n := 1; n <= 40; n++ {
		for m := 1; m <= 40; m++ {
			a := newAxis(n, m)
			for i, weights := range a.weight {
				var sum uint32
				for _, w := range weights {
					sum += w
				}
				require.Equal(t, a.total, sum, "%d to %d, pixel %d", n, m, i)
				require.LessOrEqual(t, a.first[i]+len(weights), n)
			}
		}
	}
}

// Enlarging goes straight from one pixel's centre to the next.
func TestEnlargingIsBilinear(t *testing.T) {
	require.Equal(t, []byte{0, 25, 75, 100}, grey(2, 1, 0, 100).resized(4, 1).Pix)
	require.Equal(t, []byte{7, 7, 7, 7}, grey(1, 1, 7).resized(2, 2).Pix)
	flat := newPicture(5, 7, 3)
	for i := range flat.Pix {
		flat.Pix[i] = 201
	}
	for _, size := range [][2]int{{1, 1}, {3, 9}, {13, 2}, {128, 128}} {
		for _, v := range flat.resized(size[0], size[1]).Pix {
			require.Equal(t, byte(201), v)
		}
	}
}

func TestFits(t *testing.T) {
	p := grey(4, 2, 1, 2, 3, 4, 5, 6, 7, 8)
	require.Equal(t, []byte{2, 3, 6, 7}, p.fitted(2, 2, FitCrop).Pix)
	require.Equal(t, []byte{2, 4, 6, 8}, p.fitted(2, 2, FitStretch).Pix, "halves round up")
}

func TestPaddingContinuesTheGround(t *testing.T) {
	p := newPicture(4, 2, 1)
	for i := range p.Pix {
		p.Pix[i] = 90
	}
	q := p.fitted(8, 8, FitPad)
	require.Equal(t, [2]int{8, 8}, [2]int{q.Width, q.Height})
	for _, v := range q.Pix {
		require.Equal(t, byte(90), v)
	}
	for w := 1; w <= 9; w++ {
		for h := 1; h <= 9; h++ {
			for _, fit := range Fits {
				for _, to := range [][2]int{{8, 8}, {8, 11}, {13, 8}} {
					q := newPicture(w, h, 3).fitted(to[0], to[1], fit)
					require.Equal(t, to, [2]int{q.Width, q.Height}, "%d × %d, %s", w, h, fit)
					require.Len(t, q.Pix, to[0]*to[1]*3)
				}
			}
		}
	}
}

func TestGreyAndBack(t *testing.T) {
	p := FromRGBA(2, 1, []byte{255, 0, 0, 255, 10, 10, 10, 0})
	require.Equal(t, [3]byte{255, 0, 0}, p.pixel(0, 0))
	require.Equal(t, [3]byte{255, 255, 255}, p.pixel(1, 0))
	require.Equal(t, []byte{76, 255}, p.as(1).Pix)
	require.Equal(t, []byte{9, 9, 9, 255}, grey(1, 1, 9).RGBA())
	require.Equal(t, 1, FromRGBA(1, 1, []byte{5, 5, 5, 255}).Channels)
	require.Equal(t, 128, newPicture(1000, 10, 1).within(128).Width)
	require.Equal(t, 1, newPicture(1000, 1, 1).within(128).Height)
}
