package explain

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Lime says how to explain one row.
type Lime struct {
	Output   int     // which output to explain
	Samples  int     // of a run; 1000 if 0
	Runs     int     // with other samples, to see whether they agree; 5 if 0
	Width    float64 // of the kernel; 0.75·√columns if 0
	Ridge    float64 // λ; 1 if 0
	Top      int     // how many columns to compare between runs; 3 if 0
	Seed     uint64
	Progress data.Progress
}

// A RowExplanation is what each column of a row adds to the answer, against rows where
// its value is someone else's.
type RowExplanation struct {
	Answer    float64        `json:"answer"`    // the model's, for the row
	Local     float64        `json:"local"`     // the surrogate's, for the row; mean over the runs
	Intercept float64        `json:"intercept"` // the surrogate's, with every column someone else's; mean over the runs
	Effects   []ColumnEffect `json:"effects"`   // in the order of the columns

	// R2 is how much of the model's movement around the row the surrogate explains: the
	// mean and the least of the runs. What it leaves out is columns acting together, and
	// what the strangers' values differ in; where it is near 0, the effects are no
	// explanation.
	R2      float64 `json:"r2"`
	LeastR2 float64 `json:"leastR2"`

	// Agreement is how far the runs name the same Top columns: the mean, over pairs of
	// runs, of the columns that both name by those that either names (Jaccard). 1: the
	// same each time. Below about 0.7 take more samples before believing the order. A
	// single run has nothing to be compared with, and 1.
	Agreement float64 `json:"agreement"`
}

// A ColumnEffect is the mean and the sample's standard deviation of a column's
// coefficient over the runs.
type ColumnEffect struct {
	Column string  `json:"column"`
	Effect float64 `json:"effect"`
	SD     float64 `json:"sd"`
}

// ExplainRow explains the model's answer for one row by a linear model that holds around
// it (LIME; Ribeiro, Singh and Guestrin, 2016). In each sample every column is kept with
// probability one half, or takes the value of a row of background, drawn anew for each
// column. The sample weighs
//
//	w = exp(−D²/Width²),  D² = the number of columns that were not kept
//
// and a weighted ridge regression on what was kept gives each column's effect. Each run
// draws samples of its own, from the stream "lime" and the number of the run: how far the
// runs agree is the stability that must stand beside such an explanation (Visani et al.,
// 2020). row holds the features of one row, background encoded rows, [rows, features].
func ExplainRow(ctx context.Context, m Predictor, row []float32, background *tensor.Tensor, columns []Column, c Lime) (*RowExplanation, error) {
	c.Samples, c.Runs, c.Top = cmp.Or(c.Samples, 1000), cmp.Or(c.Runs, 5), cmp.Or(c.Top, 3)
	c.Width, c.Ridge = cmp.Or(c.Width, float64(0.75*math.Sqrt(float64(len(columns))))), cmp.Or(c.Ridge, 1)
	if err := cmp.Or(checkModel(m), checkRows("background", background)); err != nil {
		return nil, err
	}
	if len(row) != background.Cols() {
		return nil, tensor.Errorf(tensor.CodeShape, "the row has %d features, but rows of the background have %d", len(row), background.Cols())
	}
	if err := cmp.Or(checkColumns(columns, len(row)), c.check(len(columns))); err != nil {
		return nil, err
	}
	j := &job{ctx: ctx, model: m, progress: c.Progress, total: int64(c.Samples)*int64(c.Runs) + 1}
	one := blockLike(background, 1)
	copy(one.Data, row)
	if err := checkRows("row", one); err != nil {
		return nil, err
	}
	answer, err := j.outputs(one, c.Output)
	if err != nil {
		return nil, err
	}
	l := &limeRun{job: j, lime: c, row: row, background: background, columns: columns, block: blockLike(background, c.Samples),
		kept: make([]bool, c.Samples*len(columns)), y: make([]float64, 0, c.Samples), w: make([]float64, c.Samples)}
	runs := make([]*surrogate, c.Runs)
	for r := range runs {
		if err := l.sample(r); err != nil {
			return nil, err
		}
		if runs[r], err = fitSurrogate(l.kept, l.y, l.w, len(columns), c.Ridge); err != nil {
			return nil, err
		}
	}
	return explanation(answer[0], runs, columns, c.Top), nil
}

// mostKept bounds what a run remembers of its samples.
const mostKept = 1 << 26

func (c *Lime) check(columns int) error {
	switch {
	case c.Samples < 2 || c.Runs < 1 || c.Top < 1:
		return tensor.Errorf(tensor.CodeOption, "LIME: want at least 2 samples, 1 run and 1 top column, got %d, %d and %d", c.Samples, c.Runs, c.Top)
	case !(c.Width > 0 && c.Width < 1e15) || !(c.Ridge > 0 && c.Ridge < 1e15):
		return tensor.Errorf(tensor.CodeOption, "LIME: width and ridge must be above 0, got %g and %g", c.Width, c.Ridge)
	case columns > 1024 || c.Samples > mostKept/columns:
		return tensor.Errorf(tensor.CodeMemory, "LIME: %d columns and %d samples are too many; at most 1024 columns, and %d for their product", columns, c.Samples, mostKept)
	}
	return nil
}

// A limeRun draws samples around a row and asks the model about them.
type limeRun struct {
	*job
	lime       Lime
	row        []float32
	background *tensor.Tensor
	columns    []Column
	block      *tensor.Tensor
	kept       []bool
	y, w       []float64
}

func (l *limeRun) sample(run int) error {
	var pcg rand.PCG
	kernel.Stream(&pcg, l.lime.Seed, "lime", "", 0, uint64(run))
	draw, n := rand.New(&pcg), len(l.columns)
	squared := float64(l.lime.Width * l.lime.Width)
	l.y = l.y[:0]
	for from := 0; from < len(l.w); from += l.block.Rows() {
		part := l.block.Slice(0, min(l.block.Rows(), len(l.w)-from))
		for i := range part.Rows() {
			at, changed := from+i, 0
			copy(part.Row(i), l.row)
			for j := range l.columns {
				l.kept[at*n+j] = draw.Uint64N(2) == 1
				if !l.kept[at*n+j] {
					changed++
					other := int(draw.Uint64N(uint64(l.background.Rows())))
					l.columns[j].copyFeatures(part.Row(i), l.background.Row(other))
				}
			}
			l.w[at] = float64(kernel.Exp32(float32(-float64(changed) / squared)))
		}
		values, err := l.outputs(part, l.lime.Output)
		if err != nil {
			return err
		}
		l.y = append(l.y, values...)
	}
	return nil
}

// explanation puts the runs together.
func explanation(answer float64, runs []*surrogate, columns []Column, top int) *RowExplanation {
	r := &RowExplanation{Answer: answer, LeastR2: runs[0].r2, Agreement: agreement(runs, min(top, len(columns)))}
	for _, s := range runs {
		local := s.intercept
		for _, b := range s.beta {
			local += b
		}
		r.Local += local
		r.Intercept += s.intercept
		r.R2 += s.r2
		r.LeastR2 = min(r.LeastR2, s.r2)
	}
	n := float64(len(runs))
	r.Local, r.Intercept, r.R2 = r.Local/n, r.Intercept/n, r.R2/n
	each := make([]float64, len(runs))
	for j := range columns {
		for k, s := range runs {
			each[k] = s.beta[j]
		}
		mean, sd := moments(each)
		r.Effects = append(r.Effects, ColumnEffect{columns[j].Name, mean, sd})
	}
	return r
}

// agreement compares the columns with the largest effects, pair of runs by pair.
func agreement(runs []*surrogate, top int) float64 {
	if len(runs) < 2 {
		return 1
	}
	named := make([][]int, len(runs))
	for r, s := range runs {
		order := make([]int, len(s.beta))
		for j := range order {
			order[j] = j
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(s.beta[b]), math.Abs(s.beta[a])) })
		named[r] = order[:top]
	}
	sum, pairs := 0.0, 0
	for i := range named {
		for _, other := range named[:i] {
			both := 0
			for _, j := range named[i] {
				if slices.Contains(other, j) {
					both++
				}
			}
			sum += float64(both) / float64(2*top-both)
			pairs++
		}
	}
	return sum / float64(pairs)
}
