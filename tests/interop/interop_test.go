//go:build interop

package interop

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/keras"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A network to be written, and who has no layer for something in it.
type sample struct {
	network *nn.Network
	without []string
}

var samples = map[string]sample{
	"dense": {network: nn.Sequential(nn.Input(5), nn.Dense(8, nn.ReLU), nn.Dropout(0.5), nn.Dense(7, nn.Tanh, nn.NoBias), nn.Dense(3, nn.Softmax))},
	"activations": {network: nn.Sequential(nn.Input(6), nn.Dense(6, nn.ReLU6), nn.Dense(6, nn.SELU), nn.Dense(6, nn.HardSigmoid), nn.Dense(6, nn.Softplus),
		nn.Dense(6, nn.Softsign), nn.Dense(6, nn.Mish), nn.Dense(6, nn.GELU), nn.LeakyReLUOf(0.1), nn.Dense(6, nn.Swish), nn.Dense(6, nn.ELU), nn.Dense(4, nn.LogSoftmax))},
	"gelu by tanh": {network: nn.Sequential(nn.Input(6), nn.Dense(6, nn.GELUTanh)), without: []string{"tensorflow"}},
	"images": {network: nn.Sequential(nn.Input(9, 8, 2), nn.Conv2D(4, 3, nn.ReLU, nn.Same), nn.MaxPooling2D(2), nn.DepthwiseConv2D(3, nn.DepthMultiplier(2)),
		nn.AveragePooling2D(2, nn.Same), nn.Flatten(), nn.Dense(3, nn.Softmax))},
	"strides": {network: nn.Sequential(nn.Input(11, 10, 3), nn.Conv2D(4, 3, nn.Strides(2), nn.Same), nn.Conv2D(4, 3, nn.Dilation(2), nn.Same), nn.UpSampling2D(2),
		nn.ZeroPadding2D(1), nn.Cropping2D(2), nn.SeparableConv2D(5, 3), nn.GlobalAveragePooling2D(), nn.Dense(2))},
	"bilinear":  {network: nn.Sequential(nn.Input(4, 5, 3), bilinear(), nn.Conv2D(2, 3), nn.GlobalMaxPooling2D()), without: []string{"tensorflow"}},
	"enlarging": {network: nn.Sequential(nn.Input(4, 5, 3), nn.Conv2DTranspose(4, 3, nn.Strides(2), nn.Same, nn.ReLU), nn.Conv2DTranspose(2, 3, nn.Strides(2)), nn.GlobalMaxPooling2D())},
	"series":    {network: nn.Sequential(nn.Input(12, 3), nn.Conv1D(4, 3, nn.Tanh), nn.MaxPooling1D(2), nn.Conv1D(4, 2), nn.GlobalAveragePooling1D(), nn.Dense(1))},
	"causal":    {network: nn.Sequential(nn.Input(12, 3), nn.Conv1D(4, 3, nn.Causal, nn.Tanh), nn.Flatten()), without: []string{"tensorflow"}},
	"branches":  {network: branches()},
	"lstm":      {network: nn.Sequential(nn.Input(6, 3), nn.LSTM(5, nn.ReturnSequences), nn.LSTM(4), nn.Dense(2))},
	"gru": {network: nn.Sequential(nn.Input(6, 3), nn.Bidirectional(nn.GRU(4, nn.ResetBefore, nn.ReturnSequences)),
		nn.TimeDistributed(nn.Dense(3, nn.Tanh)), nn.SimpleRNN(4), nn.Dense(2))},
	"reset after": {network: nn.Sequential(nn.Input(6, 3), nn.GRU(4), nn.Dense(2)), without: []string{"tensorflow"}},
	"normalised":  {network: nn.Sequential(nn.Input(6, 6, 3), nn.Conv2D(4, 3), nn.BatchNormalization(), nn.Activate(nn.ReLU), nn.Flatten(), nn.LayerNormalization(), nn.Dense(2))},
	"words":       {network: nn.Sequential(nn.Input(7), nn.Embedding(5, 6), nn.GlobalAveragePooling1D(), nn.Dense(2, nn.Softmax))},
	"transformer": {network: nn.Sequential(nn.Input(7), nn.Embedding(5, 8), nn.PositionEmbedding(7), nn.TransformerBlock(2, nn.Causal), nn.RMSNormalization(), nn.Dense(5, nn.Softmax)),
		without: []string{"tensorflow"}},
	"steps": {network: nn.Sequential(nn.Input(4, 3), nn.Dense(5, nn.ELU), nn.Flatten(), nn.Dense(2, nn.Sigmoid))},
}

func bilinear() nn.Layer {
	l := nn.UpSampling2D(2)
	l.Interpolation = "bilinear"
	return l
}

// branches is a network of two inputs and two outputs, one layer of which is used twice.
func branches() *nn.Network {
	a, b := nn.NewInput(3), nn.NewInput(3)
	tower := nn.Dense(4, nn.Tanh)
	x, y := nn.Apply(tower, a), nn.Apply(tower, b)
	joined := nn.Apply(nn.Concatenate(), nn.Apply(nn.Multiply(), x, y), nn.Apply(nn.Average(), x, y), nn.Apply(nn.Maximum(), x, y))
	n, err := nn.Functional([]*nn.Symbol{a, b}, []*nn.Symbol{nn.Apply(nn.Dense(2, nn.Softmax), joined), nn.Apply(nn.Add(), x, y)})
	if err != nil {
		panic(err)
	}
	return n
}

type answer struct {
	Outputs [][]float32
	Failed  string
}

func TestOthersOpenWhatWeWrite(t *testing.T) {
	npm := packages(t)
	for name, s := range samples {
		t.Run(name, func(t *testing.T) {
			m, err := train.New(s.network, train.Seed(5), train.Name(name))
			require.NoError(t, err)
			dir := t.TempDir()
			if !slices.Contains(s.without, "tensorflow") {
				model, weights, err := m.ToKeras()
				require.NoError(t, err)
				write(t, dir, "model.json", model)
				write(t, dir, keras.WeightsFile, weights)
			}
			if !slices.Contains(s.without, "onnx") {
				file, err := m.ToONNX()
				require.NoError(t, err)
				write(t, dir, "model.onnx", file)
			}
			want := predict(t, m, dir)
			for who, got := range run(t, npm, dir) {
				if slices.Contains(s.without, who) {
					continue
				}
				require.Empty(t, got.Failed, who)
				require.Len(t, got.Outputs, len(want), who)
				for i := range want {
					assert.InDeltaSlice(t, want[i], got.Outputs[i], 1e-5, "%s, output %d", who, i)
				}
			}
		})
	}
}

// packages installs what package.json names, into NPM or a folder of the test's.
func packages(t *testing.T) string {
	dir := os.Getenv("NPM")
	if dir == "" {
		dir = t.TempDir()
	}
	text, err := os.ReadFile("package.json")
	require.NoError(t, err)
	write(t, dir, "package.json", text)
	install := exec.Command("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
	install.Dir = dir
	out, err := install.CombinedOutput()
	require.NoError(t, err, "npm install: %s", out)
	return dir
}

func write(t *testing.T, dir, name string, content []byte) {
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o644))
}

// predict writes inputs for the model into dir and returns what it makes of them. Whole
// numbers from 0 to 2 suit every input, embeddings' included.
func predict(t *testing.T, m *train.Model, dir string) [][]float32 {
	const rows = 3
	built, err := m.Network().Build()
	require.NoError(t, err)
	store := graph.NewStore(built.Graph)
	for i, w := range m.Weights() {
		copy(store.Of(i, store.Change()), w.Tensor.Data)
	}
	plan, err := graph.NewPlan(built.Graph, store, graph.Config{MaxBatch: rows, Outputs: built.Outputs}, 0)
	require.NoError(t, err)
	type input struct {
		Shape []int     `json:"shape"`
		Data  []float32 `json:"data"`
	}
	var inputs []input
	for _, v := range built.Inputs {
		x := plan.Value(v, rows)
		for i := range x {
			x[i] = float32((i*7 + i/3) % 3)
		}
		inputs = append(inputs, input{append([]int{rows}, built.Graph.Shape(v)...), x})
	}
	text, err := json.Marshal(inputs)
	require.NoError(t, err)
	write(t, dir, "inputs.json", text)
	require.NoError(t, plan.Forward(rows, false))
	var out [][]float32
	for _, v := range built.Outputs {
		out = append(out, slices.Clone(plan.Value(v, rows)))
	}
	return out
}

func run(t *testing.T, npm, dir string) map[string]answer {
	script, err := filepath.Abs("check.mjs")
	require.NoError(t, err)
	node := exec.Command("node", script, dir)
	node.Env = append(os.Environ(), "NPM="+npm)
	out, err := node.Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	var answers map[string]answer
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &answers), "%s", out)
	return answers
}
