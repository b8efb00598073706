package page

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// apply is a browser in miniature: it carries patches out on a tree that was made from
// markup alone, so a wrong path or index shows.
func apply(t *testing.T, root *Node, patches []Patch, made map[string]Node) {
	t.Helper()
	for _, p := range patches {
		n := root
		var parent *Node
		at := 0
		for _, i := range p.Path {
			require.Less(t, i, len(n.Kids), "path %v", p.Path)
			parent, at = n, i
			n = &n.Kids[i]
		}
		switch p.Kind {
		case PatchText:
			n.Text = p.Value
		case PatchAttr:
			attr(p.Name, p.Value).join(n)
		case PatchNoAttr:
			for i := range n.Attrs {
				if n.Attrs[i].Name == p.Name {
					n.Attrs = append(n.Attrs[:i:i], n.Attrs[i+1:]...)
					break
				}
			}
		case PatchReplace:
			parent.Kids[at] = made[p.Value]
		case PatchInsert:
			n.Kids = append(n.Kids[:p.Index:p.Index], append([]Node{made[p.Value]}, n.Kids[p.Index:]...)...)
		case PatchRemove:
			n.Kids = append(n.Kids[:p.Index:p.Index], n.Kids[p.Index+1:]...)
		case PatchMove:
			k := n.Kids[p.From]
			rest := append(n.Kids[:p.From:p.From], n.Kids[p.From+1:]...)
			n.Kids = append(rest[:p.Index:p.Index], append([]Node{k}, rest[p.Index:]...)...)
		}
	}
}

func copyNode(n Node) Node {
	n.Attrs = append([]Attr(nil), n.Attrs...)
	kids := n.Kids
	n.Kids = nil
	for _, k := range kids {
		n.Kids = append(n.Kids, copyNode(k))
	}
	return n
}

func collect(n *Node, into map[string]Node) {
	into[n.HTML()] = copyNode(*n)
	for i := range n.Kids {
		collect(&n.Kids[i], into)
	}
}

func randomTree(r *rand.Rand, depth int) Node {
	n := el("div")
	for i := range r.IntN(5) {
		switch r.IntN(4) {
		case 0:
			txt(fmt.Sprint("t", r.IntN(3))).join(&n)
		case 1:
			el("b", attr("a", fmt.Sprint(r.IntN(2))), when(r.IntN(2) == 0, attr("c", "d"))).join(&n)
		default:
			k := el("p")
			if depth > 0 {
				k = randomTree(r, depth-1)
			}
			if r.IntN(2) == 0 {
				k.Key = fmt.Sprint("key", (i*3+r.IntN(3))%7+10*i)
			}
			k.join(&n)
		}
	}
	r.Shuffle(len(n.Kids), func(i, j int) {
		if n.Kids[i].Tag != "" && n.Kids[j].Tag != "" {
			n.Kids[i], n.Kids[j] = n.Kids[j], n.Kids[i]
		}
	})
	// Neighbouring texts would be one in a browser.
	clean := el("div")
	for _, k := range n.Kids {
		k.join(&clean)
	}
	return clean
}

func TestDiffTurnsAnyTreeIntoAnyOther(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		old, next := randomTree(r, 2), randomTree(r, 2)
		made := map[string]Node{}
		collect(&next, made)
		shown := copyNode(old)
		apply(t, &shown, Diff(&old, &next), made)
		require.Equal(t, next.HTML(), shown.HTML(), "from %s", old.HTML())
	}
}

func TestDiffOfEqualTreesIsEmpty(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		tree := randomTree(r, 3)
		require.Empty(t, Diff(&tree, &tree))
	}
}

func TestHTMLEscapes(t *testing.T) {
	n := el("p", attr("title", `a"b<c`), txt("<script>&"))
	require.Equal(t, `<p title="a&quot;b&lt;c">&lt;script&gt;&amp;</p>`, n.HTML())
	n = el("select", holding("b"), el("option", attr("value", "a"), txt("A")), el("option", attr("value", "b"), txt("B")))
	require.Equal(t, `<select><option value="a">A</option><option value="b" selected>B</option></select>`, n.HTML())
	n = el("input", attr("type", "checkbox"), ticked(true))
	require.Equal(t, `<input type="checkbox" checked>`, n.HTML())
}

func TestControlsKnowTheirPath(t *testing.T) {
	n := el("div", txt("x"), el("p", el("input", holding("1")), el("input", ticked(false))))
	got := controls(&n)
	require.Len(t, got, 2)
	require.Equal(t, []int{1, 0}, got[0].path)
	require.Equal(t, "1", *got[0].value)
	require.Equal(t, []int{1, 1}, got[1].path)
}

// A field that the program sets is shown, also where nothing else changes.
func TestStatesOfControls(t *testing.T) {
	of := func(value string, on bool) []control {
		n := el("div", el("input", holding(value)), el("input", ticked(on)))
		return controls(&n)
	}
	require.True(t, sameStates(of("1", true), of("1", true)))
	require.False(t, sameStates(of("1", true), of("2", true)))
	require.False(t, sameStates(of("1", true), of("1", false)))
	require.False(t, sameStates(of("1", true), nil))
}
