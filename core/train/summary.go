package train

import (
	"fmt"
	"strings"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Summary describes the model in a table: layers, the shapes of their results,
// their parameters, and what a step costs.
func (m *Model) Summary() string {
	var b strings.Builder
	line := strings.Repeat("─", 66)
	fmt.Fprintf(&b, "Model %q, seed %d\n%s\n%-30s %-22s %12s\n%s\n", m.name, m.Seed(), line, "Layer (type)", "Output shape", "Parameters", line)
	trainable, total := 0, 0
	perLayer := map[string]int{}
	for _, p := range m.store.Params {
		perLayer[p.Layer] += p.Size
		total += p.Size
		if p.Trainable {
			trainable += p.Size
		}
	}
	for i, node := range m.network.Nodes {
		label := fmt.Sprintf("%s (%s)", node.Name, node.Layer.ClassName())
		fmt.Fprintf(&b, "%-30s %-22s %12d\n", label, tensor.FormatBatch(m.built.Shapes[i]), perLayer[node.Name])
	}
	fmt.Fprintf(&b, "%s\nTotal parameters: %d (%s)\nTrainable: %d, not trainable: %d\n", line, total, FormatBytes(4*total), trainable, total-trainable)
	if cost, err := m.StepCost(32); err == nil {
		fmt.Fprintf(&b, "A training step of 32 rows: %.3g MFLOP, %s of memory\n", float64(cost.Flops)/1e6, FormatBytes(cost.Bytes))
	}
	return b.String()
}

// A Cost is what a training step takes.
type Cost struct {
	Flops int `json:"flops"` // floating-point operations, forward and backward
	Bytes int `json:"bytes"` // memory for weights, optimizer, activations and gradients
}

// StepCost tells what a step of a batch will take, before anything is allocated.
// It fails where the model is not compiled.
func (m *Model) StepCost(batchSize int) (Cost, error) {
	if m.trainer == nil {
		return Cost{}, tensor.Errorf(tensor.CodeOption, "the model is not compiled; call Compile first")
	}
	if batchSize < 1 {
		return Cost{}, tensor.Errorf(tensor.CodeOption, "batch size %d must be at least 1", batchSize)
	}
	e := graph.Estimate(m.trainer.built.Graph, m.store, m.trainer.planConfig(batchSize))
	return Cost{Flops: e.Flops, Bytes: e.Bytes + m.trainer.roomBytes(batchSize) + m.ownBytes()}, nil
}

// FormatBytes writes a number of bytes as people read it.
func FormatBytes(n int) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KB", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.2f GB", float64(n)/(1<<30))
}
