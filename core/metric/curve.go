package metric

import (
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Curve shows what every threshold would give. Point i takes for class 1 what scores
// at least Threshold[i]; the first point takes nothing, and its threshold is +Inf.
type Curve struct {
	X, Y      []float64
	Threshold []float64
	Area      float64
}

// ROCCurve is the receiver operating characteristic: X the part of the negatives that is
// taken for positive, Y the part of the positives that is found, from (0, 0) to (1, 1).
// Its Area, by trapezes, is ROCAUC. It fails with code "data" where one of the classes is
// missing or a score is NaN. Positives have y above 0.5.
func ROCCurve(y, score []float32) (*Curve, error) {
	r, err := rank("ROC curve", y, score)
	if err != nil {
		return nil, err
	}
	c := &Curve{}
	r.walk(nil, func(threshold, found, wrong float64) {
		c.add(threshold, wrong/r.negatives, found/r.positives)
	})
	c.Area = ROCAUC(y, score)
	return c, nil
}

// PRCurve has X the recall, the part of the positives that is found, and Y the precision,
// the part of what is taken that is right; where nothing is taken yet that is 1. Its Area
// is the average precision, Σ (recall − recall before)·precision: straight lines between
// the points would promise too much (Davis and Goadrich, 2006). Errors are ROCCurve's.
func PRCurve(y, score []float32) (*Curve, error) {
	r, err := rank("PR curve", y, score)
	if err != nil {
		return nil, err
	}
	c := &Curve{}
	r.walk(nil, func(threshold, found, wrong float64) {
		precision := 1.0
		if found+wrong > 0 {
			precision = found / (found + wrong)
		}
		c.add(threshold, found/r.positives, precision)
	})
	c.Area = r.averagePrecision(nil)
	return c, nil
}

func (c *Curve) add(threshold, x, y float64) {
	c.Threshold, c.X, c.Y = append(c.Threshold, threshold), append(c.X, x), append(c.Y, y)
}

// A ranking is rows in the order of their scores, the highest first.
type ranking struct {
	row                  []int
	score                []float32 // in that order
	positive             []bool
	positives, negatives float64
}

func rank(what string, y, score []float32) (*ranking, error) {
	if len(y) != len(score) {
		return nil, tensor.Errorf(tensor.CodeShape, "%s: want as many scores as targets, got %d and %d", what, len(score), len(y))
	}
	r := &ranking{row: make([]int, len(y)), score: make([]float32, len(y)), positive: make([]bool, len(y))}
	for i := range y {
		if y[i] != y[i] || score[i] != score[i] {
			err := tensor.Errorf(tensor.CodeData, "%s: row %d holds NaN", what, i+1)
			err.Row = i + 1
			return nil, err
		}
		r.row[i] = i
	}
	slices.SortStableFunc(r.row, func(a, b int) int {
		switch {
		case score[a] > score[b]:
			return -1
		case score[a] < score[b]:
			return 1
		}
		return 0
	})
	for k, i := range r.row {
		r.score[k], r.positive[k] = score[i], y[i] > 0.5
		if r.positive[k] {
			r.positives++
		} else {
			r.negatives++
		}
	}
	if r.positives == 0 || r.negatives == 0 {
		return nil, tensor.Errorf(tensor.CodeData, "%s: want rows of both classes, got %g positive and %g negative ones", what, r.positives, r.negatives)
	}
	return r, nil
}

// walk calls f for each threshold, from above all scores to the lowest, with how many
// positives and negatives score at least that. weight counts each row; nil: 1 each.
func (r *ranking) walk(weight []float32, f func(threshold, found, wrong float64)) {
	f(math.Inf(1), 0, 0)
	found, wrong := 0.0, 0.0
	for k, i := range r.row {
		w := weightOf(weight, i)
		if r.positive[k] {
			found += w
		} else {
			wrong += w
		}
		if k+1 == len(r.row) || r.score[k+1] != r.score[k] {
			f(float64(r.score[k]), found, wrong)
		}
	}
}

// averagePrecision is PRCurve's area, NaN where no positive counts.
func (r *ranking) averagePrecision(weight []float32) float64 {
	sum, before := 0.0, 0.0
	r.walk(weight, func(_, found, wrong float64) {
		if found > before {
			sum += float64((found - before) * (found / (found + wrong)))
			before = found
		}
	})
	return sum / before
}

// rocAUC is ROCAUC of weighted rows.
func (r *ranking) rocAUC(weight []float32) float64 {
	pairs, foundBefore, wrongBefore := 0.0, 0.0, 0.0
	r.walk(weight, func(_, found, wrong float64) {
		// The negatives of this step lie below all positives before it, and tie with its own.
		pairs += float64((wrong - wrongBefore) * (foundBefore + found) / 2)
		foundBefore, wrongBefore = found, wrong
	})
	return pairs / float64(foundBefore*wrongBefore)
}
