//go:build !engine

package bindings

import (
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// fields is how many a side of a picture has when a model is asked where it looked.
const fields = 8

// imagesClassify asks a model about one picture.
func imagesClassify(j *job, p ClassifyParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	pipeline := m.train.Pipeline
	config, err := image.Read(pipeline)
	if err != nil {
		return nil, err
	}
	if err := checkSide(p.Side); err != nil {
		return nil, err
	}
	picture, err := j.one(p, config)
	if err != nil {
		return nil, err
	}
	size := pipeline.Features()
	row := make([]float32, size)
	config.Encode(row, picture)
	x, err := tensor.From(row, append([]int{1}, pipeline.Shape()...)...)
	if err != nil {
		return nil, err
	}
	outputs, err := j.predict(m, x)
	if err != nil {
		return nil, err
	}
	said := outputs[0].Data
	shown := make([]byte, 4*p.Side*p.Side)
	config.See(picture).Thumbnail(shown, p.Side)
	r := ClassifyResult{Answer: rowResult(pipeline, said), Buffer: len(j.out)}
	j.out = append(j.out, Bytes(shown))
	if !p.Explain {
		return r, nil
	}
	best := pipeline.Label(said)
	before := pipeline.Probabilities(said)[best]
	if x, err = j.hidden(config, row, pipeline.Shape()); err != nil {
		return nil, err
	}
	if outputs, err = j.predict(m, x); err != nil {
		return nil, err
	}
	falls := make([]float32, fields*fields)
	for i := range falls {
		falls[i] = before - pipeline.Probabilities(outputs[0].Row(i))[best]
	}
	looked := j.attach(falls, fields, fields)
	r.Grid, r.Looked = fields, &looked
	return r, nil
}

// hidden makes the rows that tell where a model looks.
func (j *job) hidden(c *image.Config, row []float32, shape []int) (*tensor.Tensor, error) {
	if err := j.engine.room(int64(4*fields*fields*len(row)), "the question where the model looks"); err != nil {
		return nil, err
	}
	x := tensor.New(append([]int{fields * fields}, shape...)...)
	c.Occluded(x.Data, row, fields)
	return x, nil
}

// one finds the picture that a question is about.
func (j *job) one(p ClassifyParams, c *image.Config) (*image.Picture, error) {
	switch {
	case p.Blob != nil:
		blob, err := j.blob(*p.Blob)
		if err != nil {
			return nil, err
		}
		if blob.Size() > image.MaxFileBytes {
			return nil, tensor.Errorf(tensor.CodeMemory, "%s is too large a file for one picture", blob.Name())
		}
		file := make([]byte, blob.Size())
		if _, err := (blobAt{j, blob}).ReadAt(file, 0); err != nil {
			return nil, err
		}
		picture, err := image.Decode(file, j.engine.limit-j.engine.held(), j.breathe)
		if err != nil {
			return nil, tensor.Errorf(tensor.CodeData, "%s: %v", blob.Name(), err)
		}
		return picture, nil
	case p.Pixels != nil:
		return j.pixels(p.Pixels)
	case len(p.Drawing) > 0:
		return image.Draw(p.Drawing, c.Light)
	case p.Table != 0:
		_, set, err := j.engine.pictures(p.Table)
		if err != nil {
			return nil, err
		}
		if picture, _, _ := set.set.Picture(p.Picture); picture != nil {
			return picture, nil
		}
		return nil, tensor.Errorf(tensor.CodeOption, "there is no picture %d", p.Picture)
	}
	return nil, paramsErrorf("classify wants a blob, pixels, a drawing, or a table and the number of a picture")
}
