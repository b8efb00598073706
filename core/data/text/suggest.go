package text

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/data"
)

// A Layer is a hidden layer of a suggested network, in Keras's words as TensorFlow.js
// spells them.
type Layer struct {
	ClassName string         `json:"className"`
	Config    map[string]any `json:"config"`
}

// suggestBytes is how much text Suggest looks at.
const suggestBytes = 1 << 20

// Suggest chooses what a token is from the first megabyte of the texts: words, which in
// languages without spaces are characters, or runs of characters where the texts are single words. All cleaning rules but that for digits are on.
func Suggest(texts []string) Setup {
	s := Setup{Split: data.DefaultSplit(), Options: Options{Kind: KindWords, Cleaning: Cleaning{Lower: true, Width: true, Spaces: true}}}
	lone, letters, words, looked, seen := 0, 0, 0, 0, 0
	for _, text := range texts {
		before := classSpace
		for _, r := range text {
			class := classOf(r)
			switch class {
			case classLone:
				lone++
			case classWord:
				if letters++; before == classSpace {
					words++
				}
			}
			before = class
		}
		looked++
		if seen += len(text); seen > suggestBytes {
			break
		}
	}
	switch {
	case 2*lone <= letters && 2*words < 3*looked:
		s.Options.Kind = KindNGrams
		s.Reason = "The texts are single words, so runs of their characters are the tokens: beginnings and endings tell more than whole words, which hardly come again."
	case 2*lone > letters:
		s.Reason = "Most of the text is in a language that is written without spaces, so each character is a token; words in other languages stay whole."
	default:
		s.Reason = "Each word and each punctuation mark is a token. Choose runs of characters for texts with many misspelt words, or byte pairs for long articles."
	}
	if err := s.Options.complete(); err != nil {
		panic("text: suggested options are not valid: " + err.Error())
	}
	return s
}

// Network suggests the hidden layers: a vector for each token, their mean over the text
// without its padding, a dense layer. It knows which words there are, and not their
// order, which is enough to sort messages and needs few texts.
func (p *Prepared) Network() []Layer {
	width, units := 16, 16
	if len(p.Train.Rows) >= 20_000 {
		width, units = 32, 32
	}
	return []Layer{
		{"Embedding", map[string]any{"inputDim": p.Tokenizer.Size(), "outputDim": width, "maskZero": true}},
		{"GlobalAveragePooling1D", map[string]any{}},
		{"Dropout", map[string]any{"rate": 0.2}},
		{"Dense", map[string]any{"units": units, "activation": "relu", "kernelInitializer": "heNormal"}},
	}
}

// Training suggests how to train that network.
func (p *Prepared) Training() data.TrainingDefaults {
	d := data.SuggestTraining(p.Prepared)
	d.Hidden, d.Dropout, d.L2 = []int{}, 0, 0
	d.LearningRate, d.BatchSize, d.Epochs, d.Patience = 0.005, 32, 30, 5
	if len(p.Train.Rows) >= 20_000 {
		d.LearningRate, d.BatchSize, d.Epochs, d.Patience = 0.002, 64, 12, 3
	}
	epochs := fmt.Sprintf("Up to %d times through the texts; training stops earlier when the validation loss has not become better for %d epochs, and the best weights are kept.", d.Epochs, d.Patience)
	if len(p.Validation.Rows) == 0 {
		d.Epochs, d.Patience = d.Epochs/2, 0
		epochs = fmt.Sprintf("%d times through the texts. Without a validation part nothing says when to stop, so training is kept short.", d.Epochs)
	}
	reasons := map[string]string{
		"loss":         d.Reasons["loss"],
		"epochs":       epochs,
		"batchSize":    fmt.Sprintf("The weights are improved after every %d texts.", d.BatchSize),
		"learningRate": "How far each improvement goes. Lower it if the loss jumps up and down; raise it if the loss hardly falls.",
	}
	if why := d.Reasons["classWeight"]; why != "" {
		reasons["classWeight"] = why
	}
	d.Reasons = reasons
	return d
}
