package bindings

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Pictures are explained pixel by pixel, and what does not need columns works for them.
func TestWhyPicture(t *testing.T) {
	b := newBench(t)
	info := b.openStripes()
	var ready ImagesPrepareResult
	b.call(MethodImagesPrepare, ImagesPrepareParams{info.Table, info.Setup}, &ready)
	var model ModelInfo
	seed := int64(1)
	b.call(MethodModelCreate, CreateParams{Layers: ready.Layers, Table: info.Table, Seed: &seed}, &model)
	b.call(MethodModelCompile, CompileParams{Model: model.Model, Optimizer: Optimizer{ClassName: "adam"}}, nil)
	b.call(MethodModelFit, FitParams{Model: model.Model, Table: info.Table, Epochs: 20, BatchSize: 8}, nil)

	for picture, label := range map[int]string{2: "across", 39: "down"} {
		p := ClassifyParams{Model: model.Model, Table: info.Table, Picture: picture, Side: 64}
		var said ClassifyResult
		b.call(MethodImagesClassify, p, &said)
		require.Equal(t, label, said.Answer.Label)
		var r WhyPictureResult
		out := b.call(MethodWhyPicture, WhyPictureParams{Picture: p}, &r)
		require.Equal(t, label, r.Label)
		require.InDelta(t, said.Answer.Classes[0].Probability, r.Answer, 1e-4)
		values := tensorOf(t, r.Values, out)
		require.Equal(t, []int{16, 16}, values.Shape)
		sum := 0.0
		for _, v := range values.Data {
			sum += float64(v)
		}
		require.InDelta(t, r.Answer-r.Blank, sum, r.Gap+1e-3)
		require.Less(t, r.Gap, 0.05)
	}

	q := JudgeParams{Model: model.Model, Table: info.Table}
	var judged JudgeResult
	b.call(MethodJudgeTest, q, &judged)
	require.NotNil(t, judged.Two)
	var rows JudgeRowsResult
	b.call(MethodJudgeRows, JudgeRowsParams{JudgeParams: q, Count: 5}, &rows)
	require.Empty(t, rows.Columns)
	var folds FoldsResult
	b.call(MethodJudgeFolds, FoldsParams{Fit: FitParams{Model: model.Model, Table: info.Table, Epochs: 2, BatchSize: 8}, Folds: 2}, &folds)
	require.Len(t, folds.Folds, 2)
	b.call(MethodJudgeLearning, LearningParams{Fit: FitParams{Model: model.Model, Table: info.Table, Epochs: 2, BatchSize: 8}}, nil)
	b.refused(tensor.CodeUnsupported, MethodWhyColumns, WhyColumnsParams{JudgeParams: q})
	b.refused(tensor.CodeUnsupported, MethodJudgeGroups, GroupsParams{JudgeParams: q, Column: "x"})
}
