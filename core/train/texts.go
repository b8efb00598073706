package train

import (
	"context"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Windows returns pieces of a long text as a data set, for a model that writes: the target
// of each token is the one behind it. Where in its stretch a row's window begins is drawn
// anew each time it is learned from.
func Windows(w *text.Windows) Dataset { return windows{w} }

type windows struct{ *text.Windows }

var _ Dataset = windows{}

func (w windows) Shapes() (inputs, targets [][]int) { return [][]int{{w.Length}}, [][]int{{w.Length}} }

func (w windows) Fill(b *Batch) error {
	if b.Training {
		w.Windows.Scatter(b.Inputs[0], b.Targets[0], b.Rows, b.Rand)
	} else {
		w.Windows.Fill(b.Inputs[0], b.Targets[0], b.Rows)
	}
	return nil
}

// A Writing says what a model that writes is to write.
type Writing struct {
	Start       string  // what to go on with; "" begins as a line does
	Count       int     // tokens to write
	Temperature float32 // of text.Sample: 0 takes the likeliest, 1 is as it learned
	Seed        uint64
}

// Write has a model go on with a text, token by token, and gives each to wrote, whose error
// ends it. The model's Pipeline must be of the task writing. The same weights, seed and
// start give the same text on every machine.
//
// It fails with code "unsupported" for other models, "option" for a temperature that makes
// no sense, "aborted" where the context ends.
func (m *Model) Write(ctx context.Context, w Writing, wrote func(piece string) error) error {
	if m.Pipeline == nil || m.Pipeline.Output.Task != data.TaskWriting {
		return tensor.Errorf(tensor.CodeUnsupported, "This model does not write texts.")
	}
	t, err := text.Read(m.Pipeline)
	if err != nil {
		return err
	}
	line := beginning(t, w.Start)
	x, p := tensor.New(1, t.Length), tensor.New(1, t.Length, t.Size())
	scratch := make([]float32, t.Size())
	var stream rand.PCG
	kernel.Stream(&stream, w.Seed, "write", "", 0, 0)
	for range w.Count {
		if ctx.Err() != nil {
			return tensor.Errorf(tensor.CodeAborted, "stopped on request")
		}
		if len(line) > t.Length {
			line = line[len(line)-t.Length:]
		}
		clear(x.Data)
		copy(x.Data, line)
		if err := m.PredictInto(p, x); err != nil {
			return err
		}
		at := (len(line) - 1) * t.Size() // what follows the last one
		next, err := text.Sample(scratch, p.Data[at:at+t.Size()], w.Temperature, &stream)
		if err != nil {
			return err
		}
		line = append(line, float32(next))
		if err := wrote(t.Decode(line[len(line)-1:])); err != nil {
			return err
		}
	}
	return nil
}

// beginning is what a text begins with: the tokens of start, else the end of a line, else
// the commonest token.
func beginning(t *text.Tokenizer, start string) []float32 {
	line := []float32{}
	for _, token := range t.Tokens(start) {
		line = append(line, float32(token.ID))
	}
	if len(line) > 0 {
		return line
	}
	if end := t.Tokens("\n"); len(end) == 1 && end[0].ID != text.Unknown {
		return append(line, float32(end[0].ID))
	}
	return append(line, text.Unknown+1)
}
