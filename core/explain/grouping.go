package explain

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// missing is the group of rows without a value.
const missing = "(missing)"

// GroupsByWord makes a group of each different word of a column that the model need not
// use: words in the order of their first row, empty ones as "(missing)". Where there are
// more than most, the rarer ones share the last group, "(others)"; of equally frequent
// ones the later. Give it the column's cells of the rows that are judged.
func GroupsByWord(words []string, most int) (names []string, group []int, err error) {
	if most < 2 {
		return nil, nil, tensor.Errorf(tensor.CodeOption, "groups: most must be at least 2, got %d", most)
	}
	index, counts := map[string]int{}, []int{}
	group = make([]int, len(words))
	for i, w := range words {
		if w == "" {
			w = missing
		}
		g, known := index[w]
		if !known {
			g = len(names)
			index[w], names, counts = g, append(names, w), append(counts, 0)
		}
		counts[g]++
		group[i] = g
	}
	if len(names) <= most {
		return names, group, nil
	}
	order := make([]int, len(names))
	for g := range order {
		order[g] = g
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	kept := slices.Clone(order[:most-1])
	slices.Sort(kept)
	to, left := slices.Repeat([]int{most - 1}, len(names)), make([]string, 0, most)
	for k, g := range kept {
		to[g], left = k, append(left, names[g])
	}
	for i, g := range group {
		group[i] = to[g]
	}
	return append(left, "(others)"), group, nil
}

// GroupsByNumber divides the values of a column into so many groups of about equal size,
// at quantiles; equal values are in one group, so there may be fewer. NaN is a group of
// its own, "(missing)", the last. Names say the range that was met: "18 to 34".
func GroupsByNumber(values []float64, groups int) (names []string, group []int, err error) {
	if groups < 2 || groups > 1000 {
		return nil, nil, tensor.Errorf(tensor.CodeOption, "groups: want from 2 to 1000 groups, got %d", groups)
	}
	var sorted []float64
	for _, v := range values {
		if v == v {
			sorted = append(sorted, v)
		}
	}
	slices.Sort(sorted)
	var ends []float64 // the largest value of each group
	from := 0          // where the next begins
	for k := range groups {
		last := (k+1)*len(sorted)/groups - 1
		if last < from { // the values so far belong to the group before
			continue
		}
		end := sorted[last]
		ends, names = append(ends, end), append(names, rangeName(sorted[from], end))
		for from < len(sorted) && sorted[from] <= end {
			from++
		}
	}
	group, none := make([]int, len(values)), len(names)
	for i, v := range values {
		if v != v {
			if none == len(names) {
				names = append(names, missing)
			}
			group[i] = none
			continue
		}
		group[i], _ = slices.BinarySearch(ends, v)
	}
	return names, group, nil
}

func rangeName(from, to float64) string {
	if from == to {
		return fmt.Sprintf("%g", from)
	}
	return fmt.Sprintf("%g to %g", from, to)
}

// ColumnCells returns a column's cells of some rows of a table, for GroupsByWord: rows as
// in data.Part.
func ColumnCells(t *data.Table, column string, rows []int) ([]string, error) {
	at := slices.Index(t.Columns(), column)
	if at < 0 {
		e := tensor.Errorf(tensor.CodeOption, "there is no column %q; the table's columns are %q", column, t.Columns())
		e.Column = column
		return nil, e
	}
	cells := make([]string, len(rows))
	for i, row := range rows {
		if row < 0 || row >= t.Rows() {
			return nil, tensor.Errorf(tensor.CodeOption, "rows must be from 0 to %d, got %d", t.Rows()-1, row)
		}
		cells[i] = t.Cell(row, at)
	}
	return cells, nil
}
