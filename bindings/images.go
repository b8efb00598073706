//go:build !engine

package bindings

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// pictures are a set that is open in the engine.
type pictures struct {
	set      *image.Set
	prepared *image.Prepared // nil before images.prepare
}

var _ medium = (*pictures)(nil)

func (p *pictures) kind() data.MediumKind { return data.MediumImage }

func (p *pictures) bytes() int64 {
	sum := p.set.Bytes()
	if p.prepared != nil {
		sum += p.prepared.Bytes()
	}
	return sum
}

// pictures returns an open set.
func (e *Engine) pictures(id int) (*table, *pictures, error) {
	t, err := e.opened(id)
	if err != nil {
		return nil, nil, err
	}
	p, ok := t.medium.(*pictures)
	if !ok {
		return nil, nil, tensor.Errorf(tensor.CodeOption, "table %d is no set of pictures", id)
	}
	return t, p, nil
}

func (t *table) imagesInfo(p *pictures) ImagesInfo {
	return ImagesInfo{Table: t.id, Profile: p.set.Profile(), Setup: p.set.Suggest()}
}

func imagesSamples(*job, Empty) (any, error) { return ImageSamplesResult{image.Samples()}, nil }

// imagesOpen adds to a set. What is broken off leaves it as it was.
func imagesOpen(j *job, p ImagesParams) (any, error) {
	t, set := &table{}, &pictures{}
	if p.Table != 0 {
		var err error
		if t, set, err = j.engine.pictures(p.Table); err != nil {
			return nil, err
		}
	} else {
		set.set = image.NewSet(image.Options{})
		t.medium = set
	}
	before, skipped := set.set.Len(), set.set.Skipped()
	if err := j.addImages(set.set, p); err != nil {
		set.set.Forget(before, skipped)
		return nil, err
	}
	if p.Table == 0 {
		if set.set.Len() == 0 {
			return nil, noPictures(set.set)
		}
		t.id = j.engine.newID()
		j.engine.tables[t.id] = t
	}
	return t.imagesInfo(set), nil
}

// noPictures says why files gave nothing.
func noPictures(s *image.Set) error {
	skipped := s.Profile().Skipped
	if len(skipped) == 0 {
		return tensor.Errorf(tensor.CodeData, "There are no pictures in what you gave. Give PNG, JPEG or GIF files, folders of them, or a zip.")
	}
	first := skipped[0]
	text := fmt.Sprintf("No picture could be read. %s: %s.", first.Name, first.Reason)
	if n := len(skipped) - 1; n > 0 {
		text += fmt.Sprintf(" The same or the like is true of %d more.", n)
	}
	return tensor.Errorf(tensor.CodeData, "%s", text)
}

func (j *job) addImages(set *image.Set, p ImagesParams) error {
	given := 0
	for _, is := range []bool{len(p.Files) > 0, len(p.Pixels) > 0, len(p.Drawing) > 0, p.Sample != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		return paramsErrorf("pictures are added from one of files, pixels, drawing and sample, got %d of them", given)
	}
	room := j.engine.limit - j.engine.held() + set.Bytes()
	if room <= set.Bytes() {
		return j.engine.room(1, "a picture")
	}
	done, total := int64(0), int64(len(p.Files))
	work := j.working("read")
	set.Use(image.Options{Room: room, Pause: func() error { return work(done, total) }, Decoder: j.engine.host.Decoder})
	defer set.Flush()
	for _, f := range p.Files {
		blob, err := j.blob(f.Blob)
		if err != nil {
			return err
		}
		file := image.File{Path: f.Path, Class: p.Class, Size: blob.Size(), Data: blobAt{j, blob}}
		if file.Path == "" {
			file.Path = blob.Name()
		}
		if err := work(done, total); err != nil {
			return err
		}
		if err := set.Add(file); err != nil {
			return err
		}
		done++
	}
	for i := range p.Pixels {
		picture, err := j.pixels(&p.Pixels[i])
		if err != nil {
			return err
		}
		f := image.File{Path: p.Pixels[i].Name, Class: p.Class}
		if _, err := set.AddPicture(picture, f.Path, f.Folder()); err != nil {
			return err
		}
	}
	if len(p.Drawing) > 0 {
		picture, err := image.Draw(p.Drawing, set.Dark())
		if err != nil {
			return err
		}
		if _, err := set.AddPicture(picture, "drawing", classOr(p.Class)); err != nil {
			return err
		}
	}
	if p.Sample != "" {
		if err := set.AddSample(p.Sample); err != nil {
			return err
		}
	}
	return j.breathe()
}

func classOr(class string) string {
	if class == "" {
		return image.NoClass
	}
	return class
}

// pixels brings what a browser decoded into Go's memory.
func (j *job) pixels(p *ImagePixels) (*image.Picture, error) {
	b, err := j.buffer(p.Buffer)
	if err != nil {
		return nil, err
	}
	if p.Width < 1 || p.Height < 1 || int64(p.Width)*int64(p.Height) > image.MaxPixels || 4*p.Width*p.Height != b.Len() {
		return nil, tensor.Errorf(tensor.CodeShape, "a picture of %d × %d pixels wants four bytes for each, got %d bytes", p.Width, p.Height, b.Len())
	}
	if err := j.engine.room(int64(2*b.Len()), "a picture"); err != nil {
		return nil, err
	}
	return image.FromRGBA(p.Width, p.Height, Take(b)), nil
}

func imagesEdit(j *job, p ImagesEditParams) (any, error) {
	t, set, err := j.engine.pictures(p.Table)
	if err != nil {
		return nil, err
	}
	for _, n := range p.Remove {
		if err := set.set.Remove(n, false); err != nil {
			return nil, err
		}
	}
	for _, n := range p.Restore {
		if err := set.set.Remove(n, true); err != nil {
			return nil, err
		}
	}
	for _, n := range p.Move {
		if err := set.set.Move(n, p.To); err != nil {
			return nil, err
		}
	}
	if p.Rename != "" {
		if err := set.set.Rename(p.Rename, p.To); err != nil {
			return nil, err
		}
	}
	return t.imagesInfo(set), nil
}

func imagesPrepare(j *job, p ImagesPrepareParams) (any, error) {
	t, set, err := j.engine.pictures(p.Table)
	if err != nil {
		return nil, err
	}
	prepared, err := set.set.Prepare(p.Setup, j.engine.limit-j.engine.held(), j.working("prepare"))
	if err != nil {
		return nil, err
	}
	set.prepared, t.prepared, t.learn = prepared, prepared.Prepared, train.Pictures(prepared.Prepared, prepared.Fill)
	t.encode = func(part *data.Part) (*tensor.Tensor, error) { return j.engine.encodePictures(set.set, prepared, part) }
	r := ImagesPrepareResult{Setup: prepared.Setup, Between: prepared.Between, Layers: []Layer{}, Prepared: PrepareResult{
		Train: len(prepared.Train.Rows), Validation: len(prepared.Validation.Rows), Test: len(prepared.Test.Rows), Features: []string{},
		Pipeline: prepared.Pipeline, Setup: prepared.Prepared.Setup, Notices: prepared.Notices, Leaks: []data.Leak{}, Defaults: prepared.Training()}}
	for _, l := range prepared.Network() {
		r.Layers = append(r.Layers, Layer{ClassName: l.ClassName, Config: jsonOf(l.Config)})
	}
	return r, nil
}

// encodePictures makes the inputs of a part, not augmented.
func (e *Engine) encodePictures(set *image.Set, prepared *image.Prepared, part *data.Part) (*tensor.Tensor, error) {
	shape := append([]int{len(part.Rows)}, prepared.Pipeline.Shape()...)
	size := prepared.Pipeline.Features()
	if err := e.room(int64(4*size*len(part.Rows)), "these pictures"); err != nil {
		return nil, err
	}
	x := tensor.New(shape...)
	for i, n := range part.Rows {
		if p, _, _ := set.Picture(n); p != nil {
			prepared.Config.Encode(x.Data[i*size:(i+1)*size], p)
		}
	}
	return x, nil
}

func imagesPreview(j *job, p ImagesPreviewParams) (any, error) {
	_, set, err := j.engine.pictures(p.Table)
	if err != nil {
		return nil, err
	}
	if err := checkSide(p.Side); err != nil {
		return nil, err
	}
	if len(p.Pictures) > MaxPreview {
		return nil, tensor.Errorf(tensor.CodeOption, "at most %d pictures are shown at once, got %d", MaxPreview, len(p.Pictures))
	}
	size := 4 * p.Side * p.Side
	out := make([]byte, size*len(p.Pictures))
	r := ImagesPreviewResult{Names: make([]string, len(p.Pictures))}
	for i, n := range p.Pictures {
		picture, _, name := set.set.Picture(n)
		if picture == nil {
			continue // taken out meanwhile
		}
		if p.Augment != nil {
			if picture, err = p.Augment.Augmented(picture, uint64(i)); err != nil {
				return nil, err
			}
		}
		r.Names[i] = name
		picture.Thumbnail(out[i*size:(i+1)*size], p.Side)
		if err := j.breathe(); err != nil {
			return nil, err
		}
	}
	j.out = append(j.out, Bytes(out))
	return r, nil
}
