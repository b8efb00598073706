//go:build browser

package tests

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// A studio is the page, with what a person does on it. The names of its elements are
// listed at the top of site/index.html.
type studio struct {
	*browser.Page
	t testing.TB
}

// openStudio opens the page and waits until it answers.
func openStudio(t testing.TB, chromium context.Context, url string) *studio {
	t.Helper()
	s := &studio{browser.Open(t, chromium, url), t}
	s.ready()
	return s
}

// newStudio serves the site and opens the page in a browser of its own.
func newStudio(t testing.TB) *studio {
	t.Helper()
	return openStudio(t, browser.Chromium(t), browser.Site(t, nil)+"/deep/site/")
}

func (s *studio) ready() {
	s.t.Helper()
	s.WaitFor(`document.documentElement.dataset.page === 'running' && document.querySelector('#samples button:enabled') && document.querySelector('#status .ready')`)
}

// reload leaves the page and comes back, as on the next day.
func (s *studio) reload() {
	s.t.Helper()
	s.Run(chromedp.Reload())
	s.ready()
}

// anyProblem is the text of a message that says what is wrong, or nothing.
const anyProblem = `(document.querySelector('.problem[id^=problem-]:not([hidden]) p, #train-problem p')?.textContent ?? '')`

// dismiss takes away every such message.
func (s *studio) dismiss() {
	s.t.Helper()
	s.Eval(`document.querySelectorAll('.problem[id^=problem-] button, #train-problem button').forEach((b) => b.click())`, nil)
	s.WaitFor(`!` + anyProblem)
}

// open chooses a file and waits until its columns are shown, or why they cannot be.
func (s *studio) open(path string) {
	s.t.Helper()
	s.dismiss()
	s.Run(chromedp.SetUploadFiles("#file", []string{path}, chromedp.ByQuery))
	s.WaitFor(`document.querySelector('#problem-data') || !document.querySelector('#cancel-read') && document.querySelector('#data-read')?.textContent.includes(` + literal(filepath.Base(path)) + `)`)
}

// sample opens one of the invented tables.
func (s *studio) sample(name string) {
	s.t.Helper()
	s.press("sample-" + name)
	s.WaitFor(`document.querySelector('#columns tr[data-column]')`)
}

// set gives a field another value, as a person does who leaves the field afterwards.
func (s *studio) set(id, value string) {
	s.t.Helper()
	text := literal(value)
	var there bool
	s.Eval(`(() => {
		const field = document.getElementById('`+id+`');
		if (!field) return false;
		field.value = `+text+`;
		for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }));
		return field.value === `+text+`;
	})()`, &there)
	require.True(s.t, there, "there is no field %s that can hold %q", id, value)
}

// train trains with a seed and waits for the score on the rows that were kept back.
func (s *studio) train(seed int) float64 {
	s.t.Helper()
	s.prepared()
	s.dismiss()
	s.set("seed", strconv.Itoa(seed))
	// Until training begins the page shows what was there before, beside the new seed. A
	// training may be over before its progress is drawn: hence the 3 seconds.
	s.Eval(`void (() => {
		const training = globalThis.training = { begun: false };
		const see = new MutationObserver(() => {
			if (!document.querySelector('#train-progress')) return;
			training.begun = true;
			see.disconnect();
		});
		see.observe(document.body, { childList: true, subtree: true });
		setTimeout(() => { training.begun = true; }, 3000);
	})()`, nil)
	s.press("train")
	s.WaitFor(anyProblem + ` || (globalThis.training.begun && document.querySelector('#seed-used')?.textContent === '` + strconv.Itoa(seed) + `' && !document.querySelector('#train-progress') && document.querySelector('#test-score'))`)
	var problem string
	s.Eval(anyProblem, &problem)
	require.Empty(s.t, problem)
	return s.number("#test-score")
}

// prepared waits until the page has told what the table becomes.
func (s *studio) prepared() {
	s.t.Helper()
	s.WaitFor(`/kept aside/.test(document.querySelector('#prepared')?.textContent)`)
}

// press waits until a button can be pressed, and presses it. Not by mouse or key: the
// page may just be scrolling or moving the focus.
func (s *studio) press(id string) {
	s.t.Helper()
	s.pressAt("#" + id)
}

func (s *studio) pressAt(selector string) {
	s.t.Helper()
	s.WaitFor(`document.querySelector(` + literal(selector+":enabled") + `)`)
	s.Eval(`document.querySelector(`+literal(selector)+`).click()`, nil)
}

// number is the exact value behind what an element shows.
func (s *studio) number(selector string) float64 {
	s.t.Helper()
	var text string
	s.Eval(`document.querySelector('`+selector+`')?.dataset.value ?? 'none'`, &text)
	value, err := strconv.ParseFloat(text, 64)
	require.NoError(s.t, err, "%s shows no number", selector)
	return value
}

// answer is all that the page says about one row, to the bit.
func (s *studio) answer() string {
	s.t.Helper()
	s.press("default-row")
	s.WaitFor(`document.querySelector('#prediction')`)
	var answer string
	s.Eval(`JSON.stringify({
		row: [...document.querySelectorAll('#predict-form [data-input]')].map((e) => [e.dataset.input, e.value]),
		value: document.querySelector('#prediction').dataset.value,
		said: document.querySelector('#predicted').textContent,
		classes: [...document.querySelectorAll('tr[data-class]')].map((e) => [e.dataset.class, e.dataset.probability]),
	})`, &answer)
	return answer
}

// digest is the SHA-256 of the weights that the page shows.
func (s *studio) digest() string {
	s.t.Helper()
	var digest string
	s.Eval(`document.querySelector('#digest').textContent`, &digest)
	require.Len(s.t, digest, 64)
	return digest
}

// literal is a text as a literal of JavaScript.
func literal(text string) string {
	quoted, _ := json.Marshal(text) // a string always can be
	return string(quoted)
}

// dataFile is one of the real data sets. They are no part of the project: where
// there are none, the test is skipped and says so; one that is missing among others
// fails it.
func dataFile(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("TERRARIUM_DATA")
	if dir == "" {
		dir = filepath.Join(browser.Root(t), "..", "shared", "data")
	}
	if _, err := os.Stat(dir); err != nil {
		why := "not run: " + t.Name() + " needs the folder of real data sets, TERRARIUM_DATA"
		fmt.Println(why)
		t.Skip(why)
	}
	path := filepath.Join(dir, name)
	_, err := os.Stat(path)
	require.NoError(t, err)
	return path
}
