package data

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// profileColumn describes a column as c.kind, with its notices.
func (t *Table) profileColumn(c *column, work *scratch) error {
	f := &c.facts
	inferred := f.infer(c.name)
	c.profile = ColumnProfile{Name: c.name, Kind: c.kind, Inferred: inferred, Role: RoleFeature, Bins: []Bin{}, Samples: []string{}}
	c.notices = nil
	p := &c.profile
	var err error
	if c.kind == KindNumber || c.kind == KindDate {
		err = t.profileValues(c, work)
	} else {
		err = t.profileWords(c, work)
	}
	if err != nil {
		return err
	}
	p.Empty = p.Missing == t.store.rows
	p.Constant = !p.Empty && p.Distinct == 1
	p.Samples = t.samples(c)
	t.noteMissing(c)
	t.reason(c)
	return nil
}

// parseValue reads a cell of a column of numbers or dates.
func (t *Table) parseValue(c *column, cell []byte) (float64, bool) {
	if c.kind == KindDate {
		return parseDate(cell, c.facts.order)
	}
	return parseNumber(cell, t.profile.Dialect.DecimalComma)
}

// profileValues describes numbers or dates. Mean and deviation are summed in row
// order, in two passes.
func (t *Table) profileValues(c *column, work *scratch) error {
	p := &c.profile
	work.kept = work.kept[:0]
	numbers, known := work.values, work.of == c && c.kind == KindNumber
	if c.numbers != nil && c.kind == KindNumber {
		numbers, known = c.numbers, true
	}
	var unique distinct
	p.Integer = c.kind == KindNumber
	p.Min, p.Max = math.Inf(1), math.Inf(-1)
	sum := 0.0
	for row := range t.store.rows {
		if row%tellEvery == 0 {
			if err := work.tell(row); err != nil {
				return err
			}
		}
		v := numbers[row]
		if !known || math.IsNaN(v) {
			v = t.valueOrNote(c, row)
		}
		if math.IsNaN(v) {
			p.Missing++
			continue
		}
		work.kept = append(work.kept, v)
		sum += v
		if !(v > p.Min && v < p.Max) {
			p.Min, p.Max = min(p.Min, v), max(p.Max, v)
		}
		p.Integer = p.Integer && v == math.Trunc(v)
		if !known || c.facts.numbers < c.facts.values() {
			unique.add(math.Float64bits(v + 0))
		}
	}
	if known && c.facts.numbers == c.facts.values() {
		unique = c.facts.unique
	}
	p.Distinct, p.Many = unique.count, unique.full
	if c.kind == KindDate {
		p.DateOrder = c.facts.order
	}
	n := len(work.kept)
	if n == 0 {
		p.Integer, p.Min, p.Max = false, 0, 0
		return nil
	}
	p.Mean = sum / float64(n)
	squares := 0.0
	for _, v := range work.kept {
		d := v - p.Mean
		squares += float64(d * d)
	}
	p.Std = math.Sqrt(squares / float64(n))
	p.Bins = histogram(work.kept, p)
	p.Median = median(work.kept, p.Min, p.Max)
	p.tame()
	return nil
}

// valueOrNote reads a cell; NaN where it has no value, with a notice where it should.
func (t *Table) valueOrNote(c *column, row int) float64 {
	cell := t.cell(row, c.index)
	if isMissing(cell) {
		return math.NaN()
	}
	v, ok := t.parseValue(c, cell)
	if !ok {
		t.noteOdd(c, row, cell)
		return math.NaN()
	}
	return v
}

// tame replaces what overflowed (values near 1e308) by 0: JSON has no infinities.
func (p *ColumnProfile) tame() {
	for _, v := range []*float64{&p.Mean, &p.Std, &p.Median} {
		if math.IsNaN(*v) || math.IsInf(*v, 0) {
			*v = 0
		}
	}
}

// A wordCount is one category and how often it occurs.
type wordCount struct {
	word  string
	count int
}

// sortWords orders by frequency, then by name.
func sortWords(counts map[string]int) []wordCount {
	list := make([]wordCount, 0, len(counts))
	for w, n := range counts {
		list = append(list, wordCount{w, n})
	}
	sort.Slice(list, func(i, j int) bool { return compareWords(list[i], list[j]) < 0 })
	return list
}

func compareWords(a, b wordCount) int {
	return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(a.word, b.word))
}

// profileWords describes categories, booleans, text and ids.
func (t *Table) profileWords(c *column, work *scratch) error {
	p := &c.profile
	d, rest, err := t.wordsOf(c, work)
	if err != nil {
		return err
	}
	words := make([]wordCount, len(d.words))
	counted := rest
	for k, w := range d.words {
		words[k] = wordCount{w, d.counts[k]}
		counted += d.counts[k]
	}
	p.Missing = t.store.rows - counted
	p.Distinct = len(words)
	if rest > 0 {
		p.Distinct, p.Many = max(len(words), c.facts.unique.count), c.facts.unique.full
	}
	sort.Slice(words, func(i, j int) bool { return compareWords(words[i], words[j]) < 0 })
	p.Bins = make([]Bin, 0, min(len(words), MaxBins))
	for i, w := range words {
		if i == MaxBins-1 && len(words) > MaxBins || i >= MaxBins {
			rest += w.count
			continue
		}
		p.Bins = append(p.Bins, Bin{Label: shorten(w.word, 60), Count: w.count})
	}
	if rest > 0 {
		p.Bins = append(p.Bins, Bin{Label: "…", Count: rest})
	}
	return nil
}

// wordsOf returns all words of a column, and how many cells hold one without a place.
func (t *Table) wordsOf(c *column, work *scratch) (d *dictionary, rest int, err error) {
	if c.words != nil {
		return c.words, 0, work.tell(0)
	}
	d = work.words
	if f := &c.facts; work.of != c || f.numbers > 0 || f.infinite > 0 || len(d.words) == maxWords {
		if d, rest, err = t.readWords(c, work); err != nil {
			return nil, 0, err
		}
	}
	if rest == 0 && t.keep(d.bytes()) {
		c.words, work.words = d, nil
	}
	return d, rest, nil
}

// readWords reads a column as words, numbers too.
func (t *Table) readWords(c *column, work *scratch) (d *dictionary, rest int, err error) {
	work.of = nil
	work.words = newDictionary(work.words, t.store.rows)
	d = work.words
	cells := t.scan(c.index)
	for row := range t.store.rows {
		if row%tellEvery == 0 {
			if err := work.tell(row); err != nil {
				return nil, 0, err
			}
		}
		cell := cells.next()
		if isMissing(cell) {
			d.code[row] = noWord
			continue
		}
		hash := hashBytes(cell)
		k := d.find(cell, hash)
		if k >= 0 {
			d.counts[k]++
		} else if k = d.add(cell, hash); k < 0 {
			k = noPlace
			rest++
		}
		d.code[row] = int32(k)
	}
	return d, rest, nil
}

// samples returns the first different values of a column.
func (t *Table) samples(c *column) []string {
	list := []string{}
	for row := 0; row < min(t.store.rows, 1000) && len(list) < 5; row++ {
		cell := t.cell(row, c.index)
		if isMissing(cell) {
			continue
		}
		if s := shorten(string(cell), 60); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// noteOdd takes down the first cell that does not fit numbers or dates.
func (t *Table) noteOdd(c *column, row int, cell []byte) {
	code := NoticeNotANumber
	if isInfinity(cell) {
		code = NoticeInfinity
	}
	for i := range c.notices {
		if c.notices[i].Code == code {
			return
		}
	}
	what := "is not a " + string(c.kind)
	if code == NoticeInfinity {
		what = "is not a number that can be computed with"
	}
	c.note(code, t.Line(row), "In column %s, %s on line %d %s; such cells count as missing.", quoted(c.name), quoted(string(cell)), t.Line(row), what)
}

func (c *column) note(code string, line int, format string, args ...any) {
	c.notices = append(c.notices, Notice{Code: code, Column: c.name, Line: line, Message: fmt.Sprintf(format, args...)})
}
