package bindings

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"path"
	"slices"

	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/format/keras"
	"github.com/terrarium-ml/terrarium/core/format/onnx"
	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// An opened model is what a file came to.
type opened struct {
	model  *train.Model // nil: arrays only
	format string
	notes  []string
	labels []string
	arrays []ArrayInfo
}

// modelOpen opens a model from its files.
func modelOpen(j *job, p OpenModelParams) (any, error) {
	files, err := j.modelFiles(p.Files)
	if err != nil {
		return nil, err
	}
	o, err := openFiles(files, j.engine.limit-j.engine.held())
	if err != nil {
		return nil, err
	}
	r := OpenModelResult{Format: o.format, Notes: o.notes, Labels: o.labels, Arrays: o.arrays}
	if o.model == nil {
		return r, nil
	}
	if r.ModelInfo, err = j.engine.open(o.model).info(); err != nil {
		return nil, err
	}
	if h := o.model.Interrupted(); h != nil {
		r.Interrupted = fitResult(h)
	}
	return r, nil
}

// modelFiles reads the files of a request.
func (j *job) modelFiles(list []ModelFile) ([]archive.File, error) {
	var files []archive.File
	var total int64
	for _, f := range list {
		b, err := j.blob(f.Blob)
		if err != nil {
			return nil, err
		}
		if total += b.Size(); total < 0 {
			return nil, tensor.Errorf(tensor.CodeMemory, "the files are larger than any memory")
		}
		if err := j.engine.room(2*total, "the model file"); err != nil {
			return nil, err
		}
		content := make([]byte, b.Size())
		if err := j.outside(func() error { return b.ReadAt(content, 0) }); err != nil {
			return nil, err
		}
		files = append(files, archive.File{Name: cmp.Or(f.Name, b.Name()), Content: content})
	}
	return files, nil
}

// openFiles opens a model by what its files hold, whatever they are called.
func openFiles(files []archive.File, memory int64) (*opened, error) {
	for _, f := range files {
		if why := foreign(f.Content); why != "" {
			return nil, tensor.Errorf(tensor.CodeUnsupported, "%s", why)
		}
	}
	if model, others := layersModel(files); model != nil {
		return openKeras(model, others, memory)
	}
	if len(files) != 1 {
		return nil, tensor.Errorf(tensor.CodeFormat, "these %d files are no model: several belong together only if one is a model.json and the others its weights", len(files))
	}
	f := files[0].Content
	switch {
	case len(f) == 0:
		return nil, tensor.Errorf(tensor.CodeFormat, "the file is empty")
	case archive.Is(f):
		return openZip(f, memory)
	case isJSON(f):
		return nil, tensor.Errorf(tensor.CodeFormat, "the file is JSON, but no model.json of TensorFlow.js: it has no modelTopology")
	case isSafetensors(f):
		return openSafetensors(f, memory)
	}
	o, err := openONNX(f, memory) // which has no mark of its own
	var refused *tensor.Error
	if err == nil || !errors.As(err, &refused) || refused.Code != tensor.CodeFormat || len(f) > 0 && f[0] == 0x08 { // its usual beginning: the version
		return o, err
	}
	return nil, tensor.Errorf(tensor.CodeFormat, "this is no model that can be opened here; known are Terrarium's own files and others of safetensors, model.json of TensorFlow.js with its files of weights, zips of Teachable Machine, and ONNX")
}

func limit(memory int64) train.Option { return train.MemoryLimit(int(memory)) }

func openSafetensors(file []byte, memory int64) (*opened, error) {
	f, err := safetensors.ReadBytes(file, safetensors.Limits{MaxBytes: max(memory, 1)})
	if err != nil {
		return nil, err
	}
	if _, ours := f.Metadata["terrarium"]; ours {
		m, err := train.Load(bytes.NewReader(file), limit(memory))
		return &opened{model: m, format: FormatTerrarium}, err
	}
	o := &opened{format: FormatArrays, notes: []string{"it holds named arrays and says nothing of a network; they can become the weights of a model that is open, by name"}}
	for _, t := range f.Tensors {
		o.arrays = append(o.arrays, ArrayInfo{t.Name, string(t.DType), t.Shape})
	}
	return o, nil
}

func openONNX(file []byte, memory int64) (*opened, error) {
	f, err := onnx.Read(file)
	if err != nil {
		return nil, err
	}
	m, err := train.FromONNX(f, limit(memory))
	return &opened{model: m, format: FormatONNX, notes: f.Notes}, err
}

// openKeras opens a layers-model. The files of weights are found by the path that
// model.json gives, or by their names alone: a browser tells no more of a chosen file.
func openKeras(model []byte, others []archive.File, memory int64) (*opened, error) {
	f, err := keras.Read(model, func(name string) ([]byte, error) {
		for _, same := range []func(string) string{path.Clean, path.Base} {
			for _, o := range others {
				if same(o.Name) == same(name) {
					return o.Content, nil
				}
			}
		}
		return nil, tensor.Errorf(tensor.CodeFormat, "it is missing; choose it together with model.json")
	})
	if err != nil {
		return nil, err
	}
	m, err := train.FromKeras(f, limit(memory))
	if err != nil {
		return nil, err
	}
	o := &opened{model: m, format: FormatKeras, notes: f.Notes}
	for _, other := range others {
		if path.Base(other.Name) == "metadata.json" {
			o.readMetadata(other.Content)
		}
	}
	return o, nil
}

// readMetadata reads what Teachable Machine says of its model.
func (o *opened) readMetadata(text []byte) {
	var metadata struct {
		TMVersion string   `json:"tmVersion"`
		Labels    []string `json:"labels"`
		ModelName string   `json:"modelName"`
	}
	if json.Unmarshal(text, &metadata) != nil || metadata.TMVersion == "" {
		return
	}
	o.format = FormatTeachable
	if n := graph.Size(o.model.OutputShape()); len(metadata.Labels) == n {
		o.labels = metadata.Labels
	} else if len(metadata.Labels) > 0 {
		o.notes = append(o.notes, "its labels: they are not as many as the outputs")
	}
}

// layersModel finds the model.json among files.
func layersModel(files []archive.File) (model []byte, others []archive.File) {
	for i, f := range files {
		if isJSON(f.Content) && hasMember(f.Content, "modelTopology") {
			return f.Content, slices.Concat(files[:i], files[i+1:])
		}
	}
	return nil, nil
}

func isJSON(file []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(text) > 0 && text[0] == '{'
}

// hasMember tells whether a JSON object has a member, also one that is null.
func hasMember(text []byte, name string) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal(text, &members) != nil {
		return false
	}
	_, ok := members[name]
	return ok || string(members["format"]) == `"graph-model"` // which keras.Read refuses, saying why
}

// isSafetensors looks for a header's length and its first character. The header may be
// longer than the file: then that is cut off, which its reader says.
func isSafetensors(file []byte) bool {
	const longest = 100_000_000 // the format's own bound
	return len(file) > 9 && binary.LittleEndian.Uint64(file) <= longest && file[8] == '{'
}

// foreign says what a file is that is known, but cannot be opened here.
func foreign(file []byte) string {
	switch {
	case bytes.HasPrefix(file, []byte("\x89HDF")):
		return "this is an HDF5 file, as Keras writes .h5; convert it with tensorflowjs_converter --input_format keras to a model.json, and open that"
	case len(file) > 8 && string(file[4:8]) == "TFL3":
		return "this is a TensorFlow Lite model; open the Keras model that it was made of, as model.json or ONNX"
	case bytes.HasPrefix(file, []byte("\x00asm")):
		return "this is a compiled model (.wasm): it only predicts. Open the .safetensors file that it was made of"
	case bytes.HasPrefix(file, []byte("\x80\x02")):
		return "this is a pickle of Python, which can hold programs and is never read here; save the weights as safetensors, or export the model as ONNX"
	}
	return ""
}
