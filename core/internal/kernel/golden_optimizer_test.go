package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

type goldenOptimizer struct {
	Name      string
	Optimizer struct {
		ClassName string `json:"class_name"`
		Config    struct {
			LearningRate   float64 `json:"learning_rate"`
			Momentum       float32
			Nesterov       bool
			Beta1          float64 `json:"beta_1"`
			Beta2          float64 `json:"beta_2"`
			Rho            float64
			Epsilon        float32
			Centered       bool
			ClipValue      float32
			ClipNorm       float64
			GlobalClipNorm float64 `json:"global_clipnorm"`
		}
	}
	Params    []goldenTensor
	Gradients []struct {
		Step  int
		Grads []goldenTensor
	}
	ParamsAfter []struct {
		Step   int
		Params []struct {
			Name string
			goldenTensor
		}
	} `json:"params_after"`
	Quirk bool
	Noise map[string]any
}

// TestGoldenOptimizers runs 25 steps of each optimizer that has a kernel.
func TestGoldenOptimizers(t *testing.T) {
	built := map[string]bool{"SGD": true, "Adam": true, "RMSprop": true}
	for _, c := range readGolden[goldenOptimizer](t, "optimizers.json") {
		if !built[c.Optimizer.ClassName] || c.Quirk {
			t.Logf("%s: not built yet, or a quirk of the oracle", c.Name)
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			state := make([][3][]float32, len(c.Params))
			for i, p := range c.Params {
				for s := range state[i] {
					state[i][s] = make([]float32, len(p.Data))
				}
			}
			after := 0
			for _, g := range c.Gradients {
				c.clip(g.Grads)
				for i, p := range c.Params {
					c.update(g.Step, p.Data, g.Grads[i].Data, state[i])
				}
				if after == len(c.ParamsAfter) || c.ParamsAfter[after].Step != g.Step {
					continue
				}
				for i, want := range c.ParamsAfter[after].Params {
					noise := c.Noise[fmt.Sprintf("params_after.%d.params.%s", after, want.Name)]
					requireClose(t, fmt.Sprintf("%s after step %d", want.Name, g.Step), want.Data, c.Params[i].Data, noise)
				}
				after++
			}
			require.Equal(t, len(c.ParamsAfter), after)
		})
	}
}

func (c *goldenOptimizer) clip(grads []goldenTensor) {
	conf, total := c.Optimizer.Config, 0.0
	for _, g := range grads {
		squares := float64(SumSquares(g.Data))
		total += squares
		if conf.ClipValue != 0 {
			ClipValue(g.Data, conf.ClipValue)
		}
		if conf.ClipNorm != 0 {
			Scale(g.Data, g.Data, float32(conf.ClipNorm/max(math.Sqrt(squares), conf.ClipNorm)))
		}
	}
	if conf.GlobalClipNorm != 0 {
		for _, g := range grads {
			Scale(g.Data, g.Data, float32(conf.GlobalClipNorm/max(math.Sqrt(total), conf.GlobalClipNorm)))
		}
	}
}

func (c *goldenOptimizer) update(step int, p, g []float32, state [3][]float32) {
	conf := c.Optimizer.Config
	lr := float32(conf.LearningRate)
	switch c.Optimizer.ClassName {
	case "SGD":
		if conf.Momentum == 0 {
			SGD(p, g, lr)
		} else {
			Momentum(p, g, state[0], lr, conf.Momentum, conf.Nesterov)
		}
	case "Adam":
		b1, b2 := conf.Beta1, conf.Beta2
		Adam(p, g, state[0], state[1], float32(b1), float32(1-b1), float32(b2), float32(1-b2),
			float32(1/(1-math.Pow(b1, float64(step)))), float32(1/(1-math.Pow(b2, float64(step)))), lr, conf.Epsilon)
	case "RMSprop":
		var mom, gm []float32
		if conf.Momentum != 0 {
			mom = state[1]
		}
		if conf.Centered {
			gm = state[2]
		}
		RMSProp(p, g, state[0], mom, gm, float32(conf.Rho), float32(1-conf.Rho), conf.Momentum, lr, conf.Epsilon)
	}
}
