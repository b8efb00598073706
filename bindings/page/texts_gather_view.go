package page

import (
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
)

func (s *textGather) views() map[string]Nodes {
	a := s.app
	samples := Nodes{}
	for _, info := range text.Samples() {
		if !info.Writes {
			samples = append(samples, el("button", attr("type", "button"), class("sample"), ident("sample-"+info.Name), act("texts.sample", info.Name),
				when(!a.state.ready || s.reading != nil || a.train.busy(), attr("disabled", "")),
				el("b", txt(info.Title)), el("span", txt(info.Description))))
		}
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("data", "texts.dismiss"))
	}
	switch {
	case s.reading != nil:
		line := "Reading"
		if s.total > 0 {
			line += ": " + percent(s.done/s.total)
		}
		out = append(out, el("div", class("progress-line"), keyed("reading"), progress("read-progress", "Reading", s.done, s.total), el("span", txt(line)),
			button("texts.cancel", "", "second", "Cancel", ident("cancel-read"))))
	case s.info != nil:
		out = append(out, s.readView()...)
	}
	if s.last != nil && s.last.sample == "" && s.reading == nil && (s.info == nil || s.info.Profile.From == "table" || s.problem != nil) {
		out = append(out, s.optionsView())
	}
	return map[string]Nodes{"samples": samples, "data-view": out}
}

// origins says how files became classes.
var origins = map[string]string{
	"folders": "Each file is a text, and the folder that it lay in is its class.",
	"lines":   "Each line is a text, and the file that it stands in is its class.",
	"names":   "Each file is a text, and its name without the number is its class.",
}

// readView says in a sentence what was read, and how.
func (s *textGather) readView() Nodes {
	p := &s.info.Profile
	how := origins[p.From]
	if d := p.Dialect; d != nil {
		by := delimiters[d.Delimiter]
		if by == "" {
			by = "“" + d.Delimiter + "”"
		}
		how = "Separated by " + by + ", " + d.Encoding + "."
	}
	how += " They take " + size(p.Bytes) + " of memory; the middle one has " + plural(p.Typical, "character", "characters") + ", the longest " + count(p.Longest) + "."
	out := Nodes{el("p", class("read"), ident("data-read"), keyed("read"), el("strong", txt(plural(p.Records, "text", "texts"))), txt(" read from "), el("em", asIs, txt(s.from.name)), txt(". "),
		el("span", class("quiet"), txt(how)))}
	if n := len(s.info.Skipped) + s.info.More; n > 0 {
		list := el("ul", class("notices"))
		for _, k := range s.info.Skipped {
			el("li", class("notice"), el("b", asIs, txt(shorten(k.Name, 80))), txt(": "), el("span", txt(k.Reason))).join(&list)
		}
		out = append(out, el("details", class("more"), ident("skipped"), keyed("skipped"), el("summary", txt(plural(n, "file was", "files were")+" left out")), list))
	}
	return append(out, el("div", class("wrap"), keyed("notices"), noticeList("data-notices", p.Notices)),
		el("details", class("more"), keyed("fingerprint"), el("summary", txt("Fingerprint")), el("p", class("hint"), txt("SHA-256 of the file’s bytes: the same file always gives the same fingerprint.")), el("code", class("digest"), ident("fingerprint"), asIs, txt(p.Fingerprint))))
}

// optionsView lets the user say how a table is to be read where looking decided wrongly.
func (s *textGather) optionsView() Node {
	o := &s.options
	fields := el("div", class("fields"))
	add := func(name, label, value string, choices ...choice) {
		id := "read-" + name
		field(id, label, "", check{}, func(more Part) Node {
			return chooser(id, "texts.option", name, value, append([]choice{{"", "find out"}}, choices...), more)
		}).join(&fields)
	}
	add("delimiter", "Cells are separated by", o.Delimiter, choice{",", "comma"}, choice{";", "semicolon"}, choice{"\t", "tab"}, choice{"|", "vertical bar"})
	add("header", "Names in the first line", string(o.Header), choice{string(data.Yes), "yes"}, choice{string(data.No), "no, it is data"})
	add("quotes", "A double quote", string(o.Quotes), choice{string(data.QuotesStandard), "encloses a cell"}, choice{string(data.QuotesPlain), "is a plain character"})
	add("encoding", "Letters are encoded for", o.Encoding, encodingsToChoose()...)
	return el("details", class("more"), keyed("read-options"), ident("read-options"), el("summary", txt("How the file is read")),
		el("p", class("hint"), txt("If something was read wrongly, say how it should be. The file is then read again.")), fields)
}
