package text

import "github.com/terrarium-ml/terrarium/core/data"

// A Network is a network that can be chosen, and how it learns best.
type Network struct {
	Name   string                `json:"name"` // NetworkBag …
	Title  string                `json:"title"`
	Reason string                `json:"reason"` // what it is good for
	Layers []Layer               `json:"layers"` // hidden ones
	Train  data.TrainingDefaults `json:"train"`
}

// Names of networks.
const (
	NetworkBag         = "bag"
	NetworkGRU         = "gru"
	NetworkTransformer = "transformer"
)

// Networks lists the networks for these texts; the first is the one that is suggested.
func (p *Prepared) Networks() []Network {
	size := p.Tokenizer.Size()
	usual := p.Training()
	slow := func(rate float64) data.TrainingDefaults {
		d := p.Training()
		d.LearningRate = rate
		d.Epochs, d.Patience = max(d.Epochs/2, 6), min(d.Patience, 3)
		reasons := map[string]string{}
		for name, why := range d.Reasons {
			if name != "epochs" {
				reasons[name] = why
			}
		}
		d.Reasons = reasons
		return d
	}
	return []Network{
		{NetworkBag, "Which words there are", "A vector for each token and their mean: it knows which words a text has, and not their order. It needs few texts and learns fast, which is enough to sort messages.",
			p.Network(), usual},
		{NetworkGRU, "Words in their order (GRU)", "A recurrent network reads the text from both ends, word by word, so that “not good” is another thing than “good”. Slower; it wants some thousand texts.",
			[]Layer{
				{"Embedding", map[string]any{"inputDim": size, "outputDim": 32, "maskZero": true}},
				{"Bidirectional", map[string]any{"layer": map[string]any{"className": "GRU", "config": map[string]any{"units": 24}}, "mergeMode": "concat"}},
				{"Dropout", map[string]any{"rate": 0.2}},
			}, slow(0.003)},
		{NetworkTransformer, "Words that look at each other (transformer)", "A small transformer with two heads: every word looks at all others. Slower; it shows its strength on many and longer texts.",
			[]Layer{
				{"Embedding", map[string]any{"inputDim": size, "outputDim": 32, "maskZero": true}},
				{"PositionEmbedding", map[string]any{}},
				{"TransformerBlock", map[string]any{"numHeads": 2, "intermediateDim": 64, "dropout": 0.1}},
				{"GlobalAveragePooling1D", map[string]any{}},
				{"Dropout", map[string]any{"rate": 0.2}},
			}, slow(0.002)},
	}
}
