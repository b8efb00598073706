//go:build browser

package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// copyOften has the page ask for an automatic copy after every epoch, instead of one in ten
// seconds.
func (s *studio) copyOften() {
	s.t.Helper()
	s.Eval(`void (() => {
		const post = Worker.prototype.postMessage;
		Worker.prototype.postMessage = function (m, ...rest) {
			if (m?.rpc) m.rpc = m.rpc.replace('"checkpoint":{', '"checkpoint":{"every":1,');
			return post.call(this, m, ...rest);
		};
	})()`, nil)
}

// cutOff are the names of what is stored of trainings that have not come to their end.
func (s *studio) cutOff() string {
	s.t.Helper()
	return s.text(`new Promise((yes, no) => {
		const open = indexedDB.open('terrarium');
		open.onerror = () => no(open.error);
		open.onsuccess = () => {
			const db = open.result;
			if (!db.objectStoreNames.contains('records')) { db.close(); yes(''); return; }
			const all = db.transaction('records').objectStore('records').getAll();
			all.onsuccess = () => { db.close(); yes(all.result.map((r) => JSON.parse(r)).filter((r) => r.kind === 'checkpoint').map((r) => r.name).sort().join('; ')); };
		};
	})`)
}

// learnsToWrite presses the button, and waits until the training is under way.
func (s *studio) learnsToWrite() {
	s.t.Helper()
	s.press("write-train")
	s.WaitFor(`/^Round/.test(document.querySelector('#write-progress-text')?.textContent)`)
}

// samples are what the model wrote while it learned, the newest first.
func (s *studio) samples() (texts []string) {
	s.t.Helper()
	s.Eval(`[...document.querySelectorAll('#write-live .raw')].map((e) => e.textContent)`, &texts)
	return texts
}

// written waits until a model that has learned to write has done so. It returns the
// weights' SHA-256, and what the page says of the training but for how long it took.
func (s *studio) written() (digest, said string) {
	s.t.Helper()
	s.WaitFor(anyProblem + ` || document.querySelector('#write-ended') && document.querySelector('#write-go:enabled')`)
	require.Empty(s.t, s.text(anyProblem))
	said = s.text(`document.querySelector('#write-ended').textContent.replace(/ in [0-9.,]+ [a-z ]+[.]/, '.')`)
	return s.text(`document.querySelector('#write-digest').textContent`), said
}

// logIsWhole has the page check the log of the model that is shown.
func (s *studio) logIsWhole() {
	s.t.Helper()
	s.press("verify")
	s.WaitFor(`/log is whole/.test(document.querySelector('#verified')?.textContent)`)
}

// A browser is killed while two of its pages train: one on pictures, the other a model that
// writes. Opened again, each page goes on with its own training, without the files, to the
// same bits as one that was left in peace.
func TestKilledBrowserGoesOnWithPicturesAndWriting(t *testing.T) {
	site := browser.Site(t, nil) + "/deep/site/"
	profile, road := browser.NewProfile(t), walks["images"]
	tales, err := text.SampleText("tales")
	require.NoError(t, err)
	page, kill := profile.Open(site + road.page)
	images, writer := &studio{page, t}, &studio{page.Beside(site + "text.html"), t}
	images.ready()
	images.pressAt(road.sample)
	images.WaitFor(road.complete + ` && document.querySelector('#seed')`)
	images.unfold("network-view")
	images.untick("early")
	images.set("epochs", "12")
	writer.ready()
	writer.set("write-text", tales[:12_000])
	writer.press("write-paste")
	writer.WaitFor(`document.querySelector('#write-train:enabled')`)
	writer.set("write-rounds", "100")
	images.press("train")
	writer.learnsToWrite()
	wantWriter, wantSaid := writer.written()
	wantImages := images.finished()
	require.Regexp(t, `^[0-9a-f]{64}$`, wantImages)
	require.Regexp(t, `^[0-9a-f]{64}$`, wantWriter)

	require.Empty(t, images.cutOff(), "nothing is left of what came to its end")
	images.copyOften()
	writer.copyOften()
	writer.learnsToWrite()
	writer.WaitFor(`document.querySelector('#write-live .raw')?.textContent.length === 160`)
	wrote := writer.samples()[0]
	writer.WaitFor(`(globalThis.round ??= parseFloat(` + roundText + `.slice(6))) + 3 < parseFloat(` + roundText + `.slice(6))`)
	images.begun()
	for strings.Count(images.cutOff(), ";") < 1 {
		images.running()
	}
	images.running()
	require.NotEmpty(t, writer.text(roundText), "the training is over already")
	writer.Expect("")
	kill()

	page, kill = profile.Open(site + road.page)
	images, writer = &studio{page, t}, &studio{page.Beside(site + "text.html"), t}
	images.ready()
	images.press("go-on-training")
	writer.ready()
	writer.Eval(`new Promise((done) => setTimeout(done, 1000))`, nil)
	assert.Equal(t, "0", writer.text(`document.querySelector("#requests").dataset.requests`), "the browser has its icon by itself")
	writer.Screenshot("writing-cut-off")
	writer.press("go-on-training")
	got, said := writer.written()
	require.Equal(t, wantWriter, got)
	assert.Equal(t, wantSaid, said)
	assert.Contains(t, writer.samples(), wrote)
	writer.WaitFor(`document.querySelector('#plot-writing')`)
	writer.Screenshot("writing-went-on")
	writer.Size(390, 800, false)
	writer.fits("a model has gone on learning to write")
	writer.View("writing-went-on-390")
	writer.Size(1280, 800, false)
	writer.onModel("Last model that learned to write (automatic copy)", "shelf.load")
	writer.WaitFor(`document.querySelector('#loaded-model')`)
	assert.Equal(t, wantWriter, writer.digest())
	writer.logIsWhole()
	require.Equal(t, wantImages, images.finished())
	images.logIsWhole()
	assert.Empty(t, images.cutOff())
	kill()
}

// roundText is what stands beside the bar of a model that learns to write.
const roundText = `(document.querySelector('#write-progress-text')?.textContent ?? '')`
