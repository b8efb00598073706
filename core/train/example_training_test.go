package train_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// points are 90 points of the plane in three classes.
func points() (x, y *tensor.Tensor) { return blobs(90) }

// newClassifier is a fresh network for them, compiled.
func newClassifier(units int, rate float64, seed uint64) (*train.Model, error) {
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(units, nn.ReLU), nn.Dense(3, nn.Softmax)), train.Seed(seed))
	if err != nil {
		return nil, err
	}
	return m, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: rate}, Loss: nn.SparseCategoricalCrossentropy{}, Metrics: []string{"accuracy"}})
}

// A network with one input and two outputs, each with a loss of its own.
func ExampleModel_FitData() {
	in := nn.NewInput(2)
	trunk := nn.Apply(nn.Dense(16, nn.ReLU), in)
	kind := nn.Apply(nn.Dense(3, nn.Softmax, nn.Name("kind")), trunk)
	size := nn.Apply(nn.Dense(1, nn.Name("size")), trunk)
	network, err := nn.Functional([]*nn.Symbol{in}, []*nn.Symbol{kind, size})
	if err != nil {
		log.Fatal(err)
	}
	m, err := train.New(network, train.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	err = m.Compile(train.Config{
		Losses:        []nn.Loss{nn.SparseCategoricalCrossentropy{}, nn.MeanSquaredError{}},
		LossWeights:   []float64{1, 0.1},
		OutputMetrics: [][]string{{"accuracy"}, nil},
	})
	if err != nil {
		log.Fatal(err)
	}
	x, kinds := points()
	sizes := tensor.New(x.Rows(), 1)
	for i := range sizes.Data {
		sizes.Data[i] = x.Data[2*i] + x.Data[2*i+1]
	}
	data := train.Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{kinds, sizes})
	h, err := m.FitData(context.Background(), data, train.FitConfig{Epochs: 50, Accumulate: 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.OutputNames(), m.MetricNames())
	accuracy, _ := h.Last("kind_acc")
	fmt.Println(accuracy > 0.9)
	// Output:
	// [kind size] [kind_loss size_loss kind_acc]
	// true
}

// Transfer learning: keep what a trained network has learned to see, and put a new head
// on it.
func ExampleModel_Cut() {
	x, y := points()
	trained, err := newClassifier(16, 0.01, 1)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if _, err := trained.Fit(ctx, x, y, train.FitConfig{Epochs: 20}); err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := trained.Save(&file); err != nil {
		log.Fatal(err)
	}

	m, err := train.Load(&file)
	if err != nil {
		log.Fatal(err)
	}
	tuned, err := m.Cut("dense", []nn.Layer{nn.Dense(1, nn.Name("head"))})
	if err != nil {
		log.Fatal(err)
	}
	if err := tuned.SetTrainable("dense", false); err != nil {
		log.Fatal(err)
	}
	if err := tuned.Compile(train.Config{Loss: nn.MeanSquaredError{}}); err != nil {
		log.Fatal(err)
	}
	if _, err := tuned.Fit(ctx, x, y, train.FitConfig{Epochs: 20}); err != nil {
		log.Fatal(err)
	}
	before, after := trained.Weights(), tuned.Weights()
	for i := range after[:2] {
		fmt.Println(after[i].Name, after[i].Tensor.Data[0] == before[i].Tensor.Data[0])
	}
	fmt.Println(tuned.LayerNames())
	// Output:
	// dense/kernel true
	// dense/bias true
	// [input dense head]
}

// Three models judge each other's data, and then vote.
func ExampleCrossValidate() {
	x, y := points()
	var models []*train.Model
	result, err := train.CrossValidate(context.Background(), train.Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{y}), train.CrossValidation{
		Folds: 3, Classes: train.ClassesOf(y),
		New: func(fold int) (*train.Model, error) { return newClassifier(16, 0.03, uint64(fold)) },
		Fit: train.FitConfig{Epochs: 40},
		OnFold: func(_ int, m *train.Model, _ *train.CrossResult) error {
			models = append(models, m)
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	together, err := train.NewEnsemble(models...)
	if err != nil {
		log.Fatal(err)
	}
	together.Vote = true
	p, err := together.Predict(context.Background(), x.Slice(0, 3))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(result.Folds), result.Mean["acc"] > 0.9, result.SD["acc"] < 0.1)
	fmt.Println(p.Data)
	// Output:
	// 3 true true
	// [1 0 0 0 1 0 0 0 1]
}

// A search that spends 60 epochs: nine trials begin, three go on, one ends.
func ExampleSearch() {
	x, y := points()
	search := train.Search{
		Space: []train.Dimension{
			{Name: "rate", Min: 1e-4, Max: 1e-1, Log: true},
			{Name: "units", Min: 2, Max: 32, Whole: true},
		},
		New: func(_ int, p train.Params) (*train.Model, train.FitConfig, error) {
			m, err := newClassifier(int(p.Numbers["units"]), p.Numbers["rate"], 1)
			return m, train.FitConfig{ValidationSplit: 0.2}, err
		},
		Trials:  9,
		Epochs:  60,
		Halving: &train.Halving{MinEpochs: 2, MaxEpochs: 18},
	}
	state, err := search.Run(context.Background(), train.Tensors([]*tensor.Tensor{x}, []*tensor.Tensor{y}), nil)
	if err != nil {
		log.Fatal(err)
	}
	best := state.Best()
	fmt.Println(len(state.Trials), state.Epochs, state.Ended, best.Epochs, state.Monitor)
	// Output:
	// 9 42 trials 18 val_loss
}
