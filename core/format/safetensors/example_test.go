package safetensors_test

import (
	"bytes"
	"fmt"

	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// The arrays of any program are read by name, and become the weights of a model whose
// layers have these names: here as PyTorch calls and lays them out.
func Example() {
	var file bytes.Buffer
	must(safetensors.Write(&file, &safetensors.File{Tensors: []safetensors.Named{
		{Name: "fc.weight", Tensor: &tensor.Tensor{Shape: []int{1, 2}, Data: []float32{3, 4}}},
		{Name: "fc.bias", Tensor: &tensor.Tensor{Shape: []int{1}, Data: []float32{5}}},
		{Name: "epoch", DType: safetensors.I32, Tensor: &tensor.Tensor{Data: []float32{7}}},
	}}))

	read, err := safetensors.Read(&file, safetensors.Limits{})
	must(err)
	for _, array := range read.Tensors {
		fmt.Println(array.Name, array.DType, array.Shape)
	}
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(1, nn.Name("fc"))))
	must(err)
	report, err := m.SetNamed(read)
	must(err)
	fmt.Println("set:", report.Set, "unused:", report.Unused)
	fmt.Println(m.Weights()[0].Tensor.Shape, m.Weights()[0].Tensor.Data)
	// Output:
	// epoch I32 []
	// fc.bias F32 [1]
	// fc.weight F32 [1 2]
	// set: [fc/bias fc/kernel] unused: [epoch]
	// [2 1] [3 4]
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
