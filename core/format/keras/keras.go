// Package keras reads and writes TensorFlow.js's layers-model format: a model.json with
// the layers as Keras describes them, and files ("shards") of weights. What
// tensorflowjs_converter makes of Keras models, of version 2 and 3, is read as well.
//
//	{"format":"layers-model", "modelTopology":{…}, "weightsManifest":[{"paths":[…],"weights":[…]}], "trainingConfig":{…}}
//
// The package describes: Read gives a network's configuration for nn.ParseNetwork and
// named weights; package train makes a model of them. Nothing in a file is executed,
// and nothing is believed: sizes and names are checked before memory is taken. What a
// file asks for and Terrarium does not have is listed all at once, by layer.
package keras

import (
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A File is what a layers-model holds.
type File struct {
	Name      string
	Generator string // what wrote it, as it says
	Network   nn.NetworkConfig
	Weights   []Weight  // in the manifest's order, without the optimizer's
	Training  *Training // how it was compiled; nil if the file does not say
	Metadata  json.RawMessage
	Notes     []string // what was left out because predictions do not depend on it

	original map[string]string // layers that got another name, by the new one
}

// A Weight is one named array of a file.
type Weight struct {
	Name   string
	Tensor *tensor.Tensor
}

// Training is how a model was compiled, in the names of the file.
type Training struct {
	Optimizer json.RawMessage // {"class_name":…,"config":…}, or null
	Loss      string          // "" if it has several
	Metrics   []string
}

// Open returns the contents of a file that model.json names, by its path relative to
// model.json.
type Open func(path string) ([]byte, error)

// modelJSON is the top of model.json.
type modelJSON struct {
	Format        string          `json:"format"`
	GeneratedBy   string          `json:"generatedBy"`
	ConvertedBy   string          `json:"convertedBy"`
	ModelTopology json.RawMessage `json:"modelTopology"`
	Training      json.RawMessage `json:"trainingConfig"`
	Metadata      json.RawMessage `json:"userDefinedMetadata"`
	Manifest      []group         `json:"weightsManifest"`
}

// Read reads a model from its model.json and the files that this names. Errors have
// code format for damage, and unsupported, with everything that is, for what
// Terrarium cannot do.
func Read(model []byte, open Open) (*File, error) {
	var m modelJSON
	if err := json.Unmarshal(model, &m); err != nil {
		return nil, formatErrorf("model.json is not the JSON of a model: %v", err)
	}
	switch {
	case m.Format == "graph-model" || m.ModelTopology == nil && m.Format != "":
		return nil, tensor.Errorf(tensor.CodeUnsupported, "this is a TensorFlow.js %q, a graph of TensorFlow's own operations; only the format layers-model describes layers. Convert the Keras model with --output_format tfjs_layers_model", m.Format)
	case m.ModelTopology == nil:
		return nil, formatErrorf("model.json has no modelTopology: it is not a layers-model of TensorFlow.js")
	}
	f := &File{Generator: m.GeneratedBy, Metadata: m.Metadata, original: map[string]string{}}
	p := newParser(f)
	training, err := p.topology(m.ModelTopology)
	if err != nil {
		return nil, err
	}
	if err := p.Report("the model cannot be opened"); err != nil {
		return nil, err
	}
	if m.Training == nil {
		m.Training = training
	}
	f.readTraining(m.Training)
	f.Weights, err = readManifest(m.Manifest, open)
	return f, err
}

// readTraining reads how the model was compiled, as far as one loss says it.
func (f *File) readTraining(text json.RawMessage) {
	var c struct {
		Loss            json.RawMessage `json:"loss"`
		Metrics         json.RawMessage `json:"metrics"`
		OptimizerConfig json.RawMessage `json:"optimizer_config"`
	}
	if len(text) == 0 || json.Unmarshal(text, &c) != nil {
		return
	}
	t := &Training{Optimizer: c.OptimizerConfig}
	var object struct {
		ClassName string `json:"class_name"`
		Config    struct {
			Name string `json:"name"`
		} `json:"config"`
	}
	if json.Unmarshal(c.Loss, &t.Loss) != nil && json.Unmarshal(c.Loss, &object) == nil {
		t.Loss = nn.SnakeCase(object.ClassName)
		if object.Config.Name != "" {
			t.Loss = object.Config.Name
		}
	}
	if t.Loss == "" {
		f.Notes = append(f.Notes, "how it was compiled: it has several losses, or none that is named")
		return
	}
	var metrics []json.RawMessage
	if json.Unmarshal(c.Metrics, &metrics) == nil {
		for _, m := range metrics {
			var name string
			if json.Unmarshal(m, &name) == nil {
				t.Metrics = append(t.Metrics, name)
			}
		}
	}
	f.Training = t
}

func formatErrorf(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeFormat, format, args...)
}
