package data

import (
	"encoding/json/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func preparedOf(rows, validation int, o Output) *Prepared {
	return &Prepared{Pipeline: &Pipeline{Output: o}, Train: Part{Rows: make([]int, rows)}, Validation: Part{Rows: make([]int, validation)}}
}

func TestSuggestTraining(t *testing.T) {
	binary := Output{Task: TaskClassification, Labels: []string{"no", "yes"}, Counts: []int{900, 100}}
	d := SuggestTraining(preparedOf(1000, 200, binary))
	require.Equal(t, []any{"sigmoid", "binaryCrossentropy", 1, "val_loss", true}, []any{d.OutputActivation, d.Loss, d.OutputUnits, d.Monitor, d.RestoreBest})
	require.InDeltaSlice(t, []float64{1000.0 / 1800, 5}, d.ClassWeight, 1e-12)
	require.Contains(t, d.Reasons["classWeight"], "9 times")
	require.Positive(t, d.Dropout)
	b, err := json.Marshal(d)
	require.NoError(t, err)
	require.Contains(t, string(b), `"hidden":[32,16]`)

	many := Output{Task: TaskClassification, Labels: []string{"a", "b", "c"}, Counts: []int{5, 5, 6}}
	d = SuggestTraining(preparedOf(16, 0, many))
	require.Equal(t, []any{"softmax", "sparseCategoricalCrossentropy", 3, "loss", 0}, []any{d.OutputActivation, d.Loss, d.OutputUnits, d.Monitor, d.Patience})
	require.Nil(t, d.ClassWeight)

	number := Output{Task: TaskRegression}
	small, middle, large := SuggestTraining(preparedOf(100, 20, number)), SuggestTraining(preparedOf(10_000, 20, number)), SuggestTraining(preparedOf(100_000, 20, number))
	require.Equal(t, []any{"linear", "meanSquaredError", 1}, []any{small.OutputActivation, small.Loss, small.OutputUnits})
	require.Less(t, small.Hidden[0], middle.Hidden[0])
	require.Less(t, middle.Hidden[0], large.Hidden[0])
	for _, d := range []TrainingDefaults{small, middle, large} {
		for _, name := range []string{"hidden", "batchSize", "learningRate", "epochs", "loss"} {
			require.NotEmpty(t, d.Reasons[name], name)
		}
		require.Positive(t, d.Epochs)
	}
}
