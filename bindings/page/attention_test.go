package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/json"
)

// looking is a desk with a model of two heads, asked about "a bc d".
func looking(t *testing.T) *desk {
	s := newDesk(t)
	s.fix(bindings.MethodModelCreate, bindings.ModelInfo{Model: 5, Name: "mail", Seed: 1, Pipeline: textPipeline(), Layers: []bindings.Layer{{ClassName: "TransformerBlock"}}})
	s.engine.answer[bindings.MethodTextsAttention] = func(json.RawMessage, Request) (any, [][]byte, error) {
		return bindings.TextsAttentionResult{Tokens: []text.Token{{Text: "a"}, {Text: "bc"}, {Text: "d"}}, Read: 3,
				Layers: []bindings.AttentionLayer{{Layer: "block", Heads: 2, Weights: bindings.Tensor{Shape: []int{2, 3, 3}, Buffer: 0}}}},
			[][]byte{bytesOf([]float32{0.2, 0.8, 0, 1, 0, 0, 0.1, 0.3, 0.6, 0, 0.4, 0.6, 0, 0, 1, 0.5, 0.5, 0})}, nil
	}
	s.do(Action{Name: "texts.sample", Arg: "messages"}, Action{Name: "train"}, Action{Name: "try.text", Value: "a bc d"})
	return s
}

func TestAttentionIsShownTokenByToken(t *testing.T) {
	s := looking(t)
	s.gone("attention-line")
	require.Equal(t, "false", s.see("attention-open").get("aria-expanded"))
	s.do(Action{Name: "attention.open"})
	require.JSONEq(t, `{"model":5,"text":"a bc d"}`, string(s.engine.last[bindings.MethodTextsAttention]))
	require.Equal(t, "a looks most at bc (60.0 %), d (30.0 %), a (10.0 %).", s.see("attention-said").words(), "the mean of both heads")
	s.do(Action{Name: "attention.head", Value: "2"}, Action{Name: "attention.token", Arg: "2"})
	require.Equal(t, "d looks most at a (50.0 %), bc (50.0 %), d (0.0 %).", s.see("attention-said").words())
	require.Equal(t, "d", s.see("attention-token").get("aria-valuetext"))
	require.Contains(t, s.html("try-view"), `class="token look look-8"`)
	require.Contains(t, s.html("try-view"), `class="token look look-0 looks"`)
	s.see("attention-map")
	s.gone("attention-layer") // there is one
	s.do(Action{Name: "attention.head", Value: "9"}, Action{Name: "attention.token", Value: "99"}, Action{Name: "attention.layer", Value: "7"})
	require.Contains(t, s.see("attention-said").words(), "d looks")
	s.do(Action{Name: "attention.open"})
	s.gone("attention-line")
}

func TestAttentionIsOfTheTextThatIsThere(t *testing.T) {
	s := looking(t)
	s.do(Action{Name: "attention.open"}, Action{Name: "try.text", Value: "other"})
	require.Contains(t, string(s.engine.last[bindings.MethodTextsAttention]), "other")
	s.do(Action{Name: "try.wipe"})
	s.gone("attention")
}

func TestNoAttentionWithoutALayerOfIt(t *testing.T) {
	s := newDesk(t)
	s.do(Action{Name: "texts.sample", Arg: "messages"}, Action{Name: "train"}, Action{Name: "try.text", Value: "win"})
	s.see("predicted")
	s.gone("attention")
}
