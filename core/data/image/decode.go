package image

import (
	"bytes"
	"errors"
	std "image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Bounds of one file.
const (
	MaxFileBytes = 64 << 20 // of one picture's file
	MaxPixels    = 50e6     // of one picture
)

var (
	pngMagic  = []byte("\x89PNG\r\n\x1a\n")
	jpegMagic = []byte("\xff\xd8\xff")
	gifMagic  = []byte("GIF8")
)

// A format is how a picture's file is written.
type format struct {
	name   string
	magic  []byte
	config func(io.Reader) (std.Config, error)
	decode func(io.Reader) (std.Image, error)
	pixel  int64 // bytes that decoding takes for a pixel, at most
}

// formatOf returns the format that a file begins like, of those that are decoded here,
// or nil. A JPEG whose pixels come in several passes keeps the coefficients of all of
// them: four bytes in each of up to four components. (As a variable, the list would bring
// the decoders into programs that never see a picture.)
func formatOf(head []byte) *format {
	for _, f := range [...]format{
		{"PNG", pngMagic, png.DecodeConfig, png.Decode, 8 + 3},
		{"JPEG", jpegMagic, jpeg.DecodeConfig, jpeg.Decode, 16 + 4 + 3},
		{"GIF", gifMagic, gif.DecodeConfig, gif.Decode, 1 + 3},
	} {
		if bytes.HasPrefix(head, f.magic) {
			return &f
		}
	}
	return nil
}

// A Pause is called now and then in long work; an error ends that.
type Pause func() error

// Decode reads a PNG, JPEG or GIF (its first frame), turned upright. Room is how many
// bytes may be taken; 0 means a gigabyte. It fails with code "format" for other files and
// damaged ones, "memory" where the picture's size, read before anything else, is too
// large.
func Decode(file []byte, room int64, pause Pause) (*Picture, error) {
	f := formatOf(file)
	if f == nil {
		return nil, tensor.Errorf(tensor.CodeFormat, "it is no PNG, JPEG or GIF picture%s", foreign(file))
	}
	config, err := f.config(bytes.NewReader(file))
	if err != nil {
		return nil, tensor.Errorf(tensor.CodeFormat, "its %s header is damaged (%v)", f.name, err)
	}
	if config.Width < 1 || config.Height < 1 {
		return nil, tensor.Errorf(tensor.CodeFormat, "it has no pixels")
	}
	if room <= 0 {
		room = 1 << 30
	}
	pixels := int64(config.Width) * int64(config.Height) // each below 2³¹
	if pixels > MaxPixels || pixels*f.pixel > room {
		return nil, tensor.Errorf(tensor.CodeMemory, "it has %d × %d pixels, which is too large to be opened here", config.Width, config.Height)
	}
	decoded, err := f.decode(&paused{bytes.NewReader(file), pause})
	if err != nil {
		var ours *tensor.Error
		if errors.As(err, &ours) {
			return nil, ours
		}
		return nil, tensor.Errorf(tensor.CodeFormat, "it is a damaged %s (%v)", f.name, err)
	}
	// A GIF's frame may be smaller than its header says, and never larger.
	if b := decoded.Bounds(); b.Empty() || int64(b.Dx())*int64(b.Dy()) > pixels {
		return nil, tensor.Errorf(tensor.CodeFormat, "its pixels do not fit its header")
	}
	return flatten(decoded).turned(orientation(file)), nil
}

// foreign names formats that a browser may know.
func foreign(file []byte) string {
	switch {
	case len(file) >= 12 && string(file[:4]) == "RIFF" && string(file[8:12]) == "WEBP":
		return ", but a WebP"
	case len(file) >= 12 && string(file[4:8]) == "ftyp":
		return ", but an AVIF, HEIC or a film"
	case bytes.HasPrefix(file, []byte("BM")):
		return ", but perhaps a BMP"
	case bytes.HasPrefix(file, []byte("%PDF")):
		return ", but a PDF"
	case bytes.Contains(file[:min(len(file), 400)], []byte("<svg")):
		return ", but an SVG drawing"
	}
	return ""
}

// A paused reader lets others work while a decoder reads: decoders of the standard
// library know no other pause.
type paused struct {
	from  io.Reader
	pause Pause
}

func (r *paused) Read(p []byte) (int, error) {
	if r.pause != nil {
		if err := r.pause(); err != nil {
			return 0, err
		}
	}
	return r.from.Read(p[:min(len(p), 1<<14)])
}
