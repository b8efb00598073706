//go:build browser

package access

import (
	"encoding/json"
	"testing"

	"github.com/terrarium-ml/terrarium/tests/browser"
)

// A visit is a page of the site, with what is done on it to bring it into its states.
type visit struct {
	*browser.Page
	t testing.TB
}

func visitPage(t testing.TB, file string, settings ...string) *visit {
	t.Helper()
	v := &visit{browser.Open(t, browser.Chromium(t, settings...), browser.Site(t, nil)+"/deep/site/"+file), t}
	v.WaitFor(`document.documentElement.dataset.page === 'running' && document.querySelector('#status .ready')`)
	return v
}

// press waits until a control can be pressed, and presses it.
func (v *visit) press(selector string) {
	v.t.Helper()
	quoted, _ := json.Marshal(selector) // a string always can be
	v.WaitFor(`document.querySelector(` + string(quoted) + `)?.matches(':enabled')`)
	v.Eval(`document.querySelector(`+string(quoted)+`).click()`, nil)
}

// set gives a field another value, as a person does who leaves the field afterwards.
func (v *visit) set(id, value string) {
	v.t.Helper()
	quoted, _ := json.Marshal(value) // a string always can be
	v.WaitFor(`document.getElementById('` + id + `')`)
	v.Eval(`(() => { const f = document.getElementById('`+id+`'); f.value = `+string(quoted)+`; for (const e of ['input', 'change']) f.dispatchEvent(new Event(e, { bubbles: true })); })()`, nil)
}

// unfold opens everything that is folded.
func (v *visit) unfold() {
	v.t.Helper()
	v.Eval(`(() => { for (const d of document.querySelectorAll('details:not([open])')) d.open = true; })()`, nil)
}

// check looks at the page as it is, with everything unfolded.
func (v *visit) check(state string) {
	v.t.Helper()
	v.unfold()
	v.Eval(`void document.activeElement.blur()`, nil)
	Check(v.t, v.Page, state)
}

// train trains a little, and waits for the test.
func (v *visit) train(epochs string) {
	v.t.Helper()
	v.WaitFor(`/kept aside|用于学习/.test(document.querySelector('#prepared')?.textContent)`)
	v.set("epochs", epochs)
	v.press("#train")
	v.WaitFor(`document.querySelector('#test-score') && !document.querySelector('#train-progress') && document.querySelector('#train').matches(':enabled')`)
}
