//go:build !engine

package bindings

import (
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/train"
)

// keptWriting describes the windows of a long text in a kept set: beside it there are the
// numbers of its tokens, not the text.
type keptWriting struct {
	Stride int `json:"stride"`
}

const keptTokens = "train/tokens"

// windows are what the table learns to write from, if it does that.
func (t *table) windows() *text.Windows {
	switch m := t.medium.(type) {
	case *manuscript:
		if m.prepared != nil {
			return m.prepared.Windows
		}
	case *keptTable:
		return m.windows
	}
	return nil
}

// openWindows makes windows of kept tokens, and checks that every number of the validation
// part is a token.
func openWindows(f *safetensors.File, h *setHeader, t *table) error {
	o, validation := &t.prepared.Pipeline.Output, &t.prepared.Validation
	kept := f.Find(keptTokens)
	if kept == nil || kept.DType != safetensors.F32 {
		return badSet("its tokens are missing")
	}
	tokens, _, err := kept.Float32()
	if err != nil {
		return err
	}
	w, err := text.RestoreWindows(o.Steps, o.Tokens, h.Writing.Stride, tokens.Data)
	if err != nil {
		return badSet("%v", err)
	}
	for _, values := range [][]float32{validation.X.Data, validation.Y.Data} {
		if at := text.FirstNoToken(values, o.Tokens); at >= 0 {
			return badSet("the number %g of the validation part is no token", values[at])
		}
	}
	rows := make([]int, w.Rows())
	for i := range rows {
		rows[i] = i
	}
	t.prepared.Train.Rows = rows
	t.medium.(*keptTable).windows, t.learn = w, train.Windows(w)
	return nil
}
