package image

import (
	"bytes"
	"encoding/binary"
	"errors"
	std "image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// corners is a picture whose four corners differ: red, green, blue and white from the
// top left, clockwise.
func corners(w, h int) *std.NRGBA {
	m := std.NewNRGBA(std.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{255, 0, 0, 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.NRGBA{0, 255, 0, 255}
			case x >= w/2:
				c = color.NRGBA{0, 0, 255, 255}
			case y >= h/2:
				c = color.NRGBA{255, 255, 255, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func pngOf(t testing.TB, m std.Image) []byte {
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes()
}

func decoded(t testing.TB, file []byte) *Picture {
	t.Helper()
	p, err := Decode(file, 0, nil)
	require.NoError(t, err)
	return p
}

// pixel returns red, green, blue of a place.
func (p *Picture) pixel(x, y int) [3]byte {
	q := p.as(3)
	return [3]byte(q.Pix[3*(y*p.Width+x):])
}

func TestDecodeEveryKindOfPNG(t *testing.T) {
	p := decoded(t, pngOf(t, corners(6, 4)))
	require.Equal(t, []int{6, 4, 3}, []int{p.Width, p.Height, p.Channels})
	require.Equal(t, [3]byte{255, 0, 0}, p.pixel(0, 0))
	require.Equal(t, [3]byte{0, 255, 0}, p.pixel(5, 0))
	require.Equal(t, [3]byte{0, 0, 255}, p.pixel(5, 3))
	require.Equal(t, [3]byte{255, 255, 255}, p.pixel(0, 3))

	// Half transparent black is grey on white; all transparent is white.
	m := std.NewNRGBA(std.Rect(0, 0, 2, 1))
	m.SetNRGBA(0, 0, color.NRGBA{0, 0, 0, 128})
	p = decoded(t, pngOf(t, m))
	require.Equal(t, &Picture{2, 1, 1, []byte{127, 255}}, p)

	grey := std.NewGray16(std.Rect(0, 0, 2, 1))
	grey.SetGray16(0, 0, color.Gray16{0x1234})
	grey.SetGray16(1, 0, color.Gray16{0xffff})
	require.Equal(t, &Picture{2, 1, 1, []byte{0x12, 0xff}}, decoded(t, pngOf(t, grey)))

	many := std.NewPaletted(std.Rect(0, 0, 3, 3), palette.Plan9)
	many.SetColorIndex(1, 1, 9)
	r, g, b, _ := palette.Plan9[9].RGBA()
	require.Equal(t, [3]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)}, decoded(t, pngOf(t, many)).pixel(1, 1))
}

func TestDecodeGIFsFirstFrame(t *testing.T) {
	frame := func(i uint8) *std.Paletted {
		m := std.NewPaletted(std.Rect(1, 1, 4, 3), color.Palette{color.Black, color.RGBA{200, 0, 0, 255}, color.Transparent})
		for k := range m.Pix {
			m.Pix[k] = i
		}
		return m
	}
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, &gif.GIF{Image: []*std.Paletted{frame(1), frame(0)}, Delay: []int{0, 0}, Config: std.Config{Width: 5, Height: 4}}))
	p := decoded(t, b.Bytes())
	require.Equal(t, [3]byte{200, 0, 0}, p.pixel(0, 0))
	b.Reset()
	require.NoError(t, gif.Encode(&b, frame(2), nil))
	require.Equal(t, byte(255), decoded(t, b.Bytes()).Pix[0], "transparent is white")
}

// exif is a TIFF directory with an orientation.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	b := []byte("II*\x00")
	if order == binary.BigEndian {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = order.AppendUint16(b, 0x010f) // maker
	b = order.AppendUint16(b, 2)
	b = order.AppendUint32(b, 4)
	b = append(b, "abc\x00"...)
	b = order.AppendUint16(b, 0x0112)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	return append(b, 0, 0, 0, 0, 0, 0)
}

func jpegWith(t testing.TB, m std.Image, exif []byte) []byte {
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}))
	if exif == nil {
		return b.Bytes()
	}
	segment := append([]byte("Exif\x00\x00"), exif...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, byte((len(segment)+2)>>8), byte(len(segment)+2))
	return append(append(out, segment...), b.Bytes()[2:]...)
}

// Where the red corner lies after turning, for each orientation, of a wide picture.
func TestOrientation(t *testing.T) {
	red := map[int][2]string{1: {"left", "top"}, 2: {"right", "top"}, 3: {"right", "bottom"}, 4: {"left", "bottom"},
		5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"}}
	green := map[int][2]string{1: {"right", "top"}, 2: {"left", "top"}, 3: {"left", "bottom"}, 4: {"right", "bottom"},
		5: {"left", "bottom"}, 6: {"right", "bottom"}, 7: {"right", "top"}, 8: {"left", "top"}}
	for o := 1; o <= 8; o++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			p := decoded(t, jpegWith(t, corners(32, 16), exif(order, uint16(o))))
			if o >= 5 {
				require.Equal(t, [2]int{16, 32}, [2]int{p.Width, p.Height})
			}
			at := func(place [2]string) [3]byte {
				x, y := 2, 2
				if place[0] == "right" {
					x = p.Width - 3
				}
				if place[1] == "bottom" {
					y = p.Height - 3
				}
				return p.pixel(x, y)
			}
			r, g := at(red[o]), at(green[o])
			require.True(t, r[0] > 200 && r[1] < 60, "orientation %d: %v", o, r)
			require.True(t, g[1] > 200 && g[0] < 60, "orientation %d: %v", o, g)
		}
	}
	for _, o := range []uint16{0, 9, 400} {
		require.Equal(t, 1, orientation(jpegWith(t, corners(8, 8), exif(binary.LittleEndian, o))))
	}
	file := pngOf(t, corners(8, 4))
	body := exif(binary.BigEndian, 6)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(append(append(chunk, "eXIf"...), body...), 0, 0, 0, 0)
	file = append(append(bytes.Clone(file[:33]), chunk...), file[33:]...)
	require.Equal(t, 6, orientation(file))
}

// What a header claims is believed only so far as there is room: nothing is allocated.
func TestABombIsRefusedByItsHeader(t *testing.T) {
	file := pngOf(t, corners(4, 4))
	binary.BigEndian.PutUint32(file[16:], 60_000)
	binary.BigEndian.PutUint32(file[20:], 60_000)
	binary.BigEndian.PutUint32(file[29:], crcOf(file[12:29]))
	_, err := Decode(file, 0, nil)
	require.ErrorContains(t, err, "60000 × 60000")
	var e *tensor.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, tensor.CodeMemory, e.Code)

	_, err = Decode(pngOf(t, corners(100, 100)), 1000, nil)
	require.ErrorContains(t, err, "too large")
}

func crcOf(b []byte) uint32 {
	crc := ^uint32(0)
	for _, v := range b {
		crc ^= uint32(v)
		for range 8 {
			crc = crc>>1 ^ 0xedb88320*(crc&1)
		}
	}
	return ^crc
}

func TestWhatIsNoPictureIsNamed(t *testing.T) {
	for file, want := range map[string]string{
		"":                                   "no PNG, JPEG or GIF",
		"RIFF1234WEBPVP8 ":                   "WebP",
		"\x00\x00\x00\x20ftypheic":           "HEIC",
		"%PDF-1.7":                           "PDF",
		`<svg xmlns="http://www.w3.org/">`:   "SVG",
		"\x89PNG\r\n\x1a\n and then nothing": "damaged",
		"\xff\xd8\xff\xd9":                   "damaged",
	} {
		_, err := Decode([]byte(file), 0, nil)
		require.ErrorContains(t, err, want, "%q", file)
	}
	cut := jpegWith(t, corners(64, 64), nil) // of which the end is missing
	_, err := Decode(cut[:len(cut)-40], 0, nil)
	require.ErrorContains(t, err, "damaged JPEG")
}

// A decoder can be stopped while it reads.
func TestDecodeStops(t *testing.T) {
	stop := errors.New("stop")
	calls := 0
	_, err := Decode(pngOf(t, corners(300, 300)), 0, func() error {
		calls++
		return tensor.Errorf(tensor.CodeAborted, "%v", stop)
	})
	require.ErrorContains(t, err, "stop")
	require.Equal(t, 1, calls)
}

func FuzzDecode(f *testing.F) {
	f.Add(pngOf(f, corners(5, 3)))
	f.Add(jpegWith(f, corners(9, 9), exif(binary.LittleEndian, 5)))
	var b bytes.Buffer
	_ = gif.Encode(&b, corners(4, 4), nil)
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := Decode(file, 1<<24, nil)
		if err == nil && len(p.Pix) != p.Width*p.Height*p.Channels {
			t.Fatal("a picture of another size than it says")
		}
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add(jpegWith(f, corners(4, 4), exif(binary.BigEndian, 3)))
	f.Add(append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x04eXIf"), exif(binary.LittleEndian, 2)...))
	f.Fuzz(func(t *testing.T, file []byte) {
		if o := orientation(file); o < 1 || o > 8 {
			t.Fatal(o)
		}
	})
}

// flatten is image/draw's drawing over white, but for roundings.
func TestFlattenIsDrawingOverWhite(t *testing.T) {
	area := std.Rect(3, 2, 20, 13)
	ratio := std.YCbCrSubsampleRatio420
	kinds := []draw.Image{std.NewNRGBA(area), std.NewRGBA(area), std.NewGray(area), std.NewGray16(area), std.NewNRGBA64(area), std.NewRGBA64(area), std.NewCMYK(area), std.NewPaletted(area, palette.WebSafe)}
	sources := []std.Image{std.NewYCbCr(area, ratio)}
	for i := range sources[0].(*std.YCbCr).Y {
		sources[0].(*std.YCbCr).Y[i] = byte(7 * i)
	}
	for i := range sources[0].(*std.YCbCr).Cb {
		sources[0].(*std.YCbCr).Cb[i], sources[0].(*std.YCbCr).Cr[i] = byte(11*i), byte(200-13*i)
	}
	for _, m := range kinds {
		for y := area.Min.Y; y < area.Max.Y; y++ {
			for x := area.Min.X; x < area.Max.X; x++ {
				m.Set(x, y, color.NRGBA{uint8(x * 12), uint8(y * 19), uint8(x * y), uint8(255 - x*y%7*36)})
			}
		}
		sources = append(sources, m)
	}
	for _, m := range sources {
		canvas := std.NewRGBA(area)
		draw.Draw(canvas, area, std.White, std.Point{}, draw.Src)
		draw.Draw(canvas, area, m, area.Min, draw.Over)
		got := flatten(m).as(3)
		for i := range area.Dx() * area.Dy() {
			for c := range 3 {
				require.InDelta(t, canvas.Pix[4*i+c], got.Pix[3*i+c], 1, "%T, pixel %d", m, i)
			}
		}
	}
}
