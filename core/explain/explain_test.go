package explain

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// known is a model of one output whose formula the test knows.
type known func(row []float32) float32

func (f known) Predict(_ context.Context, x *tensor.Tensor) (*tensor.Tensor, error) {
	p := tensor.New(x.Rows(), 1)
	for i := range p.Data {
		p.Data[i] = f(x.Row(i))
	}
	return p, nil
}

func linear(w ...float32) known {
	return func(row []float32) float32 {
		sum := float32(0)
		for j, v := range w {
			sum += float32(v * row[j])
		}
		return sum
	}
}

// random has values from −1 to 1.
func random(seed uint64, shape ...int) *tensor.Tensor {
	t := tensor.New(shape...)
	draw := rand.New(rand.NewPCG(seed, 1))
	for i := range t.Data {
		t.Data[i] = 2*draw.Float32() - 1
	}
	return t
}

func answers(t *testing.T, m Predictor, x *tensor.Tensor) *tensor.Tensor {
	t.Helper()
	y, err := m.Predict(t.Context(), x)
	require.NoError(t, err)
	return y
}

func singles(n int) []Column {
	columns := make([]Column, n)
	for j := range columns {
		columns[j] = Column{string(rune('a' + j)), []int{j}}
	}
	return columns
}

func wantCode(t *testing.T, code string, err error) {
	t.Helper()
	var e *tensor.Error
	require.True(t, errors.As(err, &e), "%v", err)
	assert.Equal(t, code, e.Code, err.Error())
}

func network(t *testing.T, layers ...nn.Layer) *train.Model {
	t.Helper()
	m, err := train.New(nn.Sequential(layers...), train.Seed(3))
	require.NoError(t, err)
	return m
}

// shop is a pipeline of a number with a flag, an ordinal and a one-hot category, a
// boolean and a cyclic date: 2 + 1 + 3 + 1 + 5 features.
func shop(t *testing.T) *data.Pipeline {
	t.Helper()
	p := &data.Pipeline{Format: data.PipelineFormat, Output: data.Output{Name: "sales", Task: data.TaskRegression, Kind: data.KindNumber, Center: 100, Scale: 20, Min: 0, Max: 200}}
	p.Inputs = []data.Input{
		{Name: "price", Kind: data.KindNumber, Encoding: data.EncodingNone, Min: 0, Max: 10, Default: "5", Fill: 5, Flag: true, Center: 5, Scale: 0.5},
		{Name: "size", Kind: data.KindCategory, Encoding: data.EncodingOrdinal, Categories: []string{"S", "M", "L"}, Default: "M", Fill: 1, Center: 1, Scale: 1},
		{Name: "colour", Kind: data.KindCategory, Encoding: data.EncodingOneHot, Categories: []string{"red", "green", "blue"}, Default: "red", Scale: 1},
		{Name: "gift", Kind: data.KindBoolean, Encoding: data.EncodingNone, Categories: []string{"no", "yes"}, Default: "no", Scale: 1},
		{Name: "day", Kind: data.KindDate, Encoding: data.EncodingCyclic, DateOrder: data.DateYMD, Min: 0, Max: 100, Default: "1970-01-01", Scale: 0.01},
	}
	require.NoError(t, p.Validate())
	return p
}

// shopRows encodes rows with a price from 0 to 10, each tenth missing.
func shopRows(p *data.Pipeline, rows int) *tensor.Tensor {
	x := tensor.New(rows, p.Features())
	draw := rand.New(rand.NewPCG(5, 5))
	nan := float32(0)
	nan /= nan
	for i := range rows {
		raw := []float32{float32(draw.Uint64N(11)), float32(draw.Uint64N(3)), float32(draw.Uint64N(3)), float32(draw.Uint64N(2)), float32(draw.Uint64N(100))}
		if i%10 == 9 {
			raw[0] = nan
		}
		p.Encode(x.Row(i), raw)
	}
	return x
}

func TestColumnsAreTheFeaturesOfThePipeline(t *testing.T) {
	p := shop(t)
	columns, names := Columns(p), p.FeatureNames()
	want := [][]int{{0, 1}, {2}, {3, 4, 5}, {6}, {7, 8, 9, 10, 11}}
	require.Len(t, columns, len(want))
	for i, c := range columns {
		assert.Equal(t, want[i], c.Features)
		for _, f := range c.Features {
			assert.Contains(t, names[f], c.Name)
		}
	}
	assert.Len(t, names, 12)
}

func TestDecodedSpeaksInUnitsOfTheTarget(t *testing.T) {
	p := shop(t)
	m := Decoded{known(func([]float32) float32 { return 0.5 }), p}
	assert.Equal(t, []float32{110, 110}, answers(t, m, tensor.New(2, 12)).Data)
}

// What can be cancelled is cancelled, by the context and by the progress, and progress
// ends at its total.
func TestEveryExplanationStopsAndTellsProgress(t *testing.T) {
	f, x, p := linear(1, 2), random(1, 50, 2), shop(t)
	dense := network(t, nn.Input(2), nn.Dense(1))
	work := map[string]func(ctx context.Context, progress data.Progress) error{
		"importance": func(ctx context.Context, progress data.Progress) error {
			_, err := PermutationImportance(ctx, f, x, tensor.New(50, 1), singles(2), Permutation{Metric: "mse", Progress: progress})
			return err
		},
		"dependence": func(ctx context.Context, progress data.Progress) error {
			_, err := PartialDependence(ctx, f, p, shopRows(p, 20), "price", DependencePlot{Progress: progress})
			return err
		},
		"lime": func(ctx context.Context, progress data.Progress) error {
			_, err := ExplainRow(ctx, f, x.Row(0), x, singles(2), Lime{Progress: progress})
			return err
		},
		"picture": func(ctx context.Context, progress data.Progress) error {
			_, err := OccludePicture(ctx, f, random(1, 1, 4, 4, 1), Occlusion{Progress: progress})
			return err
		},
		"steps": func(ctx context.Context, progress data.Progress) error {
			_, err := OccludeSteps(ctx, f, random(1, 1, 4), StepOcclusion{Progress: progress})
			return err
		},
		"gradients": func(ctx context.Context, progress data.Progress) error {
			_, err := IntegratedGradients(ctx, dense, x.Slice(0, 1), Integration{Progress: progress})
			return err
		},
		"groups": func(ctx context.Context, progress data.Progress) error {
			_, err := ScoresByGroup(ctx, []string{"a", "b"}, []int{0, 1, 0}, []int{0, 1, 1}, []int{0, 1, 1}, 1, Groups{Progress: progress})
			return err
		},
	}
	for name, run := range work {
		t.Run(name, func(t *testing.T) {
			var last, total int64
			require.NoError(t, run(t.Context(), func(done, of int64) error {
				assert.GreaterOrEqual(t, done, last)
				last, total = done, of
				return nil
			}))
			assert.Equal(t, total, last)
			assert.Positive(t, total)

			stop := errors.New("enough")
			assert.ErrorIs(t, run(t.Context(), func(int64, int64) error { return stop }), stop)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			wantCode(t, tensor.CodeAborted, run(ctx, nil))
		})
	}
}
