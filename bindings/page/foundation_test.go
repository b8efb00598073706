package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/image"
)

func port(shape ...int) []bindings.Port { return []bindings.Port{{Name: "x", Shape: shape}} }

// An opened model becomes what training begins with: pictures are shown to it as it
// wants them, and it stays until the network is wanted again.
func TestPicturesAreLearnedByAnOpenedModel(t *testing.T) {
	s := withPictures(t)
	open := func(info bindings.ModelInfo, format string) {
		s.fix(bindings.MethodModelOpen, bindings.OpenModelResult{Format: format, ModelInfo: info})
		s.do(Action{Name: "shelf.file", Files: []File{{Name: "model.onnx"}}})
	}
	open(bindings.ModelInfo{Model: 9, Name: "rows", Inputs: port(12), Outputs: port(3)}, bindings.FormatONNX)
	require.Contains(t, s.see("base-misfit").words(), "does not take pictures")
	open(bindings.ModelInfo{Model: 10, Name: "mobile", Inputs: port(3, 96, 64), Outputs: port(1000)}, bindings.FormatTeachable)
	s.do(Action{Name: "base.take"})
	var asked bindings.ImagesPrepareParams
	s.params(bindings.MethodImagesPrepare, &asked)
	require.Equal(t, []int{96, 64, 3}, []int{asked.Setup.Height, asked.Setup.Width, asked.Setup.Channels})
	require.Equal(t, image.RangeSigned, asked.Setup.Range)
	require.Contains(t, s.see("base-name").words(), "mobile")
	s.do(Action{Name: "base.keep", Value: bindings.KeepGo}, Action{Name: "base.pixels", Value: string(image.RangeUnit)})
	s.fix(bindings.MethodModelAdapt, bindings.ModelInfo{Model: 5, Name: "pets", Seed: 1, Pipeline: imagePipeline(), Inputs: port(96, 64, 3), Outputs: port(2)})
	s.do(Action{Name: "train"})
	var p bindings.AdaptParams
	s.params(bindings.MethodModelAdapt, &p)
	require.Equal(t, 10, p.Model)
	require.Equal(t, bindings.KeepGo, p.Keep)
	require.NotContains(t, string(s.engine.last[bindings.MethodModelDispose]), "10", "it is needed to train again")
	s.see("verdict")
	s.do(Action{Name: "base.forget"})
	require.Contains(t, string(s.engine.last[bindings.MethodModelDispose]), "10")
	s.gone("base")
	asked = bindings.ImagesPrepareParams{}
	s.params(bindings.MethodImagesPrepare, &asked)
	require.Equal(t, image.RangeFitted, asked.Setup.Range)
	require.Equal(t, 32, asked.Setup.Width)
}
