package text

import (
	"strings"
	"unicode"
)

// A Piece is a stretch of a cleaned text that people see as one: a token, or of runs of
// characters the word that they are cut from. Gap is what stands before it and is in no
// piece. Its tokens are those from First on, Count of them, in a row of Encode; Count is 0
// where the row has no room for any of them. Known tells whether one of them is in the
// vocabulary.
type Piece struct {
	Text  string `json:"text"`
	Gap   string `json:"gap,omitzero"`
	First int    `json:"first"`
	Count int    `json:"count"`
	Known bool   `json:"known"`
}

// Pieces cuts a text as Encode does and says where each piece went. What is behind the
// last piece is returned too.
func (t *Tokenizer) Pieces(text string) (pieces []Piece, rest string) {
	text = t.Cleaning.Clean(text)
	if t.Kind == KindNGrams {
		pieces, rest = t.chunks(text)
	} else {
		t.each(text, func(token string, id int32) bool {
			at := strings.Index(text, token)
			if at < 0 { // cannot be: tokens are stretches of the text, in their order
				return false
			}
			pieces = append(pieces, Piece{Text: token, Gap: text[:at], First: len(pieces), Count: 1, Known: id != Unknown})
			text = text[at+len(token):]
			return true
		})
		rest = text
	}
	t.place(pieces)
	return pieces, rest
}

// chunks are the stretches between spaces, which runs of characters do not leave.
func (t *Tokenizer) chunks(text string) (pieces []Piece, rest string) {
	first := 0
	for {
		at := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsSpace(r) })
		if at < 0 {
			return pieces, text
		}
		end := at + strings.IndexFunc(text[at:], unicode.IsSpace)
		if end < at {
			end = len(text)
		}
		p := Piece{Text: text[at:end], Gap: text[:at], First: first}
		ngrams(p.Text, t.Low, t.High, func(run string) bool {
			p.Count++
			p.Known = p.Known || t.id(run) != Unknown
			return true
		})
		first += p.Count
		pieces, text = append(pieces, p), text[end:]
	}
}

// place moves tokens to where a row that is too short for all of them has them.
func (t *Tokenizer) place(pieces []Piece) {
	total := 0
	for _, p := range pieces {
		total += p.Count
	}
	lost := 0 // before the row's first token
	if t.Cut == CutStart {
		lost = max(0, total-t.Length)
	}
	for i := range pieces {
		p := &pieces[i]
		from, to := max(p.First-lost, 0), min(p.First+p.Count-lost, t.Length)
		p.First, p.Count = from, max(0, to-from)
		if p.Count == 0 {
			p.First = 0
		}
	}
}
