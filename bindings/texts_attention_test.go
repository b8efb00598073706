package bindings

import (
	"context"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// attended asks where a model looks, and checks that rows are rows of shares.
func (b *bench) attended(model int, text string) TextsAttentionResult {
	b.t.Helper()
	var r TextsAttentionResult
	buffers, err := b.client.do(context.Background(), call{Method: MethodTextsAttention, Params: TextsAttentionParams{model, text}, Result: &r})
	require.NoError(b.t, err)
	n := len(r.Tokens)
	for _, l := range r.Layers {
		require.Equal(b.t, []int{l.Heads, n, n}, l.Weights.Shape)
		w := Take(buffers[l.Weights.Buffer])
		require.Len(b.t, w, 4*l.Heads*n*n)
		for row := range l.Heads * n {
			sum := 0.0
			for k := range n {
				v := math.Float32frombits(binary.LittleEndian.Uint32(w[4*(row*n+k):]))
				sum += float64(v)
				if l.Causal && k > row%n {
					require.Zero(b.t, v)
				}
			}
			if n == r.Read {
				require.InDelta(b.t, 1, sum, 1e-5)
			}
		}
	}
	return r
}

func TestAttentionOfTexts(t *testing.T) {
	b := newBench(t)
	info, ready := b.openTexts(mail(60))
	seed := int64(1)
	for _, network := range ready.Networks {
		var model ModelInfo
		b.call(MethodModelCreate, CreateParams{Layers: network.Layers, Table: info.Table, Seed: &seed}, &model)
		if network.Name != "transformer" {
			require.Contains(t, b.refused(tensor.CodeUnsupported, MethodTextsAttention, TextsAttentionParams{model.Model, "win"}).Message, "no attention layer")
			continue
		}
		r := b.attended(model.Model, "Win a prize zebra")
		require.Equal(t, "win", r.Tokens[0].Text)
		require.Len(t, r.Tokens, 4)
		require.Len(t, r.Layers, 1)
		require.Equal(t, 2, r.Layers[0].Heads)
		require.Equal(t, ready.Setup.Options.Length, b.attended(model.Model, strings.Repeat("home ", 100)).Read)
		b.refused(tensor.CodeOption, MethodTextsAttention, TextsAttentionParams{model.Model, "  "})
	}
	b.refused(tensor.CodeOption, MethodTextsAttention, TextsAttentionParams{77, "win"})
}

func TestAttentionOfWriting(t *testing.T) {
	b := newBench(t)
	var info WritingInfo
	b.call(MethodWritingOpen, WritingParams{Sample: "tales"}, &info)
	var ready WritingPrepareResult
	info.Setup.Length = 16
	b.call(MethodWritingPrepare, WritingPrepareParams{info.Table, info.Setup}, &ready)
	var model ModelInfo
	b.call(MethodModelCreate, CreateParams{Layers: ready.Networks[1].Layers, Table: info.Table}, &model)
	r := b.attended(model.Model, "Once there was a fox")
	require.Len(t, r.Layers, 2)
	require.True(t, r.Layers[1].Causal)
	require.Equal(t, 4, r.Layers[1].Heads)
	require.Equal(t, 16, r.Read)
	require.Equal(t, "x", r.Tokens[15].Text)
}
