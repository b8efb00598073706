package data

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatStandsAboveATable(t *testing.T) {
	body := repeat("day,town,heat", 20, func(i int) string { return "2024-01-01,Ulm," + string(rune('0'+i%10)) })
	for name, c := range map[string]struct {
		above string
		lines int // that are left out
	}{
		"nothing":         {"", 0},
		"blank lines":     {"\n\n", 0},
		"a title":         {"Weather of Ulm\n", 1},
		"title and blank": {"Weather of Ulm\n\n", 2},
		"empty cells":     {"Weather of Ulm,,\n,,\n", 2},
		"comments":        {"# by us\n# day, town, heat\n# all right\n", 3},
		"sep and title":   {"sep=,\nWeather\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			table := read(t, c.above+body)
			require.Equal(t, []string{"day", "town", "heat"}, table.Columns())
			require.Equal(t, 20, table.Rows())
			assert.Equal(t, strings.Count(c.above, "\n")+2, table.Line(0))
			p := table.Profile()
			assert.Equal(t, c.lines > 0, strings.Contains(noticesOf(&p, NoticeHeader), "above the table"))
			if c.lines > 1 {
				requireNotice(t, p.Notices, NoticeHeader, string(rune('0'+c.lines))+" lines stand above")
			}
		})
	}
	// Other delimiters, and old Macintoshes.
	table := read(t, strings.NewReplacer(",", ";", "\n", "\r").Replace("Weather by us\n"+body))
	assert.Equal(t, []string{"day", "town", "heat"}, table.Columns())
	assert.Equal(t, 3, table.Line(0))
	// A header that begins with a mark, one column without a name, and R's are no title.
	assert.Equal(t, []string{"#a", "b"}, read(t, "#a,b\n1,2\n3,4\n5,6\n").Columns())
	assert.Equal(t, []string{"column_1", "b", "c"}, read(t, ",b,c\n1,2,3\n3,4,5\n5,6,7\n").Columns())
	requireError(t, refuse(t, "x\na,1\nb,2\nc,3\nd,4\n"), "data", 2)
}

func TestRareDelimiters(t *testing.T) {
	want := []string{"name", "x", "y"}
	for _, d := range []string{"^", "~", " ", ":", "   "} {
		table := read(t, strings.ReplaceAll("name,x,y\nAda,1,-2.5\nBob,3,4\nCyd,5,6\n", ",", d))
		assert.Equal(t, want, table.Columns(), "%q", d)
		assert.Equal(t, "-2.5", table.Cell(0, 2), "%q", d)
		assert.Equal(t, d[:1], table.Profile().Dialect.Delimiter)
	}
	// Columns that are aligned, with a tab before the last one and quotes around spaces.
	table := read(t, "  18.0   8  \t\"ford  torino\"\n   9.5  10  \t\"amc rebel\"\n")
	assert.Equal(t, [][]string{{"18.0", "8", "ford  torino"}, {"9.5", "10", "amc rebel"}}, rowsOf(table))
	// Sentences and names are no columns.
	assert.Len(t, read(t, strings.Repeat("It was a dark night.\n", 9)).Columns(), 1)
	assert.Len(t, read(t, "say\nhow are you\nfine\nand you there\n").Columns(), 1)
	assert.Equal(t, []string{"full name", "age"}, read(t, "full name\tage\nAda L\t36\nBob M\t41\n").Columns())
	assert.Equal(t, []string{"from to", "n"}, read(t, "from to,n\na b,1\nc d,2\n").Columns())
}

func TestJSONIsNoTable(t *testing.T) {
	for _, text := range []string{"{\"a\": 1}\n{\"a\": 2}\n", "[{\"a\":1},\n{\"a\":2}]", " [\n [1, 2],\n [3, 4]]\n"} {
		requireError(t, refuse(t, text), "data", 0, "JSON", "CSV")
	}
	assert.Equal(t, []string{"[a]", "{b}"}, read(t, "[a],{b}\n1,2\n3,4\n").Columns())
}
