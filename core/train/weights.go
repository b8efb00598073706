package train

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/digest"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Weight is one of a model's weights, by its name <layer>/<weight>.
type Weight struct {
	Name   string
	Tensor *tensor.Tensor
}

// Weights returns copies of all weights: layers in order, within a layer in
// Keras's order, whether trained or not.
func (m *Model) Weights() []Weight {
	weights := make([]Weight, len(m.store.Params))
	for i, p := range m.store.Params {
		t := tensor.New(p.Shape...)
		copy(t.Data, m.store.Of(i, m.store.Values()))
		weights[i] = Weight{p.FullName(), t}
	}
	return weights
}

// SetWeights sets all weights, in the order of Weights. Either all are set or, on an
// error, none.
func (m *Model) SetWeights(weights []*tensor.Tensor) error {
	if len(weights) != len(m.store.Params) {
		return tensor.Errorf(tensor.CodeShape, "the model has %d weights, got %d", len(m.store.Params), len(weights))
	}
	for i, p := range m.store.Params {
		if !tensor.SameShape(weights[i].Shape, p.Shape) {
			return tensor.Errorf(tensor.CodeShape, "weight %q: want shape %s, got %s", p.Name, tensor.Format(p.Shape), tensor.Format(weights[i].Shape)).In(p.Layer)
		}
		if k := weights[i].FirstNonFinite(); k >= 0 {
			return tensor.Errorf(tensor.CodeData, "weight %q: element %d is %v", p.Name, k, weights[i].Data[k]).In(p.Layer)
		}
	}
	for i := range m.store.Params {
		copy(m.store.Of(i, m.store.Change()), weights[i].Data)
	}
	return nil
}

// relay lays the weights out anew where others are trained than before.
func (m *Model) relay() {
	store := graph.NewStore(m.built.Graph)
	same := func(a, b graph.Stored) bool { return a.Trainable == b.Trainable }
	if slices.EqualFunc(store.Params, m.store.Params, same) {
		return
	}
	for i := range store.Params {
		copy(store.Of(i, store.Change()), m.store.Of(i, m.store.Values()))
	}
	m.store = store
}

// Digest returns the SHA-256 of all weights in the order of Weights, as
// little-endian float32, in hexadecimal: equal digests mean equal bits.
func (m *Model) Digest() string {
	hash := digest.New()
	buffer := make([]byte, 0, 4096)
	for i := range m.store.Params {
		for _, v := range m.store.Of(i, m.store.Values()) {
			buffer = binary.LittleEndian.AppendUint32(buffer, math.Float32bits(v))
			if len(buffer) == cap(buffer) {
				hash.Write(buffer)
				buffer = buffer[:0]
			}
		}
	}
	hash.Write(buffer)
	return hex.EncodeToString(hash.Sum(nil))
}
