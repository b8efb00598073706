package bindings

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// goOn lets the fit go on and waits until it says so.
func (r *running) goOn(said <-chan PauseParams) {
	r.t.Helper()
	params, err := Encode(PauseParams{ID: r.id})
	require.NoError(r.t, err)
	r.client.send(Message{Method: NotifyPause, Params: params}, nil, nil)
	require.Equal(r.t, PauseParams{ID: r.id}, <-said)
}

// beginPaused starts a fit and pauses it before its first look around.
func (b *bench) beginPaused(p FitParams, buffers []Buffer) (*running, <-chan PauseParams) {
	b.t.Helper()
	said, begun := make(chan PauseParams, 8), make(chan int, 1)
	r := &running{t: b.t, done: make(chan error, 1), client: b.client}
	post := b.client.post
	b.client.post = func(p Packet) { // the fit's request, and the pause right behind it
		post(p)
		b.client.post = post
		var m Message
		require.NoError(b.t, Decode(p.Text, &m))
		params, err := Encode(PauseParams{ID: m.ID, On: true})
		require.NoError(b.t, err)
		b.client.send(Message{Method: NotifyPause, Params: params}, nil, nil)
		begun <- m.ID
	}
	go func() {
		_, err := b.do(b.t.Context(), call{Method: MethodModelFit, Params: p, Result: &r.result, Buffers: buffers,
			OnOther: func(method string, params json.RawMessage) {
				var p PauseParams
				if method == NotifyPaused && Decode(params, &p) == nil {
					said <- p
				}
			}})
		r.done <- err
	}()
	r.id = <-begun
	require.Equal(b.t, PauseParams{ID: r.id, On: true}, <-said)
	return r, said
}

// A paused fit waits between two steps, answers meanwhile, and comes to the bits of one
// that never waited.
func TestPauseChangesNoBit(t *testing.T) {
	b := newBench(t)
	whole := b.xorModel(7)
	params, buffers := fitXOR(whole, 3000)
	b.call(MethodModelFit, params, nil, buffers...)

	id := b.xorModel(7)
	params, buffers = fitXOR(id, 3000)
	params.Watch = true
	r, said := b.beginPaused(params, buffers)
	first := b.digest(id)
	x, _, xy := xor()
	b.call(MethodModelPredict, PredictParams{Model: id, X: x}, nil, xy...)
	require.Equal(t, first, b.digest(id), "it goes on while it is paused")
	b.refused(tensor.CodeBusy, MethodModelCompile, CompileParams{Model: id})
	r.goOn(said)
	require.NoError(t, <-r.done)
	require.Equal(t, b.digest(whole), b.digest(id))
}

// Stop, Dispose and the end of the engine come through to a fit that is paused.
func TestPausedFitCanBeStopped(t *testing.T) {
	b := newBench(t)
	params, buffers := fitXOR(b.xorModel(1), 1<<30)
	r, _ := b.beginPaused(params, buffers)
	require.NoError(t, r.stop(true))
	require.True(t, r.result.Stopped)

	id := b.xorModel(2)
	params, buffers = fitXOR(id, 1<<30)
	r, _ = b.beginPaused(params, buffers)
	b.call(MethodModelDispose, ModelParams{id}, nil)
	require.Error(t, <-r.done)
	// A request that is over is left alone.
	late, err := Encode(PauseParams{ID: r.id, On: true})
	require.NoError(t, err)
	b.client.send(Message{Method: NotifyPause, Params: late}, nil, nil)
	b.call(MethodStoreList, Empty{}, nil)
}

func TestWatchedFitTellsOfRateGradientAndWeights(t *testing.T) {
	b := newBench(t)
	params, buffers := fitXOR(b.xorModel(1), 30)
	params.Watch = true
	params.Plateau = &Plateau{Monitor: "loss", Patience: 1, MinDelta: 100, Factor: 0.5}
	var epochs []EpochLog
	var weights []WeightLogs
	_, err := b.do(context.Background(), call{Method: MethodModelFit, Params: params, Buffers: buffers,
		OnEpochs: func(l EpochLogs) { epochs = append(epochs, l.Epochs...) },
		OnOther: func(method string, params json.RawMessage) {
			var l WeightLogs
			if method == NotifyWeights && Decode(params, &l) == nil {
				weights = append(weights, l)
			}
		}})
	require.NoError(t, err)
	require.Len(t, epochs, 30)
	for _, e := range epochs {
		require.Positive(t, *e.Gradient)
	}
	require.Equal(t, *epochs[0].Rate/2, *epochs[2].Rate, "the rate is that of the epoch, not of the next one")
	require.NotEmpty(t, weights)
	require.Zero(t, weights[0].Epoch)
	require.Equal(t, "dense/kernel", weights[0].Weights[0].Name)
	require.Len(t, weights[0].Weights[0].Counts, spreadBins)
	require.Len(t, weights[0].Weights, 2, "kernels only")
}

func TestProfileOfAStep(t *testing.T) {
	b := newBench(t)
	table, _ := b.open(flowers(120), "kind")
	info, _ := b.trained(table.Table, 2)
	before := b.digest(info.Model)
	var p ProfileResult
	b.call(MethodModelProfile, ProfileParams{Model: info.Model, Table: table.Table, BatchSize: 16, Seconds: 0.02}, &p)
	require.Equal(t, before, b.digest(info.Model))
	require.Equal(t, 16, p.Rows)
	require.Positive(t, p.Steps)
	require.Positive(t, p.Step)
	sum := 0.0
	for _, l := range p.Layers {
		sum += l.Forward + l.Backward
	}
	require.Positive(t, sum)
	b.refused(tensor.CodeOption, MethodModelProfile, ProfileParams{Model: info.Model, Table: 99})
}

// searchOf describes a search on a table.
func searchOf(table int) SearchParams {
	seed := int64(5)
	return SearchParams{Table: table, Seed: &seed, Trials: 5, Layers: []Layer{{ClassName: "Dense", Config: []byte(`{"units":8,"activation":"relu"}`)}},
		Optimizer: Optimizer{ClassName: "adam", Config: []byte(`{"learningRate":0.01}`)},
		Fit:       FitParams{Epochs: 6, BatchSize: 16}, RateFrom: 1e-4, RateTo: 0.1, Batches: []int{8, 32}, Widths: []float64{0.5, 2}, Dropouts: []float64{0, 0.2}}
}

func TestSearchFindsAndTells(t *testing.T) {
	b := newBench(t)
	table, _ := b.open(flowers(120), "kind")
	var told []SearchTrial
	var r SearchResult
	_, err := b.do(t.Context(), call{Method: MethodModelSearch, Params: searchOf(table.Table), Result: &r,
		OnOther: func(method string, params json.RawMessage) {
			var l SearchLogs
			if method == NotifyTrial && Decode(params, &l) == nil {
				told = append(told, l.Trials...)
			}
		}})
	require.NoError(t, err)
	require.Len(t, r.Trials, 5)
	require.Len(t, told, 5)
	require.Equal(t, "val_loss", r.Monitor)
	require.Equal(t, "trials", r.Ended)
	require.Equal(t, SearchTrial{Rate: 0.01, Batch: 16, Width: 1}, SearchTrial{Rate: r.Trials[0].Rate, Batch: r.Trials[0].Batch, Width: r.Trials[0].Width}, "the first has the settings as they are")
	for _, trial := range r.Trials {
		require.False(t, math.IsNaN(trial.Value))
		require.GreaterOrEqual(t, trial.Value, r.Trials[r.Best].Value)
		require.Equal(t, 6, trial.Epochs)
	}

	// A training by hand with the best settings comes to the same value.
	best := r.Trials[r.Best]
	seed := int64(5)
	var info ModelInfo
	b.call(MethodModelCreate, CreateParams{Table: table.Table, Seed: &seed, Layers: reshaped(searchOf(0).Layers, best.Width, best.Dropout)}, &info)
	b.call(MethodModelCompile, CompileParams{Model: info.Model, Optimizer: Optimizer{ClassName: "adam", Config: jsonOf(map[string]float64{"learningRate": best.Rate})}}, nil)
	var fit FitResult
	b.call(MethodModelFit, FitParams{Model: info.Model, Table: table.Table, Epochs: 6, BatchSize: best.Batch}, &fit)
	require.Equal(t, best.Value, fit.History["val_loss"][5])
}

// A search that is stopped keeps the trials that are over.
func TestSearchStoppedKeepsTheBest(t *testing.T) {
	b := newBench(t)
	table, _ := b.open(flowers(120), "kind")
	p := searchOf(table.Table)
	p.Trials = 1 << 20
	ctx, cancel := context.WithCancel(t.Context())
	var r SearchResult
	_, err := b.do(ctx, call{Method: MethodModelSearch, Params: p, Result: &r, Keep: true,
		OnOther: func(string, json.RawMessage) { cancel() }})
	require.NoError(t, err)
	require.NotEmpty(t, r.Trials)
	require.GreaterOrEqual(t, r.Best, 0)
	require.Empty(t, r.Ended)

	p.RateFrom, p.RateTo, p.Batches, p.Widths, p.Dropouts = 0, 0, nil, nil, nil
	b.refused(tensor.CodeOption, MethodModelSearch, p)
	p = searchOf(table.Table)
	p.Fit.Epochs = 0
	b.refused(tensor.CodeOption, MethodModelSearch, p)
}
