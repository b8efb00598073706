package train_test

import (
	"context"
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// The Keras program of the mission's founding article: 100 random rows of three
// features, a hidden layer of two units, ten epochs.
func Example() {
	random := rand.New(rand.NewPCG(1, 2))
	x, y := tensor.New(100, 3), tensor.New(100, 1)
	for i := range x.Data {
		x.Data[i] = random.Float32()
	}
	for i := range y.Data {
		y.Data[i] = float32(random.IntN(2))
	}

	m, err := train.New(nn.Sequential(nn.Input(3), nn.Flatten(), nn.Dense(2, nn.ReLU), nn.Dense(1, nn.Sigmoid)), train.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	err = m.Compile(train.Config{Optimizer: optim.Adam{}, Loss: nn.BinaryCrossentropy{}, Metrics: []string{"accuracy"}})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	history, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 10, BatchSize: 32})
	if err != nil {
		log.Fatal(err)
	}
	scores, err := m.Evaluate(ctx, x, y, train.EvalConfig{})
	if err != nil {
		log.Fatal(err)
	}
	p, err := m.Predict(ctx, x.Slice(0, 2))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d epochs, loss %.4f, accuracy %.2f\n", len(history.Epoch), scores["loss"], scores["acc"])
	fmt.Printf("predictions %.4f\n", p.Data)
	// Output:
	// 10 epochs, loss 0.6922, accuracy 0.55
	// predictions [0.5044 0.5044]
}

// The worked example of the founding article: a 3-2-1 network, its forward pass,
// and one update W ← W − α·∂L/∂W by gradient descent.
func Example_backpropagation() {
	hidden := nn.Dense(2, nn.Sigmoid, nn.NoBias, nn.Name("hidden"))
	output := nn.Dense(1, nn.Sigmoid, nn.NoBias, nn.Name("output"))
	m, err := train.New(nn.Sequential(nn.Input(3), hidden, output))
	if err != nil {
		log.Fatal(err)
	}
	// Half the squared error is what the article differentiates; the mean squared
	// error of one output is twice that, so half the rate gives the same update.
	const alpha = 0.5
	err = m.Compile(train.Config{Optimizer: optim.SGD{LearningRate: alpha / 2}, Loss: nn.MeanSquaredError{}})
	if err != nil {
		log.Fatal(err)
	}
	w1, _ := tensor.From([]float32{0.1, 0.4, 0.2, 0.5, 0.3, 0.6}, 3, 2)
	w2, _ := tensor.From([]float32{0.7, 0.8}, 2, 1)
	if err := m.SetWeights([]*tensor.Tensor{w1, w2}); err != nil {
		log.Fatal(err)
	}
	x, _ := tensor.From([]float32{1, 0.5, -1}, 1, 3)
	y, _ := tensor.From([]float32{1}, 1, 1)

	ctx := context.Background()
	before, err := m.Predict(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := m.Fit(ctx, x, y, train.FitConfig{Epochs: 1, BatchSize: 1}); err != nil {
		log.Fatal(err)
	}
	after, err := m.Predict(ctx, x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("prediction %.6f, after one step %.6f\n", before.Data[0], after.Data[0])
	for _, w := range m.Weights() {
		fmt.Printf("%s %.6f\n", w.Name, w.Tensor.Data)
	}
	// Output:
	// prediction 0.677545, after one step 0.682530
	// hidden/kernel [0.106149 0.407041 0.203074 0.503520 0.293851 0.592960]
	// output/kernel [0.716732 0.818053]
}
