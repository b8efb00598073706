package train

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// rowName returns the number, from 1, of the row that holds value k of a batch: rows
// names the batch's rows, and is nil for a whole tensor.
func rowName(rows []int, k, cols int) int {
	if rows == nil {
		return k/cols + 1
	}
	return rows[k/cols] + 1
}

func finite(what string, t *tensor.Tensor, rows []int) error {
	if k := t.FirstNonFinite(); k >= 0 {
		cols := max(1, t.Cols())
		row := rowName(rows, k, cols)
		e := tensor.Errorf(tensor.CodeData, "%s row %d, column %d is %v; fill or drop missing values before training", what, row, k%cols+1, t.Data[k])
		e.Row = row
		return e
	}
	return nil
}

// sameButOnes compares shapes without their dimensions of 1: [8] will do for [8, 1].
func sameButOnes(a, b []int) bool {
	for {
		for len(a) > 0 && a[0] == 1 {
			a = a[1:]
		}
		for len(b) > 0 && b[0] == 1 {
			b = b[1:]
		}
		if len(a) == 0 || len(b) == 0 {
			return len(a) == len(b)
		}
		if a[0] != b[0] {
			return false
		}
		a, b = a[1:], b[1:]
	}
}

// checkInputs checks the shapes and the values of inputs, one tensor for each.
func (m *Model) checkInputs(x []*tensor.Tensor) error {
	if len(x) != len(m.built.Inputs) {
		return tensor.Errorf(tensor.CodeShape, "the model has %d inputs (%s), got %d", len(m.built.Inputs), listed(m.InputNames()), len(x))
	}
	for i, t := range x {
		want, name := m.built.Graph.Shape(m.built.Inputs[i]), m.built.Names.Inputs[i]
		switch {
		case t == nil:
			return tensor.Errorf(tensor.CodeData, "data is missing: want input %s", tensor.FormatBatch(want)).In(name)
		case len(t.Shape) == 0 || !sameButOnes(t.Shape[1:], want):
			return tensor.Errorf(tensor.CodeShape, "want input %s, got %s", tensor.FormatBatch(want), tensor.Format(t.Shape)).In(name)
		case t.Rows() == 0:
			return tensor.Errorf(tensor.CodeData, "the data has no rows")
		case t.Rows() != x[0].Rows():
			return tensor.Errorf(tensor.CodeShape, "input has %d rows, but %s has %d", t.Rows(), m.built.Names.Inputs[0], x[0].Rows()).In(name)
		}
		if err := m.checkValues(i, t, nil); err != nil {
			return err
		}
	}
	return nil
}

// checkValues checks the values of input i, of the whole data or of some rows.
func (m *Model) checkValues(i int, t *tensor.Tensor, rows []int) error {
	err := finite("input", t, rows)
	if err == nil {
		err = checkIndices(t, m.built.Indices[i], rows)
	}
	if len(m.built.Inputs) > 1 {
		return namedError(err, m.built.Names.Inputs[i])
	}
	return err
}

// checkTargets refuses targets that a loss would make something finite but
// meaningless of.
func checkTargets(loss string, y *tensor.Tensor, classes int, rows []int) error {
	if err := finite("target", y, rows); err != nil {
		return err
	}
	k := badTarget(loss, y.Data, classes)
	if k < 0 {
		return nil
	}
	row, v := rowName(rows, k, max(1, y.Cols())), y.Data[k]
	switch loss {
	case "sparse_categorical_crossentropy":
		return inRow(row, tensor.Errorf(tensor.CodeData, "target row %d is %v; want a class number, a whole number from 0 to %d", row, v, classes-1))
	case "poisson", "mean_squared_logarithmic_error":
		return inRow(row, tensor.Errorf(tensor.CodeData, "target row %d is %v; %s wants targets that are not negative", row, v, loss))
	}
	return inRow(row, tensor.Errorf(tensor.CodeData, "target row %d is %v; %s wants targets from 0 to 1", row, v, loss))
}

// badTarget returns the index of the first target that a loss cannot mean, -1 for none.
func badTarget(loss string, y []float32, classes int) int {
	switch loss {
	case "sparse_categorical_crossentropy":
		return slices.IndexFunc(y, func(v float32) bool { return !(v >= 0 && v < float32(classes)) || v != float32(int(v)) })
	case "poisson", "mean_squared_logarithmic_error":
		return slices.IndexFunc(y, func(v float32) bool { return v < 0 })
	case "binary_crossentropy", "categorical_crossentropy", "binary_focal_crossentropy", "categorical_focal_crossentropy", "categorical_hinge", "kl_divergence":
		return slices.IndexFunc(y, func(v float32) bool { return !(v >= 0 && v <= 1) })
	}
	return -1
}

func inRow(row int, e *tensor.Error) *tensor.Error {
	e.Row = row
	return e
}

// namedError says which input or output an error is about.
func namedError(err error, name string) error {
	if e, ok := err.(*tensor.Error); ok && e != nil {
		return e.In(name)
	}
	return err
}

func checkWeights(weights []float32, rows int) error {
	if weights != nil && len(weights) != rows {
		return tensor.Errorf(tensor.CodeShape, "want a sample weight for each of %d rows, got %d", rows, len(weights))
	}
	if i := slices.IndexFunc(weights, badWeight); i >= 0 {
		return tensor.Errorf(tensor.CodeOption, "sample weight %d is %v; want a finite number that is not negative", i, weights[i])
	}
	return nil
}

func badWeight(w float32) bool { return !(w >= 0 && w < 1e30) }
