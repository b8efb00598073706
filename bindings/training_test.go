package bindings

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestLossesInMessages(t *testing.T) {
	for text, want := range map[string]Loss{
		`null`:        {},
		`"huberLoss"`: {ClassName: "huberLoss"},
		`{"className":"huber","config":{"delta":2}}`: {ClassName: "huber", Config: json.RawMessage(`{"delta":2}`)},
	} {
		var l Loss
		require.NoError(t, json.Unmarshal([]byte(text), &l))
		require.Equal(t, want, l)
		if want.ClassName != "" {
			written, err := json.Marshal(l)
			require.NoError(t, err)
			require.Equal(t, text, string(written))
		}
	}
	for _, text := range []string{`7`, `{}`, `{"className":"huber","options":{}}`, `["mse"]`} {
		require.ErrorContains(t, json.Unmarshal([]byte(text), new(Loss)), "want a name or an object with className and config")
	}
}

// What site/terrarium.js makes of options arrives: a loss with options, a schedule in
// the place of the rate, constraints, a plateau and a search for a rate.
func TestTrainingOptionsCrossTheBoundary(t *testing.T) {
	b := newBench(t)
	var info ModelInfo
	b.call(MethodModelCreate, CreateParams{Seed: new(int64), Layers: []Layer{{ClassName: "dense", Config: json.RawMessage(
		`{"units":1,"inputShape":[2],"kernelConstraint":{"className":"maxNorm","config":{"maxValue":0.5}},"biasConstraint":"nonNeg","activityRegularizer":{"className":"l2","config":{"l2":0.1}}}`)}}}, &info)
	b.call(MethodModelCompile, CompileParams{Model: info.Model, Loss: Loss{"huberLoss", json.RawMessage(`{"delta":0.5}`)},
		Optimizer: Optimizer{"adamw", json.RawMessage(`{"learningRate":{"className":"CosineDecay","config":{"initialLearningRate":0.1,"decaySteps":10}},"weightDecay":0.01,"exclude":["bias"],"excludeVectors":true}`)}}, nil)
	x, y, buffers := xor()
	var rate RateResult
	var before, after DigestResult
	b.call(MethodModelDigest, ModelParams{info.Model}, &before)
	_, err := b.do(t.Context(), call{Method: MethodModelFindRate, Params: FindRateParams{Model: info.Model, X: &x, Y: &y, Steps: 10}, Result: &rate, Buffers: buffers})
	require.NoError(t, err)
	require.NotEmpty(t, rate.Rates)
	require.Positive(t, rate.Suggested)
	b.call(MethodModelDigest, ModelParams{info.Model}, &after)
	require.Equal(t, before, after)

	params, buffers := fitXOR(info.Model, 5)
	_, err = b.do(t.Context(), call{Method: MethodModelFit, Params: params, Buffers: buffers})
	require.NoError(t, err)
	params, buffers = fitXOR(info.Model, 5)
	params.Plateau = &Plateau{Factor: 0.5, Patience: 1}
	_, err = b.do(t.Context(), call{Method: MethodModelFit, Params: params, Buffers: buffers})
	require.ErrorContains(t, err, "so does the optimizer's schedule")
	b.refused(tensor.CodeOption, MethodModelCompile, CompileParams{Model: info.Model, Optimizer: Optimizer{ClassName: "sgd"}, Loss: Loss{"huber", json.RawMessage(`{"delta":-1}`)}})
}
