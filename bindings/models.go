package bindings

import (
	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A model is open in the engine.
type model struct {
	id      int
	train   *train.Model
	params  int            // number of parameters
	fit     *job           // the fit that runs, or nil
	asking  bool           // a prediction or evaluation is under way
	batch   int            // rows of a step, for the estimate of memory; 0 before a fit
	direct  *slot          // memory for predictSync, or nil
	logging *card.Recorder // of the fit, or nil

	learned []int // the rows of a table that it was trained on; nil where that is not known
	game    *game // of a playground's model, or nil
}

// bytes estimates the memory that the model takes.
func (m *model) bytes() int64 {
	if m.batch > 0 {
		if cost, err := m.train.StepCost(m.batch); err == nil {
			return int64(cost.Bytes)
		}
	}
	return int64(4 * m.params)
}

func (e *Engine) model(id int) (*model, error) {
	if m := e.models[id]; m != nil {
		return m, nil
	}
	return nil, tensor.Errorf(tensor.CodeOption, "there is no open model %d; it was disposed of, or belongs to an engine that has ended", id)
}

// idleModel returns a model that is not training.
func (e *Engine) idleModel(id int, what string) (*model, error) {
	m, err := e.model(id)
	if err != nil {
		return nil, err
	}
	if m.fit != nil {
		return nil, tensor.Errorf(tensor.CodeBusy, "%s: the model is training; wait for its fit to end, or stop it first", what)
	}
	return m, nil
}

// open gives a model an id.
func (e *Engine) open(t *train.Model) *model {
	m := &model{id: e.newID(), train: t}
	for _, w := range t.Weights() {
		m.params += len(w.Tensor.Data)
	}
	e.models[m.id] = m
	return m
}

func modelCreate(j *job, p CreateParams) (any, error) {
	options, err := j.options(p.Name, p.Seed)
	if err != nil {
		return nil, err
	}
	if len(p.Outputs) > 0 {
		return j.createBranches(p, options)
	}
	layers := p.Layers
	var pipeline *data.Pipeline
	if p.Table != 0 {
		t, err := j.engine.preparedTable(p.Table)
		if err != nil {
			return nil, err
		}
		pipeline = t.prepared.Pipeline
		layers = framed(layers, pipeline)
	}
	network, err := nn.FromConfig(layerConfigs(layers))
	if err != nil {
		return nil, err
	}
	t, err := train.New(network, options...)
	if err != nil {
		return nil, err
	}
	t.Pipeline = pipeline
	return j.engine.open(t).info()
}

// options are those of a new model. Without a seed there is none among them.
func (j *job) options(name string, seed *int64) ([]train.Option, error) {
	options := []train.Option{train.MemoryLimit(int(j.engine.limit - j.engine.held()))}
	if seed != nil {
		if *seed < 0 || *seed > MaxSeed {
			return nil, tensor.Errorf(tensor.CodeOption, "seed must be a whole number from 0 to %d, got %d", int64(MaxSeed), *seed)
		}
		options = append(options, train.Seed(uint64(*seed)))
	}
	if name != "" {
		options = append(options, train.Name(name))
	}
	return options, nil
}

// framed puts the input and the output layer of a pipeline around hidden layers.
func framed(hidden []Layer, p *data.Pipeline) []Layer {
	units, activation := p.Output.Units(), "linear"
	switch {
	case p.Output.Task == data.TaskClassification && units == 1:
		activation = "sigmoid"
	case p.Output.Task == data.TaskClassification:
		activation = "softmax"
	case p.Output.Task == data.TaskWriting:
		units, activation = p.Output.Tokens, "softmax"
	}
	layers := []Layer{{ClassName: "InputLayer", Config: jsonOf(map[string]any{"inputShape": p.Shape()})}}
	layers = append(layers, hidden...)
	return append(layers, Layer{ClassName: "Dense", Config: jsonOf(map[string]any{"name": "output", "units": units, "activation": activation})})
}

// jsonOf writes what cannot fail to be written.
func jsonOf(v any) json.RawMessage {
	text, err := Encode(v)
	if err != nil {
		panic("bindings: " + err.Error())
	}
	return text
}

func layerConfigs(layers []Layer) []nn.LayerConfig {
	configs := make([]nn.LayerConfig, len(layers))
	for i, l := range layers {
		configs[i] = nn.LayerConfig{ClassName: l.ClassName, Config: []byte(l.Config)}
	}
	return configs
}

// info describes the model.
func (m *model) info() (ModelInfo, error) {
	configs, err := m.train.Network().Config()
	if err != nil {
		return ModelInfo{}, err
	}
	layers := make([]Layer, len(configs.Layers))
	for i, c := range configs.Layers {
		layers[i] = Layer{ClassName: c.ClassName, Config: c.Config, Name: c.Name, Trainable: c.Trainable, InboundNodes: c.InboundNodes}
	}
	t := m.train
	c := m.card()
	return ModelInfo{Data: c.Data.Fingerprint, Source: c.Data.Source, Planned: c.Training.Epochs,
		Model: m.id, Name: t.Name(), Seed: int64(t.Seed()), Layers: layers,
		Input: t.InputShape(), Output: t.OutputShape(), Inputs: ports(t.InputNames(), t.InputShapes()), Outputs: ports(t.OutputNames(), t.OutputShapes()),
		Parameters: m.params, Numerics: t.Numerics(), Compiled: t.Config() != nil, Pipeline: t.Pipeline,
	}, nil
}

func ports(names []string, shapes [][]int) []Port {
	list := make([]Port, len(names))
	for i, name := range names {
		list[i] = Port{name, shapes[i]}
	}
	return list
}

func modelInfo(j *job, p ModelParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	return m.info()
}

func usualLoss(o *data.Output) string {
	switch {
	case o.Task == data.TaskRegression:
		return "meanSquaredError"
	case o.Units() == 1:
		return "binaryCrossentropy"
	}
	return "sparseCategoricalCrossentropy"
}

func usualMetrics(task data.Task) []string {
	if task == data.TaskRegression {
		return []string{"mae"}
	}
	return []string{"accuracy"}
}

func modelPlan(j *job, p PlanParams) (any, error) {
	e := j.engine
	m, err := e.model(p.Model)
	if err != nil {
		return nil, err
	}
	cost, err := m.train.StepCost(p.BatchSize)
	if err != nil {
		return nil, err
	}
	r := PlanResult{Bytes: int64(cost.Bytes), Flops: int64(cost.Flops), Data: e.held() - m.bytes(), Limit: e.limit, Parameters: m.params}
	if p.Table != 0 {
		t, err := e.preparedTable(p.Table)
		if err != nil {
			return nil, err
		}
		r.Steps = (len(t.prepared.Train.Rows) + p.BatchSize - 1) / p.BatchSize
	}
	return r, nil
}

func modelWeights(j *job, p ModelParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	r := WeightsResult{Names: []string{}, Tensors: []Tensor{}}
	for _, w := range m.train.Weights() {
		r.Names = append(r.Names, w.Name)
		r.Tensors = append(r.Tensors, j.attach(w.Tensor.Data, w.Tensor.Shape...))
	}
	return r, nil
}

func modelSetWeights(j *job, p SetWeightsParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "setWeights")
	if err != nil {
		return nil, err
	}
	weights := make([]*tensor.Tensor, len(p.Tensors))
	for i := range p.Tensors {
		if weights[i], err = j.tensor("a weight", &p.Tensors[i]); err != nil {
			return nil, err
		}
	}
	if err := m.train.SetWeights(weights); err != nil {
		return nil, err
	}
	return Empty{}, nil
}

func modelDigest(j *job, p ModelParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	return DigestResult{m.train.Digest()}, nil
}

func modelSummary(j *job, p ModelParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	return SummaryResult{m.train.Summary()}, nil
}

// modelDispose closes a model; a fit of it is cancelled.
func modelDispose(j *job, p ModelParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	if m.fit != nil {
		m.fit.cancel()
	}
	delete(j.engine.models, p.Model)
	return Empty{}, nil
}
