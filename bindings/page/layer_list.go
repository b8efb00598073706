package page

import (
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

// layerList describes a network that is not edited layer by layer.
func layerList(id, input string, layers []bindings.Layer, output string) Node {
	list := el("ol", class("layers compact"), ident(id), attr("aria-label", "Layers of the network"))
	add := func(kind, name, what string) {
		el("li", class("layer "+kind), el("b", txt(name)), el("span", class("quiet"), txt(what))).join(&list)
	}
	add("fixed", "Input", input)
	for _, l := range layers {
		name, what := layerWords(l)
		add(strings.ToLower(l.ClassName), name, what)
	}
	add("fixed", "Output", output)
	return list
}

// layerWords says what a layer of a network for texts or series is, and its options in few
// words.
func layerWords(l bindings.Layer) (name, what string) {
	var c struct {
		InputDim        int     `json:"inputDim"`
		OutputDim       int     `json:"outputDim"`
		Units           int     `json:"units"`
		Rate            float64 `json:"rate"`
		Activation      string  `json:"activation"`
		NumHeads        int     `json:"numHeads"`
		IntermediateDim int     `json:"intermediateDim"`
		Layer           struct {
			ClassName string `json:"className"`
			Config    struct {
				Units int `json:"units"`
			} `json:"config"`
		} `json:"layer"`
	}
	if json.Unmarshal(l.Config, &c) != nil {
		return l.ClassName, ""
	}
	switch l.ClassName {
	case "Embedding":
		return "Embedding", plural(c.OutputDim, "number", "numbers") + " for each of " + plural(c.InputDim, "token", "tokens")
	case "GlobalAveragePooling1D":
		return "Mean", "over the whole text, without its padding"
	case "Bidirectional":
		return c.Layer.ClassName + ", both ways", plural(c.Layer.Config.Units, "unit", "units") + " each way"
	case "GRU", "LSTM":
		return l.ClassName, plural(c.Units, "unit", "units")
	case "PositionEmbedding":
		return "Positions", "where each token stands"
	case "TransformerBlock":
		return "Transformer block", plural(c.NumHeads, "head", "heads") + ", " + plural(c.IntermediateDim, "unit", "units") + " inside"
	case "LayerNormalization":
		return "Normalisation", "of each token’s numbers"
	case "Dropout":
		return "Dropout", percent(c.Rate) + " switched off at random"
	case "Dense":
		return "Dense", plural(c.Units, "unit", "units") + ", " + c.Activation
	}
	return l.ClassName, ""
}
