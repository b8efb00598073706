package nn

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A MultiHeadAttentionLayer lets each step of a query look at the steps of a value, in
// several heads at once (Vaswani et al., 2017):
//
//	q = query·Wq + bq    k = key·Wk + bk    v = value·Wv + bv
//	a = softmax(q·kᵀ/√key_dim)·v    for each head
//	y = a·Wo + bo
//
//	query [batch, queries, D]  value, key [batch, keys, E]  →  y [batch, queries, D]
//
// It takes one to three inputs: query, value, key, in Keras's order. value is query if
// it is not given, key is value. A mask that travels beside value or key hides its
// padded steps; with use_causal_mask a query sees no step behind its own. A query that
// sees nothing gets bo.
//
// Weights: query/kernel [D, heads, key_dim], query/bias [heads, key_dim], the same for
// key and for value (with value_dim), attention_output/kernel [heads, value_dim, D],
// attention_output/bias [D]. Options and defaults are those of Keras's
// MultiHeadAttention, with use_causal_mask, which Keras takes at the call, among them.
type MultiHeadAttentionLayer struct {
	Name              string
	NumHeads          int
	KeyDim            int     // of each head
	ValueDim          int     // of each head; KeyDim if 0
	Dropout           float64 // of the weights of attention, while training
	NoBias            bool
	Causal            bool
	KernelInitializer Initializer // GlorotUniform
	BiasInitializer   Initializer // Zeros
	KernelRegularizer Regularizer
	BiasRegularizer   Regularizer
	InputShape        []int
}

// MultiHeadAttention returns a layer of the given number of heads, with queries and keys
// of width keyDim. Causal, NoBias and DropoutRate are among its options.
func MultiHeadAttention(heads, keyDim int, opts ...Option) *MultiHeadAttentionLayer {
	o := collect(opts)
	return &MultiHeadAttentionLayer{Name: o.name, NumHeads: heads, KeyDim: keyDim, Dropout: o.dropout, NoBias: o.noBias, Causal: o.padding == Causal,
		KernelInitializer: o.kernelInitializer, BiasInitializer: o.biasInitializer,
		KernelRegularizer: o.kernelRegularizer, BiasRegularizer: o.biasRegularizer}
}

var (
	_ configured = (*MultiHeadAttentionLayer)(nil)
	_ Joiner     = (*MultiHeadAttentionLayer)(nil)
)

func (l *MultiHeadAttentionLayer) ClassName() string { return "MultiHeadAttention" }
func (l *MultiHeadAttentionLayer) LayerName() string { return l.Name }
func (l *MultiHeadAttentionLayer) inputShape() []int { return l.InputShape }

// LowerAll adds the projections and the attention.
func (l *MultiHeadAttentionLayer) LowerAll(s *Scope, in []graph.Value) ([]graph.Value, error) {
	if err := l.check(s, in); err != nil {
		return nil, err
	}
	query, value := in[0], in[0]
	if len(in) > 1 {
		value = in[1]
	}
	key := value
	if len(in) > 2 {
		key = in[2]
	}
	valueDim := l.ValueDim
	if valueDim == 0 {
		valueDim = l.KeyDim
	}
	q, err := l.project(s.Inner("query"), query, l.KeyDim)
	if err != nil {
		return nil, err
	}
	k, err := l.project(s.Inner("key"), key, l.KeyDim)
	if err != nil {
		return nil, err
	}
	v, err := l.project(s.Inner("value"), value, valueDim)
	if err != nil {
		return nil, err
	}
	inputs, err := withMask(s, []graph.Value{q, k, v}, value, key)
	if err != nil {
		return nil, err
	}
	a, err := s.Apply(graph.Attention{Heads: l.NumHeads, Scale: inverseRoot(l.KeyDim), Causal: l.Causal, Dropout: float32(l.Dropout)}, inputs...)
	if err != nil {
		return nil, err
	}
	width := s.Shape(query)[1]
	y, err := l.product(s.Inner("attention_output"), a, []int{l.NumHeads, valueDim, width}, []int{width}, 2)
	if err != nil {
		return nil, err
	}
	s.PassMask(query, y)
	return []graph.Value{y}, nil
}

func (l *MultiHeadAttentionLayer) check(s *Scope, in []graph.Value) error {
	if len(in) > 3 {
		return s.Errorf("takes query, value and key, got %d inputs", len(in))
	}
	for i, v := range in {
		if len(s.Shape(v)) != 2 {
			return s.shapeErrorf("want %s [batch, time, width], got %s", [...]string{"query", "value", "key"}[i], batched(s, v))
		}
	}
	for _, o := range []struct {
		name    string
		n, from int
	}{{"num_heads", l.NumHeads, 1}, {"key_dim", l.KeyDim, 1}, {"value_dim", l.ValueDim, 0}} {
		if o.n < o.from || o.n > maxUnits {
			return s.Errorf("%s must be a whole number from 1 to %d, got %d", o.name, maxUnits, o.n)
		}
	}
	return checkRate(s, l.Dropout)
}

// project adds x·kernel + bias, for all heads at once.
func (l *MultiHeadAttentionLayer) project(s *Scope, x graph.Value, dim int) (graph.Value, error) {
	return l.product(s, x, []int{s.Shape(x)[1], l.NumHeads, dim}, []int{l.NumHeads, dim}, 1)
}

func (l *MultiHeadAttentionLayer) product(s *Scope, x graph.Value, kernelShape, biasShape []int, inAxes int) (graph.Value, error) {
	kernel, err := s.Weight("kernel", kernelShape, l.KernelInitializer.or(GlorotUniform), l.KernelRegularizer)
	if err != nil {
		return x, err
	}
	in := []graph.Value{x, kernel}
	if !l.NoBias {
		bias, err := s.Weight("bias", biasShape, l.BiasInitializer.or(Zeros), l.BiasRegularizer)
		if err != nil {
			return x, err
		}
		in = append(in, bias)
	}
	return s.Apply(graph.MatMul{InAxes: inAxes}, in...)
}

// withMask appends the mask of value, or of key, if one has one.
func withMask(s *Scope, in []graph.Value, value, key graph.Value) ([]graph.Value, error) {
	mask, masked := s.Mask(value)
	other, too := s.Mask(key)
	switch {
	case masked && too && mask != other:
		return nil, s.Errorf("value and key come with two different masks; give both the same")
	case masked:
		return append(in, mask), nil
	case too:
		return append(in, other), nil
	}
	return in, nil
}

// inverseRoot returns 1/√n.
func inverseRoot(n int) float32 { return float32(1 / math.Sqrt(float64(n))) }

func checkRate(s *Scope, rate float64) error {
	if !(rate >= 0 && rate < 1) {
		return s.Errorf("dropout must be at least 0 and below 1, got %g", rate)
	}
	return nil
}

type multiHeadConfig struct {
	common
	NumHeads          int         `json:"num_heads"`
	KeyDim            int         `json:"key_dim"`
	ValueDim          *int        `json:"value_dim,omitempty"`
	Dropout           float64     `json:"dropout,omitzero"`
	UseBias           *bool       `json:"use_bias,omitempty"`
	UseCausalMask     bool        `json:"use_causal_mask,omitzero"`
	OutputShape       []int       `json:"output_shape,omitempty"`    // null only
	AttentionAxes     []int       `json:"attention_axes,omitempty"`  // null only
	Seed              *float64    `json:"seed,omitempty"`            // a model has one seed: a layer's own is not used
	FlashAttention    *bool       `json:"flash_attention,omitempty"` // another way to the same numbers
	KernelInitializer Initializer `json:"kernel_initializer"`
	BiasInitializer   Initializer `json:"bias_initializer"`
	KernelRegularizer Regularizer `json:"kernel_regularizer"`
	BiasRegularizer   Regularizer `json:"bias_regularizer"`
}

func (l *MultiHeadAttentionLayer) Config() any {
	useBias := !l.NoBias
	c := multiHeadConfig{common: common{Name: l.Name, InputShape: l.InputShape}, NumHeads: l.NumHeads, KeyDim: l.KeyDim,
		Dropout: l.Dropout, UseBias: &useBias, UseCausalMask: l.Causal,
		KernelInitializer: l.KernelInitializer, BiasInitializer: l.BiasInitializer,
		KernelRegularizer: l.KernelRegularizer, BiasRegularizer: l.BiasRegularizer}
	if l.ValueDim != 0 {
		c.ValueDim = &l.ValueDim
	}
	return c
}

func (l *MultiHeadAttentionLayer) fromConfig(class string, raw json.RawMessage) error {
	var c multiHeadConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	for name, axes := range map[string][]int{"output_shape": c.OutputShape, "attention_axes": c.AttentionAxes} {
		if axes != nil {
			return tensor.Errorf(tensor.CodeUnsupported, "%s: %s %v is not offered; leave it out", class, name, axes)
		}
	}
	*l = MultiHeadAttentionLayer{c.Name, c.NumHeads, c.KeyDim, 0, c.Dropout, no(c.UseBias), c.UseCausalMask,
		c.KernelInitializer, c.BiasInitializer, c.KernelRegularizer, c.BiasRegularizer, c.inputShape()}
	if c.ValueDim != nil {
		if l.ValueDim = *c.ValueDim; l.ValueDim == 0 {
			return tensor.Errorf(tensor.CodeOption, "%s: value_dim must be at least 1, got 0", class)
		}
	}
	return c.common.check(class)
}
