package data

import (
	"fmt"
	"math"
)

// What makes a feature a repetition of another one.
const (
	twinRows    = 30     // fewest rows in which both have a value
	twinSample  = 5_000  // rows looked at
	twinColumns = 60     // of each sort, more are not compared with each other
	twinCodes   = 50     // most different values of a column that is compared by its values
	twinCoarser = 12     // most categories of a column that may make a coarser one superfluous
	twinR2      = 0.9999 // squared correlation of two columns of numbers
)

// A twin is a feature as it is compared with others.
type twin struct {
	*column
	code  []int32 // few different values: which one, -1 where missing
	codes int
	value []float64 // numbers
}

// findTwins returns, for features that repeat an earlier one or are a coarser form of
// another, the reason to leave them out, by column index.
func (t *Table) findTwins(features []*column) map[int]string {
	all := make([]int, t.store.rows)
	for i := range all {
		all[i] = i
	}
	rows := thin(all, twinSample)
	var coded, numbers []twin
	for _, c := range features {
		if len(numbers) == twinColumns && len(coded) == twinColumns {
			break
		}
		w := twin{column: c}
		p := t.probe(c, rows)
		if w.value = p.value; w.value != nil && c.kind == KindNumber && len(numbers) < twinColumns && c.profile.Distinct > 2 {
			numbers = append(numbers, w)
		}
		if c.profile.Distinct <= twinCodes && len(coded) < twinColumns {
			if w.code, w.codes = p.code, p.codes; w.code == nil {
				w.code, w.codes = codesOf(p.value)
			}
			coded = append(coded, w)
		}
	}
	out := make(map[int]string)
	compareNumbers(numbers, out)
	compareCoded(coded, out)
	return out
}

// codesOf numbers the different values in order of appearance.
func codesOf(values []float64) ([]int32, int) {
	known := make(map[float64]int32)
	code := make([]int32, len(values))
	for i, v := range values {
		code[i] = -1
		if math.IsNaN(v) {
			continue
		}
		k, ok := known[v]
		if !ok {
			k = int32(len(known))
			known[v] = k
		}
		code[i] = k
	}
	return code, len(known)
}

func compareNumbers(list []twin, out map[int]string) {
	for j, b := range list {
		for _, a := range list[:j] {
			if _, gone := out[a.index]; gone {
				continue
			}
			r2, n := correlation(a.value, b.value)
			if r2 >= twinR2 && n >= twinRows && n*10 >= len(a.value)*9 {
				out[b.index] = fmt.Sprintf("It is %s on another scale, so it adds nothing.", quoted(a.name))
				break
			}
		}
	}
}

func compareCoded(list []twin, out map[int]string) {
	for j := range list {
		b := &list[j]
		for i := range list {
			a := &list[i]
			if _, gone := out[a.index]; gone || i == j {
				continue
			}
			forward, back := determines(a, b)
			switch {
			case forward && back && a.codes == b.codes && i < j:
				out[b.index] = fmt.Sprintf("It says the same as %s in other words, so it adds nothing.", quoted(a.name))
			case forward && !back && a.kind == KindCategory && a.codes <= twinCoarser:
				out[b.index] = fmt.Sprintf("It follows from %s: each of its values always goes with the same value here.", quoted(a.name))
			default:
				continue
			}
			break
		}
	}
}

// determines tells whether each value of a goes with one value of b, and the reverse,
// in the rows in which both have one; these must be nine in ten of the rows in which
// either has one, and ten for each value on average.
func determines(a, b *twin) (forward, back bool) {
	toB, toA := filled(a.codes), filled(b.codes)
	n, either := 0, 0
	forward, back = true, true
	for i, x := range a.code {
		y := b.code[i]
		if x >= 0 || y >= 0 {
			either++
		}
		if x < 0 || y < 0 {
			continue
		}
		n++
		if toB[x] < 0 {
			toB[x] = y
		}
		if toA[y] < 0 {
			toA[y] = x
		}
		forward = forward && toB[x] == y
		back = back && toA[y] == x
		if !forward && !back {
			return false, false
		}
	}
	enough := n >= twinRows && n*10 >= either*9 && n >= 10*max(a.codes, b.codes) && a.codes > 1 && b.codes > 1
	return forward && enough, back && enough
}

func filled(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = -1
	}
	return s
}
