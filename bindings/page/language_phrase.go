package page

import (
	"strings"
	"unicode/utf8"
)

// A phrase is an entry with places, such as "{n} rows of {x}". What may fill a place, its
// name's first letter says:
//
//	{n}  a number, with its sign and unit; it stays
//	{x}  what is the user's own, such as a name; it stays
//	{l}  a list of such, as listing writes it; its "and" is translated
//	{t}  a text of ours, which an entry of its own translates
//	{e}  a message of the engine's: translated where an entry knows it
//
// More of a kind are told apart by what follows: {n2}, {x2}. The other language has the
// same places, in its own order.
type phrase struct {
	want, give []slot
	weight     int // letters that the phrase itself has: of two that fit, more is closer
}

// A slot is a place with the text that stands before it; the last one is text alone.
type slot struct{ before, name string }

func newPhrase(from, to string) *phrase {
	p := &phrase{want: slots(from), give: slots(to)}
	for _, s := range p.want {
		p.weight += len(s.before)
	}
	return p
}

func slots(text string) []slot {
	var out []slot
	for {
		before, rest, ok := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed || name == "" {
			return append(out, slot{before: text})
		}
		out = append(out, slot{before, name})
		text = after
	}
}

// closer orders phrases, the most literal first; equal ones by their texts, so that the
// order of a map decides nothing.
func closer(a, b *phrase) int {
	if a.weight != b.weight {
		return b.weight - a.weight
	}
	return strings.Compare(a.want[0].before+a.want[1].before, b.want[0].before+b.want[1].before)
}

// say translates text, if it is the phrase.
func (p *phrase) say(l *language, text string) (string, bool) {
	last := p.want[len(p.want)-1].before
	if !strings.HasPrefix(text, p.want[0].before) || !strings.HasSuffix(text, last) {
		return "", false
	}
	fill := make(map[string]string, len(p.want)-1)
	if !p.match(l, 0, text[len(p.want[0].before):], fill) {
		return "", false
	}
	var b strings.Builder
	for _, s := range p.give {
		b.WriteString(s.before)
		b.WriteString(fill[s.name])
	}
	return b.String(), true
}

// match fills the places from the i-th on with what is left of the text: each with as
// little as will do.
func (p *phrase) match(l *language, i int, left string, fill map[string]string) bool {
	name, until := p.want[i].name, p.want[i+1].before
	final := i+2 == len(p.want)
	for at := 0; at <= len(left); {
		var end int
		switch {
		case final:
			end = len(left) - len(until)
			if end < at || left[end:] != until {
				return false
			}
		case until == "":
			return false // two places side by side could be parted anywhere
		default:
			k := strings.Index(left[at:], until)
			if k < 0 {
				return false
			}
			end = at + k
		}
		if got, ok := l.fills(name[0], left[:end]); ok && (final || p.match(l, i+1, left[end+len(until):], fill)) {
			fill[name] = got
			return true
		}
		if final {
			return false
		}
		at = end + 1
	}
	return false
}

// fills tells whether a text can fill a place of that kind, and as what.
func (l *language) fills(kind byte, text string) (string, bool) {
	if text == "" || text[0] == ' ' || text[len(text)-1] == ' ' {
		return "", false
	}
	switch kind {
	case 'n':
		return text, isNumber(text)
	case 'l':
		return l.list(text), true
	case 't':
		return l.say(text)
	case 'e':
		to, _ := l.say(text)
		return to, true
	}
	return text, true
}

// isNumber tells whether a text is a number as this page writes it, a date included.
func isNumber(text string) bool {
	digits := false
	for i, r := range text {
		switch {
		case r >= '0' && r <= '9' || r == '∞':
			digits = true
		case r == '\u00a0' && digits:
			return utf8.RuneCountInString(text[i:]) <= 4 // a unit: %, kB
		case r == '–' && len(text) == len("–"):
			return true
		case strings.ContainsRune(".,-+−×e/:±\u202f", r):
		default:
			return false
		}
	}
	return digits
}

// list translates what listing has joined. Names may hold an "and" themselves; then the
// last one is the likeliest to be ours.
func (l *language) list(text string) string {
	and, ok := l.exact[" and "]
	at := strings.LastIndex(text, " and ")
	if !ok || at < 0 {
		return text
	}
	head, tail := text[:at], text[at+len(" and "):]
	if others, ok := l.say(tail); ok {
		tail = others
	}
	return strings.ReplaceAll(head, ", ", l.exact[", "]) + and + tail
}
