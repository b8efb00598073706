package golden

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/nn"
)

type lossCase struct {
	Name      string
	Loss      string
	Config    json.RawMessage
	YTrue     Tensor `json:"y_true"`
	YPred     Tensor `json:"y_pred"`
	PerSample Tensor `json:"per_sample"`
	Value     float32
	PredGrad  Tensor `json:"pred_grad"`
	Noise     map[string]float64
}

func parseLoss(t *testing.T, name string, config json.RawMessage) nn.Loss {
	loss, err := nn.ParseLoss(name, config)
	require.NoError(t, err)
	return loss
}

func runLoss(t *testing.T, raw json.RawMessage) {
	var c lossCase
	require.NoError(t, json.Unmarshal(raw, &c))
	loss := parseLoss(t, c.Loss, c.Config)

	g := &graph.Graph{}
	p, err := g.Input("p", c.YPred.Shape[1:])
	require.NoError(t, err)
	y, err := g.Input("y", loss.TargetShape(c.YPred.Shape[1:]))
	require.NoError(t, err)
	l, err := loss.Lower(g, p, y)
	require.NoError(t, err)
	rows := c.YPred.Shape[0]
	plan, err := graph.NewPlan(g, graph.NewStore(g), graph.Config{MaxBatch: rows, Losses: []graph.Value{l}, Explain: []graph.Value{p}}, 0)
	require.NoError(t, err)
	copy(plan.Value(p, rows), c.YPred.Data)
	copy(plan.Value(y, rows), c.YTrue.Data)
	scale := plan.LossGrad(l, rows)
	for i := range scale {
		scale[i] = 1 / float32(len(scale))
	}
	require.NoError(t, plan.Forward(rows, true))
	require.NoError(t, plan.Backward())

	near(t, "per_sample", c.PerSample.Data, plan.Value(l, rows), tolerance(c.Noise["per_sample"], c.PerSample.Data))
	mean := float32(0)
	for i, v := range plan.Value(l, rows) {
		mean += v * scale[i]
	}
	near(t, "value", []float32{c.Value}, []float32{mean}, tolerance(c.Noise["value"], []float32{c.Value}))
	near(t, "pred_grad", c.PredGrad.Data, plan.Gradient(p, rows), tolerance(c.Noise["pred_grad"], c.PredGrad.Data))
}
