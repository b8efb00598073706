//go:build browser

package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// longTraining sets a training up that lasts, with an automatic copy after every epoch.
func (s *studio) longTraining(table string) {
	s.t.Helper()
	s.open(table)
	s.prepared()
	s.Eval(`document.querySelectorAll('#network-view details').forEach((d) => { d.open = true })`, nil)
	s.Eval(`document.querySelector('#early').checked && document.querySelector('#early').click()`, nil)
	s.set("epochs", "400")
	s.set("seed", "5")
	s.copyOften()
}

// begun presses Train, and waits until a training is under way.
func (s *studio) begun() {
	s.t.Helper()
	s.press("train")
	s.WaitFor(`/^Epoch/.test(document.querySelector('#train-progress-text')?.textContent)`)
}

// finished waits for the end of a training, and returns the weights' SHA-256.
func (s *studio) finished() string {
	s.t.Helper()
	s.WaitFor(anyProblem + ` || (document.querySelector('#test-score') && !document.querySelector('#train-progress'))`)
	var problem string
	s.Eval(anyProblem, &problem)
	require.Empty(s.t, problem)
	return s.digest()
}

// running fails the test once a training has ended that should have lasted longer.
func (s *studio) running() {
	s.t.Helper()
	require.Equal(s.t, "yes", s.text(`document.querySelector('#train-progress') ? 'yes' : 'the training is over already'`))
}

// copied waits until an automatic copy is in the browser's storage.
func (s *studio) copied() {
	s.t.Helper()
	for {
		var there bool
		s.Eval(`new Promise((yes, no) => {
			const open = indexedDB.open('terrarium');
			open.onerror = () => no(open.error);
			open.onsuccess = () => {
				const db = open.result;
				if (!db.objectStoreNames.contains('records')) { db.close(); yes(false); return; }
				const all = db.transaction('records').objectStore('records').getAllKeys();
				all.onsuccess = () => { db.close(); yes(all.result.some((name) => /automatic/.test(name))); };
			};
		})`, &there)
		if there {
			return
		}
		s.running()
		time.Sleep(300 * time.Millisecond)
	}
}

// many is a table that takes a while to learn from.
func many(t *testing.T) string {
	var b strings.Builder
	b.WriteString("age,pressure,weight,ill\n")
	for i := range 40_000 {
		age, pressure := i*37%90, 90+i*53%80
		ill := map[bool]string{false: "no", true: "yes"}[(age*pressure+i*i%700)%1000 > 500]
		fmt.Fprintf(&b, "%d,%d,%d,%s\n", age, pressure, 40+i*31%70, ill)
	}
	path := filepath.Join(t.TempDir(), "patients.csv")
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
	return path
}

// Contract C6: a browser that is killed in mid-training, and one that is killed in the middle
// of saving, go on when they are opened again, without the file, to the same bits as one that
// was left in peace.
func TestKilledBrowserGoesOn(t *testing.T) {
	table := many(t)
	url := browser.Site(t, nil) + "/deep/site/"
	page, kill := browser.NewProfile(t).Open(url)
	s := &studio{page, t}
	s.ready()
	s.longTraining(table)
	s.begun()
	want := s.finished()
	kill()

	for name, wait := range map[string]func(s *studio){
		"in mid-training": func(s *studio) { time.Sleep(time.Second) },
		// The transaction of the next copy never comes to its end: the test keeps it open, as a
		// slow disk would.
		"in mid-save": func(s *studio) {
			s.InWorkers(`(() => {
				const put = IDBObjectStore.prototype.put;
				IDBObjectStore.prototype.put = function (...args) {
					const busy = () => { this.count().onsuccess = busy; };
					if (this.name === 'files') { busy(); globalThis.saving = true; }
					return put.apply(this, args);
				};
			})()`)
			for {
				if values := s.InWorkers(`globalThis.saving === true`); len(values) == 1 && values[0] == "true" {
					return
				}
				s.running()
				time.Sleep(200 * time.Millisecond)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			profile := browser.NewProfile(t)
			page, kill := profile.Open(url)
			s := &studio{page, t}
			s.ready()
			s.longTraining(table)
			s.begun()
			s.copied()
			wait(s)
			kill()

			page, kill = profile.Open(url)
			s = &studio{page, t}
			s.ready()
			s.WaitFor(`document.querySelector('#go-on-training')`)
			s.Screenshot("trust-cut-off")
			s.press("go-on-training")
			assert.Equal(t, want, s.finished())
			s.logIsWhole()
			kill()
		})
	}

	// Where keeping the data was refused, the same file serves, prepared in the same way.
	t.Run("data refused", func(t *testing.T) {
		profile := browser.NewProfile(t)
		page, kill := profile.Open(url)
		s := &studio{page, t}
		s.ready()
		s.press("keep-data") // it was ticked
		s.longTraining(table)
		time.Sleep(6 * time.Second) // Chromium lets choices wait for five before they are on the disk
		s.begun()
		s.copied()
		kill()

		page, kill = profile.Open(url)
		s = &studio{page, t}
		s.ready()
		s.WaitFor(`document.querySelector('#open-copy')`)
		assert.Equal(t, "false", s.text(`String(document.querySelector('#keep-data').checked)`), "the choice is remembered")
		assert.Equal(t, "none", s.text(`document.querySelector('#sets') ? 'some' : 'none'`))
		s.press("open-copy")
		s.WaitFor(`document.querySelector('#resume')`)
		s.open(table)
		s.prepared()
		s.press("resume")
		s.WaitFor(`/same file again.*seed \(5\)|seed \(5\)/.test(` + anyProblem + `)`)
		s.set("seed", "5")
		for s.text(anyProblem) != "" { // until the table is prepared anew
			s.dismiss()
			s.press("resume")
			time.Sleep(200 * time.Millisecond)
		}
		assert.Equal(t, want, s.finished())
		kill()
	})
}

// The card, the log and its replay; a project that travels; wiping.
func TestModelCanBeChecked(t *testing.T) {
	url := browser.Site(t, nil) + "/deep/site/"
	chromium := browser.Chromium(t)
	s := openStudio(t, chromium, url)
	table := filepath.Join(t.TempDir(), "patients.csv")
	require.NoError(t, os.WriteFile(table, []byte(patients()), 0o644))
	s.open(table)
	s.train(3)
	s.Eval(`document.querySelector('#trust').open = true`, nil)
	s.logIsWhole()
	s.press("replay")
	s.WaitFor(`document.querySelector('#replayed')?.dataset.same === 'yes'`)
	s.set("licence", "CC0-1.0")
	s.WaitFor(`/CC0-1.0/.test(document.querySelector('#trust dl:last-of-type')?.textContent)`)
	for _, width := range []int{1280, 360} {
		s.Size(width, 800, width == 360)
		s.Eval(`document.querySelector('#trust').scrollIntoView({ behavior: 'instant' })`, nil)
		s.View(fmt.Sprintf("trust-card-%d", width))
	}
	s.Size(1280, 800, false)

	downloads := t.TempDir()
	s.Downloads(downloads)
	s.press("card-html")
	card, err := os.ReadFile(s.waitForFile(downloads))
	require.NoError(t, err)
	assert.Contains(t, string(card), s.digest())
	assert.Contains(t, string(card), "CC0-1.0")
	assert.NotContains(t, string(card), "<script")

	s.set("save-name", "patients")
	s.press("save")
	s.WaitFor(`document.querySelector('#models li[data-model]')`)
	digest := s.digest()
	downloads = t.TempDir()
	s.Downloads(downloads)
	s.press("export-project")
	project := s.waitForFile(downloads)

	other := openStudio(t, chromium, url) // a browser context with a storage of its own
	other.Run(chromedp.SetUploadFiles("#project-file", []string{project}, chromedp.ByQuery))
	other.WaitFor(`document.querySelector('#models li[data-model="patients"]')`)
	other.pressAt(`#models li[data-model="patients"] [data-act="shelf.load"]`)
	other.WaitFor(`document.querySelector('#loaded-model')`)
	assert.Equal(t, digest, other.digest())
	other.press("wipe")
	other.WaitFor(`/1 model/.test(document.querySelector('#wipe-doubt')?.textContent)`)
	other.press("wipe-yes")
	other.WaitFor(`!document.querySelector('#models li[data-model]')`)
	other.reload()
	other.WaitFor(`/No model is saved/.test(document.querySelector('#models')?.textContent)`)
}

// The studio asks for nothing by itself; once asked to work offline, it asks for its own
// files once more, and then needs no server.
func TestWorksOffline(t *testing.T) {
	t.Run("as built", func(t *testing.T) {
		url, stop := browser.Stoppable(t, false)
		proxy := browser.NewProxy(t, url)
		s := openStudio(t, browser.Chromium(t, proxy.Settings()...), url)
		s.goOffline()
		assert.Empty(t, browser.Strange(proxy.Seen(), siteFiles(t, url)), "only the site’s own files")
		loaded := len(proxy.Seen())
		stop()
		s.worksAlone()
		for _, request := range proxy.Seen()[loaded:] {
			assert.Equal(t, "GET "+url+"sw.js", request, "the browser looks for a newer version, and nothing else")
		}

		// Wiping ends it: then the page is not there any more.
		s.press("wipe")
		s.press("wipe-yes")
		s.WaitFor(`document.querySelector('#work-offline')`)
		s.Expect("Failed to load")
		s.Expect("502")
		s.Run(chromedp.Navigate(url))
		assert.NotContains(t, s.Text("body"), "neural network")
	})
	t.Run("as published", func(t *testing.T) {
		url, stop := browser.Stoppable(t, true)
		s := openStudio(t, browser.Chromium(t), url)
		s.goOffline()
		stop()
		s.worksAlone()
	})
}

// goOffline presses "Work offline" on a page that has asked for nothing until then.
func (s *studio) goOffline() {
	s.t.Helper()
	s.WaitFor(`document.querySelector('#requests')?.dataset.requests === '0'`)
	for _, width := range []int{1280, 360} {
		s.Size(width, 800, width == 360)
		s.Eval(`document.querySelector('#privacy').scrollIntoView({ behavior: 'instant' })`, nil)
		s.View(fmt.Sprintf("trust-privacy-%d", width))
	}
	s.Size(1280, 800, false)
	s.press("work-offline")
	s.WaitFor(`document.querySelector('#offline-on') || document.querySelector('#problem-offline')`)
	require.Empty(s.t, s.text(`document.querySelector('#problem-offline')?.textContent ?? ''`))
}

// worksAlone opens the page anew, without a server, and trains.
func (s *studio) worksAlone() {
	s.t.Helper()
	s.Expect("ERR_CONNECTION_REFUSED") // the browser looks for a newer version by itself
	s.Expect("sw.js")
	s.reload()
	s.WaitFor(`document.querySelector('#offline-on')`)
	s.sample("garden")
	s.train(1)
	assert.Equal(s.t, "0", s.text(`document.querySelector('#requests').dataset.requests`))
}

// text is the value of an expression.
func (s *studio) text(expression string) (value string) {
	s.t.Helper()
	s.Eval(expression, &value)
	return value
}

// Every road goes on with what was cut off, without its files.
func TestEveryRoadGoesOn(t *testing.T) {
	site := browser.Site(t, nil) + "/deep/site/"
	chromium := browser.Chromium(t)
	for name, w := range walks {
		if name == "tables" || name == "images" {
			continue // TestKilledBrowserGoesOn, TestKilledBrowserGoesOnWithPicturesAndWriting
		}
		t.Run(name, func(t *testing.T) {
			s := openStudio(t, chromium, site+w.page)
			s.pressAt(w.sample)
			s.WaitFor(w.complete + ` && document.querySelector('#seed')`)
			s.Eval(`document.querySelectorAll('#network-view details').forEach((d) => { d.open = true })`, nil)
			s.Eval(`document.querySelector('#early').checked && document.querySelector('#early').click()`, nil)
			if name == "series" {
				s.press("network-lstm") // which lasts
				s.copyOften()           // the other waits for a copy as people do
			}
			s.set("epochs", "50000")
			s.begun()
			s.copied()
			s.reload()
			s.WaitFor(`document.querySelector('#go-on-training')`)
			s.press("go-on-training")
			s.WaitFor(`/^Epoch/.test(document.querySelector('#train-progress-text')?.textContent)`)
			s.press("stop")
			assert.Regexp(t, `^[0-9a-f]{64}$`, s.finished())
			s.logIsWhole()
		})
	}
}
