package text

import (
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Windows are what a model that writes learns from: pieces of one long text, each with
// itself, one token on, as target. Row i is the Length tokens from i·Stride on. It has
// what a train.Dataset needs: Rows, and Fill for a batch's rows.
type Windows struct {
	Length int
	Stride int

	ids  []float32
	size int // of the vocabulary
}

// NewWindows cuts a text that a tokenizer of characters or byte pairs knows. A stride of
// 0 is the tokenizer's length: windows side by side. It fails with code "option" for
// another tokenizer or a negative stride, "data" where the text has no window.
func NewWindows(t *Tokenizer, text string, stride int) (*Windows, error) {
	switch {
	case t.Kind != KindCharacters && t.Kind != KindBytePairs:
		return nil, tensor.Errorf(tensor.CodeOption, "To write, tokens must be %q or %q, got %q.", KindCharacters, KindBytePairs, t.Kind)
	case stride < 0:
		return nil, tensor.Errorf(tensor.CodeOption, "The stride must be 1 token or more, or 0 for the length of a window, got %d.", stride)
	case stride == 0:
		stride = t.Length
	}
	w := &Windows{Length: t.Length, Stride: stride, size: t.Size()}
	t.each(t.Cleaning.Clean(text), func(_ string, id int32) bool {
		w.ids = append(w.ids, float32(id))
		return true
	})
	if w.Rows() < 1 {
		return nil, tensor.Errorf(tensor.CodeData, "The text has %d tokens, a window and what follows need %d. Give a longer text, or choose a smaller length.", len(w.ids), t.Length+1)
	}
	return w, nil
}

// RestoreWindows makes windows again of the tokens of others, numbers below size, which
// stay the caller's but must not be changed any more. It fails with code "data" where they
// make no windows.
func RestoreWindows(length, size, stride int, tokens []float32) (*Windows, error) {
	w := &Windows{Length: length, Stride: stride, ids: tokens, size: size}
	if length < 1 || stride < 1 || stride > len(tokens) || w.Rows() < 1 {
		return nil, tensor.Errorf(tensor.CodeData, "%d tokens make no windows of %d, %d apart", len(tokens), length, stride)
	}
	if at := FirstNoToken(tokens, size); at >= 0 {
		return nil, tensor.Errorf(tensor.CodeData, "the number %g is none of %d tokens", tokens[at], size)
	}
	return w, nil
}

// FirstNoToken is the first place of a number that is not of a token, of which there are
// size; -1 without one.
func FirstNoToken(numbers []float32, size int) int {
	return slices.IndexFunc(numbers, func(v float32) bool {
		return !(v >= 0 && v < float32(size)) || v != float32(int(v))
	})
}

// Rows returns how many windows there are.
func (w *Windows) Rows() int { return max(0, (len(w.ids)-w.Length-1+w.Stride)/w.Stride) }

// Tokens returns the numbers of all tokens, which the windows are pieces of. They stay the
// windows' own, and must not be changed.
func (w *Windows) Tokens() []float32 { return w.ids }

// Fill writes windows one behind the other into x, and into y what follows each token,
// both of shape [len(rows), Length]. It allocates nothing.
func (w *Windows) Fill(x, y []float32, rows []int) {
	for i, row := range rows {
		from, to := row*w.Stride, i*w.Length
		copy(x[to:to+w.Length], w.ids[from:])
		copy(y[to:to+w.Length], w.ids[from+1:])
	}
}

// Scatter is Fill with windows that begin anywhere in the stretch of each row, drawn from
// the stream, of which it takes one number a row.
func (w *Windows) Scatter(x, y []float32, rows []int, stream *rand.PCG) {
	last := len(w.ids) - w.Length - 1
	for i, row := range rows {
		from, to := row*w.Stride, i*w.Length
		from = min(from+int(stream.Uint64()%uint64(w.Stride)), last)
		copy(x[to:to+w.Length], w.ids[from:])
		copy(y[to:to+w.Length], w.ids[from+1:])
	}
}

// Network suggests the hidden layers of a model that writes: a vector for each token and
// a recurrent layer, wider where there is much to learn. Behind them belongs a Dense layer
// with softmax of as many units as the tokenizer has numbers.
func (w *Windows) Network() []Layer {
	width, units := 16, 32
	if len(w.ids) >= 20_000 {
		width, units = 32, 128
	}
	return []Layer{
		{"Embedding", map[string]any{"inputDim": w.size, "outputDim": width}},
		{"GRU", map[string]any{"units": units, "returnSequences": true}},
	}
}

// smallest is what a probability of 0 counts as: its logarithm is finite.
const smallest = 1e-30

// Sample draws a token from the probabilities p, which a softmax gave, at a temperature:
// with those of softmax(log p / temperature). At 1 these are p's own; lower, likely
// tokens become likelier; 0 takes the likeliest, the first of several. Padding and
// Unknown are never drawn. scratch has room for as many numbers as p; the stream gives
// one number a draw. It allocates nothing, and the same stream gives the same text on
// every machine.
//
// It fails with code "shape" where the sizes do not fit or no token is left to draw,
// "option" for a temperature that is negative or no number.
func Sample(scratch, p []float32, temperature float32, stream *rand.PCG) (int, error) {
	switch {
	case len(scratch) != len(p) || len(p) <= reserved:
		return 0, tensor.Errorf(tensor.CodeShape, "To draw a token, probabilities of more than %d tokens and as much scratch space are needed, got %d and %d.", reserved, len(p), len(scratch))
	case !(temperature >= 0 && temperature <= 1e6):
		return 0, tensor.Errorf(tensor.CodeOption, "The temperature must be from 0 to 1e6, got %g.", temperature)
	}
	p, scratch = p[reserved:], scratch[reserved:]
	draw := float64(stream.Uint64()>>11) / (1 << 53)
	if temperature < 1e-3 { // below, quotients could overflow
		best := 0
		for i, v := range p {
			if v > p[best] {
				best = i
			}
		}
		return best + reserved, nil
	}
	for i, v := range p {
		scratch[i] = max(v, smallest)
	}
	kernel.Log(scratch, scratch)
	for i := range scratch {
		scratch[i] /= temperature
	}
	kernel.Softmax(1, len(scratch), scratch, scratch)
	for i, v := range scratch {
		if draw -= float64(v); draw < 0 {
			return i + reserved, nil
		}
	}
	return len(p) - 1 + reserved, nil // the sum was a little below 1
}
