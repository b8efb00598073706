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

// A DependencePlot says how to look at the answer as one column moves.
type DependencePlot struct {
	Output   int // which output to look at
	Points   int // of the grid of a number or a date; 20 if 0. Categories are all tried
	Rows     int // to take the mean of, drawn at random where there are more; 1000 if 0
	Curves   int // of single rows to keep, of those; 50 if 0, none if below 0
	Seed     uint64
	Progress data.Progress
}

// A Dependence is how the answer moves with one column.
type Dependence struct {
	Column string    `json:"column"`
	Labels []string  `json:"labels,omitzero"` // of a grid of categories
	Grid   []float64 `json:"grid"`            // in the file's units; days since 1970-01-01; the index of a category
	Mean   []float64 `json:"mean"`            // partial dependence: the mean answer at each point
	SD     []float64 `json:"sd"`              // of the rows' answers there

	// Curves are of single rows (ICE), Rows says of which rows of x.
	Curves [][]float64 `json:"curves,omitzero"`
	Rows   []int       `json:"rows,omitzero"`
}

// PartialDependence sets a column to each value of a grid, in every row, and takes the
// mean of what the model then says (Friedman, 2001):
//
//	PD(v) = 1/n · Σᵢ f(xᵢ with the column = v)
//
// The answers of single rows are the curves of individual conditional expectation
// (Goldstein et al., 2015): where these cross, the column acts together with another and
// the mean hides it. The grid of a number or a date are quantiles of its values in x,
// equal ones once; values that a flag marks as missing are left out. A grid point may go
// with other columns to rows that do not exist: columns that move together mislead.
//
// x is encoded by the pipeline. The rows are drawn from the stream "partial dependence"
// and the column's name.
func PartialDependence(ctx context.Context, m Predictor, p *data.Pipeline, x *tensor.Tensor, column string, c DependencePlot) (*Dependence, error) {
	c.Points, c.Rows, c.Curves = cmp.Or(c.Points, 20), cmp.Or(c.Rows, 1000), cmp.Or(c.Curves, 50)
	at, err := findColumn(p, x, column)
	if err != nil {
		return nil, err
	}
	if err := checkModel(m); err != nil {
		return nil, err
	}
	if c.Points < 2 || c.Points > 10000 || c.Rows < 1 {
		return nil, tensor.Errorf(tensor.CodeOption, "partial dependence: want from 2 to 10000 points and at least 1 row, got %d and %d", c.Points, c.Rows)
	}
	in, place := &p.Inputs[at], Columns(p)[at]
	d := &Dependence{Column: column}
	raw, err := d.grid(in, place, x, c.Points)
	if err != nil {
		return nil, err
	}
	rows := drawRows(x.Rows(), c.Rows, c.Seed, "partial dependence", column)
	j := &job{ctx: ctx, model: m, progress: c.Progress, total: int64(len(raw)) * int64(len(rows))}
	block, encoded, asked := blockLike(x, len(rows)), make([]float32, p.Features()), make([]float32, len(p.Inputs))
	if curves := min(c.Curves, len(rows)); curves > 0 {
		d.Rows, d.Curves = rows[:curves], make([][]float64, curves)
	}
	for _, v := range raw {
		asked[at] = v
		p.Encode(encoded, asked)
		answers := make([]float64, 0, len(rows))
		for from := 0; from < len(rows); from += block.Rows() {
			part := block.Slice(0, min(block.Rows(), len(rows)-from))
			for i := range part.Rows() {
				copy(part.Row(i), x.Row(rows[from+i]))
				place.copyFeatures(part.Row(i), encoded)
			}
			values, err := j.outputs(part, c.Output)
			if err != nil {
				return nil, err
			}
			answers = append(answers, values...)
		}
		mean, sd := moments(answers)
		d.Mean, d.SD = append(d.Mean, mean), append(d.SD, sd)
		for i := range d.Curves {
			d.Curves[i] = append(d.Curves[i], answers[i])
		}
	}
	return d, nil
}

// Centred returns the curves less their own beginnings (c-ICE; Goldstein et al., 2015):
// all begin at 0, and where they part shows what the rows differ in.
func (d *Dependence) Centred() [][]float64 {
	curves := make([][]float64, len(d.Curves))
	for i, curve := range d.Curves {
		for _, v := range curve {
			curves[i] = append(curves[i], v-curve[0])
		}
	}
	return curves
}

// grid fills in the grid, and returns it as raw values.
func (d *Dependence) grid(in *data.Input, place Column, x *tensor.Tensor, points int) ([]float32, error) {
	if len(in.Categories) > 0 {
		raw := make([]float32, len(in.Categories))
		for k := range raw {
			raw[k] = float32(k)
			d.Grid = append(d.Grid, float64(k))
		}
		d.Labels = slices.Clone(in.Categories)
		return raw, nil
	}
	first, flag := place.Features[0], place.Features[len(place.Features)-1]
	var values []float32
	for i := range x.Rows() {
		if row := x.Row(i); !in.Flag || row[flag] == 0 {
			values = append(values, row[first])
		}
	}
	if len(values) == 0 {
		e := tensor.Errorf(tensor.CodeData, "column %q is missing in all rows", in.Name)
		e.Column = in.Name
		return nil, e
	}
	slices.Sort(values)
	var raw []float32
	for k := range points {
		v := rawValue(in, values[k*(len(values)-1)/(points-1)])
		if len(raw) == 0 || raw[len(raw)-1] != v {
			raw = append(raw, v)
			d.Grid = append(d.Grid, float64(v)+in.Offset)
		}
	}
	return raw, nil
}

// rawValue goes back from a scaled feature to the raw value it was made from.
func rawValue(in *data.Input, feature float32) float32 {
	if in.Scale == 0 {
		return in.Center
	}
	raw := feature/in.Scale + in.Center
	if in.Integer { // what rounding took away
		whole := math.Floor(float64(raw) + in.Offset + 0.5)
		return float32(whole - in.Offset)
	}
	return raw
}

// findColumn returns the place of a pipeline's column, for encoded rows x.
func findColumn(p *data.Pipeline, x *tensor.Tensor, column string) (int, error) {
	if p == nil || len(p.Inputs) == 0 {
		return 0, tensor.Errorf(tensor.CodeOption, "want the pipeline of a table, which has columns")
	}
	if err := checkRows("inputs", x); err != nil {
		return 0, err
	}
	if x.Cols() != p.Features() {
		return 0, tensor.Errorf(tensor.CodeShape, "inputs: want [rows, %d], as the pipeline encodes them, got %s", p.Features(), tensor.Format(x.Shape))
	}
	at := slices.Index(p.InputNames(), column)
	if at < 0 {
		e := tensor.Errorf(tensor.CodeOption, "there is no column %q; the model's columns are %q", column, p.InputNames())
		e.Column = column
		return 0, e
	}
	return at, nil
}

// drawRows returns at most so many rows, in ascending order: all, or some without
// replacement.
func drawRows(rows, most int, seed uint64, purpose, name string) []int {
	order := make([]int, rows)
	for i := range order {
		order[i] = i
	}
	if rows <= most {
		return order
	}
	var pcg rand.PCG
	kernel.Stream(&pcg, seed, purpose, name, 0, 0)
	rand.New(&pcg).Shuffle(rows, func(i, j int) { order[i], order[j] = order[j], order[i] })
	slices.Sort(order[:most])
	return order[:most:most]
}
