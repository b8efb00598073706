package page

import (
	"maps"
	"slices"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/data/text"
)

func (s *cleanStep) views() map[string]Nodes {
	a := s.app
	info := a.gather.info
	if info == nil {
		return map[string]Nodes{"clean-view": nil}
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("clean", "clean.dismiss"))
	}
	label := "Undo"
	if n := len(s.labels); n > 0 {
		label += ": " + s.labels[n-1]
	}
	out = append(out, el("div", class("tools"), keyed("tools"),
		button("clean.undo", "", "second", label, ident("undo"), when(len(s.undo) == 0 || a.train.busy(), attr("disabled", "")))))
	if len(info.Profile.Columns) > 0 {
		out = append(out, s.columnsView())
	}
	out = append(out, s.usedView(), s.classesView(), s.rulesView(), s.listView())
	return map[string]Nodes{"clean-view": {el("fieldset", class("plain"), when(a.train.busy(), attr("disabled", "")), out)}}
}

// columnsView asks which columns hold what.
func (s *cleanStep) columnsView() Node {
	info := s.app.gather.info
	p, c := &info.Profile, &info.Choice
	choices := func(none string) []choice {
		list := []choice{{"", none}}
		for _, col := range p.Columns {
			list = append(list, choice{col.Name, col.Name})
		}
		return list
	}
	reason := func(name string) string {
		for _, col := range p.Columns {
			if col.Name == name && col.Role != "" {
				return col.Reason
			}
			if col.Name == name {
				return "Your choice. Its cells have " + plural(col.Length, "character", "characters") + " on average and " + plural(col.Distinct, "different value", "different values") + "."
			}
		}
		return "Choose a column."
	}
	return el("div", class("fields wide"), keyed("columns"),
		field("text-column", "The texts are in column", reason(c.Text), check{}, func(more Part) Node {
			return chooser("text-column", "clean.text", "", c.Text, choices("(none)"), all{more, asIs})
		}),
		field("label-column", "What each text is, says column", reason(c.Label), check{}, func(more Part) Node {
			return chooser("label-column", "clean.label", "", c.Label, choices("(none)"), all{more, asIs})
		}))
}

// usedView says how many texts are learned from, and why others are not.
func (s *cleanStep) usedView() Node {
	p := &s.app.gather.info.Profile
	line := count(p.Used) + " of " + plural(p.Records, "text", "texts") + " are used."
	list := el("ul", class("notices"))
	say := func(n int, one, many string) {
		if n > 0 {
			el("li", class("notice"), txt(plural(n, one, many))).join(&list)
		}
	}
	say(p.NoText, "row has no text and is left out.", "rows have no text and are left out.")
	say(p.NoLabel, "text has no class and is left out.", "texts have no class and are left out.")
	say(p.Copies, "text is the same as an earlier one of its class, once both are clean, and is left out: a copy in the test would make the score look better than it is.", "texts are the same as an earlier one of their class, once both are clean, and are left out: copies in the test would make the score look better than it is.")
	say(p.Kept, "copy is kept: the score may look better than it is.", "copies are kept: the score may look better than it is.")
	say(p.Clashes, "text stands in two classes, so that the model is told two things about it.", "texts stand in two classes, so that the model is told two things about one text.")
	say(p.Removed, "text was taken out by you.", "texts were taken out by you.")
	return el("div", class("wrap"), keyed("used"), el("p", ident("used"), el("strong", txt(line))), when(len(list.Kids) > 0, list))
}

// classesView lists the classes with their shares.
func (s *cleanStep) classesView() Node {
	info := s.app.gather.info
	p := &info.Profile
	box := el("div", class("wrap"), keyed("classes"), el("h3", txt("Classes")))
	list := el("ul", class("classes"), ident("classes"))
	for i, c := range p.Classes[:min(len(p.Classes), 40)] {
		name := c.Name
		if typed, ok := s.names[c.Name]; ok {
			name = typed
		}
		id := "class-" + strconv.Itoa(i)
		share := float64(c.Count) / float64(max(p.Used, 1))
		el("li", class("class"), keyed("c-"+c.Name), attr("data-class-name", c.Name),
			el("div", class("class-head"),
				el("label", attr("for", id), class("unseen"), txt("Name of class "+strconv.Itoa(i+1))),
				entry(id, "clean.name", c.Name, name, "", all{settled, asIs, attr("maxlength", "100")}),
				el("span", class("quiet"), txt(plural(c.Count, "text", "texts")+", "+percent(share))),
				button("clean.drop", c.Name, "second small", "Leave out", attr("aria-label", "Leave out class "+strconv.Itoa(i+1)))),
			bar(share, "base")).join(&list)
	}
	list.join(&box)
	if n := len(p.Classes) - 40; n > 0 {
		el("p", class("hint"), txt("and "+plural(n, "more class", "more classes"))).join(&box)
	}
	for _, original := range slices.Sorted(maps.Keys(info.Choice.Names)) {
		if info.Choice.Names[original] == "" {
			el("p", keyed("out-"+original), el("em", asIs, txt(original)), txt(" is left out. "), button("clean.again", original, "second small", "Put it back")).join(&box)
		}
	}
	switch {
	case len(p.Classes) < 2:
		el("p", class("check"), ident("few-classes"), txt("A model tells classes apart: there must be texts of two kinds at least. Choose the column that says what each text is.")).join(&box)
	case len(p.Classes) > 1 && p.Classes[0].Count > 5*p.Classes[len(p.Classes)-1].Count:
		el("p", class("hint"), ident("unequal"), txt("The classes are of very different size. Each part of the texts gets its share of every class; below, rare classes can be weighed more.")).join(&box)
	default:
		el("p", class("hint"), txt("The name of another class joins the two.")).join(&box)
	}
	return box
}

// rulesView asks how texts are cleaned, and says what each rule does.
func (s *cleanStep) rulesView() Node {
	info := s.app.gather.info
	p, c := &info.Profile, &info.Choice.Cleaning
	rule := func(name, label string, on bool, changed int) Node {
		return tick("clean-"+name, "clean."+name, "", label+" ("+plural(changed, "text", "texts")+")", on)
	}
	box := el("div", class("wrap"), keyed("rules"), el("h3", txt("Cleaning")),
		el("p", class("hint"), txt("Each rule says in how many texts it finds something to do. The model cleans every new text in the same way.")),
		el("div", class("fields"),
			rule("lower", "Small letters: WIN and win are one word", c.Lower, p.Changed.Lower),
			rule("width", "Wide letters ＡＢＣ become ABC", c.Width, p.Changed.Width),
			rule("digits", "Every digit becomes 0: numbers of one length are one word", c.Digits, p.Changed.Digits),
			rule("spaces", "Spaces and line ends become one space", c.Spaces, p.Changed.Spaces),
			tick("clean-copies", "clean.copies", "", "Leave copies out ("+plural(p.Copies+p.Kept, "text", "texts")+")", !info.Choice.KeepCopies)))
	if p.Changed.Broken+p.Changed.Control > 0 {
		el("p", class("hint"), txt("Always done: in "+plural(p.Changed.Control, "text", "texts")+" characters that nobody sees are dropped, in "+count(p.Changed.Broken)+" broken ones are marked.")).join(&box)
	}
	return box
}

var shows = []choice{{"", "all"}, {string(text.ShowUsed), "that are used"}, {string(text.ShowChanged), "that cleaning changes"}, {string(text.ShowLeft), "that are left out"},
	{string(text.ShowCopies), "copies of others"}, {string(text.ShowClashes), "in two classes"}}

// listView shows texts as they came and as they are cleaned.
func (s *cleanStep) listView() Node {
	box := el("div", class("wrap"), keyed("list"), el("h3", txt("Your texts, one by one")))
	classes := []choice{{"", "every class"}}
	for _, c := range s.app.gather.info.Profile.Classes {
		classes = append(classes, choice{c.Name, shorten(c.Name, 40)})
	}
	el("div", class("fields"),
		field("show", "Show texts", "", check{}, func(more Part) Node { return chooser("show", "clean.show", "", string(s.show), shows, more) }),
		field("show-class", "of", "", check{}, func(more Part) Node {
			return chooser("show-class", "clean.class", "", s.class, classes, all{more, asIs})
		})).join(&box)
	if s.rows == nil {
		return box
	}
	list := el("ol", class("records"), ident("records"), attr("aria-label", "Texts"))
	for i := range s.rows.Records {
		recordView(&s.rows.Records[i]).join(&list)
	}
	list.join(&box)
	if len(s.rows.Records) == 0 {
		el("p", class("empty"), txt("There are none.")).join(&box)
	}
	to := s.from + len(s.rows.Records)
	el("div", class("pager"),
		button("clean.page", "-1", "second small", "Previous", ident("page-previous"), when(s.from == 0, attr("disabled", ""))),
		el("span", class("quiet"), txt(count(min(s.from+1, to))+" to "+count(to)+" of "+count(s.rows.Total))),
		button("clean.page", "1", "second small", "Next", ident("page-next"), when(to >= s.rows.Total, attr("disabled", "")))).join(&box)
	return box
}

var states = map[text.State]string{text.StateNoText: "no text, left out", text.StateNoLabel: "no class, left out", text.StateRemoved: "taken out by you"}

// recordView shows one text: what it was, what it became, and why.
func recordView(r *text.Record) Node {
	said := states[r.State]
	switch {
	case r.State == text.StateCopy:
		said = "copy of text " + count(r.Same+1) + ", left out"
	case r.Clash:
		said = "the same text stands in another class too"
	case r.Same >= 0 && r.State == text.StateUsed:
		said = "copy of text " + count(r.Same+1) + ", kept"
	}
	head := el("p", class("record-head"), el("span", class("quiet"), asIs, txt(r.Where)), when(r.Label != "", el("b", asIs, txt(shorten(r.Label, 40)))),
		when(said != "", el("span", class("check"), txt(said))))
	number := strconv.Itoa(r.Number)
	if r.State == text.StateRemoved {
		button("clean.restore", number, "second small", "Put back", attr("aria-label", "Put text "+count(r.Number+1)+" back")).join(&head)
	} else {
		button("clean.remove", number, "second small", "Take out", attr("aria-label", "Take out text "+count(r.Number+1))).join(&head)
	}
	kind := "record"
	if r.State != text.StateUsed {
		kind += " record-out"
	}
	item := el("li", class(kind), keyed("r"+number), attr("data-record", number), head, el("p", class("raw"), asIs, txt(r.Text+more(r.Cut))))
	if r.Clean != r.Text {
		el("p", class("cleaned"), el("span", class("quiet"), txt("cleaned: ")), el("span", asIs, txt(r.Clean+more(r.Cut)))).join(&item)
		if why := effectsText(&r.Effects, r.Text, r.Clean); why != "" {
			el("p", class("hint"), txt(why)).join(&item)
		}
	}
	return item
}

func more(cut bool) string {
	if cut {
		return " …"
	}
	return ""
}

// effectsText says what the rules did to a text. Effects count what all rules would do;
// what a rule that is off would do is still to be seen in the cleaned text, and not named.
func effectsText(e *text.Effects, raw, clean string) string {
	var done []string
	add := func(n int, rules text.Cleaning, one, many string) {
		if n > 0 && (rules == text.Cleaning{} || rules.Clean(clean) == clean) {
			done = append(done, plural(n, one, many))
		}
	}
	add(e.Broken, text.Cleaning{}, "broken character marked", "broken characters marked")
	add(e.Control, text.Cleaning{}, "unseen character dropped", "unseen characters dropped")
	add(e.Width, text.Cleaning{Width: true}, "wide letter made narrow", "wide letters made narrow")
	add(e.Lower, text.Cleaning{Lower: true}, "capital letter made small", "capital letters made small")
	add(e.Digits, text.Cleaning{Digits: true}, "digit made 0", "digits made 0")
	add(e.Spaces, text.Cleaning{Spaces: true}, "stretch of spaces made one, or dropped at an end", "stretches of spaces made one, or dropped at an end")
	return listing(done, 6)
}
