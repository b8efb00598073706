package bindings

import (
	"bytes"
	"cmp"
	"encoding/binary"

	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/format/safetensors"
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
	others bool // nothing: it may be of a format that only a build with others reads
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
	r := OpenModelResult{Format: o.format, Notes: o.notes, Labels: o.labels, Arrays: o.arrays, Others: o.others}
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
	if len(files) == 1 {
		switch f := files[0].Content; {
		case len(f) == 0:
			return nil, tensor.Errorf(tensor.CodeFormat, "the file is empty")
		case isSafetensors(f):
			return openSafetensors(f, memory)
		}
	}
	return openOthers(files, memory)
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
