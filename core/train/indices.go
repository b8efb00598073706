package train

import "github.com/terrarium-ml/terrarium/core/tensor"

// checkIndices refuses what an Embedding cannot look up: all but whole numbers below
// words. Where words is 0 any number will do. rows is as in finite.
func checkIndices(x *tensor.Tensor, words int, rows []int) error {
	if words == 0 {
		return nil
	}
	cols := max(1, x.Cols())
	for k, v := range x.Data {
		if !(v >= 0 && v < float32(words)) || v != float32(int(v)) {
			row := rowName(rows, k, cols)
			e := tensor.Errorf(tensor.CodeData, "input row %d, column %d is %v; the Embedding behind it wants whole numbers from 0 to %d. Raise input_dim, or map what is unknown to a number of its own",
				row, k%cols+1, v, words-1)
			e.Row = row
			return e
		}
	}
	return nil
}
