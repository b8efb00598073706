package golden

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

type initializerCase struct {
	Name         string
	Initializer  string
	Config       map[string]any
	Shape        []int
	Distribution string
	Limit        float64
	Variance     float64
	Gain         float64
	Keras        *struct {
		Variance float64
		MaxAbs   float64 `json:"max_abs"`
	}
}

// runInitializer checks moments: there are no values to match. The bounds are five
// standard errors wide.
func runInitializer(t *testing.T, raw json.RawMessage) {
	var c initializerCase
	require.NoError(t, json.Unmarshal(raw, &c))
	if c.Initializer == "orthogonal" {
		c.Config = map[string]any{"gain": c.Gain}
	}
	spec, err := json.Marshal(map[string]any{"class_name": c.Initializer, "config": c.Config})
	require.NoError(t, err)
	var init nn.Initializer
	err = json.Unmarshal(spec, &init)
	var e *tensor.Error
	if errors.As(err, &e) && strings.Contains(e.Message, "unknown initializer") {
		t.Skipf("not built yet: initializer %s", c.Initializer)
	}
	require.NoError(t, err)

	if c.Initializer == "orthogonal" {
		checkOrthogonal(t, init, c.Shape, c.Gain)
		return
	}
	n := 1
	for _, d := range c.Shape {
		n *= d
	}
	var values []float32
	for draw := uint64(0); len(values) < 20000; draw++ {
		dst := make([]float32, n)
		init.Fill(dst, c.Shape, rand.NewPCG(1, draw))
		values = append(values, dst...)
	}
	mean, variance, most := moments(values)
	switch {
	case c.Initializer == "zeros" || c.Initializer == "ones" || c.Initializer == "constant":
		want := map[string]float64{"zeros": 0, "ones": 1, "constant": number(c.Config["value"])}[c.Initializer]
		require.InDelta(t, want, mean, 1e-6)
		require.Zero(t, variance)
	case c.Keras != nil: // cut at two standard deviations, with the variance kept
		require.InEpsilon(t, c.Keras.Variance, variance, 0.06)
		require.LessOrEqual(t, most, c.Keras.MaxAbs*(1+1e-6))
		require.Greater(t, most, c.Keras.MaxAbs*0.97)
		require.InDelta(t, 0, mean, 5*math.Sqrt(variance/float64(len(values))))
	case c.Limit != 0:
		require.InEpsilon(t, c.Limit*c.Limit/3, variance, 0.06)
		require.LessOrEqual(t, most, c.Limit*(1+1e-6))
		require.Greater(t, most, c.Limit*0.97)
		require.InDelta(t, 0, mean, 5*math.Sqrt(variance/float64(len(values))))
	default:
		checkPlain(t, c, mean, variance, most)
	}
}

// checkPlain checks the distributions that are given by their own parameters.
func checkPlain(t *testing.T, c initializerCase, mean, variance, most float64) {
	switch c.Initializer {
	case "random_uniform":
		low, high := number(c.Config["minval"]), number(c.Config["maxval"])
		require.InDelta(t, (low+high)/2, mean, 0.05*(high-low))
		require.InEpsilon(t, (high-low)*(high-low)/12, variance, 0.06)
	case "random_normal":
		s := number(c.Config["stddev"])
		require.InDelta(t, number(c.Config["mean"]), mean, 0.05*s)
		require.InEpsilon(t, s*s, variance, 0.06)
		require.Greater(t, most, 2.5*s)
	case "truncated_normal":
		s := number(c.Config["stddev"])
		require.InDelta(t, number(c.Config["mean"]), mean, 0.05*s)
		require.InEpsilon(t, 0.7737*s*s, variance, 0.06)
		require.LessOrEqual(t, most, math.Abs(number(c.Config["mean"]))+2*s*(1+1e-6))
	default:
		t.Fatalf("no check for %s", c.Initializer)
	}
}

func number(v any) float64 {
	f, _ := v.(float64)
	return f
}

func moments(values []float32) (mean, variance, most float64) {
	for _, v := range values {
		mean += float64(v)
		most = max(most, math.Abs(float64(v)))
	}
	mean /= float64(len(values))
	for _, v := range values {
		variance += (float64(v) - mean) * (float64(v) - mean)
	}
	return mean, variance / float64(len(values)), most
}

// checkOrthogonal checks WᵀW = gain²·I, or WWᵀ where there are fewer rows than columns.
func checkOrthogonal(t *testing.T, init nn.Initializer, shape []int, gain float64) {
	rows, columns := 1, shape[len(shape)-1]
	for _, d := range shape[:len(shape)-1] {
		rows *= d
	}
	w := make([]float32, rows*columns)
	init.Fill(w, shape, rand.NewPCG(1, 2))
	at := func(vector, i int) float64 { return float64(w[i*columns+vector]) }
	count, length := columns, rows
	if rows < columns {
		count, length = rows, columns
		at = func(vector, i int) float64 { return float64(w[vector*columns+i]) }
	}
	for a := range count {
		for b := range count {
			product, want := 0.0, 0.0
			for i := range length {
				product += at(a, i) * at(b, i)
			}
			if a == b {
				want = gain * gain
			}
			require.InDelta(t, want, product, 1e-6, "vectors %d and %d", a, b)
		}
	}
}
