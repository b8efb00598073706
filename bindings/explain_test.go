package bindings

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// garden is flowers, with a model that has learned them.
func (b *bench) garden() (JudgeParams, PrepareResult) {
	b.t.Helper()
	table, prepared := b.open(flowers(600), "kind")
	info, _ := b.trained(table.Table, 25)
	return JudgeParams{Model: info.Model, Table: table.Table}, prepared
}

// prices is a table whose number follows from another two, worse for one kind of rows.
func (b *bench) prices() JudgeParams {
	b.t.Helper()
	var csv strings.Builder
	csv.WriteString("x;z;kind;day;y\n")
	for i := range 600 {
		x, z, noise := math.Sin(float64(i)), math.Cos(float64(7*i)), 0.0
		kind := []string{"calm", "wild"}[i%2]
		if kind == "wild" {
			noise = 30 * math.Sin(float64(i*i))
		}
		fmt.Fprintf(&csv, "%.4f;%.4f;%s;2024-%02d-%02d;%.4f\n", x, z, kind, 1+i%12, 1+i%28, 1000+50*x-40*z+noise)
	}
	table, _ := b.open(csv.String(), "y")
	info, _ := b.trained(table.Table, 30)
	return JudgeParams{Model: info.Model, Table: table.Table}
}

func within(t *testing.T, b Bounds) {
	t.Helper()
	require.LessOrEqual(t, b.Low, b.Value)
	require.LessOrEqual(t, b.Value, b.High)
}

func TestJudgeClasses(t *testing.T) {
	b := newBench(t)
	p, _ := b.garden()
	var r JudgeResult
	out := b.call(MethodJudgeTest, p, &r)
	var test TestResult
	b.call(MethodModelTest, TestParams{Model: p.Model, Table: p.Table}, &test)
	require.Equal(t, "acc", r.Headline)
	require.Equal(t, test.Metrics["acc"], r.Score.Value, "the same score as without an interval")
	require.Equal(t, test.Baseline["acc"], r.Baseline.Value)
	require.InDelta(t, r.Score.Value-r.Baseline.Value, r.Lead.Value, 1e-12)
	for _, v := range []Bounds{r.Score, r.Baseline, r.Lead, r.Measures[0].Bounds, r.Two.AUC, r.Two.AP} {
		within(t, v)
	}
	require.Positive(t, r.Lead.Low, "clearly better than guessing")
	var names []string
	for _, m := range r.Measures {
		names = append(names, m.Name)
	}
	require.Equal(t, []string{"f1", "kappa", "mcc", "logLoss"}, names)
	require.Less(t, r.Measures[3].Value, r.Measures[3].Baseline)

	rows := 0
	for _, bin := range r.Calibration.Bins {
		rows += bin.Rows
		require.GreaterOrEqual(t, bin.Said, bin.Low)
		require.LessOrEqual(t, bin.Said, bin.High)
	}
	require.Equal(t, r.Rows, rows)

	// At the model's own threshold the counts are those of the confusion matrix.
	counts := tensorOf(t, r.Two.Counts, out)
	require.Equal(t, 0.5, r.Two.Threshold)
	require.Equal(t, float32(test.Confusion[1][1]), counts.Row(0)[500])
	require.Equal(t, float32(test.Confusion[0][1]), counts.Row(1)[500])
	require.Equal(t, float32(r.Two.Positives), counts.Row(0)[0])
	roc := tensorOf(t, r.Two.ROC, out)
	last := roc.Cols() - 1
	require.Equal(t, []float32{0, 1, 0, 1}, []float32{roc.Row(0)[0], roc.Row(0)[last], roc.Row(1)[0], roc.Row(1)[last]})
	require.Greater(t, r.Two.AUC.Value, 0.95)
}

func TestJudgeNumbers(t *testing.T) {
	b := newBench(t)
	p := b.prices()
	var r JudgeResult
	b.call(MethodJudgeTest, p, &r)
	require.Equal(t, "r2", r.Headline)
	require.Nil(t, r.Two)
	within(t, r.Score)
	require.Greater(t, r.Score.Value, 0.6)
	require.Equal(t, "mae", r.Measures[0].Name)
	within(t, r.Measures[0].Bounds)
	require.Less(t, r.Measures[0].Value, r.Measures[0].Baseline)

	var rows JudgeRowsResult
	b.call(MethodJudgeRows, JudgeRowsParams{JudgeParams: p, Count: 10}, &rows)
	require.Len(t, rows.Rows, 10)
	require.Equal(t, r.Rows, rows.Total)
	require.Equal(t, []string{"x", "z", "kind", "day", "y"}, rows.Columns)
	for i, row := range rows.Rows {
		require.Equal(t, row.Row+1, row.Line, "the header is line 1")
		require.Len(t, row.Cells, 5)
		if i > 0 {
			require.LessOrEqual(t, math.Abs(row.Error), math.Abs(rows.Rows[i-1].Error))
		}
	}

	var groups GroupsResult
	b.call(MethodJudgeGroups, GroupsParams{JudgeParams: p, Column: "kind"}, &groups)
	require.Len(t, groups.Errors, 2)
	mae := map[string]float64{}
	for _, g := range groups.Errors {
		mae[g.Group] = g.MAE.Value
		within(t, g.MAE)
		within(t, g.Bias)
	}
	require.Greater(t, mae["wild"], 2*mae["calm"])
	require.Positive(t, groups.Gap.Low)
	b.call(MethodJudgeGroups, GroupsParams{JudgeParams: p, Column: "day", Groups: 3}, &groups)
	require.True(t, groups.Ranges)
	require.Len(t, groups.Errors, 3)
	require.Regexp(t, `^2024-\d\d-\d\d to 2024-`, groups.Errors[0].Group)
}

func TestRowsBehindACell(t *testing.T) {
	b := newBench(t)
	p, _ := b.garden()
	var test TestResult
	b.call(MethodModelTest, TestParams{Model: p.Model, Table: p.Table}, &test)
	zero, one := 0, 1
	var r JudgeRowsResult
	b.call(MethodJudgeRows, JudgeRowsParams{JudgeParams: p, Truth: &one, Said: &one, Count: MaxJudgedRows}, &r)
	require.Equal(t, test.Confusion[1][1], r.Total)
	for i, row := range r.Rows {
		require.Equal(t, test.Labels[1], row.Truth)
		require.Equal(t, test.Labels[1], row.Said)
		require.Equal(t, row.Truth, row.Cells[3])
		require.GreaterOrEqual(t, row.Share, 0.5)
		if i > 0 {
			require.LessOrEqual(t, row.Share, r.Rows[i-1].Share, "the surest first")
		}
	}
	b.call(MethodJudgeRows, JudgeRowsParams{JudgeParams: p, Truth: &zero, Said: &one, Count: 1}, &r)
	require.Equal(t, test.Confusion[0][1], r.Total)
	b.call(MethodJudgeRows, JudgeRowsParams{JudgeParams: p, Count: 1}, &r)
	require.Equal(t, test.Confusion[0][1]+test.Confusion[1][0], r.Total)
	b.refused(tensor.CodeOption, MethodJudgeRows, JudgeRowsParams{JudgeParams: p, Count: 1000})
}

// A threshold changes the answers, is kept in the file, and is the model's alone.
func TestThreshold(t *testing.T) {
	b := newBench(t)
	p, prepared := b.garden()
	var info ModelInfo
	b.call(MethodJudgeThreshold, ThresholdParams{Model: p.Model, Threshold: 0.9}, &info)
	require.Equal(t, float32(0.9), info.Pipeline.Output.Threshold)
	var r JudgeResult
	out := b.call(MethodJudgeTest, p, &r)
	var test TestResult
	b.call(MethodModelTest, TestParams{Model: p.Model, Table: p.Table}, &test)
	require.Equal(t, float32(test.Confusion[1][1]), tensorOf(t, r.Two.Counts, out).Row(0)[900])
	require.InDelta(t, 0.9, r.Two.Threshold, 1e-6)
	require.Equal(t, test.Metrics["acc"], r.Score.Value)

	b.call(MethodModelSave, SaveParams{Model: p.Model, Name: "strict"}, nil)
	var loaded ModelInfo
	b.call(MethodModelLoad, LoadParams{Name: "strict"}, &loaded)
	require.Equal(t, float32(0.9), loaded.Pipeline.Output.Threshold)
	var fresh ModelInfo
	b.call(MethodModelCreate, CreateParams{Table: p.Table}, &fresh)
	require.Zero(t, fresh.Pipeline.Output.Threshold)
	require.Zero(t, prepared.Pipeline.Output.Threshold)
	b.call(MethodJudgeThreshold, ThresholdParams{Model: p.Model, Threshold: 0.5}, &info)
	require.Zero(t, info.Pipeline.Output.Threshold)
	b.refused(tensor.CodeOption, MethodJudgeThreshold, ThresholdParams{Model: p.Model, Threshold: 1})
	b.refused(tensor.CodeUnsupported, MethodJudgeThreshold, ThresholdParams{Model: b.xorModel(1), Threshold: 0.3})
}

func TestGroups(t *testing.T) {
	b := newBench(t)
	p, _ := b.garden()
	var r GroupsResult
	b.call(MethodJudgeGroups, GroupsParams{JudgeParams: p, Column: "colour", Positive: 1}, &r)
	require.False(t, r.Ranges)
	require.Len(t, r.Scores.Groups, 3)
	rows := 0
	for _, g := range r.Scores.Groups {
		rows += g.Rows
		require.Contains(t, []string{"red", "white", "blue"}, g.Group)
		require.Equal(t, g.Rows < 30 || g.TruePositiveRate.Rows < 30 || g.FalsePositiveRate.Rows < 30, g.Warning != "")
	}
	require.Equal(t, r.Rows, rows)
	b.call(MethodJudgeGroups, GroupsParams{JudgeParams: p, Column: "width", Few: 5}, &r)
	require.True(t, r.Ranges)
	require.Len(t, r.Scores.Groups, 5)
	require.Len(t, r.Scores.Gaps, 4)
	b.refused(tensor.CodeOption, MethodJudgeGroups, GroupsParams{JudgeParams: p, Column: "smell"})
	b.refused(tensor.CodeOption, MethodJudgeGroups, GroupsParams{JudgeParams: p, Column: "colour", Positive: 2})
}

func TestWhy(t *testing.T) {
	b := newBench(t)
	p, prepared := b.garden()
	var r WhyColumnsResult
	b.call(MethodWhyColumns, WhyColumnsParams{JudgeParams: p}, &r)
	require.Len(t, r.Columns, 3)
	require.Equal(t, "colour", r.Columns[2].Column, "the kind does not depend on the colour")
	require.Greater(t, r.Columns[0].Mean, 0.1)
	require.Len(t, r.Columns[0].Each, 5)

	var d, other WhyColumnResult
	tulip := slices.Index(prepared.Pipeline.Output.Labels, "tulip")
	b.call(MethodWhyColumn, WhyColumnParams{JudgeParams: p, Column: "width", Class: tulip}, &d)
	b.call(MethodWhyColumn, WhyColumnParams{JudgeParams: p, Column: "width", Class: 1 - tulip}, &other)
	require.Len(t, d.Mean, len(d.Grid))
	require.NotEmpty(t, d.Curves)
	last := len(d.Mean) - 1
	require.Greater(t, d.Mean[last], d.Mean[0]+0.2, "the wider the likelier a tulip")
	require.InDelta(t, 1, d.Mean[0]+other.Mean[0], 1e-6)
	b.call(MethodWhyColumn, WhyColumnParams{JudgeParams: p, Column: "colour", Class: 1}, &d)
	require.ElementsMatch(t, []string{"red", "white", "blue"}, d.Labels)
	b.refused(tensor.CodeOption, MethodWhyColumn, WhyColumnParams{JudgeParams: p, Column: "smell"})
	b.refused(tensor.CodeOption, MethodWhyColumn, WhyColumnParams{JudgeParams: p, Column: "width", Class: 2})

	// A row that is a rose because of both numbers: the explanation is of "rose".
	values := map[string]string{"width": "-0.9", "height": "-0.8", "colour": "red"}
	var row WhyRowResult
	b.call(MethodWhyRow, WhyRowParams{Model: p.Model, Table: p.Table, Values: values}, &row)
	require.Equal(t, "rose", row.Label)
	require.Greater(t, row.Answer, 0.5)
	effect := map[string]float64{}
	for _, e := range row.Effects {
		effect[e.Column] = e.Effect
	}
	require.Greater(t, effect["width"], 0.1)
	require.Greater(t, effect["height"], 0.1)
	require.Less(t, math.Abs(effect["colour"]), 0.1)
	require.Greater(t, row.R2, 0.1)
	require.Greater(t, row.Agreement, 0.3)
	b.refused(tensor.CodeData, MethodWhyRow, WhyRowParams{Model: p.Model, Table: p.Table, Values: map[string]string{"width": "wide"}})
}

// Explanations of a regression are in its units.
func TestWhyNumbers(t *testing.T) {
	b := newBench(t)
	p := b.prices()
	var r WhyColumnsResult
	b.call(MethodWhyColumns, WhyColumnsParams{JudgeParams: p, Repeats: 2}, &r)
	require.Equal(t, "r2", r.Metric)
	require.Equal(t, "x", r.Columns[0].Column)
	var d WhyColumnResult
	b.call(MethodWhyColumn, WhyColumnParams{JudgeParams: p, Column: "x"}, &d)
	require.InDelta(t, 950, d.Mean[0], 25)
	require.InDelta(t, 1050, d.Mean[len(d.Mean)-1], 25)
	var row WhyRowResult
	b.call(MethodWhyRow, WhyRowParams{Model: p.Model, Table: p.Table, Values: map[string]string{"x": "0.9", "z": "0.1", "kind": "calm", "day": "2024-02-02"}}, &row)
	require.Empty(t, row.Label)
	require.InDelta(t, 1041, row.Answer, 25)
}

func TestJudgeRefuses(t *testing.T) {
	b := newBench(t)
	p, _ := b.garden()
	b.refused(tensor.CodeShape, MethodJudgeTest, JudgeParams{Model: b.xorModel(1), Table: p.Table})
	b.refused(tensor.CodeOption, MethodJudgeTest, JudgeParams{Model: p.Model, Table: p.Table, Part: "future"})
	b.refused(tensor.CodeOption, MethodJudgeTest, JudgeParams{Model: p.Model, Table: 77})
	b.refused(tensor.CodeUnsupported, MethodWhyPicture, WhyPictureParams{Picture: ClassifyParams{Model: p.Model}})

	b.engine.acquire() // a forecast of several steps has no single number a row
	several := *b.engine.models[p.Model].train.Pipeline
	mine := several
	several.Output.Steps = 3
	b.engine.models[p.Model].train.Pipeline = &several
	b.engine.release()
	b.refused(tensor.CodeUnsupported, MethodJudgeTest, p)
	b.engine.acquire()
	b.engine.models[p.Model].train.Pipeline = &mine
	b.engine.release()

	// Another target for the same columns.
	var setup data.Setup
	b.call(MethodTableSuggest, SuggestParams{Table: p.Table, Target: "colour"}, &setup)
	b.call(MethodTablePrepare, PrepareParams{Table: p.Table, Setup: setup}, nil)
	b.refused(tensor.CodeShape, MethodJudgeTest, p)
}

// Two questions at once, one cancelled: the other is answered, and the model is as it was.
func TestQuestionsRunBesideEachOther(t *testing.T) {
	b := newBench(t)
	b.hurry()
	p, _ := b.garden()
	var before, after DigestResult
	b.call(MethodModelDigest, ModelParams{p.Model}, &before)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	begun := make(chan bool, 1)
	go func() {
		_, err := b.do(ctx, call{Method: MethodWhyColumns, Params: WhyColumnsParams{JudgeParams: p, Repeats: 1 << 19}, OnProgress: func(at Progress) {
			if at.Stage == "judge" {
				select {
				case begun <- true:
				default:
				}
			}
		}})
		failed <- err
	}()
	<-begun
	var r WhyRowResult
	b.call(MethodWhyRow, WhyRowParams{Model: p.Model, Table: p.Table, Values: map[string]string{"width": "0.9", "height": "0.9", "colour": "red"}}, &r)
	require.Equal(t, "tulip", r.Label)
	cancel()
	var refusal *Error
	require.ErrorAs(t, <-failed, &refusal)
	require.Equal(t, tensor.CodeAborted, refusal.Data.Code)
	b.call(MethodModelDigest, ModelParams{p.Model}, &after)
	require.Equal(t, before, after)
}

// On another division of the table a model would be judged on rows that it learned from.
func TestJudgeRefusesAnotherDivision(t *testing.T) {
	b := newBench(t)
	p, prepared := b.garden()
	b.call(MethodModelSave, SaveParams{Model: p.Model, Name: "garden"}, nil)
	again := func(seed uint64) {
		setup := prepared.Setup
		setup.Split.Seed = seed
		b.call(MethodTablePrepare, PrepareParams{Table: p.Table, Setup: setup}, nil)
	}
	again(prepared.Setup.Split.Seed + 1)
	require.Contains(t, b.refused(tensor.CodeShape, MethodJudgeTest, p).Message, "learned from")
	var loaded ModelInfo
	b.call(MethodModelLoad, LoadParams{Name: "garden"}, &loaded)
	q := JudgeParams{Model: loaded.Model, Table: p.Table}
	b.refused(tensor.CodeShape, MethodJudgeTest, q)
	again(prepared.Setup.Split.Seed)
	b.call(MethodJudgeThreshold, ThresholdParams{Model: loaded.Model, Threshold: 0.4}, nil)
	b.call(MethodJudgeTest, q, nil)
	b.call(MethodJudgeTest, p, nil)
}

// What there is no room for is refused before it is allocated.
func TestJudgeRefusesForMemory(t *testing.T) {
	b := newBench(t)
	p, _ := b.garden()
	b.engine.acquire()
	b.engine.limit = b.engine.held() + 100
	b.engine.release()
	fit := FitParams{Model: p.Model, Table: p.Table, Epochs: 1}
	for method, params := range map[string]any{
		MethodJudgeTest: p, MethodJudgeRows: JudgeRowsParams{JudgeParams: p, Count: 1}, MethodJudgeGroups: GroupsParams{JudgeParams: p, Column: "colour"},
		MethodJudgeFolds: FoldsParams{Fit: fit}, MethodJudgeLearning: LearningParams{Fit: fit},
		MethodWhyColumns: WhyColumnsParams{JudgeParams: p}, MethodWhyColumn: WhyColumnParams{JudgeParams: p, Column: "width"},
		MethodWhyRow: WhyRowParams{Model: p.Model, Table: p.Table, Values: map[string]string{"width": "1"}},
	} {
		b.refused(tensor.CodeMemory, method, params)
	}
}
