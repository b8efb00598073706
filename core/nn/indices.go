package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// takesIndices notes that the network takes v for whole numbers below words, if v is an
// input, possibly in another shape: whoever feeds it is to check that.
func (s *Scope) takesIndices(v graph.Value, words int) {
	if s.indices == nil {
		return
	}
	for {
		op, in := s.Graph.Producer(v)
		if _, view := op.(graph.Viewer); !view {
			break
		}
		v = in[0]
	}
	if known, ok := s.indices[v]; !ok || words < known {
		s.indices[v] = words
	}
}

// batched writes the shape of v for an error.
func batched(s *Scope, v graph.Value) string { return tensor.FormatBatch(s.Shape(v)) }
