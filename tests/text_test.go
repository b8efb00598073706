//go:build browser

package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// A desk is the page of texts.
type desk struct{ *studio }

func newDesk(t testing.TB) *desk {
	t.Helper()
	return &desk{openStudio(t, browser.Chromium(t), browser.Site(t, nil)+"/deep/site/text.html")}
}

// choose chooses files and waits until so many texts are there.
func (s *desk) choose(field string, texts int, paths ...string) {
	s.t.Helper()
	s.dismiss()
	s.Run(chromedp.SetUploadFiles("#"+field, paths, chromedp.ByQuery))
	s.WaitFor(anyProblem + ` || document.querySelector('#data-read')?.textContent.replace(/\s/g, '').startsWith('` + fmt.Sprint(texts) + `texts')`)
	var problem string
	s.Eval(anyProblem, &problem)
	require.Empty(s.t, problem)
}

// ask types a text and returns the label that the model gives it.
func (s *desk) ask(text string) string {
	s.t.Helper()
	s.set("try-text", "")
	s.WaitFor(`!document.querySelector('#prediction')`)
	s.set("try-text", text)
	s.WaitFor(`document.querySelector('#prediction')`)
	return s.Text("#predicted")
}

// probabilities are those of all classes, to the bit.
func (s *desk) probabilities() string {
	s.t.Helper()
	var said string
	s.Eval(`JSON.stringify([...document.querySelectorAll('#prediction tr[data-class]')].map((e) => [e.dataset.class, e.dataset.probability]))`, &said)
	return said
}

// From invented messages to a model that answers while one types, says which words made it
// do so, is saved, and says the same on the next day. Decisions are taken back on the way.
func TestRoadOfText(t *testing.T) {
	s := newDesk(t)
	s.press("sample-messages")
	s.prepared()
	assert.Contains(t, s.Text("#used"), "of 1200 texts are used")
	s.WaitFor(`document.querySelectorAll('#records li').length === 8 && document.querySelector('#records .cleaned')`)
	before := s.Text("#used")
	s.pressAt(`#records li button[data-act="clean.remove"]`)
	s.WaitFor(`document.querySelector('#used').textContent !== ` + literal(before))
	s.press("undo")
	s.WaitFor(`document.querySelector('#used').textContent === ` + literal(before))
	s.set("token-text", "Call me at 07700 zebrafish")
	s.WaitFor(`document.querySelector('#tokens')?.textContent.includes('zebrafish') && document.querySelector('#tokens .token-unknown')`)

	score := s.train(1)
	assert.Greater(t, score, s.number("#baseline-score"))
	assert.Greater(t, s.number("#score-f1"), 0.9)
	s.pressAt(`#confusion .right .cell`)
	s.WaitFor(`document.querySelector('#wrong-view .record')`)

	assert.Equal(t, "friend", s.ask("Hi mum, are you home tonight?"))
	assert.Equal(t, "advertising", s.ask("WINNER!! Claim your £500 prize, call 09061 701461 now"))
	said := s.probabilities()
	s.WaitFor(`document.querySelector('#why mark[class^=for]')`)
	assert.Contains(t, s.Text("#why-said"), "For “advertising” speak")

	digest := s.digest()
	s.set("save-name", "Mail")
	s.press("save")
	s.WaitFor(`document.querySelector('#models li[data-model="Mail"]')`)
	s.Eval(`void scrollTo({ top: 0, behavior: 'instant' })`, nil)
	s.Screenshot("text-1280")
	s.Size(360, 740, false)
	s.fits("a model of texts is trained")
	s.Screenshot("text-360")
	s.Size(1280, 900, false)
	s.reload()
	s.onModel("Mail", "shelf.load")
	s.WaitFor(`document.querySelector('#loaded-model') && document.querySelector('#digest')`)
	assert.Equal(t, digest, s.digest())
	assert.Equal(t, "advertising", s.ask("WINNER!! Claim your £500 prize, call 09061 701461 now"))
	assert.Equal(t, said, s.probabilities())
}

// A language without spaces: every character is a token.
func TestRoadOfChineseText(t *testing.T) {
	s := newDesk(t)
	s.press("sample-kitchen")
	s.prepared()
	s.set("token-text", "面条很好吃。")
	s.WaitFor(`document.querySelectorAll('#tokens .token').length === 6`)
	assert.Greater(t, s.train(1), 0.9)
	assert.Equal(t, "好评", s.ask("味道很好，老板也热情！"))
	assert.Equal(t, "差评", s.ask("太慢了，菜是冷的，失望。"))
	s.WaitFor(`document.querySelector('#why mark')`)
}

// Folders, each a class, in another encoding; and files with a text in each line.
func TestTextsOfFiles(t *testing.T) {
	s := newDesk(t)
	dir := filepath.Join(t.TempDir(), "mail")
	for i := range 30 {
		for class, text := range map[string]string{"caf\u00e9": "Un caf\xe9 pour %d, merci", "tea": "A cup of tea for %d, please"} {
			require.NoError(t, os.MkdirAll(filepath.Join(dir, class), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(dir, class, fmt.Sprintf("%d.txt", i)), fmt.Appendf(nil, text, i), 0o644))
		}
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "tea", "cup.png"), []byte("\x89PNG\r\n\x1a\n"), 0o644))
	s.choose("folder", 60, dir)
	s.WaitFor(`document.querySelector('#skipped').textContent.includes('cup.png')`)
	s.WaitFor(`document.querySelector('#classes li[data-class-name="café"]') && document.querySelector('#records').textContent.includes('Un café')`)

	good, bad := filepath.Join(t.TempDir(), "good.txt"), filepath.Join(t.TempDir(), "bad.txt")
	require.NoError(t, os.WriteFile(good, []byte(strings.Repeat("I like it\n", 30)), 0o644))
	require.NoError(t, os.WriteFile(bad, []byte(strings.Repeat("I hate it\n", 30)), 0o644))
	s.choose("file", 60, good, bad)
	s.WaitFor(`document.querySelector('#used').textContent.includes('2 of 60 texts')`)
}

// Contract C5 on this page: from the first text on, nothing is asked for any more.
func TestNoTextLeaves(t *testing.T) {
	server := browser.Site(t, nil)
	proxy := browser.NewProxy(t, server)
	s := &desk{openStudio(t, browser.Chromium(t, proxy.Settings()...), server+"/deep/site/text.html")}
	loaded := len(proxy.Seen())
	s.press("sample-messages")
	s.prepared()
	s.set("epochs", "2")
	s.train(1)
	s.ask("WIN a prize")
	seen := proxy.Seen()
	assert.Empty(t, browser.Strange(seen, siteFiles(t, server+"/deep/site/")))
	assert.Empty(t, seen[loaded:], "the page asked for something after it ran")
}

// Real messages, with the page's defaults. What five seeds reach says TestScoreOfText.
func TestRoadOfRealMessages(t *testing.T) {
	path := dataFile(t, "sms-spam.tsv")
	s := newDesk(t)
	s.choose("file", 5574, path)
	s.prepared()
	s.train(2)
	assert.GreaterOrEqual(t, s.number("#score-f1"), 0.90)
	assert.Equal(t, "spam", s.ask("Free entry! Text WIN to 80086 to claim your £1000 prize"))
}

// A model learns to write from a text, shows what it writes meanwhile, is stopped, writes
// the same by the same seed, is kept, and goes on writing on the next day.
func TestAModelWritesOnThePage(t *testing.T) {
	s := newDesk(t)
	s.press("write-sample-tales")
	s.WaitFor(`document.querySelector('#write-read-said')?.textContent.includes('characters')`)
	s.press("write-train")
	s.WaitFor(`document.querySelectorAll('#write-live .record').length >= 2 && document.querySelector('#write-live .raw').textContent.length > 20`)
	s.WaitFor(`document.querySelector('#plot-writing')`)
	s.press("write-stop")
	s.WaitFor(`document.querySelector('#write-ended')?.textContent.includes('You stopped it') && document.querySelector('#written')?.textContent.length >= 300 && document.querySelector('#write-go:enabled')`)

	write := func(count int) string {
		s.set("write-start", "Once there was ")
		s.set("write-count", strconv.Itoa(count))
		s.press("write-go")
		s.WaitFor(`document.querySelector('#written')?.getAttribute('aria-busy') === 'false' && document.querySelector('#written').textContent.length === ` + strconv.Itoa(15+count))
		return s.Text("#written")
	}
	s.set("temperature", "0.5")
	first := write(120)
	assert.True(t, strings.HasPrefix(first, "Once there was "))
	assert.True(t, strings.HasPrefix(write(121), first), "the same seed writes the same")
	s.press("write-more")
	s.WaitFor(`document.querySelector('#written').textContent.length === 257`)
	assert.True(t, strings.HasPrefix(s.Text("#written"), first))

	s.set("write-count", "20000")
	s.press("write-go")
	s.WaitFor(`document.querySelector('#written').textContent.length > 30`)
	s.press("write-cancel")
	s.WaitFor(`document.querySelector('#write-go:enabled')`)
	s.Eval(`void scrollTo({ top: 0, behavior: 'instant' })`, nil)
	s.Screenshot("writing-1280")
	s.Size(360, 740, false)
	s.fits("a model has written")
	s.Screenshot("writing-360")
	s.Size(1280, 900, false)

	s.set("write-name", "Teller")
	s.press("write-save")
	s.WaitFor(`document.querySelector('#models li[data-model="Teller"]')`)
	s.reload()
	s.onModel("Teller", "shelf.load")
	s.WaitFor(`document.querySelector('#loaded-model')?.textContent.includes('It writes texts.') && document.querySelector('#write-go:enabled')`)
	s.set("temperature", "0.5")
	assert.Equal(t, first, write(120))
}
