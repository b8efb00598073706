package page

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// fitting lets something happen in the middle of a training.
func (s *stage) fitting(during func(r Request)) {
	s.engine.answer[bindings.MethodModelFit] = func(_ json.RawMessage, r Request) (any, [][]byte, error) {
		during(r)
		return bindings.FitResult{Epoch: []int{0, 1}, History: map[string][]float64{"loss": {1, 0.5}, "val_loss": {0.9, 0.6}, "acc": {0.5, 0.8}}, BestEpoch: 1}, nil, nil
	}
}

func TestPauseAndGoOn(t *testing.T) {
	s := openTable(t)
	require.True(t, s.disabled("pause"))
	s.fitting(func(r Request) {
		r.Notify(bindings.NotifyProgress, json.RawMessage(`{"id":1,"stage":"fit","done":10,"total":100}`))
		s.screen.clock = s.screen.clock.Add(2 * time.Second)
		r.Notify(bindings.NotifyProgress, json.RawMessage(`{"id":1,"stage":"fit","done":20,"total":100}`))
		s.do(Action{Name: "train.pause"})
		require.True(t, <-r.Hold)
		require.Equal(t, "Pausing…", s.see("pause").words())
		r.Notify(bindings.NotifyPaused, json.RawMessage(`{"id":1,"on":true}`))
		require.Equal(t, "Go on", s.see("pause").words())
		require.Contains(t, s.see("train-progress-text").words(), "Paused in epoch 11 of 50")
		speed := s.app.train.speed()
		require.Positive(t, speed)
		s.screen.clock = s.screen.clock.Add(time.Hour)
		s.do(Action{Name: "train.pause"})
		require.False(t, <-r.Hold)
		r.Notify(bindings.NotifyPaused, json.RawMessage(`{"id":1,"on":false}`))
		require.Equal(t, "Pause", s.see("pause").words())
		require.InDelta(t, speed, s.app.train.speed(), 1e-9, "the pause is no time of the training's")
	})
	s.do(Action{Name: "train"})
	require.Less(t, s.app.result.now.seconds, time.Minute)
	require.True(t, s.disabled("pause"))
}

func TestInsideOfATraining(t *testing.T) {
	s := openTable(t)
	s.fitting(func(r Request) {
		r.Notify(bindings.NotifyWeights, json.RawMessage(`{"id":1,"epoch":0,"weights":[{"name":"dense/kernel","shape":[1,8],"low":-1,"high":1,"counts":[1,6,1]}]}`))
		r.Notify(bindings.NotifyEpoch, json.RawMessage(`{"id":1,"epochs":[{"epoch":0,"logs":{"loss":1},"rate":0.003,"gradient":2.5}]}`))
		for range 60 {
			r.Notify(bindings.NotifyWeights, json.RawMessage(`{"id":1,"epoch":9,"weights":[{"name":"dense/kernel","shape":[1,8],"low":-2,"high":2,"counts":[1,6,1]}]}`))
		}
	})
	s.do(Action{Name: "train"})
	s.gone("inside")
	s.do(Action{Name: "train.inside"})
	require.Contains(t, s.see("plot-gradient").get("aria-label"), "2.5")
	require.Contains(t, s.html("train-view"), `dense/kernel: at first from −1 to 1, now from −2 to 2`)
	require.LessOrEqual(t, len(s.app.train.watch.weights["dense/kernel"]), mostSpreads)
}

func TestAdviceIsCarriedOutAndTakenBack(t *testing.T) {
	s := openTable(t)
	s.fail(bindings.MethodModelFit, tensor.CodeNaN, "dense: the output is the first to hold NaN.")
	s.do(Action{Name: "train"})
	require.Contains(t, s.see("tip-exploded").words(), "The loss has exploded")
	require.Contains(t, s.see("tip-exploded").words(), "Set the learning rate to 0.0003")
	s.do(Action{Name: "coach.fix", Arg: "0 0.0003"})
	require.Equal(t, "0.0003", *s.see("rate").Value)
	require.Contains(t, s.see("coach").words(), "Changed: Set the learning rate to 0.0003.")
	s.do(Action{Name: "coach.undo"})
	require.Equal(t, "0.003", *s.see("rate").Value)
	s.do(Action{Name: "coach.close", Arg: "exploded"})
	s.gone("coach")
	s.do(Action{Name: "coach.fix", Arg: "5 0.2"})
	require.Contains(t, s.see("layers").words(), "Dropout")
	s.do(Action{Name: "coach.undo"})
	require.NotContains(t, s.see("layers").words(), "Dropout")
}

// In mid-training the advice stops that first, and is carried out when it has ended.
func TestAdviceInMidTraining(t *testing.T) {
	s := openTable(t)
	s.fitting(func(r Request) {
		for i, loss := range []string{"1", "0.9", "5", "300"} {
			r.Notify(bindings.NotifyEpoch, json.RawMessage(`{"id":1,"epochs":[{"epoch":`+count(i)+`,"logs":{"loss":`+loss+`}}]}`))
		}
		require.Contains(t, s.see("tip-exploded").words(), "Stop, then: Set the learning rate to 0.0003")
		s.do(Action{Name: "coach.fix", Arg: "0 0.0003"})
		require.Equal(t, "0.003", s.app.network.opts.rate)
	})
	s.do(Action{Name: "train"})
	require.Equal(t, "0.0003", *s.see("rate").Value)
}

func TestFindingALearningRate(t *testing.T) {
	s := openTable(t)
	s.engine.answer[bindings.MethodModelFindRate] = func(_ json.RawMessage, r Request) (any, [][]byte, error) {
		r.Notify(bindings.NotifyProgress, json.RawMessage(`{"id":1,"stage":"rate","done":30,"total":100}`))
		require.Equal(t, "300", s.see("find-rate-progress").get("value"))
		require.True(t, s.disabled("train"), "one thing at a time")
		require.True(t, s.disabled("search"))
		s.do(Action{Name: "train"}, Action{Name: "profile"})
		return bindings.RateResult{Rates: []float64{1e-4, 1e-3, 1e-2, 1e-1}, Losses: []float64{1, 0.8, 0.3, 5}, Suggested: 0.0123, Diverged: true}, nil, nil
	}
	s.do(Action{Name: "find-rate"})
	require.NotContains(t, s.engine.asked, bindings.MethodModelFit)
	require.Contains(t, s.engine.asked, bindings.MethodModelDispose)
	require.Contains(t, s.see("rate-said").words(), "about 0.012. Beyond 0.1 it explodes.")
	s.do(Action{Name: "find-rate.use"})
	require.Equal(t, "0.012", *s.see("rate").Value)
	s.do(Action{Name: "coach.undo"})
	require.Equal(t, "0.003", *s.see("rate").Value)
	s.fail(bindings.MethodModelFindRate, tensor.CodeAborted, "stopped")
	s.do(Action{Name: "find-rate"})
	s.gone("problem-find-rate")
	s.fail(bindings.MethodModelFindRate, tensor.CodeData, "column 2 holds NaN")
	s.do(Action{Name: "find-rate"})
	require.Contains(t, s.see("problem-find-rate").words(), "column 2")
	s.do(Action{Name: "option.rate", Value: "fast"}, Action{Name: "find-rate"})
	require.Equal(t, "rate", s.screen.focus)
}

func TestProfileOfAStep(t *testing.T) {
	s := openTable(t)
	s.fix(bindings.MethodModelProfile, bindings.ProfileResult{Rows: 16, Steps: 900, Step: 0.25, Rest: 0.1, Layers: []bindings.LayerProfile{
		{Name: "dense", Class: "Dense", Forward: 0.1, Backward: 0.2, Flops: 12_000, Bytes: 4096, Parameters: 24}, {Name: "", Forward: 0.05}}})
	s.do(Action{Name: "profile"})
	found := s.see("profile-found").words()
	require.Contains(t, found, "A step of 16 rows takes 0.25 ms, measured over 900 steps.")
	require.Contains(t, found, "66.7 %")
	require.Contains(t, found, "12 k")
}

func TestTrainingsAreCompared(t *testing.T) {
	s := trained(t)
	s.gone("runs")
	s.do(Action{Name: "option.rate", Value: "0.1"}, Action{Name: "layer.add", Arg: "dropout"}, Action{Name: "train"})
	table := s.see("runs-table")
	require.Contains(t, table.words(), "Learning rate")
	html := table.HTML()
	require.Contains(t, html, "<mark>0.1</mark>")
	require.Contains(t, html, "<mark>8 relu, dropout 0.2</mark>")
	require.NotContains(t, html, "<mark>16</mark>", "the batch size is the same")
	require.Contains(t, s.see("plot-runs").get("aria-label"), "run 1")
	s.do(Action{Name: "runs.name", Arg: "1", Value: "first try"})
	require.Contains(t, s.html("train-view"), "first try from 0.9 to 0.6")
	s.do(Action{Name: "runs.show", Arg: "1", Checked: false})
	require.NotContains(t, s.see("plot-runs").get("aria-label"), "first try")
	s.do(Action{Name: "runs.again", Arg: "1"})
	require.Equal(t, "0.003", *s.see("rate").Value)
	require.NotContains(t, s.see("layers").words(), "Dropout")
	s.do(Action{Name: "coach.undo"})
	require.Equal(t, "0.1", *s.see("rate").Value)
	s.do(Action{Name: "runs.remove", Arg: "1"})
	require.NotContains(t, s.html("train-view"), "first try from")
	s.do(Action{Name: "runs.undo"})
	require.Equal(t, []int{1, 2}, []int{s.app.more.runs.list[0].number, s.app.more.runs.list[1].number})
}

func TestSearchForSettings(t *testing.T) {
	s := openTable(t)
	trials := []bindings.SearchTrial{{Number: 0, Rate: 0.003, Batch: 16, Width: 1, Epochs: 50, Value: 0.5}, {Number: 1, Rate: 0.02, Batch: 8, Width: 2, Dropout: 0.2, Epochs: 50, Value: 0.3}, {Number: 2, Rate: 0.09, Batch: 8, Width: 1, Failed: "NaN"}}
	s.engine.answer[bindings.MethodModelSearch] = func(params json.RawMessage, r Request) (any, [][]byte, error) {
		var p bindings.SearchParams
		require.NoError(t, json.Unmarshal(params, &p))
		require.Equal(t, 20, p.Trials)
		require.Equal(t, 90.0, p.Seconds)
		require.Equal(t, 50, p.Fit.Epochs)
		require.Nil(t, p.Fit.Checkpoint)
		require.Equal(t, []int{8, 16, 32}, p.Batches)
		require.Less(t, p.RateFrom, 0.003)
		logs, err := bindings.Encode(bindings.SearchLogs{ID: 1, Trials: trials[:2]})
		require.NoError(t, err)
		r.Notify(bindings.NotifyTrial, logs)
		require.Contains(t, s.see("trials").words(), "2best 0.3")
		return bindings.SearchResult{Trials: trials, Best: 1, Monitor: "val_loss", Ended: "trials"}, nil, nil
	}
	s.do(Action{Name: "search.trials", Value: "many"}, Action{Name: "search"})
	require.Contains(t, s.see("search-trials-check").words(), "whole number")
	require.NotContains(t, s.engine.asked, bindings.MethodModelSearch)
	s.do(Action{Name: "search.trials", Value: "20"}, Action{Name: "search.minutes", Value: "1,5"}, Action{Name: "search"})
	require.Contains(t, s.see("search-said").words(), "Trial 2 was the best: 0.3, where your settings reached 0.5.")
	require.Contains(t, s.see("trials").words(), "failed")
	s.do(Action{Name: "search.use"})
	require.Equal(t, "0.02", *s.see("rate").Value)
	require.Equal(t, "8", *s.see("batch").Value)
	require.Equal(t, "16", *s.see("units-0").Value, "twice as wide")
	require.Contains(t, s.see("layers").words(), "Dropout")
	s.do(Action{Name: "coach.undo"})
	require.Equal(t, "16", *s.see("batch").Value)
	require.Equal(t, "8", *s.see("units-0").Value)
}

// What was looked for is forgotten with the engine; the tools can be used again.
func TestToolsOutliveTheEngine(t *testing.T) {
	s := openTable(t)
	s.engine.answer[bindings.MethodModelFindRate] = func(json.RawMessage, Request) (any, [][]byte, error) {
		s.lose("killed")
		return nil, nil, refuse(tensor.CodeEngineLost, "lost")
	}
	s.do(Action{Name: "find-rate"})
	s.do(Action{Name: "state.again"})
	s.gone("find-rate-progress")
	require.False(t, s.disabled("find-rate"))
}
