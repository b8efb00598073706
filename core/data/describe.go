package data

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// profileColumn describes a column as c.kind, and takes its notices down.
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
	work.sorted = work.sorted[:0]
	var unique distinct
	p.Integer = c.kind == KindNumber
	sum := 0.0
	for row := range t.store.rows {
		if row%tellEvery == 0 {
			if err := work.tell(row); err != nil {
				return err
			}
		}
		cell := t.cell(row, c.index)
		v, ok := math.NaN(), false
		if !isMissing(cell) {
			v, ok = t.parseValue(c, cell)
			if !ok {
				t.noteOdd(c, row, cell)
			}
		}
		if !ok {
			p.Missing++
			continue
		}
		work.sorted = append(work.sorted, v)
		sum += v
		unique.add(math.Float64bits(v + 0))
		p.Integer = p.Integer && v == math.Trunc(v)
	}
	p.Distinct, p.Many = unique.count, unique.full
	if c.kind == KindDate {
		p.DateOrder = c.facts.order
	}
	n := len(work.sorted)
	if n == 0 {
		p.Integer = false
		return nil
	}
	p.Mean = sum / float64(n)
	squares := 0.0
	for _, v := range work.sorted {
		d := v - p.Mean
		squares += float64(d * d)
	}
	p.Std = math.Sqrt(squares / float64(n))
	slices.Sort(work.sorted)
	p.Min, p.Max, p.Median = work.sorted[0], work.sorted[n-1], median(work.sorted)
	p.Bins = histogram(work.sorted, p)
	p.tame()
	return nil
}

// median returns the middle of sorted values.
func median(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return sorted[n/2-1] + (sorted[n/2]-sorted[n/2-1])/2
}

// tame replaces what overflowed (values near 1e308) by 0: JSON has no infinities.
func (p *ColumnProfile) tame() {
	for _, v := range []*float64{&p.Mean, &p.Std, &p.Median} {
		if math.IsNaN(*v) || math.IsInf(*v, 0) {
			*v = 0
		}
	}
}

// histogram counts sorted values in bins of equal width: one a value where they are
// few whole numbers.
func histogram(sorted []float64, p *ColumnProfile) []Bin {
	count := MaxBins
	width := (p.Max - p.Min) / float64(count)
	low := p.Min
	if span := p.Max - p.Min; p.Integer && span < MaxBins {
		count, width = int(span)+1, 1
	}
	if math.IsInf(width, 0) || math.IsNaN(width) || width == 0 {
		return []Bin{{Low: p.Min, High: p.Max, Count: len(sorted)}}
	}
	bins := make([]Bin, count)
	for i := range bins {
		bins[i].Low = low + float64(float64(i)*width)
		bins[i].High = low + float64(float64(i+1)*width)
	}
	if width != 1 || !p.Integer {
		bins[count-1].High = p.Max
	}
	i := 0
	for _, v := range sorted {
		for i < count-1 && v >= bins[i].High {
			i++
		}
		bins[i].Count++
	}
	return bins
}

// A wordCount is one category and how often it occurs.
type wordCount struct {
	word  string
	count int
}

// maxWords is how many different words are counted; a column with more is not a
// category that a table model could use whole.
const maxWords = 2000

// sortWords orders by frequency, then by name.
func sortWords(counts map[string]int) []wordCount {
	list := make([]wordCount, 0, len(counts))
	for w, n := range counts {
		list = append(list, wordCount{w, n})
	}
	slices.SortFunc(list, func(a, b wordCount) int {
		return cmp.Or(cmp.Compare(b.count, a.count), strings.Compare(a.word, b.word))
	})
	return list
}

// profileWords describes categories, booleans, text and ids.
func (t *Table) profileWords(c *column, work *scratch) error {
	p := &c.profile
	counts := make(map[string]int)
	var unique distinct
	rest := 0
	for row := range t.store.rows {
		if row%tellEvery == 0 {
			if err := work.tell(row); err != nil {
				return err
			}
		}
		cell := t.cell(row, c.index)
		if isMissing(cell) {
			p.Missing++
			continue
		}
		unique.add(hashBytes(cell))
		if n, ok := counts[string(cell)]; ok {
			counts[string(cell)] = n + 1
		} else if len(counts) < maxWords {
			counts[string(cell)] = 1
		} else {
			rest++
		}
	}
	p.Distinct, p.Many = unique.count, unique.full
	words := sortWords(counts)
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
