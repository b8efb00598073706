//go:build browser

package peers

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/site/build"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

const begin, end = "<!-- peers: written by make bench-peers -->\n", "<!-- /peers -->"

// BenchmarkPeers is `make bench-peers`. ROUNDS, ENGINES and WORK choose how often, who
// and what; NPM names a folder for the packages, which is kept, in place of a temporary
// one. The table goes into BENCHMARKS.md only if it is whole.
func BenchmarkPeers(b *testing.B) {
	rounds := 5
	if text := os.Getenv("ROUNDS"); text != "" {
		var err error
		rounds, err = strconv.Atoi(text)
		require.NoError(b, err, "ROUNDS is a number")
	}
	whom := selected(b, "ENGINES", engines, func(e engine) string { return e.ID })
	what := selected(b, "WORK", works, func(w work) string { return w.ID })
	whole := len(whom) == len(engines) && len(what) == len(works)
	if !slices.ContainsFunc(whom, func(e engine) bool { return e.ID == reference }) {
		whom = append(whom, engineOf(reference)) // who else would know what is right
	}
	npm := install(b)
	d := newDriver(b, npm)
	measured := measure(d, whom, what, rounds)
	for b.Loop() { // the browser has counted; Go has nothing to repeat
	}
	b.ReportMetric(0, "ns/op")

	text := heading(b, d, rounds, measured) + measured.tables(packed(b, d))
	fmt.Println(text)
	for _, w := range what {
		if why := measured.wrong(engineOf(ours), w); why != "" {
			b.Errorf("Terrarium is wrong, %s: %s", w.ID, why)
		}
	}
	if !whole || b.Failed() {
		fmt.Println("BENCHMARKS.md stays as it is.")
		return
	}
	path := filepath.Join(browser.Root(b), "BENCHMARKS.md")
	old, err := os.ReadFile(path)
	require.NoError(b, err)
	replaced, err := between(string(old), begin, end, "\n"+text+"\n")
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(path, []byte(replaced), 0o644))
}

// selected picks those whose names the environment lists; all, if it lists none.
func selected[T any](b *testing.B, variable string, all []T, id func(T) string) []T {
	list := os.Getenv(variable)
	if list == "" {
		return slices.Clone(all)
	}
	var known []string
	for _, one := range all {
		known = append(known, id(one))
	}
	var picked []T
	for name := range strings.SplitSeq(list, ",") {
		i := slices.Index(known, name)
		require.GreaterOrEqual(b, i, 0, "%s: no %q; there are %s", variable, name, strings.Join(known, ", "))
		picked = append(picked, all[i])
	}
	return picked
}

// install gets the peers, without running any script of theirs, and returns the folder
// of their packages.
func install(b *testing.B) string {
	dir := os.Getenv("NPM")
	if dir == "" {
		dir = b.TempDir()
	}
	require.NoError(b, os.MkdirAll(dir, 0o755))
	list, err := os.ReadFile(filepath.Join(browser.Root(b), "tests", "peers", "package.json"))
	require.NoError(b, err)
	require.NoError(b, os.WriteFile(filepath.Join(dir, "package.json"), list, 0o644))
	// brain.js would pull in a binding to graphics cards that compiles native code.
	cmd := exec.Command("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	require.NoError(b, cmd.Run(), "the peers are installed with npm (Node.js)")
	return filepath.Join(dir, "node_modules")
}

// measure lets all engines do one piece of work before any does the next, and another
// one begin every time. What failed once is not tried again.
func measure(d *driver, whom []engine, what []work, rounds int) results {
	all := results{}
	for _, e := range whom {
		all[e.ID] = map[string][]result{}
	}
	for round := range rounds {
		for wi, w := range what {
			for k := range whom {
				e := whom[(k+round+wi)%len(whom)]
				done := all[e.ID][w.ID]
				once := w.Once || (e.ID == reference && w.Page.Kind == "train")
				if len(done) > 0 && (once || done[0].Lacks+done[0].Failed != "") {
					continue
				}
				started := time.Now()
				got := d.run(e, w.Page)
				all[e.ID][w.ID] = append(done, got)
				fmt.Fprintf(os.Stderr, "%d/%d %-10s %-17s %10s %s%s %.1fs\n", round+1, rounds, w.ID, e.ID, figures(got.Value), got.Lacks, got.Failed, time.Since(started).Seconds())
			}
		}
	}
	return all
}

// heading says when and where, and how far the rounds lie apart.
func heading(b *testing.B, d *driver, rounds int, r results) string {
	executor := cdp.WithExecutor(d.chromium, chromedp.FromContext(d.chromium).Browser)
	_, product, _, _, _, err := cdpbrowser.GetVersion().Do(executor)
	require.NoError(b, err)
	var list struct{ Dependencies map[string]string }
	text, err := os.ReadFile(filepath.Join(browser.Root(b), "tests", "peers", "package.json"))
	require.NoError(b, err)
	require.NoError(b, json.Unmarshal(text, &list))
	var versions []string
	for _, name := range slices.Sorted(maps.Keys(list.Dependencies)) {
		versions = append(versions, name+" "+list.Dependencies[name])
	}
	typical, worst := r.spread()
	return fmt.Sprintf("%s, %s, %s. Rounds: %d, of which the medians; half the range between them is %.0f %% of a value in the median, %.0f %% at worst. Peers: %s.\n\n",
		time.Now().Format(time.DateOnly), machine(), product, rounds, typical*100, worst*100, strings.Join(versions, ", "))
}

// machine names the processor where the system tells, and how many there are.
func machine() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "an unknown machine"
	}
	cores, model := 0, ""
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
			cores++
		}
	}
	return fmt.Sprintf("%s, %d cores", model, cores)
}

// packed tells what a loaded file weighs as brotli. Packing takes its time: it begins
// when all is measured.
func packed(b *testing.B, d *driver) func(path string) int {
	known := map[string]int{}
	return func(path string) int {
		if n, ok := known[path]; ok {
			return n
		}
		part, rest, _ := strings.Cut(path, "/")
		content, err := os.ReadFile(filepath.Join(d.server.dirs[part], filepath.FromSlash(rest)))
		require.NoError(b, err)
		small, err := build.Encodings[0].Encode(content)
		require.NoError(b, err)
		known[path] = len(small)
		return len(small)
	}
}
