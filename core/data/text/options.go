package text

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Kind says what a token is.
type Kind string

// The kinds of token.
const (
	// KindWords: runs of letters and numbers, and every symbol. Texts in Chinese, Japanese,
	// Thai, Lao, Khmer and Burmese fall apart into characters.
	KindWords Kind = "words"
	// KindCharacters: every character, spaces too.
	KindCharacters Kind = "characters"
	// KindNGrams: runs of a few characters within a word and the spaces around it, which
	// overlap: endings and misspelt words are known by their parts (Bojanowski et al., 2017).
	KindNGrams Kind = "ngrams"
	// KindBytePairs: byte-pair encoding (Sennrich et al., 2016) of characters: common words
	// are one token, rare ones several.
	KindBytePairs Kind = "bytePairs"
)

// Kinds are all of them.
var Kinds = []Kind{KindWords, KindCharacters, KindNGrams, KindBytePairs}

// Numbers of tokens that every tokenizer has.
const (
	Padding  = 0 // behind the text
	Unknown  = 1 // a token that is not in the vocabulary; a text without any token is one such
	reserved = 2
)

// A Cut says what a text that is too long loses.
type Cut string

const (
	CutEnd   Cut = "end"   // what is behind the first Length tokens
	CutStart Cut = "start" // what is before the last Length tokens
)

// Options are what a tokenizer is trained with. The zero value of a member but Cleaning
// and Hashed stands for what is said behind it.
type Options struct {
	Kind       Kind     `json:"kind"` // KindWords
	Cleaning   Cleaning `json:"cleaning"`
	Vocabulary int      `json:"vocabulary"` // numbers in all, with the reserved two, at most; 20,000
	MinCount   int      `json:"minCount"`   // rarer tokens are unknown; 1 for characters, else 2
	Low        int      `json:"low"`        // KindNGrams: characters of the shortest run; 3
	High       int      `json:"high"`       // KindNGrams: of the longest; 5
	Hashed     bool     `json:"hashed"`     // KindNGrams: numbers by a hash of the run, without a list of runs
	Length     int      `json:"length"`     // tokens of a row; so many that 19 of 20 texts are whole, at most 512
	Cut        Cut      `json:"cut"`        // CutEnd
}

// Bounds of what may be asked for.
const (
	maxVocabulary = 1 << 17
	maxLength     = 1 << 14
	maxRun        = 16 // characters of an n-gram
	usualLength   = 512
)

// complete fills in what is left open, and checks.
func (o *Options) complete() error {
	if o.Kind == "" {
		o.Kind = KindWords
	}
	if o.Cut == "" {
		o.Cut = CutEnd
	}
	if o.Vocabulary == 0 {
		o.Vocabulary = 20_000
	}
	if o.MinCount == 0 {
		o.MinCount = 2
		if o.Kind == KindCharacters {
			o.MinCount = 1
		}
	}
	if o.Kind == KindNGrams && o.Low == 0 && o.High == 0 {
		o.Low, o.High = 3, 5
	}
	runs := o.Kind == KindNGrams
	switch {
	case !slices.Contains(Kinds, o.Kind):
		return tensor.Errorf(tensor.CodeOption, "The kind of token must be one of %v, got %q.", Kinds, o.Kind)
	case o.Cut != CutEnd && o.Cut != CutStart:
		return tensor.Errorf(tensor.CodeOption, "What is cut off must be %q or %q, got %q.", CutEnd, CutStart, o.Cut)
	case o.Vocabulary <= reserved || o.Vocabulary > maxVocabulary:
		return tensor.Errorf(tensor.CodeOption, "The vocabulary must have %d to %d tokens, got %d.", reserved+1, maxVocabulary, o.Vocabulary)
	case o.MinCount < 1:
		return tensor.Errorf(tensor.CodeOption, "The smallest count must be 1 or more, got %d.", o.MinCount)
	case o.Length < 0 || o.Length > maxLength:
		return tensor.Errorf(tensor.CodeOption, "The length must be 1 to %d tokens, or 0 to choose one, got %d.", maxLength, o.Length)
	case runs && (o.Low < 1 || o.High < o.Low || o.High > maxRun):
		return tensor.Errorf(tensor.CodeOption, "Runs must have 1 to %d characters, the longest no fewer than the shortest, got %d to %d.", maxRun, o.Low, o.High)
	case !runs && (o.Low != 0 || o.High != 0 || o.Hashed):
		return tensor.Errorf(tensor.CodeOption, "Low, high and hashed belong to tokens of kind %q, got them for %q.", KindNGrams, o.Kind)
	}
	return nil
}
