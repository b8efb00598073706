package data

import (
	"cmp"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// changeBlock is how many rows are counted together: a page of the list begins with the
// counts, and reads only the blocks that it shows.
const changeBlock = 1 << 12

// Changes are all cells that the network does not see as they stand in the file, and all
// rows and columns that are left out, of one preparation of a table. Nothing is kept but
// counts: the list is read from the table a page at a time.
type Changes struct {
	table    *Table
	prepared *Prepared
	used     []bool // of each row
	readers  []*changeReader
	keys     []changeKey         // in order of discovery
	group    map[changeKey]int32 // the place of each in keys
	total    []int
	blocks   [][]int // of each block of rows, as many as there were groups by then
}

// A changeKey is a column, by its place in the setup, and a rule.
type changeKey struct {
	position int
	rule     ChangeRule
}

// noColumn is the position of a line that has no cells.
const noColumn = -1

// Changes compares what Prepare made of the table with the file. The table must not have
// been given other kinds since by SetKind. It fails with Progress's error, or with code
// "option" where the rows are not those of a table.
func (p *Prepared) Changes(t *Table, progress Progress) (*Changes, error) {
	if len(p.columns) == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "These data were not prepared from a table, so there are no cells to compare.")
	}
	c := &Changes{table: t, prepared: p, used: make([]bool, t.store.rows), group: map[changeKey]int32{}}
	for _, part := range []*Part{&p.Train, &p.Validation, &p.Test} {
		for _, row := range part.Rows {
			c.used[row] = true
		}
	}
	places := make(map[string]int, len(p.Setup.Columns))
	for at := range p.Setup.Columns {
		places[p.Setup.Columns[at].Name] = at
	}
	tell := func() error { return progress.tell(0, int64(t.store.rows)) }
	for i := range p.Pipeline.Inputs {
		r, err := p.changeReader(t, i, places[p.Pipeline.Inputs[i].Name], tell)
		if err != nil {
			return nil, err
		}
		c.readers = append(c.readers, r)
	}
	for from := 0; from < t.store.rows; from += changeBlock {
		if err := progress.tell(int64(from), int64(t.store.rows)); err != nil {
			return nil, err
		}
		c.count(from)
	}
	if n := t.odd; n > 0 {
		c.at(changeKey{noColumn, t.oddRule()})
		c.total[len(c.total)-1] = n
	}
	return c, progress.tell(int64(t.store.rows), int64(t.store.rows))
}

// count counts the changes of a block of rows.
func (c *Changes) count(from int) {
	counts := make([]int, len(c.keys))
	c.scan(from, func(_ int, key changeKey, _ *changeReader) bool {
		g := c.at(key)
		for len(counts) <= g {
			counts = append(counts, 0)
		}
		counts[g]++
		c.total[g]++
		return true
	})
	c.blocks = append(c.blocks, counts)
}

// at returns the place of a group, a new one where it is the first of its kind.
func (c *Changes) at(key changeKey) int {
	g, known := c.group[key]
	if !known {
		g = int32(len(c.keys))
		c.group[key] = g
		c.keys, c.total = append(c.keys, key), append(c.total, 0)
	}
	return int(g)
}

// scan visits the changes of a block, row by row, until do returns false. There is no
// reader for a row that is left out.
func (c *Changes) scan(from int, do func(row int, key changeKey, r *changeReader) bool) {
	for row := from; row < min(from+changeBlock, len(c.used)); row++ {
		if !c.used[row] {
			if !do(row, c.leftOut(row), nil) {
				return
			}
			continue
		}
		for _, r := range c.readers {
			if rule := r.rule(row); rule != "" && !do(row, changeKey{r.position, rule}, r) {
				return
			}
		}
	}
}

// leftOut says why a row is not learned from: Prepare looks at the features first.
func (c *Changes) leftOut(row int) changeKey {
	target := noColumn
	for at := range c.prepared.columns {
		if c.prepared.Setup.Columns[at].Role == RoleTarget {
			target = at
		} else if c.prepared.dropping[at] && !c.table.has(&c.prepared.columns[at], row) {
			return changeKey{at, ChangeDropped}
		}
	}
	return changeKey{target, ChangeTarget}
}

// Totals sums everything up.
func (c *Changes) Totals() ChangeTotals {
	var sum ChangeTotals
	columns := map[int]bool{}
	for g, key := range c.keys {
		switch key.rule {
		case ChangeRagged, ChangeTarget, ChangeDropped:
			sum.Rows += c.total[g]
		case ChangeFitted:
			sum.Fitted += c.total[g]
		default:
			sum.Cells += c.total[g]
			columns[key.position] = true
		}
	}
	for i := range c.prepared.Setup.Columns {
		if c.prepared.Setup.Columns[i].Role == RoleIgnore {
			sum.Ignored++
		}
	}
	sum.Columns = len(columns)
	return sum
}

// Groups counts the changes by column and rule: first the rows that are left out, then
// the cells, then the columns that are left out; each in the order of the columns.
func (c *Changes) Groups() []ChangeGroup {
	order := map[ChangeRule]int{}
	for i, known := range changeRules {
		order[known.rule] = i
	}
	type placed struct {
		ChangeGroup
		key changeKey
	}
	var list []placed
	for g, key := range c.keys {
		known := changeRules[order[key.rule]]
		group := ChangeGroup{Rule: key.rule, Of: known.of, Count: c.total[g], Reason: known.reason}
		if key.position >= 0 {
			group.Column = c.prepared.Setup.Columns[key.position].Name
		}
		for _, r := range c.readers {
			if known.of == ChangeOfCells && r.position == key.position {
				group.Becomes, group.Instead = r.becomes(key.rule)
			}
		}
		if key.rule == ChangeMerged {
			group.Least = rareBelow(len(c.prepared.Train.Rows))
		}
		list = append(list, placed{group, key})
	}
	for i := range c.prepared.Setup.Columns {
		if cs := &c.prepared.Setup.Columns[i]; cs.Role == RoleIgnore {
			reason := cmp.Or(cs.Reason, c.prepared.columns[i].profile.Reason, "It was given the use “ignore”.")
			list = append(list, placed{ChangeGroup{Column: cs.Name, Rule: ChangeIgnored, Of: ChangeOfColumns, Count: 1, Reason: reason}, changeKey{i, ChangeIgnored}})
		}
	}
	slices.SortStableFunc(list, func(a, b placed) int {
		kind := func(p placed) int { return slices.Index([]string{ChangeOfRows, ChangeOfCells, ChangeOfColumns}, p.Of) }
		return cmp.Or(kind(a)-kind(b), a.key.position-b.key.position, order[a.Rule]-order[b.Rule])
	})
	groups := make([]ChangeGroup, len(list))
	for i := range list {
		groups[i] = list[i].ChangeGroup
	}
	return groups
}
