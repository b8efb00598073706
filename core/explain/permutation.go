package explain

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Permutation says how to measure the importance of columns.
type Permutation struct {
	Metric   string // what to judge by: a name of package metric, or "roc_auc"
	Loss     string // of the model, where Metric depends on it; "": by the shape of the targets
	Repeats  int    // how often each column is shuffled; 5 if 0
	Seed     uint64
	Progress data.Progress
}

// An Importance is what shuffling each column costs.
type Importance struct {
	Metric  string             `json:"metric"`
	Higher  bool               `json:"higher"` // more of the metric is better
	Base    float64            `json:"base"`   // the metric of the data as it is
	Columns []ColumnImportance `json:"columns"`
}

// A ColumnImportance is how much worse the metric becomes: above 0 where the model needs
// the column. Mean and SD are over the repeats; SD is the sample's, 0 for a single one.
type ColumnImportance struct {
	Column string    `json:"column"`
	Mean   float64   `json:"mean"`
	SD     float64   `json:"sd"`
	Each   []float64 `json:"each"`
}

// PermutationImportance shuffles one column at a time over the rows, all of its features
// together, and measures how much worse the model does:
//
//	importance = metric(y, f(X)) − metric(y, f(X with the column shuffled))
//
// with the other sign for metrics of which less is better (Breiman, 2001; the difference
// form of the model reliance of Fisher, Rudin and Dominici, 2019). x is [rows, …] and
// encoded, y has a target for each output or a class label a row; take rows that were not
// trained on. Columns that tell the same share their importance, so that each may look
// needless by itself.
//
// The shuffle of repeat r is drawn from the stream "permutation importance", the column's
// name, r.
func PermutationImportance(ctx context.Context, m Predictor, x, y *tensor.Tensor, columns []Column, c Permutation) (*Importance, error) {
	c.Repeats = cmp.Or(c.Repeats, 5)
	if err := cmp.Or(checkModel(m), checkRows("inputs", x), checkRows("targets", y)); err != nil {
		return nil, err
	}
	switch {
	case x.Rows() != y.Rows():
		return nil, tensor.Errorf(tensor.CodeShape, "want a target for each of %d rows, got %d", x.Rows(), y.Rows())
	case c.Repeats < 1 || c.Repeats > 1e6:
		return nil, tensor.Errorf(tensor.CodeOption, "permutation importance: repeats must be from 1 to 1000000, got %d", c.Repeats)
	}
	if err := checkColumns(columns, x.Cols()); err != nil {
		return nil, err
	}
	s := shuffling{x: x, y: y, block: blockLike(x, x.Rows()), order: make([]int, x.Rows())}
	s.job = job{ctx: ctx, model: m, progress: c.Progress, total: int64(x.Rows())*int64(1+len(columns)*c.Repeats) + 1}
	if err := s.begin(c); err != nil {
		return nil, err
	}
	base, err := s.measure(nil)
	if err != nil {
		return nil, err
	}
	result := &Importance{Metric: s.metric.Name(), Higher: s.higher, Base: base}
	for i := range columns {
		each := make([]float64, c.Repeats)
		for r := range each {
			s.shuffle(c.Seed, columns[i].Name, r)
			value, err := s.measure(&columns[i])
			if err != nil {
				return nil, err
			}
			each[r] = value - base
			if s.higher {
				each[r] = base - value
			}
		}
		mean, sd := moments(each)
		result.Columns = append(result.Columns, ColumnImportance{columns[i].Name, mean, sd, each})
	}
	return result, nil
}

// Ranked returns the columns in the order of their importance, the largest first.
func (r *Importance) Ranked() []ColumnImportance {
	ranked := slices.Clone(r.Columns)
	slices.SortStableFunc(ranked, func(a, b ColumnImportance) int { return cmp.Compare(b.Mean, a.Mean) })
	return ranked
}

// A shuffling measures the model on rows of which one column comes from other rows.
type shuffling struct {
	job
	x, y, block *tensor.Tensor
	metric      metric.Metric
	higher      bool
	order       []int // the row that a row's column comes from
}

// begin asks about one row, to learn how many outputs there are.
func (s *shuffling) begin(c Permutation) error {
	p, err := s.predict(s.x.Slice(0, 1))
	if err != nil {
		return err
	}
	s.metric, s.higher, err = newScore(c.Metric, c.Loss, s.y.Cols(), p.Cols())
	return err
}

func (s *shuffling) shuffle(seed uint64, column string, repeat int) {
	for i := range s.order {
		s.order[i] = i
	}
	var pcg rand.PCG
	kernel.Stream(&pcg, seed, "permutation importance", column, 0, uint64(repeat))
	rand.New(&pcg).Shuffle(len(s.order), func(i, j int) { s.order[i], s.order[j] = s.order[j], s.order[i] })
}

// measure returns the metric of all rows, with the column shuffled unless it is nil.
func (s *shuffling) measure(column *Column) (float64, error) {
	s.metric.Reset()
	for from := 0; from < s.x.Rows(); from += s.block.Rows() {
		to := min(from+s.block.Rows(), s.x.Rows())
		part := s.x.Slice(from, to)
		if column != nil {
			block := s.block.Slice(0, to-from)
			copy(block.Data, part.Data)
			for i := range block.Rows() {
				column.copyFeatures(block.Row(i), s.x.Row(s.order[from+i]))
			}
			part = block
		}
		p, err := s.predict(part)
		if err != nil {
			return 0, err
		}
		s.metric.Update(s.y.Slice(from, to).Data, p.Data, p.Rows(), p.Cols(), nil)
	}
	return s.metric.Value(), nil
}

// moments returns the mean and the sample's standard deviation, √(Σ(v − mean)²/(n − 1)).
func moments(values []float64) (mean, sd float64) {
	for _, v := range values {
		mean += v
	}
	mean /= float64(len(values))
	squares := 0.0
	for _, v := range values {
		d := v - mean
		squares += float64(d * d)
	}
	return mean, math.Sqrt(squares / float64(max(1, len(values)-1)))
}
