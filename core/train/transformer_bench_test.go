package train_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// BenchmarkFitTransformer: two blocks of width 64, four heads, context 64, vocabulary
// 96, Adam, batch 32. An iteration is an epoch of 8 steps.
func BenchmarkFitTransformer(b *testing.B) {
	x, y := tensor.New(256, charContext), tensor.New(256, charContext)
	for i := range x.Data {
		x.Data[i], y.Data[i] = float32(i*7919%96), float32((i+1)*7919%96)
	}
	m := charTransformer(b, 96)
	benchFit(b, m, x, y, 32)
	b.ReportMetric(float64(b.N*len(x.Data))/b.Elapsed().Seconds(), "tokens/s")
}

// BenchmarkPredictTransformer predicts the next characters of one row.
func BenchmarkPredictTransformer(b *testing.B) {
	m := charTransformer(b, 96)
	x, p := tensor.New(1, charContext), tensor.New(1, charContext, 96)
	require.NoError(b, m.PredictInto(p, x))
	b.ReportAllocs()
	for b.Loop() {
		if err := m.PredictInto(p, x); err != nil {
			b.Fatal(err)
		}
	}
}
