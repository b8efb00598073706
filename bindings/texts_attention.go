//go:build !engine

package bindings

import (
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// textsAttention says where a model looks that reads a text.
func textsAttention(j *job, p TextsAttentionParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	tokenizer, err := text.Read(m.train.Pipeline)
	if err != nil {
		return nil, err
	}
	writes := m.train.Pipeline.Output.Task == data.TaskWriting
	tokens := readTokens(tokenizer, p.Text, writes)
	if len(tokens) == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "There is nothing in this text that the model could read.")
	}
	x := tensor.New(1, tokenizer.Length)
	for i, t := range tokens {
		x.Data[i] = float32(t.ID)
	}
	if err := j.engine.room(gradientBytes, "looking into this model"); err != nil {
		return nil, err
	}
	var maps []explain.AttentionMap
	err = j.ask(m, func() error {
		maps, err = explain.Attention(j.ctx, m.train, func(int64, int64) error { return j.breathe() }, x)
		return err
	})
	if err != nil {
		return nil, err
	}
	from, to := 0, min(len(tokens), MaxAttended)
	if writes {
		from, to = max(0, len(tokens)-MaxAttended), len(tokens)
	}
	r := TextsAttentionResult{Tokens: tokens[from:to], Read: len(tokens), Layers: []AttentionLayer{}}
	for i := range maps {
		if a := &maps[i]; a.Queries == tokenizer.Length && a.Keys == tokenizer.Length {
			r.Layers = append(r.Layers, AttentionLayer{a.Layer, a.Heads, a.Causal, j.attach(amongTokens(a, from, to), a.Heads, to-from, to-from)})
		}
	}
	if len(r.Layers) == 0 {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "this model has no attention layer between the tokens of a text")
	}
	return r, nil
}

// readTokens are the tokens of a text that a row has room for: a model that writes goes on
// with the last ones.
func readTokens(t *text.Tokenizer, s string, writes bool) []text.Token {
	tokens := t.Tokens(s)
	over := max(0, len(tokens)-t.Length)
	if writes || t.Cut == text.CutStart {
		return tokens[over:]
	}
	return tokens[:len(tokens)-over]
}

// amongTokens copies the weights between some of the tokens, for every head.
func amongTokens(a *explain.AttentionMap, from, to int) []float32 {
	var out []float32
	for h := range a.Heads {
		for q := from; q < to; q++ {
			out = append(out, a.Row(h, q)[from:to]...)
		}
	}
	return out
}
