package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A ScaledDotProductAttentionLayer is attention without weights of its own (Vaswani et
// al., 2017):
//
//	y = softmax(scale·query·keyᵀ)·value
//
//	query [batch, …, queries, d]  key [batch, …, keys, d]  value [batch, …, keys, e]  →  y [batch, …, queries, e]
//
// Its inputs are query, key and value, in this order; axes in front of the last two, of
// heads say, are independent of each other. scale is 1/√d if it is not given. A mask
// that travels beside key or value [batch, keys, …] hides its padded steps; with
// use_causal_mask a query sees no key behind its own place. A query that sees nothing
// gets zeros.
type ScaledDotProductAttentionLayer struct {
	Name   string
	Scale  *float64 // 1/√d if nil
	Causal bool
}

// ScaledDotProductAttention returns an attention without weights. Causal is its option.
func ScaledDotProductAttention(opts ...Option) *ScaledDotProductAttentionLayer {
	o := collect(opts)
	return &ScaledDotProductAttentionLayer{Name: o.name, Causal: o.padding == Causal}
}

var (
	_ configured = (*ScaledDotProductAttentionLayer)(nil)
	_ Joiner     = (*ScaledDotProductAttentionLayer)(nil)
)

func (l *ScaledDotProductAttentionLayer) ClassName() string { return "ScaledDotProductAttention" }
func (l *ScaledDotProductAttentionLayer) LayerName() string { return l.Name }

// LowerAll adds the attention.
func (l *ScaledDotProductAttentionLayer) LowerAll(s *Scope, in []graph.Value) ([]graph.Value, error) {
	if len(in) != 3 {
		return nil, s.Errorf("takes query, key and value, got %d inputs", len(in))
	}
	shape := s.Shape(in[0])
	if len(shape) < 2 {
		return nil, s.shapeErrorf("want query [batch, …, time, width], got %s", batched(s, in[0]))
	}
	op := graph.Attention{Heads: 1, Scale: inverseRoot(shape[len(shape)-1]), Causal: l.Causal}
	if l.Scale != nil {
		if !(*l.Scale > -1e30 && *l.Scale < 1e30) {
			return nil, s.Errorf("scale must be a finite number, got %g", *l.Scale)
		}
		op.Scale = float32(*l.Scale)
	}
	inputs := in
	if len(shape) == 2 {
		var err error
		if inputs, err = withMask(s, in[:3:3], in[2], in[1]); err != nil {
			return nil, err
		}
	}
	y, err := s.Apply(op, inputs...)
	if err != nil {
		return nil, err
	}
	s.PassMask(in[0], y)
	return []graph.Value{y}, nil
}

type dotAttentionConfig struct {
	common
	Scale         *float64 `json:"scale,omitempty"`
	UseCausalMask bool     `json:"use_causal_mask,omitzero"`
}

func (l *ScaledDotProductAttentionLayer) Config() any {
	return dotAttentionConfig{common{Name: l.Name}, l.Scale, l.Causal}
}

func (l *ScaledDotProductAttentionLayer) fromConfig(class string, raw json.RawMessage) error {
	var c dotAttentionConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	*l = ScaledDotProductAttentionLayer{c.Name, c.Scale, c.UseCausalMask}
	return c.check(class)
}
