package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A TransformerBlockLayer is self-attention and a network of two dense layers for each
// step, each with a normalisation and a way around it (Vaswani et al., 2017; Xiong et
// al., 2020, for the normalisation in front):
//
//	a = x + drop(attention(norm(x)))
//	y = a + drop(dense(f(dense(norm(a)))))    x, y [batch, time, D]
//
// attention is MultiHeadAttention of num_heads heads of width key_dim, norm is
// LayerNormalization, the inner dense layer has intermediate_dim units and the
// activation f, the outer one D. With use_causal_mask it is a decoder's block, of which
// no step sees a later one; without, an encoder's. With norm_first off the normalisations
// follow the sums, as in the first paper: a = norm(x + …), y = norm(a + …).
//
// Weights, in this order, under Keras's names within each: self_attention_layer_norm/…,
// self_attention/query/…, key, value, attention_output, feedforward_layer_norm/…,
// feedforward_intermediate_dense/…, feedforward_output_dense/…. The names are those of
// KerasHub's TransformerEncoder.
type TransformerBlockLayer struct {
	Name              string
	NumHeads          int
	KeyDim            int        // of each head; D/NumHeads if 0
	IntermediateDim   int        // 4·D if 0
	Activation        Activation // GELU if ""
	Dropout           float64    // of the weights of attention and of both branches
	Epsilon           float64    // of the normalisations; 1e-5 if 0
	NoBias            bool
	PostNorm          bool
	Causal            bool
	KernelInitializer Initializer // GlorotUniform
	BiasInitializer   Initializer // Zeros
	KernelRegularizer Regularizer
	InputShape        []int
}

// TransformerBlock returns a block with the given number of heads. Causal, DropoutRate,
// PostNorm, NoBias and an Activation are among its options.
func TransformerBlock(heads int, opts ...Option) *TransformerBlockLayer {
	o := collect(opts)
	return &TransformerBlockLayer{Name: o.name, NumHeads: heads, Activation: o.activation, Dropout: o.dropout,
		NoBias: o.noBias, PostNorm: o.postNorm, Causal: o.padding == Causal,
		KernelInitializer: o.kernelInitializer, BiasInitializer: o.biasInitializer, KernelRegularizer: o.kernelRegularizer}
}

var _ configured = (*TransformerBlockLayer)(nil)

func (l *TransformerBlockLayer) ClassName() string { return "TransformerBlock" }
func (l *TransformerBlockLayer) LayerName() string { return l.Name }
func (l *TransformerBlockLayer) inputShape() []int { return l.InputShape }

func (l *TransformerBlockLayer) Lower(s *Scope, x graph.Value) (graph.Value, error) {
	shape := s.Shape(x)
	if len(shape) != 2 {
		return x, s.shapeErrorf("want input [batch, time, width], got %s", batched(s, x))
	}
	width, keyDim, inner := shape[1], l.KeyDim, l.IntermediateDim
	if l.NumHeads < 1 || l.NumHeads > maxUnits {
		return x, s.Errorf("num_heads must be a whole number from 1 to %d, got %d", maxUnits, l.NumHeads)
	}
	if keyDim == 0 {
		if width%l.NumHeads != 0 {
			return x, s.Errorf("%d heads do not divide the width %d of the input %s; choose another num_heads, or give key_dim", l.NumHeads, width, batched(s, x))
		}
		keyDim = width / l.NumHeads
	}
	if inner == 0 {
		inner = 4 * width
	}
	if inner < 1 || inner > maxUnits {
		return x, s.Errorf("intermediate_dim must be a whole number from 1 to %d, got %d", maxUnits, inner)
	}
	if err := checkRate(s, l.Dropout); err != nil {
		return x, err
	}
	a, err := l.branch(s, x, "self_attention", func(x graph.Value) (graph.Value, error) {
		attention := MultiHeadAttentionLayer{NumHeads: l.NumHeads, KeyDim: keyDim, Dropout: l.Dropout, NoBias: l.NoBias, Causal: l.Causal,
			KernelInitializer: l.KernelInitializer, BiasInitializer: l.BiasInitializer, KernelRegularizer: l.KernelRegularizer}
		y, err := attention.LowerAll(s.Inner("self_attention"), []graph.Value{x})
		if err != nil {
			return x, err
		}
		return y[0], nil
	})
	if err != nil {
		return x, err
	}
	return l.branch(s, a, "feedforward", func(x graph.Value) (graph.Value, error) {
		f := l.Activation
		if f == "" {
			f = GELU
		}
		h, err := l.dense(inner, f).Lower(s.Inner("feedforward_intermediate_dense"), x)
		if err != nil {
			return x, err
		}
		return l.dense(width, Linear).Lower(s.Inner("feedforward_output_dense"), h)
	})
}

func (l *TransformerBlockLayer) dense(units int, f Activation) *DenseLayer {
	return &DenseLayer{Units: units, Activation: f, NoBias: l.NoBias, KernelInitializer: l.KernelInitializer,
		BiasInitializer: l.BiasInitializer, KernelRegularizer: l.KernelRegularizer}
}

// branch adds what f makes of x to x, with a normalisation and dropout.
func (l *TransformerBlockLayer) branch(s *Scope, x graph.Value, name string, f func(graph.Value) (graph.Value, error)) (graph.Value, error) {
	norm := func(v graph.Value) (graph.Value, error) {
		epsilon := l.Epsilon
		if epsilon == 0 {
			epsilon = 1e-5
		}
		layer := LayerNormalizationLayer{Epsilon: epsilon}
		y, err := layer.Lower(s.Inner(name+"_layer_norm"), v)
		if err == nil {
			s.PassMask(v, y)
		}
		return y, err
	}
	in := x
	var err error
	if !l.PostNorm {
		if in, err = norm(x); err != nil {
			return x, err
		}
	}
	y, err := f(in)
	if err != nil {
		return x, err
	}
	if l.Dropout > 0 {
		if y, err = s.Apply(graph.Dropout{Rate: float32(l.Dropout), Purpose: name + " dropout"}, y); err != nil {
			return x, err
		}
	}
	if y, err = s.Apply(graph.Add{}, x, y); err != nil {
		return x, err
	}
	s.PassMask(x, y)
	if l.PostNorm {
		return norm(y)
	}
	return y, nil
}

type transformerConfig struct {
	common
	NumHeads          int         `json:"num_heads"`
	KeyDim            int         `json:"key_dim,omitzero"`
	IntermediateDim   int         `json:"intermediate_dim,omitzero"`
	Activation        *Activation `json:"activation,omitempty"`
	Dropout           float64     `json:"dropout,omitzero"`
	Epsilon           float64     `json:"epsilon,omitzero"`
	UseBias           *bool       `json:"use_bias,omitempty"`
	NormFirst         *bool       `json:"norm_first,omitempty"`
	UseCausalMask     bool        `json:"use_causal_mask,omitzero"`
	KernelInitializer Initializer `json:"kernel_initializer"`
	BiasInitializer   Initializer `json:"bias_initializer"`
	KernelRegularizer Regularizer `json:"kernel_regularizer"`
}

func (l *TransformerBlockLayer) Config() any {
	bias, first := !l.NoBias, !l.PostNorm
	c := transformerConfig{common{Name: l.Name, InputShape: l.InputShape}, l.NumHeads, l.KeyDim, l.IntermediateDim, nil, l.Dropout, l.Epsilon,
		&bias, &first, l.Causal, l.KernelInitializer, l.BiasInitializer, l.KernelRegularizer}
	if l.Activation != "" {
		c.Activation = &l.Activation
	}
	return c
}

func (l *TransformerBlockLayer) fromConfig(class string, raw json.RawMessage) error {
	var c transformerConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = TransformerBlockLayer{c.Name, c.NumHeads, c.KeyDim, c.IntermediateDim, "", c.Dropout, c.Epsilon,
		no(c.UseBias), no(c.NormFirst), c.UseCausalMask, c.KernelInitializer, c.BiasInitializer, c.KernelRegularizer, c.inputShape()}
	if c.Activation != nil {
		l.Activation = *c.Activation
	}
	return c.check(class)
}
