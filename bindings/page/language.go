package page

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/json"
)

// A language says in other words what the views say in English. English stays in the
// program, where it can be read, and is the key; the words of another language are one
// table, site/words.zh.json. Texts that are made of several are found as a whole, as a
// phrase with places that are filled (see phrase), or sentence by sentence. What no entry
// knows stays as it is.
//
// A nil language is English and changes nothing.
type language struct {
	exact map[string]string
	after map[string][]*phrase // by the first word
	loose []*phrase            // those that begin with a place or a sign
	known map[string]said      // what was asked before, the same texts being drawn again and again
	inner map[inner]said       // the same for texts within the one that is asked for now
	depth int                  // of phrases within phrases, just now

	missing func(text string) // is told what no entry knows; nil but in tests
}

// inner is a text that fills a place, and how deep.
type inner struct {
	text  string
	depth int
}

// said is an answer: the words, and whether all of them are of the language.
type said struct {
	text string
	all  bool
}

const (
	mostKnown  = 4096 // answers that are remembered; then it begins anew
	mostDepth  = 6    // of phrases within phrases
	mostPieces = 24   // sentences in one text; a longer one is a user's
	mostLength = 4000 // bytes of a text, likewise
)

// readLanguage makes a language of a table: entries, from English, in named groups.
func readLanguage(table []byte) (*language, error) {
	var groups map[string]map[string]string
	if err := json.Unmarshal(table, &groups); err != nil {
		return nil, fmt.Errorf("the table of words cannot be read: %w", err)
	}
	l := &language{exact: map[string]string{}, after: map[string][]*phrase{}, known: map[string]said{}, inner: map[inner]said{}}
	for _, group := range groups {
		for from, to := range group {
			if !strings.Contains(from, "{") {
				l.exact[from] = to
				continue
			}
			p := newPhrase(from, to)
			if word := firstWord(p.want[0].before); word != "" {
				l.after[word] = append(l.after[word], p)
			} else {
				l.loose = append(l.loose, p)
			}
		}
	}
	for _, list := range l.after {
		slices.SortFunc(list, closer)
	}
	slices.SortFunc(l.loose, closer)
	return l, nil
}

// say translates a text without what stands around it; it tells whether all of it is known.
func (l *language) say(text string) (string, bool) {
	if to, ok := l.exact[text]; ok {
		return to, true
	}
	if !speaks(text) || isNumber(text) {
		return text, true
	}
	if len(text) > mostLength {
		return text, false
	}
	if s, ok := l.known[text]; ok {
		return s.text, s.all
	}
	if s, ok := l.inner[inner{text, l.depth}]; ok && l.depth > 0 {
		return s.text, s.all
	}
	out, all := l.whole(text)
	if !all {
		out, all = l.piecewise(text)
	}
	if l.depth > 0 { // a phrase may have been refused for its depth, so this holds only there
		l.inner[inner{text, l.depth}] = said{out, all}
		return out, all
	}
	clear(l.inner)
	if len(l.known) >= mostKnown {
		clear(l.known)
	}
	l.known[text] = said{out, all}
	return out, all
}

// whole looks for one entry that is all of the text.
func (l *language) whole(text string) (string, bool) {
	if to, ok := l.exact[text]; ok {
		return to, true
	}
	if l.depth >= mostDepth {
		return text, false
	}
	l.depth++
	defer func() { l.depth-- }()
	for _, list := range [][]*phrase{l.after[firstWord(text)], l.loose} {
		for _, p := range list {
			if to, ok := p.say(l, text); ok {
				return to, true
			}
		}
	}
	if len(text) > 1 && text[0] < 'a' && letter(text[0]) && text[1] >= 'a' { // it may begin a sentence
		if to, ok := l.whole(string(text[0]|0x20) + text[1:]); ok {
			return to, true
		}
	}
	return text, false
}

// piecewise looks for entries that are one sentence or several, longest first.
func (l *language) piecewise(text string) (string, bool) {
	cuts := sentences(text)
	if len(cuts) <= 2 || len(cuts) > mostPieces {
		return text, false
	}
	var b strings.Builder
	all := true
	for i := 0; i < len(cuts)-1; {
		next, words, ok := i+1, "", false
		for j := len(cuts) - 1; j > i && !ok; j-- {
			if i == 0 && j == len(cuts)-1 {
				continue // that is the whole
			}
			next = j
			words, ok = l.whole(strings.TrimSpace(text[cuts[i]:cuts[j]]))
			if !ok && j == i+1 && !speaks(words) {
				ok = true
			}
		}
		all = all && ok
		if b.Len() > 0 && !endsWide(b.String()) {
			b.WriteByte(' ')
		}
		b.WriteString(words)
		i = next
	}
	return b.String(), all
}

// sentences are the places where one ends and another begins, with both ends of the text.
func sentences(text string) []int {
	cuts := []int{0}
	for i := 1; i < len(text); i++ {
		if text[i] != ' ' {
			continue
		}
		before := strings.TrimRight(text[cuts[len(cuts)-1]:i], ")”’")
		if strings.HasSuffix(before, "…") || before != "" && strings.IndexByte(".!?:;,", before[len(before)-1]) >= 0 || strings.HasSuffix(before, "·") || strings.HasPrefix(text[i:], " ·") || strings.HasPrefix(text[i:], " (") {
			cuts = append(cuts, i+1)
		}
	}
	return append(cuts, len(text))
}

// firstWord is the word that a text begins with, "" if it begins with none.
func firstWord(text string) string {
	for i := range len(text) {
		if !letter(text[i]) {
			return text[:i]
		}
	}
	return ""
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// speaks tells whether there is a word in a text: two letters side by side.
func speaks(text string) bool {
	for i := 1; i < len(text); i++ {
		if letter(text[i]) && letter(text[i-1]) {
			return true
		}
	}
	return false
}
