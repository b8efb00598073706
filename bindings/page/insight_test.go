package page

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// scores is a model of ten rows, five of each class, whose probabilities are 0.05, 0.15 …:
// what lies above 0.45 is positive but for one row.
func scores() (bindings.JudgeResult, [][]byte) {
	const n = bindings.ThresholdSteps + 1
	counts := make([]float32, 2*n)
	for i := range 10 {
		p, positive := 0.05+0.1*float64(i), i == 2 || i > 5
		for k := 0; k < n && float64(k)/bindings.ThresholdSteps <= p; k++ {
			if positive {
				counts[k]++
			} else {
				counts[n+k]++
			}
		}
	}
	r := bindings.JudgeResult{Rows: 10, Headline: "acc", Score: bindings.Bounds{Value: 0.8, Low: 0.5, High: 1}, Baseline: bindings.Bounds{Value: 0.5, Low: 0.2, High: 0.8},
		Lead:        bindings.Bounds{Value: 0.3, Low: 0.1, High: 0.6},
		Measures:    []bindings.Measure{{Name: "f1", Bounds: bindings.Bounds{Value: 0.79, Low: 0.5, High: 1}, Baseline: 0.33}, {Name: "kappa", Bounds: bindings.Bounds{Value: 0.6, Low: 0.6, High: 0.6}}},
		Calibration: &bindings.Calibration{Bins: []bindings.CalibrationBin{{Low: 0, High: 0.5, Rows: 5, Said: 0.25, Was: 0.2}, {Low: 0.5, High: 1, Rows: 5, Said: 0.75, Was: 0.8}}, ECE: 0.05, Brier: 0.1},
		Two: &bindings.TwoClasses{Positives: 5, Negatives: 5, Threshold: 0.5, AUC: bindings.Bounds{Value: 0.84, Low: 0.6, High: 1}, AP: bindings.Bounds{Value: 0.85, Low: 0.5, High: 1},
			ROC: bindings.Tensor{Buffer: 1}, PR: bindings.Tensor{Buffer: 2}, CurveRows: 10}}
	return r, [][]byte{bytesOf(counts), bytesOf([]float32{0, 0.2, 1, 0, 0.8, 1}), bytesOf([]float32{0, 1, 1, 0.5})}
}

// understood is a page with a trained model that has been judged.
func understood(t *testing.T) *stage {
	s := newStage(t)
	s.engine.answer[bindings.MethodJudgeTest] = func(json.RawMessage, Request) (any, [][]byte, error) {
		r, buffers := scores()
		return r, buffers, nil
	}
	s.do(Action{Name: "data.file", Files: []File{{Name: "flowers.csv"}}}, Action{Name: "train"})
	return s
}

func TestAScoreHasItsInterval(t *testing.T) {
	s := understood(t)
	require.Contains(t, s.see("score-interval").words(), "from 50.0 % to 100.0 % (95 % interval, from 10 test rows)")
	require.Contains(t, s.see("score-lead").words(), "clearly better")
	require.Contains(t, s.see("plot-whiskers").get("aria-label"), "guessing 50.0")
	require.Contains(t, s.see("measures").words(), "Mean F1")
	// rose: 1 of 2 found, always right; fern: 1 of 1 found, 1 of 2 right.
	table := s.see("class-table").words()
	require.Contains(t, table, "rose 2 100.0 % 50.0 % 0.667")
	require.Contains(t, table, "fern 1 50.0 % 100.0 % 0.667")
	require.Contains(t, s.see("calibration-text").words(), "off by 5.0")
	require.Contains(t, s.see("plot-calibration").get("aria-label"), "off by")
}

func TestALeadThatMayBeChanceIsSaidToBe(t *testing.T) {
	r := bindings.JudgeResult{Headline: "acc", Lead: bindings.Bounds{Value: 0.1, Low: -0.1, High: 0.2}}
	require.Contains(t, leadText(&r), "cannot be told")
	r.Lead = bindings.Bounds{Value: -0.1, Low: -0.3, High: -0.05}
	require.Contains(t, leadText(&r), "clearly worse")
}

func TestTheThresholdMovesTheConfusion(t *testing.T) {
	s := understood(t)
	read := func() [4]string {
		return [4]string{s.see("quad-found").get("data-value"), s.see("quad-missed").get("data-value"), s.see("quad-alarms").get("data-value"), s.see("quad-rejected").get("data-value")}
	}
	require.Equal(t, [4]string{"4", "1", "1", "4"}, read())
	s.do(Action{Name: "threshold.move", Value: "70"})
	require.Equal(t, [4]string{"3", "2", "0", "5"}, read())
	require.Contains(t, s.see("threshold-slider").get("aria-valuetext"), "0.70: finds 60.0")
	require.Contains(t, s.see("plot-roc").get("aria-label"), "finds 60.0")
	require.Contains(t, s.see("plot-pr").get("aria-label"), "precision is 100.0")
	s.do(Action{Name: "threshold.type", Value: "0,151"})
	require.Equal(t, [4]string{"5", "0", "3", "2"}, read())
	s.do(Action{Name: "threshold.type", Value: "7"})
	require.Equal(t, [4]string{"5", "0", "3", "2"}, read(), "no threshold: nothing happens")
}

func TestCostsChooseTheThreshold(t *testing.T) {
	s := understood(t)
	s.do(Action{Name: "threshold.cost", Arg: "1", Value: "10"})
	require.Contains(t, s.see("cost-text").words(), "cheapest threshold is 0.25, chosen on the validation rows")
	s.do(Action{Name: "threshold.cheapest"})
	require.Equal(t, "0", s.see("quad-missed").get("data-value"))
	require.Equal(t, "0.3", s.see("cost-text").get("data-value"), "three false alarms of ten rows")
	s.do(Action{Name: "threshold.cost", Arg: "0", Value: "-1"})
	require.Equal(t, "true", s.see("cost-alarm").get("aria-invalid"))
	s.gone("cost-text")
}

// The threshold goes into the model; the score is measured anew.
func TestAThresholdIsKept(t *testing.T) {
	s := understood(t)
	changed := pipeline()
	changed.Output.Threshold = 0.7
	s.fix(bindings.MethodJudgeThreshold, bindings.ModelInfo{Model: 5, Name: "flowers", Pipeline: changed})
	require.True(t, s.disabled("threshold-use"), "it is the model's already")
	s.do(Action{Name: "threshold.move", Value: "70"}, Action{Name: "threshold.use"})
	require.JSONEq(t, `{"model":5,"threshold":0.7}`, string(s.engine.last[bindings.MethodJudgeThreshold]))
	require.Equal(t, float32(0.7), s.app.result.now.info.Pipeline.Output.Threshold)
	tests := 0
	for _, m := range s.engine.asked {
		if m == bindings.MethodModelTest {
			tests++
		}
	}
	require.Equal(t, 2, tests)
	require.True(t, s.screen.unsaved)
}

func TestACellOpensItsRows(t *testing.T) {
	s := understood(t)
	s.fix(bindings.MethodJudgeRows, bindings.JudgeRowsResult{Total: 1, Columns: []string{"kind", "height", "name"},
		Rows: []bindings.JudgedRow{{Row: 7, Line: 8, Cells: []string{"rose", "3", "<b>Rosa"}, Truth: "rose", Said: "fern", Share: 0.93}}})
	s.do(Action{Name: "result.cell", Arg: "0 1"})
	require.JSONEq(t, `{"model":5,"table":3,"truth":0,"said":1,"count":200}`, string(s.engine.last[bindings.MethodJudgeRows]))
	require.Contains(t, s.see("rows-title").words(), "1 row of “rose” that the model took for “fern”")
	require.Contains(t, s.see("judged-rows").words(), "Line Truth Answer Sure height name 8 rose fern 93.0 % 3 <b>Rosa")
	require.NotContains(t, s.html("insight-rows"), "<b>Rosa", "a cell never becomes an element")
	s.do(Action{Name: "rows.close"})
	s.gone("judged-rows")
}

// An answer of numbers has its errors drawn, the largest listed.
func TestResiduals(t *testing.T) {
	r := &outcome{truth: []float64{1, 2, 3, math.NaN()}, said: []float64{1.5, 2, 2, 1}, info: bindings.ModelInfo{Pipeline: pipeline()}}
	n := el("div", residuals(r, 400))
	require.Contains(t, n.find("residual-text").words(), "from −1 to 0.5")
	require.Contains(t, n.find("plot-errors").get("aria-label"), "largest bar")
	require.NotNil(t, n.find("largest-errors"))
	empty := residuals(&outcome{info: r.info}, 400)
	require.Empty(t, empty)
}

func TestFoldsTellAsTheyGo(t *testing.T) {
	s := understood(t)
	s.engine.answer[bindings.MethodJudgeFolds] = func(_ json.RawMessage, r Request) (any, [][]byte, error) {
		r.Notify(bindings.NotifyProgress, json.RawMessage(`{"id":9,"stage":"fit","done":10,"total":40}`))
		r.Notify(bindings.NotifyFold, json.RawMessage(`{"id":9,"of":3,"index":0,"fold":{"rows":3,"score":0.5,"baseline":0.25}}`))
		require.Contains(t, s.see("folds-table").words(), "Fold 1 3 50.0 %", "before it is over")
		require.NotNil(t, s.see("folds-stop"))
		return nil, nil, refuse(tensor.CodeAborted, "stopped on request")
	}
	s.do(Action{Name: "folds.number", Value: "3"}, Action{Name: "folds.ask"})
	require.Contains(t, s.see("folds-stopped").words(), "Stopped after 1 fold of 3")
	var p bindings.FoldsParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodJudgeFolds], &p))
	require.Equal(t, 3, p.Folds)
	require.Equal(t, 2, p.Fit.Epochs, "as many as the model effectively learned")
	require.Nil(t, p.Fit.EarlyStopping)
	require.Nil(t, p.Fit.Checkpoint)

	s.fix(bindings.MethodJudgeFolds, bindings.FoldsResult{Headline: "acc", Folds: []bindings.FoldScore{{Rows: 4, Score: 0.5}, {Rows: 4, Score: 1}}, Mean: 0.75, SD: 0.354, Baseline: 0.5})
	s.do(Action{Name: "folds.ask"})
	require.Contains(t, s.see("folds-text").words(), "75.0 % ± 35.4 %")
	s.fail(bindings.MethodJudgeFolds, tensor.CodeMemory, "there is no room")
	s.do(Action{Name: "folds.ask"})
	require.Contains(t, s.see("problem-folds").words(), "there is no room")
	s.do(Action{Name: "folds.dismiss"})
	s.gone("problem-folds")
}

func TestLearningCurve(t *testing.T) {
	s := understood(t)
	point := func(rows int, train, validation float64) bindings.LearningPoint {
		return bindings.LearningPoint{LearningPoint: explain.LearningPoint{Rows: rows, Train: train, Validation: validation}, Score: 0.5}
	}
	s.fix(bindings.MethodJudgeLearning, bindings.LearningResult{Points: []bindings.LearningPoint{point(4, 0.1, 0.6), point(8, 0.2, 0.5)}, Baseline: 0.7,
		Judgement: explain.LearningJudgement{Verdict: explain.MoreData, Reason: "it falls"}})
	s.do(Action{Name: "learning.ask"})
	require.Equal(t, "More data would help: it falls.", s.see("learning-verdict").words())
	require.Contains(t, s.see("learning-table").words(), "8 0.2 0.5 50.0 %")
	require.Contains(t, s.see("plot-learning").get("aria-label"), "from 0.6 to 0.5")
}

func TestGroupsWarnWhereRowsAreFew(t *testing.T) {
	s := understood(t)
	rate := explain.Rate{Value: 0.5, Low: 0.4, High: 0.6, Rows: 40, Sure: true}
	few := explain.Rate{Value: 1, Low: 1, High: 1, Rows: 2}
	s.fix(bindings.MethodJudgeGroups, bindings.GroupsResult{Rows: 42, Few: 30, Positive: "fern", Scores: &explain.GroupScores{
		Groups: []explain.GroupScore{{Group: "tall", Rows: 40, Accuracy: rate, PositiveRate: rate, TruePositiveRate: rate},
			{Group: "small", Rows: 2, Accuracy: few, Warning: "only 2 rows: too few"}},
		Gaps: []explain.Gap{{Measure: "accuracy", Highest: "tall", Lowest: "wide", Value: 0.2, Low: 0.1, High: 0.3, Clear: true}}}})
	require.Contains(t, s.see("groups-column").words(), "name", "any column, also one that is left out")
	s.do(Action{Name: "groups.column", Value: "name"})
	require.JSONEq(t, `{"model":5,"table":3,"column":"name","positive":1}`, string(s.engine.last[bindings.MethodJudgeGroups]))
	require.Contains(t, s.see("groups-table").words(), "tall 40")
	require.Contains(t, s.see("groups-gaps").words(), "“small”: only 2 rows: too few.")
	require.Contains(t, s.see("groups-gaps").words(), "more than chance")
	require.Contains(t, s.html("insight-groups"), `class="num unsure"`)
	s.do(Action{Name: "groups.positive", Value: "0"})
	require.Contains(t, string(s.engine.last[bindings.MethodJudgeGroups]), `"column":"name"`)
	s.do(Action{Name: "groups.column", Value: ""})
	s.gone("groups-table")
}

func TestGroupsAreWrittenIntoTheCard(t *testing.T) {
	s := newStage(t)
	s.fix(bindings.MethodModelCard, bindings.CardResult{Card: &card.Card{Name: "flowers", Scores: &card.Scores{Part: "test", Rows: 10,
		Groups: []card.Group{{Column: "name", Value: "of before"}, {Column: "height", Value: "stays", Metrics: []card.Value{}}}}}})
	s.do(Action{Name: "data.file", Files: []File{{Name: "flowers.csv"}}}, Action{Name: "train"})
	s.fix(bindings.MethodJudgeGroups, bindings.GroupsResult{Scores: &explain.GroupScores{Groups: []explain.GroupScore{{Group: "tall", Rows: 40, Accuracy: explain.Rate{Value: 0.5}}}}})
	s.do(Action{Name: "groups.column", Value: "name"})
	var p bindings.CardParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelCard], &p))
	require.Equal(t, []card.Group{{Column: "height", Value: "stays", Metrics: []card.Value{}}, {Column: "name", Value: "tall", Rows: 40, Metrics: []card.Value{{Name: "acc", Value: 0.5}}}}, p.Scores.Groups)
}

func TestGroupsOfNumbers(t *testing.T) {
	s := understood(t)
	b := bindings.Bounds{Value: 2, Low: 1, High: 3}
	s.fix(bindings.MethodJudgeGroups, bindings.GroupsResult{Few: 30, Errors: []bindings.GroupError{{Group: "a", Rows: 50, MAE: b, Bias: b}, {Group: "b", Rows: 3, MAE: b, Bias: b, Warning: "only 3 rows"}}, Gap: &b})
	s.do(Action{Name: "groups.column", Value: "name"})
	require.Contains(t, s.see("groups-table").words(), "a 50 2 1 to 3")
	require.Contains(t, s.see("groups-gaps").words(), "lie 2 (95 % interval 1 to 3): more than chance")
}

func TestColumnsAndOneOfThem(t *testing.T) {
	s := understood(t)
	s.fix(bindings.MethodWhyColumns, bindings.WhyColumnsResult{Rows: 3, Metric: "acc", Base: 0.8, Columns: []explain.ColumnImportance{{Column: "height", Mean: 0.25, SD: 0.05}, {Column: "name", Mean: -0.01, SD: 0.01}}})
	s.do(Action{Name: "why.columns"})
	require.Contains(t, s.see("importance").words(), "height 25.0 ± 5.0")
	s.fix(bindings.MethodWhyColumn, bindings.WhyColumnResult{Dependence: explain.Dependence{Column: "height", Grid: []float64{1, 5, 9}, Mean: []float64{0.2, 0.5, 0.9}, SD: []float64{0.1, 0.1, 0.1}, Curves: [][]float64{{0.1, 0.5, 0.8}}}, Rows: 3})
	s.do(Action{Name: "why.column", Arg: "height"})
	require.JSONEq(t, `{"model":5,"table":3,"column":"height","class":1}`, string(s.engine.last[bindings.MethodWhyColumn]))
	require.Contains(t, s.see("column-text").words(), "probability of “fern” goes from 20.0 % (at 1) to 90.0 % (at 9)")
	require.Contains(t, s.html("insight-columns"), `class="ice"`)
	require.Equal(t, 3, strings.Count(s.html("insight-columns"), `<td translate="no">`), "a row for each value")
	s.fix(bindings.MethodWhyColumn, bindings.WhyColumnResult{Dependence: explain.Dependence{Column: "name", Labels: []string{"", "x"}, Grid: []float64{0, 1}, Mean: []float64{0.2, 0.5}, SD: []float64{0.1, 0.1}}})
	s.do(Action{Name: "why.column", Arg: "name"})
	require.Contains(t, s.see("column-text").words(), "(at (missing)) to 50.0 % (at x)")
}

func TestWhyThisRow(t *testing.T) {
	s := understood(t)
	s.fix(bindings.MethodWhyRow, bindings.WhyRowResult{Label: "fern", RowExplanation: explain.RowExplanation{Answer: 0.75, R2: 0.1, Agreement: 1,
		Effects: []explain.ColumnEffect{{Column: "name", Effect: -0.1, SD: 0.02}, {Column: "height", Effect: 0.3, SD: 0.01}}}})
	require.True(t, s.disabled("why-row"), "the rows it was tested on are not known")
	s.app.result.now.lines = []int{4}
	s.do(Action{Name: "row.predict"}, Action{Name: "why.row"})
	require.Contains(t, s.see("why-table").words(), "height 4 +30.0 % ± 1.0 % name -10.0 %", "the strongest first")
	require.Contains(t, s.see("why-trust").words(), "hardly an explanation")
	s.do(Action{Name: "row.value", Arg: "height", Value: "5"})
	s.gone("why-table") // it was of another row
}

// A loaded model has no rows to be judged on; a lost engine takes the answers with it.
func TestNothingIsShownWithoutATest(t *testing.T) {
	s := understood(t)
	s.see("score-interval")
	s.lose("killed")
	s.gone("score-interval")
	require.Contains(t, s.html("insight-empty"), "Once a model is trained")
}

// A model that was opened is judged only on data that are prepared as for its training.
func TestAnOpenedModelIsJudged(t *testing.T) {
	s := understood(t)
	other := pipeline()
	other.Inputs[0].Center = 7
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 6, Name: "old", Seed: 3, Pipeline: other})
	s.do(Action{Name: "shelf.load", Arg: "old"})
	s.gone("judge-loaded")
	require.Contains(t, s.html("insight-empty"), "the same columns, parts and seed (3)")
	own := pipeline()
	own.Output.Threshold = 0.3
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 7, Name: "old", Seed: 3, Pipeline: own})
	s.do(Action{Name: "shelf.load", Arg: "old"}, Action{Name: "insight.loaded"})
	require.Contains(t, string(s.engine.last[bindings.MethodJudgeTest]), `"model":7`)
	require.Contains(t, s.see("score-interval").words(), "95 % interval")
	require.True(t, s.disabled("folds-ask"), "how it was trained is not known")
}
