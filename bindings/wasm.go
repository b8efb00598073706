package bindings

import (
	"bytes"

	"github.com/terrarium-ml/terrarium/core/codegen"
)

// wasmSuffix ends the names of compiled models.
const wasmSuffix = ".wasm"

// modelWasm compiles a model.
func modelWasm(j *job, p WasmParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	if err := j.engine.room(int64(8*m.params), "the compiled model"); err != nil {
		return nil, err
	}
	file, report, err := m.compile(p)
	if err != nil {
		return nil, err
	}
	j.out = append(j.out, Bytes(file))
	return WasmResult{Name: m.train.Name() + wasmSuffix, Weights: report.Weights, Code: report.Code(), MaxRows: report.MaxRows}, nil
}

func (m *model) compile(p WasmParams) ([]byte, *codegen.Report, error) {
	var b bytes.Buffer
	report, err := m.train.WriteWasm(&b, codegen.Options{Weights: codegen.Precision(p.Weights), NoSIMD: p.SIMD != nil && !*p.SIMD},
		codegen.About{Unit: p.Unit, Units: p.Units, Metrics: p.Metrics, Fingerprint: p.Fingerprint, Licence: p.Licence, Interval: p.Interval})
	return b.Bytes(), report, err
}

// rounded returns the model as it is with weights of a precision.
func (m *model) rounded(weights string) (*model, error) {
	r, err := m.train.Rounded(codegen.Precision(weights))
	return &model{train: r, params: m.params}, err
}
