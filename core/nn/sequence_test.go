package nn

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/gradcheck"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// sequenceLayers are one of each, with options.
func sequenceLayers() map[string]Layer {
	momentum, scale := 0.9, 0.3
	return map[string]Layer{
		"batch normalization":         BatchNormalization(),
		"batch normalization, plain":  &BatchNormalizationLayer{Momentum: &momentum, Epsilon: 0.01, NoScale: true, NoCenter: true},
		"layer normalization":         LayerNormalization(),
		"layer normalization, plain":  &LayerNormalizationLayer{Axis: []int{1, 2}, NoScale: true, NoCenter: true},
		"rms normalization":           RMSNormalization(),
		"positions":                   PositionEmbedding(9),
		"sines":                       SinePositionEncoding(),
		"attention":                   MultiHeadAttention(2, 3),
		"attention, causal":           &MultiHeadAttentionLayer{NumHeads: 3, KeyDim: 2, ValueDim: 4, Dropout: 0.2, NoBias: true, Causal: true, KernelInitializer: HeNormal},
		"transformer":                 TransformerBlock(2),
		"transformer, decoder":        TransformerBlock(2, Causal, DropoutRate(0.2), Tanh),
		"transformer, first paper":    &TransformerBlockLayer{NumHeads: 1, KeyDim: 3, IntermediateDim: 5, PostNorm: true, NoBias: true, Epsilon: 0.01},
		"masking":                     Masking(-1),
		"dot product attention":       &ScaledDotProductAttentionLayer{Scale: &scale, Causal: true},
		"dot product attention, auto": ScaledDotProductAttention(),
		"embedding":                   &EmbeddingLayer{InputDim: 7, OutputDim: 3, MaskZero: true, EmbeddingsInitializer: HeNormal, EmbeddingsRegularizer: L2(0.1)},
	}
}

func TestSequenceConfigsComeBack(t *testing.T) {
	for name, l := range sequenceLayers() {
		config, err := FormatLayer(l)
		require.NoError(t, err)
		back, err := ParseLayer(config)
		require.NoError(t, err, name)
		again, err := FormatLayer(back)
		require.NoError(t, err)
		assert.Equal(t, string(config.Config), string(again.Config), name)
		if name != "batch normalization, plain" && name != "dot product attention" { // those hold pointers
			assert.Equal(t, l, back, name)
		}
	}
	a, err := ParseLayer(LayerConfig{ClassName: "MultiHeadAttention", Config: json.RawMessage(`{"num_heads":2,"key_dim":3,"value_dim":null,"use_causal_mask":true,"output_shape":null}`)})
	require.NoError(t, err)
	b, err := ParseLayer(LayerConfig{ClassName: "multiHeadAttention", Config: json.RawMessage(`{"numHeads":2,"keyDim":3,"useCausalMask":true}`)})
	require.NoError(t, err)
	assert.Equal(t, a, b)
}

// lower returns a builder of one layer for gradcheck.
func lower(l Layer) gradcheck.Build {
	return func(g *graph.Graph, in []graph.Value) (graph.Value, error) {
		g.In("layer")
		s := &Scope{Graph: g, Name: "layer"}
		out, err := s.Lower(l, in...)
		if err != nil {
			return graph.Value{}, err
		}
		return out[0], nil
	}
}

func TestSequenceGradients(t *testing.T) {
	x, wide := gradcheck.Input{Shape: []int{4, 6}, Low: -2, High: 2}, gradcheck.Input{Shape: []int{4, 5}}
	for name, l := range sequenceLayers() {
		inputs := []gradcheck.Input{x}
		switch l.(type) {
		case *EmbeddingLayer:
			continue // below
		case *ScaledDotProductAttentionLayer:
			inputs = []gradcheck.Input{x, x, wide}
		}
		t.Run(name, func(t *testing.T) {
			gradcheck.Check(t, lower(l), gradcheck.Config{Elements: 15}, inputs...)
			gradcheck.Check(t, lower(l), gradcheck.Config{Elements: 15, Inference: true}, inputs...)
			if _, batch := l.(*BatchNormalizationLayer); batch {
				return // one sample has no statistics to speak of
			}
			if _, two := l.(*LayerNormalizationLayer); !two || name == "layer normalization" {
				for i := range inputs { // one sample, one step
					inputs[i].Shape = []int{1, inputs[i].Shape[1]}
				}
				gradcheck.Check(t, lower(l), gradcheck.Config{Elements: 15, Rows: 1}, inputs...)
			}
		})
	}
	cross := func(l Layer, inputs ...gradcheck.Input) {
		t.Helper()
		gradcheck.Check(t, lower(l), gradcheck.Config{Elements: 15}, inputs...)
	}
	cross(MultiHeadAttention(2, 3), x, gradcheck.Input{Shape: []int{3, 5}})
	cross(MultiHeadAttention(2, 3, Causal), x, gradcheck.Input{Shape: []int{3, 5}}, gradcheck.Input{Shape: []int{3, 7}})
	cross(Embedding(5, 3), gradcheck.Input{Shape: []int{4}, Fixed: true, Data: []float32{1, 1, 4, 0, 2, 2, 2, 2, 3, 3, 0, 4}})
}

// What stands behind padding changes no result in front of it: an Embedding's mask
// reaches the attention of every block, and padded steps are seen by none.
func TestPaddingIsNotSeen(t *testing.T) {
	for _, block := range []TransformerBlockLayer{{NumHeads: 2}, {NumHeads: 2, Causal: true}, {NumHeads: 2, PostNorm: true}} {
		first, second := block, block
		n := Sequential(Input(5), Embedding(9, 4, MaskZero), SinePositionEncoding(), &first, LayerNormalization(), &second)
		b, err := n.Build()
		require.NoError(t, err)
		require.True(t, b.Masked[0], "the mask arrives at the output")
		store := graph.NewStore(b.Graph)
		for i := range store.Values() {
			store.Change()[i] = float32(i*7919%101)/101 - 0.5
		}
		plan, err := graph.NewPlan(b.Graph, store, graph.Config{MaxBatch: 2, Outputs: b.Outputs}, 0)
		require.NoError(t, err)
		copy(plan.Value(b.Inputs[0], 2), []float32{3, 1, 8, 0, 0, 3, 1, 8, 4, 7})
		require.NoError(t, plan.Forward(2, false))
		padded := append([]float32{}, plan.Value(b.Outputs[0], 2)[:3*4]...)

		// The vector of padding is of no account.
		embeddings := store.Of(0, store.Change())
		for i := range 4 {
			embeddings[i] = 3
		}
		require.NoError(t, plan.Forward(2, false))
		assert.Equal(t, padded, plan.Value(b.Outputs[0], 2)[:3*4])
		whole := plan.Value(b.Outputs[0], 2)[5*4 : 8*4]
		if block.Causal {
			assert.Equal(t, padded, whole, "what comes later is not seen either")
		} else {
			assert.NotEqual(t, padded, whole)
		}
	}
}

func TestMaskingLayer(t *testing.T) {
	b, err := Sequential(Input(3, 2), Masking(-1)).Build()
	require.NoError(t, err)
	require.True(t, b.Masked[0])
	plan, err := graph.NewPlan(b.Graph, graph.NewStore(b.Graph), graph.Config{MaxBatch: 1, Outputs: []graph.Value{b.Outputs[0], b.Masks[0]}}, 0)
	require.NoError(t, err)
	copy(plan.Value(b.Inputs[0], 1), []float32{1, -1, -1, -1, 0, 0})
	require.NoError(t, plan.Forward(1, true))
	assert.Equal(t, []float32{1, -1, 0, 0, 0, 0}, plan.Value(b.Outputs[0], 1))
	assert.Equal(t, []float32{1, 0, 1}, plan.Value(b.Masks[0], 1))
}

// A network says which of its inputs are numbers of words, also behind another shape.
func TestIndices(t *testing.T) {
	b, err := Sequential(Input(2, 3), Flatten(), Embedding(9, 4)).Build()
	require.NoError(t, err)
	assert.Equal(t, []int{9}, b.Indices)
	word, number := NewInput(3), NewInput(3, 4)
	n, err := Functional([]*Symbol{number, word}, []*Symbol{Apply(MultiHeadAttention(1, 2), number, Apply(Embedding(7, 4), word)), Apply(Embedding(6, 1), word)})
	require.NoError(t, err)
	b, err = n.Build()
	require.NoError(t, err)
	assert.Equal(t, []int{0, 6}, b.Indices)
}

func TestSequenceErrors(t *testing.T) {
	half, two := 0.5, 2.0
	for want, n := range map[string]*Network{
		"batch_normalization: momentum must be from 0 to 1, got 2":                                       Sequential(Input(3), &BatchNormalizationLayer{Momentum: &two}),
		"batch_normalization: epsilon must be from 1e-30 to 1e30, got -1":                                Sequential(Input(3), &BatchNormalizationLayer{Momentum: &half, Epsilon: -1}),
		"batch_normalization: axis [1] of input [batch, 3, 4] is not supported; only the last axis, -1,": Sequential(Input(3, 4), &BatchNormalizationLayer{axis: list{1}}),
		"layer_normalization: axis [1] of input [batch, 3, 4] is not supported; only the last axis, -1, or several up to the last, is": Sequential(Input(3, 4),
			&LayerNormalizationLayer{Axis: []int{1}}),
		"layer_normalization: axis [0 1 2] of input":                                                               Sequential(Input(3, 4), &LayerNormalizationLayer{Axis: []int{0, 1, 2}}),
		"layer_normalization: axis [2 2] of input":                                                                 Sequential(Input(3, 4), &LayerNormalizationLayer{Axis: []int{2, 2}}),
		"rms_normalization: epsilon must be":                                                                       Sequential(Input(3), &RMSNormalizationLayer{Epsilon: -2}),
		"embedding: input_dim must be a whole number from 1 to 16777216, got 0":                                    Sequential(Input(3), Embedding(0, 4)),
		"embedding: output_dim must be a whole number from 1 to 16777216, got -4":                                  Sequential(Input(3), Embedding(3, -4)),
		"embedding: mask_zero wants rows of one number a step, input [batch, time], got [batch, 3, 2]":             Sequential(Input(3, 2), Embedding(3, 4, MaskZero)),
		"masking: want input [batch, time, n], got [batch, 3]":                                                     Sequential(Input(3), Masking(0)),
		"position_embedding: want input [batch, time, width], got [batch, 3]":                                      Sequential(Input(3), PositionEmbedding(3)),
		"position_embedding: got [batch, 5, 2], 5 steps, but sequence_length is 4; raise it":                       Sequential(Input(5, 2), PositionEmbedding(4)),
		"sine_position_encoding: max_wavelength must be from 1 to 1e15, got -1":                                    Sequential(Input(5, 2), &SinePositionEncodingLayer{MaxWavelength: -1}),
		"sine_position_encoding: got [batch, 16777216, 2], more than the":                                          Sequential(Input(1<<24, 2), SinePositionEncoding()),
		"multi_head_attention: num_heads must be a whole number from 1 to 16777216, got 0":                         Sequential(Input(5, 2), MultiHeadAttention(0, 2)),
		"multi_head_attention: key_dim must be a whole number from 1 to 16777216, got -1":                          Sequential(Input(5, 2), MultiHeadAttention(1, -1)),
		"multi_head_attention: dropout must be at least 0 and below 1, got 1":                                      Sequential(Input(5, 2), MultiHeadAttention(1, 1, DropoutRate(1))),
		"multi_head_attention: want query [batch, time, width], got [batch, 5]":                                    Sequential(Input(5), MultiHeadAttention(1, 1)),
		"transformer_block: 3 heads do not divide the width 8 of the input [batch, 5, 8]; choose":                  Sequential(Input(5, 8), TransformerBlock(3)),
		"transformer_block: num_heads must be a whole number from 1":                                               Sequential(Input(5, 8), TransformerBlock(0)),
		"transformer_block: intermediate_dim must be":                                                              Sequential(Input(5, 8), &TransformerBlockLayer{NumHeads: 1, IntermediateDim: -1}),
		`transformer_block: unknown activation "relux"`:                                                            Sequential(Input(5, 8), TransformerBlock(1, Activation("relux"))),
		"multi_head_attention: 4 heads of 65536 queries and 65536 keys have more than 1073741824 weights a sample": Sequential(Input(1<<16, 2), MultiHeadAttention(4, 1)),
		"scaled_dot_product_attention: takes query, key and value, got 1 inputs":                                   Sequential(Input(5, 8), ScaledDotProductAttention()),
	} {
		_, err := n.Build()
		assert.ErrorContains(t, err, want)
	}
	for config, want := range map[string]string{
		`{"num_heads":1,"key_dim":2,"output_shape":[3]}`: "MultiHeadAttention: output_shape [3] is not offered; leave it out",
		`{"num_heads":1,"key_dim":2,"value_dim":0}`:      "value_dim must be at least 1, got 0",
		`{"num_heads":1,"keydims":2}`:                    `unknown option of MultiHeadAttention "keydims"`,
	} {
		_, err := ParseLayer(LayerConfig{ClassName: "MultiHeadAttention", Config: json.RawMessage(config)})
		assert.ErrorContains(t, err, want)
	}
	_, err := ParseLayer(LayerConfig{ClassName: "LayerNormalization", Config: json.RawMessage(`{"axis":"last"}`)})
	assert.ErrorContains(t, err, `"last" is neither a whole number nor a list of them`)
	a, b := NewInput(3, 4), NewInput(3, 5)
	n, err := Functional([]*Symbol{a, b}, []*Symbol{Apply(ScaledDotProductAttention(), a, b, b)})
	require.NoError(t, err)
	_, err = n.Build()
	assert.ErrorContains(t, err, "scaled_dot_product_attention: want queries [batch, …, queries, d], keys [batch, …, keys, d]")
}

// The names of a block's weights, in their order.
func TestTransformerWeights(t *testing.T) {
	b, err := Sequential(Input(5, 8), TransformerBlock(2, NoBias)).Build()
	require.NoError(t, err)
	var names []string
	for _, p := range b.Graph.Params() {
		names = append(names, fmt.Sprint(p.FullName(), p.Shape))
	}
	assert.Equal(t, []string{
		"transformer_block/self_attention_layer_norm/gamma[8]", "transformer_block/self_attention_layer_norm/beta[8]",
		"transformer_block/self_attention/query/kernel[8 2 4]", "transformer_block/self_attention/key/kernel[8 2 4]",
		"transformer_block/self_attention/value/kernel[8 2 4]", "transformer_block/self_attention/attention_output/kernel[2 4 8]",
		"transformer_block/feedforward_layer_norm/gamma[8]", "transformer_block/feedforward_layer_norm/beta[8]",
		"transformer_block/feedforward_intermediate_dense/kernel[8 32]", "transformer_block/feedforward_output_dense/kernel[32 8]",
	}, names)
}
