package keras

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// aliases are other names of classes.
var aliases = map[string]string{
	"Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution2DTranspose": "Conv2DTranspose", "SeparableConvolution2D": "SeparableConv2D",
	"MaxPool1D": "MaxPooling1D", "MaxPool2D": "MaxPooling2D", "AvgPool1D": "AveragePooling1D", "AvgPool2D": "AveragePooling2D",
	"GlobalAvgPool1D": "GlobalAveragePooling1D", "GlobalAvgPool2D": "GlobalAveragePooling2D",
	"GlobalMaxPool1D": "GlobalMaxPooling1D", "GlobalMaxPool2D": "GlobalMaxPooling2D",
	"SyncBatchNormalization": "BatchNormalization", "BatchNormalizationV1": "BatchNormalization", "BatchNormalizationV2": "BatchNormalization",
}

// meaningless are options that change no prediction: how a program was organised, or
// how to draw random numbers. Their values do not matter.
var meaningless = []string{
	"dtype", "sparse", "ragged", "batch_size", "seed", "implementation", "unroll", "stateful", "time_major", "input_length",
	"lora_rank", "lora_alpha", "quantization_config", "synchronized", "renorm", "renorm_clipping", "renorm_momentum", "fused", "virtual_batch_size",
	"use_cudnn", "flash_attention", "optional", "module", "registered_name", "build_config", "tf_key",
}

// neutral are options and the values with which they do nothing.
var neutral = map[string][]string{
	"groups":               {"1"},
	"zero_output_for_mask": {"false"},
	"data_format":          {`"channels_last"`, `"channelsLast"`},
	"autocast":             {"true", "false"},
}

// options reads an object with its names in Keras's spelling.
func options(config json.RawMessage) (map[string]json.RawMessage, error) {
	var read map[string]json.RawMessage
	if err := json.Unmarshal(config, &read); err != nil {
		return nil, formatErrorf("its config is no object of options")
	}
	o := make(map[string]json.RawMessage, len(read))
	for name, value := range read {
		o[nn.SnakeCase(name)] = value
	}
	return o, nil
}

// add adds a use of a layer to the network, and the layer if this is its first.
func (p *parser) add(l rawLayer, in []nn.LayerRef) []nn.LayerRef {
	network := &p.file.Network
	if i, again := p.added[l.path]; again {
		have := &network.Layers[i]
		have.InboundNodes = append(have.InboundNodes, in)
		return []nn.LayerRef{{Layer: have.Name, Use: len(have.InboundNodes) - 1}}
	}
	p.added[l.path] = len(network.Layers)
	name := l.Name
	for k := 2; p.file.original[name] != ""; k++ { // a layer of another model in this one
		name = fmt.Sprintf("%s_%d", l.Name, k)
	}
	p.file.original[name] = l.Name
	c := p.layer(l, name)
	if len(in) == 0 {
		network.InputLayers = append(network.InputLayers, nn.LayerRef{Layer: name})
	} else {
		c.InboundNodes = [][]nn.LayerRef{in}
	}
	network.Layers = append(network.Layers, c)
	return []nn.LayerRef{{Layer: name}}
}

// layer puts a layer's options into the words of nn, and notes what nn does not take.
func (p *parser) layer(l rawLayer, name string) nn.LayerConfig {
	class := l.ClassName
	if other, ok := aliases[class]; ok {
		class = other
	}
	c := nn.LayerConfig{ClassName: class, Name: name}
	o, err := p.normal(class, l.Config)
	if err != nil {
		p.Refuse(l.Name, "%v", err)
		return c
	}
	o["name"] = text(name)
	if c.Config, err = json.Marshal(o); err != nil {
		p.Refuse(l.Name, "%v", err)
		return c
	}
	if _, err := nn.ParseLayer(c); err != nil {
		p.Refuse(l.Name, "%s", strings.TrimPrefix(reason(err), l.Name+": "))
	}
	return c
}

func reason(err error) string {
	var e *tensor.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

// normal returns the options of a class without those that mean nothing.
func (p *parser) normal(class string, config json.RawMessage) (map[string]json.RawMessage, error) {
	o, err := options(config)
	if err != nil {
		return nil, err
	}
	for name, value := range o {
		if string(value) == "null" || slices.Contains(meaningless, name) || slices.Contains(neutral[name], string(value)) {
			delete(o, name)
		}
	}
	if err := p.inputShape(o); err != nil {
		return nil, err
	}
	if err := p.defaults(class, o); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		value := o[name]
		switch {
		case strings.HasSuffix(name, "_initializer"):
			p.initializer(o, name)
		case strings.HasSuffix(name, "_regularizer"), strings.HasSuffix(name, "_constraint"):
			o[name] = plainObject(value)
		case strings.HasSuffix(name, "activation"):
			if o[name], err = p.activation(value); err != nil {
				return nil, err
			}
		case name == "layer" || name == "backward_layer":
			if o[name], err = p.inner(value); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

// inputShape turns Keras 3's batch_shape into the older name, and refuses axes that are
// left open: memory is laid out before the data comes.
func (p *parser) inputShape(o map[string]json.RawMessage) error {
	if shape, ok := o["batch_shape"]; ok {
		o["batch_input_shape"] = shape
		delete(o, "batch_shape")
	}
	var shape []*int
	if o["batch_input_shape"] == nil || json.Unmarshal(o["batch_input_shape"], &shape) != nil || len(shape) == 0 {
		return nil
	}
	for _, d := range shape[1:] {
		if d == nil {
			return formatErrorf("its input %s leaves an axis open; here every axis but the batch has a fixed length: save the model with one", o["batch_input_shape"])
		}
	}
	return nil
}

// defaults writes out what the writing program takes for granted and nn does not.
func (p *parser) defaults(class string, o map[string]json.RawMessage) error {
	switch class {
	case "LSTM", "GRU":
		if o["recurrent_activation"] == nil {
			o["recurrent_activation"] = text("sigmoid")
			if p.fromTFJS {
				o["recurrent_activation"] = text("hard_sigmoid")
			}
		}
		if class == "GRU" && o["reset_after"] == nil {
			// TensorFlow.js has no other kind; Keras has this default since version 2.
			o["reset_after"] = text(!p.fromTFJS)
		}
	case "UpSampling2D":
		if p.fromTFJS && string(o["interpolation"]) == `"bilinear"` {
			return tensor.Errorf(tensor.CodeUnsupported, "TensorFlow.js places the pixels of a bilinear UpSampling2D half a pixel from where Keras and this program do: it would predict something else")
		}
	case "LeakyReLU":
		if slope, ok := o["negative_slope"]; ok {
			o["alpha"] = slope
			delete(o, "negative_slope")
		}
	case "LayerNormalization":
		if o["epsilon"] == nil {
			o["epsilon"] = text(0.001)
		}
	}
	return nil
}

// initializer leaves out an initializer that nn does not know: it says how to begin
// again, and changes no prediction.
func (p *parser) initializer(o map[string]json.RawMessage, name string) {
	o[name] = plainObject(o[name])
	var known nn.Initializer
	if err := json.Unmarshal(o[name], &known); err != nil {
		delete(o, name)
		p.file.Notes = append(p.file.Notes, "an initializer ("+name+"): "+reason(err))
	}
}

// plainObject leaves class and options of Keras 3's longer description.
func plainObject(value json.RawMessage) json.RawMessage {
	var object struct {
		ClassName string                     `json:"class_name"`
		Config    map[string]json.RawMessage `json:"config"`
	}
	if json.Unmarshal(value, &object) != nil || object.ClassName == "" {
		return value
	}
	for name, v := range object.Config {
		if string(v) == "null" || name == "dtype" {
			delete(object.Config, name)
		}
	}
	return text(map[string]any{"class_name": object.ClassName, "config": object.Config})
}

// activation returns the name of an activation. Keras 3 means other functions by two of
// the old names.
func (p *parser) activation(value json.RawMessage) (json.RawMessage, error) {
	var name string
	if json.Unmarshal(value, &name) != nil {
		return nil, formatErrorf("its activation is a function of its author's own: %.80s", value)
	}
	switch name = nn.SnakeCase(name); {
	case p.keras3 && name == "hard_sigmoid":
		return nil, tensor.Errorf(tensor.CodeUnsupported, "its activation is Keras 3's hard_sigmoid, relu6(x + 3)/6; only that of Keras 2 and TensorFlow.js is known, 0.2·x + 0.5 cut to [0, 1]")
	case p.keras3 && name == "leaky_relu":
		return nil, tensor.Errorf(tensor.CodeUnsupported, "its activation is Keras 3's leaky_relu with slope 0.2; use a LeakyReLU layer, which states its slope")
	}
	return text(name), nil
}

// inner normalises the layer that a wrapper holds.
func (p *parser) inner(value json.RawMessage) (json.RawMessage, error) {
	var l rawLayer
	if err := json.Unmarshal(value, &l); err != nil {
		return nil, formatErrorf("the layer that it wraps is not described: %.80s", value)
	}
	if p.depth++; p.depth > maxDepth {
		return nil, formatErrorf("layers wrap layers more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	if isModel(l.ClassName) {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "it wraps a whole model")
	}
	o, err := p.normal(l.ClassName, l.Config)
	if err != nil {
		return nil, err
	}
	return text(map[string]any{"class_name": l.ClassName, "config": o}), nil
}

// text is the JSON of a value that has one.
func text(v any) json.RawMessage {
	t, err := json.Marshal(v)
	if err != nil {
		panic("keras: " + err.Error())
	}
	return t
}
