package explain

import (
	"cmp"
	"context"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An Occlusion says how to cover parts of a picture.
type Occlusion struct {
	Output   int     // which output to explain
	Size     int     // of the square that covers, in pixels; a quarter of the shorter side if 0, at least 1
	Stride   int     // from one place to the next; half of Size if 0, at least 1
	Fill     float32 // what the square holds, as the network sees pixels
	Progress data.Progress
}

// A HeatMap is what each part of a picture adds to an answer.
type HeatMap struct {
	Answer float64 `json:"answer"` // with nothing covered

	// Drops has, for each place of the square, how much lower the answer is with the
	// square there: Places of them, row by row. The square's corner is at a multiple of
	// Stride, or where the square just touches the far edge.
	Drops  []float64 `json:"drops"`
	Places [2]int    `json:"places"` // down, across

	// Pixels has, for each pixel, the mean of the drops of the squares that cover it, row
	// by row.
	Pixels []float64 `json:"pixels"`
	Height int       `json:"height"`
	Width  int       `json:"width"`
}

// OccludePicture slides a square over a picture of shape [1, height, width, channels] and
// notes how much lower the model's answer becomes,
//
//	drop(place) = f(x) − f(x with the square at that place)
//
// (Zeiler and Fergus, 2014). A drop below 0 is a part that speaks against the answer.
func OccludePicture(ctx context.Context, m Predictor, picture *tensor.Tensor, c Occlusion) (*HeatMap, error) {
	if err := cmp.Or(checkModel(m), checkRows("picture", picture)); err != nil {
		return nil, err
	}
	if len(picture.Shape) != 4 || picture.Rows() != 1 {
		return nil, tensor.Errorf(tensor.CodeShape, "picture: want [1, height, width, channels], got %s", tensor.Format(picture.Shape))
	}
	h := &HeatMap{Height: picture.Shape[1], Width: picture.Shape[2]}
	short := min(h.Height, h.Width)
	c.Size = cmp.Or(c.Size, max(1, short/4))
	c.Stride = cmp.Or(c.Stride, max(1, c.Size/2))
	if c.Fill-c.Fill != 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "occlusion: want a finite fill, got %v", c.Fill)
	}
	if c.Size < 1 || c.Size > short || c.Stride < 1 || c.Stride > c.Size {
		return nil, tensor.Errorf(tensor.CodeOption, "occlusion: want a size from 1 to %d and a stride from 1 to the size, so that no pixel is left out, got %d and %d", short, c.Size, c.Stride)
	}
	down, across := corners(h.Height, c.Size, c.Stride), corners(h.Width, c.Size, c.Stride)
	h.Places = [2]int{len(down), len(across)}
	places := len(down) * len(across)
	o := occluder{job: job{ctx: ctx, model: m, progress: c.Progress, total: int64(places) + 1}, row: picture, output: c.Output}
	var err error
	h.Answer, h.Drops, err = o.drops(places, func(place int, row []float32) {
		cover(row, picture.Shape, down[place/len(across)], across[place%len(across)], c)
	})
	if err != nil {
		return nil, err
	}
	h.spread(down, across, c.Size)
	return h, nil
}

// corners are where squares begin along a side.
func corners(length, size, stride int) []int {
	var at []int
	for i := 0; i < length-size; i += stride {
		at = append(at, i)
	}
	return append(at, length-size)
}

// cover fills the square whose corner is at (top, left).
func cover(row []float32, shape []int, top, left int, c Occlusion) {
	width, channels := shape[2], shape[3]
	for y := top; y < top+c.Size; y++ {
		line := row[(y*width+left)*channels : (y*width+left+c.Size)*channels]
		for i := range line {
			line[i] = c.Fill
		}
	}
}

// spread gives each pixel the mean of the squares that cover it.
func (h *HeatMap) spread(down, across []int, size int) {
	h.Pixels = make([]float64, h.Height*h.Width)
	covered := make([]int, len(h.Pixels))
	for k, drop := range h.Drops {
		top, left := down[k/len(across)], across[k%len(across)]
		for y := top; y < top+size; y++ {
			for x := left; x < left+size; x++ {
				h.Pixels[y*h.Width+x] += drop
				covered[y*h.Width+x]++
			}
		}
	}
	for i, n := range covered {
		h.Pixels[i] /= float64(n)
	}
}

// An occluder asks what a row's answer becomes with parts of it covered.
type occluder struct {
	job
	row    *tensor.Tensor
	output int
}

// drops returns the row's answer, and by how much it is lower with each part covered;
// hide covers a part of a copy of the row.
func (o *occluder) drops(parts int, hide func(part int, row []float32)) (answer float64, drops []float64, err error) {
	whole, err := o.outputs(o.row, o.output)
	if err != nil {
		return 0, nil, err
	}
	block := blockLike(o.row, parts)
	for from := 0; from < parts; from += block.Rows() {
		some := block.Slice(0, min(block.Rows(), parts-from))
		for i := range some.Rows() {
			copy(some.Row(i), o.row.Data)
			hide(from+i, some.Row(i))
		}
		values, err := o.outputs(some, o.output)
		if err != nil {
			return 0, nil, err
		}
		for _, v := range values {
			drops = append(drops, whole[0]-v)
		}
	}
	return whole[0], drops, nil
}
