package bindings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	std "image"
	"image/color"
	"image/png"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// stripes is a PNG of stripes, across or down, each time a little different.
func stripes(t testing.TB, down bool, i int) string {
	m := std.NewGray(std.Rect(0, 0, 16, 16))
	for y := range 16 {
		for x := range 16 {
			at := y
			if down {
				at = x
			}
			if (at+i)%4 < 2 {
				m.SetGray(x, y, color.Gray{uint8(150 + 7*i%100)})
			}
		}
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.String()
}

// openStripes opens forty pictures of two classes.
func (b *bench) openStripes() ImagesInfo {
	b.t.Helper()
	var p ImagesParams
	var blobs []Blob
	for i := range 40 {
		folder := []string{"across", "down"}[i%2]
		p.Files = append(p.Files, ImageFile{Path: fmt.Sprintf("stripes/%s/%d.png", folder, i), Blob: i})
		blobs = append(blobs, file{name: fmt.Sprint(i), text: stripes(b.t, i%2 == 1, i/2)})
	}
	p.Files = append(p.Files, ImageFile{Path: "stripes/down/broken.png", Blob: 40})
	blobs = append(blobs, file{name: "broken", text: "nothing"})
	var info ImagesInfo
	_, err := b.client.do(context.Background(), call{Method: MethodImagesOpen, Params: p, Blobs: blobs, Result: &info})
	require.NoError(b.t, err)
	return info
}

// From files to a model that answers, says where it looked, and does so after saving.
func TestPicturesFromFileToAnswer(t *testing.T) {
	b := newBench(t)
	info := b.openStripes()
	require.Equal(t, 40, info.Profile.Pictures)
	require.Equal(t, "stripes/down/broken.png", info.Profile.Skipped[0].Name)
	require.Equal(t, 16, info.Setup.Width)

	var ready ImagesPrepareResult
	b.call(MethodImagesPrepare, ImagesPrepareParams{info.Table, info.Setup}, &ready)
	require.Equal(t, []string{"across", "down"}, ready.Prepared.Pipeline.Output.Labels)
	require.Equal(t, 40, ready.Prepared.Train+ready.Prepared.Validation+ready.Prepared.Test)
	var model ModelInfo
	seed := int64(1)
	b.call(MethodModelCreate, CreateParams{Layers: ready.Layers, Table: info.Table, Seed: &seed}, &model)
	require.Equal(t, []int{16, 16, 1}, model.Input)
	b.call(MethodModelCompile, CompileParams{Model: model.Model, Optimizer: Optimizer{ClassName: "adam"}}, nil)
	var plan PlanResult
	b.call(MethodModelPlan, PlanParams{Model: model.Model, BatchSize: 8, Table: info.Table}, &plan)
	require.Equal(t, (ready.Prepared.Train+7)/8, plan.Steps)
	var fitted FitResult
	b.call(MethodModelFit, FitParams{Model: model.Model, Table: info.Table, Epochs: 25, BatchSize: 8}, &fitted)
	require.Contains(t, fitted.History, "val_loss")
	for _, part := range []string{"", "validation", "train"} {
		var test TestResult
		b.call(MethodModelTest, TestParams{Model: model.Model, Table: info.Table, Part: part}, &test)
		require.GreaterOrEqual(t, test.Metrics["acc"], 0.9, part)
		require.Len(t, test.Confusion, 2)
	}

	ask := func(model int, p ClassifyParams, buffers []Buffer, blobs []Blob) (ClassifyResult, []Buffer) {
		var r ClassifyResult
		p.Model, p.Side = model, 64
		out, err := b.client.do(context.Background(), call{Method: MethodImagesClassify, Params: p, Buffers: buffers, Blobs: blobs, Result: &r})
		require.NoError(t, err)
		return r, out
	}
	first := 0
	r, out := ask(model.Model, ClassifyParams{Blob: &first, Explain: true}, nil, []Blob{file{name: "new.png", text: stripes(t, true, 50)}})
	require.Equal(t, "down", r.Answer.Label)
	require.Equal(t, 4*64*64, out[r.Buffer].Len())
	require.Equal(t, []int{8, 8}, r.Looked.Shape)
	again, _ := ask(model.Model, ClassifyParams{Table: info.Table, Picture: 2}, nil, nil)
	require.Equal(t, "across", again.Answer.Label)
	pixels := bytes.Repeat([]byte{200, 200, 200, 255, 0, 0, 0, 255}, 8*16)
	ask(model.Model, ClassifyParams{Pixels: &ImagePixels{Width: 16, Height: 16}}, []Buffer{Bytes(pixels)}, nil)
	drawn, _ := ask(model.Model, ClassifyParams{Drawing: []image.Stroke{{0, 500, 1000, 500}}}, nil, nil)
	require.Len(t, drawn.Answer.Classes, 2)

	// The model's file knows how pictures are read.
	var bytesOf BytesResult
	buffers, err := b.client.do(context.Background(), call{Method: MethodModelBytes, Params: ModelParams{model.Model}, Result: &bytesOf})
	require.NoError(t, err)
	zero := 0
	var loaded ModelInfo
	_, err = b.client.do(context.Background(), call{Method: MethodModelLoad, Params: LoadParams{Buffer: &zero}, Buffers: buffers, Result: &loaded})
	require.NoError(t, err)
	same, _ := ask(loaded.Model, ClassifyParams{Table: info.Table, Picture: 2}, nil, nil)
	require.Equal(t, again.Answer, same.Answer)
	require.Contains(t, b.refused(tensor.CodeUnsupported, MethodModelRow, RowParams{Model: loaded.Model}).Message, "not rows of columns")
	b.call(MethodTableClose, TableParams{info.Table}, nil)
	require.Contains(t, b.refused(tensor.CodeOption, MethodImagesClassify, ClassifyParams{Model: loaded.Model, Table: info.Table, Side: 64}).Message, "no open table")
}

func TestEditingPictures(t *testing.T) {
	b := newBench(t)
	var info ImagesInfo
	b.call(MethodImagesOpen, ImagesParams{Sample: "shapes"}, &info)
	pictures := info.Profile.Pictures
	b.call(MethodImagesEdit, ImagesEditParams{Table: info.Table, Remove: []int{0, 5}, Move: []int{1}, Rename: "circle", To: "round"}, &info)
	require.Equal(t, pictures-2, info.Profile.Pictures)
	require.Equal(t, "cross", info.Profile.Classes[0].Name)
	require.Equal(t, "round", info.Profile.Classes[1].Name)
	b.call(MethodImagesEdit, ImagesEditParams{Table: info.Table, Restore: []int{0, 5}}, &info)
	require.Equal(t, pictures, info.Profile.Pictures)
	b.call(MethodImagesOpen, ImagesParams{Table: info.Table, Class: "round", Drawing: []image.Stroke{{1, 2, 300, 400}}}, &info)
	require.Equal(t, pictures+1, info.Profile.Pictures)

	var shown ImagesPreviewResult
	buffers, err := b.client.do(context.Background(), call{Method: MethodImagesPreview, Params: ImagesPreviewParams{Table: info.Table, Pictures: []int{0, pictures, 99999}, Side: 40, Augment: &info.Setup}, Result: &shown})
	require.NoError(t, err)
	require.Equal(t, "drawing", shown.Names[1])
	require.Equal(t, 3*4*40*40, buffers[shown.Buffer].Len())

	require.Contains(t, b.refused(tensor.CodeOption, MethodImagesPreview, ImagesPreviewParams{Table: info.Table, Side: 4000}).Message, "sides of 8")
	require.Contains(t, b.refused(tensor.CodeOption, MethodImagesPreview, ImagesPreviewParams{Table: info.Table, Side: 40, Pictures: make([]int, 501)}).Message, "at most 500")
	require.Contains(t, b.refused(tensor.CodeOption, MethodImagesPrepare, ImagesPrepareParams{Table: info.Table}).Message, "sides of 8")
	require.Contains(t, b.refused(tensor.CodeOption, MethodTableProfile, TableParams{info.Table}).Message, `of kind "image"`)
	require.Contains(t, b.refused(tensor.CodeOption, MethodModelCreate, CreateParams{Table: info.Table}).Message, "not prepared")
	require.Contains(t, b.refused(tensor.CodeOption, MethodImagesEdit, ImagesEditParams{Table: info.Table, Rename: "square", To: " "}).Message, "needs a name")
	require.Contains(t, b.refused(tensor.CodeOption, MethodImagesOpen, ImagesParams{}).Message, "from one of files")
	require.Contains(t, b.refused(tensor.CodeOption, MethodImagesOpen, ImagesParams{Sample: "cats"}).Message, "no sample set")
	table, _ := b.open(flowers(30), "kind")
	require.Contains(t, b.refused(tensor.CodeOption, MethodImagesEdit, ImagesEditParams{Table: table.Table}).Message, "no set of pictures")
	require.Contains(t, b.refused(tensor.CodeOption, MethodImagesClassify, ClassifyParams{Model: 77}).Message, "no open model")
}

// awaitCancel waits until the engine has heard that a request is to end.
func (b *bench) awaitCancel() {
	for heard := false; !heard; runtime.Gosched() {
		b.engine.mu.Lock()
		for _, j := range b.engine.jobs {
			heard = heard || j.ctx.Err() != nil
		}
		b.engine.mu.Unlock()
	}
}

// What is broken off leaves the set as it was, and says why nothing could be read.
func TestOpeningPicturesCanFail(t *testing.T) {
	b := newBench(t)
	info := b.openStripes()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := b.client.do(ctx, call{Method: MethodImagesOpen, Params: ImagesParams{Table: info.Table, Files: []ImageFile{{"a/1.png", 0}, {"a/2.png", 1}}},
		Blobs: []Blob{file{text: stripes(t, true, 0)}, file{text: stripes(t, true, 1), read: func(int64) error { cancel(); b.awaitCancel(); return nil }}}})
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, tensor.CodeAborted, e.Data.Code)
	var now ImagesInfo
	b.call(MethodImagesEdit, ImagesEditParams{Table: info.Table}, &now)
	require.Equal(t, info.Profile, now.Profile)

	_, err = b.client.do(context.Background(), call{Method: MethodImagesOpen, Params: ImagesParams{Files: []ImageFile{{"x/no.webp", 0}, {"x/gone.png", 1}}},
		Blobs: []Blob{file{text: "RIFF0000WEBPVP8 "}, file{text: "123", read: func(int64) error { return errors.New("gone") }}}})
	require.ErrorContains(t, err, "x/no.webp: it is no PNG, JPEG or GIF picture, but a WebP. The same or the like is true of 1 more.")
}
