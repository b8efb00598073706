package text

import (
	"slices"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Read returns the tokenizer of a pipeline. It fails with code "unsupported" for
// pipelines of other data, "format" for one that is damaged.
func Read(p *data.Pipeline) (*Tokenizer, error) {
	if p == nil || p.Medium == nil || p.Medium.Kind != data.MediumText {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "This model does not take texts.")
	}
	t := new(Tokenizer)
	if err := t.ReadJSON(p.Medium.Config); err != nil {
		return nil, err
	}
	if !slices.Equal(p.Medium.Shape, []int{t.Length}) {
		return nil, damaged("is of %d tokens for rows of shape %s", t.Length, tensor.Format(p.Medium.Shape))
	}
	return t, nil
}

// ReadJSON reads a tokenizer and checks all of it. Unknown members are ignored.
func (t *Tokenizer) ReadJSON(b []byte) error {
	type plain Tokenizer // without this method
	var read plain
	if err := json.Unmarshal(b, &read); err != nil {
		return damaged("is not the JSON of one (%v)", err)
	}
	next := Tokenizer(read)
	if err := next.link(); err != nil {
		return err
	}
	*t = next
	return nil
}

// UnmarshalJSON is ReadJSON for encoding/json.
func (t *Tokenizer) UnmarshalJSON(b []byte) error { return t.ReadJSON(b) }

func damaged(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeFormat, "The model's tokenizer "+format+". The file is damaged or from another program.", args...)
}

// maxToken bounds the bytes of a token: as many as a segment's or a run's characters
// can have. A word that is longer is unknown.
const maxToken = 4 * (maxSegment + 2)

// link checks a tokenizer and prepares what Encode looks up.
func (t *Tokenizer) link() error {
	runs := t.Kind == KindNGrams
	switch {
	case t.Format != 1:
		return damaged("has format %d, this program reads format 1", t.Format)
	case !slices.Contains(Kinds, t.Kind):
		return damaged("is of kind %q, which this program does not know; it knows %v", t.Kind, Kinds)
	case t.Length < 1 || t.Length > maxLength:
		return damaged("makes %d tokens, want 1 to %d", t.Length, maxLength)
	case t.Cut != CutEnd && t.Cut != CutStart:
		return damaged("cuts off the %q, want %q or %q", t.Cut, CutEnd, CutStart)
	case runs && (t.Low < 1 || t.High < t.Low || t.High > maxRun), !runs && (t.Low != 0 || t.High != 0 || t.Buckets != 0):
		return damaged("has runs of %d to %d characters in %d buckets for kind %q", t.Low, t.High, t.Buckets, t.Kind)
	case t.Buckets < 0 || t.Buckets > 0 && len(t.Words) > 0 || t.Buckets > maxVocabulary-reserved || len(t.Words) > maxVocabulary-reserved:
		return damaged("has %d words and %d buckets, want one of them, and at most %d", len(t.Words), t.Buckets, maxVocabulary-reserved)
	case t.Kind != KindBytePairs && len(t.Merges) > 0 || len(t.Merges)%2 != 0:
		return damaged("has %d places of pairs to join for kind %q", len(t.Merges), t.Kind)
	}
	t.index = make(map[string]int32, len(t.Words))
	for i, w := range t.Words {
		if _, double := t.index[w]; double || w == "" || len(w) > maxToken || !utf8.ValidString(w) {
			return damaged("has an empty, double or endless word at place %d", i)
		}
		t.index[w] = int32(i)
	}
	return t.linkMerges()
}

// linkMerges checks that each join of two tokens gives the next one.
func (t *Tokenizer) linkMerges() error {
	t.joins = make(map[pair]join, len(t.Merges)/2)
	base := len(t.Words) - len(t.Merges)/2
	if base < 0 {
		return damaged("joins %d pairs for %d words", len(t.Merges)/2, len(t.Words))
	}
	for i := range len(t.Merges) / 2 {
		left, right, to := t.Merges[2*i], t.Merges[2*i+1], base+i
		if left < 0 || right < 0 || left >= to || right >= to || t.Words[left]+t.Words[right] != t.Words[to] {
			return damaged("joins places %d and %d to %q, which does not follow", left, right, t.Words[to])
		}
		t.joins[pair{int32(left), int32(right)}] = join{int32(i), int32(to)}
	}
	return nil
}
