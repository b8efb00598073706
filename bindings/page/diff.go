package page

import (
	"slices"
	"strconv"
)

// A PatchKind is what a Patch does.
type PatchKind uint8

const (
	PatchText    PatchKind = iota // set the text of the text node to Value
	PatchAttr                     // set attribute Name to Value
	PatchNoAttr                   // remove attribute Name
	PatchReplace                  // put Value (markup) in the node's place
	PatchInsert                   // put Value (markup) before child Index
	PatchRemove                   // remove child Index
	PatchMove                     // take child From out and put it before child Index (Index < From)
)

// A Patch is one change to the page. Path leads from the mount point down by child
// indices, and holds at the time at which the patch is applied, after those before it.
type Patch struct {
	Kind        PatchKind
	Path        []int
	Name, Value string
	Index, From int
	SVG         bool // Value is markup inside an svg element
}

// Diff returns the patches that turn a page that shows old into one that shows next.
// Both are mount points: only their children are compared.
func Diff(old, next *Node) []Patch {
	d := differ{}
	d.kids(old, next, nil, false)
	return d.out
}

type differ struct{ out []Patch }

func (d *differ) node(old, next *Node, path []int, svg bool) {
	if old.Tag != next.Tag {
		d.out = append(d.out, Patch{Kind: PatchReplace, Path: path, Value: next.HTML(), SVG: svg})
		return
	}
	if next.Tag == "" {
		if old.Text != next.Text {
			d.out = append(d.out, Patch{Kind: PatchText, Path: path, Value: next.Text})
		}
		return
	}
	d.attrs(old, next, path)
	d.kids(old, next, path, svg || next.Tag == "svg")
}

func (d *differ) attrs(old, next *Node, path []int) {
	for _, a := range next.Attrs {
		if had, ok := lookup(old.Attrs, a.Name); !ok || had != a.Value {
			d.out = append(d.out, Patch{Kind: PatchAttr, Path: path, Name: a.Name, Value: a.Value})
		}
	}
	for _, a := range old.Attrs {
		if _, ok := lookup(next.Attrs, a.Name); !ok {
			d.out = append(d.out, Patch{Kind: PatchNoAttr, Path: path, Name: a.Name})
		}
	}
}

func lookup(attrs []Attr, name string) (string, bool) {
	for _, a := range attrs {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

// kids matches children by key (given, or tag and count where none is), removes those
// that went, moves and inserts the others, and then looks into the matched ones.
func (d *differ) kids(old, next *Node, path []int, svg bool) {
	have, want := keys(old.Kids), keys(next.Kids)
	wanted := make(map[string]bool, len(want))
	for _, k := range want {
		wanted[k] = true
	}
	type slot struct {
		key  string
		node *Node
	}
	now := make([]slot, 0, len(have))
	for i, k := range have {
		now = append(now, slot{k, &old.Kids[i]})
	}
	for i := len(now) - 1; i >= 0; i-- {
		if !wanted[now[i].key] {
			d.out = append(d.out, Patch{Kind: PatchRemove, Path: path, Index: i})
			now = append(now[:i], now[i+1:]...)
		}
	}
	for i := range next.Kids {
		at := -1
		for j := i; j < len(now); j++ {
			if now[j].key == want[i] {
				at = j
				break
			}
		}
		switch {
		case at < 0:
			d.out = append(d.out, Patch{Kind: PatchInsert, Path: path, Index: i, Value: next.Kids[i].HTML(), SVG: svg})
			now = append(now[:i], append([]slot{{want[i], &next.Kids[i]}}, now[i:]...)...)
			continue
		case at > i:
			d.out = append(d.out, Patch{Kind: PatchMove, Path: path, Index: i, From: at})
			moved := now[at]
			copy(now[i+1:at+1], now[i:at])
			now[i] = moved
		}
		d.node(now[i].node, &next.Kids[i], append(path[:len(path):len(path)], i), svg)
	}
}

func keys(kids []Node) []string {
	count := map[string]int{}
	out := make([]string, len(kids))
	for i := range kids {
		if k := kids[i].Key; k != "" {
			out[i] = "k:" + k
			continue
		}
		tag := kids[i].Tag
		out[i] = tag + "#" + strconv.Itoa(count[tag])
		count[tag]++
	}
	return out
}

// A control is a form control whose state the description fixes.
type control struct {
	path    []int
	value   *string
	checked *bool
}

// controls lists the form controls below n that a view governs. Their state is compared
// with the browser's after every drawing, for the user may have changed what the program
// did not accept.
func controls(n *Node) []control {
	var out []control
	var walk func(n *Node, path []int)
	walk = func(n *Node, path []int) {
		for i := range n.Kids {
			k := &n.Kids[i]
			here := append(path[:len(path):len(path)], i)
			if k.Value != nil || k.Checked != nil {
				out = append(out, control{here, k.Value, k.Checked})
			}
			walk(k, here)
		}
	}
	walk(n, nil)
	return out
}

// sameStates tells whether controls hold what others held: a program that sets a field
// may change nothing else.
func sameStates(a, b []control) bool {
	return slices.EqualFunc(a, b, func(x, y control) bool {
		return (x.value == nil) == (y.value == nil) && (x.value == nil || *x.value == *y.value) &&
			(x.checked == nil) == (y.checked == nil) && (x.checked == nil || *x.checked == *y.checked)
	})
}
