package page

import "strings"

// A Node describes one element of the page, or a run of text (Tag ""). Descriptions are
// values: a view builds them anew, Diff finds what changed, and only that reaches the
// browser.
type Node struct {
	Tag   string
	Key   string // tells siblings of a list apart; "" where their order is fixed
	Attrs []Attr // unique names
	Text  string // of a text node
	Kids  []Node

	// Value is what an input, select or textarea should hold, Checked whether a box
	// should be ticked; nil leaves the control to the user.
	Value   *string
	Checked *bool
}

// An Attr is one attribute. Style attributes do not exist here: the page's policy
// (DESIGN C5) forbids them.
type Attr struct{ Name, Value string }

// A Part is what el builds an element from: attributes, child nodes, text.
type Part interface{ join(*Node) }

func (a Attr) join(n *Node) {
	for i := range n.Attrs {
		if n.Attrs[i].Name == a.Name {
			n.Attrs[i].Value = a.Value
			return
		}
	}
	n.Attrs = append(n.Attrs, a)
}

// join appends a child. Neighbouring texts become one and empty ones vanish, as they do
// in a browser that parses the page: paths of a Patch count on it.
func (k Node) join(n *Node) {
	if k.Tag == "" {
		if k.Text == "" {
			return
		}
		if last := len(n.Kids) - 1; last >= 0 && n.Kids[last].Tag == "" {
			n.Kids[last].Text += k.Text
			return
		}
	}
	n.Kids = append(n.Kids, k)
}

// Nodes is a list of children.
type Nodes []Node

func (list Nodes) join(n *Node) {
	for _, k := range list {
		k.join(n)
	}
}

// txt is a text child.
type txt string

func (s txt) join(n *Node) { Node{Text: string(s)}.join(n) }

// all groups parts, so that a condition can add several at once.
type all []Part

func (list all) join(n *Node) {
	for _, p := range list {
		p.join(n)
	}
}

type keyed string

func (k keyed) join(n *Node) { n.Key = string(k) }

type holding string

func (v holding) join(n *Node) { s := string(v); n.Value = &s }

type ticked bool

func (v ticked) join(n *Node) { b := bool(v); n.Checked = &b }

// el describes an element.
func el(tag string, parts ...Part) Node {
	n := Node{Tag: tag}
	for _, p := range parts {
		if p != nil {
			p.join(&n)
		}
	}
	return n
}

func attr(name, value string) Attr { return Attr{name, value} }
func class(names string) Attr      { return Attr{"class", names} }
func ident(id string) Attr         { return Attr{"id", id} }

// asIs marks what is the user's own data, such as the name of a column: no translation
// may change it.
var asIs = attr("translate", "no")

// when adds parts if cond holds.
func when(cond bool, parts ...Part) Part {
	if !cond {
		return all(nil)
	}
	return all(parts)
}

// act names the action that a control asks for and its argument (see Action).
func act(name, arg string) Part {
	if arg == "" {
		return attr("data-act", name)
	}
	return all{attr("data-act", name), attr("data-arg", arg)}
}

// find returns the first element whose id is id, nil if there is none.
func (n *Node) find(id string) *Node {
	for _, a := range n.Attrs {
		if a.Name == "id" && a.Value == id {
			return n
		}
	}
	for i := range n.Kids {
		if hit := n.Kids[i].find(id); hit != nil {
			return hit
		}
	}
	return nil
}

// get returns an attribute's value, "" if there is none.
func (n *Node) get(name string) string {
	for _, a := range n.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// words returns all text below n, for tests and for summaries.
func (n *Node) words() string {
	var b strings.Builder
	n.addWords(&b)
	return strings.Join(strings.Fields(b.String()), " ")
}

func (n *Node) addWords(b *strings.Builder) {
	b.WriteString(n.Text)
	for i := range n.Kids {
		n.Kids[i].addWords(b)
	}
	if n.Tag != "" {
		b.WriteByte(' ')
	}
}
