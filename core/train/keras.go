package train

import (
	"github.com/terrarium-ml/terrarium/core/format/keras"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
)

// FromKeras makes a model of a layers-model that keras.Read read: its layers and
// weights, compiled as the file says where that is known here (file.Notes says where
// not).
func FromKeras(f *keras.File, opts ...Option) (*Model, error) {
	network, err := nn.ParseNetwork(f.Network)
	if err != nil {
		return nil, err
	}
	if f.Name != "" {
		opts = append([]Option{Name(f.Name)}, opts...)
	}
	m, err := New(network, opts...)
	if err != nil {
		return nil, err
	}
	weights, err := f.Match(m.built.Graph.Params())
	if err != nil {
		return nil, err
	}
	if err := m.SetWeights(weights); err != nil {
		return nil, err
	}
	if err := m.compileAs(f.Training); err != nil {
		f.Notes = append(f.Notes, "how it was compiled: "+err.Error())
	}
	return m, nil
}

// compileAs compiles the model as a file of Keras says.
func (m *Model) compileAs(t *keras.Training) error {
	if t == nil {
		return nil
	}
	var named struct {
		ClassName string          `json:"class_name"`
		Config    json.RawMessage `json:"config"`
	}
	if err := json.Unmarshal(t.Optimizer, &named); err != nil {
		return err
	}
	optimizer, err := optim.New(named.ClassName, named.Config)
	if err != nil {
		return err
	}
	loss, err := nn.ParseLoss(t.Loss, nil)
	if err != nil {
		return err
	}
	return m.Compile(Config{Optimizer: optimizer, Loss: loss, Metrics: t.Metrics})
}

// ToKeras writes the model as a layers-model of TensorFlow.js: the contents of
// model.json, and of keras.WeightsFile beside it. Preprocessing has no place in that
// format: the file predicts from the numbers that the network itself takes. How a
// network of several outputs was compiled is left out as well.
func (m *Model) ToKeras() (model, weights []byte, err error) {
	s := keras.Source{Name: m.name, Network: m.network}
	for _, w := range m.Weights() {
		s.Weights = append(s.Weights, keras.Weight{Name: w.Name, Tensor: w.Tensor})
	}
	if c := m.config; c != nil && len(m.built.Outputs) == 1 {
		s.Optimizer, s.Loss, s.Metrics = c.Optimizer.ClassName(), c.lossOf(0).Name(), c.metricsOf(0)
	}
	return keras.Write(s)
}
