//go:build !engine

package bindings

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// gradientBytes is about what the gradients of a picture take.
const gradientBytes = 64 << 20

// whyPicture explains a model's answer to one picture by integrated gradients.
func whyPicture(j *job, p WhyPictureParams) (any, error) {
	m, err := j.engine.idleModel(p.Picture.Model, j.method)
	if err != nil {
		return nil, err
	}
	pipeline := m.train.Pipeline
	config, err := image.Read(pipeline)
	if err != nil {
		return nil, err
	}
	picture, err := j.one(p.Picture, config)
	if err != nil {
		return nil, err
	}
	if err := j.engine.room(gradientBytes, "the gradients of this picture"); err != nil {
		return nil, err
	}
	shape := pipeline.Shape()
	row := make([]float32, pipeline.Features())
	config.Encode(row, picture)
	x, err := tensor.From(row, slices.Concat([]int{1}, shape)...)
	if err != nil {
		return nil, err
	}
	s := &study{job: j, model: m, pipeline: pipeline, work: j.working("judge")}
	return s.beside(func() (any, error) {
		said, err := s.Predict(j.ctx, x)
		if err != nil {
			return nil, err
		}
		class := pipeline.Label(said.Data)
		output, sign := class, 1.0
		if pipeline.Output.Units() == 1 {
			if output = 0; class == 0 {
				sign = -1 // the network says the probability of the other class
			}
		}
		a, err := explain.IntegratedGradients(j.ctx, m.train, x, explain.Integration{Output: output, Baseline: evenly(x), Steps: p.Steps, Progress: s.pause})
		if err != nil {
			return nil, err
		}
		r := WhyPictureResult{Label: pipeline.Output.Labels[class], Answer: a.Answer, Blank: a.AtBaseline, Gap: a.Gap}
		if sign < 0 {
			r.Answer, r.Blank = 1-a.Answer, 1-a.AtBaseline
		}
		r.Values = j.attach(perPixel(a.Values, shape, sign), shape[0], shape[1])
		return r, nil
	}), nil
}

// evenly is a picture of one colour, the mean of another's: against a black one, every
// pixel of a light ground would seem to matter.
func evenly(x *tensor.Tensor) *tensor.Tensor {
	channels := x.Shape[len(x.Shape)-1]
	pixels := len(x.Data) / channels
	mean := make([]float64, channels)
	for i, v := range x.Data {
		mean[i%channels] += float64(v) / float64(pixels)
	}
	even := tensor.New(x.Shape...)
	for i := range even.Data {
		even.Data[i] = float32(mean[i%channels])
	}
	return even
}

// perPixel adds the channels of each pixel up.
func perPixel(values []float64, shape []int, sign float64) []float32 {
	out := make([]float32, shape[0]*shape[1])
	channels := len(values) / len(out)
	for i := range out {
		sum := 0.0
		for _, v := range values[i*channels : (i+1)*channels] {
			sum += v
		}
		out[i] = float32(sign * sum)
	}
	return out
}
