package train_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A hundred steps teach the transformer which characters are common and what follows
// them: guessing without context costs 3.3 nats, without knowing anything log 65 = 4.2.
func TestTransformerLearnsShakespeare(t *testing.T) {
	if runtime.GOOS == "js" || testing.Short() {
		t.Skip("not run: minutes on slow machines; the native run of this test is of the same bits")
	}
	c := shakespeare(t)
	require.Len(t, c.chars, 65)
	m := charTransformer(t, len(c.chars))
	require.NoError(t, m.SetLearningRate(0.003))
	const stride = 300
	x, y := c.windows(0, 100*32*stride+charContext+1, stride)
	_, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 1, BatchSize: 32})
	require.NoError(t, err)
	assert.Less(t, c.validate(t, m, 3000), 2.65)
}

// BenchmarkShakespeare trains the transformer for 10,000 steps of 32 rows on nine tenths
// of tiny-shakespeare, judges it on the rest, and lets it write. Half an hour and more, so
// it must be asked for:
//
//	TERRARIUM_LONG=1 go test -run '^$' -bench Shakespeare -benchtime 1x -timeout 8h ./core/train
func BenchmarkShakespeare(b *testing.B) {
	if os.Getenv("TERRARIUM_LONG") == "" {
		b.Skip("not run: set TERRARIUM_LONG=1 for half an hour of training")
	}
	c := shakespeare(b)
	m := charTransformer(b, len(c.chars))
	const rounds, steps, first = 20, 500, 0.003
	split := len(c.text) / 10 * 9
	for round := range rounds {
		require.NoError(b, m.SetLearningRate(first*(1-0.95*float64(round)/rounds)))
		stride := (split - 100) / (steps * 32)
		x, y := c.windows(round*7%stride, round*7%stride+steps*32*stride+charContext+1, stride)
		h, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 1, BatchSize: 32})
		require.NoError(b, err)
		loss, _ := h.Last("loss")
		fmt.Fprintf(os.Stderr, "step %5d: training %.4f, validation %.4f\n", (round+1)*steps, loss, c.validate(b, m, len(c.text)))
	}
	loss := c.validate(b, m, len(c.text))
	b.ReportMetric(loss, "nats")
	fmt.Fprintln(os.Stderr, c.write(b, m, 500))
	require.Less(b, loss, 1.9)
}

// validate returns the loss on the last tenth of the text, of at most so many characters.
func (c corpus) validate(t testing.TB, m *train.Model, most int) float64 {
	from := len(c.text) / 10 * 9
	x, y := c.windows(from, min(len(c.text), from+most), charContext)
	logs, err := m.Evaluate(ctx, x, y, train.EvalConfig{})
	require.NoError(t, err)
	return logs["loss"]
}

// write lets the model go on after the beginning of the last tenth, a character at a
// time, each drawn from what it predicts at a temperature of 0.8.
func (c corpus) write(t testing.TB, m *train.Model, length int) string {
	from := len(c.text) / 10 * 9
	window := append([]float32{}, c.text[from:from+charContext]...)
	x := &tensor.Tensor{Shape: []int{1, charContext}, Data: window}
	p := tensor.New(1, charContext, len(c.chars))
	r := rand.New(rand.NewPCG(1, 2))
	var text []byte
	for range length {
		require.NoError(t, m.PredictInto(p, x))
		logits := p.Data[len(p.Data)-len(c.chars):]
		weights, sum := make([]float64, len(logits)), 0.0
		for i, v := range logits {
			weights[i] = math.Exp(float64(v) / 0.8)
			sum += weights[i]
		}
		next, at := 0, r.Float64()*sum
		for next < len(weights)-1 && at >= weights[next] {
			at -= weights[next]
			next++
		}
		text = append(text, c.chars[next])
		copy(window, window[1:])
		window[len(window)-1] = float32(next)
	}
	return string(text)
}
