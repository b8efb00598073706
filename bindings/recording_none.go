//go:build engine

package bindings

import (
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// This engine is for programs that import terrarium.js: what the studio records of a
// training, and how that is checked and kept, is left out of its bytes.

func (m *model) card() *card.Card { return &card.Card{} }

func (m *model) logTo() (cb train.Callback, ok bool) { return cb, false }

func (m *model) wrote(int, string) {}

func (m *model) again(p FitParams) (FitParams, error) {
	if p.Again || p.Record != nil {
		return p, tensor.Errorf(tensor.CodeUnsupported, "this engine keeps no log; the studio's does")
	}
	return p, nil
}

func (j *job) begin(m *model, p FitParams) error {
	if !p.Resume {
		m.train.Card, m.train.Log = nil, nil // they would tell of another training
	}
	return nil
}

func (k *keeper) keepSet() {}
