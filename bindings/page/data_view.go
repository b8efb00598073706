package page

import (
	"github.com/terrarium-ml/terrarium/core/data"
)

func (s *dataStep) views() map[string]Nodes {
	samples := Nodes{}
	for _, info := range data.Samples() {
		samples = append(samples, el("button", attr("type", "button"), class("sample"), ident("sample-"+info.Name), act("data.sample", info.Name),
			when(!s.app.state.ready || s.reading != nil || s.app.train.busy(), attr("disabled", "")),
			el("b", txt(info.Title)), el("span", txt(info.Description))))
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("data", "data.dismiss"))
	}
	switch {
	case s.reading != nil:
		text := "Reading " + s.reading.name
		if s.total > 0 {
			text += ": " + size(int64(s.done)) + " of " + size(int64(s.total))
		}
		out = append(out, el("div", class("progress-line"), progress("read-progress", "Reading", s.done, s.total), el("span", txt(text)),
			button("data.cancel", "", "second", "Cancel", ident("cancel-read"))))
	case s.info != nil:
		out = append(out, readView(s.from.name, &s.info.Profile)...)
	}
	if s.last != nil && s.last.sample == "" && s.reading == nil {
		out = append(out, readOptions(&s.options))
	}
	return map[string]Nodes{"samples": samples, "data-view": out}
}

var delimiters = map[string]string{",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "spaces"}

// readView says in a sentence what was read, and how.
func readView(name string, p *data.Profile) Nodes {
	by := delimiters[p.Dialect.Delimiter]
	if by == "" {
		by = "“" + p.Dialect.Delimiter + "”"
	}
	how := "Separated by " + by + ", " + p.Dialect.Encoding + ", "
	if p.Dialect.Header {
		how += "names in the first line"
	} else {
		how += "no line of names"
	}
	if p.Dialect.DecimalComma {
		how += ", decimal comma"
	}
	how += "; " + size(p.FileBytes) + ", " + size(p.MemoryBytes) + " in memory."
	return Nodes{
		el("p", class("read"), ident("data-read"), el("strong", txt(plural(p.Rows, "row", "rows")+" and "+plural(len(p.Columns), "column", "columns"))), txt(" read from "), el("em", asIs, txt(name)), txt(". "), el("span", class("quiet"), txt(how))),
		el("details", class("more"), el("summary", txt("Fingerprint")), el("p", class("hint"), txt("SHA-256 of the file’s bytes: the same file always gives the same fingerprint.")), el("code", class("digest"), txt(p.Fingerprint))),
		el("div", class("wrap"), noticeList("data-notices", generalNotices(p.Notices))),
	}
}

// generalNotices leaves out those about a single column: they stand with the columns.
func generalNotices(all []data.Notice) []data.Notice {
	var out []data.Notice
	for _, n := range all {
		if n.Column == "" {
			out = append(out, n)
		}
	}
	return out
}

// setOption changes how files are read, and reads the last one again.
func (s *dataStep) setOption(name, value string) {
	setReadOption(&s.options, name, value)
	if s.last != nil {
		s.open(*s.last)
	}
	s.app.touch(s)
}

// setReadOption changes one of the options that readOptions shows.
func setReadOption(o *data.ReadOptions, name, value string) {
	switch name {
	case "delimiter":
		o.Delimiter = value
	case "header":
		o.Header = data.Choice(value)
	case "quotes":
		o.Quotes = data.Quotes(value)
	case "ragged":
		o.Ragged = data.Ragged(value)
	case "comma":
		o.DecimalComma = data.Choice(value)
	case "encoding":
		o.Encoding = value
	}
}

// readOptions lets the user say how the file is to be read where looking decided wrongly.
func readOptions(o *data.ReadOptions) Node {
	fields := el("div", class("fields"))
	add := func(name, label, value string, choices ...choice) {
		id := "read-" + name
		field(id, label, "", check{}, func(more Part) Node {
			return chooser(id, "data.option", name, value, append([]choice{{"", "find out"}}, choices...), more)
		}).join(&fields)
	}
	add("delimiter", "Cells are separated by", o.Delimiter, choice{",", "comma"}, choice{";", "semicolon"}, choice{"\t", "tab"}, choice{"|", "vertical bar"}, choice{" ", "space"})
	add("header", "Names in the first line", string(o.Header), choice{"yes", "yes"}, choice{"no", "no, it is data"})
	add("quotes", "A double quote", string(o.Quotes), choice{"standard", "encloses a cell"}, choice{"plain", "is a plain character"})
	add("ragged", "Rows of another length", string(o.Ragged), choice{"skip", "are left out"}, choice{"fill", "are filled or cut"})
	add("comma", "Decimal comma (3,14)", string(o.DecimalComma), choice{"yes", "yes"}, choice{"no", "no"})
	add("encoding", "Letters are encoded for", o.Encoding, encodingsToChoose()...)
	return el("details", class("more"), keyed("read-options"), ident("read-options"), el("summary", txt("How the file is read")),
		el("p", class("hint"), txt("If something was read wrongly, say how it should be. The file is then read again.")), fields)
}
