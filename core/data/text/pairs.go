package text

import "unicode/utf8"

// Byte-pair encoding (Sennrich, Haddow and Birch, 2016, “Neural Machine Translation of
// Rare Words with Subword Units”), of characters. Within the segments of a text the
// characters are the first tokens; training joins again and again the pair of neighbours
// that is commonest, and encoding repeats the joins in the order in which they were
// learned. Where the paper marks the end of a word, the space before it belongs to the
// word here: so the tokens of a text put together are the text.

// A pair is two neighbours: places in Words.
type pair struct{ left, right int32 }

// A join says when a pair is joined, and to what.
type join struct{ rank, to int32 }

// A piece is part of a segment: a token, or a character that is none (place -1).
type piece struct {
	from, to int32 // bytes
	place    int32
}

// join cuts a segment into tokens: it joins the neighbours that were learned first, all
// of them from left to right, until none are left to join.
func (t *Tokenizer) join(line []piece, segment string) []piece {
	for i := 0; i < len(segment); {
		_, n := utf8.DecodeRuneInString(segment[i:])
		place, known := t.index[segment[i:i+n]]
		if !known {
			place = -1
		}
		line = append(line, piece{int32(i), int32(i + n), place})
		i += n
	}
	for {
		best, which := join{rank: -1}, pair{}
		for i := range len(line) - 1 {
			p := pair{line[i].place, line[i+1].place}
			if j, known := t.joins[p]; known && (best.rank < 0 || j.rank < best.rank) {
				best, which = j, p
			}
		}
		if best.rank < 0 {
			return line
		}
		n := 0
		for i := 0; i < len(line); i++ {
			line[n] = line[i]
			if i+1 < len(line) && (pair{line[i].place, line[i+1].place}) == which {
				line[n].to, line[n].place = line[i+1].to, best.to
				i++
			}
			n++
		}
		line = line[:n]
	}
}
