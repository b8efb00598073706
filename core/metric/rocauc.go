package metric

import (
	"math"
	"slices"
)

// ROCAUC is the area under the receiver operating characteristic: the part of all
// pairs of a positive (y > 0.5) and a negative in which the positive has the higher
// score, ties counting one half. It is NaN where one of the classes is missing and
// where a score or a target is NaN. It takes O(n log n) time and a copy of the scores.
func ROCAUC(y, score []float32) float64 {
	var positive, negative []float32
	for i, s := range score {
		switch {
		case s != s || y[i] != y[i]:
			return math.NaN()
		case y[i] > 0.5:
			positive = append(positive, s)
		default:
			negative = append(negative, s)
		}
	}
	slices.Sort(positive)
	slices.Sort(negative)
	// Counted in halves, so that the count is a whole number; below and through run
	// along the sorted negatives: how many are lower, how many not higher.
	halves, below, through := 0, 0, 0
	for _, s := range positive {
		for below < len(negative) && negative[below] < s {
			below++
		}
		for through < len(negative) && negative[through] <= s {
			through++
		}
		halves += below + through
	}
	return float64(halves) / 2 / (float64(len(positive)) * float64(len(negative)))
}
