package keras_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/terrarium-ml/terrarium/core/format/keras"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A model goes to TensorFlow.js and comes from it: two files, of which one names the
// other.
func Example() {
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(1, nn.ReLU, nn.Name("sum"))), train.Name("adder"))
	must(err)
	must(m.SetWeights([]*tensor.Tensor{{Shape: []int{2, 1}, Data: []float32{1, 1}}, tensor.New(1)}))
	model, weights, err := m.ToKeras()
	must(err)

	files := map[string][]byte{"./" + keras.WeightsFile: weights} // beside model.json
	file, err := keras.Read(model, func(path string) ([]byte, error) {
		if content, ok := files[path]; ok {
			return content, nil
		}
		return nil, os.ErrNotExist
	})
	must(err)
	again, err := train.FromKeras(file)
	must(err)
	out, err := again.Predict(context.Background(), &tensor.Tensor{Shape: []int{1, 2}, Data: []float32{3, 4}})
	must(err)
	fmt.Println(again.Name(), again.LayerNames(), file.Weights[0].Name, out.Data)
	// Output: adder [input sum] sum/kernel [7]
}

// What Terrarium has no layer for is listed all at once.
func ExampleRead_unsupported() {
	_, err := keras.Read([]byte(`{"modelTopology": {"class_name": "Sequential", "config": {"layers": [
		{"class_name": "Dense", "config": {"name": "a", "units": 1, "batch_input_shape": [null, 2]}},
		{"class_name": "Lambda", "config": {"name": "b"}}]}}}`), nil)
	said, _, _ := strings.Cut(err.Error(), "; known are")
	fmt.Println(said)
	// Output:
	// the model cannot be opened, because of:
	//   b: unknown layer "Lambda"
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
