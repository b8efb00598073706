package data

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIDNames(t *testing.T) {
	for _, name := range []string{"id", "ID", "user_id", "userId", "OrderID", "id_customer", "Unnamed: 0", "uuid", "invoice number", "row_number"} {
		require.True(t, isIDName(name), name)
	}
	for _, name := range []string{"width", "humid", "idle", "paid", "notes", "age", "solid"} {
		require.False(t, isIDName(name), name)
	}
}

func TestDelimiterNames(t *testing.T) {
	for d, name := range map[string]string{",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", ":": `":"`} {
		require.Equal(t, name, delimiterName(d))
	}
}

// A delimiter is chosen by what makes every line alike, not by how often it occurs.
func TestDelimiterAmongOthers(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"commas in text":        {"id;note\n1;a, b, c, d\n2;e\n3;f, g\n", ";"},
		"semicolons in text":    {"id,note\n1,a; b; c\n2,e\n3,f; g; h\n", ","},
		"bars in tabs":          {"id\tnote\n1\ta|b\n2\tc|d\n", "\t"},
		"quoted delimiters":     {"a,b\n\"1;2\",\"x;y\"\n\"3;4\",\"z;w\"\n", ","},
		"decimal commas":        {"1,5;2,5\n3,5;4,5\n", ";"},
		"unbalanced but commas": {"a|b\n1|5\" x\n2|\"y\n", "|"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, read(t, c.text).Profile().Dialect.Delimiter)
		})
	}
}

// Lines are found again through blank lines, fields of several lines and left-out rows.
func TestLinesOfRows(t *testing.T) {
	text := "a,b\n\n0,x\n"
	want := []int{3}
	line := 4
	for i := 1; i < 300; i++ {
		switch {
		case i%7 == 0:
			text += fmt.Sprintf("%d,\"two\nlines\"\n", i)
			want = append(want, line)
			line += 2
		case i%11 == 0:
			text += fmt.Sprintf("\n%d,y\n", i)
			want = append(want, line+1)
			line += 2
		case i == 100:
			text += "1,2,3\n"
			line++
		default:
			text += fmt.Sprintf("%d,z\n", i)
			want = append(want, line)
			line++
		}
	}
	table := read(t, text)
	require.Equal(t, len(want), table.Rows())
	for row := range want {
		require.Equal(t, want[row], table.Line(row), "row %d", row)
	}
}

// A target column may be one that no feature could be, once its kind is corrected.
func TestCorrectedTarget(t *testing.T) {
	table := read(t, repeat("x,serial", 60, func(i int) string { return fmt.Sprintf("%d,%d", i*i%11, i+1) }))
	_, err := table.Suggest("serial", nil)
	requireError(t, err, "data", 0, "its own value in nearly every row")
	require.NoError(t, table.SetKind("serial", KindNumber, nil))
	s, err := table.Suggest("serial", nil)
	require.NoError(t, err)
	require.Equal(t, TaskRegression, s.Task)

	table = read(t, repeat("x,note", 60, func(i int) string { return fmt.Sprintf("%d,%s", i*i%11, longNotes[i%3]) }))
	require.Equal(t, KindText, table.Profile().Columns[1].Kind)
	_, err = table.Suggest("note", nil)
	requireError(t, err, "data", 0, "is free text, which cannot be predicted", "change its kind")
	require.NoError(t, table.SetKind("note", KindCategory, nil))
	s, err = table.Suggest("note", nil)
	require.NoError(t, err)
	require.Equal(t, 3, prepare(t, table, s).Pipeline.Output.Units())
}

var longNotes = []string{
	"a long note that says that everything was quite in order on that day and that nothing is to be done",
	"a long note that says that something was a little out of order on that day and that it was seen to",
	"a long note that says that the whole thing fell down on that day and that it must be built up anew",
}
