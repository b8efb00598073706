package train

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// array is one of a file that was read.
func array(name string, shape []int, values ...float32) safetensors.Named {
	return safetensors.Named{Name: name, DType: safetensors.F32, Shape: shape, Raw: rawFloats(values)}
}

func rawFloats(values []float32) (raw []byte) {
	for _, v := range values {
		b := math.Float32bits(v)
		raw = append(raw, byte(b), byte(b>>8), byte(b>>16), byte(b>>24))
	}
	return raw
}

func TestWeightsByName(t *testing.T) {
	m, err := New(nn.Sequential(nn.Input(2), nn.Dense(3, nn.Name("fc1")), nn.Dense(1, nn.Name("fc2")), nn.Dense(2, nn.Name("out"))), Seed(1))
	require.NoError(t, err)
	before := m.Weights()
	r, err := m.SetNamed(&safetensors.File{Tensors: []safetensors.Named{
		array("fc1.weight", []int{3, 2}, 1, 2, 3, 4, 5, 6), // PyTorch: [out, in]
		array("fc1.bias", []int{3}, 7, 8, 9),
		array("fc2/kernel:0", []int{3, 1}, 10, 11, 12),
		array("fc2/kernel", []int{3, 1}, 0, 0, 0),
		array("out.weight", []int{1, 2}, 1, 2),
		array("out/bias", []int{2}, float32(math.Inf(1)), 0),
		array("epoch", nil, 3),
		array("other.weight", []int{1}, 3),
	}})
	require.NoError(t, err)
	require.Equal(t, []string{"fc1/kernel", "fc1/bias", "fc2/kernel"}, r.Set)
	require.Equal(t, []string{"fc2/bias", "out/kernel", "out/bias"}, r.Missing)
	require.Equal(t, []string{"epoch", "other.weight"}, r.Unused)
	require.Equal(t, []string{"fc2/kernel: another array is fc2/kernel already", "out.weight: want shape [1, 2], got [2, 1]", "out/bias: it holds numbers that are not finite"}, r.Misfits)
	after := m.Weights()
	require.Equal(t, []float32{1, 3, 5, 2, 4, 6}, after[0].Tensor.Data)
	require.Equal(t, []float32{7, 8, 9}, after[1].Tensor.Data)
	require.Equal(t, []float32{10, 11, 12}, after[2].Tensor.Data)
	require.Equal(t, before[4:], after[4:])
}

func TestPyTorchKernelsAreTurned(t *testing.T) {
	x := tensor.New(2, 3, 1, 2) // out, in, height, width
	for i := range x.Data {
		x.Data[i] = float32(i)
	}
	turned := turn(x)
	require.Equal(t, []int{1, 2, 3, 2}, turned.Shape)
	require.Equal(t, []float32{0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11}, turned.Data)
}
