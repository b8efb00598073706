package page

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// compiling has the engine answer with modules whose size depends on the weights.
func compiling(s *stage) {
	s.engine.answer[bindings.MethodModelWasm] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.WasmParams
		require.NoError(s, json.Unmarshal(params, &p))
		return bindings.WasmResult{}, [][]byte{make([]byte, map[string]int{"float32": 8000, "float16": 5000, "int8": 3000}[p.Weights])}, nil
	}
}

func unzipped(t *testing.T, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	texts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		texts[f.Name] = string(content)
	}
	return texts
}

func TestAModelIsMadeForAPage(t *testing.T) {
	s := trained(t)
	compiling(s)
	s.screen.embed = "embed()"
	s.do(Action{Name: "publish.open"})
	require.Equal(t, "publish-panel", s.screen.focus)
	table := s.see("publish-costs").words()
	for _, want := range []string{"Right on 3 rows kept aside", "8.0", "5.0", "3.0", "66.7"} {
		require.Contains(t, table, want)
	}
	var test bindings.TestParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelTest], &test))
	require.Equal(t, bindings.TestParams{Model: 5, Table: 3, Part: "validation", Weights: "int8"}, test)

	s.do(Action{Name: "publish.weights", Value: "float16"}, Action{Name: "publish.plain", Checked: true}, Action{Name: "publish.give", Arg: "page"})
	var p bindings.WasmParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelWasm], &p))
	require.Equal(t, "float16", p.Weights)
	require.False(t, *p.SIMD)
	require.InDelta(t, 2.0/3, p.Metrics["acc"], 1e-9)
	files := unzipped(t, s.screen.files["flowers.zip"])
	require.Len(t, files["model.wasm"], 5000)
	require.Equal(t, "embed()", files["embed.js"])
	require.Contains(t, files["index.html"], snippet)
	require.Contains(t, files["index.html"], "<h1>flowers</h1>")

	s.do(Action{Name: "publish.copy"})
	require.Equal(t, s.see("snippet").Kids[0].Text, s.screen.copied)
	s.do(Action{Name: "publish.give", Arg: "module"})
	require.Len(t, s.screen.files["model.wasm"], 5000)
	s.do(Action{Name: "publish.close"})
	s.gone("publish-panel")
}

func TestAModelForOtherPrograms(t *testing.T) {
	s := trained(t)
	compiling(s)
	s.do(Action{Name: "publish.open"})
	s.engine.answer[bindings.MethodModelExport] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.ExportParams
		require.NoError(t, json.Unmarshal(params, &p))
		if p.Format == bindings.FormatONNX {
			return bindings.ExportResult{Files: []bindings.BytesResult{{Name: "flowers.onnx"}}}, [][]byte{{1}}, nil
		}
		return bindings.ExportResult{Files: []bindings.BytesResult{{Name: "model.json"}, {Name: "model.weights.bin", Buffer: 1}}}, [][]byte{[]byte("{}"), {2}}, nil
	}
	s.do(Action{Name: "publish.give", Arg: "onnx"}, Action{Name: "publish.give", Arg: "layers-model"})
	require.Equal(t, []byte{1}, s.screen.files["flowers.onnx"])
	require.Equal(t, map[string]string{"model.json": "{}", "model.weights.bin": "\x02"}, unzipped(t, s.screen.files["flowers for TensorFlow.js.zip"]))
	s.fail(bindings.MethodModelExport, tensor.CodeUnsupported, "noise: ONNX has none.")
	s.do(Action{Name: "publish.give", Arg: "onnx"})
	require.Contains(t, s.see("problem-publish").words(), "noise: ONNX has none.")
}

func TestWhatCannotBeCompiledIsSaid(t *testing.T) {
	s := trained(t)
	s.fail(bindings.MethodModelWasm, tensor.CodeUnsupported, "the model cannot be compiled because of x.")
	s.do(Action{Name: "publish.open"})
	require.Contains(t, s.see("publish-refused").words(), "cannot be compiled because of x")
	s.gone("publish-page")
	s.see("publish-onnx")
}

func TestAModelOfAnotherProgramIsTriedWithNumbers(t *testing.T) {
	s := newStage(t)
	s.fix(bindings.MethodModelOpen, bindings.OpenModelResult{Format: bindings.FormatTeachable, Notes: []string{"how it was compiled"}, Labels: []string{"cat", "dog"},
		ModelInfo: bindings.ModelInfo{Model: 9, Name: "pets", Inputs: []bindings.Port{{Name: "in", Shape: []int{2, 1}}}, Outputs: []bindings.Port{{Name: "out", Shape: []int{2}}}}})
	s.do(Action{Name: "page.files", Files: []File{{Name: "weights.bin"}, {Name: "model.json"}}})
	require.JSONEq(t, `{"files":[{"name":"weights.bin","blob":0},{"name":"model.json","blob":1}]}`, string(s.engine.last[bindings.MethodModelOpen]))
	require.Contains(t, s.see("loaded-model").words(), "from the file weights.bin and model.json, a model of Teachable Machine")
	require.Contains(t, s.see("file-notes").words(), "how it was compiled")
	require.Equal(t, "0, 0", *s.see("numbers-0").Value)

	var sent [][]byte
	s.engine.answer[bindings.MethodModelPredict] = func(_ json.RawMessage, r Request) (any, [][]byte, error) {
		sent = r.Bytes
		return bindings.Tensor{Shape: []int{1, 2}}, [][]byte{append(binary.LittleEndian.AppendUint32(nil, math.Float32bits(0.25)), 0, 0, 0x40, 0x3f)}, nil
	}
	s.do(Action{Name: "row.number", Arg: "0", Value: "1 x"}, Action{Name: "row.numbers"})
	require.Contains(t, s.see("numbers-0-check").words(), "“x” is not a number")
	s.do(Action{Name: "row.number", Arg: "0", Value: "1"}, Action{Name: "row.numbers"})
	require.Contains(t, s.see("numbers-0-check").words(), "There must be 2 numbers, not 1.")
	require.Nil(t, sent)
	s.do(Action{Name: "row.number", Arg: "0", Value: "1; 2.5"}, Action{Name: "row.numbers"})
	require.Equal(t, []byte{0, 0, 0x80, 0x3f, 0, 0, 0x20, 0x40}, sent[0])
	require.Equal(t, "out cat 0.25 dog 0.75", s.see("said-0").words())

	s.do(Action{Name: "shelf.save"})
	require.Contains(t, s.engine.asked, bindings.MethodModelSave)
}

func TestArraysBecomeWeightsByName(t *testing.T) {
	s := newStage(t)
	s.fix(bindings.MethodModelOpen, bindings.OpenModelResult{Format: bindings.FormatArrays, Arrays: []bindings.ArrayInfo{{Name: "hidden.weight"}}})
	s.do(Action{Name: "shelf.file", Files: []File{{Name: "w.safetensors"}}})
	require.Contains(t, s.see("arrays").words(), "w.safetensors holds 1 array and no network : hidden.weight.")
	s.gone("take-arrays")
	s.do(Action{Name: "shelf.forget"})
	s.gone("arrays")

	s.do(Action{Name: "data.file", Files: []File{{Name: "flowers.csv"}}}, Action{Name: "train"}, Action{Name: "shelf.file", Files: []File{{Name: "w.safetensors"}}})
	s.fix(bindings.MethodModelTake, bindings.LoadWeightsResult{Missing: []string{"output/kernel"}})
	s.do(Action{Name: "shelf.take"})
	require.Contains(t, s.see("problem-models").words(), "output/kernel")
	s.fix(bindings.MethodModelTake, bindings.LoadWeightsResult{Set: []string{"hidden/kernel"}, Missing: []string{"hidden/bias"}})
	s.do(Action{Name: "shelf.take"})
	require.Contains(t, s.see("loaded-model").words(), "with weights from the file w.safetensors")
	require.Contains(t, s.see("file-notes").words(), "not in the file, and left as they were: hidden/bias")
}
