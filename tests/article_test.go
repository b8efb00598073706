//go:build browser

package tests

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// The founding article's two programs run in the browser as they are documented, and
// the worked example gives what working it by hand gives.
func TestArticle(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/pages/")
	const run = `Promise.all([import('/deep/site/terrarium.js'), import('/deep/site/examples/article.js')])
		.then(([{ load }, article]) => load().then((t) => article.`

	var keras struct {
		History     map[string][]float64
		Scores      map[string]float64
		Predictions []float64
	}
	p.Eval(run+`keras(t)))`, &keras)
	assert.Len(t, keras.History["loss"], 10)
	assert.Len(t, keras.History["acc"], 10)
	assert.InDelta(t, math.Ln2, keras.Scores["loss"], 0.2, "random labels cannot be learned")
	assert.Len(t, keras.Predictions, 2)

	var got struct {
		Before, After float64
		W1, W2        []float64
	}
	p.Eval(run+`backpropagation(t)))`, &got)
	want := byHand()
	assert.InDelta(t, want.before, got.Before, 1e-6)
	assert.Greater(t, got.After, got.Before, "the update goes towards the target 1")
	assert.InDeltaSlice(t, want.w1, got.W1, 1e-6)
	assert.InDeltaSlice(t, want.w2, got.W2, 1e-6)
}

type worked struct {
	before float64
	w1, w2 []float64
}

// byHand works the example out in float64, term by term.
func byHand() worked {
	const alpha = 0.5
	sigma := func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
	x := []float64{1, 0.5, -1}
	w := worked{w1: []float64{0.1, 0.4, 0.2, 0.5, 0.3, 0.6}, w2: []float64{0.7, 0.8}}
	var h, d1 [2]float64
	for j := range h {
		z := 0.0
		for i := range x {
			z += x[i] * w.w1[2*i+j]
		}
		h[j] = sigma(z)
	}
	w.before = sigma(h[0]*w.w2[0] + h[1]*w.w2[1])
	d2 := (w.before - 1) * w.before * (1 - w.before)
	for j := range h {
		d1[j] = d2 * w.w2[j] * h[j] * (1 - h[j])
		w.w2[j] -= alpha * d2 * h[j]
	}
	for j := range h {
		for i := range x {
			w.w1[2*i+j] -= alpha * d1[j] * x[i]
		}
	}
	return w
}
