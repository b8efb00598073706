//go:build browser

package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// dirtyTable has all that cleaning knows: gaps, words for them, odd cells, infinities,
// rare and unknown categories, lines of another length, rows without an answer, an id.
func dirtyTable() string {
	var b strings.Builder
	b.WriteString("order,size,colour,day,kind\n")
	for i := range 600 {
		size, colour, day, kind := fmt.Sprintf("%.1f", float64(i*i%97)/7), []string{"red", "green", "blue"}[i%3], fmt.Sprintf("2024-%02d-%02d", 1+i%12, 1+i%28), []string{"cat", "dog"}[i*i%7%2]
		switch {
		case i%40 == 3:
			size = ""
		case i%90 == 7:
			size = "n/a"
		case i%150 == 11:
			size = "12abc"
		case i == 77:
			size = "inf"
		case i%60 == 20:
			colour = fmt.Sprintf("shade %d", i/60)
		case i == 301:
			colour = "Red"
		case i%130 == 5:
			day = "soon"
		case i%200 == 9:
			kind = ""
		}
		fmt.Fprintf(&b, "A-%05d-%d,%s,%s,%s,%s\n", i*7919%100003, i, size, colour, day, kind)
		if i == 450 {
			b.WriteString("A-9,1\n")
		}
	}
	return b.String()
}

// Cleaning is shown cell by cell, each reason with a choice, and one undo for all.
func TestCleaningIsShownAndUndone(t *testing.T) {
	s := newStudio(t)
	path := filepath.Join(t.TempDir(), "orders.csv")
	require.NoError(t, os.WriteFile(path, []byte(dirtyTable()), 0o600))
	s.open(path)
	s.prepared()
	s.set("target", "kind")
	s.changes("empty", 15)
	require.Contains(t, s.Text("#changes-total"), "4 rows left out")
	s.Eval(`void (document.querySelector('#changes-panel').open = true)`, nil)
	s.changes("word", 7)
	s.changes("odd", 4)
	s.changes("infinite", 1)
	total := s.Text("#changes-total")

	// One reason alone.
	s.pressAt(`#changes tr[data-change="size/odd"] button[data-act="changes.pick"]`)
	s.WaitFor(`document.querySelectorAll('#changes-list tbody tr').length === 4`)
	require.Contains(t, s.Text("#changes-list"), "12abc")
	require.Equal(t, "true", s.attribute(`#changes tr[data-change="size/odd"] button[aria-pressed]`, "aria-pressed"))
	s.pictures("changes-filtered")
	s.press("changes-all")
	s.WaitFor(`document.querySelectorAll('#changes-list tbody tr').length > 20`)

	// Instead of being filled, rows without a size are left out; rare colours are kept apart.
	s.choose(`#changes tr[data-change="size/empty"] select[data-act="column.missing"]`, "drop-row")
	s.WaitFor(`!document.querySelector('#changes tr[data-change="size/empty"]') && document.querySelector('#changes tr[data-change="size/dropped"]')?.dataset.count === '27'`)
	require.Contains(t, s.Text("#changes-total"), "31 rows left out")
	s.pressAt(`#changes tr[data-change="colour/merged"] button[data-act="column.rare"]`)
	s.WaitFor(`!document.querySelector('#changes tr[data-change="colour/merged"]')`)

	// The button takes the one back, the keys the other.
	s.press("changes-undo")
	s.WaitFor(`document.querySelector('#changes tr[data-change="colour/merged"]')`)
	s.Eval(`void document.activeElement.blur()`, nil)
	s.Run(chromedp.KeyEvent("z", chromedp.KeyModifiers(2)))
	s.changes("empty", 15)
	require.Equal(t, total, s.Text("#changes-total"))
	s.pictures("changes")
	s.tabTo(`document.activeElement.dataset.act === 'changes.pick'`)
	s.Run(chromedp.KeyEvent(kb.Enter))
	s.WaitFor(`document.querySelector('#changes-all')`)
	require.NotEmpty(t, s.train(1))
}

// changes waits until a rule counts so many cells of size.
func (s *studio) changes(rule string, count int) {
	s.t.Helper()
	s.WaitFor(fmt.Sprintf(`document.querySelector('#changes tr[data-change="size/%s"]')?.dataset.count === '%d'`, rule, count))
}

func (s *studio) attribute(selector, name string) string {
	s.t.Helper()
	var value string
	s.Eval(`document.querySelector(`+literal(selector)+`)?.getAttribute(`+literal(name)+`) ?? ''`, &value)
	return value
}

func (s *studio) choose(selector, value string) {
	s.t.Helper()
	s.Eval(`(() => { const e = document.querySelector(`+literal(selector)+`); e.value = `+literal(value)+`; e.dispatchEvent(new Event('change', { bubbles: true })); })()`, nil)
}

// pictures takes the section at the width of a desk and of a phone.
func (s *studio) pictures(name string) {
	s.t.Helper()
	for _, width := range []int{360, 1280} {
		s.Size(width, 900, false)
		s.fits(name)
		s.Eval(`void document.querySelector('#changes-panel').scrollIntoView({ behavior: 'instant' })`, nil)
		s.View(fmt.Sprintf("%s-%d", name, width))
		s.Eval(`void document.querySelector('#changes-list-title').scrollIntoView({ behavior: 'instant' })`, nil)
		s.View(fmt.Sprintf("%s-list-%d", name, width))
	}
}
