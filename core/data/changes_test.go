package data

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// allChanges lists a page at a time, as a reader does, and checks the pages' totals.
func allChanges(t *testing.T, c *Changes, filter ChangeFilter, page int) []Change {
	t.Helper()
	var all []Change
	for {
		list, total, err := c.List(filter, len(all), page, nil)
		require.NoError(t, err)
		all = append(all, list...)
		if len(list) < page {
			require.Len(t, all, total)
			return all
		}
	}
}

func changesOf(t *testing.T, table *Table, p *Prepared) *Changes {
	t.Helper()
	c, err := p.Changes(table, nil)
	require.NoError(t, err)
	return c
}

// dirty is a table of which is known what is wrong with it: rows is its text, wrong the
// rule of each cell by line and column, as far as it does not hang on the training part.
func dirty(rng *rand.Rand, rows int) (text string, wrong map[string]ChangeRule) {
	var b strings.Builder
	wrong = map[string]ChangeRule{}
	b.WriteString("size,colour,day,must,kind\n")
	line := 1
	cell := func(column, clean string, mess ...[2]string) string {
		if rng.IntN(12) > 0 {
			return clean
		}
		m := mess[rng.IntN(len(mess))]
		wrong[fmt.Sprint(line, column)] = ChangeRule(m[1])
		return m[0]
	}
	for range rows {
		line++
		if rng.IntN(200) == 0 {
			b.WriteString("1,red\n")
			wrong[fmt.Sprint(line)] = ChangeRagged
			line++
		}
		empty, word := [2]string{"", "empty"}, [2]string{"n/a", "word"}
		colour := []string{"red", "green", "blue"}[rng.IntN(3)]
		if rng.IntN(60) == 0 {
			colour = fmt.Sprintf("odd%d", rng.IntN(30))
		}
		fmt.Fprintf(&b, "%s,%s,%s,%s,%s\n",
			cell("size", fmt.Sprintf("%.2f", rng.Float64()*10), empty, word, [2]string{"12abc", "odd"}, [2]string{"inf", "infinite"}, [2]string{"1e300", "large"}),
			cell("colour", colour, empty, word, [2]string{"RED", "spelling"}),
			cell("day", fmt.Sprintf("20%02d-%02d-%02d", 10+rng.IntN(10), 1+rng.IntN(12), 1+rng.IntN(28)), empty, word, [2]string{"soon", "odd"}),
			cell("must", fmt.Sprint(rng.IntN(9)), empty, [2]string{"?", "word"}),
			cell("kind", []string{"cat", "dog"}[rng.IntN(2)], empty, word))
	}
	return b.String(), wrong
}

// What is listed is what is wrong with the table, cell by cell; and a row with every cell
// replaced by what it becomes has the features that the network sees.
func TestChangesAreWhatPrepareDid(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 5))
		text, wrong := dirty(rng, 300+rng.IntN(9000)*int(seed%2))
		table := read(t, text, ReadOptions{Ragged: RaggedSkip})
		s, err := table.Suggest("kind", nil)
		require.NoError(t, err)
		policies := []MissingPolicy{MissingMedian, MissingMean, MissingMode, MissingFlag, MissingDropRow}
		for i := range s.Columns {
			cs := &s.Columns[i]
			if cs.Name == "kind" {
				continue
			}
			cs.Role, cs.Missing = RoleFeature, policies[rng.IntN(len(policies))]
			switch cs.Name {
			case "must":
				cs.Missing = MissingDropRow
			case "colour":
				cs.Kind, cs.Encoding, cs.KeepRare = KindCategory, EncodingOneHot, seed%3 == 0
				cs.Missing = []MissingPolicy{MissingMode, MissingFlag}[rng.IntN(2)]
			}
		}
		p := prepare(t, table, s)
		checkChanges(t, table, p, wrong)
	}
}

func checkChanges(t *testing.T, table *Table, p *Prepared, wrong map[string]ChangeRule) {
	t.Helper()
	c := changesOf(t, table, p)
	got, perGroup := map[string]Change{}, map[string]int{}
	last := 0
	for i, change := range allChanges(t, c, ChangeFilter{}, 997) {
		key := fmt.Sprint(change.Line, change.Column)
		if change.Rule == ChangeRagged {
			last = 0
		} else {
			require.GreaterOrEqual(t, change.Line, last, "change %d", i)
			last = change.Line
		}
		require.NotContains(t, got, key)
		got[key] = change
		perGroup[change.Column+"/"+string(change.Rule)]++
	}
	expected, cells, rows := map[string]ChangeRule{}, 0, 0
	colours := map[string]int{}
	for _, row := range p.Train.Rows {
		if cell := table.Cell(row, 1); !isMissing([]byte(cell)) {
			colours[cell]++
		}
	}
	used := map[int]bool{}
	for _, part := range []Part{p.Train, p.Validation, p.Test} {
		for _, row := range part.Rows {
			used[row] = true
		}
	}
	var colour Input
	for _, in := range p.Pipeline.Inputs {
		if in.Name == "colour" {
			colour = in
		}
	}
	for row := range table.Rows() {
		line := table.Line(row)
		rule := func(column string) ChangeRule { return wrong[fmt.Sprint(line, column)] }
		left := false
		for _, cs := range p.Setup.Columns {
			if cs.Missing == MissingDropRow && rule(cs.Name).filled() && (rule(cs.Name) != ChangeLarge) && !left {
				expected[fmt.Sprint(line, cs.Name)], left = ChangeDropped, true
			}
		}
		if !left && rule("kind") != "" {
			expected[fmt.Sprint(line, "kind")], left = ChangeTarget, true
		}
		require.Equal(t, !left, used[row], "line %d", line)
		if left {
			rows++
			continue
		}
		for at, name := range []string{"size", "colour", "day", "must"} {
			r := rule(name)
			if cell := table.Cell(row, at); name == "colour" && (r == "" || r == ChangeSpelling) {
				switch {
				case !strings.Contains(" red green blue ", cell) && colours[cell] == 0 && cell != "RED":
					r = ChangeUnknown
				case colours[cell] > 0 && !bytes.Contains([]byte(strings.Join(colour.Categories, " ")+" "), []byte(cell+" ")) && cell != "RED":
					r = ChangeMerged
				case cell == "RED" && colours["RED"] >= rareBelow(len(p.Train.Rows)):
					r = ""
				case cell == "RED" && colour.Other == "" && colours["RED"] > 0:
					r = ""
				}
			}
			if r != "" {
				expected[fmt.Sprint(line, name)] = r
				cells++
			}
		}
	}
	for key, rule := range wrong {
		if rule == ChangeRagged {
			expected[key] = rule
			rows++
		}
	}
	rules := map[string]ChangeRule{}
	for key, change := range got {
		rules[key] = change.Rule
	}
	if !maps.Equal(expected, rules) {
		require.Equal(t, expected, rules)
	}
	totals := c.Totals()
	require.Equal(t, cells, totals.Cells)
	require.Equal(t, rows, totals.Rows)
	require.Equal(t, totals.Rows, table.Rows()-len(p.Train.Rows)-len(p.Validation.Rows)-len(p.Test.Rows)+table.odd)
	for _, g := range c.Groups() {
		if g.Of == ChangeOfColumns {
			continue
		}
		require.Equal(t, perGroup[g.Column+"/"+string(g.Rule)], g.Count, "%s %s", g.Column, g.Rule)
		require.NotEmpty(t, g.Reason)
		if g.Column != "" {
			require.Len(t, allChanges(t, c, ChangeFilter{g.Column, g.Rule}, 100), g.Count)
		}
	}
	seenAsListed(t, table, p, got)
}

// seenAsListed types each row in with its cells replaced.
func seenAsListed(t *testing.T, table *Table, p *Prepared, got map[string]Change) {
	t.Helper()
	names, features := table.Columns(), make([]float32, p.Pipeline.Features())
	for _, part := range []Part{p.Train, p.Validation, p.Test} {
		for i, row := range part.Rows {
			values, flagged := map[string]string{}, map[string]bool{}
			for at, name := range names {
				if p.Pipeline.find(name) < 0 {
					continue
				}
				values[name] = table.Cell(row, at)
				if change, ok := got[fmt.Sprint(table.Line(row), name)]; ok {
					require.Equal(t, values[name], change.Was)
					values[name] = change.Becomes
					flagged[name] = change.Rule != ChangeMerged && change.Rule != ChangeSpelling && !(change.Rule == ChangeUnknown && p.Pipeline.Inputs[p.Pipeline.find(name)].Other != "")
				}
			}
			raw, err := p.Pipeline.ParseRow(values)
			require.NoError(t, err)
			for k := range raw {
				in := &p.Pipeline.Inputs[k]
				if flagged[in.Name] && in.Flag {
					if in.Encoding != EncodingOneHot {
						require.Equal(t, in.Fill, raw[k], in.Name)
					}
					raw[k] = notANumber
				} else if raw[k] != raw[k] {
					require.Failf(t, "still missing", "%s in line %d", in.Name, table.Line(row))
				}
			}
			p.Pipeline.Encode(features, raw)
			want := part.X.Data[i*len(features) : (i+1)*len(features)]
			require.Equal(t, want, features)
		}
	}
}

func TestChangesSayWhy(t *testing.T) {
	text := repeat("id,n,c,y", 200, func(i int) string {
		c, n := []string{"a", "b"}[i%2], fmt.Sprint(i%10)
		switch i {
		case 7, 8:
			c = "rare"
		case 20:
			n = "?"
		case 21:
			n = "12abc"
		}
		return fmt.Sprintf("row-%d-%d,%s,%s,%s", i, i*i, n, c, yesNo(i%3 == 0))
	}) + "1,2\n"
	table := read(t, text, ReadOptions{Ragged: RaggedSkip})
	s, err := table.Suggest("y", nil)
	require.NoError(t, err)
	p := prepare(t, table, s)
	c := changesOf(t, table, p)
	require.Equal(t, ChangeTotals{Cells: 4, Columns: 2, Rows: 1, Ignored: 1}, c.Totals())
	groups := c.Groups()
	require.Equal(t, []ChangeRule{ChangeRagged, ChangeWord, ChangeOdd}, []ChangeRule{groups[0].Rule, groups[1].Rule, groups[2].Rule})
	require.Equal(t, "The median of the training rows takes its place.", groups[1].Instead)
	require.Equal(t, ChangeIgnored, groups[len(groups)-1].Rule)
	require.Equal(t, "id", groups[len(groups)-1].Column)
	list := allChanges(t, c, ChangeFilter{}, 10)
	require.Equal(t, Change{Line: 202, Rule: ChangeRagged, Fields: 2}, list[0])
	require.Equal(t, 9, list[1].Line)
	require.Equal(t, "other", list[1].Becomes)
	require.Equal(t, Change{Line: 22, Column: "n", Rule: ChangeWord, Was: "?", Becomes: groups[1].Becomes}, list[3])

	for i := range p.Setup.Columns {
		p.Setup.Columns[i].KeepRare = true
	}
	again := prepare(t, table, p.Setup)
	for _, change := range allChanges(t, changesOf(t, table, again), ChangeFilter{Column: "c"}, 10) {
		require.Equal(t, ChangeUnknown, change.Rule, "in the test part only")
	}
	require.Contains(t, again.Pipeline.FeatureNames(), "c = rare")
}

// A column that asks for whole rows keeps its word where it then turns out constant.
func TestChangesOfAConstantColumnThatDropsRows(t *testing.T) {
	table := read(t, repeat("a,b,y", 60, func(i int) string {
		return fmt.Sprintf("%d,%s,%s", i%7, []string{"", "1", "1"}[i%3], yesNo(i%2 == 0))
	}))
	s, err := table.Suggest("y", nil)
	require.NoError(t, err)
	s.Columns[1].Role, s.Columns[1].Missing = RoleFeature, MissingDropRow
	p := prepare(t, table, s)
	require.Equal(t, RoleIgnore, p.Setup.Columns[1].Role)
	require.Equal(t, ChangeTotals{Rows: 20, Ignored: 1}, changesOf(t, table, p).Totals())
}

func TestChangesStopWhenTold(t *testing.T) {
	table := read(t, zoo(400))
	p := prepare(t, table, Setup{Target: "kind"})
	stop := errors.New("stop")
	_, err := p.Changes(table, func(int64, int64) error { return stop })
	require.ErrorIs(t, err, stop)
	_, err = new(Prepared).Changes(table, nil)
	require.ErrorContains(t, err, "not prepared from a table")
}

// Half a million rows are compared in seconds, and a page at the end comes at once.
func TestChangesOfALargeTable(t *testing.T) {
	if testing.Short() || runtime.GOOS == "js" {
		t.Skip("large, and nothing in it depends on the machine")
	}
	rng := rand.New(rand.NewPCG(3, 4))
	text, _ := dirty(rng, 500_000)
	table := read(t, text, ReadOptions{Ragged: RaggedSkip})
	c := changesOf(t, table, prepare(t, table, Setup{Target: "kind"}))
	all := c.Totals()
	list, total, err := c.List(ChangeFilter{}, all.Cells+all.Rows-5, 50, func(done, total int64) error {
		require.Equal(t, total-1, done, "only the last block is read")
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, all.Cells+all.Rows, total)
	require.Len(t, list, 5)
}

func FuzzChanges(f *testing.F) {
	for _, s := range []string{zoo(60), survey(40), "a,b\n1,x\n?,y\n2\n3,X\ninf,y\n5,x\n1e99,y\n", string(gemText(30))} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		table, err := ReadTable(bytes.NewReader(text), ReadOptions{MaxBytes: 64 << 20, Ragged: RaggedSkip})
		if err != nil || len(table.columns) > 20 || table.Rows() > 500 {
			return
		}
		p, err := table.Prepare(Setup{Target: table.Columns()[len(table.columns)-1]}, nil)
		if err != nil {
			return
		}
		c := changesOf(t, table, p)
		totals := c.Totals()
		require.Equal(t, table.odd+table.Rows()-len(p.Train.Rows)-len(p.Validation.Rows)-len(p.Test.Rows), totals.Rows)
		require.Len(t, allChanges(t, c, ChangeFilter{}, 7), totals.Cells+totals.Rows)
		c.Groups()
	})
}
