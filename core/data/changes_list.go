package data

// A ChangeFilter chooses changes: those of a column, of a rule, or of both; "" is any.
type ChangeFilter struct {
	Column string     `json:"column,omitzero"`
	Rule   ChangeRule `json:"rule,omitzero"`
}

// List returns changes from the given one on (from 0), at most count, and how many the
// filter lets through in all: first the lines of another length, then row by row. Only
// the blocks of rows that it shows are read.
func (c *Changes) List(filter ChangeFilter, from, count int, progress Progress) (list []Change, total int, err error) {
	wanted := make([]bool, len(c.keys))
	for g, key := range c.keys {
		column := ""
		if key.position >= 0 {
			column = c.prepared.Setup.Columns[key.position].Name
		}
		wanted[g] = (filter.Rule == "" || filter.Rule == key.rule) && (filter.Column == "" || filter.Column == column)
		if wanted[g] {
			total += c.total[g]
		}
	}
	list = []Change{}
	skip := max(from, 0)
	if g, ok := c.group[changeKey{noColumn, c.table.oddRule()}]; ok && wanted[g] {
		for ; skip < len(c.table.ragged) && len(list) < count; skip++ {
			odd := c.table.ragged[skip]
			list = append(list, Change{Line: odd.line, Rule: c.table.oddRule(), Fields: odd.fields})
		}
		skip = max(skip-c.table.odd, 0) // those beyond raggedKept are only counted
	}
	for b, counts := range c.blocks {
		if len(list) >= count {
			break
		}
		here := 0
		for g, n := range counts {
			if wanted[g] {
				here += n
			}
		}
		if here <= skip {
			skip -= here
			continue
		}
		if err := progress.tell(int64(b), int64(len(c.blocks))); err != nil {
			return nil, 0, err
		}
		c.scan(b*changeBlock, func(row int, key changeKey, r *changeReader) bool {
			if !wanted[c.group[key]] {
				return true
			}
			if skip > 0 {
				skip--
				return true
			}
			list = append(list, c.change(row, key, r))
			return len(list) < count
		})
	}
	return list, total, nil
}

// change describes one change of a row.
func (c *Changes) change(row int, key changeKey, r *changeReader) Change {
	column := &c.prepared.columns[key.position]
	out := Change{Line: c.table.Line(row), Column: column.name, Rule: key.rule, Was: shorten(c.table.Cell(row, column.index), maxShownCell)}
	if r != nil {
		out.Becomes = shorten(r.seen(row, key.rule), maxShownCell)
	}
	return out
}

// maxShownCell is how many characters of a cell are listed.
const maxShownCell = 200
