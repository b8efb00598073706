package page

import "github.com/terrarium-ml/terrarium/core/data"

// choice offers what undoes a group of changes, or changes it into something else: always
// one of the decisions about its column, so that it stands in the columns above as well.
func (s *changesPart) choice(n string, g *data.ChangeGroup) Part {
	resting := when(s.app.train.busy(), attr("disabled", ""))
	switch g.Rule {
	case data.ChangeRagged, data.ChangeFitted:
		return el("a", attr("href", "#read-options"), txt("How the file is read"))
	case data.ChangeTarget:
		return el("a", attr("href", "#target"), txt("Predict another column"))
	}
	columns := s.app.columns
	i := columns.find(g.Column)
	if i < 0 || i >= len(columns.info.Profile.Columns) {
		return all(nil)
	}
	c, p := &columns.now.Columns[i], &columns.info.Profile.Columns[i]
	kind := chooser("change-kind-"+n, "column.kind", g.Column, string(p.Kind), kindChoices(), resting, attr("aria-label", "Type of "+g.Column))
	switch g.Rule {
	case data.ChangeMerged:
		return button("column.rare", g.Column, "second small", "Keep them apart", ident("change-rare-"+n), resting, attr("aria-label", "Keep rare categories apart: "+g.Column))
	case data.ChangeIgnored:
		switch {
		case p.Kind == data.KindText || p.Kind == data.KindID:
			return kind
		case c.Role != data.RoleIgnore || p.Empty:
			return el("span", class("quiet"), txt("There is nothing to learn from."))
		}
		return button("column.use", g.Column, "second small", "Use it anyway", ident("change-use-"+n), resting, attr("aria-label", "Use it anyway: "+g.Column))
	case data.ChangeSpelling:
		return all(nil)
	case data.ChangeUnknown:
		if g.Becomes != "" && c.Missing != data.MissingConstant && merges(c) {
			return all(nil)
		}
	}
	out := all{chooser("change-missing-"+n, "column.missing", g.Column, string(c.Missing), missingChoices(c.Kind), resting, attr("aria-label", "A missing value becomes: "+g.Column))}
	if c.Missing == data.MissingConstant {
		out = append(out, entry("change-constant-"+n, "column.constant", g.Column, c.Constant, "", all{settled, resting, attr("aria-label", "This value takes its place: "+g.Column)}))
	}
	if g.Rule == data.ChangeOdd {
		out = append(out, kind)
	}
	return out
}

// merges tells whether rare categories of a column may be merged.
func merges(c *data.ColumnSetup) bool {
	return c.Kind == data.KindCategory && c.Encoding == data.EncodingOneHot && !c.KeepRare
}
