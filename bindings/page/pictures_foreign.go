package page

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/image"
)

// A decoder has the browser decode a picture, with no side longer than most pixels.
// Formats that only the browser knows come in so: what is learned from, and what the
// fingerprint is taken of, are the pixels that it gave.
type decoder func(f File, most int) (bitmap, error)

// errNoisy says that this browser changes the pixels that a page reads.
var errNoisy = errors.New("this browser changes pixels that a page reads from a canvas, to hinder tracking: pictures in other formats than PNG, JPEG and GIF cannot be taken")

// foreign are endings of pictures that the engine does not decode and a browser may.
var foreign = []string{".webp", ".avif", ".heic", ".heif", ".bmp", ".svg", ".tif", ".tiff", ".ico", ".jxl"}

// parted divides files into those for the engine and those for the browser.
func (a *Pictures) parted(files []File) (ours, theirs []File) {
	for _, f := range files {
		if a.decode != nil && slices.Contains(foreign, strings.ToLower(path.Ext(f.Name))) {
			theirs = append(theirs, f)
		} else {
			ours = append(ours, f)
		}
	}
	return ours, theirs
}

// pixelBatch is how many decoded pictures go to the engine at once.
const pixelBatch = 100

// decoded has the browser decode files. Those that it cannot decode are returned too.
func (a *Pictures) decoded(ctx context.Context, files []File, class string, told func(n int)) (ops []operation, failed []File, err error) {
	var p *bindings.ImagesParams
	for i, f := range files {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		told(i)
		b, err := a.decode(f, image.KeptSide)
		if errors.Is(err, errNoisy) {
			a.gather.problem = &problem{text: "Not all of them could be read: " + err.Error() + "."}
		}
		if err != nil {
			failed = append(failed, f)
			continue
		}
		if p == nil || len(p.Pixels) == pixelBatch {
			p = &bindings.ImagesParams{Class: class}
			ops = append(ops, operation{add: p})
		}
		last := &ops[len(ops)-1]
		p.Pixels = append(p.Pixels, bindings.ImagePixels{Name: f.where(), Width: b.width, Height: b.height, Buffer: len(last.bytes)})
		last.bytes = append(last.bytes, b.rgba)
	}
	return ops, failed, nil
}
