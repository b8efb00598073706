package bindings

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// maxEntries bounds the files of an archive: models have few.
const maxEntries = 4096

func isZip(file []byte) bool { return bytes.HasPrefix(file, []byte("PK\x03\x04")) }

// openZip opens an archive with a layers-model in it, as Teachable Machine gives it away.
func openZip(file []byte, memory int64) (*opened, error) {
	files, err := unzip(file, memory/2)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if why := inArchive(f.name); why != "" {
			return nil, tensor.Errorf(tensor.CodeUnsupported, "%s", why)
		}
	}
	for i, f := range files {
		if isJSON(f.content) && hasMember(f.content, "modelTopology") {
			return openKeras(f.content, append(append([]modelFile{}, files[:i]...), files[i+1:]...), memory)
		}
	}
	if len(files) == 1 && !isZip(files[0].content) {
		return openFiles(files, memory)
	}
	return nil, tensor.Errorf(tensor.CodeFormat, "there is no model.json in this archive; unpack it, and choose the files of the model themselves")
}

// inArchive says what archive it is that holds such a file, if that cannot be opened here.
func inArchive(name string) string {
	switch base := path.Base(name); {
	case base == "model.weights.h5":
		return "this is a .keras file; convert it with tensorflowjs_converter --input_format keras to a model.json, and open that"
	case base == "data.pkl":
		return "this is a file of PyTorch's torch.save, which can hold programs and is never read here; save the weights as safetensors, or export the model as ONNX"
	case base == "saved_model.pb":
		return "this is a SavedModel of TensorFlow; convert the Keras model to a model.json, or export it as ONNX"
	}
	return ""
}

// unzip unpacks an archive into memory, up to so many bytes whatever the archive says of
// itself.
func unzip(file []byte, most int64) ([]modelFile, error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, tensor.Errorf(tensor.CodeFormat, "the archive is damaged: %v", err)
	}
	if len(archive.File) > maxEntries {
		return nil, tensor.Errorf(tensor.CodeFormat, "the archive holds %d files; a model has at most %d", len(archive.File), maxEntries)
	}
	var files []modelFile
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, tensor.Errorf(tensor.CodeFormat, "%s in the archive: %v", f.Name, err)
		}
		content, err := io.ReadAll(io.LimitReader(r, most+1))
		r.Close() // only read
		if err != nil {
			return nil, tensor.Errorf(tensor.CodeFormat, "%s in the archive is damaged: %v", f.Name, err)
		}
		if most -= int64(len(content)); most < 0 {
			return nil, tensor.Errorf(tensor.CodeMemory, "unpacked, the archive is too large for the memory that is left")
		}
		files = append(files, modelFile{f.Name, content})
	}
	return files, nil
}
