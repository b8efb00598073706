package page

// A frameStep is the place of some parts on the page: elements that they fill, each by
// itself. The page needs to have the frame's only.
type frameStep struct {
	id     string
	places []string
}

func (s *frameStep) views() map[string]Nodes {
	var out Nodes
	for _, id := range s.places {
		out = append(out, el("div", ident(id)))
	}
	return map[string]Nodes{s.id: out}
}

// panel is a part of a step with a title of its own.
func panel(id, heading string, parts ...Part) Node {
	return el("section", class("panel"), keyed(id), ident(id), attr("aria-labelledby", id+"-title"),
		el("h3", ident(id+"-title"), attr("tabindex", "-1"), txt(heading)), all(parts))
}

// mostInSight is how many rows a table has before it scrolls by itself.
const mostInSight = 16

// sheet is a table of numbers that scrolls by itself where it is wide or long. What it is
// about stands above it, as a caption would scroll away with it.
func sheet(id, caption string, head []string, rows Nodes) Node {
	line := el("tr")
	for _, h := range head {
		heading(h).join(&line)
	}
	size := "scroll"
	if len(rows) > mostInSight {
		size = "scroll tall"
	}
	return el("div", keyed(id+"-sheet"), el("p", class("hint about"), ident(id+"-about"), txt(caption)),
		el("div", class(size), attr("tabindex", "0"), attr("role", "region"), attr("aria-labelledby", id+"-about"),
			el("table", class("sheet"), ident(id), attr("aria-labelledby", id+"-about"), el("thead", line), el("tbody", rows))))
}

// folded is a plot's numbers as a table, for those who want or need them.
func folded(table Node) Node {
	return el("details", class("more"), el("summary", txt("As a table")), table)
}
