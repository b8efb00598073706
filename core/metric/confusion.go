package metric

import "github.com/terrarium-ml/terrarium/core/tensor"

// ConfusionMatrix counts, in row t and column p, how often class t was predicted as
// class p. It fails with code "data", naming the row (from 1), on a class outside
// [0, classes), and with code "shape" where the slices differ in length.
func ConfusionMatrix(yTrue, yPred []int, classes int) ([][]int, error) {
	if len(yTrue) != len(yPred) {
		return nil, tensor.Errorf(tensor.CodeShape, "confusion matrix: want as many predictions as targets, got %d and %d", len(yPred), len(yTrue))
	}
	if classes < 1 {
		return nil, tensor.Errorf(tensor.CodeOption, "confusion matrix: want at least 1 class, got %d", classes)
	}
	counts := make([]int, classes*classes)
	for i, t := range yTrue {
		p := yPred[i]
		if t < 0 || t >= classes || p < 0 || p >= classes {
			err := tensor.Errorf(tensor.CodeData, "confusion matrix: row %d: want classes 0 to %d, got target %d and prediction %d", i+1, classes-1, t, p)
			err.Row = i + 1
			return nil, err
		}
		counts[t*classes+p]++
	}
	matrix := make([][]int, classes)
	for t := range matrix {
		matrix[t] = counts[t*classes : (t+1)*classes : (t+1)*classes]
	}
	return matrix, nil
}

// Classes turns predictions of shape [rows, cols] into one class a row: the
// likeliest (the first of equals); or, for one column, 1 where the prediction is
// above threshold and else 0. A row with a NaN gives −1.
func Classes(p []float32, cols int, threshold float32) []int {
	if cols < 1 {
		return nil
	}
	classes := make([]int, len(p)/cols)
	for i := range classes {
		row := p[i*cols : (i+1)*cols]
		class, ok := argmax(row)
		switch {
		case !ok:
			class = -1
		case cols == 1 && row[0] > threshold:
			class = 1
		}
		classes[i] = class
	}
	return classes
}
