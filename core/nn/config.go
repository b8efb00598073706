package nn

import (
	"bytes"
	"errors"
	"reflect"
	"strings"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A LayerConfig is a layer as files and JavaScript write it: Keras's class name and
// options. Option names are read in Keras's spelling ("kernel_initializer") and in
// that of TensorFlow.js ("kernelInitializer"), and written in Keras's.
//
// Name and InboundNodes are for networks with branches, see NetworkConfig. Trainable
// stands here when it is written, and is read from among the options as well.
type LayerConfig struct {
	ClassName    string          `json:"class_name"`
	Config       json.RawMessage `json:"config"`
	Name         string          `json:"name,omitempty"`
	Trainable    *bool           `json:"trainable,omitempty"`
	InboundNodes [][]LayerRef    `json:"inbound_nodes,omitempty"`
}

// Frozen tells whether the configuration says that the layer is not trained.
func (c LayerConfig) Frozen() bool {
	if c.Trainable != nil {
		return !*c.Trainable
	}
	var options struct {
		Trainable *bool `json:"trainable"`
	}
	// What else is wrong with the options, ParseLayer says.
	err := json.Reading{Fold: true}.Unmarshal(c.Config, &options)
	return err == nil && options.Trainable != nil && !*options.Trainable
}

// layerClasses makes a layer of each class from its options.
var layerClasses = map[string]func(config json.RawMessage) (Layer, error){
	"Activation":                decoder[*ActivationLayer]("Activation"),
	"Add":                       decoder[*MergeLayer]("Add"),
	"AlphaDropout":              decoder[*NoiseLayer]("AlphaDropout"),
	"Average":                   decoder[*MergeLayer]("Average"),
	"AveragePooling1D":          decoder[*PoolingLayer]("AveragePooling1D"),
	"AveragePooling2D":          decoder[*PoolingLayer]("AveragePooling2D"),
	"BatchNormalization":        decoder[*BatchNormalizationLayer]("BatchNormalization"),
	"Bidirectional":             decoder[*BidirectionalLayer]("Bidirectional"),
	"Concatenate":               decoder[*ConcatenateLayer]("Concatenate"),
	"Conv1D":                    decoder[*ConvLayer]("Conv1D"),
	"Conv2D":                    decoder[*ConvLayer]("Conv2D"),
	"Conv2DTranspose":           decoder[*ConvLayer]("Conv2DTranspose"),
	"Cropping1D":                decoder[*MarginLayer]("Cropping1D"),
	"Cropping2D":                decoder[*MarginLayer]("Cropping2D"),
	"Dense":                     decoder[*DenseLayer]("Dense"),
	"DepthwiseConv2D":           decoder[*DepthwiseLayer]("DepthwiseConv2D"),
	"Dot":                       decoder[*DotLayer]("Dot"),
	"Dropout":                   decoder[*DropoutLayer]("Dropout"),
	"ELU":                       decoder[*AlphaLayer]("ELU"),
	"Embedding":                 decoder[*EmbeddingLayer]("Embedding"),
	"Flatten":                   decoder[*FlattenLayer]("Flatten"),
	"GRU":                       decoder[*RecurrentLayer]("GRU"),
	"GaussianDropout":           decoder[*NoiseLayer]("GaussianDropout"),
	"GaussianNoise":             decoder[*NoiseLayer]("GaussianNoise"),
	"GlobalAveragePooling1D":    decoder[*GlobalPoolingLayer]("GlobalAveragePooling1D"),
	"GlobalAveragePooling2D":    decoder[*GlobalPoolingLayer]("GlobalAveragePooling2D"),
	"GlobalMaxPooling1D":        decoder[*GlobalPoolingLayer]("GlobalMaxPooling1D"),
	"GlobalMaxPooling2D":        decoder[*GlobalPoolingLayer]("GlobalMaxPooling2D"),
	"InputLayer":                decoder[*InputLayer]("InputLayer"),
	"LSTM":                      decoder[*RecurrentLayer]("LSTM"),
	"LayerNormalization":        decoder[*LayerNormalizationLayer]("LayerNormalization"),
	"LeakyReLU":                 decoder[*AlphaLayer]("LeakyReLU"),
	"Masking":                   decoder[*MaskingLayer]("Masking"),
	"MaxPooling1D":              decoder[*PoolingLayer]("MaxPooling1D"),
	"MaxPooling2D":              decoder[*PoolingLayer]("MaxPooling2D"),
	"Maximum":                   decoder[*MergeLayer]("Maximum"),
	"Minimum":                   decoder[*MergeLayer]("Minimum"),
	"MultiHeadAttention":        decoder[*MultiHeadAttentionLayer]("MultiHeadAttention"),
	"Multiply":                  decoder[*MergeLayer]("Multiply"),
	"PReLU":                     decoder[*PReLULayer]("PReLU"),
	"Permute":                   decoder[*PermuteLayer]("Permute"),
	"PositionEmbedding":         decoder[*PositionEmbeddingLayer]("PositionEmbedding"),
	"RMSNormalization":          decoder[*RMSNormalizationLayer]("RMSNormalization"),
	"ReLU":                      decoder[*AlphaLayer]("ReLU"),
	"RepeatVector":              decoder[*RepeatVectorLayer]("RepeatVector"),
	"Reshape":                   decoder[*ReshapeLayer]("Reshape"),
	"ScaledDotProductAttention": decoder[*ScaledDotProductAttentionLayer]("ScaledDotProductAttention"),
	"SeparableConv2D":           decoder[*DepthwiseLayer]("SeparableConv2D"),
	"SimpleRNN":                 decoder[*RecurrentLayer]("SimpleRNN"),
	"SinePositionEncoding":      decoder[*SinePositionEncodingLayer]("SinePositionEncoding"),
	"Softmax":                   decoder[*SoftmaxLayer]("Softmax"),
	"SpatialDropout1D":          decoder[*NoiseLayer]("SpatialDropout1D"),
	"SpatialDropout2D":          decoder[*NoiseLayer]("SpatialDropout2D"),
	"Subtract":                  decoder[*MergeLayer]("Subtract"),
	"ThresholdedReLU":           decoder[*AlphaLayer]("ThresholdedReLU"),
	"TimeDistributed":           decoder[*TimeDistributedLayer]("TimeDistributed"),
	"TransformerBlock":          decoder[*TransformerBlockLayer]("TransformerBlock"),
	"UpSampling1D":              decoder[*UpSamplingLayer]("UpSampling1D"),
	"UpSampling2D":              decoder[*UpSamplingLayer]("UpSampling2D"),
	"ZeroPadding1D":             decoder[*MarginLayer]("ZeroPadding1D"),
	"ZeroPadding2D":             decoder[*MarginLayer]("ZeroPadding2D"),
}

// A configured layer can be made from its own JSON configuration.
type configured interface {
	Layer
	// fromConfig reads the options; class is the name under which it stands in the
	// table, for layers that serve several.
	fromConfig(class string, raw json.RawMessage) error
}

func decoder[L configured](class string) func(json.RawMessage) (Layer, error) {
	return func(raw json.RawMessage) (Layer, error) {
		layer := reflect.New(reflect.TypeFor[L]().Elem()).Interface().(configured)
		if err := layer.fromConfig(class, raw); err != nil {
			return nil, err
		}
		return layer, nil
	}
}

// ParseLayer makes a layer from its configuration: one of this package, or one of a
// class that was given to Register.
func ParseLayer(c LayerConfig) (Layer, error) {
	for class, decode := range layerClasses {
		if fold(class) == fold(c.ClassName) {
			return decode(c.Config)
		}
	}
	if decode := customLayer(c.ClassName); decode != nil {
		return decode(c.Config)
	}
	return nil, unknownName("layer", c.ClassName, sortedKeys(layerClasses))
}

// FormatLayer returns the configuration of a layer; ParseLayer gives it back.
func FormatLayer(l Layer) (LayerConfig, error) {
	raw, err := json.Marshal(l.Config())
	return LayerConfig{ClassName: l.ClassName(), Config: raw}, err
}

// common are the options that every layer takes.
type common struct {
	Name            string `json:"name,omitempty"`
	Trainable       *bool  `json:"trainable,omitempty"`
	DType           string `json:"dtype,omitempty"`
	InputShape      []int  `json:"input_shape,omitempty"`
	BatchInputShape []*int `json:"batch_input_shape,omitempty"`
	InputDim        int    `json:"input_dim,omitempty"`
}

// inputShape returns the shape of a row that the options state, or nil.
func (c common) inputShape() []int {
	switch {
	case c.InputShape != nil:
		return c.InputShape
	case c.InputDim != 0:
		return []int{c.InputDim}
	}
	var shape []int
	for i, d := range c.BatchInputShape {
		if i > 0 && d != nil {
			shape = append(shape, *d)
		}
	}
	return shape
}

func (c common) check(class string) error {
	if c.DType != "" && c.DType != "float32" {
		return tensor.Errorf(tensor.CodeUnsupported, "%s: dtype %q; only float32 is computed", class, c.DType)
	}
	return nil
}

// decodeStrict reads a JSON object into the struct v and refuses members that v
// does not have, listing those that it has.
func decodeStrict(what string, raw json.RawMessage, v any) error {
	if len(bytes.TrimSpace(raw)) == 0 || string(raw) == "null" {
		return nil
	}
	err := json.Reading{Strict: true, Fold: true}.Unmarshal(raw, v)
	if err == nil {
		return nil
	}
	var known *tensor.Error
	if errors.As(err, &known) {
		return known
	}
	var at *json.Error
	if errors.As(err, &at) && at.Err == json.ErrUnknownName {
		return unknownName("option of "+what, SnakeCase(at.Name()), fieldNames(reflect.TypeOf(v).Elem()))
	}
	if errors.As(err, &at) && at.Kind != 0 && at.Name() != "" {
		return tensor.Errorf(tensor.CodeOption, "option %q of %s: want %s, got a JSON %v", SnakeCase(at.Name()), what, at.Want, at.Kind)
	}
	return tensor.Errorf(tensor.CodeOption, "options of %s: %v", what, err)
}

// fieldNames lists the JSON names of a struct's fields, embedded ones included.
func fieldNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			names = append(names, fieldNames(f.Type)...)
		case tag != "":
			names = append(names, tag)
		default:
			names = append(names, strings.ToLower(f.Name))
		}
	}
	return names
}
