package data

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// realTable reads a file of the folder of real data sets (DESIGN §8).
func realTable(t *testing.T, name string) *Table {
	t.Helper()
	folder := os.Getenv("TERRARIUM_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("real data sets are not here: no folder %s", folder)
	}
	f, err := os.Open(filepath.Join(folder, name))
	require.NoError(t, err)
	defer f.Close()
	info, err := f.Stat()
	require.NoError(t, err)
	table, err := ReadTable(f, ReadOptions{Name: name, Size: info.Size()})
	require.NoError(t, err)
	return table
}

// What the page shows first for each real table: rows, kinds, and which columns are used.
func TestRealTables(t *testing.T) {
	num, cat, yes, txt := KindNumber, KindCategory, KindBoolean, KindText
	for name, c := range map[string]struct {
		rows     int
		kinds    []Kind
		target   string
		task     Task
		features int
	}{
		"iris.csv":     {150, []Kind{num, num, num, num, cat}, "species", TaskClassification, 4},
		"penguins.csv": {344, []Kind{cat, cat, num, num, num, num, cat}, "species", TaskClassification, 6},
		"titanic.csv":  {891, []Kind{yes, num, cat, num, num, num, num, cat, cat, cat, yes, cat, cat, yes, yes}, "survived", TaskClassification, 10},
		"tips.csv":     {244, []Kind{num, num, cat, yes, cat, cat, num}, "tip", TaskRegression, 6},
		"mpg.csv":      {398, []Kind{num, num, num, num, num, num, num, cat, txt}, "mpg", TaskRegression, 7},
		"diamonds.csv": {53940, []Kind{num, cat, cat, cat, num, num, num, num, num, num}, "price", TaskRegression, 9},
		"flights.csv":  {144, []Kind{num, cat, num}, "passengers", TaskRegression, 2},
	} {
		t.Run(name, func(t *testing.T) {
			table := realTable(t, name)
			require.Equal(t, c.rows, table.Rows())
			for i, p := range table.Profile().Columns {
				require.Equal(t, c.kinds[i], p.Kind, p.Name)
			}
			s, err := table.Suggest(c.target, nil)
			require.NoError(t, err)
			require.Equal(t, c.task, s.Task)
			require.Len(t, roles(s)[RoleFeature], c.features, "%v", roles(s))
			for _, col := range s.Columns {
				require.Equal(t, name == "titanic.csv" && col.Name == "alive", col.Leak, col.Name)
			}
			p := prepare(t, table, s)
			require.Empty(t, p.Leaks)
			require.InDelta(t, 0.2*float64(c.rows), float64(len(p.Test.Rows)), 0.02*float64(c.rows)+3)
		})
	}
}

func TestRealTitanic(t *testing.T) {
	table := realTable(t, "titanic.csv")
	for seed := range uint64(5) {
		s, err := table.Suggest("survived", nil)
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"class", "adult_male", "embark_town", "alive"}, roles(s)[RoleIgnore])
		requireNotice(t, s.Notices, NoticeSparse, "“deck” is missing in 77 %")
		s.Split.Seed = seed
		require.Empty(t, prepare(t, table, s).Leaks)
		for i := range s.Columns {
			if s.Columns[i].Name == "alive" {
				s.Columns[i].Role = RoleFeature
			}
		}
		require.Len(t, prepare(t, table, s).Leaks, 1)
	}
}

func TestRealMessages(t *testing.T) {
	table := realTable(t, "sms-spam.tsv")
	p := table.Profile()
	require.Equal(t, 5574, p.Rows)
	require.Equal(t, Dialect{Delimiter: "\t", Quotes: QuotesPlain, Header: true, Encoding: "UTF-8"}, p.Dialect)
	require.Equal(t, []string{"Label", "SMS"}, table.Columns())
	require.Equal(t, []Kind{KindCategory, KindText}, []Kind{p.Columns[0].Kind, p.Columns[1].Kind})
	require.Equal(t, "Label", p.Target)
	require.Contains(t, table.Cell(68, 1), `the new "Divorce Barbie"?`)
	_, err := table.Prepare(Setup{Target: "Label"}, nil)
	requireError(t, err, "data", 0, "No column is left")
}
