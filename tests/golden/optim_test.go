package golden

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/optim"
)

type optimizerSpec struct {
	ClassName string `json:"class_name"`
	Config    json.RawMessage
}

// make builds the optimizer. Unlike layers, all of the schema's are built.
func (s optimizerSpec) make(t *testing.T) optim.Optimizer {
	o, err := optim.New(s.ClassName, s.Config)
	require.NoError(t, err)
	require.NoError(t, o.Validate())
	return o
}

type optimizerCase struct {
	Optimizer optimizerSpec
	Params    []Tensor
	Gradients []struct {
		Step  int
		Grads []Tensor
	}
	ParamsAfter []struct {
		Step   int
		Params []Tensor
	} `json:"params_after"`
	Noise map[string]float64
}

func runOptimizer(t *testing.T, raw json.RawMessage) {
	var c optimizerCase
	require.NoError(t, json.Unmarshal(raw, &c))
	o := c.Optimizer.make(t)
	slots := make([][][]float32, len(c.Params))
	for i, p := range c.Params {
		for range o.Slots() {
			slots[i] = append(slots[i], make([]float32, len(p.Data)))
		}
	}
	checked := 0
	for _, g := range c.Gradients {
		var grads [][]float32
		for i := range c.Params {
			grads = append(grads, append([]float32{}, g.Grads[i].Data...))
		}
		optim.ClipGradients(o.Clipping(), grads)
		for i, p := range c.Params {
			o.Update(g.Step, o.Rate(), p.Data, grads[i], slots[i])
		}
		for k, after := range c.ParamsAfter {
			if after.Step != g.Step {
				continue
			}
			for i, want := range after.Params {
				noise := c.Noise[fmt.Sprintf("params_after.%d.params.%s", k, want.Name)]
				near(t, fmt.Sprintf("step %d %s", g.Step, want.Name), want.Data, c.Params[i].Data, tolerance(noise, want.Data))
				checked++
			}
		}
	}
	require.Equal(t, len(c.ParamsAfter)*len(c.Params), checked)
}

type regularizerCase struct {
	Regularizer json.RawMessage
	Weight      Tensor
	Value       float32
	Grad        Tensor
	Noise       map[string]float64
}
