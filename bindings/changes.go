package bindings

import (
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// tableChanges compares a prepared table with its file. The counts are made once for each
// preparation; a page of the list reads only what it shows.
func tableChanges(j *job, p ChangesParams) (any, error) {
	if p.From < 0 || p.Count < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "from %d and count %d must not be negative", p.From, p.Count)
	}
	if _, err := j.engine.table(p.Table); err != nil { // it says so of pictures, texts and series
		return nil, err
	}
	t, err := j.engine.preparedTable(p.Table)
	if err != nil {
		return nil, err
	}
	changes := t.changes
	if changes == nil {
		if changes, err = t.prepared.Changes(t.data, j.working("changes")); err != nil {
			return nil, err
		}
		t.changes = changes
	}
	r := ChangesResult{ChangeTotals: changes.Totals(), Groups: changes.Groups()}
	r.Changes, r.Total, err = changes.List(data.ChangeFilter{Column: p.Column, Rule: p.Rule}, p.From, min(p.Count, MaxShownRows), j.working("changes"))
	return r, err
}
