//go:build browser

package access

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// acting are the roles of what can be used; they must have a name.
var acting = map[string]bool{
	"button": true, "link": true, "textbox": true, "checkbox": true, "radio": true, "combobox": true, "slider": true, "spinbutton": true, "searchbox": true,
	"switch": true, "tab": true, "menuitem": true, "listbox": true, "DisclosureTriangle": true, "image": true, "img": true, "progressbar": true, "meter": true, "heading": true,
}

// A leaf is one node of that tree. The protocol's own types refuse what newer browsers say
// of nodes that are ignored.
type leaf struct {
	Ignored          bool              `json:"ignored"`
	Role             value             `json:"role"`
	Name             value             `json:"name"`
	BackendDOMNodeID cdp.BackendNodeID `json:"backendDOMNodeId"`
}

type value struct {
	Value any `json:"value"`
}

func (v value) String() string {
	s, _ := v.Value.(string)
	return strings.TrimSpace(s)
}

func leaves(ctx context.Context) ([]leaf, error) {
	var got struct {
		Nodes []leaf `json:"nodes"`
	}
	err := cdp.Execute(ctx, "Accessibility.getFullAXTree", nil, &got)
	return got.Nodes, err
}

// nameless lists what in the browser's own accessibility tree can be used, or is shown, and
// has no name there: what a screen reader would really be told.
func nameless(t testing.TB, p *browser.Page) (out []string) {
	t.Helper()
	p.Run(chromedp.ActionFunc(func(ctx context.Context) error {
		nodes, err := leaves(ctx)
		if err != nil {
			return err
		}
		require.Greater(t, len(nodes), 5, "a browser without such a tree would find nothing")
		for _, n := range nodes {
			if n.Ignored || !acting[n.Role.String()] || n.Name.String() != "" {
				continue
			}
			what, err := dom.GetOuterHTML().WithBackendNodeID(n.BackendDOMNodeID).Do(ctx)
			if err != nil {
				continue // it has gone meanwhile
			}
			out = append(out, n.Role.String()+" without a name: "+what[:min(len(what), 160)])
		}
		return nil
	}))
	return out
}
