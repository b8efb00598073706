package keras

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/format/unsupported"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
)

// WeightsFile is the path of the weights that Write's model.json names.
const WeightsFile = "model.weights.bin"

// A Source is a model to be written.
type Source struct {
	Name    string
	Network *nn.Network
	Weights []Weight // <layer>/<weight>, as the network's parameters are called

	// How it was compiled; all may be empty.
	Optimizer, Loss string
	Metrics         []string
}

// Write writes a layers-model: the contents of model.json, and of WeightsFile beside it.
// What TensorFlow.js 4.22 has no layer or option for is refused, all of it at once: a
// file that loads and predicts something else would be worse.
func Write(s Source) (model, weights []byte, err error) {
	w := writer{inner: map[string]string{}}
	network, err := s.Network.Config()
	if err != nil {
		return nil, nil, err
	}
	names := map[string]bool{}
	for _, node := range s.Network.Nodes { // weights are called by the names that layers got
		if !names[node.Name] {
			network.Layers[len(names)].Name = node.Name
			names[node.Name] = true
		}
	}
	topology := w.topology(s.Name, network)
	if err := w.Report("the model cannot be written for TensorFlow.js"); err != nil {
		return nil, nil, err
	}
	manifest := group{Paths: []string{"./" + WeightsFile}, Weights: []entry{}}
	for _, each := range s.Weights {
		manifest.Weights = append(manifest.Weights, entry{Name: w.weightName(each.Name), Shape: each.Tensor.Shape, DType: "float32"})
		for _, v := range each.Tensor.Data {
			weights = binary.LittleEndian.AppendUint32(weights, math.Float32bits(v))
		}
	}
	file := map[string]any{
		"format": "layers-model", "generatedBy": "Terrarium", "convertedBy": nil,
		"modelTopology":   map[string]any{"class_name": topology.ClassName, "config": topology.Config, "keras_version": "tfjs-layers 4.22.0", "backend": "tensor_flow.js"},
		"weightsManifest": []any{manifest.plain()},
	}
	if s.Loss != "" && s.Optimizer != "" {
		metrics := s.Metrics
		if metrics == nil {
			metrics = []string{}
		}
		file["trainingConfig"] = map[string]any{"loss": s.Loss, "metrics": metrics, "optimizer_config": map[string]any{"class_name": s.Optimizer, "config": map[string]any{}}}
	}
	model, err = json.Marshal(file)
	return model, weights, err
}

// plain is the group without what only other programs' files have.
func (g group) plain() any {
	list := []any{}
	for _, e := range g.Weights {
		list = append(list, map[string]any{"name": e.Name, "shape": e.Shape, "dtype": e.DType})
	}
	return map[string]any{"paths": g.Paths, "weights": list}
}

type writer struct {
	unsupported.List
	inner map[string]string // the name of the layer in a wrapper, by the wrapper's
}

// topology writes a network as TensorFlow.js nests it.
func (w *writer) topology(name string, n nn.NetworkConfig) rawLayer {
	layers := []any{}
	for _, l := range n.Layers {
		o := w.layer(l)
		if len(n.OutputLayers) == 0 {
			layers = append(layers, map[string]any{"class_name": l.ClassName, "config": o})
			continue
		}
		inbound := []any{}
		for _, use := range l.InboundNodes {
			refs := []any{}
			for _, r := range use {
				refs = append(refs, []any{r.Layer, r.Use, r.Output, map[string]any{}})
			}
			inbound = append(inbound, refs)
		}
		layers = append(layers, map[string]any{"class_name": l.ClassName, "name": l.Name, "config": o, "inbound_nodes": inbound})
	}
	if len(n.OutputLayers) == 0 {
		return rawLayer{ClassName: "Sequential", Config: text(map[string]any{"name": name, "layers": layers})}
	}
	return rawLayer{ClassName: "Model", Config: text(map[string]any{"name": name, "layers": layers, "input_layers": n.InputLayers, "output_layers": n.OutputLayers})}
}

// classes are the layers of ours that TensorFlow.js 4.22 has.
var classes = []string{
	"InputLayer", "Dense", "Activation", "Dropout", "SpatialDropout1D", "Flatten", "RepeatVector", "Reshape", "Permute", "Embedding", "Masking",
	"ReLU", "LeakyReLU", "ELU", "PReLU", "Softmax", "ThresholdedReLU",
	"Conv1D", "Conv2D", "Conv2DTranspose", "SeparableConv2D", "DepthwiseConv2D", "Cropping2D", "UpSampling2D", "ZeroPadding2D",
	"MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D",
	"GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalAveragePooling1D", "GlobalAveragePooling2D",
	"Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot",
	"BatchNormalization", "LayerNormalization", "GaussianNoise", "GaussianDropout", "AlphaDropout",
	"SimpleRNN", "LSTM", "GRU", "Bidirectional", "TimeDistributed",
}

// layer returns a layer's options in the words of TensorFlow.js.
func (w *writer) layer(l nn.LayerConfig) map[string]json.RawMessage {
	var name struct {
		Name string `json:"name"`
	}
	if err := json.Unmarshal(l.Config, &name); err != nil || name.Name == "" {
		name.Name = l.Name
	}
	label := name.Name
	if label == "" {
		label = l.ClassName
	}
	if !slices.Contains(classes, l.ClassName) {
		w.Refuse(label, "TensorFlow.js has no layer %s", l.ClassName)
		return nil
	}
	var o map[string]json.RawMessage
	if err := json.Unmarshal(l.Config, &o); err != nil {
		w.Refuse(label, "%v", err)
		return nil
	}
	if l.Name != "" {
		o["name"] = text(l.Name)
	}
	o["trainable"] = text(l.Trainable == nil || *l.Trainable)
	if shape, ok := o["input_shape"]; ok {
		delete(o, "input_shape")
		var dims []int
		if json.Unmarshal(shape, &dims) == nil && len(dims) > 0 {
			batch := []any{nil}
			for _, d := range dims {
				batch = append(batch, d)
			}
			o["batch_input_shape"], o["dtype"] = text(batch), text("float32")
		}
	}
	if strings.Contains(l.ClassName, "2D") {
		bothAxes(o)
	}
	w.limits(label, l.ClassName, o)
	w.options(label, o)
	if inner, ok := o["layer"]; ok {
		var wrapped nn.LayerConfig
		if json.Unmarshal(inner, &wrapped) == nil {
			o["layer"] = text(map[string]any{"class_name": wrapped.ClassName, "config": w.layer(wrapped)})
			var innerName struct {
				Name string `json:"name"`
			}
			_ = json.Unmarshal(wrapped.Config, &innerName) // read above
			if innerName.Name == "" {
				innerName.Name = nn.SnakeCase(strings.ToLower(wrapped.ClassName))
				o["layer"] = withName(o["layer"], innerName.Name)
			}
			w.inner[label] = innerName.Name
		}
	}
	return o
}

// bothAxes writes sizes once for each of two axes: TensorFlow.js takes a list of one for
// a list of two, and computes NaN.
func bothAxes(o map[string]json.RawMessage) {
	for _, name := range []string{"kernel_size", "pool_size", "strides", "dilation_rate", "size"} {
		var one int
		var list []int
		switch {
		case json.Unmarshal(o[name], &list) == nil && len(list) == 1:
			one = list[0]
		case json.Unmarshal(o[name], &one) != nil || one == 0:
			continue
		}
		o[name] = text([]int{one, one})
	}
}

// withName gives the layer that a wrapper holds a name: TensorFlow.js names its weights
// by it.
func withName(layer json.RawMessage, name string) json.RawMessage {
	var l struct {
		ClassName string                     `json:"class_name"`
		Config    map[string]json.RawMessage `json:"config"`
	}
	if json.Unmarshal(layer, &l) != nil || l.Config == nil {
		return layer
	}
	l.Config["name"] = text(name)
	return text(map[string]any{"class_name": l.ClassName, "config": l.Config})
}

// limits refuses what a layer of TensorFlow.js takes and then computes otherwise.
func (w *writer) limits(name, class string, o map[string]json.RawMessage) {
	is := func(option, value string) bool { return string(o[option]) == value }
	set := func(option string) bool {
		v := string(o[option])
		return v != "" && v != "null" && v != "0" && v != "false"
	}
	switch class {
	case "GRU":
		if is("reset_after", "true") {
			w.Refuse(name, "TensorFlow.js has no GRU with reset_after; train it with resetAfter: false")
		}
	case "Conv1D":
		if is("padding", `"causal"`) {
			w.Refuse(name, "TensorFlow.js computes no causal Conv1D")
		}
	case "DepthwiseConv2D":
		if v := string(o["dilation_rate"]); v != "" && v != "[1,1]" && v != "1" {
			w.Refuse(name, "TensorFlow.js ignores the dilation_rate of DepthwiseConv2D")
		}
	case "ReLU":
		if set("negative_slope") || set("threshold") {
			w.Refuse(name, "TensorFlow.js's ReLU has neither negative_slope nor threshold; use LeakyReLU")
		}
	case "UpSampling2D":
		if is("interpolation", `"bilinear"`) {
			w.Refuse(name, "TensorFlow.js places the pixels of a bilinear UpSampling2D otherwise, half a pixel away; use nearest")
		}
	case "ELU":
		if v := string(o["alpha"]); v != "" && v != "null" && v != "1" {
			w.Refuse(name, "TensorFlow.js computes ELU with alpha 1 only, not %s", v)
		}
	}
}

// options puts values into the words of TensorFlow.js.
func (w *writer) options(layer string, o map[string]json.RawMessage) {
	for name, value := range o {
		switch {
		case strings.HasSuffix(name, "activation"):
			switch string(value) {
			case `"leaky_relu"`:
				w.Refuse(layer, "TensorFlow.js knows no activation leaky_relu; use a LeakyReLU layer")
			case `"gelu_tanh"`:
				w.Refuse(layer, "TensorFlow.js loads no file with its own approximation of gelu, gelu_new; use gelu")
			}
		case strings.HasSuffix(name, "_initializer"):
			o[name] = json.RawMessage(strings.Replace(string(value), `"Lecun`, `"LeCun`, 1))
		case strings.HasSuffix(name, "_regularizer"):
			var r nn.Regularizer
			if json.Unmarshal(value, &r) == nil && r != (nn.Regularizer{}) {
				o[name] = text(map[string]any{"class_name": "L1L2", "config": map[string]any{"l1": r.L1, "l2": r.L2}})
			}
		}
	}
}

// weightName returns TensorFlow.js's name of a weight: in Bidirectional the inner
// layer's name stands behind the direction.
func (w *writer) weightName(name string) string {
	parts := strings.Split(name, "/")
	if len(parts) == 3 && (parts[1] == "forward" || parts[1] == "backward") && w.inner[parts[0]] != "" {
		parts[1] += "_" + w.inner[parts[0]]
	}
	return strings.Join(parts, "/")
}
