package nn

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
)

// The spellings of Keras's strings, classes and functions, and of TensorFlow.js.
func TestLossNames(t *testing.T) {
	for want, names := range map[string][]string{
		"mean_squared_error":              {"mse", "MSE", "meanSquaredError", "MeanSquaredError"},
		"mean_absolute_error":             {"mae", "MAE", "absoluteDifference"},
		"mean_absolute_percentage_error":  {"mape", "meanAbsolutePercentageError"},
		"mean_squared_logarithmic_error":  {"msle", "meanSquaredLogarithmicError"},
		"huber":                           {"Huber", "huberLoss", "huber_loss"},
		"log_cosh":                        {"logcosh", "LogCosh", "logCosh"},
		"kl_divergence":                   {"kullbackLeiblerDivergence", "kld", "KLD", "KLDivergence", "kullback_leibler_divergence"},
		"cosine_similarity":               {"cosineProximity", "CosineSimilarity", "cosine_proximity"},
		"hinge":                           {"Hinge", "hingeLoss"},
		"squared_hinge":                   {"squaredHinge", "SquaredHinge"},
		"categorical_hinge":               {"categoricalHinge"},
		"poisson":                         {"Poisson"},
		"quantile":                        {"pinball", "quantileLoss"},
		"binary_crossentropy":             {"binaryCrossentropy", "BinaryCrossentropy", "bce"},
		"binary_focal_crossentropy":       {"BinaryFocalCrossentropy"},
		"categorical_focal_crossentropy":  {"categoricalFocalCrossentropy"},
		"sparse_categorical_crossentropy": {"sparseCategoricalCrossentropy"},
	} {
		for _, name := range append(names, want) {
			l, err := ParseLoss(name, nil)
			require.NoError(t, err, name)
			assert.Equal(t, want, l.Name(), name)
		}
	}
}

func TestLossConfigs(t *testing.T) {
	for _, c := range []struct {
		name, config string
		want         Loss
		written      string
	}{
		{"huber", ``, Huber{1}, `{"delta":1}`},
		{"huber", `{"delta":0.5,"name":"huber","reduction":"sum_over_batch_size"}`, Huber{0.5}, `{"delta":0.5}`},
		{"quantile", `{"quantile":0.9}`, Quantile{0.9}, `{"quantile":0.9}`},
		{"mse", `{"reduction":"auto","dtype":"float32"}`, MeanSquaredError{}, ``},
		{"mse", `null`, MeanSquaredError{}, ``},
		{"CosineSimilarity", `{"axis":-1}`, CosineSimilarity{}, ``},
		{"binaryCrossentropy", `{"fromLogits":true,"labelSmoothing":0.2}`, BinaryCrossentropy{true, 0.2}, `{"from_logits":true,"label_smoothing":0.2}`},
		{"binary_focal_crossentropy", `{"gamma":1.5,"apply_class_balancing":true}`,
			BinaryFocalCrossentropy{ApplyClassBalancing: true, Alpha: 0.25, Gamma: 1.5}, `{"apply_class_balancing":true,"alpha":0.25,"gamma":1.5}`},
		{"categorical_focal_crossentropy", `{"alpha":1}`, CategoricalFocalCrossentropy{Alpha: 1, Gamma: 2}, `{"alpha":1,"gamma":2}`},
	} {
		l, err := ParseLoss(c.name, []byte(c.config))
		require.NoError(t, err, c.config)
		assert.Equal(t, c.want, l)
		name, config := FormatLoss(l)
		assert.Equal(t, c.written, string(config))
		back, err := ParseLoss(name, config)
		require.NoError(t, err)
		assert.Equal(t, l, back)
	}
}

func TestLossRefusals(t *testing.T) {
	for _, c := range []struct{ name, config, says string }{
		{"huber", `{"delta":0}`, "huber: delta must be above 0 and below 1e+30, got 0"},
		{"huber", `{"delta":-1}`, "delta must be above 0"},
		{"huber", `{"delat":1}`, `unknown option of loss huber "delat"; known are delta`},
		{"mse", `{"from_logits":true}`, `unknown option of loss mean_squared_error "from_logits"`},
		{"mse", `{"reduction":"sum"}`, `loss mean_squared_error: reduction = "sum" is not built`},
		{"mse", `[]`, "options of loss mean_squared_error"},
		{"quantile", `{"quantile":1}`, "quantile must be above 0 and below 1, got 1"},
		{"bce", `{"label_smoothing":2}`, "label_smoothing must be from 0 to 1, got 2"},
		{"binary_focal_crossentropy", `{"gamma":0}`, "gamma must be above 0"},
		{"categorical_focal_crossentropy", `{"alpha":0}`, "alpha must be above 0"},
		{"sparse_categorical_crossentropy", `{"label_smoothing":0.1}`, "known are from_logits"},
		{"crossentropy", ``, `unknown loss "crossentropy"; known are binary_crossentropy,`},
	} {
		_, err := ParseLoss(c.name, []byte(c.config))
		assert.ErrorContains(t, err, c.says, "%s %s", c.name, c.config)
	}
}

// Options that are wrong in Go are refused when the loss is built in.
func TestLossesCheckTheirOptions(t *testing.T) {
	for says, l := range map[string]Loss{
		"delta":           Huber{Delta: -1},
		"quantile":        Quantile{Quantile: 2},
		"label_smoothing": CategoricalCrossentropy{LabelSmoothing: -0.1},
		"gamma":           BinaryFocalCrossentropy{Gamma: -2},
		"alpha":           CategoricalFocalCrossentropy{Alpha: -1},
	} {
		g := &graph.Graph{}
		p, err := g.Input("p", []int{3})
		require.NoError(t, err)
		_, err = l.Lower(g, p, p)
		assert.ErrorContains(t, err, says)
	}
}

func FuzzParseLoss(f *testing.F) {
	f.Add("huber", `{"delta":1}`)
	f.Add("binary_focal_crossentropy", `{"gamma":1,"reduction":null}`)
	f.Fuzz(func(t *testing.T, name, config string) {
		l, err := ParseLoss(name, []byte(config))
		if err != nil {
			return
		}
		n, c := FormatLoss(l)
		back, err := ParseLoss(n, c)
		require.NoError(t, err)
		require.Equal(t, l, back)
	})
}
