//go:build browser

package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// goldenModels are the models of the page golden.js, and the files in core/train whose
// constant each has to reach: one truth, for all.
var goldenModels = map[string]string{"golden": "golden_hash_test.go", "goldenConv": "golden_conv_test.go",
	"goldenRecurrent": "golden_recurrent_test.go", "goldenTransformer": "golden_recurrent_test.go"}

// goldenDigest is that constant.
func goldenDigest(t *testing.T, model string) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(browser.Root(t), "core", "train", goldenModels[model]))
	require.NoError(t, err)
	found := regexp.MustCompile(`(?m)^const ` + model + `Digest = "([0-9a-f]{64})"$`).FindSubmatch(source)
	require.NotNil(t, found, "core/train/%s has no %sDigest", goldenModels[model], model)
	return string(found[1])
}

// goldenRuns are the ways to train the golden model in one browser.
var goldenRuns = []struct {
	name, options string
	simd          bool
	kernels       string // who does the heavy loops
}{
	{"simd", `{}`, true, "module"},
	{"simd without the kernel module", `{ kernels: false }`, true, "go"},
	{"nosimd", `{ simd: false }`, false, "go"},
	{"on the page's thread", `{ worker: false }`, true, "module"},
	{"on the page's thread, without the kernel module", `{ worker: false, kernels: false }`, true, "go"},
}

type goldenResult struct {
	Digest  string
	SIMD    bool
	Kernels string
}

// Contract C1: the same bits in Chromium, with and without vector instructions …
func TestSameBitsInChromium(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/pages/")
	sameBits(t, func(js string, out any) { p.Eval(js, out) })
}

// … and in Firefox.
func TestSameBitsInFirefox(t *testing.T) {
	f := browser.StartFirefox(t)
	f.Open(browser.Site(t, nil) + "/pages/")
	sameBits(t, func(js string, out any) { f.Eval(js, out) })
}

func sameBits(t *testing.T, eval func(js string, out any)) {
	for model := range goldenModels {
		want := goldenDigest(t, model)
		for _, run := range goldenRuns {
			var got goldenResult
			eval(`import('/pages/golden.js').then((m) => m.`+model+`(`+run.options+`))`, &got)
			assert.Equal(t, goldenResult{want, run.simd, run.kernels}, got, "%s, %s", model, run.name)
		}
	}
}

// What the plan has the kernel module do in one call has the bits of single operations.
func TestRecordedOperations(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/pages/")
	var recorded, single string
	p.Eval(`import('/pages/recorded.js').then((m) => m.digests({}))`, &recorded)
	p.Eval(`import('/pages/recorded.js').then((m) => m.digests({ kernels: false }))`, &single)
	assert.Equal(t, single, recorded)
	assert.Greater(t, len(recorded), 1000, recorded)
}

// Contract C6: a step is taken in slices, between which the thread is free, and an
// abort is seen in the middle of it: nothing of the step remains.
func TestStepIsSliced(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/pages/")
	var slices int
	p.Eval(`import('/pages/steps.js').then((m) => m.slices())`, &slices)
	assert.Greater(t, slices, 5, "a step that takes a second has to be interrupted more often")
	var got struct {
		Code              string
		Unchanged, GoesOn bool
	}
	p.Eval(`import('/pages/steps.js').then((m) => m.abort())`, &got)
	assert.Equal(t, "aborted", got.Code)
	assert.True(t, got.Unchanged, "the stopped step changed weights")
	assert.True(t, got.GoesOn, "the model cannot be trained after an abort")
}

// Contract C4: when the engine's program ends in the middle of a training, whoever
// waits for it is told, and the page can start another one.
func TestKilledWorker(t *testing.T) {
	p := browser.Open(t, browser.Chromium(t), browser.Site(t, nil)+"/pages/")
	p.Eval(`import('/pages/steps.js').then((m) => m.endless())`, nil)
	p.WaitFor(`globalThis.running`)
	p.KillWorkers()
	var code string
	p.Eval(`globalThis.ended`, &code)
	assert.Equal(t, "engine-lost", code)
	var shape []int
	p.Eval(`import('/pages/steps.js').then((m) => m.fresh())`, &shape)
	assert.Equal(t, []int{2048, 1}, shape)
}

// The JavaScript example of README.md works as it stands, given the rows, labels
// and controller that it speaks of.
func TestReadmeExample(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(browser.Root(t), "README.md"))
	require.NoError(t, err)
	_, example, found := strings.Cut(string(readme), "```js\n")
	require.True(t, found)
	example, _, _ = strings.Cut(example, "```")
	example = strings.ReplaceAll(example, "'./terrarium.js'", "'/deep/site/terrarium.js'")

	script := `
		const rows = Array.from({ length: 100 }, (_, i) => Array.from({ length: 10 }, (_, j) => Math.sin(i * j + j)));
		const labels = rows.map((row) => (row[1] + row[2] > 0 ? 1 : 0));
		const controller = new AbortController();
		const console = { log: (epoch) => { globalThis.epochs = epoch + 1; } };
		` + example + `
		export const answer = { epochs: globalThis.epochs, losses: history.loss.length, p: data[0], stored: (await t.listModels()).map((m) => m.name) };
	`
	url := browser.Site(t, map[string]string{"readme.js": script})
	p := browser.Open(t, browser.Chromium(t), url+"/pages/")
	var answer struct {
		Epochs, Losses int
		P              float64
		Stored         []string
	}
	p.Eval(`import('/pages/readme.js').then((m) => m.answer)`, &answer)
	assert.Equal(t, 20, answer.Epochs)
	assert.Equal(t, 20, answer.Losses)
	assert.Greater(t, answer.P, 0.0)
	assert.Less(t, answer.P, 1.0)
	assert.Equal(t, []string{"mine"}, answer.Stored)
}
