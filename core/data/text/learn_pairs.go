package text

import (
	"container/heap"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// maxSegments bounds the different segments that byte pairs are learned from: the
// commonest ones.
const maxSegments = 1 << 18

// A learner learns which pairs to join. It knows all pairs of all segments, their
// counts, and in which segments they are, so that a join looks at these alone.
type learner struct {
	words []string
	lines [][]int32 // of each segment, places in words; -1 for what is none
	times []int     // how often each segment came
	pairs map[pair]*pairCount
	queue pairQueue
}

type pairCount struct {
	count int
	lines []int32 // segments that have the pair, or had it; some more than once
}

// learnPairs learns the characters and the joins. Characters take at most half of the
// vocabulary. The commonest pair is joined first, of several the one whose left part
// comes first by its bytes, then the right one; a pair whose text is a token already is
// passed over, so that there is one way to each token.
func (t *Tokenizer) learnPairs(texts []string, o Options, tell func() error) error {
	found, letters := newCounter(maxSegments), newCounter(maxCounted)
	for _, text := range texts {
		segments(t.Cleaning.Clean(text), func(segment string) bool {
			found.add(segment, 1)
			return true
		})
		if err := tell(); err != nil {
			return err
		}
	}
	list := found.commonest(1, maxSegments)
	for _, s := range list {
		characters(s.text, func(c string) bool {
			letters.add(c, s.count)
			return true
		})
	}
	l := &learner{pairs: make(map[pair]*pairCount)}
	t.index = make(map[string]int32)
	for i, c := range letters.commonest(o.MinCount, max(1, (o.Vocabulary-reserved)/2)) {
		l.words = append(l.words, c.text)
		t.index[c.text] = int32(i)
	}
	if len(l.words) == 0 {
		return tensor.Errorf(tensor.CodeData, "No character comes %d times in the %d texts to learn from. Give more texts, or a smaller count.", o.MinCount, len(texts))
	}
	for i, s := range list {
		l.begin(t, s)
		l.count(int32(i), s.count, 0)
	}
	for p, c := range l.pairs { // the queue's order is one of values: it forgets this one
		l.queue.items = append(l.queue.items, waiting{p, c.count})
	}
	l.queue.words = &l.words
	heap.Init(&l.queue)
	for len(l.words) < o.Vocabulary-reserved {
		p, ok := l.next(max(o.MinCount, 2), t.index)
		if !ok {
			break
		}
		l.join(p)
		t.index[l.words[len(l.words)-1]] = int32(len(l.words) - 1)
		t.Merges = append(t.Merges, int(p.left), int(p.right))
		if err := tell(); err != nil {
			return err
		}
	}
	t.Words = l.words
	return nil
}

// begin takes a segment in as its characters.
func (l *learner) begin(t *Tokenizer, s counted) {
	var line []int32
	for _, p := range t.join(nil, s.text) {
		line = append(line, p.place)
	}
	l.lines, l.times = append(l.lines, line), append(l.times, s.count)
}

// count adds the pairs of a segment, so many times each, and notes the segment for those
// that have a token from fresh on.
func (l *learner) count(line int32, times int, fresh int32) {
	for i, right := range l.lines[line][min(1, len(l.lines[line])):] {
		p := pair{l.lines[line][i], right}
		if p.left < 0 || p.right < 0 {
			continue
		}
		c := l.pairs[p]
		if c == nil {
			c = new(pairCount)
			l.pairs[p] = c
		}
		c.count += times
		if n := len(c.lines); times > 0 && max(p.left, p.right) >= fresh && (n == 0 || c.lines[n-1] != line) {
			c.lines = append(c.lines, line)
		}
	}
}

// next returns the commonest pair that may be joined. A count in the queue that has
// since become smaller goes back with what it is now.
func (l *learner) next(least int, taken map[string]int32) (pair, bool) {
	for l.queue.Len() > 0 {
		w := heap.Pop(&l.queue).(waiting)
		c := l.pairs[w.pair]
		switch _, known := taken[l.words[w.left]+l.words[w.right]]; {
		case c == nil || c.count < least || known || len(l.words[w.left])+len(l.words[w.right]) > maxToken:
			continue
		case c.count == w.count:
			return w.pair, true
		case c.count < w.count:
			heap.Push(&l.queue, waiting{w.pair, c.count})
		}
	}
	return pair{}, false
}

// join makes the pair a new token everywhere.
func (l *learner) join(p pair) {
	to := int32(len(l.words))
	l.words = append(l.words, l.words[p.left]+l.words[p.right])
	where := l.pairs[p].lines
	var fresh []pair // pairs with the new token, and some again
	for _, line := range where {
		s := l.lines[line]
		if !has(s, p) {
			continue
		}
		l.count(line, -l.times[line], to)
		n := 0
		for i := 0; i < len(s); i++ {
			s[n] = s[i]
			if i+1 < len(s) && s[i] == p.left && s[i+1] == p.right {
				s[n] = to
				i++
			}
			n++
		}
		l.lines[line] = s[:n]
		l.count(line, l.times[line], to)
		for i := range n - 1 {
			if s[i] >= 0 && s[i+1] >= 0 && (s[i] == to || s[i+1] == to) {
				fresh = append(fresh, pair{s[i], s[i+1]})
			}
		}
	}
	delete(l.pairs, p)
	pushed := make(map[pair]bool, len(fresh))
	for _, f := range fresh {
		if !pushed[f] {
			pushed[f] = true
			heap.Push(&l.queue, waiting{f, l.pairs[f].count})
		}
	}
}

func has(line []int32, p pair) bool {
	for i := range len(line) - 1 {
		if line[i] == p.left && line[i+1] == p.right {
			return true
		}
	}
	return false
}

// A waiting pair has the count that it had when it was put into the queue.
type waiting struct {
	pair
	count int
}

// A pairQueue gives the commonest pair first, of several the first by its bytes.
type pairQueue struct {
	items []waiting
	words *[]string
}

func (q *pairQueue) Len() int      { return len(q.items) }
func (q *pairQueue) Swap(i, j int) { q.items[i], q.items[j] = q.items[j], q.items[i] }
func (q *pairQueue) Push(x any)    { q.items = append(q.items, x.(waiting)) }
func (q *pairQueue) Pop() any {
	last := len(q.items) - 1
	w := q.items[last]
	q.items = q.items[:last]
	return w
}

func (q *pairQueue) Less(i, j int) bool {
	a, b := q.items[i], q.items[j]
	if a.count != b.count {
		return a.count > b.count
	}
	words := *q.words
	if k := strings.Compare(words[a.left], words[b.left]); k != 0 {
		return k < 0
	}
	return words[a.right] < words[b.right]
}
