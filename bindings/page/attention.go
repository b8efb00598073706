package page

import (
	"slices"
	"strconv"

	"github.com/terrarium-ml/terrarium/bindings"
)

// An attentionPart shows which tokens of a text look at which, in a model with attention:
// the tokens in a line, shaded by how much the chosen one takes from each, and all of them
// as a map.
type attentionPart struct {
	app    *Texts
	id     string // begins the ids of its elements, and its actions
	model  func() *bindings.ModelInfo
	text   func() string
	step   step // that shows it
	q      *inquiry
	open   bool
	got    *bindings.TextsAttentionResult
	maps   [][]float64 // of each layer: [heads, tokens, tokens]
	layer  int
	head   int // from 1; 0 is the mean of all
	token  int
	asking string // the text that is asked about
}

func newAttention(a *Texts, id string, shown step, model func() *bindings.ModelInfo, text func() string) *attentionPart {
	s := &attentionPart{app: a, id: id, step: shown, model: model, text: text}
	drawn := func() { a.touch(shown) }
	s.q = newInquiry(a.hub, id, "Looking into the network", drawn)
	a.on(id+".open", func(Action) { s.open = !s.open; s.refresh(); drawn() })
	choose := func(name string, to *int) {
		a.on(id+"."+name, func(act Action) {
			text := act.Value
			if text == "" {
				text = act.Arg
			}
			if n, err := strconv.Atoi(text); err == nil && n >= 0 {
				*to = n
				drawn()
			}
		})
	}
	choose("layer", &s.layer)
	choose("head", &s.head)
	choose("token", &s.token)
	return s
}

// attentive are layers that have attention.
var attentive = []string{"MultiHeadAttention", "TransformerBlock", "ScaledDotProductAttention"}

func (s *attentionPart) usable() bool {
	m := s.model()
	return m != nil && slices.ContainsFunc(m.Layers, func(l bindings.Layer) bool { return slices.Contains(attentive, l.ClassName) })
}

// forget drops what is shown: it was of another text or model.
func (s *attentionPart) forget() {
	s.q.forget()
	s.got, s.maps, s.asking, s.token = nil, nil, "", 0
}

// refresh asks about the text as it is now, where it is shown and not asked about yet.
func (s *attentionPart) refresh() {
	text := s.text()
	if !s.open || !s.usable() || text == "" || text == s.asking {
		return
	}
	s.forget()
	s.asking = text
	var got bindings.TextsAttentionResult
	s.q.ask(Request{Method: bindings.MethodTextsAttention, Params: bindings.TextsAttentionParams{Model: s.model().Model, Text: text}}, &got, func(buffers [][]byte) {
		for _, l := range got.Layers {
			s.maps = append(s.maps, floats(buffers, l.Weights))
		}
		s.got = &got
	})
}

// weights is the map of the chosen layer and head, [tokens, tokens]; nil: there is none.
func (s *attentionPart) weights() []float64 {
	if s.got == nil || len(s.got.Layers) == 0 {
		return nil
	}
	s.layer = min(s.layer, len(s.got.Layers)-1)
	l, all, n := s.got.Layers[s.layer], s.maps[s.layer], len(s.got.Tokens)
	s.head, s.token = min(s.head, l.Heads), min(s.token, max(n-1, 0))
	if len(all) != l.Heads*n*n || n == 0 {
		return nil
	}
	if s.head > 0 {
		return all[(s.head-1)*n*n : s.head*n*n]
	}
	mean := make([]float64, n*n)
	for h := range l.Heads {
		for i := range mean {
			mean[i] += all[h*n*n+i] / float64(l.Heads)
		}
	}
	return mean
}
