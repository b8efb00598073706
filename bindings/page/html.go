package page

import "strings"

// void lists the elements that have neither children nor an end tag.
var void = map[string]bool{"input": true, "br": true, "hr": true, "img": true}

var (
	escapeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	escapeAttr = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
)

// HTML writes the description as markup. New parts of the page are made from it in one
// crossing, however large they are. Every text and value is escaped, so that a cell of a
// table can never become an element.
func (n *Node) HTML() string {
	var b strings.Builder
	n.write(&b, nil)
	return b.String()
}

func (n *Node) write(b *strings.Builder, chosen *string) {
	if n.Tag == "" {
		escapeText.WriteString(b, n.Text)
		return
	}
	b.WriteByte('<')
	b.WriteString(n.Tag)
	for _, a := range n.Attrs {
		b.WriteByte(' ')
		b.WriteString(a.Name)
		b.WriteString(`="`)
		escapeAttr.WriteString(b, a.Value)
		b.WriteByte('"')
	}
	switch {
	case n.Tag == "input" && n.Value != nil:
		b.WriteString(` value="`)
		escapeAttr.WriteString(b, *n.Value)
		b.WriteByte('"')
	case n.Tag == "option" && chosen != nil && n.get("value") == *chosen:
		b.WriteString(" selected")
	}
	if n.Checked != nil && *n.Checked {
		b.WriteString(" checked")
	}
	b.WriteByte('>')
	if void[n.Tag] {
		return
	}
	if n.Tag == "textarea" && n.Value != nil {
		escapeText.WriteString(b, *n.Value)
	}
	if n.Tag == "select" {
		chosen = n.Value
	}
	for i := range n.Kids {
		n.Kids[i].write(b, chosen)
	}
	b.WriteString("</")
	b.WriteString(n.Tag)
	b.WriteByte('>')
}
