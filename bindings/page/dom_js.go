package page

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// A surface shows descriptions in elements of index.html.
type surface struct {
	doc    dom.Document
	mounts map[string]*mount
	mould  js.Value // a template element, in which markup becomes nodes

	touched bool // the user changed a control since the last drawing
}

// A mount is one such element with the description that it shows.
type mount struct {
	root  js.Value
	shown Node
	drawn bool
}

func newSurface(doc dom.Document) *surface {
	return &surface{doc: doc, mounts: map[string]*mount{}, mould: doc.CreateElement("template").Underlying()}
}

// draw makes the element with that id show nodes. The first time its static content is
// replaced whole; afterwards only what changed is touched, so focus and selection stay.
func (s *surface) draw(id string, nodes Nodes) {
	m := s.mounts[id]
	if m == nil {
		e := s.doc.GetElementByID(id)
		if e == nil {
			panic("page: index.html has no element " + id)
		}
		m = &mount{root: e.Underlying()}
		s.mounts[id] = m
	}
	next := el("div", nodes)
	if !m.drawn {
		m.drawn = true
		html := ""
		for i := range next.Kids {
			html += next.Kids[i].HTML()
		}
		m.root.Set("innerHTML", html)
		m.shown = next
		return
	}
	patches := Diff(&m.shown, &next)
	for _, p := range patches {
		s.apply(m.root, p)
	}
	same := sameStates(controls(&m.shown), controls(&next))
	m.shown = next
	if len(patches) == 0 && !s.touched && same {
		return
	}
	for _, c := range controls(&next) {
		hold(down(m.root, c.path), c)
	}
}

// down follows a path of child indices.
func down(from js.Value, path []int) js.Value {
	for _, i := range path {
		from = from.Get("childNodes").Index(i)
	}
	return from
}

func (s *surface) apply(root js.Value, p Patch) {
	n := down(root, p.Path)
	switch p.Kind {
	case PatchText:
		n.Set("nodeValue", p.Value)
	case PatchAttr:
		n.Call("setAttribute", p.Name, p.Value)
	case PatchNoAttr:
		n.Call("removeAttribute", p.Name)
	case PatchReplace:
		n.Call("replaceWith", s.make(p))
	case PatchInsert:
		n.Call("insertBefore", s.make(p), child(n, p.Index))
	case PatchRemove:
		n.Call("removeChild", child(n, p.Index))
	case PatchMove:
		n.Call("insertBefore", child(n, p.From), child(n, p.Index))
	}
}

// child returns a child, null behind the last one.
func child(n js.Value, i int) js.Value {
	kids := n.Get("childNodes")
	if i >= kids.Length() {
		return js.Null()
	}
	return kids.Index(i)
}

// make turns markup into a node. Parts of a drawing are parsed inside an svg element, or
// they would become unknown elements of HTML.
func (s *surface) make(p Patch) js.Value {
	html := p.Value
	if p.SVG {
		html = "<svg>" + html + "</svg>"
	}
	s.mould.Set("innerHTML", html)
	n := s.mould.Get("content").Get("firstChild")
	if p.SVG {
		n = n.Get("firstChild")
	}
	return n
}

// hold makes a control show what the description says, where the user or a new list of
// options made it show something else.
func hold(n js.Value, c control) {
	if c.value != nil && n.Get("value").String() != *c.value {
		n.Set("value", *c.value)
	}
	if c.checked != nil && n.Get("checked").Bool() != *c.checked {
		n.Set("checked", *c.checked)
	}
}
