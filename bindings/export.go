//go:build !engine || formats

package bindings

import (
	"github.com/terrarium-ml/terrarium/core/format/keras"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// onnxSuffix ends the names of ONNX models.
const onnxSuffix = ".onnx"

// modelExport writes a model for others to open.
func modelExport(j *job, p ExportParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	if err := j.engine.room(int64(8*m.params), "the model's file"); err != nil {
		return nil, err
	}
	name := m.train.Name()
	var r ExportResult
	add := func(name string, content []byte) {
		r.Files = append(r.Files, BytesResult{Name: name, Buffer: len(j.out)})
		j.out = append(j.out, Bytes(content))
	}
	switch p.Format {
	case FormatTerrarium, FormatArrays:
		file, err := m.file()
		if err != nil {
			return nil, err
		}
		add(name+fileSuffix, file)
	case FormatKeras:
		model, weights, err := m.train.ToKeras()
		if err != nil {
			return nil, err
		}
		add("model.json", model)
		add(keras.WeightsFile, weights)
	case FormatONNX:
		file, err := m.train.ToONNX()
		if err != nil {
			return nil, err
		}
		add(name+onnxSuffix, file)
	case FormatWasm:
		file, _, err := m.compile(p.WasmParams)
		if err != nil {
			return nil, err
		}
		add(name+wasmSuffix, file)
	default:
		return nil, tensor.Errorf(tensor.CodeOption, "unknown format %q; known are %s, %s, %s, %s and %s", p.Format, FormatArrays, FormatTerrarium, FormatKeras, FormatONNX, FormatWasm)
	}
	return r, nil
}
