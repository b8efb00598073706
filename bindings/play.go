package bindings

import (
	"slices"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/data/toy"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A game is what the playground's model plays with.
type game struct {
	learn, test train.Dataset // test is nil without test points
	features    []string
	hidden      []int
	activation  string
	batch       int
	epoch       int
	eyes        *train.Model // of the same network and weights, with every hidden layer as an output; nil without one
}

// Bounds of a game.
const (
	maxPlayLayers = 6
	maxPlayUnits  = 16
)

func (p *PlayParams) check() error {
	for _, f := range p.Features {
		if !slices.Contains(toy.Features(), f) {
			return tensor.Errorf(tensor.CodeOption, "play: there is no feature %q; there are %v", f, toy.Features())
		}
	}
	switch {
	case len(p.Features) == 0:
		return tensor.Errorf(tensor.CodeOption, "play: the network must be shown one feature at least")
	case len(p.Hidden) > maxPlayLayers:
		return tensor.Errorf(tensor.CodeOption, "play: at most %d hidden layers, got %d", maxPlayLayers, len(p.Hidden))
	case len(p.Points.Shape) != 2 || p.Points.Shape[1] != 3:
		return tensor.Errorf(tensor.CodeShape, "play: want points [n, 3], got %s", tensor.Format(p.Points.Shape))
	case p.Tests < 0 || p.Tests > p.Points.Shape[0]-2:
		return tensor.Errorf(tensor.CodeOption, "play: of %d points %d are kept aside; two must be left to learn from", p.Points.Shape[0], p.Tests)
	case p.BatchSize < 1:
		return tensor.Errorf(tensor.CodeOption, "play: batchSize must be at least 1, got %d", p.BatchSize)
	}
	for _, units := range p.Hidden {
		if units < 1 || units > maxPlayUnits {
			return tensor.Errorf(tensor.CodeOption, "play: a hidden layer has 1 to %d units, got %d", maxPlayUnits, units)
		}
	}
	return nil
}

// layers describes the network: hidden layers called hidden_1, hidden_2, …, and output.
func (p *PlayParams) layers() []nn.LayerConfig {
	list := []Layer{{ClassName: "InputLayer", Config: jsonOf(map[string]any{"inputShape": []int{len(p.Features)}})}}
	dense := func(name string, units int, activation string) {
		config := map[string]any{"name": name, "units": units, "activation": activation}
		if p.L2 > 0 {
			config["kernelRegularizer"] = map[string]any{"class_name": "L2", "config": map[string]any{"l2": p.L2}}
		}
		list = append(list, Layer{ClassName: "Dense", Config: jsonOf(config)})
	}
	for i, units := range p.Hidden {
		dense("hidden_"+strconv.Itoa(i+1), units, p.Activation)
	}
	dense("output", 1, "sigmoid")
	return layerConfigs(list)
}

// playBegin makes a game.
func playBegin(j *job, p PlayParams) (any, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	points, err := j.tensor("points", &p.Points)
	if err != nil {
		return nil, err
	}
	options, err := j.options("playground", p.Seed)
	if err != nil {
		return nil, err
	}
	network, err := nn.FromConfig(p.layers())
	if err != nil {
		return nil, err
	}
	t, err := train.New(network, options...)
	if err != nil {
		return nil, err
	}
	optimizer, err := optim.New(p.Optimizer, jsonOf(map[string]json.RawMessage{"learningRate": jsonOf(p.LearningRate)}))
	if err != nil {
		return nil, err
	}
	if err := t.Compile(train.Config{Optimizer: optimizer, Loss: nn.BinaryCrossentropy{}, Metrics: []string{"accuracy"}}); err != nil {
		return nil, err
	}
	g := &game{features: p.Features, hidden: p.Hidden, activation: p.Activation, batch: p.BatchSize}
	rows := points.Rows() - p.Tests
	g.learn = g.set(points, 0, rows)
	if p.Tests > 0 {
		g.test = g.set(points, rows, points.Rows())
	}
	if g.eyes, err = p.eyes(options); err != nil {
		return nil, err
	}
	m := j.engine.open(t)
	m.game = g
	return m.info()
}

// set is what the network is shown of a part of the points.
func (g *game) set(points *tensor.Tensor, from, to int) train.Dataset {
	x, y := tensor.New(to-from, len(g.features)), tensor.New(to-from, 1)
	for i := range to - from {
		row := points.Row(from + i)
		toy.Show(x.Row(i), g.features, row[0], row[1])
		y.Data[i] = row[2]
	}
	return train.Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{y})
}

// eyes makes the model that tells what hidden units say.
func (p *PlayParams) eyes(options []train.Option) (*train.Model, error) {
	if len(p.Hidden) == 0 {
		return nil, nil
	}
	input := nn.NewInput(len(p.Features))
	at := input
	var outputs []*nn.Symbol
	for _, c := range p.layers()[1 : 1+len(p.Hidden)] {
		layer, err := nn.ParseLayer(c)
		if err != nil {
			return nil, err
		}
		at = nn.Apply(layer, at)
		outputs = append(outputs, at)
	}
	network, err := nn.Functional([]*nn.Symbol{input}, outputs)
	if err != nil {
		return nil, err
	}
	return train.New(network, options...)
}

// playStep trains and looks.
func playStep(j *job, p PlayStepParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "play")
	if err != nil {
		return nil, err
	}
	g := m.game
	if g == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "model %d is no playground's", p.Model)
	}
	if p.Epochs < 0 || p.Epochs > 10_000 {
		return nil, tensor.Errorf(tensor.CodeOption, "play: epochs must be from 0 to 10000, got %d", p.Epochs)
	}
	if err := checkSide(p.Side); err != nil {
		return nil, err
	}
	if p.Tile != 0 {
		if err := checkSide(p.Tile); err != nil {
			return nil, err
		}
	}
	var r PlayStepResult
	if p.Epochs > 0 {
		_, err := m.train.FitData(j.ctx, g.learn, train.FitConfig{Epochs: p.Epochs, BatchSize: g.batch, Pause: j.breathe,
			Callbacks: []train.Callback{{OnEpochEnd: func(*train.Model, int, train.Logs) error {
				g.epoch++
				return j.breathe()
			}}}})
		if err != nil {
			return nil, err
		}
	}
	r.Epoch = g.epoch
	if err := j.ask(m, func() error { return g.judge(j, m, &r) }); err != nil {
		return nil, err
	}
	out, err := g.look(j, m, p)
	if err != nil {
		return nil, err
	}
	j.out = append(j.out, Bytes(out))
	return r, nil
}

// judge measures the model on both parts of the points.
func (g *game) judge(j *job, m *model, r *PlayStepResult) error {
	logs, err := m.train.EvaluateData(j.ctx, g.learn, train.EvalConfig{BatchSize: g.batch})
	if err != nil {
		return err
	}
	r.Logs = Logs(logs)
	if g.test == nil {
		return nil
	}
	if logs, err = m.train.EvaluateData(j.ctx, g.test, train.EvalConfig{BatchSize: g.batch}); err != nil {
		return err
	}
	r.Logs["val_loss"], r.Logs["val_acc"] = logs["loss"], logs["acc"]
	return nil
}

// plane is what the network is shown of every pixel of a square picture of the plane.
func (g *game) plane(side int) *tensor.Tensor {
	x := tensor.New(side*side, len(g.features))
	place := func(i int) float32 { return float32((2*(float64(i)+0.5)/float64(side) - 1) * toy.Reach) }
	for row := range side {
		for column := range side {
			toy.Show(x.Row(row*side+column), g.features, place(column), -place(row))
		}
	}
	return x
}

// look paints what the network says of the plane, and with tiles what its features and
// its hidden units say.
func (g *game) look(j *job, m *model, p PlayStepParams) ([]byte, error) {
	said, err := j.predict(m, g.plane(p.Side))
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, 4*p.Side*p.Side+4*p.Tile*p.Tile*(len(g.features)+maxPlayLayers*maxPlayUnits))
	for _, v := range said[0].Data {
		out = appendColour(out, 2*v-1)
	}
	if p.Tile == 0 {
		return out, nil
	}
	x := g.plane(p.Tile)
	for k := range g.features {
		out = appendUnit(out, x, k, "linear")
	}
	if g.eyes == nil {
		return out, nil
	}
	if _, err := g.eyes.TakeWeights(m.train); err != nil {
		return nil, err
	}
	layers, err := j.predict(&model{train: g.eyes}, x)
	if err != nil {
		return nil, err
	}
	for _, layer := range layers {
		for k := range layer.Shape[1] {
			out = appendUnit(out, layer, k, g.activation)
		}
	}
	return out, nil
}

// appendUnit paints one column of values, brought to −1 … 1.
func appendUnit(out []byte, values *tensor.Tensor, k int, activation string) []byte {
	var largest float32
	for i := range values.Rows() {
		largest = max(largest, values.Row(i)[k], -values.Row(i)[k])
	}
	for i := range values.Rows() {
		v := values.Row(i)[k]
		switch {
		case activation == "sigmoid":
			v = 2*v - 1
		case activation != "tanh" && largest > 0:
			v /= largest
		}
		out = appendColour(out, v)
	}
	return out
}

// Colours of the two classes and of what lies between: blue and orange, which people who
// see colours differently tell apart as well.
var (
	colourZero   = [3]float32{0, 98, 173}
	colourMiddle = [3]float32{244, 242, 237}
	colourOne    = [3]float32{226, 126, 0}
)

// appendColour paints a value from −1, class 0, to 1, class 1.
func appendColour(out []byte, v float32) []byte {
	end := &colourOne
	if v < 0 {
		end, v = &colourZero, -v
	}
	if !(v < 1) {
		v = 1
	}
	v *= 0.85
	for i := range end {
		out = append(out, byte(colourMiddle[i]+(end[i]-colourMiddle[i])*v))
	}
	return append(out, 255)
}
