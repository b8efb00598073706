package train

import (
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A set is checked training data: rows of inputs, of targets and what each counts.
type set struct {
	x, y    *tensor.Tensor
	weight  []float32 // of each row, or nil
	xCols   int
	yCols   int
	outputs int // values along the last axis of a prediction
	places  int // losses of a row
}

// newSet checks data against the model: shapes, finiteness, the range of targets.
func (m *Model) newSet(x, y *tensor.Tensor, sampleWeight []float32, classWeight map[int]float32) (*set, error) {
	if x == nil || y == nil {
		return nil, tensor.Errorf(tensor.CodeData, "data is missing: want inputs and targets")
	}
	if err := m.checkInput(x); err != nil {
		return nil, err
	}
	t := m.trainer
	prediction := m.OutputShape()
	want := t.lossOf.TargetShape(prediction)
	if y.Rows() != x.Rows() {
		return nil, tensor.Errorf(tensor.CodeShape, "inputs have %d rows, targets %d", x.Rows(), y.Rows())
	}
	s := &set{x: x, y: y, weight: sampleWeight, xCols: x.Cols(), yCols: y.Cols(), outputs: prediction[len(prediction)-1], places: 1}
	for _, d := range prediction[:len(prediction)-1] {
		s.places *= d
	}
	size := 1
	for _, d := range want {
		size *= d
	}
	if s.yCols != size || len(y.Shape) > 1 && !sameButOnes(y.Shape[1:], want) {
		return nil, tensor.Errorf(tensor.CodeShape, "%s wants targets %s for predictions %s, got %s",
			t.lossOf.Name(), tensor.FormatBatch(want), tensor.FormatBatch(prediction), tensor.FormatBatch(y.Shape[min(1, len(y.Shape)):]))
	}
	if err := checkTargets(t.lossOf.Name(), y, s.outputs); err != nil {
		return nil, err
	}
	return s, s.applyWeights(classWeight)
}

// checkInput checks the shape and the values of inputs.
func (m *Model) checkInput(x *tensor.Tensor) error {
	want := m.InputShape()
	if len(x.Shape) == 0 || !sameButOnes(x.Shape[1:], want) {
		got := tensor.Format(x.Shape)
		return tensor.Errorf(tensor.CodeShape, "want input %s, got %s", tensor.FormatBatch(want), got).In(m.network.Nodes[0].Name)
	}
	if x.Rows() == 0 {
		return tensor.Errorf(tensor.CodeData, "the data has no rows")
	}
	return finite("input", x)
}

func finite(what string, t *tensor.Tensor) error {
	if k := t.FirstNonFinite(); k >= 0 {
		cols := max(1, t.Cols())
		e := tensor.Errorf(tensor.CodeData, "%s row %d, column %d is %v; fill or drop missing values before training", what, k/cols+1, k%cols+1, t.Data[k])
		e.Row = k/cols + 1
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

// checkTargets refuses targets that a loss would make something finite but
// meaningless of.
func checkTargets(loss string, y *tensor.Tensor, classes int) error {
	if err := finite("target", y); err != nil {
		return err
	}
	cols := max(1, y.Cols())
	bad := func(k int, format string, args ...any) error {
		e := tensor.Errorf(tensor.CodeData, format, args...)
		e.Row = k/cols + 1
		return e
	}
	switch loss {
	case "sparse_categorical_crossentropy":
		for k, v := range y.Data {
			if !(v >= 0 && v < float32(classes)) || v != float32(int(v)) {
				return bad(k, "target row %d is %v; want a class number, a whole number from 0 to %d", k/cols+1, v, classes-1)
			}
		}
	case "binary_crossentropy", "categorical_crossentropy":
		for k, v := range y.Data {
			if !(v >= 0 && v <= 1) {
				return bad(k, "target row %d is %v; %s wants targets from 0 to 1", k/cols+1, v, loss)
			}
		}
	}
	return nil
}

// applyWeights checks the weights of rows and multiplies those of their classes in.
func (s *set) applyWeights(classWeight map[int]float32) error {
	if s.weight != nil && len(s.weight) != s.x.Rows() {
		return tensor.Errorf(tensor.CodeShape, "want a sample weight for each of %d rows, got %d", s.x.Rows(), len(s.weight))
	}
	for i, w := range s.weight {
		if !(w >= 0 && w < 1e30) {
			return tensor.Errorf(tensor.CodeOption, "sample weight %d is %v; want a finite number that is not negative", i, w)
		}
	}
	if len(classWeight) == 0 {
		return nil
	}
	for class, w := range classWeight {
		if !(w >= 0 && w < 1e30) {
			return tensor.Errorf(tensor.CodeOption, "weight of class %d is %v; want a finite number that is not negative", class, w)
		}
	}
	weight := make([]float32, s.x.Rows())
	for i := range weight {
		weight[i] = 1
		if s.weight != nil {
			weight[i] = s.weight[i]
		}
		if w, ok := classWeight[s.class(i)]; ok {
			weight[i] *= w
		}
	}
	s.weight = weight
	return nil
}

// class returns the class of row i: the number itself, or the largest of a one-hot
// row's elements.
func (s *set) class(i int) int {
	row := s.y.Data[i*s.yCols : (i+1)*s.yCols]
	if len(row) == 1 {
		if row[0] >= 0.5 && row[0] < 1 {
			return 1
		}
		return int(row[0])
	}
	best := 0
	for k, v := range row {
		if v > row[best] {
			best = k
		}
	}
	return best
}

// gather copies rows into the memory of a batch.
func (s *set) gather(rows []int, x, y []float32) {
	for i, r := range rows {
		copy(x[i*s.xCols:(i+1)*s.xCols], s.x.Data[r*s.xCols:])
		copy(y[i*s.yCols:(i+1)*s.yCols], s.y.Data[r*s.yCols:])
	}
}

// scales writes what each loss counts: the row's weight over the number of losses.
func (s *set) scales(rows []int, scale []float32) {
	each := 1 / float32(len(scale))
	for i, r := range rows {
		v := each
		if s.weight != nil {
			v *= s.weight[r]
		}
		for k := range s.places {
			scale[i*s.places+k] = v
		}
	}
}
