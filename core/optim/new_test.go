package optim

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestNew(t *testing.T) {
	for name, c := range map[string]struct {
		class, config string
		want          Optimizer
	}{
		"default":            {"adam", ``, Adam{}},
		"null":               {"SGD", `null`, SGD{}},
		"momentum":           {"momentum", `{"useNesterov":true}`, SGD{Momentum: 0.9, Nesterov: true}},
		"Keras spelling":     {"Adam", `{"learning_rate":0.5,"beta_1":0.8,"global_clipnorm":2}`, Adam{LearningRate: 0.5, Beta1: 0.8, Clip: Clip{GlobalNorm: 2}}},
		"TF.js spelling":     {"rmsprop", `{"learningRate":0.5,"rho":0.8,"clipValue":2}`, RMSProp{LearningRate: 0.5, Rho: 0.8, Clip: Clip{Value: 2}}},
		"old spelling":       {"RMSprop", `{"lr":0.5,"centered":true}`, RMSProp{LearningRate: 0.5, Centered: true}},
		"explicit zero":      {"Adam", `{"beta_1":0,"epsilon":0}`, Adam{Beta1: Zero, Epsilon: Zero}},
		"zero by default":    {"SGD", `{"momentum":0,"clipnorm":0}`, SGD{}},
		"null is default":    {"Adam", `{"epsilon":null,"clipnorm":null}`, Adam{}},
		"a file of Keras's":  {"AdamW", `{"name":"adamw","learning_rate":0.01,"weight_decay":0.1,"amsgrad":false,"use_ema":false,"ema_momentum":0.99,"jit_compile":true}`, AdamW{LearningRate: 0.01, WeightDecay: 0.1}},
		"no decay":           {"Adamax", `{"decay":0.0}`, Adamax{}},
		"very large rate":    {"sgd", `{"learningRate":1e9}`, SGD{LearningRate: 1e9}},
		"initial value zero": {"adagrad", `{"initialAccumulatorValue":0}`, Adagrad{InitialAccumulatorValue: Zero}},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := New(c.class, []byte(c.config))
			require.NoError(t, err)
			assert.Equal(t, c.want, o)
		})
	}
}

func TestNewRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		class, config, code string
		says                string
	}{
		"unknown class":       {"adma", ``, "option", `unknown optimizer "adma"; known: sgd, momentum, adam, rmsprop, adagrad, adadelta, adamw, adamax`},
		"no class":            {"", ``, "option", "known: sgd"},
		"unknown option":      {"Adam", `{"leraning_rate":1}`, "option", `optimizer Adam: unknown option "leraning_rate"; known: learning_rate, beta_1, beta_2, epsilon, clipvalue, clipnorm, global_clipnorm`},
		"another's option":    {"SGD", `{"beta_1":0.9}`, "option", `unknown option "beta_1"`},
		"two spellings":       {"Adam", `{"beta_1":0.9,"beta1":0.8}`, "option", `"beta1" and "beta_1" are the same`},
		"same key twice":      {"Adam", `{"beta_1":0.9,"beta_1":0.8}`, "option", "duplicate"},
		"negative rate":       {"Adam", `{"learning_rate":-1}`, "option", "learning_rate must be 0 or above, and finite, got -1"},
		"rate not a number":   {"Adam", `{"learning_rate":"fast"}`, "option", `learning_rate must be a number 0 or above, and finite, got "fast"`},
		"rate beyond float64": {"Adam", `{"learning_rate":1e999}`, "option", "learning_rate must be a number"},
		"rate beyond float32": {"Adam", `{"learning_rate":1e39}`, "option", "learning_rate must be 0 or above, and finite"},
		"beta of 1":           {"Adam", `{"beta_2":1}`, "option", "beta_2 must be from 0 to below 1, got 1"},
		"momentum above 1":    {"SGD", `{"momentum":1.5}`, "option", "momentum must be from 0 to 1, got 1.5"},
		"flag as a number":    {"SGD", `{"nesterov":1}`, "option", "nesterov must be true or false, got 1"},
		"two clippings":       {"SGD", `{"clipvalue":1,"clipnorm":1}`, "option", "clipvalue and clipnorm exclude each other"},
		"amsgrad":             {"Adam", `{"amsgrad":true}`, "unsupported", "amsgrad = true is not supported"},
		"not an object":       {"Adam", `[1]`, "option", "no JSON object"},
		"not JSON":            {"Adam", `{`, "option", "no JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := New(c.class, []byte(c.config))
			assert.Nil(t, o)
			var e *tensor.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.code, e.Code)
			assert.ErrorContains(t, err, c.says)
		})
	}
}

func TestValidateNamesTheOption(t *testing.T) {
	for says, o := range map[string]Optimizer{
		"SGD: learning_rate":         SGD{LearningRate: math.NaN()},
		"Adam: learning_rate":        Adam{LearningRate: math.Inf(1)},
		"Adam: beta_1":               Adam{Beta1: 1},
		"AdamW: weight_decay":        AdamW{WeightDecay: -1},
		"Adamax: epsilon":            Adamax{Epsilon: math.NaN()},
		"RMSprop: rho":               RMSProp{Rho: 2},
		"Adadelta: rho":              Adadelta{Rho: -0.5},
		"Adagrad: initial_accum":     Adagrad{InitialAccumulatorValue: -1},
		"SGD: clipnorm":              SGD{Clip: Clip{Norm: math.NaN()}},
		"clipvalue and global_clipn": Adam{Clip: Clip{Value: 1, GlobalNorm: 1}},
	} {
		assert.ErrorContains(t, o.Validate(), says)
	}
}

// all has an optimizer of each kind with nothing at its default.
func all() []Optimizer {
	return []Optimizer{
		SGD{LearningRate: 0.5, Momentum: 0.25, Nesterov: true, Clip: Clip{Norm: 3}},
		Adam{LearningRate: 0.5, Beta1: 0.25, Beta2: Zero, Epsilon: 0.125, Clip: Clip{Value: 3}},
		AdamW{LearningRate: 0.5, WeightDecay: 2, Beta1: 0.25, Beta2: 0.75, Epsilon: 0.125},
		Adamax{LearningRate: 0.5, Beta1: 0.25, Beta2: 0.75, Epsilon: Zero},
		RMSProp{LearningRate: 0.5, Rho: 0.25, Momentum: 0.75, Epsilon: 0.125, Centered: true, Clip: Clip{GlobalNorm: 3}},
		Adagrad{LearningRate: 0.5, InitialAccumulatorValue: 2, Epsilon: 0.125},
		Adadelta{LearningRate: 0.5, Rho: 0.25, Epsilon: 0.125},
	}
}

func TestConfigRoundTrip(t *testing.T) {
	for _, o := range all() {
		class, config := Config(o)
		require.NoError(t, o.Validate())
		require.True(t, json.Valid(config), "%s", config)
		again, err := New(class, config)
		require.NoError(t, err)
		assert.Equal(t, o, again)
	}
	class, config := Config(Adam{})
	assert.Equal(t, "Adam", class)
	assert.Equal(t, `{"learning_rate":0.001,"beta_1":0.9,"beta_2":0.999,"epsilon":1e-07}`, string(config))
	_, config = Config(RMSProp{LearningRate: Zero})
	assert.Equal(t, `{"learning_rate":0,"rho":0.9,"momentum":0,"epsilon":1e-07,"centered":false}`, string(config))
}

// The defaults are those of TensorFlow.js.
func TestDefaults(t *testing.T) {
	for name, rate := range map[string]float64{"sgd": 0.01, "adam": 0.001, "rmsprop": 0.001, "adagrad": 0.01, "adadelta": 1, "adamax": 0.002, "adamw": 0.001} {
		o, err := New(name, nil)
		require.NoError(t, err)
		assert.Equal(t, rate, o.Rate(), name)
	}
}
