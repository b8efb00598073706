package text

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/data"
)

// A Profile describes a Set as it was decided about.
type Profile struct {
	Name        string        `json:"name"`
	From        string        `json:"from"` // "table"; or how files became classes: "folders", "lines" (a line a text), "names"
	Records     int           `json:"records"`
	Used        int           `json:"used"`
	Classes     []Class       `json:"classes"` // of what is used, the commonest first
	Labels      []Class       `json:"labels"`  // as they came, of all records with a text, the commonest first; at most maxLabels
	NoText      int           `json:"noText"`
	NoLabel     int           `json:"noLabel"`
	Copies      int           `json:"copies"` // left out
	Kept        int           `json:"kept"`   // copies that are used
	Removed     int           `json:"removed"`
	Clashes     int           `json:"clashes"` // texts that are used and stand in two classes
	Changed     Effects       `json:"changed"` // texts that each rule changes, or would change
	Altered     int           `json:"altered"` // texts that the chosen rules change
	Typical     int           `json:"typical"` // characters of the middle text
	Longest     int           `json:"longest"`
	Columns     []Column      `json:"columns,omitzero"`
	Dialect     *data.Dialect `json:"dialect,omitzero"`
	Notices     []data.Notice `json:"notices,omitzero"` // about the file
	Fingerprint string        `json:"fingerprint"`
	Bytes       int64         `json:"bytes"` // of memory

	lengths []int
	classes map[string]int
	labels  map[string]int
}

// A Class is a label and how many texts have it.
type Class struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// maxLabels is how many labels a Profile lists.
const maxLabels = 300

// count takes a record into account.
func (p *Profile) count(s *Set, i int) {
	if p.classes == nil {
		p.classes, p.labels = map[string]int{}, map[string]int{}
	}
	p.Records++
	switch s.state[i] {
	case StateNoText:
		p.NoText++
	case StateNoLabel:
		p.NoLabel++
	case StateCopy:
		p.Copies++
	case StateRemoved:
		p.Removed++
	default:
		p.Used++
		p.classes[s.labels[i]]++
		p.lengths = append(p.lengths, utf8.RuneCountInString(s.texts[i]))
		if s.same[i] >= 0 && !s.clash[i] {
			p.Kept++
		}
	}
	if s.state[i] != StateNoText {
		p.labels[strings.TrimSpace(s.origin[i])]++
	}
	e := EffectsOf(s.texts[i])
	altered := e.Broken+e.Control > 0
	for _, rule := range []struct {
		from int
		to   *int
		on   bool
	}{{e.Broken, &p.Changed.Broken, true}, {e.Control, &p.Changed.Control, true}, {e.Width, &p.Changed.Width, s.choice.Cleaning.Width},
		{e.Lower, &p.Changed.Lower, s.choice.Cleaning.Lower}, {e.Digits, &p.Changed.Digits, s.choice.Cleaning.Digits}, {e.Spaces, &p.Changed.Spaces, s.choice.Cleaning.Spaces}} {
		if rule.from > 0 {
			*rule.to++
			altered = altered || rule.on
		}
	}
	if altered {
		p.Altered++
	}
}

// finish describes the whole.
func (p *Profile) finish(s *Set) {
	p.Name, p.From, p.Columns, p.Fingerprint = s.name, s.kind, s.columns, s.print
	if s.table != nil {
		t := s.table.Profile()
		p.From, p.Dialect = "table", &t.Dialect
		for _, n := range t.Notices {
			if n.Column == "" {
				p.Notices = append(p.Notices, n)
			}
		}
	}
	for i, clash := range s.clash {
		if clash && s.state[i] == StateUsed {
			p.Clashes++
		}
	}
	p.Classes, p.Labels = ranked(p.classes), ranked(p.labels)
	if slices.Sort(p.lengths); len(p.lengths) > 0 {
		p.Typical, p.Longest = p.lengths[len(p.lengths)/2], p.lengths[len(p.lengths)-1]
	}
	p.classes, p.labels, p.lengths = nil, nil, nil
	p.Bytes = s.Bytes()
}

// ranked lists counts, the largest first, those of one count by their bytes.
func ranked(counts map[string]int) []Class {
	list := make([]Class, 0, len(counts))
	for name, n := range counts {
		if name != "" {
			list = append(list, Class{name, n})
		}
	}
	slices.SortFunc(list, func(a, b Class) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Name, b.Name)) })
	return list[:min(len(list), maxLabels)]
}

// A Record is a text as it is shown.
type Record struct {
	Number  int     `json:"number"`
	Where   string  `json:"where"` // the line of the table, or the file
	Text    string  `json:"text"`  // as it came, shortened
	Clean   string  `json:"clean"` // as the tokenizer sees it, shortened
	Label   string  `json:"label"`
	State   State   `json:"state,omitzero"`
	Same    int     `json:"same"` // the first record with the same clean text, -1 for none before
	Clash   bool    `json:"clash,omitzero"`
	Effects Effects `json:"effects"`
	Cut     bool    `json:"cut,omitzero"` // it was shortened
}

// shownCharacters is how much of a text a Record shows.
const shownCharacters = 1200

// Record returns a record.
func (s *Set) Record(n int) Record {
	text, clean := s.texts[n], s.choice.Cleaning.Clean(s.texts[n])
	r := Record{Number: n, Label: s.labels[n], State: s.state[n], Same: int(s.same[n]), Clash: s.clash[n], Effects: EffectsOf(text)}
	if s.table != nil {
		r.Where = strconv.Itoa(s.table.Line(n))
	} else {
		r.Where = s.where[n]
	}
	var cutText, cutClean bool
	r.Text, cutText = shortened(text)
	r.Clean, cutClean = shortened(clean)
	r.Cut = cutText || cutClean
	return r
}

func shortened(text string) (string, bool) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	count := 0
	for i := range text {
		if count++; count > shownCharacters {
			return text[:i], true
		}
	}
	return text, false
}

// A Show says which records a list shows.
type Show string

const (
	ShowAll     Show = ""
	ShowUsed    Show = "used"
	ShowChanged Show = "changed" // by the chosen rules
	ShowLeft    Show = "left"    // left out, for whatever reason
	ShowCopies  Show = "copies"
	ShowClashes Show = "clashes"
)

// Find returns numbers of records, from the one at place from on, at most so many, and how
// many there are in all. A class of "" is any.
func (s *Set) Find(show Show, class string, from, most int) (list []int, total int) {
	for i := range s.texts {
		if class != "" && s.labels[i] != class || !s.shows(show, i) {
			continue
		}
		if total >= from && len(list) < most {
			list = append(list, i)
		}
		total++
	}
	return list, total
}

func (s *Set) shows(show Show, i int) bool {
	switch show {
	case ShowUsed:
		return s.state[i] == StateUsed
	case ShowChanged:
		return s.choice.Cleaning.Clean(s.texts[i]) != s.texts[i]
	case ShowLeft:
		return s.state[i] != StateUsed
	case ShowCopies:
		return s.same[i] >= 0 && !s.clash[i]
	case ShowClashes:
		return s.clash[i]
	}
	return true
}
