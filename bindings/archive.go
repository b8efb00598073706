//go:build !engine || formats

package bindings

import (
	"path"

	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// openZip opens an archive with a layers-model in it, as Teachable Machine gives it away.
func openZip(file []byte, memory int64) (*opened, error) {
	files, err := archive.Read(file, memory/2)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if why := inArchive(f.Name); why != "" {
			return nil, tensor.Errorf(tensor.CodeUnsupported, "%s", why)
		}
	}
	if model, others := layersModel(files); model != nil {
		return openKeras(model, others, memory)
	}
	if len(files) == 1 && !archive.Is(files[0].Content) {
		return openFiles(files, memory)
	}
	return nil, tensor.Errorf(tensor.CodeFormat, "there is no model.json in this archive; unpack it, and choose the files of the model themselves")
}

// inArchive says what archive it is that holds such a file, if that cannot be opened here.
func inArchive(name string) string {
	switch path.Base(name) {
	case "model.weights.h5":
		return "this is a .keras file; convert it with tensorflowjs_converter --input_format keras to a model.json, and open that"
	case "data.pkl":
		return "this is a file of PyTorch's torch.save, which can hold programs and is never read here; save the weights as safetensors, or export the model as ONNX"
	case "saved_model.pb":
		return "this is a SavedModel of TensorFlow; convert the Keras model to a model.json, or export it as ONNX"
	}
	return ""
}
