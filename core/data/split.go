package data

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// maxSeed is the largest seed: what a JavaScript number holds exactly.
const maxSeed = 1<<53 - 1

func (s Split) check() error {
	sum := s.Train + s.Validation + s.Test
	if !(s.Train > 0 && s.Validation >= 0 && s.Test >= 0 && math.Abs(sum-1) < 1e-6) {
		return tensor.Errorf(tensor.CodeOption, "The shares of the split must not be negative, the training share must be above 0, and together they must be 1, got %g, %g and %g.", s.Train, s.Validation, s.Test)
	}
	if s.Seed > maxSeed {
		return tensor.Errorf(tensor.CodeOption, "The seed must be from 0 to 2^53-1, got %d.", s.Seed)
	}
	return nil
}

// divide deals the rows of an answer out to training, validation and test, each in
// ascending order.
//
// The rows are shuffled once, by the stream "split" of the seed. Within each stratum
// (class, or tenth of the target's range) every part is owed its share of each row
// dealt; the part that is owed most gets the row. So every part comes within one row of its
// share of every stratum. A class of one row is for training; of two, one is for the test.
func (s Split) divide(a *answer) (train, validation, test []int) {
	order := slices.Clone(a.rows)
	var pcg rand.PCG
	kernel.Stream(&pcg, s.Seed, "split", "", 0, 0)
	rand.New(&pcg).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	shares := [3]float64{s.Train, s.Validation, s.Test}
	var counts [3]int
	var dealt []uint8 // to which part each row of the table went; 0 for none, else part + 1
	if n := len(a.rows); n > 0 {
		dealt = make([]uint8, a.rows[n-1]+1) // they ascend
	}
	strata := 1
	stratum := func(int) int { return 0 }
	if s.Stratify {
		strata, stratum = a.strata()
	}
	owed := make([][3]float64, strata)
	for _, row := range order {
		o := &owed[stratum(row)]
		best := -1
		for k, share := range shares {
			o[k] += share
			if share > 0 && (best < 0 || o[k] > o[best]) {
				best = k
			}
		}
		o[best]--
		dealt[row] = uint8(best + 1)
		counts[best]++
	}
	var parts [3][]int
	for k, n := range counts {
		if n > 0 {
			parts[k] = make([]int, 0, n)
		}
	}
	for row, k := range dealt {
		if k > 0 {
			parts[k-1] = append(parts[k-1], row)
		}
	}
	return parts[0], parts[1], parts[2]
}

// Classes deals rows of known classes out to training, validation and test, each in
// ascending order: row i has the class class[i], from 0 to below the number of classes,
// or -1 if it is left out. Every part comes within one row of its share of every class.
// It fails with code "option" for shares or a seed that make no sense.
func (s Split) Classes(class []int32, classes int) (train, validation, test []int, err error) {
	if err := s.check(); err != nil {
		return nil, nil, nil, err
	}
	a := &answer{task: TaskClassification, class: class, labels: make([]string, classes)}
	for row, k := range class {
		if k >= 0 {
			a.rows = append(a.rows, row)
		}
	}
	train, validation, test = s.divide(a)
	return train, validation, test, nil
}

// strata returns how many strata there are, and the one of a row.
func (a *answer) strata() (int, func(row int) int) {
	if a.task == TaskClassification {
		return len(a.labels), func(row int) int { return int(a.class[row]) }
	}
	n := max(1, min(10, len(a.rows)/10))
	values := make([]float64, len(a.rows))
	low, high := math.Inf(1), math.Inf(-1)
	for i, row := range a.rows {
		v := a.value[row]
		values[i] = v
		if !(v > low && v < high) {
			low, high = min(low, v), max(high, v)
		}
	}
	ranks := newRanks(values, low, high)
	edges := make([]float64, n-1) // the smallest value of each tenth but the first
	for k := range edges {
		edges[k] = ranks.at((k + 1) * len(values) / n)
	}
	return n, func(row int) int {
		k := 0
		for k < len(edges) && a.value[row] >= edges[k] {
			k++
		}
		return k
	}
}
