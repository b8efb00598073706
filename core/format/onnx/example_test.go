package onnx_test

import (
	"context"
	"fmt"

	"github.com/terrarium-ml/terrarium/core/format/onnx"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A model is written for ONNX Runtime and others; one that they wrote becomes the frozen
// base of another.
func Example() {
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(3, nn.Tanh, nn.Name("base")), nn.Dense(1, nn.Name("head"))), train.Seed(1))
	must(err)
	written, err := m.ToONNX()
	must(err)

	file, err := onnx.Read(written)
	must(err)
	read, err := train.FromONNX(file)
	must(err)
	layers := read.LayerNames()
	base := layers[len(layers)-2] // what comes before the head
	tuned, err := read.Cut(base, []nn.Layer{nn.Dense(2, nn.Softmax, nn.Name("new"))})
	must(err)
	must(tuned.SetTrainable(base, false))
	out, err := tuned.Predict(context.Background(), tensor.New(1, 2))
	must(err)
	fmt.Println(out.Data)
	// Output: [0.5 0.5]
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
