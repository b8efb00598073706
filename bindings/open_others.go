//go:build !engine || formats

package bindings

import (
	"bytes"
	"errors"
	"path"
	"slices"

	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/format/keras"
	"github.com/terrarium-ml/terrarium/core/format/onnx"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// openOthers opens a model of another program's format.
func openOthers(files []archive.File, memory int64) (*opened, error) {
	if model, others := layersModel(files); model != nil {
		return openKeras(model, others, memory)
	}
	if len(files) != 1 {
		return nil, tensor.Errorf(tensor.CodeFormat, "these %d files are no model: several belong together only if one is a model.json and the others its weights", len(files))
	}
	f := files[0].Content
	switch {
	case archive.Is(f):
		return openZip(f, memory)
	case isJSON(f):
		return nil, tensor.Errorf(tensor.CodeFormat, "the file is JSON, but no model.json of TensorFlow.js: it has no modelTopology")
	}
	o, err := openONNX(f, memory) // which has no mark of its own
	var refused *tensor.Error
	if err == nil || !errors.As(err, &refused) || refused.Code != tensor.CodeFormat || f[0] == 0x08 { // its usual beginning: the version
		return o, err
	}
	return nil, tensor.Errorf(tensor.CodeFormat, "this is no model that can be opened here; known are Terrarium's own files and others of safetensors, model.json of TensorFlow.js with its files of weights, zips of Teachable Machine, and ONNX")
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
