package bindings

import (
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// createBranches makes a model of a network with branches.
func (j *job) createBranches(p CreateParams, options []train.Option) (any, error) {
	if p.Table != 0 {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "a model of a table is sequential; train one with branches on tensors")
	}
	layers, frozen, err := parseLayers(p.Layers)
	if err != nil {
		return nil, err
	}
	var symbols []*nn.Symbol
	result := func(r LayerResult) (*nn.Symbol, error) {
		if r.Use < 0 || r.Use >= len(symbols) || r.Result < 0 {
			return nil, paramsErrorf("result %d of use %d is taken where there are %d uses", r.Result, r.Use, len(symbols))
		}
		return symbols[r.Use].Result(r.Result), nil
	}
	results := func(list []LayerResult) (all []*nn.Symbol, err error) {
		for _, r := range list {
			s, err := result(r)
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
		return all, nil
	}
	for _, use := range p.Uses {
		if use.Layer < 0 || use.Layer >= len(layers) {
			return nil, paramsErrorf("layer %d is used where there are %d", use.Layer, len(layers))
		}
		in, err := results(use.In)
		if err != nil {
			return nil, err
		}
		symbols = append(symbols, nn.Apply(layers[use.Layer], in...))
	}
	inputs, err := results(p.Inputs)
	if err != nil {
		return nil, err
	}
	outputs, err := results(p.Outputs)
	if err != nil {
		return nil, err
	}
	network, err := nn.Functional(inputs, outputs)
	if err != nil {
		return nil, err
	}
	freeze(network, layers, frozen)
	t, err := train.New(network, options...)
	if err != nil {
		return nil, err
	}
	return j.engine.open(t).info()
}

func parseLayers(described []Layer) (layers []nn.Layer, frozen []bool, err error) {
	for _, c := range layerConfigs(described) {
		l, err := nn.ParseLayer(c)
		if err != nil {
			return nil, nil, err
		}
		layers, frozen = append(layers, l), append(frozen, c.Frozen())
	}
	return layers, frozen, nil
}

// freeze freezes the nodes of layers that say so.
func freeze(network *nn.Network, layers []nn.Layer, frozen []bool) {
	for i := range network.Nodes {
		node := &network.Nodes[i]
		for k, l := range layers {
			if l == node.Layer {
				node.Frozen = node.Frozen || frozen[k]
			}
		}
	}
}

// modelCut makes a model of a part of another one.
func modelCut(j *job, p CutParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	options, err := j.options(p.Name, p.Seed)
	if err != nil {
		return nil, err
	}
	head, frozen, err := parseLayers(p.Layers)
	if err != nil {
		return nil, err
	}
	t, err := m.train.Cut(p.Layer, head, options...)
	if err != nil {
		return nil, err
	}
	freeze(t.Network(), head, frozen)
	return j.engine.open(t).info()
}

// modelTrainable freezes or thaws a layer.
func modelTrainable(j *job, p TrainableParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "setTrainable")
	if err != nil {
		return nil, err
	}
	if err := m.train.SetTrainable(p.Layer, p.Trainable); err != nil {
		return nil, err
	}
	m.batch = 0 // the next compile asks anew what a step takes
	return Empty{}, nil
}
