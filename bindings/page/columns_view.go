package page

import (
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
)

// pageSize is how many columns are drawn at once: a table of 10,000 stays quick.
const pageSize = 25

func (s *columnsStep) views() map[string]Nodes {
	if s.info == nil {
		return map[string]Nodes{"columns-view": {el("p", class("empty"), txt("The columns of your table will stand here: what each one is, and what it is used for."))}}
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("columns", "columns.dismiss"))
	}
	out = append(out, s.targetView(), s.undoView())
	out = append(out, s.leakViews()...)
	if list := s.otherNotices(); len(list) > 0 {
		out = append(out, el("div", class("wrap"), keyed("notices"), noticeList("column-notices", list)))
	}
	shown := s.matching()
	out = append(out, s.pagerView(len(shown)))
	from := min(s.page*pageSize, max(len(shown)-1, 0)/pageSize*pageSize)
	body := el("tbody")
	for _, i := range shown[from:min(from+pageSize, len(shown))] {
		s.rowViews(i).join(&body)
	}
	out = append(out, el("table", class("columns"), ident("columns"), keyed("columns"),
		el("caption", class("unseen"), txt("The columns of the table, with what each is used for")),
		el("thead", el("tr", headings("Column", "Type", "Missing", "Values", "Use", "Details"))), body))
	out = append(out, s.preparedView())
	return map[string]Nodes{"columns-view": {locked(s.app, out)}}
}

// locked holds controls that rest while a model trains: the table it learns from must
// stay as it is.
func locked(a *App, nodes Nodes) Node {
	return el("fieldset", class("plain"), when(a.train.busy(), attr("disabled", "")), nodes)
}

func headings(names ...string) Nodes {
	var out Nodes
	for _, n := range names {
		out = append(out, heading(n))
	}
	return out
}

// heading describes the head of a column. One that says nothing is none: a screen reader
// would stop at it in vain.
func heading(name string) Node {
	if name == "" {
		return el("td")
	}
	return el("th", attr("scope", "col"), txt(name))
}

// targetView asks what to predict, says why this was proposed, and as what kind of task.
func (s *columnsStep) targetView() Node {
	reason := s.now.Reasons.Target
	if s.now.Target != s.auto.Target || reason == "" {
		reason = "You can choose any column."
	}
	pick := func(more Part) Node {
		if len(s.info.Profile.Columns) > 300 {
			return entry("target", "target", "", s.now.Target, "", all{more, settled, attr("spellcheck", "false")})
		}
		var list []choice
		if s.now.Target == "" {
			list = append(list, choice{"", "choose a column…"})
		}
		for _, c := range s.info.Profile.Columns {
			list = append(list, choice{c.Name, shorten(c.Name, 60)})
		}
		return chooser("target", "target", "", s.now.Target, list, more, asIs)
	}
	task := func(more Part) Node {
		return chooser("task", "task", "", string(s.now.Task), []choice{
			{string(data.TaskClassification), "a class (classification)"}, {string(data.TaskRegression), "a number (regression)"}}, more)
	}
	taskReason := s.now.Reasons.Task
	if s.now.Task != s.auto.Task {
		taskReason = "You chose this."
	}
	return el("div", class("fields wide"), keyed("target"),
		field("target", "What should the model predict?", reason, check{}, pick),
		field("task", "Its answer is", taskReason, check{}, task))
}

func (s *columnsStep) undoView() Node {
	label := "Nothing to undo"
	if n := len(s.undo); n > 0 {
		label = "Undo: " + shorten(s.undo[n-1].label, 40)
	}
	return el("div", class("tools"), keyed("tools"),
		button("columns.undo", "", "second", label, ident("undo"), when(len(s.undo) == 0, attr("disabled", "")), attr("title", "Ctrl+Z")),
		button("columns.auto", "", "second", "All back to automatic", ident("columns-auto"), when(!s.anyChanged(), attr("disabled", ""))))
}

func (s *columnsStep) anyChanged() bool {
	for i := range s.now.Columns {
		if i < len(s.auto.Columns) && changed(&s.auto.Columns[i], &s.now.Columns[i]) {
			return true
		}
	}
	return s.now.Task != s.auto.Task
}

// leakViews are prominent: a leak makes every score meaningless.
func (s *columnsStep) leakViews() Nodes {
	var out Nodes
	for _, n := range s.notices() {
		i := s.find(n.Column)
		if n.Code != data.NoticeLeak || i < 0 || len(out) >= 20 {
			continue
		}
		used := s.now.Columns[i].Role == data.RoleFeature
		head, offer := "Left out because it gives the answer away: ", button("column.use", n.Column, "second", "Use it anyway")
		if used {
			head = "Careful, this column may give the answer away: "
			offer = el("button", attr("type", "button"), class("second"), act("column.auto", n.Column), txt("Leave it out"))
		}
		out = append(out, el("div", class("leak"), keyed("leak-"+n.Column), attr("data-leak", n.Column),
			el("p", el("strong", txt(head+n.Column+". ")), txt(n.Message)), offer))
	}
	return out
}

// notices are those about columns and the setup, each once.
func (s *columnsStep) notices() []data.Notice {
	var out []data.Notice
	seen := map[string]bool{}
	add := func(list []data.Notice) {
		for _, n := range list {
			if key := n.Code + "\x00" + n.Column + "\x00" + n.Message; !seen[key] && !seen["leak\x00"+n.Column+"\x00"] {
				seen[key] = true
				if n.Code == data.NoticeLeak {
					seen["leak\x00"+n.Column+"\x00"] = true
				}
				out = append(out, n)
			}
		}
	}
	add(s.auto.Notices)
	if s.prepared != nil {
		add(s.prepared.Notices)
	}
	for _, n := range s.info.Profile.Notices {
		if n.Column != "" {
			add([]data.Notice{n})
		}
	}
	return out
}

func (s *columnsStep) otherNotices() []data.Notice {
	var out []data.Notice
	for _, n := range s.notices() {
		if n.Code != data.NoticeLeak {
			out = append(out, n)
		}
	}
	return out
}

// matching returns the columns whose name holds the filter's text.
func (s *columnsStep) matching() []int {
	want := strings.ToLower(strings.TrimSpace(s.filter))
	var out []int
	for i := range s.info.Profile.Columns {
		if want == "" || strings.Contains(strings.ToLower(s.info.Profile.Columns[i].Name), want) {
			out = append(out, i)
		}
	}
	return out
}

func (s *columnsStep) pagerView(n int) Node {
	if len(s.info.Profile.Columns) <= pageSize {
		return el("div", class("pager"), keyed("pager"), attr("hidden", ""))
	}
	last := max(n-1, 0) / pageSize
	at := min(s.page, last)
	return el("div", class("pager"), keyed("pager"),
		el("label", attr("for", "column-filter"), txt("Find a column")),
		entry("column-filter", "columns.filter", "", s.filter, "", nil),
		button("columns.page", strconv.Itoa(at-1), "second", "Previous", ident("page-previous"), when(at == 0, attr("disabled", ""))),
		el("span", attr("aria-live", "polite"), txt("page "+count(at+1)+" of "+count(last+1)+" ("+plural(n, "column", "columns")+")")),
		button("columns.page", strconv.Itoa(at+1), "second", "Next", ident("page-next"), when(at >= last, attr("disabled", ""))))
}

// rowViews describes one column: its line, and its details where they are open.
func (s *columnsStep) rowViews(i int) Nodes {
	p := &s.info.Profile.Columns[i]
	missing := "none"
	if p.Missing > 0 && s.info.Profile.Rows > 0 {
		missing = count(p.Missing) + " (" + percent(float64(p.Missing)/float64(s.info.Profile.Rows)) + ")"
	}
	n := strconv.Itoa(i)
	kind := chooser("kind-"+n, "column.kind", p.Name, string(p.Kind), kindChoices(), attr("aria-label", "Type of "+p.Name))
	var c, auto *data.ColumnSetup
	if i < len(s.now.Columns) && i < len(s.auto.Columns) {
		c, auto = &s.now.Columns[i], &s.auto.Columns[i]
	}
	row := el("tr", keyed("c-"+n), attr("data-column", p.Name),
		el("th", attr("scope", "row"), el("span", class("name"), asIs, txt(shorten(p.Name, 60))), el("span", class("samples"), asIs, txt(shorten(strings.Join(p.Samples, ", "), 70)))),
		el("td", attr("data-label", "Type"), kind),
		el("td", attr("data-label", "Missing"), class("num"), txt(missing)),
		el("td", attr("data-label", "Values"), histogram(p), el("span", class("spread"), attr("aria-hidden", "true"), txt(spread(p)))))
	if c == nil {
		return Nodes{row, el("tr", keyed("d-"+n), attr("hidden", ""))}
	}
	class("role-" + string(c.Role)).join(&row)
	open := s.open[p.Name]
	shown := "false"
	if open {
		shown = "true"
	}
	own := p.Kind != p.Inferred || changed(auto, c)
	el("td", attr("data-label", "Use"),
		chooser("role-"+n, "column.role", p.Name, string(c.Role), roleChoices, attr("aria-label", "Use of "+p.Name)),
		when(own, el("span", class("yours"), txt("changed by you")))).join(&row)
	el("td", attr("data-label", "Details"), class("last"),
		button("column.open", p.Name, "fold", "Why and how", attr("aria-expanded", shown), attr("aria-controls", "details-"+n), attr("aria-label", "Why and how: "+p.Name))).join(&row)
	details := el("tr", keyed("d-"+n), class("details"), ident("details-"+n), when(!open, attr("hidden", "")))
	if open {
		s.detailsView(n, p, c, own).join(&details)
	}
	return Nodes{row, details}
}

// detailsView gives the reason and everything that can be decided about one column.
func (s *columnsStep) detailsView(n string, p *data.ColumnProfile, c *data.ColumnSetup, own bool) Node {
	reason := c.Reason
	if reason == "" {
		reason = p.Reason
	}
	cell := el("td", attr("colspan", "6"), el("p", class("reason"), el("strong", txt("Why: ")), txt(reason)))
	fields := el("div", class("fields"))
	if p.Kind == data.KindDate {
		field("dates-"+n, "Dates are written as", "", check{}, func(more Part) Node {
			return chooser("dates-"+n, "column.dates", p.Name, string(p.DateOrder), []choice{
				{string(data.DateYMD), "year month day"}, {string(data.DateDMY), "day month year"}, {string(data.DateMDY), "month day year"}}, more)
		}).join(&fields)
	}
	if c.Role == data.RoleFeature && c.Kind != data.KindText && c.Kind != data.KindID {
		field("missing-"+n, "A missing value becomes", "", check{}, func(more Part) Node {
			return chooser("missing-"+n, "column.missing", p.Name, string(c.Missing), missingChoices(c.Kind), more)
		}).join(&fields)
		if c.Missing == data.MissingConstant {
			field("constant-"+n, "This value", "As it would stand in the file.", check{}, func(more Part) Node {
				return entry("constant-"+n, "column.constant", p.Name, c.Constant, "", all{more, settled})
			}).join(&fields)
		}
		field("encoding-"+n, "The network sees it as", "", check{}, func(more Part) Node {
			return chooser("encoding-"+n, "column.encoding", p.Name, string(c.Encoding), encodingChoices(c.Kind), more)
		}).join(&fields)
		if c.Kind == data.KindCategory && c.Encoding == data.EncodingOneHot {
			tick("rare-"+n, "column.rare", p.Name, "Merge rare categories", !c.KeepRare).join(&fields)
		}
		if scales(c) {
			field("scaling-"+n, "Scaled", "Fitted on the training part only.", check{}, func(more Part) Node {
				return chooser("scaling-"+n, "column.scaling", p.Name, string(c.Scaling), scalingChoices, more)
			}).join(&fields)
		}
	}
	fields.join(&cell)
	if own {
		button("column.auto", p.Name, "second", "Back to automatic", attr("aria-label", "Back to automatic: "+p.Name)).join(&cell)
	}
	return cell
}

// preparedView says what the table becomes.
func (s *columnsStep) preparedView() Node {
	switch p := s.prepared; {
	case p != nil:
		used, become := len(p.Pipeline.Inputs), " become "
		if used == 1 {
			become = " becomes "
		}
		return el("p", class("prepared"), keyed("prepared"), ident("prepared"),
			el("strong", txt(plural(used, "column", "columns")+become+plural(len(p.Features), "number", "numbers")+" a row. ")),
			txt(plural(p.Train, "row", "rows")+" to learn from, "+count(p.Validation)+" to know when to stop, "+count(p.Test)+" kept aside for an honest test. "),
			el("span", class("quiet"), txt(s.now.Reasons.Split)))
	case s.waiting:
		return el("p", class("prepared quiet"), keyed("prepared"), ident("prepared"), txt("Working it out…"))
	}
	return el("p", class("prepared quiet"), keyed("prepared"), ident("prepared"), txt("The table cannot be learned from yet."))
}
