package data

import (
	"fmt"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Prepared is a table ready to learn from.
type Prepared struct {
	Pipeline   *Pipeline
	Setup      Setup // as carried out, nothing left empty
	Train      Part
	Validation Part
	Test       Part
	Notices    []Notice
	Leaks      []Leak
	Baseline   Baseline

	columns  []column // of the setup, each of the kind that it gives; for Changes
	dropping []bool   // which of them have rows without a value left out
}

// A Part is the training, validation or test part. X has shape [n, features]; Y has
// shape [n, 1]: 0 or 1 (two labels), the index of the label, or the standardised
// number. Rows holds the table's row of each, from 0. A part may have no rows.
type Part struct {
	X, Y *tensor.Tensor
	Rows []int
}

// A Leak is a feature that alone predicts the target nearly perfectly.
type Leak struct {
	Column string  `json:"column"`
	Score  float64 `json:"score"` // share of held-out training rows judged right, or R² (regression)
	Reason string  `json:"reason"`
}

// A Baseline is what guessing without looking would reach on the test part (on the
// validation part where there is no test part).
type Baseline struct {
	Label    string  `json:"label,omitzero"`    // classification: always the commonest class of the training part
	Accuracy float64 `json:"accuracy,omitzero"` // classification
	Value    float64 `json:"value,omitzero"`    // regression: always the mean of the training part
	MAE      float64 `json:"mae,omitzero"`      // regression, in the target's units
	RMSE     float64 `json:"rmse,omitzero"`     // regression, in the target's units
}

// Prepare carries a setup out: drops rows without a target, splits, fits the pipeline
// on the training part, encodes all three parts. It fails with code "data" where there
// is nothing to learn (a target with one class, or one class a row; no feature; too few
// rows), "option" where the setup does not fit the table, "memory" where the result
// would be too large.
func (t *Table) Prepare(setup Setup, progress Progress) (*Prepared, error) {
	total := int64(t.store.rows)
	tell := func() error { return progress.tell(0, total) }
	p := &Prepared{}
	columns, err := t.complete(&setup, p, progress)
	if err != nil {
		return nil, err
	}
	a, err := t.usableRows(&setup, columns, p, tell)
	if err != nil {
		return nil, err
	}
	p.Setup = setup
	for _, c := range columns {
		p.columns = append(p.columns, *c)
	}
	p.Train.Rows, p.Validation.Rows, p.Test.Rows = setup.Split.divide(a)
	p.noteRare(a)
	if err := t.fit(p, columns, a, tell); err != nil {
		return nil, err
	}
	if err := t.checkMemory(len(a.rows), p.Pipeline.Features()); err != nil {
		return nil, err
	}
	sources, err := p.Pipeline.locate(t)
	if err != nil {
		return nil, err
	}
	done := 0
	for _, part := range []*Part{&p.Train, &p.Validation, &p.Test} {
		part.X, err = p.Pipeline.encodeRows(t, sources, part.Rows, func(n int) error { return progress.tell(int64(done+n), total) })
		if err != nil {
			return nil, err
		}
		done += len(part.Rows)
		part.Y = p.Pipeline.Output.encode(a, part.Rows)
	}
	p.Baseline = p.baseline(a)
	return p, progress.tell(total, total)
}

// usableRows reads the target of the rows that are not dropped, and says which are.
func (t *Table) usableRows(s *Setup, columns []*column, p *Prepared, tell func() error) (*answer, error) {
	var skip []bool
	p.dropping = make([]bool, len(columns))
	for i, c := range columns {
		cs := &s.Columns[i]
		if cs.Role != RoleFeature || cs.Missing != MissingDropRow {
			continue
		}
		p.dropping[i] = true
		if skip == nil {
			skip = make([]bool, t.store.rows)
		}
		dropped := 0
		for row := range skip {
			if !skip[row] && !t.has(c, row) {
				skip[row] = true
				dropped++
			}
		}
		if dropped > 0 {
			p.note(NoticeDropped, c.name, "%s left out because %s is missing there.", plural(dropped, "row is", "rows are"), quoted(c.name))
		}
	}
	target := columns[slices.IndexFunc(s.Columns, func(c ColumnSetup) bool { return c.Role == RoleTarget })]
	a, err := t.answer(target, s.Task, skip, tell)
	if err != nil {
		return nil, err
	}
	left := t.store.rows - len(a.rows)
	for _, dropped := range skip {
		if dropped {
			left--
		}
	}
	if left > 0 {
		p.note(NoticeTarget, target.name, "%s left out because the target %s is missing there.", plural(left, "row is", "rows are"), quoted(target.name))
	}
	return a, nil
}

// has tells whether a row has a value of the column's kind.
func (t *Table) has(c *column, row int) bool {
	if c.kind == KindNumber || c.kind == KindDate {
		_, ok := t.value(c, row)
		return ok
	}
	if c.words != nil {
		return c.words.code[row] >= 0
	}
	return !isMissing(t.cell(row, c.index))
}

func (p *Prepared) note(code, column, format string, args ...any) {
	p.Notices = append(p.Notices, Notice{Code: code, Column: column, Message: fmt.Sprintf(format, args...)})
}

// noteRare names the classes that have too few rows to be in all three parts.
func (p *Prepared) noteRare(a *answer) {
	for k, label := range a.labels {
		if n := a.counts[k]; n < 3 {
			p.note(NoticeRareClass, a.column.name, "Class %s has only %s. It is in the training part, but cannot be in every part, so nothing reliable can be said about it: collect more, or merge it with another class.", quoted(label), plural(n, "row", "rows"))
		}
	}
}

// fit fits the output and every feature to the training part, and looks for leaks.
func (t *Table) fit(p *Prepared, columns []*column, a *answer, tell func() error) error {
	p.Pipeline = &Pipeline{Format: PipelineFormat}
	var err error
	if p.Pipeline.Output, err = a.output(p.Train.Rows); err != nil {
		return err
	}
	for i, c := range columns {
		cs := &p.Setup.Columns[i]
		if cs.Role != RoleFeature {
			continue
		}
		f := fitter{t: t, c: c, cs: cs, rows: p.Train.Rows, notices: &p.Notices, tell: tell}
		in, ok, err := f.fit()
		if err != nil {
			return err
		}
		if !ok {
			cs.Role, cs.Reason = RoleIgnore, "It has the same value, or none, in all training rows."
			continue
		}
		p.Pipeline.Inputs = append(p.Pipeline.Inputs, in)
		if leak, is := t.findLeak(c, a, p.Train.Rows); is {
			p.Leaks = append(p.Leaks, leak)
		}
	}
	if len(p.Pipeline.Inputs) == 0 {
		return nothingLeft(a, &p.Setup)
	}
	return p.Pipeline.Validate()
}

// nothingLeft says that there is no feature, and which columns were left out because they
// give the target away: one of these may be all that there is to learn from.
func nothingLeft(a *answer, s *Setup) error {
	var leaks []string
	for _, cs := range s.Columns {
		if cs.Leak && cs.Role == RoleIgnore {
			leaks = append(leaks, cs.Name)
		}
	}
	if len(leaks) > 0 {
		return dataError(a.column.name, "No column is left to predict %s from: each that could be one alone gives the answer away (%s) and is ignored. If it is known before the answer is, give it the role feature.", quoted(a.column.name), brief(leaks))
	}
	return dataError(a.column.name, "No column is left to predict %s from. Give at least one other column the role feature.", quoted(a.column.name))
}
