package page

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
)

// A problem is a sentence at the place where something went wrong: what is wrong, where,
// and what to do. It stays until it is dismissed or overcome.
type problem struct {
	text string
	id   string // of an element, to find it in tests
}

// view describes the problem; dismiss is the action of its button.
func (p *problem) view(where, dismiss string) Node {
	id := p.id
	if id == "" {
		id = "problem-" + where
	}
	return el("div", class("problem"), attr("role", "alert"), ident(id), keyed(id),
		el("p", txt(p.text)),
		el("button", attr("type", "button"), class("quiet-button"), act(dismiss, ""), attr("aria-label", "Dismiss this message"), txt("Dismiss")))
}

func button(action, arg, name, label string, more ...Part) Node {
	return el("button", attr("type", "button"), class(name), act(action, arg), txt(label), all(more))
}

// A choice is one entry of a select.
type choice struct{ value, label string }

// chooser describes a select that shows value. With asIs its entries are names of the
// user's, but for one without a value, such as "(none)".
func chooser(id, action, arg, value string, choices []choice, more ...Part) Node {
	n := el("select", ident(id), attr("name", id), act(action, arg), holding(value), all(more))
	own := n.get("translate") == "no"
	n.Attrs = slices.DeleteFunc(n.Attrs, func(a Attr) bool { return a.Name == "translate" })
	for _, c := range choices {
		el("option", attr("value", c.value), when(own && c.value != "", asIs), txt(c.label)).join(&n)
	}
	return n
}

// A check is what a form says about one of its fields.
type check struct {
	text string
	bad  bool // must be put right; otherwise only a warning
}

// field describes a labelled control with its hint and its check, joined for screen
// readers by aria-describedby.
func field(id, label, hint string, c check, control func(more Part) Node) Node {
	describe := ""
	if hint != "" {
		describe = id + "-hint"
	}
	if c.text != "" {
		describe += " " + id + "-check"
	}
	more := all{when(describe != "", attr("aria-describedby", describe)), when(c.bad, attr("aria-invalid", "true"))}
	kind := "check"
	if c.bad {
		kind = "check bad"
	}
	return el("div", class("field"), keyed("field-"+id),
		el("label", attr("for", id), txt(label)), // the first child: see ownField
		control(more),
		when(hint != "", el("p", class("hint"), ident(id+"-hint"), txt(hint))),
		when(c.text != "", el("p", class(kind), ident(id+"-check"), txt(c.text))))
}

// ownField is a field whose label is the user's own, such as the name of a column.
func ownField(id, label, hint string, c check, control func(more Part) Node) Node {
	n := field(id, label, hint, c, control)
	asIs.join(&n.Kids[0])
	return n
}

// entry describes a text input for a number or a short text.
func entry(id, action, arg, value, mode string, more Part) Node {
	return el("input", ident(id), attr("name", id), attr("type", "text"), when(mode != "", attr("inputmode", mode)),
		attr("autocomplete", "off"), act(action, arg), holding(value), more)
}

// settled asks for the action only once the text is complete, not at every key.
var settled = attr("data-on", "change")

// tick describes a box with its label; with asIs the label is the user's own.
func tick(id, action, arg, label string, on bool, more ...Part) Node {
	box := el("input", ident(id), attr("type", "checkbox"), act(action, arg), ticked(on), all(more))
	var said Part = txt(label)
	if box.get("translate") == "no" {
		said = el("span", asIs, txt(label))
	}
	return el("label", class("tick-box"), attr("for", id), keyed("tick-"+id), box, said)
}

// noticeList describes notices, warnings first seen as such. With many, the rest folds.
func noticeList(id string, notices []data.Notice) Part {
	if len(notices) == 0 {
		return all(nil)
	}
	const shown = 6
	list := func(from []data.Notice) Node {
		ul := el("ul", class("notices"))
		for _, n := range from {
			text := n.Message
			if n.Line > 0 {
				text += " (line " + count(n.Line) + ")"
			}
			el("li", class("notice notice-"+n.Code), txt(text)).join(&ul)
		}
		return ul
	}
	if len(notices) <= shown {
		n := list(notices)
		ident(id).join(&n)
		return n
	}
	rest := notices[shown:min(len(notices), 200)]
	first := list(notices[:shown])
	ident(id).join(&first)
	return all{first, el("details", class("more"), el("summary", txt(plural(len(notices)-shown, "more note", "more notes"))), list(rest))}
}

// progress describes a bar; total 0 means that the end is not known.
func progress(id, label string, done, total float64) Node {
	known := total > 0
	return el("progress", ident(id), attr("aria-label", label), attr("max", "1000"),
		when(known, attr("value", px(min(done/max(total, 1e-9), 1)*1000))))
}
