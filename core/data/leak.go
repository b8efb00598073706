package data

import (
	"fmt"
	"math"
	"slices"
)

// What makes a leak. A feature that knows the answer is right practically always, on
// rows that it was not fitted to; a strong honest feature is not. The bounds on the
// number of rows keep chance out: of 100 rows, a feature that is right 97 times in 100
// is never wrong with a probability of 5 %.
const (
	leakRows     = 100   // fewest rows to judge by
	leakErrors   = 0.005 // share of rows that may be judged wrong
	leakGain     = 0.03  // and share of the errors of always guessing the commonest class
	leakBaseline = 20    // fewest of those
	leakR2       = 0.999 // regression
	leakSample   = 5_000 // rows looked at
)

// A probe is one feature of the rows that a leak is looked for in.
type probe struct {
	value []float64 // numbers, dates; NaN where missing
	code  []int32   // other kinds: the category, -1 where missing
	codes int
}

// probe reads a column for the given rows.
func (t *Table) probe(c *column, rows []int) probe {
	var p probe
	if c.kind == KindNumber || c.kind == KindDate {
		p.value = make([]float64, len(rows))
		for i, row := range rows {
			p.value[i] = math.NaN()
			if v, ok := t.value(c, row); ok {
				p.value[i] = v
			}
		}
		return p
	}
	p.code = make([]int32, len(rows))
	if d := c.words; d != nil {
		p.codes = renumber(p.code, d, rows)
		return p
	}
	known := make(map[string]int32)
	for i, row := range rows {
		p.code[i] = -1
		cell := t.cell(row, c.index)
		if isMissing(cell) {
			continue
		}
		k, ok := known[string(cell)]
		if !ok {
			k = int32(len(known))
			known[string(cell)] = k
		}
		p.code[i] = k
	}
	p.codes = len(known)
	return p
}

// renumber writes the words of the given rows, numbered in order of appearance there,
// and returns how many they are.
func renumber(code []int32, d *dictionary, rows []int) int {
	known := filled(len(d.words))
	n := int32(0)
	for i, row := range rows {
		k := d.code[row]
		if k < 0 {
			code[i] = -1
			continue
		}
		if known[k] < 0 {
			known[k] = n
			n++
		}
		code[i] = known[k]
	}
	return int(n)
}

// thin returns at most n of the rows, evenly spaced.
func thin(rows []int, n int) []int {
	if len(rows) <= n {
		return rows
	}
	out := make([]int, n)
	for i := range out {
		out[i] = rows[i*len(rows)/n]
	}
	return out
}

// findLeak judges whether column c alone predicts the answer on the training rows.
//
// Each half of the rows (every other one) is judged by a rule fitted to the other
// half: for a category its commonest class or mean; for a number that of the nearest
// value. So columns with many values cannot shine by having learnt the rows by heart.
func (t *Table) findLeak(c *column, a *answer, train []int) (Leak, bool) {
	rows := thin(train, leakSample)
	p := t.probe(c, rows)
	if a.task == TaskRegression {
		score := max(p.heldOutR2(a, rows), p.linearR2(a, rows))
		return Leak{
			Column: c.name, Score: score,
			Reason: fmt.Sprintf("Column %s alone gives the target %s almost exactly (R² %.4f). It is probably computed from it, and would not be known when you need a prediction. It is left out; include it if you are sure that it is known beforehand.", quoted(c.name), quoted(a.column.name), score),
		}, score >= leakR2
	}
	right, guess := p.heldOutRight(a, rows)
	n := len(rows)
	wrong, base := n-right, n-guess
	leak := n >= leakRows && base >= leakBaseline && float64(wrong) <= leakErrors*float64(n) && float64(wrong) <= leakGain*float64(base)
	if !leak && p.renames(a, rows) {
		// One exception among all rows, whichever part it is in, would disprove it.
		every := thin(a.rows, leakSample)
		all := t.probe(c, every)
		if all.renames(a, every) {
			leak, right = true, n
		}
	}
	return Leak{
		Column: c.name, Score: float64(right) / float64(max(n, 1)),
		Reason: fmt.Sprintf("Column %s alone gives the target %s away: judging by it is right in %s of the cases. It probably says the same in other words, and would not be known when you need a prediction. It is left out; include it if you are sure that it is known beforehand.", quoted(c.name), quoted(a.column.name), percent(right, n)),
	}, leak
}

// heldOutRight returns how many rows are judged right, and how many always guessing
// the commonest class judges right.
func (p *probe) heldOutRight(a *answer, rows []int) (right, guess int) {
	all := make([]int, len(a.labels))
	for _, row := range rows {
		all[a.class[row]]++
	}
	guess = slices.Max(all)
	for half := range 2 {
		predict := p.fit(a, rows, half)
		for i := 1 - half; i < len(rows); i += 2 {
			if predict(i) == a.class[rows[i]] {
				right++
			}
		}
	}
	return right, guess
}

// fit fits the rule to the rows i with i%2 == half.
func (p *probe) fit(a *answer, rows []int, half int) func(i int) int32 {
	votes := func(pick func(i int) bool) []int {
		n := make([]int, len(a.labels))
		for i := half; i < len(rows); i += 2 {
			if pick(i) {
				n[a.class[rows[i]]]++
			}
		}
		return n
	}
	if p.code != nil {
		overall := commonest(votes(func(int) bool { return true }))
		counts := make([]int, (p.codes+1)*len(a.labels))
		for i := half; i < len(rows); i += 2 {
			counts[int(p.code[i]+1)*len(a.labels)+int(a.class[rows[i]])]++
		}
		best := make([]int32, p.codes+1)
		for k := range best {
			of := counts[k*len(a.labels) : (k+1)*len(a.labels)]
			if best[k] = commonest(of); of[best[k]] == 0 {
				best[k] = overall
			}
		}
		return func(i int) int32 { return best[p.code[i]+1] }
	}
	missing := commonest(votes(func(i int) bool { return math.IsNaN(p.value[i]) }))
	order := p.sorted(half)
	// Equal values vote together.
	var values []float64
	var classes []int32
	for from := 0; from < len(order); {
		to := from
		n := make([]int, len(a.labels))
		for ; to < len(order) && p.value[order[to]] == p.value[order[from]]; to++ {
			n[a.class[rows[order[to]]]]++
		}
		values = append(values, p.value[order[from]])
		classes = append(classes, commonest(n))
		from = to
	}
	return func(i int) int32 {
		if math.IsNaN(p.value[i]) || len(values) == 0 {
			return missing
		}
		return classes[nearest(values, p.value[i])]
	}
}

// sorted returns the rows of a half that have a value, by value, equal ones as they
// stand.
func (p *probe) sorted(half int) []int {
	var order []int
	for i := half; i < len(p.value); i += 2 {
		if !math.IsNaN(p.value[i]) {
			order = append(order, i)
		}
	}
	return sortBy(order, p.value)
}

// sortBy sorts indices by their value, equal ones as they stand: by one byte of the
// values' bits after the other (radix sort), which takes no comparisons.
func sortBy(order []int, value []float64) []int {
	keys, nextKeys := make([]uint64, len(order)), make([]uint64, len(order))
	next := make([]int, len(order))
	var differ uint64
	for k, i := range order {
		bits := math.Float64bits(value[i] + 0) // -0 and 0 are equal
		if bits>>63 != 0 {
			bits = ^bits
		} else {
			bits |= 1 << 63
		}
		keys[k] = bits
		differ |= bits ^ keys[0]
	}
	for shift := 0; shift < 64; shift += 8 {
		if differ>>shift&0xFF == 0 {
			continue
		}
		var from [257]int
		for _, key := range keys {
			from[key>>shift&0xFF+1]++
		}
		for b := range 256 {
			from[b+1] += from[b]
		}
		for k, key := range keys {
			at := &from[key>>shift&0xFF]
			nextKeys[*at], next[*at] = key, order[k]
			*at++
		}
		keys, nextKeys, order, next = nextKeys, keys, next, order
	}
	return order
}

// nearest returns the index of the sorted value nearest to v, the lower of two.
func nearest(values []float64, v float64) int {
	i, above := 0, len(values) // the first that is not below v
	for i < above {
		if mid := int(uint(i+above) / 2); values[mid] < v {
			i = mid + 1
		} else {
			above = mid
		}
	}
	switch {
	case i == len(values):
		return i - 1
	case i > 0 && v-values[i-1] <= values[i]-v:
		return i - 1
	}
	return i
}

func commonest(counts []int) int32 {
	best := 0
	for k, n := range counts {
		if n > counts[best] {
			best = k
		}
	}
	return int32(best)
}

// renames tells, also in a small table, whether categories and classes are the same
// thing under other names: one class a category and one category a class, in 20 rows
// or more and with three or more of each.
func (p *probe) renames(a *answer, rows []int) bool {
	if p.code == nil || p.codes != len(a.labels) || len(rows) < 20 {
		return false
	}
	class := make([]int32, p.codes)
	count := make([]int, p.codes)
	taken := make([]bool, len(a.labels))
	for i, row := range rows {
		k := p.code[i]
		if k < 0 {
			return false
		}
		if count[k] == 0 {
			if taken[a.class[row]] {
				return false
			}
			class[k] = a.class[row]
			taken[class[k]] = true
		}
		if class[k] != a.class[row] {
			return false
		}
		count[k]++
	}
	return slices.Min(count) >= 3
}
