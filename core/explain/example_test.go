package explain_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// garden trains a model on the sample of that name.
func garden() (*train.Model, *data.Prepared, *data.Table) {
	csv, err := data.Sample("garden")
	if err != nil {
		log.Fatal(err)
	}
	table, err := data.ReadTable(bytes.NewReader(csv), data.ReadOptions{Name: "garden.csv"})
	if err != nil {
		log.Fatal(err)
	}
	setup, err := table.Suggest("plant", nil)
	if err != nil {
		log.Fatal(err)
	}
	p, err := table.Prepare(setup, nil)
	if err != nil {
		log.Fatal(err)
	}
	m, err := train.New(nn.Sequential(nn.Input(p.Pipeline.Features()), nn.Dense(16, nn.ReLU), nn.Dense(p.Pipeline.Output.Units(), nn.Softmax)), train.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	if err := m.Compile(train.Config{Loss: nn.SparseCategoricalCrossentropy{}}); err != nil {
		log.Fatal(err)
	}
	if _, err := m.Fit(context.Background(), p.Train.X, p.Train.Y, train.FitConfig{Epochs: 60}); err != nil {
		log.Fatal(err)
	}
	return m, p, table
}

// Which columns does the model lean on? Judged on rows that it was not trained on.
func ExamplePermutationImportance() {
	m, p, _ := garden()
	r, err := explain.PermutationImportance(context.Background(), m, p.Test.X, p.Test.Y, explain.Columns(p.Pipeline), explain.Permutation{Metric: "accuracy", Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("accuracy %.3f\n", r.Base)
	for _, c := range r.Ranked()[:3] {
		fmt.Printf("without %s: %.2f less, ± %.2f\n", c.Column, c.Mean, c.SD)
	}
	// Output:
	// accuracy 0.972
	// without stem_mm: 0.23 less, ± 0.02
	// without leaf_length_mm: 0.15 less, ± 0.03
	// without leaf_width_mm: 0.15 less, ± 0.06
}

// Why does the model say that of this row, and do other samples say the same?
func ExampleExplainRow() {
	m, p, _ := garden()
	out, err := m.Predict(context.Background(), p.Test.X.Slice(0, 1))
	if err != nil {
		log.Fatal(err)
	}
	label := p.Pipeline.Label(out.Data)
	r, err := explain.ExplainRow(context.Background(), m, p.Test.X.Row(0), p.Train.X, explain.Columns(p.Pipeline), explain.Lime{Output: label, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %.2f\n", p.Pipeline.Output.Labels[label], r.Answer)
	for _, e := range r.Effects {
		fmt.Printf("%-15s %+.2f ± %.2f\n", e.Column, e.Effect, e.SD)
	}
	fmt.Printf("R² %.2f, the runs agree by %.2f\n", r.R2, r.Agreement)
	// Output:
	// radish: 0.98
	// bed             -0.01 ± 0.02
	// soil            +0.13 ± 0.01
	// leaf_length_mm  +0.39 ± 0.01
	// leaf_width_mm   +0.15 ± 0.02
	// stem_mm         +0.09 ± 0.02
	// leaves          -0.02 ± 0.02
	// sown            +0.02 ± 0.02
	// R² 0.39, the runs agree by 1.00
}

// Is the model as good for every soil?
func ExampleScoresByGroup() {
	m, p, table := garden()
	out, err := m.Predict(context.Background(), p.Test.X)
	if err != nil {
		log.Fatal(err)
	}
	truth, predicted := make([]int, out.Rows()), make([]int, out.Rows())
	for i := range truth {
		truth[i], predicted[i] = int(p.Test.Y.Data[i]), p.Pipeline.Label(out.Row(i))
	}
	cells, err := explain.ColumnCells(table, "soil", p.Test.Rows)
	if err != nil {
		log.Fatal(err)
	}
	names, group, err := explain.GroupsByWord(cells, 10)
	if err != nil {
		log.Fatal(err)
	}
	s, err := explain.ScoresByGroup(context.Background(), names, group, truth, predicted, 0, explain.Groups{Few: 15})
	if err != nil {
		log.Fatal(err)
	}
	for _, g := range s.Groups {
		fmt.Printf("%s: accuracy %.2f [%.2f, %.2f], enough rows: %v\n", g.Group, g.Accuracy.Value, g.Accuracy.Low, g.Accuracy.High, g.Accuracy.Sure)
	}
	// Output:
	// sand: accuracy 1.00 [1.00, 1.00], enough rows: false
	// loam: accuracy 0.98 [0.93, 1.00], enough rows: true
	// clay: accuracy 1.00 [1.00, 1.00], enough rows: false
	// compost: accuracy 0.93 [0.79, 1.00], enough rows: false
}

// Which words does a text model hang on? Word 2 is the one that it was given weight for.
func ExampleOccludeSteps() {
	m, err := train.New(nn.Sequential(nn.Input(4), nn.Embedding(4, 1), nn.GlobalAveragePooling1D(), nn.Dense(1)), train.Seed(1))
	if err != nil {
		log.Fatal(err)
	}
	words, _ := tensor.From([]float32{0, 0, 4, 1}, 4, 1)
	kernel, _ := tensor.From([]float32{1}, 1, 1)
	if err := m.SetWeights([]*tensor.Tensor{words, kernel, tensor.New(1)}); err != nil {
		log.Fatal(err)
	}
	text, _ := tensor.From([]float32{1, 2, 3, 0}, 1, 4) // 0 is padding
	e, err := explain.OccludeSteps(context.Background(), m, text, explain.StepOcclusion{Skip: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(e.Answer, e.Steps)
	// Output:
	// 1.25 [0 1 0.25 0]
}

// Missing a sick patient costs ten times what a needless test does.
func ExampleChooseThreshold() {
	sick := []float32{0, 0, 0, 1, 0, 1, 1, 0}
	score := []float32{0.1, 0.2, 0.3, 0.35, 0.4, 0.7, 0.9, 0.6}
	c, err := explain.ChooseThreshold(sick, score, explain.Costs{FalsePositive: 1, FalseNegative: 10})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("from %.2f on: %.2f a row, where a half costs %.2f\n", c.Best.At, c.Best.Cost, c.AtHalf)
	// Output:
	// from 0.35 on: 0.25 a row, where a half costs 1.38
}

// Losses of models trained on more and more rows; guessing has a loss of 0.69.
func ExampleJudgeLearning() {
	j, err := explain.JudgeLearning([]explain.LearningPoint{{Rows: 100, Train: 0.10, Validation: 0.60}, {Rows: 200, Train: 0.15, Validation: 0.50}, {Rows: 400, Train: 0.18, Validation: 0.43}}, 0.69)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(j.Verdict)
	fmt.Println(j.Reason)
	// Output:
	// more-data
	// from 200 to 400 rows the loss on unseen rows fell by 10% of the baseline's, and it has not levelled off: more data would help
}
