package bindings

import "github.com/terrarium-ml/terrarium/core/explain"

// Methods that judge a model and tell why it answers as it does. The table must be
// prepared as it was for the model's training. All of them run beside other requests,
// notify progress in stage "judge" (folds and learning: "fit"), and refuse a model that
// is training; one that begins to, or is disposed of meanwhile, ends them.
const (
	MethodJudgeTest      = "judge.test"      // JudgeParams → JudgeResult
	MethodJudgeRows      = "judge.rows"      // JudgeRowsParams → JudgeRowsResult
	MethodJudgeThreshold = "judge.threshold" // ThresholdParams → ModelInfo
	MethodJudgeGroups    = "judge.groups"    // GroupsParams → GroupsResult
	MethodJudgeFolds     = "judge.folds"     // FoldsParams → FoldsResult; notifies judge.fold
	MethodJudgeLearning  = "judge.learning"  // LearningParams → LearningResult; notifies judge.point

	MethodWhyColumns = "why.columns" // WhyColumnsParams → WhyColumnsResult
	MethodWhyColumn  = "why.column"  // WhyColumnParams → WhyColumnResult
	MethodWhyRow     = "why.row"     // WhyRowParams → WhyRowResult
	MethodWhyPicture = "why.picture" // WhyPictureParams → WhyPictureResult
)

// Notifications of what is done so far.
const (
	NotifyFold  = "judge.fold"  // engine → page: FoldDone, each
	NotifyPoint = "judge.point" // engine → page: PointDone, each
)

// JudgeParams asks how well a model does, and how sure that is, on a part of a table:
// "test" ("" as well), "validation" or "train".
type JudgeParams struct {
	Model int    `json:"model"`
	Table int    `json:"table"`
	Part  string `json:"part,omitzero"`
}

// Bounds are a value and its 95 % interval, bootstrapped over the rows.
type Bounds struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// A Measure is one number about a model. Those without an interval have Low and High
// equal to Value.
type Measure struct {
	Name string `json:"name"` // f1 (mean over classes), kappa, mcc, logLoss; mae, rmse
	Bounds
	Baseline float64 `json:"baseline"` // the same of the simplest guess
}

// JudgeResult is a model's score with its uncertainty, beside the simplest guess.
type JudgeResult struct {
	Rows     int       `json:"rows"`
	Headline string    `json:"headline"` // "acc" or "r2"
	Score    Bounds    `json:"score"`
	Baseline Bounds    `json:"baseline"`
	Lead     Bounds    `json:"lead"` // score − baseline, on the same drawn rows
	Measures []Measure `json:"measures"`

	// Of a classification: how far what is said with confidence p is right in a share p
	// of cases. Of two classes p is the probability of the second, else of the likeliest.
	Calibration *Calibration `json:"calibration,omitzero"`
	Two         *TwoClasses  `json:"two,omitzero"` // of a classification with two classes
}

// A Calibration is what was said beside what was so.
type Calibration struct {
	Bins  []CalibrationBin `json:"bins"` // those with rows
	ECE   float64          `json:"ece"`  // expected calibration error
	Brier float64          `json:"brier"`
}

// A CalibrationBin is the rows whose probability lies in [Low, High).
type CalibrationBin struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	Rows int     `json:"rows"`
	Said float64 `json:"said"` // mean probability
	Was  float64 `json:"was"`  // share of rows of which it was so
}

// ThresholdSteps is how finely TwoClasses counts thresholds.
const ThresholdSteps = 1000

// TwoClasses shows what every threshold would give. The second label is the positive
// one: a row is taken for it where its probability is at least the threshold.
type TwoClasses struct {
	Positives int     `json:"positives"` // rows
	Negatives int     `json:"negatives"`
	Threshold float64 `json:"threshold"` // that the model uses
	AUC       Bounds  `json:"auc"`       // area under the ROC curve
	AP        Bounds  `json:"ap"`        // average precision
	Counts    Tensor  `json:"counts"`    // [2, ThresholdSteps+1]: positives, then negatives, taken at a threshold of i/ThresholdSteps
	ROC       Tensor  `json:"roc"`       // [2, n]: share of negatives taken, share of positives taken
	PR        Tensor  `json:"pr"`        // [2, n]: recall, precision
	CurveRows int     `json:"curveRows"` // rows of which the curves were drawn: evenly chosen where there are very many
}

// JudgeRowsParams asks for the rows behind a score, the surest mistakes first: with Truth
// and Said the rows of a cell of the confusion matrix, without them all that were judged
// wrong; of a regression the rows with the largest errors.
type JudgeRowsParams struct {
	JudgeParams
	Truth *int `json:"truth,omitzero"` // a class
	Said  *int `json:"said,omitzero"`
	Count int  `json:"count"` // at most MaxJudgedRows
}

// MaxJudgedRows bounds JudgeRowsParams.Count.
const MaxJudgedRows = 200

// JudgeRowsResult is some rows with what the model said to them.
type JudgeRowsResult struct {
	Total   int         `json:"total"`            // how many there are
	Columns []string    `json:"columns,omitzero"` // of a table: all of them
	Rows    []JudgedRow `json:"rows"`
}

// A JudgedRow is a row with its truth and the model's answer, as text.
type JudgedRow struct {
	Row   int      `json:"row"`  // in the table, from 1
	Line  int      `json:"line"` // of the file, from 1; 0 where there is no file of lines
	Cells []string `json:"cells,omitzero"`
	Truth string   `json:"truth"`
	Said  string   `json:"said"`
	Share float64  `json:"share,omitzero"` // the probability of what was said
	Error float64  `json:"error,omitzero"` // of a regression: said − truth
}

// ThresholdParams makes a model of two classes answer with the second from another
// probability on. It is kept in the model and its files; 0.5 is the usual one.
type ThresholdParams struct {
	Model     int     `json:"model"`
	Threshold float64 `json:"threshold"` // above 0, below 1
}

// GroupsParams asks how a model does on each group of rows. Any column of the table makes
// groups: its words or, of numbers and dates, ranges of about equally many rows.
type GroupsParams struct {
	JudgeParams
	Column   string `json:"column"`
	Positive int    `json:"positive,omitzero"` // the class that the rates are about
	Groups   int    `json:"groups,omitzero"`   // at most; default 5 ranges, 12 words
	Few      int    `json:"few,omitzero"`      // rows below which a rate cannot be told; default 30
}

// GroupsResult is a model's scores by group: Scores of a classification, Errors of a
// regression.
type GroupsResult struct {
	Rows     int                  `json:"rows"`
	Ranges   bool                 `json:"ranges"`            // the groups are ranges of numbers or dates
	Positive string               `json:"positive,omitzero"` // the class that the rates are about
	Few      int                  `json:"few"`
	Scores   *explain.GroupScores `json:"scores,omitzero"`
	Errors   []GroupError         `json:"errors,omitzero"`
	Gap      *Bounds              `json:"gap,omitzero"` // of a regression: the largest mean error less the smallest, of groups with enough rows
}

// A GroupError is how far off a model of numbers is on the rows of a group.
type GroupError struct {
	Group   string `json:"group"`
	Rows    int    `json:"rows"`
	MAE     Bounds `json:"mae"`  // in the target's units
	Bias    Bounds `json:"bias"` // mean of said − truth
	Warning string `json:"warning,omitzero"`
}

// FoldsParams judges how a model learns by k-fold cross-validation of the table's training
// part. Fit says how (its model and table; no tensors), without what watches validation
// data: a fold that decides when to stop cannot judge as well.
type FoldsParams struct {
	Fit   FitParams `json:"fit"`
	Folds int       `json:"folds,omitzero"` // default 5
}

// FoldsResult is the score of each fold. Where it was cancelled, the notifications have
// told of the folds that were done.
type FoldsResult struct {
	Headline string      `json:"headline"`
	Folds    []FoldScore `json:"folds"`
	Mean     float64     `json:"mean"`
	SD       float64     `json:"sd"` // the sample's standard deviation
	Baseline float64     `json:"baseline"`
}

// A FoldScore is how a model did on the fold that it was not trained on.
type FoldScore struct {
	Rows     int     `json:"rows"`
	Score    float64 `json:"score"`
	Baseline float64 `json:"baseline"`
}

// FoldDone is a fold that has just been judged.
type FoldDone struct {
	ID    int       `json:"id"` // the request
	Of    int       `json:"of"`
	Index int       `json:"index"` // from 0
	Fold  FoldScore `json:"fold"`
}

// LearningParams asks what more rows would bring: fresh models are trained on an eighth, a
// quarter, half and all of the training part, as Fit says, and judged on the validation part.
type LearningParams struct {
	Fit FitParams `json:"fit"`
}

// LearningResult is a learning curve. Losses are cross-entropy, or the mean square of
// errors in standard deviations of the target; Baseline is the loss of guessing.
type LearningResult struct {
	Points    []LearningPoint           `json:"points"`
	Baseline  float64                   `json:"baseline"`
	Judgement explain.LearningJudgement `json:"judgement"`
}

// A LearningPoint is a model that was trained on so many rows.
type LearningPoint struct {
	explain.LearningPoint
	Score float64 `json:"score"` // on the validation part: accuracy or R²
}

// PointDone is a point that has just been found.
type PointDone struct {
	ID    int           `json:"id"` // the request
	Of    int           `json:"of"`
	Point LearningPoint `json:"point"`
}

// WhyColumnsParams asks which columns a model leans on: by how much its score falls when
// each is shuffled.
type WhyColumnsParams struct {
	JudgeParams
	Repeats int `json:"repeats,omitzero"` // default 5
}

// WhyColumnsResult is the importance of the columns, the largest first.
type WhyColumnsResult struct {
	Rows    int                        `json:"rows"`
	Metric  string                     `json:"metric"` // acc or r2
	Base    float64                    `json:"base"`
	Columns []explain.ColumnImportance `json:"columns"`
}

// WhyColumnParams asks how a model's answer moves with one column.
type WhyColumnParams struct {
	JudgeParams
	Column string `json:"column"`
	Class  int    `json:"class,omitzero"` // whose probability to look at
}

// WhyColumnResult is partial dependence, and the curves of single rows.
type WhyColumnResult struct {
	explain.Dependence
	Date bool `json:"date,omitzero"` // the grid are days
	Rows int  `json:"used"`          // of which the mean was taken
}

// WhyRowParams asks what each column of one row adds to the answer, against rows of the
// table's training part.
type WhyRowParams struct {
	Model  int               `json:"model"`
	Table  int               `json:"table"`
	Values map[string]string `json:"values"` // as RowParams
}

// WhyRowResult explains the answer for Label's probability, or for the value.
type WhyRowResult struct {
	explain.RowExplanation
	Label string `json:"label,omitzero"`
}
