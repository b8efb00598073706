package bindings

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data/toy"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// play begins a game with points of a kind.
func (b *bench) play(kind string, hidden []int, change func(p *PlayParams)) int {
	b.t.Helper()
	points, err := toy.Points(kind, 200, 0.05, 1)
	require.NoError(b.t, err)
	var values []float32
	for _, p := range points {
		values = append(values, p.X, p.Y, float32(p.Class))
	}
	seed := int64(1)
	p := PlayParams{Points: Tensor{Shape: []int{200, 3}}, Tests: 50, Features: []string{"x", "y"}, Hidden: hidden, Activation: "tanh",
		Optimizer: "adam", LearningRate: 0.03, BatchSize: 10, Seed: &seed}
	if change != nil {
		change(&p)
	}
	var info ModelInfo
	b.call(MethodPlayBegin, p, &info, floats(values...))
	return info.Model
}

// What a network can and cannot learn shows: a line does not part circles.
func TestPlayLearnsWhatItCan(t *testing.T) {
	b := newBench(t)
	acc := func(model, epochs int) (r PlayStepResult) {
		b.call(MethodPlayStep, PlayStepParams{Model: model, Epochs: epochs, Side: 8}, &r)
		return r
	}
	require.Greater(t, acc(b.play("circles", []int{4, 4}, nil), 60).Logs["val_acc"], 0.9)
	require.Less(t, acc(b.play("circles", nil, nil), 60).Logs["val_acc"], 0.8)
	squares := b.play("circles", nil, func(p *PlayParams) { p.Features = []string{"xx", "yy"} })
	require.Greater(t, acc(squares, 60).Logs["val_acc"], 0.9)
}

func TestPlayShowsThePlane(t *testing.T) {
	b := newBench(t)
	id := b.play("blobs", []int{3, 2}, nil)
	var r PlayStepResult
	out := b.call(MethodPlayStep, PlayStepParams{Model: id, Epochs: 40, Side: 16, Tile: 8}, &r)
	pixels := Take(out[r.Buffer])
	require.Len(t, pixels, 4*(16*16+8*8*(2+3+2)))
	require.Equal(t, 40, r.Epoch)
	require.Less(t, r.Logs["loss"], 0.3)
	corner := func(row, column int) []byte { return pixels[4*(16*row+column):][:3] }
	right, left := corner(0, 15), corner(15, 0) // class 0 lies up right
	require.Greater(t, right[2], right[0], "blue")
	require.Greater(t, left[0], left[2], "orange")

	// Looking changes nothing, and step by step it comes to the same.
	before := b.digest(id)
	b.call(MethodPlayStep, PlayStepParams{Model: id, Side: 16, Tile: 8}, &r)
	require.Equal(t, before, b.digest(id))
	again := b.play("blobs", []int{3, 2}, nil)
	for range 8 {
		b.call(MethodPlayStep, PlayStepParams{Model: again, Epochs: 5, Side: 8}, &r)
	}
	require.Equal(t, before, b.digest(again))
	b.call(MethodModelDispose, ModelParams{id}, nil)
	b.refused(tensor.CodeOption, MethodPlayStep, PlayStepParams{Model: id, Side: 8})
}

func TestPlayRefusals(t *testing.T) {
	b := newBench(t)
	points := floats(0, 0, 0, 1, 1, 1, 2, 2, 0)
	seed := int64(1)
	good := PlayParams{Points: Tensor{Shape: []int{3, 3}}, Features: []string{"x"}, Activation: "tanh", Optimizer: "sgd", LearningRate: 0.1, BatchSize: 1, Seed: &seed}
	for code, changes := range map[string][]func(p *PlayParams){
		tensor.CodeOption: {func(p *PlayParams) { p.Features = nil }, func(p *PlayParams) { p.Features = []string{"z"} }, func(p *PlayParams) { p.Hidden = []int{17} },
			func(p *PlayParams) { p.Hidden = make([]int, 9) }, func(p *PlayParams) { p.Tests = 2 }, func(p *PlayParams) { p.BatchSize = 0 }, func(p *PlayParams) { p.Optimizer = "hope" }},
		tensor.CodeShape: {func(p *PlayParams) { p.Points.Shape = []int{9} }},
	} {
		for _, change := range changes {
			p := good
			change(&p)
			b.refused(code, MethodPlayBegin, p, points)
		}
	}
	var info ModelInfo
	b.call(MethodPlayBegin, good, &info, points)
	var r PlayStepResult
	b.call(MethodPlayStep, PlayStepParams{Model: info.Model, Epochs: 1, Side: 8, Tile: 8}, &r)
	require.NotContains(t, r.Logs, "val_loss")
	b.refused(tensor.CodeOption, MethodPlayStep, PlayStepParams{Model: info.Model, Side: 3})
	b.refused(tensor.CodeOption, MethodPlayStep, PlayStepParams{Model: b.xorModel(1), Side: 8})
}

// What the playground's lessons say is so: two units cannot close a fence, three can.
func TestWhatTheLessonsSay(t *testing.T) {
	b := newBench(t)
	best := func(kind string, hidden []int, features ...string) float64 {
		top := 0.0
		for seed := range int64(3) {
			id := b.play(kind, hidden, func(p *PlayParams) {
				p.Seed = &seed
				if len(features) > 0 {
					p.Features = features
				}
			})
			var r PlayStepResult
			b.call(MethodPlayStep, PlayStepParams{Model: id, Epochs: 150, Side: 8}, &r)
			top = max(top, r.Logs["acc"])
		}
		return top
	}
	require.Greater(t, best("blobs", nil), 0.95)
	require.Less(t, best("circles", []int{2}), 0.93)
	require.Greater(t, best("circles", []int{3}), 0.97)
	require.Greater(t, best("xor", []int{4}), 0.93)
	require.Less(t, best("xor", nil), 0.8)
	require.Greater(t, best("xor", nil, "xy"), 0.93)
	require.Greater(t, best("spirals", []int{8, 8, 8}), 0.9)
}
