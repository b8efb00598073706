//go:build browser

package tests

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// file writes a table or a model for the page to open.
func file(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o644))
	return path
}

// rows is a header and n lines that a function makes.
func rows(header string, n int, line func(i int) string) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range n {
		b.WriteString(line(i) + "\n")
	}
	return b.String()
}

// Tables that cannot be read: each gets a sentence that says what is wrong and where,
// and the table that was open before is still there.
func TestBadTables(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	binary := make([]byte, 4096)
	for i := range binary {
		binary[i] = byte(i * 31)
	}
	for _, c := range []struct {
		name, content string
		want          string // a regular expression of JavaScript
	}{
		{"empty.csv", "", `empty`},
		{"header.csv", "a,b,c\n", `(?=.*(header|names))(?=.*row)`},
		{"one-row.csv", "a,b,c\n1,2,3\n", `one row`},
		{"binary.csv", string(binary), `(text|binary)`},
		{"quotes.csv", "a,b\n1,2\n\"3,4\n5,6\n7,8\n", `(?=.*quot)(?=.*line 3)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.open(file(t, c.name, []byte(c.content)))
			var problem string
			s.Eval(anyProblem, &problem)
			assert.Contains(t, problem, c.name)
			var matches bool
			s.Eval(`new RegExp(`+literal(c.want)+`, 'i').test(`+anyProblem+`)`, &matches)
			assert.True(t, matches, "%q should match %s", problem, c.want)
			s.stillWorks("leaves")
		})
	}
}

// stillWorks checks that the earlier table is there and that the page still answers.
func (s *studio) stillWorks(column string) {
	s.t.Helper()
	var there bool
	s.Eval(`Boolean(document.querySelector('#columns tr[data-column="`+column+`"]')) && Boolean(document.querySelector('#train:enabled'))`, &there)
	assert.True(s.t, there, "the table that was open before is gone, or cannot be trained on")
}

// Tables that are odd but can be read: what was done about it is said.
func TestOddTables(t *testing.T) {
	number := func(i int) string { return fmt.Sprint(i * 7919 % 1000) }
	yes := func(i int) string { return map[bool]string{true: "yes", false: "no"}[i*7919%1000 > 500] }
	for name, c := range map[string]struct {
		content, target string
		train           bool
		want            string // on the page, after an attempt to train
	}{
		"ragged":      {rows("x,y", 60, func(i int) string { return number(i) + "," + yes(i) + map[bool]string{true: ",9"}[i == 4] }), "y", true, `line 6`},
		"one class":   {rows("x,y", 60, func(i int) string { return number(i) + ",yes" }), "y", true, `(only one|one value|same|single)`},
		"one per row": {rows("x,y", 60, func(i int) string { return number(i) + fmt.Sprintf(",name%d", i) }), "y", true, `y`},
		"all missing": {rows("x,z,y", 60, func(i int) string { return number(i) + ",," + yes(i) }), "y", true, `z`},
		"nan text":    {rows("x,y", 60, func(i int) string { return map[bool]string{true: "NaN", false: number(i)}[i%9 == 0] + "," + yes(i) }), "y", true, `(missing|NaN)`},
		"duplicates":  {rows("x,x,y", 60, func(i int) string { return number(i) + "," + number(i+1) + "," + yes(i) }), "y", true, `x`},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStudio(t)
			s.open(file(t, "odd.csv", []byte(c.content)))
			s.WaitFor(anyProblem + ` || document.querySelector('#target')`)
			s.set("target", c.target)
			s.WaitFor(anyProblem + ` || /kept aside|cannot be learned/.test(document.querySelector('#prepared')?.textContent)`)
			s.Eval(`document.querySelector('#train:enabled')?.click()`, nil)
			s.WaitFor(anyProblem + ` || document.querySelector('#test-score')`)
			var found bool
			s.Eval(`new RegExp(`+literal(c.want)+`, 'i').test(document.querySelector('main').innerText)`, &found)
			assert.True(t, found, "the page nowhere says %s", c.want)
			s.Run(chromedp.SetUploadFiles("#file", []string{file(t, "good.csv", []byte(patients()))}, chromedp.ByQuery))
			s.WaitFor(`document.querySelector('#columns tr[data-column="pressure"]')`)
		})
	}
}

// A table as Excel saves it in China: the browser decodes it, and the person can say
// otherwise and take that back.
func TestATableInAnotherEncoding(t *testing.T) {
	s := newStudio(t)
	// 城市 (city), 是否购买 (whether they bought), in GB18030.
	text := "\xB3\xC7\xCA\xD0;\xCA\xC7\xB7\xF1\xB9\xBA\xC2\xF2\n\xB1\xB1\xBE\xA9;\xCA\xC7\n\xC9\xCF\xBA\xA3;\xB7\xF1\n\xB3\xC9\xB6\xBC;\xCA\xC7\n\xB9\xE3\xD6\xDD;\xB7\xF1\n"
	header, block, _ := strings.Cut(text, "\n")
	s.open(file(t, "城市.csv", []byte(header+"\n"+strings.Repeat(block, 10))))
	shown := func(column string) {
		t.Helper()
		s.WaitFor(`document.querySelector('#columns tr[data-column="` + column + `"]') && !document.querySelector('#cancel-read')`)
	}
	shown("是否购买")
	assert.Contains(t, s.Text("#data-read"), "GB18030")
	assert.Contains(t, s.Text("#data-notices"), "By its letters it is GB18030")
	s.set("read-encoding", "Windows-1252")
	shown("³ÇÊÐ")
	s.set("read-encoding", "")
	shown("城市")
	s.set("target", "是否购买")
	s.prepared()
}

// Ten thousand columns: the page stays quick because it draws a few at a time.
func TestTenThousandColumns(t *testing.T) {
	var header, line []string
	for i := range 10_000 {
		header = append(header, fmt.Sprintf("c%d", i))
		line = append(line, fmt.Sprint(i%10))
	}
	text := rows(strings.Join(header, ","), 5, func(i int) string { line[0] = fmt.Sprint(i); return strings.Join(line, ",") })
	s := newStudio(t)
	s.open(file(t, "wide.csv", []byte(text)))
	var drawn int
	s.Eval(`document.querySelectorAll('#columns tr[data-column]').length`, &drawn)
	assert.Less(t, drawn, 200)
	assert.Contains(t, s.Text("#data-view"), "10,000 columns")
}

// A file of 200 MB is read with progress and can be called off, or is read to its end.
func TestLargeFile(t *testing.T) {
	header, block, _ := strings.Cut(rows("a,b,c,d,e,target", 1000, func(i int) string {
		return strings.Repeat(fmt.Sprintf("%d.%06d,", i%100, i*7919%1000000), 5) + map[bool]string{true: "yes", false: "no"}[i%3 == 0]
	}), "\n")
	content := append([]byte(header+"\n"), bytes.Repeat([]byte(block), 200<<20/len(block))...)
	path := file(t, "large.csv", content)
	s := newStudio(t)
	s.sample("garden")
	s.prepared()
	s.Run(chromedp.SetUploadFiles("#file", []string{path}, chromedp.ByQuery))
	s.pressAt("#cancel-read")
	s.WaitFor(`!document.querySelector('#cancel-read')`)
	s.stillWorks("leaves")
	s.open(path)
	var problem string
	s.Eval(anyProblem, &problem)
	if problem == "" {
		assert.Regexp(t, `^\d.\d{3}.000 rows and 6 columns`, s.Text("#data-read"))
		return
	}
	assert.Contains(t, problem, "memory")
	s.stillWorks("leaves")
}

// Model files that are damaged, cut off, or somebody else's are refused with a
// sentence, and the model that is open stays.
func TestBadModels(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	s.set("epochs", "5")
	s.train(1)
	dir := t.TempDir()
	s.Downloads(dir)
	s.press("download")
	good, err := os.ReadFile(s.waitForFile(dir))
	require.NoError(t, err)
	digest := s.digest()

	flipped := bytes.Clone(good)
	flipped[len(flipped)-3] ^= 0x40
	header := bytes.Clone(good)
	header[20] ^= 0x11
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"truncated": {good[:len(good)/2], "cut off"},
		"header":    {header, "byte 2"},
		"bit":       {flipped, "damaged"},
		"nothing":   {nil, "empty"},
		"no model":  {[]byte("name,age\nAda,36\n"), "no model that can be opened here"},
	} {
		t.Run(name, func(t *testing.T) {
			s.dismiss()
			s.Run(chromedp.SetUploadFiles("#model-file", []string{file(t, "bad.safetensors", c.content)}, chromedp.ByQuery))
			s.WaitFor(anyProblem + ` || document.querySelector('#loaded-model')`)
			var problem string
			s.Eval(anyProblem, &problem)
			assert.Contains(t, problem, "bad.safetensors could not be opened")
			assert.Contains(t, problem, c.want)
			assert.Equal(t, digest, s.digest())
		})
	}
}

// A learning rate of a thousand million stops at the first number that is none, names
// the tensor, and the page goes on.
func TestWildLearningRate(t *testing.T) {
	s := newStudio(t)
	s.sample("houses")
	s.prepared()
	s.set("optimizer", "sgd")
	s.set("rate", "1e9")
	s.press("train")
	s.WaitFor(anyProblem)
	var problem string
	s.Eval(anyProblem, &problem)
	assert.Regexp(t, `(?i)learning rate`, problem)
	s.set("rate", "0.01")
	s.train(1)
}

// When the browser's storage is full, saving says so and offers the way out; nothing
// that was saved is lost. The browser's answer is played in the engine's worker:
// Chromium does not let a test fill its storage.
func TestStorageFull(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	s.set("epochs", "5")
	s.train(1)
	s.set("save-name", "first")
	s.press("save")
	s.WaitFor(`document.querySelector('#models li[data-model="first"]')`)

	s.InWorkers(`(() => {
		self.put = IDBObjectStore.prototype.put;
		IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); };
	})()`)
	s.set("save-name", "second")
	s.press("save")
	s.WaitFor(anyProblem)
	var problem string
	s.Eval(anyProblem, &problem)
	assert.Contains(t, problem, "download")
	s.InWorkers(`void (IDBObjectStore.prototype.put = self.put)`)
	s.press("save")
	s.WaitFor(`document.querySelector('#models li[data-model="second"]') && document.querySelector('#models li[data-model="first"]')`)
}

// A tab that is closed in the middle of saving leaves a model that is whole, or none.
func TestClosedWhileSaving(t *testing.T) {
	s := newStudio(t)
	s.sample("garden")
	s.set("epochs", "5")
	s.train(1)
	digest := s.digest()
	s.set("save-name", "hasty")
	s.Eval(`document.querySelector('#save').click()`, nil)
	s.reload()
	s.WaitFor(`document.querySelector('#models')`)
	var saved bool
	s.Eval(`Boolean(document.querySelector('#models li[data-model="hasty"]'))`, &saved)
	if saved {
		s.onModel("hasty", "shelf.load")
		s.WaitFor(`document.querySelector('#digest')`)
		assert.Equal(t, digest, s.digest())
	}
}
