package text

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Tokenizer turns a text into numbers. Train makes it, or ReadJSON; it marshals to
// JSON by its members. It may be used by several goroutines at once.
//
// Numbers are Padding, Unknown, and from 2 on Words in their order; or, with Buckets,
// 2 + FNV-1a(token's bytes) mod Buckets (32 bits; Fowler, Noll and Vo, 1991).
type Tokenizer struct {
	Format   int      `json:"format"` // 1
	Kind     Kind     `json:"kind"`
	Cleaning Cleaning `json:"cleaning"`
	Length   int      `json:"length"` // tokens of a row
	Cut      Cut      `json:"cut"`
	Low      int      `json:"low,omitzero"`     // KindNGrams
	High     int      `json:"high,omitzero"`    // KindNGrams
	Buckets  int      `json:"buckets,omitzero"` // KindNGrams, in place of Words
	Words    []string `json:"words"`            // the vocabulary: the commonest first; of byte pairs the characters, then what each of Merges gives
	Merges   []int    `json:"merges,omitzero"`  // KindBytePairs, two by two: places in Words of what is joined, in this order

	index map[string]int32 // place in Words
	joins map[pair]join
}

// Size returns how many numbers there are: what an Embedding needs as inputDim.
func (t *Tokenizer) Size() int { return reserved + len(t.Words) + t.Buckets }

// A Token is a part of a cleaned text and its number.
type Token struct {
	Text string `json:"text"`
	ID   int    `json:"id"`
}

// Tokens returns the parts of a text in their order, all of them: those of runs overlap.
func (t *Tokenizer) Tokens(text string) []Token {
	list := []Token{}
	t.each(t.Cleaning.Clean(text), func(token string, id int32) bool {
		list = append(list, Token{token, int(id)})
		return true
	})
	return list
}

// Encode writes a text as a row of the network's input: its numbers, then Padding up to
// Length. A longer text is cut as Cut says; one without any token is one Unknown. It
// fails with code "shape" where dst has not Length numbers.
func (t *Tokenizer) Encode(dst []float32, text string) error {
	if len(dst) != t.Length {
		return tensor.Errorf(tensor.CodeShape, "A text becomes %d numbers, got room for %d.", t.Length, len(dst))
	}
	n := 0 // tokens so far; with CutStart dst is a ring
	t.each(t.Cleaning.Clean(text), func(_ string, id int32) bool {
		dst[n%len(dst)] = float32(id)
		n++
		return n < len(dst) || t.Cut == CutStart
	})
	if n > len(dst) {
		rotate(dst, n%len(dst))
	}
	if n == 0 {
		dst[0] = Unknown
		n = 1
	}
	clear(dst[min(n, len(dst)):])
	return nil
}

// rotate brings dst[k:] before dst[:k].
func rotate(dst []float32, k int) {
	reverse := func(s []float32) {
		for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
			s[i], s[j] = s[j], s[i]
		}
	}
	reverse(dst[:k])
	reverse(dst[k:])
	reverse(dst)
}

// Decode returns the text of numbers as far as it can be known; Padding has none, and
// Unknown, and what is no number of a token, is U+FFFD. Characters and byte pairs give
// back the cleaned text; words are put together with spaces where languages have them;
// runs stand one behind the other, hashed ones by their number.
func (t *Tokenizer) Decode(ids []float32) string {
	var b strings.Builder
	before := classSpace
	for _, v := range ids {
		if v == Padding {
			continue
		}
		word, known := t.word(v)
		switch t.Kind {
		case KindNGrams:
			if !known && v >= reserved && v < float32(t.Size()) {
				word = "#" + strconv.Itoa(int(v))
			}
			word = "[" + word + "]"
		case KindWords:
			k := classWord
			if r, _ := utf8.DecodeRuneInString(word); known {
				k = classOf(r)
			}
			if k == classWord && before != classLone && b.Len() > 0 {
				b.WriteByte(' ')
			}
			before = k
		}
		b.WriteString(word)
	}
	return b.String()
}

// word returns the token of a number.
func (t *Tokenizer) word(v float32) (string, bool) {
	if v >= reserved && v < float32(reserved+len(t.Words)) {
		return t.Words[int(v)-reserved], true
	}
	return "\uFFFD", false
}

// each visits the tokens of a cleaned text until visit returns false.
func (t *Tokenizer) each(text string, visit func(token string, id int32) bool) {
	look := func(token string) bool { return visit(token, t.id(token)) }
	switch t.Kind {
	case KindWords:
		words(text, look)
	case KindCharacters:
		characters(text, look)
	case KindNGrams:
		ngrams(text, t.Low, t.High, look)
	case KindBytePairs:
		var line []piece
		segments(text, func(segment string) bool {
			line = t.join(line[:0], segment)
			for _, p := range line {
				id := int32(Unknown)
				if p.place >= 0 {
					id = p.place + reserved
				}
				if !visit(segment[p.from:p.to], id) {
					return false
				}
			}
			return true
		})
	}
}

// id looks a token up.
func (t *Tokenizer) id(token string) int32 {
	if t.Buckets > 0 {
		return reserved + int32(hash(token)%uint32(t.Buckets))
	}
	if place, known := t.index[token]; known {
		return place + reserved
	}
	return Unknown
}

// hash is FNV-1a of 32 bits.
func hash(token string) uint32 {
	h := uint32(2166136261)
	for i := range len(token) {
		h = (h ^ uint32(token[i])) * 16777619
	}
	return h
}
