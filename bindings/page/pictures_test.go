package page

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A gallery is a page of images on a fake screen with a fake engine.
type gallery struct {
	*stage
	app *Pictures
}

func newGallery(t *testing.T) *gallery {
	s := &gallery{stage: &stage{T: t, shown: map[string]Node{},
		engine: &fakeEngine{t: t, answer: map[string]func(json.RawMessage, Request) (any, [][]byte, error){}, last: map[string]json.RawMessage{}},
		screen: &fakeScreen{values: map[string]string{}, files: map[string][]byte{}, clock: time.Unix(1e9, 0)}}}
	s.app = NewPictures(s.screen, func(lost func(string)) Engine { s.lose = lost; return s.engine })
	s.stage.app = &App{studio: s.app.studio}
	s.app.beside = func(do func()) { do() }
	s.fix(bindings.MethodHello, bindings.Capabilities{Version: "1", SIMD: true})
	s.fix(bindings.MethodStoreList, bindings.ListResult{})
	s.fix(bindings.MethodStoreUsage, bindings.UsageResult{Usage: 10, Quota: 1000})
	s.fix(bindings.MethodImagesOpen, album(30))
	s.fix(bindings.MethodImagesEdit, album(29))
	s.engine.answer[bindings.MethodImagesPreview] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.ImagesPreviewParams
		require.NoError(t, json.Unmarshal(params, &p))
		return bindings.ImagesPreviewResult{Names: make([]string, len(p.Pictures))}, [][]byte{make([]byte, 4*p.Side*p.Side*len(p.Pictures))}, nil
	}
	s.engine.answer[bindings.MethodImagesPrepare] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.ImagesPrepareParams
		require.NoError(t, json.Unmarshal(params, &p))
		return bindings.ImagesPrepareResult{Setup: p.Setup, Prepared: bindings.PrepareResult{Train: 20, Validation: 4, Test: 6, Pipeline: imagePipeline(),
			Defaults: data.TrainingDefaults{Optimizer: "adam", LearningRate: 0.001, BatchSize: 16, Epochs: 44, Patience: 6, Reasons: map[string]string{"epochs": "Few pictures."}}},
			Layers: []bindings.Layer{{ClassName: "Conv2D", Config: json.RawMessage(`{"filters":16,"kernelSize":[3,3],"activation":"relu"}`)}, {ClassName: "Flatten", Config: json.RawMessage(`{}`)},
				{ClassName: "Dense", Config: json.RawMessage(`{"units":64,"activation":"relu"}`)}}}, nil, nil
	}
	s.fix(bindings.MethodModelCreate, bindings.ModelInfo{Model: 5, Name: "pets", Seed: 1, Pipeline: imagePipeline()})
	s.engine.answer[bindings.MethodModelFit] = func(_ json.RawMessage, r Request) (any, [][]byte, error) {
		r.Notify(bindings.NotifyEpoch, json.RawMessage(`{"id":1,"epochs":[{"epoch":0,"logs":{"loss":1,"acc":0.5}}]}`))
		return bindings.FitResult{Epoch: []int{0}, History: map[string][]float64{"loss": {1}, "acc": {0.5}}}, nil, nil
	}
	s.engine.answer[bindings.MethodModelTest] = func(json.RawMessage, Request) (any, [][]byte, error) {
		return bindings.TestResult{Rows: 3, Headline: "acc", Metrics: bindings.Logs{"acc": 2.0 / 3}, Baseline: bindings.Logs{"acc": 1.0 / 3}, Guess: "cat", Labels: []string{"cat", "dog"},
				Confusion: [][]int{{1, 1}, {0, 1}}, Truth: bindings.Tensor{Buffer: 0}, Predicted: bindings.Tensor{Buffer: 1}, Lines: bindings.Tensor{Buffer: 2}},
			[][]byte{bytesOf([]float32{0, 0, 1}), bytesOf([]float32{0, 1, 1}), bytesOf([]float32{3, 5, 20})}, nil
	}
	s.fix(bindings.MethodModelDigest, bindings.DigestResult{Digest: "cafe"})
	s.engine.answer[bindings.MethodImagesClassify] = func(json.RawMessage, Request) (any, [][]byte, error) {
		return bindings.ClassifyResult{Answer: bindings.RowResult{Label: "dog", Classes: []bindings.ClassShare{{Label: "dog", Probability: 0.75}, {Label: "cat", Probability: 0.25}}},
			Grid: 2, Looked: &bindings.Tensor{Shape: []int{2, 2}, Buffer: 1}}, [][]byte{make([]byte, 4*trySide*trySide), bytesOf([]float32{0, 0.5, 0.2, -0.1})}, nil
	}
	s.app.Start()
	return s
}

func imagePipeline() *data.Pipeline {
	return &data.Pipeline{Format: 1, Inputs: []data.Input{}, Medium: &data.Medium{Kind: data.MediumImage, Shape: []int{32, 32, 3}, Config: json.RawMessage(`{}`)},
		Output: data.Output{Name: "class", Task: data.TaskClassification, Kind: data.KindCategory, Labels: []string{"cat", "dog"}, Counts: []int{10, 10}, Scale: 1}}
}

// album is a set of pictures: even ones are cats.
func album(n int) bindings.ImagesInfo {
	p := image.Profile{Pictures: n, Width: 40, Height: 30, Classes: []image.Class{{Name: "cat"}, {Name: "dog"}}, Fingerprint: "feed",
		Skipped: []image.Skipped{{Name: "pets/x.webp", Reason: "it is a WebP"}}, Copies: []image.Copy{{Picture: 4, Of: 2}}}
	for i := range n {
		p.Classes[i%2].Pictures = append(p.Classes[i%2].Pictures, i)
	}
	return bindings.ImagesInfo{Table: 3, Profile: p, Setup: image.Setup{Width: 32, Height: 24, Channels: 3, Fit: image.FitCrop, Split: data.DefaultSplit(), Augment: image.Augment{Rotate: 8}}}
}

func withPictures(t *testing.T) *gallery {
	s := newGallery(t)
	s.do(Action{Name: "page.files", Files: []File{{Name: "2.png", Path: "pets/dog/2.png"}, {Name: "1.png", Path: "pets/cat/1.png"}}})
	return s
}

func (s *gallery) params(method string, into any) {
	s.Helper()
	require.NoError(s, json.Unmarshal(s.engine.last[method], into))
}

func TestDroppedFoldersBecomeClasses(t *testing.T) {
	s := withPictures(t)
	var p bindings.ImagesParams
	s.params(bindings.MethodImagesOpen, &p)
	require.Equal(t, []bindings.ImageFile{{Path: "pets/cat/1.png", Blob: 0}, {Path: "pets/dog/2.png", Blob: 1}}, p.Files, "in order of name")
	require.Contains(t, s.see("data-read").words(), "30 pictures of 2 classes")
	require.Contains(t, s.see("skipped").words(), "pets/x.webp : it is a WebP")
	require.Contains(t, s.see("copies").words(), "1 picture is the same")
	require.Contains(t, s.see("prepared").words(), "20 pictures to learn from, 4 to know when to stop, 6 kept aside")
	require.Equal(t, "feed", s.see("fingerprint").words())
	require.Equal(t, "32", *s.see("side").Value)
	require.Contains(t, s.see("layers").words(), "Convolution 16 filters of 3 × 3, relu")
	require.Equal(t, "44", *s.see("epochs").Value)
	require.Equal(t, 12+12+previews, len(s.app.bitmaps))
	require.False(t, s.disabled("train"))
}

func TestClassesAreRenamedAndCutAndUndone(t *testing.T) {
	s := withPictures(t)
	s.do(Action{Name: "sorted.remove", Arg: "7"})
	var p bindings.ImagesEditParams
	s.params(bindings.MethodImagesEdit, &p)
	require.Equal(t, []int{7}, p.Remove)
	require.Equal(t, "Undo: one picture taken out", s.see("undo").words())
	s.do(Action{Name: "sorted.undo"})
	p = bindings.ImagesEditParams{}
	s.params(bindings.MethodImagesEdit, &p)
	require.Equal(t, []int{7}, p.Restore)
	require.True(t, s.disabled("undo"))

	s.do(Action{Name: "sorted.name", Arg: "cat", Value: " kitten "}, Action{Name: "sorted.undo"})
	p = bindings.ImagesEditParams{}
	s.params(bindings.MethodImagesEdit, &p)
	require.Equal(t, bindings.ImagesEditParams{Table: 3, Rename: "kitten", To: "cat"}, p)
	s.do(Action{Name: "sorted.name", Arg: "cat", Value: "dog"}, Action{Name: "sorted.undo"}) // joined, and parted again
	p = bindings.ImagesEditParams{}
	s.params(bindings.MethodImagesEdit, &p)
	require.Equal(t, "cat", p.To)
	require.Len(t, p.Move, 15)
	s.do(Action{Name: "sorted.copies"}, Action{Name: "sorted.drop", Arg: "dog"}, Action{Name: "sorted.more", Arg: "cat"})
	s.fail(bindings.MethodImagesEdit, tensor.CodeOption, "There is no picture 7.")
	s.do(Action{Name: "sorted.undo"})
	require.Contains(t, s.see("problem-classes").words(), "no picture 7")
	s.do(Action{Name: "sorted.dismiss"})
	s.gone("problem-classes")
}

func TestDrawnExamples(t *testing.T) {
	s := withPictures(t)
	s.do(Action{Name: "pad.keep"})
	require.Contains(t, s.see("problem-data").words(), "Nothing is drawn")
	require.True(t, s.disabled("keep-drawing"))
	s.do(Action{Name: "pad.add", Points: []int{1, 2, 3, 4}}, Action{Name: "pictures.class", Value: "cat"}, Action{Name: "pad.keep"})
	var p bindings.ImagesParams
	s.params(bindings.MethodImagesOpen, &p)
	require.Equal(t, bindings.ImagesParams{Table: 3, Class: "cat", Drawing: []image.Stroke{{1, 2, 3, 4}}}, p)
	require.Empty(t, s.app.gather.drawing)
}

func TestHowPicturesAreShownIsChosen(t *testing.T) {
	s := withPictures(t)
	s.do(Action{Name: "shown.side", Value: "16"}, Action{Name: "shown.fit", Value: "pad"}, Action{Name: "shown.channels", Value: "1"},
		Action{Name: "vary", Arg: "rotate", Value: "20"}, Action{Name: "vary", Arg: "shift", Value: "10"}, Action{Name: "vary.flip", Checked: true}, Action{Name: "option.seed", Value: "9"})
	var p bindings.ImagesPrepareParams
	s.params(bindings.MethodImagesPrepare, &p)
	want := image.Setup{Width: 16, Height: 12, Channels: 1, Fit: image.FitPad, Split: data.DefaultSplit(), Augment: image.Augment{Flip: true, Rotate: 20, Shift: 0.1}}
	want.Split.Seed = 9
	require.InDelta(t, want.Split.Train, p.Setup.Split.Train, 1e-12)
	want.Split.Train = p.Setup.Split.Train
	require.Equal(t, want, p.Setup)
	s.do(Action{Name: "shown.side", Value: "4"}, Action{Name: "train"})
	require.Contains(t, s.see("problem-train").words()+s.see("side-check").words(), "from 8 to 128")
	s.do(Action{Name: "option.reset"})
	s.params(bindings.MethodImagesPrepare, &p)
	require.Equal(t, 32, p.Setup.Width)
	s.fail(bindings.MethodImagesPrepare, tensor.CodeMemory, "Pictures of this size need 9 GB.")
	s.do(Action{Name: "shown.fit", Value: "stretch"}, Action{Name: "train"})
	require.Contains(t, s.see("train-problem").words(), "need 9 GB")
}

func TestTrainedOnPictures(t *testing.T) {
	s := withPictures(t)
	s.do(Action{Name: "shown.scale", Value: "large"}, Action{Name: "train"})
	var created bindings.CreateParams
	s.params(bindings.MethodModelCreate, &created)
	require.Equal(t, "pets and the rest of 2 files", created.Name)
	require.Contains(t, string(created.Layers[0].Config), `"filters":32`)
	require.Contains(t, s.see("verdict").words(), "Of 3 test pictures it had never seen, the model judged 2 right.")
	s.do(Action{Name: "result.cell", Arg: "0 1"})
	require.Contains(t, s.see("wrong").words(), "1 picture of “cat” that the model took for “dog”")
	var shown bindings.ImagesPreviewParams
	s.params(bindings.MethodImagesPreview, &shown)
	require.Equal(t, []int{4}, shown.Pictures, "line 5 of the test")
	s.do(Action{Name: "try.picture", Arg: "4"})
	require.Equal(t, "dog", s.see("predicted").words())
	require.Contains(t, s.html("try-view"), "heat-5")
	s.do(Action{Name: "try.overlay"})
	require.NotContains(t, s.html("try-view"), "heat-5")
	s.do(Action{Name: "pad.try", Points: []int{1, 1, 9, 9}})
	require.Contains(t, s.html("try-view"), "To your drawing the model says")
	s.do(Action{Name: "try.wipe"})
	s.gone("prediction")
	s.fail(bindings.MethodImagesClassify, tensor.CodeData, "x.webp: it is no picture")
	s.do(Action{Name: "try.files", Files: []File{{Name: "x.webp"}}})
	require.Contains(t, s.see("problem-try").words(), "no picture")
}

func TestHeldCamera(t *testing.T) {
	s := newGallery(t)
	s.do(Action{Name: "pictures.class", Value: "cup"}, Action{Name: "camera", Frames: []bitmap{{2, 1, make([]byte, 8)}, {2, 1, make([]byte, 8)}}})
	var p bindings.ImagesParams
	s.params(bindings.MethodImagesOpen, &p)
	require.Equal(t, "cup", p.Class)
	require.Len(t, p.Pixels, 2)
	require.Equal(t, 1, p.Pixels[1].Buffer)
	s.do(Action{Name: "camera", Value: "The camera gives no picture."})
	require.Contains(t, s.see("problem-data").words(), "no picture")
	s.do(Action{Name: "pictures.class", Value: " "}, Action{Name: "camera", Frames: []bitmap{{2, 1, make([]byte, 8)}}})
	require.Contains(t, s.see("problem-data").words(), "what the camera shows")
}

// After the engine was lost, the same pictures come in the same order, with all changes.
func TestPicturesComeBack(t *testing.T) {
	s := withPictures(t)
	s.do(Action{Name: "sorted.remove", Arg: "7"}, Action{Name: "pictures.into", Arg: "cat", Files: []File{{Name: "3.png"}}})
	s.lose("out of memory")
	s.engine.asked = nil
	s.do(Action{Name: "state.again"})
	var changes []string
	for _, m := range s.engine.asked {
		if m == bindings.MethodImagesOpen || m == bindings.MethodImagesEdit {
			changes = append(changes, m)
		}
	}
	require.Equal(t, []string{bindings.MethodImagesOpen, bindings.MethodImagesEdit, bindings.MethodImagesOpen}, changes)
	require.False(t, s.disabled("train"))
	s.lose("again")
	s.fail(bindings.MethodImagesOpen, tensor.CodeData, "moved")
	s.do(Action{Name: "state.again"})
	require.Contains(t, s.see("problem-data").words(), "moved")
	require.True(t, s.disabled("train"))
}

func TestSamplesReplaceEachOther(t *testing.T) {
	s := newGallery(t)
	s.do(Action{Name: "pictures.sample", Arg: "digits"}, Action{Name: "pictures.sample", Arg: "shapes"})
	var p bindings.ImagesParams
	s.params(bindings.MethodImagesOpen, &p)
	require.Zero(t, p.Table, "a set of its own")
	require.Contains(t, s.engine.asked, bindings.MethodTableClose)
	s.do(Action{Name: "page.files", Files: []File{{Name: "a.png"}}})
	p = bindings.ImagesParams{}
	s.params(bindings.MethodImagesOpen, &p)
	require.Equal(t, 3, p.Table, "added to what is there")
	s.fail(bindings.MethodImagesOpen, tensor.CodeData, "No picture could be read.")
	s.do(Action{Name: "page.files", Files: []File{{Name: "a.txt"}}})
	require.Contains(t, s.see("problem-data").words(), "No picture")
	s.do(Action{Name: "page.files", Files: []File{{Name: "m.safetensors"}}})
	require.Contains(t, s.engine.asked, bindings.MethodModelOpen)
}

// What only the browser can read comes as pixels; what nobody can, the engine names.
func TestFormatsOfTheBrowser(t *testing.T) {
	s := newGallery(t)
	s.app.decode = func(f File, most int) (bitmap, error) {
		switch f.Name {
		case "bad.webp":
			return bitmap{}, errors.New("damaged")
		case "noisy.webp":
			return bitmap{}, errNoisy
		}
		require.Equal(t, image.KeptSide, most)
		return bitmap{2, 1, []byte{1, 2, 3, 255, 4, 5, 6, 255}}, nil
	}
	var asked []bindings.ImagesParams
	s.engine.answer[bindings.MethodImagesOpen] = func(params json.RawMessage, r Request) (any, [][]byte, error) {
		var p bindings.ImagesParams
		require.NoError(t, json.Unmarshal(params, &p))
		require.Len(t, r.Bytes, len(p.Pixels))
		asked = append(asked, p)
		return album(30), nil, nil
	}
	s.do(Action{Name: "page.files", Files: []File{{Name: "1.webp", Path: "x/cat/1.webp"}, {Name: "bad.webp"}, {Name: "2.png"}}})
	require.Len(t, asked, 2)
	require.Equal(t, []bindings.ImageFile{{Path: "2.png", Blob: 0}, {Path: "bad.webp", Blob: 1}}, asked[0].Files)
	require.Equal(t, []bindings.ImagePixels{{Name: "x/cat/1.webp", Width: 2, Height: 1}}, asked[1].Pixels)
	s.do(Action{Name: "train"}, Action{Name: "try.files", Files: []File{{Name: "new.avif"}}})
	var p bindings.ClassifyParams
	s.params(bindings.MethodImagesClassify, &p)
	require.Equal(t, 2, p.Pixels.Width)
	s.do(Action{Name: "try.files", Files: []File{{Name: "bad.webp"}}})
	require.Contains(t, s.see("problem-try").words(), "bad.webp could not be opened: damaged.")
	s.do(Action{Name: "page.files", Files: []File{{Name: "noisy.webp"}}})
	require.Contains(t, s.see("problem-data").words(), "changes pixels")
}
