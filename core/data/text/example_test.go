package text_test

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/data/text"
)

// From messages to rows of numbers: the tokenizer is trained on the training part alone.
func ExamplePrepare() {
	var texts, labels []string
	for i := range 20 {
		texts = append(texts, fmt.Sprintf("See you at %d", i), fmt.Sprintf("WIN a prize, call %d", i))
		labels = append(labels, "friend", "spam")
	}
	setup := text.Suggest(texts)
	p, err := text.Prepare(texts, labels, setup, 0, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Train.X.Shape, p.Validation.X.Shape, p.Test.X.Shape, p.Pipeline.Output.Labels)

	// One new message.
	row := make([]float32, p.Tokenizer.Length)
	if err := p.Tokenizer.Encode(row, "Win a  PRIZE tomorrow"); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%+q\n", p.Tokenizer.Decode(row))
	for _, l := range p.Network() {
		fmt.Println(l.ClassName)
	}
	// Output:
	// [26 8] [6 8] [8 8] [friend spam]
	// "win a prize \ufffd"
	// Embedding
	// GlobalAveragePooling1D
	// Dropout
	// Dense
}

// Byte-pair encoding makes one token of a common word, and several of a rare one.
func ExampleTokenizer_Tokens() {
	texts := []string{"newest newest newest newest newest newest", "low low low low low", "widest widest widest", "lower lower"}
	t, err := text.Train(texts, text.Options{Kind: text.KindBytePairs, Vocabulary: 26}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, token := range t.Tokens("newest lowest") {
		fmt.Printf("%q ", token.Text)
	}
	// Output:
	// "newest" " low" "est"
}
