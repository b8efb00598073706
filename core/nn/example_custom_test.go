package nn_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// Square is an operation of one's own: y = x², element by element.
type Square struct{}

// Infer tells the shape of the result, or what is wrong with that of the input.
func (Square) Infer(in [][]int) ([]int, *tensor.Error) { return in[0], nil }

// Forward writes y for c.N rows. A product that is added to something would be written
// float32(a*b), so that every machine rounds it.
func (Square) Forward(c *graph.Call) {
	for i, x := range c.In[0] {
		c.Out[i] = x * x
	}
}

// Backward writes dx = 2·x·dy, if anybody wants it.
func (Square) Backward(c *graph.Call) {
	for i := range c.DIn[0] {
		c.DIn[0][i] = 2 * c.In[0][i] * c.DOut[i]
	}
}

// Quadratic is a layer of one's own: y = (x·kernel)². Its options are a struct
// whose zero values are useful.
type Quadratic struct {
	Name  string `json:"name,omitempty"`
	Units int    `json:"units"`
}

func (q *Quadratic) ClassName() string { return "Quadratic" }
func (q *Quadratic) LayerName() string { return q.Name }
func (q *Quadratic) Config() any       { return q }

// Lower checks the options and writes the layer as weights and operations.
func (q *Quadratic) Lower(s *nn.Scope, x graph.Value) (graph.Value, error) {
	if q.Units < 1 {
		return x, s.Errorf("units must be at least 1, got %d", q.Units)
	}
	shape := s.Shape(x)
	kernel, err := s.Weight("kernel", []int{shape[len(shape)-1], q.Units}, nn.GlorotUniform, nn.Regularizer{})
	if err != nil {
		return x, err
	}
	y, err := s.Apply(graph.MatMul{}, x, kernel)
	if err != nil {
		return x, err
	}
	return s.Apply(Square{}, y)
}

func init() {
	// Without this a saved model with the layer in it could not be loaded.
	err := nn.Register("Quadratic", func(config json.RawMessage) (nn.Layer, error) {
		q := &Quadratic{}
		return q, json.Unmarshal(config, q)
	})
	if err != nil {
		log.Fatal(err)
	}
}

// A layer of one's own stands in a network like those of the package: it is trained,
// saved and loaded.
func Example_customLayer() {
	m, err := train.New(nn.Sequential(nn.Input(2), &Quadratic{Units: 4}, nn.Dense(1)), train.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	if err := m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.05}, Loss: nn.MeanSquaredError{}}); err != nil {
		log.Fatal(err)
	}
	x, y := tensor.New(64, 2), tensor.New(64, 1) // y = x₀·x₁
	for i := range 64 {
		x.Data[2*i], x.Data[2*i+1] = float32(i%8)/4-1, float32(i/8)/4-1
		y.Data[i] = x.Data[2*i] * x.Data[2*i+1]
	}
	h, err := m.Fit(context.Background(), x, y, train.FitConfig{Epochs: 100, BatchSize: 16})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		log.Fatal(err)
	}
	again, err := train.Load(&file)
	if err != nil {
		log.Fatal(err)
	}
	loss, _ := h.Last("loss")
	fmt.Printf("loss below 1e-4: %t\n", loss < 1e-4)
	fmt.Printf("the same after loading: %t\n", m.Digest() == again.Digest())
	// Output:
	// loss below 1e-4: true
	// the same after loading: true
}
