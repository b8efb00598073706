package text

import (
	"cmp"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Train makes a tokenizer from texts: those to learn from, and no others. It fails with
// code "option" for options that make no sense, "data" where no token comes often enough,
// and with the error of progress (nil is allowed), whose units are texts twice over.
func Train(texts []string, o Options, progress data.Progress) (*Tokenizer, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	t := &Tokenizer{Format: 1, Kind: o.Kind, Cleaning: o.Cleaning, Length: max(o.Length, 1), Cut: o.Cut, Low: o.Low, High: o.High, Words: []string{}}
	tell := teller(progress, 2*len(texts))
	var err error
	switch {
	case o.Hashed:
		t.Buckets = o.Vocabulary - reserved
	case o.Kind == KindBytePairs:
		err = t.learnPairs(texts, o, tell)
	default:
		err = t.learnWords(texts, o, tell)
	}
	if err != nil {
		return nil, err
	}
	if err := t.link(); err != nil {
		panic("text: what was trained is not valid: " + err.Error())
	}
	if o.Length == 0 {
		t.Length, err = t.usualLength(texts, tell)
	}
	return t, err
}

// tellEvery is how many texts lie between two calls of a Progress.
const tellEvery = 64

// teller returns what is called after each text.
func teller(progress data.Progress, total int) func() error {
	done := 0
	return func() error {
		if done++; progress == nil || done%tellEvery != 0 {
			return nil
		}
		return progress(int64(min(done, total)), int64(total))
	}
}

// learnWords takes the commonest tokens as vocabulary.
func (t *Tokenizer) learnWords(texts []string, o Options, tell func() error) error {
	c := newCounter(maxCounted)
	for _, text := range texts {
		t.each(t.Cleaning.Clean(text), func(token string, _ int32) bool {
			if len(token) <= maxToken {
				c.add(token, 1)
			}
			return true
		})
		if err := tell(); err != nil {
			return err
		}
	}
	for _, w := range c.commonest(o.MinCount, o.Vocabulary-reserved) {
		t.Words = append(t.Words, w.text)
	}
	if len(t.Words) == 0 {
		return tensor.Errorf(tensor.CodeData, "No token comes %d times in the %d texts to learn from. Give more texts, or a smaller count.", o.MinCount, len(texts))
	}
	return nil
}

// usualLength is the number of tokens that 19 of 20 texts keep within, in steps of 8.
func (t *Tokenizer) usualLength(texts []string, tell func() error) (int, error) {
	counts := make([]int, 0, len(texts))
	for _, text := range texts {
		n := 0
		t.each(t.Cleaning.Clean(text), func(string, int32) bool {
			n++
			return n < usualLength
		})
		counts = append(counts, n)
		if err := tell(); err != nil {
			return 0, err
		}
	}
	if len(counts) == 0 {
		return 8, nil
	}
	slices.Sort(counts)
	return max(8, (counts[(len(counts)-1)*19/20]+7)/8*8), nil
}

// maxCounted bounds how many different tokens are counted at once, and countedBytes is
// about what one takes.
const (
	maxCounted   = 1 << 20
	countedBytes = 96
)

// A counter counts texts. Where there are more different ones than its limit, the rarest
// so far are forgotten (lossy counting; Manku and Motwani, 2002): which these are does
// not depend on the order in which a map gives its entries.
type counter struct {
	count map[string]int
	limit int
	floor int // what comes no more often may have been forgotten
}

func newCounter(limit int) *counter { return &counter{count: make(map[string]int), limit: limit} }

func (c *counter) add(text string, n int) {
	if old, known := c.count[text]; known {
		c.count[text] = old + n
		return
	}
	for len(c.count) >= c.limit {
		c.floor++
		for w, n := range c.count {
			if n <= c.floor {
				delete(c.count, w)
			}
		}
	}
	c.count[strings.Clone(text)] = n // text may be part of a much longer one
}

// A counted is a text and how often it came.
type counted struct {
	text  string
	count int
}

// commonest returns at most so many texts that came least times or more, the commonest
// first, those of one count by their bytes.
func (c *counter) commonest(least, most int) []counted {
	list := make([]counted, 0, len(c.count))
	for w, n := range c.count {
		if n >= least {
			list = append(list, counted{w, n})
		}
	}
	slices.SortFunc(list, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(a.text, b.text))
	})
	return list[:min(len(list), most)]
}
