package train

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Folds divides rows 0 to rows−1 into k parts of nearly equal size, at random: of each
// part the rows in ascending order. The same seed gives the same parts.
//
// With classes, one for each row, every part has nearly the same share of each class
// (stratified; Kohavi, 1995). With groups, all rows of one group are in the same part:
// the largest groups are dealt out first, each to the part with the fewest rows so far.
// Only one of the two.
func Folds(rows, k int, seed uint64, classes, groups []int) ([][]int, error) {
	if k < 2 || k > rows {
		return nil, tensor.Errorf(tensor.CodeOption, "the number of folds must be from 2 to the number of rows, %d, got %d", rows, k)
	}
	if classes != nil && groups != nil {
		return nil, tensor.Errorf(tensor.CodeOption, "give classes or groups of rows, not both")
	}
	labels, what := classes, "class"
	if groups != nil {
		labels, what = groups, "group"
	}
	if labels != nil && len(labels) != rows {
		return nil, tensor.Errorf(tensor.CodeShape, "want a %s for each of %d rows, got %d", what, rows, len(labels))
	}
	bins := shuffled(rows, seed, labels)
	folds := make([][]int, k)
	if groups != nil {
		slices.SortStableFunc(bins, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
		if len(bins) < k {
			return nil, tensor.Errorf(tensor.CodeOption, "%d groups cannot be divided into %d folds", len(bins), k)
		}
		for _, bin := range bins {
			least := 0
			for i := range folds {
				if len(folds[i]) < len(folds[least]) {
					least = i
				}
			}
			folds[least] = append(folds[least], bin...)
		}
	} else {
		next := 0
		for _, row := range slices.Concat(bins...) {
			folds[next] = append(folds[next], row)
			next = (next + 1) % k
		}
	}
	for _, fold := range folds {
		slices.Sort(fold)
	}
	return folds, nil
}

// shuffled returns the rows in a random order, those of each label together, labels in
// ascending order.
func shuffled(rows int, seed uint64, labels []int) [][]int {
	order := make([]int, rows)
	for i := range order {
		order[i] = i
	}
	var pcg rand.PCG
	at := streams{seed: seed}
	at.Seed(&pcg, "folds", "")
	rand.New(&pcg).Shuffle(rows, func(i, j int) { order[i], order[j] = order[j], order[i] })
	if labels == nil {
		return [][]int{order}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(labels[a], labels[b]) })
	var bins [][]int
	for i, row := range order {
		if i == 0 || labels[row] != labels[order[i-1]] {
			bins = append(bins, nil)
		}
		bins[len(bins)-1] = append(bins[len(bins)-1], row)
	}
	return bins
}

// ClassesOf returns the class of each row of targets, for Folds: a class number, the
// largest of a one-hot row, or 0 and 1 by whether a single value is at least one half.
func ClassesOf(y *tensor.Tensor) []int {
	classes, cols := make([]int, y.Rows()), max(1, y.Cols())
	for i := range classes {
		classes[i] = classOf(y.Data[i*cols : (i+1)*cols])
	}
	return classes
}
