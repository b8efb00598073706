package bindings

import (
	"context"
	"math"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// told gathers the notifications of a kind.
func told[T any](b *bench, method string) *[]T {
	var list []T
	post := b.engine.host.Post
	b.engine.host.Post = func(p Packet) {
		var m Message
		if Decode(p.Text, &m) == nil && m.Method == method {
			var one T
			require.NoError(b.t, json.Unmarshal(m.Params, &one))
			list = append(list, one)
		}
		post(p)
	}
	return &list
}

func TestFolds(t *testing.T) {
	b := newBench(t)
	folds := told[FoldDone](b, NotifyFold)
	p, prepared := b.garden()
	var before, after DigestResult
	b.call(MethodModelDigest, ModelParams{p.Model}, &before)
	b.call(MethodJudgeThreshold, ThresholdParams{Model: p.Model, Threshold: 0.7}, nil)
	fit := FitParams{Model: p.Model, Table: p.Table, Epochs: 12, BatchSize: 16, EarlyStopping: &EarlyStopping{Patience: 1}}
	var r FoldsResult
	b.call(MethodJudgeFolds, FoldsParams{Fit: fit, Folds: 3}, &r)
	require.Len(t, r.Folds, 3)
	rows, mean := 0, 0.0
	for _, f := range r.Folds {
		rows += f.Rows
		mean += f.Score / 3
		require.Greater(t, f.Score, f.Baseline)
	}
	require.Equal(t, prepared.Train, rows)
	require.InDelta(t, mean, r.Mean, 1e-9)
	require.Positive(t, r.SD)
	require.Len(t, *folds, 3)
	require.Equal(t, FoldDone{ID: (*folds)[2].ID, Of: 3, Index: 2, Fold: r.Folds[2]}, (*folds)[2])
	b.call(MethodModelDigest, ModelParams{p.Model}, &after)
	require.Equal(t, before, after)
	var info ModelInfo
	b.call(MethodModelInfo, ModelParams{p.Model}, &info)
	require.Equal(t, float32(0.7), info.Pipeline.Output.Threshold, "the model keeps its own threshold")
	b.refused(tensor.CodeOption, MethodJudgeFolds, FoldsParams{Fit: FitParams{Model: p.Model, Table: p.Table}})
	b.refused(tensor.CodeOption, MethodJudgeFolds, FoldsParams{Fit: fit, Folds: 1 << 20})
}

// Cancelling ends it between folds or within one; what was done has been told.
func TestFoldsCancelled(t *testing.T) {
	b := newBench(t)
	b.hurry()
	p, _ := b.garden()
	ctx, cancel := context.WithCancel(t.Context())
	var seen []Progress
	_, err := b.do(ctx, call{Method: MethodJudgeFolds, Params: FoldsParams{Fit: FitParams{Model: p.Model, Table: p.Table, Epochs: 1 << 20}},
		OnProgress: func(at Progress) { seen = append(seen, at); cancel() }})
	var refusal *Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, tensor.CodeAborted, refusal.Data.Code)
	require.Equal(t, "fit", seen[0].Stage)
	require.LessOrEqual(t, seen[0].Done, seen[0].Total)
	b.call(MethodJudgeTest, p, nil)
}

func TestFoldsOfNumbers(t *testing.T) {
	b := newBench(t)
	p := b.prices()
	var r FoldsResult
	b.call(MethodJudgeFolds, FoldsParams{Fit: FitParams{Model: p.Model, Table: p.Table, Epochs: 20, BatchSize: 16}, Folds: 2}, &r)
	require.Equal(t, "r2", r.Headline)
	require.Greater(t, r.Mean, 0.4)
	require.InDelta(t, 0, r.Baseline, 0.05)
}

func TestLearning(t *testing.T) {
	b := newBench(t)
	points := told[PointDone](b, NotifyPoint)
	p, prepared := b.garden()
	var r LearningResult
	b.call(MethodJudgeLearning, LearningParams{Fit: FitParams{Model: p.Model, Table: p.Table, Epochs: 30, BatchSize: 16}}, &r)
	require.Len(t, r.Points, 4)
	require.Equal(t, prepared.Train/8, r.Points[0].Rows)
	require.Equal(t, prepared.Train, r.Points[3].Rows)
	require.Less(t, r.Points[3].Validation, r.Points[0].Validation, "more rows help")
	require.InDelta(t, math.Ln2, r.Baseline, 0.1, "two classes that are equally frequent")
	require.Contains(t, []explain.LearningVerdict{explain.MoreData, explain.Enough, explain.Overfits}, r.Judgement.Verdict)
	require.NotEmpty(t, r.Judgement.Reason)
	require.Greater(t, r.Points[3].Score, 0.85)
	require.Len(t, *points, 4)
	require.Equal(t, r.Points[1], (*points)[1].Point)
}

// A model that cannot bend is too small for a table that does.
func TestLearningOfTooSmallAModel(t *testing.T) {
	b := newBench(t)
	table, _ := b.open(flowers(400), "kind")
	seed := int64(1)
	var info ModelInfo
	b.call(MethodModelCreate, CreateParams{Table: table.Table, Seed: &seed}, &info)
	b.call(MethodModelCompile, CompileParams{Model: info.Model, Optimizer: Optimizer{ClassName: "sgd", Config: []byte(`{"learningRate":0.00001}`)}}, nil)
	b.call(MethodModelFit, FitParams{Model: info.Model, Table: table.Table, Epochs: 1}, nil)
	var r LearningResult
	b.call(MethodJudgeLearning, LearningParams{Fit: FitParams{Model: info.Model, Table: table.Table, Epochs: 1}}, &r)
	require.Equal(t, explain.TooSmall, r.Judgement.Verdict)
}

// What has no value is no 0.
func TestNoValueIsNotZero(t *testing.T) {
	nan := math.NaN()
	for _, v := range []any{&JudgeResult{Score: Bounds{nan, nan, nan}, Measures: []Measure{{Name: "f1", Bounds: Bounds{nan, 0, 0}}}}, &FoldsResult{Mean: nan, Folds: []FoldScore{{Score: nan}}},
		&FoldDone{Fold: FoldScore{Score: nan}}, &LearningResult{Baseline: nan}, &PointDone{Point: LearningPoint{Score: nan}}} {
		text, err := Encode(v)
		require.NoError(t, err)
		require.Contains(t, string(text), "null")
		back := reflect.New(reflect.TypeOf(v).Elem())
		require.NoError(t, json.Unmarshal(text, back.Interface()))
		again, err := Encode(back.Interface())
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
	}
}
