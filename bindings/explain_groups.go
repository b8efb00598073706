package bindings

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/explain"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// judgeGroups scores a model by groups of rows.
func judgeGroups(j *job, p GroupsParams) (any, error) {
	s, err := j.study(p.JudgeParams)
	if err != nil {
		return nil, err
	}
	if s.table.data == nil {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "groups are made of a table's columns, and there are none here")
	}
	o := &s.pipeline.Output
	if s.classes() && (p.Positive < 0 || p.Positive >= len(o.Labels)) {
		return nil, tensor.Errorf(tensor.CodeOption, "positive must be a class from 0 to %d, got %d", len(o.Labels)-1, p.Positive)
	}
	p.Few = cmp.Or(p.Few, 30)
	r := GroupsResult{Rows: len(s.part.Rows), Few: p.Few}
	return s.beside(func() (any, error) {
		names, group, err := s.grouping(p, &r)
		if err != nil {
			return nil, err
		}
		said, err := s.predict()
		if err != nil {
			return nil, err
		}
		if !s.classes() {
			err = s.groupErrors(&r, said, names, group)
			return r, err
		}
		r.Positive = o.Labels[p.Positive]
		r.Scores, err = explain.ScoresByGroup(j.ctx, names, group, whole(said.truth), whole(said.predicted), p.Positive,
			explain.Groups{Few: p.Few, Resampling: s.resampling(len(group)), Progress: s.pause})
		return r, err
	}), nil
}

// grouping divides the part's rows by a column.
func (s *study) grouping(p GroupsParams, r *GroupsResult) (names []string, group []int, err error) {
	t := s.table.data
	columns := t.Profile().Columns
	at := slices.IndexFunc(columns, func(c data.ColumnProfile) bool { return c.Name == p.Column })
	if at < 0 || columns[at].Kind != data.KindNumber && columns[at].Kind != data.KindDate ||
		columns[at].Kind == data.KindNumber && columns[at].Integer && columns[at].Distinct <= 6 && !columns[at].Many {
		cells, err := s.cells(p.Column)
		if err != nil {
			return nil, nil, err
		}
		return explain.GroupsByWord(cells, cmp.Or(p.Groups, 12))
	}
	values, err := t.ValuesAt(p.Column, s.part.Rows, s.pause)
	if err != nil {
		return nil, nil, err
	}
	r.Ranges = true
	names, group, err = explain.GroupsByNumber(values, cmp.Or(p.Groups, 5))
	if err == nil && columns[at].Kind == data.KindDate {
		nameDates(names, group, values)
	}
	return names, group, err
}

// cells returns a column's cells of the part's rows.
func (s *study) cells(column string) ([]string, error) {
	var cells []string
	rows := s.part.Rows
	for from := 0; from < len(rows); from += 8 * blockOfRows {
		some, err := explain.ColumnCells(s.table.data, column, rows[from:min(from+8*blockOfRows, len(rows))])
		if err != nil {
			return nil, err
		}
		cells = append(cells, some...)
		if err := s.pause(int64(len(cells)), int64(len(rows))); err != nil {
			return nil, err
		}
	}
	return cells, nil
}

// nameDates gives groups of days their first and last date as names.
func nameDates(names []string, group []int, values []float64) {
	first, last := make([]float64, len(names)), make([]float64, len(names))
	for g := range names {
		first[g], last[g] = math.Inf(1), math.Inf(-1)
	}
	for i, g := range group {
		first[g], last[g] = min(first[g], values[i]), max(last[g], values[i])
	}
	for g := range names {
		if first[g] <= last[g] { // not the group of missing ones
			names[g] = data.FormatDate(math.Floor(first[g])) + " to " + data.FormatDate(math.Floor(last[g]))
		}
	}
}

// groupErrors measures how far off a regression is on each group, and how far the groups
// with enough rows are apart.
func (s *study) groupErrors(r *GroupsResult, said *judged, names []string, group []int) error {
	off, bias := make([][]float64, len(names)), make([][]float64, len(names))
	for i, g := range group {
		d := float64(said.predicted[i]) - float64(said.truth[i])
		off[g], bias[g] = append(off[g], math.Abs(d)), append(bias[g], d)
	}
	best, worst := -1, -1
	for g, name := range names {
		e := GroupError{Group: name, Rows: len(off[g])}
		var err error
		if e.Rows > 0 {
			if e.MAE, err = bounds(metric.BootstrapMean(s.resampling(e.Rows), off[g])); err != nil {
				return err
			}
			if e.Bias, err = bounds(metric.BootstrapMean(s.resampling(e.Rows), bias[g])); err != nil {
				return err
			}
		}
		if e.Rows < r.Few {
			e.Warning = fmt.Sprintf("only %d rows: too few to say how the model does on %q (at least %d are wanted)", e.Rows, name, r.Few)
		} else {
			if best < 0 || e.MAE.Value < r.Errors[best].MAE.Value {
				best = g
			}
			if worst < 0 || e.MAE.Value > r.Errors[worst].MAE.Value {
				worst = g
			}
		}
		r.Errors = append(r.Errors, e)
	}
	if best < 0 || best == worst {
		return nil
	}
	gap, err := s.gapOf(off[worst], off[best])
	r.Gap = &gap
	return err
}

// gapOf is the difference of two means, each resampled by itself.
func (s *study) gapOf(high, low []float64) (Bounds, error) {
	mean := func(values []float64, rows []int) float64 {
		sum := 0.0
		for _, i := range rows {
			sum += values[i]
		}
		return sum / float64(len(rows))
	}
	n := len(high)
	return bounds(metric.Bootstrap(s.resampling(n+len(low)), n+len(low), func(rows []int) float64 {
		var a, b []int
		for _, i := range rows {
			if i < n {
				a = append(a, i)
			} else {
				b = append(b, i-n)
			}
		}
		return mean(high, a) - mean(low, b)
	}))
}
