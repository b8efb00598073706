package explain

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// weight returns a weight of a model by its whole name.
func weight(t *testing.T, m *train.Model, name string) *tensor.Tensor {
	t.Helper()
	for _, w := range m.Weights() {
		if w.Name == name {
			return w.Tensor
		}
	}
	require.Fail(t, "there is no weight "+name)
	return nil
}

// mixed computes what a MultiHeadAttention makes of values [keys, width] with the weights
// of a map: each head's w·(value·Wv + bv), then ·Wo + bo.
func mixed(t *testing.T, m *train.Model, layer string, a AttentionMap, value []float32, width int) []float32 {
	wv, bv := weight(t, m, layer+"/value/kernel"), weight(t, m, layer+"/value/bias")
	wo, bo := weight(t, m, layer+"/attention_output/kernel"), weight(t, m, layer+"/attention_output/bias")
	cols, out := len(bv.Data), len(bo.Data)
	e := cols / a.Heads
	y := make([]float32, a.Queries*out)
	for q := range a.Queries {
		copy(y[q*out:], bo.Data)
		for c := range cols {
			sum := 0.0
			for k, w := range a.Row(c/e, q) {
				v := float64(bv.Data[c])
				for i := range width {
					v += float64(value[k*width+i]) * float64(wv.Data[i*cols+c])
				}
				sum += float64(w) * v
			}
			for i := range out {
				y[q*out+i] += float32(sum * float64(wo.Data[c*out+i]))
			}
		}
	}
	return y
}

// sumsToOne checks every row, and that nothing hidden is looked at.
func sumsToOne(t *testing.T, a AttentionMap) {
	t.Helper()
	require.Len(t, a.Weights, a.Heads*a.Queries*a.Keys)
	for h := range a.Heads {
		for q := range a.Queries {
			sum := 0.0
			for k, w := range a.Row(h, q) {
				sum += float64(w)
				assert.Equal(t, a.Sees(q, k), w > 0, "head %d, query %d, key %d", h, q, k)
			}
			assert.InDelta(t, 1, sum, 1e-6)
		}
	}
}

func TestAttentionIsWhatTheLayerMultipliesWith(t *testing.T) {
	for name, option := range map[string][]nn.Option{"to all": nil, "causal": {nn.Causal}, "dropout": {nn.DropoutRate(0.5)}} {
		t.Run(name, func(t *testing.T) {
			m := network(t, nn.Input(5, 6), nn.MultiHeadAttention(3, 4, append(option, nn.Name("look"))...))
			x := random(4, 1, 5, 6)
			before := m.Digest()
			maps, err := Attention(t.Context(), m, nil, x)
			require.NoError(t, err)
			require.Len(t, maps, 1)
			a := maps[0]
			assert.Equal(t, []int{3, 5, 5}, []int{a.Heads, a.Queries, a.Keys})
			assert.Equal(t, "look", a.Layer)
			assert.Equal(t, name == "causal", a.Causal)
			sumsToOne(t, a)
			p, err := m.Predict(t.Context(), x)
			require.NoError(t, err)
			assert.InDeltaSlice(t, p.Data, mixed(t, m, "look", a, x.Data, 6), 1e-5)
			assert.Equal(t, before, m.Digest())
		})
	}
}

func TestAttentionToAnotherInput(t *testing.T) {
	query, value := nn.NewInput(3, 6), nn.NewInput(7, 4)
	n, err := nn.Functional([]*nn.Symbol{query, value}, []*nn.Symbol{nn.Apply(nn.MultiHeadAttention(2, 5, nn.Name("look")), query, value)})
	require.NoError(t, err)
	m, err := train.New(n, train.Seed(3))
	require.NoError(t, err)
	q, v := random(1, 1, 3, 6), random(2, 1, 7, 4)
	maps, err := Attention(t.Context(), m, nil, q, v)
	require.NoError(t, err)
	assert.Equal(t, []int{2, 3, 7}, []int{maps[0].Heads, maps[0].Queries, maps[0].Keys})
	sumsToOne(t, maps[0])
	p, err := m.PredictAll(t.Context(), q, v)
	require.NoError(t, err)
	assert.InDeltaSlice(t, p[0].Data, mixed(t, m, "look", maps[0], v.Data, 4), 1e-5)
}

// Two blocks: the memory of the first one is not written over by what comes later.
func TestAttentionOfTransformerSparesPadding(t *testing.T) {
	embedding := nn.Embedding(9, 8)
	embedding.MaskZero = true
	m := network(t, nn.Input(6), embedding, nn.TransformerBlock(2), nn.TransformerBlock(4, nn.Causal), nn.GlobalAveragePooling1D(), nn.Dense(2, nn.Softmax))
	x, _ := tensor.From([]float32{3, 1, 4, 8, 0, 0}, 1, 6)
	maps, err := Attention(t.Context(), m, nil, x)
	require.NoError(t, err)
	require.Len(t, maps, 2)
	for i, a := range maps {
		assert.Equal(t, []int{2, 4}[i], a.Heads)
		assert.Equal(t, []bool{false, false, false, false, true, true}, a.Padding)
		sumsToOne(t, a)
	}
	assert.NotEqual(t, maps[0].Layer, maps[1].Layer)
	first, err := m.Network().Cut(maps[0].Layer)
	require.NoError(t, err)
	alone, err := train.New(first, train.Seed(3))
	require.NoError(t, err)
	before, err := Attention(t.Context(), alone, nil, x)
	require.NoError(t, err)
	assert.Equal(t, maps[:1], before, "the same bits, whatever follows")
}

func TestAttentionSaysWhatItLacks(t *testing.T) {
	m := network(t, nn.Input(3), nn.Dense(2))
	_, err := Attention(t.Context(), m, nil, random(1, 1, 3))
	require.ErrorContains(t, err, "this model has no attention layer")
	_, err = Attention(t.Context(), m, nil)
	require.ErrorContains(t, err, "got 0")
	_, err = Attention(t.Context(), m, nil, random(1, 2, 3))
	require.ErrorContains(t, err, "want one row [1, 3], got [2, 3]")
	_, err = Attention(t.Context(), nil, nil)
	require.ErrorContains(t, err, "the model is missing")
}
