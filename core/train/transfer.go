package train

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Cut makes a model of the network up to a layer, followed by a new head, for transfer
// learning: what is kept begins with this model's weights, the head with fresh ones.
//
//	tuned, err := m.Cut("dense_1", []nn.Layer{nn.Dense(3, nn.Softmax)}, train.Seed(2))
//	err = tuned.SetTrainable("dense", false)
//
// Without a head the model gives the layer's result. The new model has this one's seed
// unless an option says otherwise, and no pipeline: its outputs are others. It must be
// compiled. Layers are frozen where they were.
func (m *Model) Cut(layer string, head []nn.Layer, opts ...Option) (*Model, error) {
	body, err := m.network.Cut(layer)
	if err != nil {
		return nil, err
	}
	kept := make([]string, len(body.Nodes))
	for i, node := range body.Nodes {
		kept[i] = node.Name
	}
	network := body
	if len(head) > 0 {
		if network, err = body.Append(head...); err != nil {
			return nil, err
		}
	}
	cut, err := New(network, append([]Option{Seed(m.Seed()), Name(m.name), MemoryLimit(m.limit)}, opts...)...)
	if err != nil {
		return nil, err
	}
	cut.numerics = m.numerics
	_, err = cut.TakeWeights(m, kept...)
	return cut, err
}

// Fresh makes a model of the same network with fresh weights, compiled in the same way
// if this one is: for cross-validation and ensembles. It has this one's seed, and so the
// weights that this one began with, unless an option gives another.
func (m *Model) Fresh(opts ...Option) (*Model, error) {
	network := *m.network
	network.Nodes = slices.Clone(network.Nodes)
	fresh, err := New(&network, append([]Option{Seed(m.Seed()), Name(m.name), MemoryLimit(m.limit)}, opts...)...)
	if err != nil || m.config == nil {
		return fresh, err
	}
	return fresh, fresh.Compile(*m.config)
}

// TakeWeights copies the weights of layers from another model, by name: of the named
// layers, which both models must have with the same shapes, or without names of all
// whose weights have the same names and shapes in both. It returns the names of the
// weights that were copied. On an error none is.
func (m *Model) TakeWeights(from *Model, layers ...string) ([]string, error) {
	var names []string
	var copies []func()
	for i, p := range m.store.Params {
		asked := slices.Contains(layers, p.Layer)
		if len(layers) > 0 && !asked {
			continue
		}
		k := slices.IndexFunc(from.store.Params, func(q graph.Stored) bool { return q.FullName() == p.FullName() })
		if k < 0 || !tensor.SameShape(from.store.Params[k].Shape, p.Shape) {
			if !asked {
				continue
			}
			got := "has none"
			if k >= 0 {
				got = "has " + tensor.Format(from.store.Params[k].Shape)
			}
			return nil, tensor.Errorf(tensor.CodeShape, "weight %q: want shape %s, the other model %s", p.Name, tensor.Format(p.Shape), got).In(p.Layer)
		}
		names = append(names, p.FullName())
		copies = append(copies, func() { copy(m.store.Of(i, m.store.Change()), from.store.Of(k, from.store.Values())) })
	}
	for _, layer := range layers {
		if !slices.ContainsFunc(m.network.Nodes, func(n nn.Node) bool { return n.Name == layer }) {
			return nil, tensor.Errorf(tensor.CodeOption, "there is no layer %q; the layers are %s", layer, listed(m.LayerNames()))
		}
	}
	for _, f := range copies {
		f()
	}
	return names, nil
}

// LayerNames returns the names of the layers in the order in which they are computed.
func (m *Model) LayerNames() []string {
	var names []string
	for _, node := range m.network.Nodes {
		if !slices.Contains(names, node.Name) {
			names = append(names, node.Name)
		}
	}
	return names
}

// SetTrainable freezes a layer, so that training leaves its weights as they are and
// spends nothing on them, or thaws it. The model must be compiled again, which begins
// training anew; until then it cannot be fitted. An unknown name is an error.
func (m *Model) SetTrainable(layer string, trainable bool) error {
	if err := m.idle("SetTrainable"); err != nil {
		return err
	}
	if err := m.network.SetFrozen(layer, !trainable); err != nil {
		return err
	}
	m.config, m.trainer, m.slots, m.fitting, m.counters = nil, nil, nil, nil, counters{}
	return nil
}
