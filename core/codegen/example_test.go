//go:build !js

package codegen_test

import (
	"bytes"
	"context"
	"fmt"
	"math"

	"github.com/tetratelabs/wazero"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A model is compiled, and called as any host calls it: here by wazero.
func Example() {
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(1, nn.ReLU)), train.Name("sum"))
	must(err)
	must(m.SetWeights([]*tensor.Tensor{{Shape: []int{2, 1}, Data: []float32{1, 1}}, tensor.New(1)}))
	var wasm bytes.Buffer
	_, err = m.WriteWasm(&wasm, codegen.Options{}, codegen.About{})
	must(err)

	ctx := context.Background()
	runtime := wazero.NewRuntime(ctx)
	defer runtime.Close(ctx)
	module, err := runtime.Instantiate(ctx, wasm.Bytes())
	must(err)
	const rows = 2
	at, err := module.ExportedFunction("input").Call(ctx, rows)
	must(err)
	for i, v := range []float32{1, 2, -3, 1} { // two rows of two values
		module.Memory().WriteUint32Le(uint32(at[0])+uint32(4*i), math.Float32bits(v))
	}
	at, err = module.ExportedFunction("run").Call(ctx, rows)
	must(err)
	for i := range rows {
		bits, _ := module.Memory().ReadUint32Le(uint32(at[0]) + uint32(4*i))
		fmt.Println(math.Float32frombits(bits))
	}
	// Output:
	// 3
	// 0
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
