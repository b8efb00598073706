package page

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func openTable(t *testing.T) *stage {
	s := newStage(t)
	s.do(Action{Name: "data.file", Files: []File{{Name: "flowers.csv"}}})
	return s
}

func trained(t *testing.T) *stage {
	s := openTable(t)
	s.do(Action{Name: "train"})
	return s
}

func TestOpeningATableSaysWhatWasRead(t *testing.T) {
	s := openTable(t)
	read := s.see("data-read").words()
	for _, want := range []string{"12 rows and 3 columns", "flowers.csv", "semicolons", "UTF-8", "names in the first line", "decimal comma"} {
		require.Contains(t, read, want)
	}
	require.Equal(t, "step-columns", s.screen.focus)
	require.Contains(t, s.see("prepared").words(), "1 column becomes 1 number a row")
	status := s.shown["status"]
	require.Contains(t, status.words(), "Read 12 rows and 3 columns")
}

func TestAFileThatCannotBeReadLeavesTheOldOne(t *testing.T) {
	s := openTable(t)
	s.fail(bindings.MethodTableOpen, tensor.CodeData, "Line 7: the quotes do not balance.")
	s.do(Action{Name: "page.files", Files: []File{{Name: "bad.csv"}}})
	require.Contains(t, s.see("problem-data").words(), "bad.csv: Line 7")
	require.Contains(t, s.see("data-read").words(), "flowers.csv")
	s.do(Action{Name: "data.dismiss"})
	s.gone("problem-data")
	s.do(Action{Name: "page.files", Files: []File{{Name: "a.csv"}, {Name: "b.csv"}}})
	require.Contains(t, s.see("problem-data").words(), "one at a time")
}

func TestEveryDecisionAboutAColumnCanBeUndone(t *testing.T) {
	s := openTable(t)
	before := cloned(s.app.columns.now)
	steps := []Action{
		{Name: "column.role", Arg: "height", Value: "ignore"},
		{Name: "column.role", Arg: "height", Value: "feature"},
		{Name: "column.missing", Arg: "height", Value: "constant"},
		{Name: "column.constant", Arg: "height", Value: "2,5"},
		{Name: "column.scaling", Arg: "height", Value: "minmax"},
		{Name: "column.use", Arg: "name"},
		{Name: "column.encoding", Arg: "name", Value: "ordinal"},
		{Name: "task", Value: "regression"},
	}
	s.do(steps...)
	require.Len(t, s.app.columns.undo, len(steps))
	require.Equal(t, "Undo: task regression", s.see("undo").words())
	for range steps {
		s.do(Action{Name: "columns.undo"})
	}
	require.Equal(t, before, s.app.columns.now)
	require.True(t, s.disabled("undo"))
	s.do(Action{Name: "columns.undo"}) // once more is harmless
	require.Equal(t, before, s.app.columns.now)
}

func TestAColumnGoesBackToAutomatic(t *testing.T) {
	s := openTable(t)
	s.do(Action{Name: "column.role", Arg: "height", Value: "ignore"}, Action{Name: "column.scaling", Arg: "height", Value: "none"})
	require.Contains(t, s.see("columns").words(), "changed by you")
	s.do(Action{Name: "column.auto", Arg: "height"})
	require.NotContains(t, s.see("columns").words(), "changed by you")
	require.Equal(t, s.app.columns.auto, s.app.columns.now)
}

func TestALeakIsProminentAndReversible(t *testing.T) {
	s := openTable(t)
	require.Contains(t, s.html("columns-view"), `data-leak="name"`)
	n := s.shown["columns-view"]
	require.Contains(t, n.words(), "Left out because it gives the answer away: name")
	s.do(Action{Name: "column.use", Arg: "name"})
	n = s.shown["columns-view"]
	require.Contains(t, n.words(), "Careful, this column may give the answer away: name")
}

func TestTheTargetColumnKeepsItsRole(t *testing.T) {
	s := openTable(t)
	s.do(Action{Name: "column.role", Arg: "kind", Value: "ignore"})
	require.Contains(t, s.see("problem-columns").words(), "Choose another target first")
	require.Equal(t, data.RoleTarget, s.app.columns.now.Columns[0].Role)
}

func TestDecisionsSurviveAnotherTarget(t *testing.T) {
	auto, next := suggestion(), suggestion()
	now := cloned(auto)
	now.Columns[1].Scaling = data.ScalingMinMax
	now.Columns[2].Role = data.RoleFeature
	next.Target, next.Columns[0].Role, next.Columns[2].Role = "name", data.RoleFeature, data.RoleTarget
	got := carry(auto, now, next)
	require.Equal(t, data.ScalingMinMax, got.Columns[1].Scaling)
	require.Equal(t, data.RoleTarget, got.Columns[2].Role, "the new target stays the target")
	require.Equal(t, data.RoleFeature, got.Columns[0].Role)
}

func TestTrainingSendsWhatTheFormSays(t *testing.T) {
	s := openTable(t)
	require.Equal(t, "50", s.app.network.opts.epochs)
	s.do(Action{Name: "layer.add", Arg: "dropout"}, Action{Name: "option.l2", Value: "0,01"}, Action{Name: "option.seed", Value: "7"}, Action{Name: "train"})
	var c bindings.CreateParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelCreate], &c))
	require.Equal(t, int64(7), *c.Seed)
	require.Equal(t, 3, c.Table)
	require.Len(t, c.Layers, 2)
	require.JSONEq(t, `{"units":8,"activation":"relu","kernelInitializer":"heNormal","kernelRegularizer":{"class_name":"L2","config":{"l2":0.01}}}`, string(c.Layers[0].Config))
	require.JSONEq(t, `{"rate":0.2}`, string(c.Layers[1].Config))
	var f bindings.FitParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodModelFit], &f))
	require.Equal(t, 50, f.Epochs)
	require.Equal(t, 16, f.BatchSize)
	require.Equal(t, 10, f.EarlyStopping.Patience)
	var p bindings.PrepareParams
	require.NoError(t, json.Unmarshal(s.engine.last[bindings.MethodTablePrepare], &p))
	require.Equal(t, uint64(7), p.Setup.Split.Seed, "one seed for the split and the network")
}

func TestAFormThatMakesNoSenseIsNotSent(t *testing.T) {
	for field, values := range map[string][]string{
		"epochs": {"", "0", "1.5", "x"}, "batch": {"0", "-3"}, "rate": {"0", "-1", "fast", "NaN"}, "l2": {"-1", "99"},
		"seed": {"-1", "9007199254740992"}, "validation": {"95"}, "test": {"-5", "x"}, "patience": {"0"},
	} {
		for _, v := range values {
			s := openTable(t)
			s.do(Action{Name: "option." + field, Value: v}, Action{Name: "train"})
			require.NotContains(t, s.engine.asked, bindings.MethodModelCreate, "%s = %q", field, v)
			require.Contains(t, s.see("problem-train").words(), "please correct", "%s = %q", field, v)
			require.Equal(t, field, s.screen.focus)
			require.Equal(t, "true", s.see(field).get("aria-invalid"))
		}
	}
	s := openTable(t)
	s.do(Action{Name: "option.rate", Value: "1e9"})
	require.Contains(t, s.see("rate-check").words(), "very high")
	s.do(Action{Name: "train"})
	require.Contains(t, s.engine.asked, bindings.MethodModelFit, "a warning does not stop anyone")
}

func TestTheResultStandsBesideGuessing(t *testing.T) {
	s := trained(t)
	require.Contains(t, s.see("test-score").words(), "66.7")
	require.Contains(t, s.see("baseline-score").words(), "33.3")
	require.Contains(t, s.see("verdict").words(), "judged 2 right. Always guessing “rose” would be right on 33.3")
	require.Contains(t, s.see("fit-summary").words(), "Trained for 2 epochs")
	require.Equal(t, "cafe", s.see("digest").words())
	require.Equal(t, "step-result", s.screen.focus)
	require.True(t, s.screen.unsaved)
	s.see("confusion")
	require.Equal(t, "training 0.5, validation 0.6", s.app.train.plots()[0].At(1))
	require.Equal(t, []string{"loss", "val_loss", "acc"}, s.app.train.names)
}

func TestANaNEndsWithASentenceAndNothingIsLost(t *testing.T) {
	s := trained(t)
	s.fail(bindings.MethodModelFit, tensor.CodeNaN, "Training stopped at epoch 1, step 3: dense_1/kernel is not a finite number.")
	s.do(Action{Name: "train"})
	require.Contains(t, s.see("train-problem").words(), "dense_1/kernel")
	require.Contains(t, s.see("train-problem").words(), "lower learning rate")
	require.Equal(t, "cafe", s.see("digest").words(), "the earlier result is still there")
	require.False(t, s.disabled("train"))
	require.Contains(t, s.engine.asked, bindings.MethodModelDispose)
}

func TestStopPressedTwiceIsHarmless(t *testing.T) {
	s := openTable(t)
	s.engine.answer[bindings.MethodModelFit] = func(json.RawMessage, Request) (any, [][]byte, error) {
		s.draw()
		require.False(t, s.disabled("stop"))
		require.True(t, s.disabled("train"))
		s.app.Do(Action{Name: "train.stop"})
		s.app.Do(Action{Name: "train.stop"})
		s.app.Do(Action{Name: "train"})
		require.Equal(t, stopping, s.app.train.phase)
		require.True(t, s.disabled("stop"))
		return bindings.FitResult{Stopped: true}, nil, nil
	}
	s.do(Action{Name: "train"}, Action{Name: "train.stop"})
	require.Contains(t, s.see("fit-summary").words(), "You stopped it")
	require.Equal(t, 1, strings.Count(strings.Join(s.engine.asked, " "), bindings.MethodModelFit))
}

func TestTheTableRestsWhileAModelTrains(t *testing.T) {
	s := openTable(t)
	s.engine.answer[bindings.MethodModelFit] = func(json.RawMessage, Request) (any, [][]byte, error) {
		asked := len(s.engine.asked)
		s.app.Do(Action{Name: "page.files", Files: []File{{Name: "other.csv"}}})
		s.app.Do(Action{Name: "columns.undo"})
		require.Len(t, s.engine.asked, asked)
		require.Contains(t, s.see("problem-data").words(), "being trained")
		require.Contains(t, s.html("columns-view"), `<fieldset class="plain" disabled=`)
		return bindings.FitResult{}, nil, nil
	}
	s.do(Action{Name: "train"})
	require.NotContains(t, s.html("columns-view"), `<fieldset class="plain" disabled=`)
}
