package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLossRowByRow: many rows give the bits that each gives alone, rows of one
// number (which have loops of their own) those of the general reduction.
func TestLossRowByRow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sums := map[string]func(s *partials, p, t []float32) float32{
		"mean_squared_error": squaredErrorScalar, "mean_absolute_error": absErrorScalar, "binary_crossentropy": bceLogitsScalar,
	}
	for name, table := range lossTable {
		for logits, k := range table {
			if k.loss == nil {
				continue
			}
			for _, n := range []int{1, 3, 16, 33} {
				const rows = 37
				p, _ := guarded(r, rows*n, fills[1].next)
				target, _ := guarded(r, rows*n, fills[1].next)
				scale, _ := guarded(r, rows, fills[1].next)
				width := n // of a row of targets
				if name == "sparse_categorical_crossentropy" {
					target, width = target[:rows], 1
					for i := range target {
						target[i] = float32(r.IntN(n))
					}
				}
				loss, grad := make([]float32, rows), make([]float32, rows*n)
				k.loss(rows, n, loss, p, target)
				k.grad(rows, n, grad, p, target, scale)
				for i := range rows {
					pi, ti := p[i*n:i*n+n], target[i*width:i*width+width]
					l, g := make([]float32, 1), make([]float32, n)
					k.loss(1, n, l, pi, ti)
					k.grad(1, n, g, pi, ti, scale[i:])
					requireSameBits(t, l, loss[i:i+1], "%s/%d n=%d loss", name, logits, n)
					requireSameBits(t, g, grad[i*n:i*n+n], "%s/%d n=%d gradient", name, logits, n)
					if sum := sums[name]; sum != nil && (name != "binary_crossentropy" || logits == 1) {
						requireSameBits(t, []float32{sum(new(partials), pi, ti) / float32(n)}, l, "%s n=%d", name, n)
					}
				}
				inPlace := clone(p) // dp may be p
				k.grad(rows, n, inPlace, inPlace, target, scale)
				requireSameBits(t, grad, inPlace, "%s/%d n=%d gradient in place", name, logits, n)
			}
		}
	}
}

func TestSparseLabelThatIsNone(t *testing.T) {
	p := []float32{0.25, 0.5, 0.25}
	for _, k := range lossTable["sparse_categorical_crossentropy"] {
		for _, label := range []float32{-1, 3, 0.5, 1e20, float32(math.NaN()), float32(math.Inf(1))} {
			loss, grad := make([]float32, 1), make([]float32, 3)
			k.loss(1, 3, loss, p, []float32{label})
			k.grad(1, 3, grad, p, []float32{label}, []float32{1})
			require.True(t, loss[0] != loss[0], "label %v: loss %v", label, loss[0])
			require.True(t, grad[0] != grad[0] && grad[2] != grad[2], "label %v: gradient %v", label, grad)
		}
	}
}

// TestLossGradients compares each gradient with central differences of its loss.
func TestLossGradients(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const n, h = 5, 1.0 / 256
	for _, name := range sortedLosses() {
		for logits, k := range lossTable[name] {
			if k.loss == nil {
				continue
			}
			p, target := make([]float32, n), make([]float32, n)
			for i := range p {
				p[i], target[i] = 0.2+0.6*r.Float32(), 0.9*r.Float32()
				if d := p[i] - target[i]; d > -2*h && d < 2*h {
					target[i] += 0.1 // off the kink of the absolute error
				}
			}
			if name == "sparse_categorical_crossentropy" {
				target = []float32{2}
			}
			grad, lo, hi := make([]float32, n), make([]float32, 1), make([]float32, 1)
			k.grad(1, n, grad, p, target, []float32{1})
			for i := range p {
				at := p[i]
				p[i] = at + h
				k.loss(1, n, hi, p, target)
				p[i] = at - h
				k.loss(1, n, lo, p, target)
				p[i] = at
				require.InDelta(t, (hi[0]-lo[0])/(2*h), grad[i], 2e-3*max(1, math.Abs(float64(grad[i]))), "%s/%d element %d", name, logits, i)
			}
		}
	}
}
