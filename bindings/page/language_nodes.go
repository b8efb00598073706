package page

import (
	"strings"
	"unicode/utf8"
)

// spoken are the attributes that people read or hear. The style sheet shows data-label
// before the cells of a table on a narrow screen.
func spoken(name string) bool {
	switch name {
	case "aria-label", "aria-valuetext", "title", "placeholder", "alt", "data-label":
		return true
	}
	return false
}

// nodes translates a description. Views may keep what they have described, so that is left
// alone: what changes is copied. What is marked asIs, and what controls hold, stays.
func (l *language) nodes(list Nodes) Nodes {
	if l == nil {
		return list
	}
	out := list
	for i := range list {
		n, changed := l.node(&list[i])
		if !changed {
			continue
		}
		if &out[0] == &list[0] {
			out = append(Nodes(nil), list...)
		}
		out[i] = n
	}
	if len(out) > 0 && &out[0] != &list[0] {
		tighten(out)
	}
	return out
}

func (l *language) node(n *Node) (Node, bool) {
	if n.Tag == "" {
		text := l.around(n.Text)
		out := *n
		out.Text = text
		return out, text != n.Text
	}
	if n.get("translate") == "no" {
		return *n, false
	}
	out, changed := *n, false
	for i, a := range n.Attrs {
		if !spoken(a.Name) {
			continue
		}
		if text := l.around(a.Value); text != a.Value {
			if !changed {
				out.Attrs = append([]Attr(nil), n.Attrs...)
			}
			out.Attrs[i].Value, changed = text, true
		}
	}
	if len(n.Kids) > 0 {
		if kids := l.nodes(n.Kids); &kids[0] != &n.Kids[0] {
			out.Kids, changed = kids, true
		}
	}
	return out, changed
}

// around translates a text and keeps the spaces at its ends.
func (l *language) around(text string) string {
	core := strings.Trim(text, " ")
	out, all := l.say(core)
	if !all && l.missing != nil {
		l.missing(core)
	}
	if out == core {
		return text
	}
	at := strings.Index(text, core)
	return text[:at] + out + text[at+len(core):]
}

// tighten drops the spaces between neighbours where a language without spaces has none:
// between two wide signs, and beside a wide punctuation mark.
func tighten(list Nodes) {
	for i := 1; i < len(list); i++ {
		a, b := &list[i-1], &list[i]
		left, right := strings.TrimRight(lastText(a), " "), strings.TrimLeft(firstText(b), " ")
		before, _ := utf8.DecodeLastRuneInString(left)
		after, _ := utf8.DecodeRuneInString(right)
		if !(wide(before) && wide(after) || mark(before) || mark(after)) {
			continue
		}
		if a.Tag == "" {
			a.Text = strings.TrimRight(a.Text, " ")
		}
		if b.Tag == "" {
			b.Text = strings.TrimLeft(b.Text, " ")
		}
	}
}

func lastText(n *Node) string {
	for n.Tag != "" {
		if len(n.Kids) == 0 {
			return ""
		}
		n = &n.Kids[len(n.Kids)-1]
	}
	return n.Text
}

func firstText(n *Node) string {
	for n.Tag != "" {
		if len(n.Kids) == 0 {
			return ""
		}
		n = &n.Kids[0]
	}
	return n.Text
}

// wide tells signs that fill a square: of Chinese, and its punctuation.
func wide(r rune) bool { return r >= 0x3000 && r <= 0x9fff || r >= 0xff00 && r <= 0xffef }

// mark tells punctuation that brings its own space.
func mark(r rune) bool { return strings.ContainsRune("，。；：、！？（）", r) }

func endsWide(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return mark(r)
}
