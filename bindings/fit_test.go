package bindings

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A running is a fit that goes on beside the test.
type running struct {
	t      *testing.T
	id     int
	result FitResult
	cancel context.CancelFunc
	done   chan error
	client *client
}

// begin starts a fit and returns when it has made a step.
func (b *bench) begin(p FitParams, buffers []Buffer) *running {
	b.t.Helper()
	p.BatchLogs = true
	ctx, cancel := context.WithCancel(b.t.Context())
	stepped := make(chan int, 1)
	r := &running{t: b.t, cancel: cancel, done: make(chan error, 1), client: b.client}
	go func() {
		_, err := b.do(ctx, call{Method: MethodModelFit, Params: p, Result: &r.result, Buffers: buffers,
			OnBatches: func(l BatchLogs, _ []float64) {
				select {
				case stepped <- l.ID:
				default:
				}
			}})
		r.done <- err
	}()
	r.id = <-stepped
	return r
}

// stop cancels the fit and returns how it ended.
func (r *running) stop(keep bool) error {
	cancel, err := Encode(CancelParams{ID: r.id, Keep: keep})
	require.NoError(r.t, err)
	r.client.send(Message{Method: NotifyCancel, Params: cancel}, nil, nil)
	return <-r.done
}

func TestStopRejectsWithHistory(t *testing.T) {
	b := newBench(t)
	params, buffers := fitXOR(b.xorModel(1), 1<<30)
	r := b.begin(params, buffers)
	var refusal *Error
	require.ErrorAs(t, r.stop(false), &refusal)
	require.Equal(t, tensor.CodeAborted, refusal.Data.Code)
	require.NotNil(t, refusal.Data.History)
	require.Len(t, refusal.Data.History.History["loss"], len(refusal.Data.History.Epoch))
}

func TestStopKeepsWhatWasLearned(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	params, buffers := fitXOR(id, 1<<30)
	params.EarlyStopping = &EarlyStopping{Monitor: "loss", Patience: 1 << 20}
	r := b.begin(params, buffers)
	require.NoError(t, r.stop(true))
	require.True(t, r.result.Stopped)
	require.NotEmpty(t, r.result.Epoch)
	require.GreaterOrEqual(t, r.result.BestEpoch, 0)
	require.NoError(t, nilOr(r.client, id)) // and the model is idle again
}

// nilOr asks an idle model for a digest.
func nilOr(c *client, id int) error {
	_, err := c.do(context.Background(), call{Method: MethodModelDigest, Params: ModelParams{id}})
	return err
}

func TestBusyAndAnswersBetweenSteps(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	params, buffers := fitXOR(id, 1<<30)
	r := b.begin(params, buffers)
	b.refused(tensor.CodeBusy, MethodModelFit, params, buffers...)
	b.refused(tensor.CodeBusy, MethodModelSetWeights, SetWeightsParams{Model: id})
	b.refused(tensor.CodeBusy, MethodModelCompile, CompileParams{Model: id, Optimizer: Optimizer{ClassName: "sgd"}, Loss: Loss{ClassName: "mse"}})

	x, y, xy := xor()
	var p Tensor
	out := b.call(MethodModelPredict, PredictParams{Model: id, X: x}, &p, xy...)
	require.Len(t, tensorOf(t, p, out).Data, 4)
	var logs Logs
	b.call(MethodModelEvaluate, EvaluateParams{Model: id, X: x, Y: y}, &logs, xy...)
	require.Contains(t, logs, "loss")
	var w WeightsResult
	require.Len(t, b.call(MethodModelWeights, ModelParams{id}, &w), 4)
	require.Equal(t, []string{"dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"}, w.Names)
	b.call(MethodModelDigest, ModelParams{id}, nil)
	b.call(MethodModelSummary, ModelParams{id}, nil)
	b.call(MethodModelBytes, ModelParams{id}, nil)

	// Another model trains beside it.
	other := b.xorModel(2)
	params2, buffers2 := fitXOR(other, 3)
	var result FitResult
	b.call(MethodModelFit, params2, &result, buffers2...)
	require.Len(t, result.Epoch, 3)
	require.Error(t, r.stop(false))
}

// Being asked, and reporting, changes nothing of what is learned.
func TestAskingDoesNotChangeTraining(t *testing.T) {
	b := newBench(t)
	digest := func(ask bool) string {
		id := b.xorModel(7)
		params, buffers := fitXOR(id, 2000)
		params.BatchLogs = ask
		done := make(chan error, 1)
		go func() {
			_, err := b.do(t.Context(), call{Method: MethodModelFit, Params: params, Buffers: buffers})
			done <- err
		}()
		x, y, xy := xor()
		for ask {
			b.call(MethodModelEvaluate, EvaluateParams{Model: id, X: x, Y: y, BatchSize: 3}, nil, xy...)
			b.call(MethodModelPredict, PredictParams{Model: id, X: x}, nil, xy...)
			if len(done) > 0 {
				break
			}
		}
		require.NoError(t, <-done)
		var d DigestResult
		b.call(MethodModelDigest, ModelParams{id}, &d)
		return d.Digest
	}
	require.Equal(t, digest(false), digest(true))
}

func TestEveryBatchAndEpochInOrder(t *testing.T) {
	b := newBench(t)
	params, buffers := fitXOR(b.xorModel(1), 50)
	params.BatchSize, params.BatchLogs = 3, true // a batch of 3 rows and one of 1
	var rows [][]float64
	var epochs []int
	var last Progress
	_, err := b.do(t.Context(), call{Method: MethodModelFit, Params: params, Buffers: buffers,
		OnBatches: func(l BatchLogs, values []float64) {
			require.Equal(t, []string{"epoch", "batch", "size", "loss", "acc"}, l.Columns)
			require.Len(t, values, l.Rows*len(l.Columns))
			for i := range l.Rows {
				rows = append(rows, values[i*5:i*5+5])
			}
		},
		OnEpochs: func(l EpochLogs) {
			for _, e := range l.Epochs {
				epochs = append(epochs, e.Epoch)
				require.Contains(t, e.Logs, "loss")
				require.Equal(t, float64(e.Epoch), rows[2*e.Epoch+1][0], "batches come before their epoch's end")
			}
		},
		OnProgress: func(p Progress) { last = p },
	})
	require.NoError(t, err)
	require.Len(t, rows, 100)
	require.Len(t, epochs, 50)
	for i, row := range rows {
		require.Equal(t, []float64{float64(i / 2), float64(i % 2), float64(3 - 2*(i%2))}, row[:3])
	}
	require.Equal(t, "fit", last.Stage)
	require.Equal(t, [2]int64{100, 100}, [2]int64{last.Done, last.Total})
}

func TestFitRefusals(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	x, y, xy := xor()
	change := func(f func(*FitParams)) FitParams {
		p, _ := fitXOR(id, 1)
		f(&p)
		return p
	}
	nan := []Buffer{floats(0, 0, 0, float32(float64NaN()), 1, 0, 1, 1), floats(0, 1, 1, 0)}
	refusal := b.refused(tensor.CodeData, MethodModelFit, FitParams{Model: id, X: &x, Y: &y, Epochs: 1}, nan...)
	require.Equal(t, 2, refusal.Data.Row)
	require.Contains(t, refusal.Message, "column 2")

	b.refused(tensor.CodeShape, MethodModelFit, change(func(p *FitParams) { p.X = &Tensor{Shape: []int{4, 3}} }), xy...)
	b.refused(tensor.CodeShape, MethodModelFit, change(func(p *FitParams) { p.Y = &Tensor{Shape: []int{2, 2}, Buffer: 1} }), xy...)
	b.refused(tensor.CodeShape, MethodModelFit, change(func(p *FitParams) { p.X = &Tensor{Shape: []int{-4, -2}} }), xy...)
	b.refused(tensor.CodeData, MethodModelFit, FitParams{Model: id, Epochs: 1})
	b.refused(tensor.CodeOption, MethodModelFit, change(func(p *FitParams) { p.Epochs = 0 }), xy...)
	b.refused(tensor.CodeOption, MethodModelFit, change(func(p *FitParams) { p.BatchSize = -1 }), xy...)
	b.refused(tensor.CodeOption, MethodModelFit, change(func(p *FitParams) { p.ValidationSplit = 2 }), xy...)
	b.refused(tensor.CodeOption, MethodModelFit, change(func(p *FitParams) { p.ClassWeight = map[string]float64{"cat": 1} }), xy...)
	b.refused(tensor.CodeOption, MethodModelFit, change(func(p *FitParams) { p.EarlyStopping = &EarlyStopping{Monitor: "val_f2"} }), xy...)

	var raw ModelInfo
	b.call(MethodModelCreate, CreateParams{Layers: []Layer{{ClassName: "Dense", Config: []byte(`{"units":1,"inputShape":[2]}`)}}}, &raw)
	b.refused(tensor.CodeOption, MethodModelFit, FitParams{Model: raw.Model, X: &x, Y: &y, Epochs: 1}, xy...) // not compiled
	b.call(MethodModelDigest, ModelParams{id}, nil)
}

// A learning rate of 1e9 ends with code nan, and the weights are finite.
func TestNaNStops(t *testing.T) {
	b := newBench(t)
	var info ModelInfo
	b.call(MethodModelCreate, CreateParams{Layers: []Layer{{ClassName: "dense", Config: []byte(`{"units":1,"inputShape":[2]}`)}}}, &info)
	b.call(MethodModelCompile, CompileParams{Model: info.Model, Optimizer: Optimizer{ClassName: "sgd", Config: []byte(`{"learningRate":1e9}`)}, Loss: Loss{ClassName: "meanSquaredError"}}, nil)
	params, buffers := fitXOR(info.Model, 100)
	refusal := b.refused(tensor.CodeNaN, MethodModelFit, params, buffers...)
	require.Contains(t, refusal.Message, "learning rate")
	require.NotNil(t, refusal.Data.History)
	x, _, xy := xor()
	b.call(MethodModelPredict, PredictParams{Model: info.Model, X: x}, nil, xy...)
}

// Disposing of a model that trains ends its fit.
func TestDisposeWhileFitting(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	params, buffers := fitXOR(id, 1<<30)
	r := b.begin(params, buffers)
	b.call(MethodModelDispose, ModelParams{id}, nil)
	require.Error(t, <-r.done)
	b.refused(tensor.CodeOption, MethodModelDigest, ModelParams{id})
}

// A checkpoint resumes with the bits of a run that was never interrupted.
func TestCheckpointResumes(t *testing.T) {
	b := newBench(t)
	whole := b.xorModel(3)
	params, buffers := fitXOR(whole, 40)
	b.call(MethodModelFit, params, nil, buffers...)

	half := b.xorModel(3)
	params, buffers = fitXOR(half, 25)
	params.Checkpoint = &Checkpoint{Name: "night", Every: 1, Date: "2026-01-02T03:04:05Z"}
	b.hurry()
	var result FitResult
	b.call(MethodModelFit, params, &result, buffers...)
	require.Empty(t, result.Unsaved)
	var list ListResult
	b.call(MethodStoreList, Empty{}, &list)
	require.Len(t, list.Models, 1)
	require.Equal(t, kindCheckpoint, list.Models[0].Kind)
	require.Equal(t, "2026-01-02T03:04:05Z", list.Models[0].Date)

	var info ModelInfo
	b.call(MethodModelLoad, LoadParams{Name: "night"}, &info)
	require.NotNil(t, info.Interrupted)
	require.NotEmpty(t, info.Interrupted.Epoch)
	params, buffers = fitXOR(info.Model, 40)
	params.Resume = true
	b.call(MethodModelFit, params, &result, buffers...)
	require.Len(t, result.Epoch, 40)
	digests := map[string]bool{}
	for _, id := range []int{whole, info.Model} {
		var d DigestResult
		b.call(MethodModelDigest, ModelParams{id}, &d)
		digests[d.Digest] = true
	}
	require.Len(t, digests, 1)
}

// What cannot be saved does not stop training.
func TestCheckpointRefused(t *testing.T) {
	b := newBench(t)
	b.store.full = tensor.Errorf(tensor.CodeQuota, "full")
	params, buffers := fitXOR(b.xorModel(3), 3)
	params.Checkpoint = &Checkpoint{Name: "night", Every: 1}
	b.hurry()
	var result FitResult
	b.call(MethodModelFit, params, &result, buffers...)
	require.Len(t, result.Epoch, 3)
	require.Equal(t, "full", result.Unsaved)
}

// hurry makes the engine's clock go forward a second each time it is looked at.
func (b *bench) hurry() {
	b.engine.acquire()
	defer b.engine.release()
	var now time.Duration
	b.engine.now = func() time.Duration { now += time.Second; return now }
}
