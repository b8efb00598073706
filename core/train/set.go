package train

import (
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A set is the part of a Dataset that somebody goes through, checked against the
// model, with what its rows count.
type set struct {
	data    Dataset
	rows    []int           // of the data; nil: count rows beginning at from
	from    int             //
	count   int             //
	weights [][]float32     // of each output, for each row of the data; nil: 1
	class   map[int]float32 // of a row, by its class; others count 1
	checked bool            // tensors: the values are known to be good
}

// list writes which rows of the data the set's rows from number from on are.
func (s *set) list(rows []int, from int) {
	if s.rows != nil {
		copy(rows, s.rows[from:])
		return
	}
	for i := range rows {
		rows[i] = s.from + from + i
	}
}

// part returns rows [from, to) of the set.
func (s *set) part(from, to int) *set {
	p := *s
	p.from, p.count = s.from+from, to-from
	if s.rows != nil {
		p.rows = s.rows[from:to]
	}
	return &p
}

// bare returns the set without the weights of its rows.
func (s *set) bare() *set {
	b := *s
	b.weights, b.class = nil, nil
	return &b
}

// newSet checks data against the model: numbers, shapes and, where the data is
// tensors, all values. rows are those that are meant; nil means all.
func (m *Model) newSet(d Dataset, rows []int) (*set, error) {
	t, whole := d.(*tensors)
	if d == nil || whole && t.missing() {
		return nil, tensor.Errorf(tensor.CodeData, "data is missing: want inputs and targets")
	}
	if whole {
		if err := m.checkTensors(t); err != nil {
			return nil, err
		}
	} else if err := m.checkShapes(d); err != nil {
		return nil, err
	}
	s := &set{data: d, rows: rows, count: d.Rows(), checked: whole}
	if rows == nil {
		return s, nil
	}
	s.count = len(rows)
	for _, r := range rows {
		if r < 0 || r >= d.Rows() {
			return nil, tensor.Errorf(tensor.CodeOption, "row %d is asked for, but the data has rows 0 to %d", r, d.Rows()-1)
		}
	}
	if len(rows) == 0 {
		return nil, tensor.Errorf(tensor.CodeData, "the data has no rows")
	}
	return s, nil
}

func (m *Model) checkTensors(d *tensors) error {
	if err := m.checkInputs(d.x); err != nil {
		return err
	}
	if err := m.trainer.checkOutputs(len(d.y)); err != nil {
		return err
	}
	for i, h := range m.trainer.heads {
		y := d.y[i]
		if y.Rows() != d.Rows() {
			return m.trainer.named(h, tensor.Errorf(tensor.CodeShape, "inputs have %d rows, targets %d", d.Rows(), y.Rows()))
		}
		if y.Cols() != h.targetCols || len(y.Shape) > 1 && !sameButOnes(y.Shape[1:], h.shape) {
			return m.trainer.named(h, h.shapeError(y.Shape[min(1, len(y.Shape)):]))
		}
		if err := checkTargets(h.lossOf.Name(), y, h.cols, nil); err != nil {
			return m.trainer.named(h, err)
		}
	}
	return nil
}

// checkShapes is checkTensors for data that tells its shapes only.
func (m *Model) checkShapes(d Dataset) error {
	inputs, targets := d.Shapes()
	if len(inputs) != len(m.built.Inputs) {
		return tensor.Errorf(tensor.CodeShape, "the model has %d inputs (%s), the data %d", len(m.built.Inputs), listed(m.InputNames()), len(inputs))
	}
	for i, got := range inputs {
		if want := m.built.Graph.Shape(m.built.Inputs[i]); !sameButOnes(got, want) {
			return tensor.Errorf(tensor.CodeShape, "want input %s, got %s", tensor.FormatBatch(want), tensor.FormatBatch(got)).In(m.built.Names.Inputs[i])
		}
	}
	if err := m.trainer.checkOutputs(len(targets)); err != nil {
		return err
	}
	for i, h := range m.trainer.heads {
		if !sameButOnes(targets[i], h.shape) {
			return m.trainer.named(h, h.shapeError(targets[i]))
		}
	}
	if d.Rows() < 1 {
		return tensor.Errorf(tensor.CodeData, "the data has no rows")
	}
	return nil
}

// weigh takes what each row counts: one list for all outputs, or one for each, and the
// weights of classes.
func (s *set) weigh(t *trainer, all []float32, each [][]float32, class map[int]float32) error {
	if all != nil && each != nil {
		return tensor.Errorf(tensor.CodeOption, "give sample weights for all outputs or for each, not both")
	}
	if each != nil && len(each) != len(t.heads) {
		return tensor.Errorf(tensor.CodeShape, "want sample weights for each of %d outputs, got %d", len(t.heads), len(each))
	}
	if all != nil {
		for range t.heads {
			each = append(each, all)
		}
	}
	for i, weights := range each {
		if err := checkWeights(weights, s.data.Rows()); err != nil {
			return t.named(t.heads[i], err)
		}
	}
	for c, w := range class {
		if badWeight(w) {
			return tensor.Errorf(tensor.CodeOption, "weight of class %d is %v; want a finite number that is not negative", c, w)
		}
	}
	if len(class) > 0 && len(t.heads) > 1 {
		return tensor.Errorf(tensor.CodeUnsupported, "weights of classes are for models of one output, this one has %d; give sample weights for each output", len(t.heads))
	}
	s.weights, s.class = each, class
	return nil
}

// gather fills the batch with rows of the data and checks what it got.
func (m *Model) gather(s *set, rows []int, training bool) error {
	b := &m.trainer.batch
	m.openBatch(rows, training)
	if s.checked { // tensors draw nothing
		if err := s.data.Fill(b); err != nil {
			return err
		}
	} else if err := m.drawBatch(s); err != nil {
		return err
	}
	if s.weights != nil || len(s.class) > 0 {
		m.weighBatch(s)
	}
	return nil
}

// openBatch points the batch to the plan's memory. Each row counts 1.
func (m *Model) openBatch(rows []int, training bool) {
	t, b := m.trainer, &m.trainer.batch
	n := len(rows)
	b.Rows, b.Training = rows, training
	for i, v := range m.built.Inputs {
		b.Inputs[i] = t.plan.Value(v, n)
	}
	for i, h := range t.heads {
		b.Targets[i], b.Weights[i] = t.plan.Value(h.target, n), h.weights[:n]
		kernel.Fill(b.Weights[i], 1)
	}
}

// drawBatch fills the batch by what may draw random numbers, and has to be checked.
func (m *Model) drawBatch(s *set) error {
	b := &m.trainer.batch
	purpose := "data"
	if !b.Training {
		purpose = "evaluation data"
	}
	m.streams.Seed(b.Rand, purpose, "")
	if err := s.data.Fill(b); err != nil {
		return err
	}
	return m.checkBatch(b)
}

// weighBatch lets rows count what they were given, and what their classes were.
func (m *Model) weighBatch(s *set) {
	b := &m.trainer.batch
	for i, h := range m.trainer.heads {
		if s.weights != nil && s.weights[i] != nil {
			weighRows(b.Weights[i], s.weights[i], b.Rows)
		}
		if len(s.class) > 0 {
			weighClasses(b.Weights[i], b.Targets[i], h.targetCols, s.class)
		}
	}
}

// weighRows multiplies what each row counts with the weight it was given.
func weighRows(of, weights []float32, rows []int) {
	for k, r := range rows {
		of[k] *= weights[r]
	}
}

// weighClasses multiplies what each row counts with the weight of its class.
func weighClasses(of, targets []float32, cols int, class map[int]float32) {
	for k := range of {
		if w, ok := class[classOf(targets[k*cols:(k+1)*cols])]; ok {
			of[k] *= w
		}
	}
}

// checkBatch checks what a Dataset filled in.
func (m *Model) checkBatch(b *Batch) error {
	t, n := m.trainer, len(b.Rows)
	for i, values := range b.Inputs {
		t.view.set(n, values)
		if err := m.checkValues(i, &t.view.Tensor, b.Rows); err != nil {
			return err
		}
	}
	for i, h := range t.heads {
		t.view.set(n, b.Targets[i])
		if err := checkTargets(h.lossOf.Name(), &t.view.Tensor, h.cols, b.Rows); err != nil {
			return t.named(h, err)
		}
		for k, w := range b.Weights[i] {
			if badWeight(w) {
				return t.named(h, tensor.Errorf(tensor.CodeData, "the weight of row %d is %v; want a finite number that is not negative", b.Rows[k]+1, w))
			}
		}
	}
	return nil
}

// A view is a tensor of rows over memory that is somebody else's, used again and
// again.
type view struct {
	tensor.Tensor
	shape [2]int
}

func (v *view) set(rows int, data []float32) {
	v.shape = [2]int{rows, len(data) / rows}
	v.Shape, v.Data = v.shape[:], data
}

// classOf returns the class that a row of targets names: the number itself, or the
// largest of a one-hot row's elements.
func classOf(row []float32) int {
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
