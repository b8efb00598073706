package page

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestOneRowIsPredictedFromTheForm(t *testing.T) {
	s := trained(t)
	require.Equal(t, "4", *s.see("in-0").Value, "the form begins with typical values")
	require.Contains(t, s.see("in-0-hint").words(), "learned from 1 to 9")
	require.Equal(t, "fern", s.see("predicted").words())
	s.do(Action{Name: "row.value", Arg: "height", Value: "7,5"})
	var p bindings.RowParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelRow], &p))
	require.Equal(t, map[string]string{"height": "7,5"}, p.Values)
	require.Contains(t, s.see("prediction").words(), "75.0")
	s.fail(bindings.MethodModelRow, tensor.CodeData, "“tall” is not a number.")
	s.do(Action{Name: "row.value", Arg: "height", Value: "tall"})
	require.Contains(t, s.see("problem-row").words(), "“tall” is not a number")
	require.Equal(t, "tall", *s.see("in-0").Value)
}

func TestATestRowFillsTheForm(t *testing.T) {
	s := openTable(t)
	s.engine.answer[bindings.MethodModelTest] = func(json.RawMessage, Request) (any, [][]byte, error) {
		return bindings.TestResult{Rows: 1, Headline: "acc", Metrics: bindings.Logs{"acc": 1}, Lines: bindings.Tensor{Shape: []int{1}}},
			[][]byte{{0, 0, 0xa0, 0x40}}, nil // the float32 5
	}
	s.fix(bindings.MethodTableRows, bindings.RowsResult{Columns: []string{"kind", "height", "name"}, Rows: [][]string{{"rose", "8", "x"}}, Lines: []int{6}})
	s.do(Action{Name: "train"}, Action{Name: "row.random"})
	require.JSONEq(t, `{"table":3,"from":4,"count":1}`, string(s.engine.last[bindings.MethodTableRows]))
	require.Equal(t, "8", *s.see("in-0").Value)
	require.Contains(t, s.see("row-truth").words(), "line 6 of the file, kept aside from training; there it says rose")
}

func TestUnknownCategoriesFitTheForm(t *testing.T) {
	in := &data.Input{Categories: []string{"a", "rest"}, Other: "rest"}
	require.Equal(t, "a", known(in, "a"))
	require.Equal(t, "rest", known(in, "zzz"))
	require.Equal(t, "1.5", known(&data.Input{}, "1.5"))
}

func TestSavingListingLoadingDeleting(t *testing.T) {
	s := trained(t)
	require.Equal(t, "kind from flowers", *s.see("save-name").Value)
	s.do(Action{Name: "shelf.name", Value: " "}, Action{Name: "shelf.save"})
	require.Contains(t, s.see("problem-models").words(), "give the model a name")

	s.fix(bindings.MethodStoreList, bindings.ListResult{Models: []bindings.StoredModel{{Name: "mine", Kind: "model", Bytes: 2000, Date: "2026-01-02T03:04:05Z", Target: "kind", Metrics: bindings.Logs{"acc": 0.9}}}})
	s.do(Action{Name: "shelf.name", Value: "mine"}, Action{Name: "shelf.save"})
	require.False(t, s.screen.unsaved)
	models := s.see("models").words()
	for _, want := range []string{"mine", "90.0", "predicts kind", "2 January 2026", "2.0 kB"} {
		require.Contains(t, models, want)
	}
	require.Equal(t, "Replace the saved model", s.see("save").words())

	s.do(Action{Name: "shelf.load", Arg: "mine"})
	require.Contains(t, s.see("loaded-model").words(), "“mine” is open (saved in this browser on 2 January 2026")
	require.False(t, s.screen.unsaved)

	s.do(Action{Name: "shelf.delete", Arg: "mine"})
	require.NotContains(t, s.engine.asked, bindings.MethodStoreRemove, "deleting asks first")
	s.do(Action{Name: "shelf.keep"})
	s.gone("delete-yes")
	s.do(Action{Name: "shelf.delete", Arg: "mine"})
	s.see("delete-yes")
	s.do(Action{Name: "shelf.gone", Arg: "mine"})
	require.JSONEq(t, `{"name":"mine"}`, string(s.engine.last[bindings.MethodStoreRemove]))
}

func TestFullStorageLeavesTheModelOpen(t *testing.T) {
	s := trained(t)
	s.fail(bindings.MethodModelSave, tensor.CodeQuota, "There is no room left.")
	s.do(Action{Name: "shelf.save"})
	require.Contains(t, s.see("problem-models").words(), "There is no room left. The model is still open: you can download it")
	require.True(t, s.screen.unsaved)
	s.engine.answer[bindings.MethodModelBytes] = func(json.RawMessage, Request) (any, [][]byte, error) {
		return bindings.BytesResult{Name: "flowers.safetensors"}, [][]byte{{1, 2}}, nil
	}
	s.do(Action{Name: "result.download"})
	require.Equal(t, []byte{1, 2}, s.screen.files["flowers.safetensors"])
	require.False(t, s.screen.unsaved)
}

func TestAModelFileFromAnotherProgramIsRefusedInItsPlace(t *testing.T) {
	s := trained(t)
	s.fail(bindings.MethodModelOpen, tensor.CodeFormat, "The file is cut short.")
	s.do(Action{Name: "page.files", Files: []File{{Name: "Half.SafeTensors"}}})
	require.Contains(t, s.see("problem-models").words(), "Half.SafeTensors could not be opened: The file is cut short.")
	require.Equal(t, "cafe", s.see("digest").words(), "the open model stays")
}

func TestALostEngineIsReplacedAndEverythingComesBack(t *testing.T) {
	s := trained(t)
	s.do(Action{Name: "column.scaling", Arg: "height", Value: "minmax"})
	s.fix(bindings.MethodStoreList, bindings.ListResult{Models: []bindings.StoredModel{{Name: "flowers", Kind: "model"}}})
	s.app.shelf.refresh()
	s.lose("out of memory")
	require.Contains(t, s.see("engine-lost").words(), "out of memory")
	require.True(t, s.disabled("train"))
	require.Equal(t, "go-on", s.screen.focus)
	s.engine.asked = nil
	s.do(Action{Name: "state.again"})
	s.gone("engine-lost")
	require.Equal(t, bindings.MethodHello, s.engine.asked[0])
	require.Contains(t, s.engine.asked, bindings.MethodTableOpen)
	require.Contains(t, s.see("loaded-model").words(), "“flowers” is open")
	require.Equal(t, data.ScalingMinMax, s.app.columns.now.Columns[1].Scaling)
	require.False(t, s.disabled("train"))
}

func TestATrainingThatWasCutOffGoesOn(t *testing.T) {
	s := openTable(t)
	s.engine.answer[bindings.MethodModelFit] = func(json.RawMessage, Request) (any, [][]byte, error) {
		s.lose("killed")
		return nil, nil, refuse(tensor.CodeEngineLost, "lost")
	}
	s.do(Action{Name: "train"})
	require.Contains(t, s.see("engine-lost").words(), "automatic copy")
	s.gone("problem-train")

	s.fix(bindings.MethodStoreList, bindings.ListResult{Models: []bindings.StoredModel{{Name: checkpointName, Kind: "checkpoint"}}})
	s.fix(bindings.MethodModelLoad, bindings.ModelInfo{Model: 8, Name: "flowers", Seed: 1, Pipeline: pipeline(),
		Interrupted: &bindings.FitResult{Epoch: []int{0}, History: map[string][]float64{"loss": {0.7}}}})
	s.do(Action{Name: "state.again"})
	require.Contains(t, s.see("loaded-model").words(), "flowers")
	var fit bindings.FitParams
	s.engine.answer[bindings.MethodModelFit] = func(p json.RawMessage, _ Request) (any, [][]byte, error) {
		require.NoError(t, json.Unmarshal(p, &fit))
		require.Equal(t, []float64{0.7}, s.app.train.curves["loss"])
		return bindings.FitResult{Epoch: []int{0, 1}, History: map[string][]float64{"loss": {0.7, 0.6}}}, nil, nil
	}
	s.do(Action{Name: "train.resume"})
	require.True(t, fit.Resume)
	require.Equal(t, 8, fit.Model)
	require.Equal(t, []float64{0.7, 0.6}, s.app.train.curves["loss"])
}

func TestATrainingGoesOnOnlyWithItsOwnTable(t *testing.T) {
	s := openTable(t)
	other := pipeline()
	other.Inputs[0].Center = 3
	s.app.result.show(&outcome{loaded: true, info: bindings.ModelInfo{Model: 8, Seed: 4, Pipeline: other, Interrupted: &bindings.FitResult{}}})
	s.do(Action{Name: "train.resume"})
	require.Contains(t, s.see("problem-train").words(), "open the same file again")
	require.NotContains(t, s.engine.asked, bindings.MethodModelFit)
}

func TestManyColumnsAreDrawnAPageAtATime(t *testing.T) {
	s := newStage(t)
	info, setup := table(), suggestion()
	for len(info.Profile.Columns) < 10_000 {
		name := "c" + plain(float64(len(info.Profile.Columns)))
		info.Profile.Columns = append(info.Profile.Columns, data.ColumnProfile{Name: name, Kind: data.KindNumber, Inferred: data.KindNumber})
		setup.Columns = append(setup.Columns, data.ColumnSetup{Name: name, Kind: data.KindNumber, Role: data.RoleFeature})
	}
	s.fix(bindings.MethodTableOpen, info)
	s.fix(bindings.MethodTableSuggest, setup)
	s.do(Action{Name: "data.sample", Arg: "x"})
	require.Less(t, len(s.html("columns-view")), 120_000)
	require.Contains(t, s.html("columns-view"), "page 1 of 400")
	s.do(Action{Name: "columns.page", Arg: "399"})
	require.Contains(t, s.html("columns-view"), `data-column="c9999"`)
	s.do(Action{Name: "columns.filter", Value: "C777"})
	require.Contains(t, s.html("columns-view"), `data-column="c7770"`)
	require.Contains(t, s.html("columns-view"), "page 1 of 1")
}

func TestARegressionSpeaksInTheTargetsUnits(t *testing.T) {
	s := openTable(t)
	p := pipeline()
	p.Output = data.Output{Name: "price", Task: data.TaskRegression, Scale: 200}
	s.engine.answer[bindings.MethodTablePrepare] = func(json.RawMessage, Request) (any, [][]byte, error) {
		r := preparation(suggestion())
		r.Pipeline, r.Setup.Task = p, data.TaskRegression
		return r, nil, nil
	}
	s.fix(bindings.MethodModelCreate, bindings.ModelInfo{Model: 5, Name: "houses", Pipeline: p})
	s.fix(bindings.MethodModelFit, bindings.FitResult{Epoch: []int{0}, History: map[string][]float64{"loss": {1}, "mae": {0.5}, "val_mae": {math.Pi}}})
	s.fix(bindings.MethodModelTest, bindings.TestResult{Rows: 60, Headline: "r2", Guess: "512", Metrics: bindings.Logs{"r2": 0.9, "mae": 20, "rmse": 30}, Baseline: bindings.Logs{"r2": 0, "mae": 90, "rmse": 120}})
	s.do(Action{Name: "column.scaling", Arg: "height", Value: "none"}, Action{Name: "train"})
	require.Equal(t, []float64{100}, s.app.train.inUnits("mae"))
	require.Contains(t, s.see("verdict").words(), "off by 20 on average. Always guessing the mean, 512, would be off by 90.")
	require.Contains(t, s.see("score-mae").words(), "by guessing 90")
	value := 345.5
	s.fix(bindings.MethodModelRow, bindings.RowResult{Value: &value})
	s.do(Action{Name: "row.predict"})
	require.Equal(t, "345.5", s.see("predicted").words())
}
