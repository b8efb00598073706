package explain

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Costs are what mistakes cost, in any unit.
type Costs struct {
	FalsePositive float64 // of saying yes where no is true
	FalseNegative float64 // of saying no where yes is true

	// Prevalence is the share of positives where the model will be used, above 0 and
	// below 1; that of the rows if 0.
	Prevalence float64
}

// A Threshold is where to say yes: from this score on. Above every score it is +Inf, for
// costs at which saying no always is cheapest.
type Threshold struct {
	At                float64
	Cost              float64 // that is expected of a row
	TruePositiveRate  float64
	FalsePositiveRate float64
}

// A ThresholdChoice is the cheapest threshold, and what all others cost.
type ThresholdChoice struct {
	Best   Threshold
	AtHalf float64     // the cost of a threshold of one half
	All    []Threshold // from the highest to the lowest
}

// ChooseThreshold finds where a binary classifier should say yes when mistakes cost
// differently: the point of the ROC curve with the least expected cost of a row,
//
//	cost = π·(1 − TPR)·FalseNegative + (1 − π)·FPR·FalsePositive
//
// with π the prevalence (Provost and Fawcett, 2001). Of equal costs the highest threshold
// is taken. y has 0 or 1, score the probability of 1. Choose on validation rows, not on
// those whose cost is then reported. Errors are those of metric.ROCCurve.
func ChooseThreshold(y, score []float32, c Costs) (*ThresholdChoice, error) {
	if !(c.FalsePositive >= 0 && c.FalseNegative >= 0 && c.FalsePositive+c.FalseNegative > 0) || math.IsInf(c.FalsePositive+c.FalseNegative, 1) {
		return nil, tensor.Errorf(tensor.CodeOption, "threshold: costs must not be negative, and not both 0, got %g of a false positive and %g of a false negative", c.FalsePositive, c.FalseNegative)
	}
	if !(c.Prevalence >= 0 && c.Prevalence < 1) {
		return nil, tensor.Errorf(tensor.CodeOption, "threshold: the prevalence must be above 0 and below 1, or 0 for that of the rows, got %g", c.Prevalence)
	}
	curve, err := metric.ROCCurve(y, score)
	if err != nil {
		return nil, err
	}
	if c.Prevalence == 0 {
		positives := 0
		for _, v := range y {
			if v > 0.5 {
				positives++
			}
		}
		c.Prevalence = float64(positives) / float64(len(y))
	}
	choice := &ThresholdChoice{}
	for i, at := range curve.Threshold {
		missed := float64(c.Prevalence * (1 - curve.Y[i]) * c.FalseNegative)
		wrong := float64((1 - c.Prevalence) * curve.X[i] * c.FalsePositive)
		t := Threshold{at, missed + wrong, curve.Y[i], curve.X[i]}
		if i == 0 || t.Cost < choice.Best.Cost {
			choice.Best = t
		}
		if i == 0 || at >= 0.5 {
			choice.AtHalf = t.Cost
		}
		choice.All = append(choice.All, t)
	}
	return choice, nil
}
