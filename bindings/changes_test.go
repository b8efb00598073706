package bindings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestTableChanges(t *testing.T) {
	b := newBench(t)
	text := strings.Replace(flowers(200), "red", "n/a", 4)
	table, prepared := b.open(text, "kind")
	var r ChangesResult
	b.call(MethodTableChanges, ChangesParams{Table: table.Table, Column: "colour", Count: 3}, &r)
	require.Equal(t, 4, r.Cells)
	require.Equal(t, 1, r.Columns)
	require.Equal(t, 4, r.Total)
	require.Len(t, r.Changes, 3)
	require.Equal(t, data.Change{Line: 2, Column: "colour", Rule: data.ChangeWord, Was: "n/a", Becomes: r.Groups[0].Becomes}, r.Changes[0])
	b.call(MethodTableChanges, ChangesParams{Table: table.Table, From: 3, Count: 3}, &r)
	require.Len(t, r.Changes, 1)

	// Another choice, prepared anew, gives other counts.
	setup := prepared.Setup
	for i := range setup.Columns {
		if setup.Columns[i].Name == "colour" {
			setup.Columns[i].Missing = data.MissingDropRow
		}
	}
	b.call(MethodTablePrepare, PrepareParams{Table: table.Table, Setup: setup}, nil)
	b.call(MethodTableChanges, ChangesParams{Table: table.Table}, &r)
	require.Equal(t, data.ChangeTotals{Rows: 4}, r.ChangeTotals)
	require.Equal(t, data.ChangeDropped, r.Groups[0].Rule)
	require.Empty(t, r.Changes)
}

func TestTableChangesRefusesWhatCannotBe(t *testing.T) {
	b := newBench(t)
	var info TableInfo
	b.call(MethodTableOpen, OpenParams{Text: flowers(50)}, &info)
	b.refused(tensor.CodeOption, MethodTableChanges, ChangesParams{Table: 99})
	require.Contains(t, b.refused(tensor.CodeOption, MethodTableChanges, ChangesParams{Table: info.Table}).Message, "not prepared")
	b.refused(tensor.CodeOption, MethodTableChanges, ChangesParams{Table: info.Table, From: -1})
}
