package optim

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goldenCase is a case of golden/optimizers.json; see the README beside it.
type goldenCase struct {
	Name      string
	Quirk     bool
	Note      string
	Optimizer struct {
		ClassName string `json:"class_name"`
		Config    json.RawMessage
	}
	Params    []goldenTensor
	Gradients []struct {
		Step  int
		Grads []goldenTensor
	}
	ParamsAfter []struct {
		Step   int
		Params []goldenTensor
	} `json:"params_after"`
	Noise map[string]float64
}

type goldenTensor struct {
	Name string
	Data []float32
}

func TestGolden(t *testing.T) {
	folder := cmp.Or(os.Getenv("TERRARIUM_GOLDEN"), filepath.Join("..", "..", "tests", "testdata", "golden"))
	text, err := os.ReadFile(filepath.Join(folder, "optimizers.json"))
	require.NoError(t, err)
	var file struct{ Cases []goldenCase }
	require.NoError(t, json.Unmarshal(text, &file))
	require.NotEmpty(t, file.Cases)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			if c.Quirk {
				t.Skipf("not compared, a quirk of TensorFlow.js: %s", c.Note)
			}
			if !built(c.Optimizer.ClassName) {
				t.Skipf("optimizer %s is not built yet", c.Optimizer.ClassName)
			}
			c.run(t)
		})
	}
}

func built(class string) bool {
	for _, k := range classes {
		for _, s := range k.spellings {
			if s == plain(class) {
				return true
			}
		}
	}
	return false
}

// run trains all parameters as one range, which is how a model does it.
func (c goldenCase) run(t *testing.T) {
	o, err := New(c.Optimizer.ClassName, c.Optimizer.Config)
	require.NoError(t, err)
	p := flat(c.Params)
	slots := make([][]float32, len(o.Slots()))
	for i := range slots {
		slots[i] = make([]float32, len(p))
	}
	checked := 0
	for _, step := range c.Gradients {
		g := flat(step.Grads)
		var grads [][]float32
		for at, i := 0, 0; i < len(c.Params); i++ {
			next := at + len(c.Params[i].Data)
			grads = append(grads, g[at:next])
			at = next
		}
		ClipGradients(o.Clipping(), grads)
		o.Update(step.Step, o.Rate(), p, g, slots)
		for i, after := range c.ParamsAfter {
			if after.Step == step.Step {
				checked++
				c.compare(t, i, p)
			}
		}
	}
	require.Equal(t, len(c.ParamsAfter), checked)
}

// compare checks p against entry i of params_after, with the README's tolerance.
func (c goldenCase) compare(t *testing.T, i int, p []float32) {
	for _, want := range c.ParamsAfter[i].Params {
		noise, ok := c.Noise["params_after."+string(rune('0'+i))+".params."+want.Name]
		require.True(t, ok, "no noise is stated for %s", want.Name)
		largest := 0.0
		for _, v := range want.Data {
			largest = max(largest, math.Abs(float64(v)))
		}
		tolerance := max(20*noise, 1e-5*largest, 1e-7)
		for j, v := range want.Data {
			assert.InDelta(t, v, p[j], tolerance, "step %d, %s[%d]", c.ParamsAfter[i].Step, want.Name, j)
		}
		p = p[len(want.Data):]
	}
}

func flat(tensors []goldenTensor) []float32 {
	var data []float32
	for _, t := range tensors {
		data = append(data, t.Data...)
	}
	return data
}
