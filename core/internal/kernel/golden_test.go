package kernel

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Golden cases: outputs and gradients computed by TensorFlow.js, the outside
// authority. The README beside the files states formulas and tolerances.

type goldenTensor struct {
	Shape []int     `json:"shape"`
	Data  []float32 `json:"data"`
}

type goldenFile[T any] struct {
	Cases []T `json:"cases"`
}

func readGolden[T any](t *testing.T, name string) []T {
	t.Helper()
	dir := os.Getenv("TERRARIUM_GOLDEN")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "tests", "testdata", "golden")
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		if _, dirErr := os.Stat(dir); dirErr != nil {
			t.Skipf("no golden cases here (a browser has no files): %v", dirErr)
		}
		require.NoError(t, err)
	}
	var f goldenFile[T]
	require.NoError(t, json.Unmarshal(text, &f))
	require.NotEmpty(t, f.Cases)
	return f.Cases
}

// requireClose applies the README's tolerance; noise may be nil.
func requireClose(t *testing.T, what string, want, got []float32, noise any) {
	t.Helper()
	require.Len(t, got, len(want), what)
	peak := 0.0
	for _, w := range want {
		peak = max(peak, math.Abs(float64(w)))
	}
	n, _ := noise.(float64)
	limit := max(20*n, 1e-5*peak, 1e-7)
	for i, w := range want {
		d := math.Abs(float64(got[i]) - float64(w))
		if !(d <= limit) {
			require.Failf(t, "outside the tolerance", "%s[%d]: got %v, want %v ± %.3g", what, i, got[i], w, limit)
		}
	}
}

type goldenActivation struct {
	Name  string
	Layer struct {
		Config struct {
			Activation string
			Alpha      float32
		}
	}
	Activation     string
	Inputs         []goldenTensor
	Output         goldenTensor
	Upstream       goldenTensor
	InputGrads     []goldenTensor `json:"input_grads"`
	OutputRef64    []float32      `json:"output_ref64"`
	InputGradRef64 []float32      `json:"input_grad_ref64"`
	Noise          map[string]any
}

var activationNames = map[string]Activation{
	"linear": Linear, "relu": Relu, "relu6": Relu6, "leaky_relu": LeakyRelu, "elu": Elu,
	"selu": Selu, "sigmoid": Sigmoid, "hard_sigmoid": HardSigmoid, "tanh": Tanh,
	"softplus": Softplus, "softsign": Softsign, "swish": Swish, "mish": Mish,
	"gelu": Gelu, "gelu_tanh": GeluTanh,
}

func TestGoldenActivations(t *testing.T) {
	for _, c := range readGolden[goldenActivation](t, "activations.json") {
		t.Run(c.Name, func(t *testing.T) {
			x, dy := c.Inputs[0].Data, c.Upstream.Data
			y, dx := make([]float32, len(x)), make([]float32, len(x))
			n := c.Inputs[0].Shape[len(c.Inputs[0].Shape)-1]
			switch kind, ok := activationNames[c.Activation]; {
			case c.Activation == "softmax":
				Softmax(len(x)/n, n, y, x)
				SoftmaxGrad(len(x)/n, n, dx, dy, y)
			case c.Activation == "log_softmax":
				LogSoftmax(len(x)/n, n, y, x)
				LogSoftmaxGrad(len(x)/n, n, dx, dy, y)
			case ok:
				alpha := float32(1)
				if kind == LeakyRelu {
					alpha = c.Layer.Config.Alpha
				}
				Activate(kind, alpha, y, x)
				if NeedsInput(kind) {
					ActivateGrad(kind, alpha, dx, dy, x, nil)
				} else {
					ActivateGrad(kind, alpha, dx, dy, nil, y)
				}
			default:
				t.Fatalf("no kernel for activation %q", c.Activation)
			}
			if c.OutputRef64 != nil { // the exact formula, better than the float32 run
				requireClose(t, "output", c.OutputRef64, y, c.Noise["output"])
				requireClose(t, "input gradient", c.InputGradRef64, dx, nil)
				return
			}
			requireClose(t, "output", c.Output.Data, y, c.Noise["output"])
			requireClose(t, "input gradient", c.InputGrads[0].Data, dx, c.Noise["input_grads.0"])
		})
	}
}

type goldenLoss struct {
	Name   string
	Loss   string
	Config struct {
		FromLogits     bool    `json:"from_logits"`
		LabelSmoothing float32 `json:"label_smoothing"`
		Delta          float32
	}
	YTrue     goldenTensor `json:"y_true"`
	YPred     goldenTensor `json:"y_pred"`
	PerSample goldenTensor `json:"per_sample"`
	PredGrad  goldenTensor `json:"pred_grad"`
	Quirk     bool
	Noise     map[string]any
}

type lossKernels struct {
	loss func(rows, n int, loss, p, t []float32)
	grad func(rows, n int, dp, p, t, scale []float32)
}

var lossTable = map[string][2]lossKernels{ // probabilities, logits
	"mean_squared_error":              {{MSE, MSEGrad}},
	"mean_absolute_error":             {{MAE, MAEGrad}},
	"binary_crossentropy":             {{BCE, BCEGrad}, {BCELogits, BCELogitsGrad}},
	"categorical_crossentropy":        {{CCE, CCEGrad}, {CCELogits, CCELogitsGrad}},
	"sparse_categorical_crossentropy": {{SparseCCE, SparseCCEGrad}, {SparseCCELogits, SparseCCELogitsGrad}},

	"mean_absolute_percentage_error": {point(AbsolutePercentage, 0, 0)},
	"mean_squared_logarithmic_error": {point(SquaredLogarithmic, 0, 0)},
	"log_cosh":                       {point(LogCosh, 0, 0)},
	"hinge":                          {point(Hinge, 0, 0)},
	"squared_hinge":                  {point(SquaredHinge, 0, 0)},
	"poisson":                        {point(Poisson, 0, 0)},
	"kl_divergence":                  {point(KLDivergence, 0, 0)},
	"quantile":                       {point(Quantile, 0.3, 0)},
	"categorical_hinge":              {{CategoricalHinge, CategoricalHingeGrad}},
	"cosine_similarity":              {{CosineSimilarity, CosineSimilarityGrad}},
	"huber":                          {huberOf(1)},
	"huber, delta 0.5":               {huberOf(0.5)},
	"binary focal":                   {point(Focal, 2, 0.25), point(FocalLogits, 2, 0.25)},
	"binary focal, gamma 1.5":        {point(Focal, 1.5, -1), point(FocalLogits, 1.5, -1)},
	"categorical focal": {
		{bindFocal(CategoricalFocal, 2), bindFocalGrad(CategoricalFocalGrad, 2)},
		{bindFocal(CategoricalFocalLogits, 2), bindFocalGrad(CategoricalFocalLogitsGrad, 2)},
	},
	"categorical focal, gamma 1.5": {
		{bindFocal(CategoricalFocal, 1.5), bindFocalGrad(CategoricalFocalGrad, 1.5)},
		{bindFocal(CategoricalFocalLogits, 1.5), bindFocalGrad(CategoricalFocalLogitsGrad, 1.5)},
	},
}

// point fixes the parameters of a loss of the table of points.
func point(kind PointLoss, a, b float32) lossKernels {
	return lossKernels{
		func(rows, n int, loss, p, t []float32) { PointLosses(kind, a, b, rows, n, loss, p, t) },
		func(rows, n int, dp, p, t, scale []float32) { PointLossGrads(kind, a, b, rows, n, dp, p, t, scale) },
	}
}

func huberOf(delta float32) lossKernels {
	return lossKernels{
		func(rows, n int, loss, p, t []float32) { Huber(delta, rows, n, loss, p, t) },
		func(rows, n int, dp, p, t, scale []float32) { HuberGrad(delta, rows, n, dp, p, t, scale) },
	}
}

func bindFocal(f func(g, a float32, rows, n int, loss, p, t []float32), g float32) func(rows, n int, loss, p, t []float32) {
	return func(rows, n int, loss, p, t []float32) { f(g, 0.25, rows, n, loss, p, t) }
}

func bindFocalGrad(f func(g, a float32, rows, n int, dp, p, t, scale []float32), g float32) func(rows, n int, dp, p, t, scale []float32) {
	return func(rows, n int, dp, p, t, scale []float32) { f(g, 0.25, rows, n, dp, p, t, scale) }
}

func TestGoldenLosses(t *testing.T) {
	tested := 0
	for _, c := range readGolden[goldenLoss](t, "losses.json") {
		if c.Loss == "huber" && c.Config.Delta == 0.5 {
			c.Loss = "huber, delta 0.5"
		}
		table, ok := lossTable[c.Loss]
		if !ok || c.Quirk {
			t.Logf("%s: not built yet, or a quirk of the oracle", c.Name)
			continue
		}
		k := table[0]
		if c.Config.FromLogits {
			k = table[1]
		}
		tested++
		t.Run(c.Name, func(t *testing.T) {
			n := c.YPred.Shape[len(c.YPred.Shape)-1]
			rows := len(c.YPred.Data) / n
			target := append([]float32(nil), c.YTrue.Data...)
			if s := c.Config.LabelSmoothing; s != 0 {
				classes := float32(n)
				if c.Loss == "binary_crossentropy" {
					classes = 2
				}
				for i, v := range target {
					target[i] = v*(1-s) + s/classes
				}
			}
			loss, grad, scale := make([]float32, rows), make([]float32, rows*n), make([]float32, rows)
			Fill(scale, 1/float32(rows))
			k.loss(rows, n, loss, c.YPred.Data, target)
			k.grad(rows, n, grad, c.YPred.Data, target, scale)
			requireClose(t, "loss", c.PerSample.Data, loss, c.Noise["per_sample"])
			requireClose(t, "gradient", c.PredGrad.Data, grad, c.Noise["pred_grad"])
		})
	}
	require.Positive(t, tested)
}
