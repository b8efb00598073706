package data

import (
	"bytes"
	"math"
)

// facts are what one pass over a column counts, before its kind is decided.
type facts struct {
	rows     int
	missing  int            // cells without a value
	words    map[string]int // how often each word for "missing" stands there (not the empty one)
	infinite int            // cells that hold an infinity
	infinity int            // the first of them

	numbers  int  // finite
	integers int  // of them
	binary   int  // of them, 0 or 1
	zeros    int  // of them, 0
	sequence bool // 0, 1, 2 … or 1, 2, 3 …
	padded   int  // whole numbers with a leading zero, such as 00501
	minWidth int  // in bytes, of all values
	maxWidth int

	dates     [3]int // cells that are dates by each of dateOrders
	order     DateOrder
	orderOpen bool // day-month and month-day fit equally

	pairs  [len(booleanPairs)][2]int // cells that are each of a pair's words
	spaced int                       // cells with a space
	bytes  int                       // of all values
	unique distinct
}

var dateOrders = [3]DateOrder{DateYMD, DateDMY, DateMDY}

// booleanPairs are the words for no and yes that make a column boolean.
var booleanPairs = [...][2]string{{"false", "true"}, {"no", "yes"}, {"n", "y"}, {"f", "t"}, {"off", "on"}}

// booleanWord returns which pair a cell belongs to, and which of its words it is.
func booleanWord(cell []byte) (pair, value int, ok bool) {
	if len(cell) == 0 || len(cell) > 5 {
		return 0, 0, false
	}
	switch cell[0] | 0x20 {
	case 'f', 't', 'n', 'y', 'o':
	default:
		return 0, 0, false
	}
	var low [5]byte
	for i, c := range cell {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		low[i] = c
	}
	for p, words := range booleanPairs {
		for v, word := range words {
			if string(low[:len(cell)]) == word {
				return p, v, true
			}
		}
	}
	return 0, 0, false
}

// A scratch is the memory that describing a column takes, used for one after the other.
type scratch struct {
	values   []float64            // the numbers of a column, one a row; NaN where there is none
	words    *dictionary          // its words that are no numbers
	meanings []meaning            // of these words
	of       *column              // the column that values and words are of
	given    bool                 // the column keeps the values
	kept     []float64            // the values of a column that has them, in row order
	tell     func(rows int) error // called every few thousand rows
}

func newScratch(rows int) *scratch { return &scratch{values: make([]float64, rows)} }

// begin makes room for the cells of another column.
func (w *scratch) begin(rows int) {
	if w.given {
		w.values, w.given = make([]float64, rows), false
	}
	w.of, w.meanings = nil, w.meanings[:0]
	w.words = newDictionary(w.words, rows)
}

// tellEvery is how many cells are read between two calls of Progress.
const tellEvery = 1 << 14

// observe reads a column once and leaves its numbers in work.values and its words in
// work.words.
func (t *Table) observe(c *column, work *scratch) error {
	f := &c.facts
	*f = facts{rows: t.store.rows, minWidth: math.MaxInt, sequence: true}
	work.begin(t.store.rows)
	comma := t.profile.Dialect.DecimalComma
	cells := t.scan(c.index)
	for row := range t.store.rows {
		if row%tellEvery == 0 {
			if err := work.tell(row); err != nil {
				return err
			}
		}
		cell := cells.next()
		value, code := math.NaN(), int32(noPlace)
		if isMissing(cell) {
			f.addMissing(cell)
			code = noWord
		} else {
			f.minWidth, f.maxWidth = min(f.minWidth, len(cell)), max(f.maxWidth, len(cell))
			f.bytes += len(cell)
			if v, ok := parseNumber(cell, comma); ok {
				value = v
				f.addNumber(v, cell)
			} else if isInfinity(cell) {
				if f.infinite++; f.infinite == 1 {
					f.infinity = row
				}
			} else {
				code = work.addWord(f, cell)
			}
		}
		work.values[row], work.words.code[row] = value, code
	}
	for k, m := range work.meanings {
		f.addMeaning(m, work.words.counts[k])
	}
	f.chooseOrder()
	f.unique.slots = nil // the count is enough from here on
	work.of = c
	if f.numbers > 0 && 2*f.numbers >= f.values() && t.keep(8*t.store.rows) {
		c.numbers, work.given = work.values, true
	}
	return nil
}

// addWord counts a cell that is no number and returns its code. What a word means is
// found out once.
func (w *scratch) addWord(f *facts, cell []byte) int32 {
	d, hash := w.words, hashBytes(cell)
	k := d.find(cell, hash)
	if k >= 0 {
		d.counts[k]++
		f.unique.again = f.unique.again || !f.unique.full
		return int32(k)
	}
	f.unique.add(hash)
	m := meaningOf(cell)
	if k = d.add(cell, hash); k < 0 {
		f.addMeaning(m, 1)
		return noPlace
	}
	w.meanings = append(w.meanings, m)
	return int32(k)
}

// A meaning is what one word adds to the facts.
type meaning struct {
	spaced  bool
	boolean bool
	pair    int // of booleanPairs
	value   int
	dates   [len(dateOrders)]bool
}

func meaningOf(cell []byte) (m meaning) {
	m.spaced = bytes.IndexByte(cell, ' ') >= 0
	if m.pair, m.value, m.boolean = booleanWord(cell); m.boolean {
		return m
	}
	if !bytes.ContainsAny(cell, "0123456789") {
		return m // no date is without a number
	}
	for i, order := range dateOrders {
		_, m.dates[i] = parseDate(cell, order)
	}
	return m
}

func (f *facts) addMeaning(m meaning, times int) {
	if m.spaced {
		f.spaced += times
	}
	if m.boolean {
		f.pairs[m.pair][m.value] += times
	}
	for i, is := range m.dates {
		if is {
			f.dates[i] += times
		}
	}
}

func (f *facts) addMissing(cell []byte) {
	f.missing++
	if len(cell) == 0 {
		return
	}
	if f.words == nil {
		f.words = make(map[string]int)
	}
	f.words[string(cell)]++
}

func (f *facts) addNumber(v float64, cell []byte) {
	if f.sequence && v != float64(f.numbers) && v != float64(f.numbers+1) {
		f.sequence = false
	}
	f.numbers++
	if v == math.Trunc(v) {
		f.integers++
		if v == 0 || v == 1 {
			f.binary++
			if v == 0 {
				f.zeros++
			}
		}
		if len(cell) > 1 && cell[0] == '0' && cell[1] != '.' && cell[1] != ',' {
			f.padded++
		}
	}
	f.unique.add(math.Float64bits(v + 0)) // -0 and 0 are one value
}

// chooseOrder takes the order that reads most cells as dates; where it cannot tell day
// from month, day first.
func (f *facts) chooseOrder() {
	best := 0
	for i := range f.dates {
		if f.dates[i] > f.dates[best] {
			best = i
		}
	}
	f.order = dateOrders[best]
	f.orderOpen = best == 1 && f.dates[1] == f.dates[2]
}

// values returns how many cells hold one.
func (f *facts) values() int { return f.rows - f.missing }

// A distinct counts different 64-bit keys, up to a limit. Two keys that differ are
// taken for two values: with 64 bits and 10⁵ values a collision is one in 10⁹.
type distinct struct {
	slots []uint64 // open addressing; 0 is an empty slot
	count int
	zero  bool // the key 0 was seen
	full  bool // counting stopped
	again bool // some key came twice before it stopped
}

// maxDistinct is where counting stops: two megabytes of slots.
const maxDistinct = 1 << 17

func (d *distinct) add(key uint64) {
	if d.full {
		return
	}
	if key == 0 {
		if d.zero {
			d.again = true
		} else {
			d.zero = true
			d.count++
		}
		return
	}
	if d.count*2 >= len(d.slots) {
		d.grow()
	}
	if !d.insert(key) {
		d.again = true
		return
	}
	if d.count++; d.count == maxDistinct {
		d.full, d.slots = true, nil
	}
}

func (d *distinct) insert(key uint64) bool {
	mask := uint64(len(d.slots) - 1)
	i := key * 0x9E3779B97F4A7C15 >> 44 & mask // the high bits: whole numbers differ only there
	for d.slots[i] != 0 {
		if d.slots[i] == key {
			return false
		}
		i = (i + 1) & mask
	}
	d.slots[i] = key
	return true
}

func (d *distinct) grow() {
	old := d.slots
	d.slots = make([]uint64, max(64, 2*len(old)))
	for _, key := range old {
		if key != 0 {
			d.insert(key)
		}
	}
}

// hashBytes is FNV-1a (Fowler, Noll, Vo, 64 bit).
func hashBytes(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}
