package explain

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A LearningPoint is how a model does that was trained on so many rows: on these, and on
// rows that it has not seen, the same for all points. Both are losses, or other numbers
// of which less is better; for a score such as accuracy give 1 − score.
type LearningPoint struct {
	Rows       int     `json:"rows"`
	Train      float64 `json:"train"`
	Validation float64 `json:"validation"`
}

// A LearningVerdict is what a learning curve says would help.
type LearningVerdict string

const (
	MoreData  LearningVerdict = "more-data" // unseen rows are still judged better with every row more
	TooSmall  LearningVerdict = "too-small" // the model does not even fit what it was trained on
	Overfits  LearningVerdict = "overfits"  // it fits its rows far better than others, and more rows do not help
	Enough    LearningVerdict = "enough"    // none of these
	CannotSay LearningVerdict = "cannot-say"
)

// A LearningJudgement is a verdict with the three numbers it was made from, as shares of
// the baseline's loss.
type LearningJudgement struct {
	Verdict LearningVerdict `json:"verdict"`
	Reason  string          `json:"reason"`
	Gap     float64         `json:"gap"`  // validation − train, at the last point
	Gain    float64         `json:"gain"` // by how much validation fell since half of the rows
	Fit     float64         `json:"fit"`  // train at the last point: 1 is no better than guessing
}

// What counts as much, in shares of the baseline's loss: a gap from 0.1 on, a gain from
// 0.02 on, a training loss from 0.5 on.
const (
	muchGap  = 0.1
	muchGain = 0.02
	badFit   = 0.5
)

// JudgeLearning reads a learning curve: the losses of models that were trained on more and
// more rows (Cortes et al., 1994; Perlich, Provost and Simonoff, 2003). baseline is the
// loss of guessing without looking, in the same measure. With all numbers divided by it:
//
//	gap  = validation − train, at the last point
//	gain = validation at the last point of at most half of the rows − at the last point
//	fit  = train, at the last point
//
//	gain ≥ 0.02, and gap ≥ 0.1 or fit < 0.5   more data
//	otherwise, fit ≥ 0.5                      the model is too small (or the columns do not tell)
//	otherwise, gap ≥ 0.1                      it overfits
//	otherwise                                 enough
//
// A curve without a point at half of the rows or fewer cannot say. These are rules of
// thumb: curves of one seed are rough, so give means over a few.
func JudgeLearning(points []LearningPoint, baseline float64) (LearningJudgement, error) {
	if !(baseline > 0 && baseline < 1e300) {
		return LearningJudgement{}, tensor.Errorf(tensor.CodeOption, "learning curve: the baseline's loss must be above 0, got %g", baseline)
	}
	before := 0
	for i, p := range points {
		if p.Rows <= before || !(p.Train >= 0 && p.Train < 1e300) || !(p.Validation >= 0 && p.Validation < 1e300) {
			return LearningJudgement{}, tensor.Errorf(tensor.CodeData, "learning curve: point %d is %d rows with losses %g and %g; want more rows from point to point, and finite losses that are not negative", i+1, p.Rows, p.Train, p.Validation)
		}
		before = p.Rows
	}
	half := -1
	for i, p := range points {
		if p.Rows <= before/2 {
			half = i
		}
	}
	if half < 0 {
		return LearningJudgement{Verdict: CannotSay, Reason: "the curve wants a point at half of the rows or fewer, and one at all of them"}, nil
	}
	last := points[len(points)-1]
	j := LearningJudgement{
		Gap:  (last.Validation - last.Train) / baseline,
		Gain: (points[half].Validation - last.Validation) / baseline,
		Fit:  last.Train / baseline,
	}
	j.decide(points[half].Rows, last.Rows)
	return j, nil
}

func (j *LearningJudgement) decide(half, all int) {
	switch {
	case j.Gain >= muchGain && (j.Gap >= muchGap || j.Fit < badFit):
		j.Verdict = MoreData
		j.Reason = fmt.Sprintf("from %d to %d rows the loss on unseen rows fell by %.0f%% of the baseline's, and it has not levelled off: more data would help", half, all, 100*j.Gain)
	case j.Fit >= badFit:
		j.Verdict = TooSmall
		j.Reason = fmt.Sprintf("even on the rows it was trained on the loss is %.0f%% of the baseline's: the model is too small or trained too briefly, or the columns do not tell the target", 100*j.Fit)
	case j.Gap >= muchGap:
		j.Verdict = Overfits
		j.Reason = fmt.Sprintf("the loss on unseen rows is above that on the training rows by %.0f%% of the baseline's, and more rows no longer help: the model overfits; make it smaller, stop earlier or regularise", 100*j.Gap)
	default:
		j.Verdict = Enough
		j.Reason = "unseen rows are judged nearly as well as the training rows, and the curve has levelled off"
	}
}
