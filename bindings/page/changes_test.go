package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

// cleaned is a page with a table in which something was changed.
func cleaned(t *testing.T) (*stage, *[]bindings.ChangesParams) {
	s := newStage(t)
	asked := &[]bindings.ChangesParams{}
	s.engine.answer[bindings.MethodTableChanges] = func(params json.RawMessage, _ Request) (any, [][]byte, error) {
		var p bindings.ChangesParams
		require.NoError(t, json.Unmarshal(params, &p))
		*asked = append(*asked, p)
		r := bindings.ChangesResult{ChangeTotals: data.ChangeTotals{Cells: 130, Columns: 2, Rows: 1, Ignored: 1}, Total: 131,
			Groups: []data.ChangeGroup{
				{Rule: data.ChangeRagged, Of: data.ChangeOfRows, Count: 1, Reason: "The line has another number of fields."},
				{Column: "height", Rule: data.ChangeOdd, Of: data.ChangeOfCells, Count: 120, Reason: "It cannot be read.", Instead: "The median takes its place.", Becomes: "4"},
				{Column: "name", Rule: data.ChangeMerged, Of: data.ChangeOfCells, Count: 10, Reason: "Too few rows.", Becomes: "other", Least: 3},
				{Column: "name", Rule: data.ChangeIgnored, Of: data.ChangeOfColumns, Count: 1, Reason: "It gives the answer away."},
			},
			Changes: []data.Change{{Line: 5, Rule: data.ChangeRagged, Fields: 2}, {Line: 1009, Column: "height", Rule: data.ChangeOdd, Was: "<b>", Becomes: "4"}, {Line: 1010, Column: "name", Rule: data.ChangeEmpty}}}
		if p.Column != "" {
			r.Total = 10
		}
		return r, nil, nil
	}
	s.do(Action{Name: "data.file", Files: []File{{Name: "flowers.csv"}}})
	return s, asked
}

func TestChangesAreCountedAndListed(t *testing.T) {
	s, asked := cleaned(t)
	require.Equal(t, "130 cells in 2 columns, 1 row left out, 1 column left out", s.see("changes-total").words())
	require.Contains(t, s.see("changes").words(), "height cannot be read 120 cells It cannot be read. The median takes its place. It becomes: 4")
	list := s.see("changes-list").words()
	require.Contains(t, list, "5 2 fields the row is left out another length")
	require.Contains(t, list, "1009 height <b> 4 cannot be read")
	require.Contains(t, list, "1010 name (empty) a category of its own empty")
	require.Contains(t, s.html("changes-view"), `<td translate="no">&lt;b&gt;</td>`)
	require.Equal(t, "1 to 3 of 131", s.see("changes-at").words())
	require.True(t, s.disabled("changes-previous"))

	s.do(Action{Name: "changes.page", Arg: "2"})
	require.Equal(t, bindings.ChangesParams{Table: 3, From: 100, Count: 50}, (*asked)[1])
	s.do(Action{Name: "changes.page", Arg: "9"}, Action{Name: "changes.page", Arg: "x"}, Action{Name: "changes.pick", Arg: "3"})
	s.do(Action{Name: "changes.pick", Arg: "2"})
	require.Equal(t, bindings.ChangesParams{Table: 3, Column: "name", Rule: data.ChangeMerged, Count: 50}, (*asked)[len(*asked)-1])
	s.see("changes-all")
	s.do(Action{Name: "changes.pick", Arg: "2"})
	require.Equal(t, bindings.ChangesParams{Table: 3, Count: 50}, (*asked)[len(*asked)-1])
	s.gone("changes-all")
}

func TestChangesAreUndone(t *testing.T) {
	s, asked := cleaned(t)
	before := len(*asked)
	require.True(t, s.disabled("changes-undo"))
	s.see("change-kind-1")
	s.do(Action{Name: "column.missing", Arg: "height", Value: "constant"})
	s.see("change-constant-1")
	s.do(Action{Name: "column.rare", Arg: "name"})
	require.True(t, s.app.columns.now.Columns[2].KeepRare)
	require.Greater(t, len(*asked), before+1, "the table is compared anew after each choice")
	s.do(Action{Name: "columns.undo"})
	require.False(t, s.app.columns.now.Columns[2].KeepRare)
	s.do(Action{Name: "columns.undo"})
	require.Equal(t, data.MissingMedian, s.app.columns.now.Columns[1].Missing)
	s.do(Action{Name: "column.use", Arg: "name"})
	require.Equal(t, data.RoleFeature, s.app.columns.now.Columns[2].Role)
}

// Whether rare categories are merged outlives another target.
func TestKeptApartIsCarriedOver(t *testing.T) {
	auto := suggestion()
	now := cloned(auto)
	now.Columns[2].KeepRare = true
	require.True(t, changed(&auto.Columns[2], &now.Columns[2]))
	require.True(t, carry(auto, now, suggestion()).Columns[2].KeepRare)
}

func TestNothingChanged(t *testing.T) {
	s := newStage(t)
	s.fix(bindings.MethodTableChanges, bindings.ChangesResult{})
	s.do(Action{Name: "data.file", Files: []File{{Name: "flowers.csv"}}})
	require.Equal(t, "nothing", s.see("changes-total").words())
	s.gone("changes-list")
	s.lose("killed")
}
