//go:build browser

package peers

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// results are all that was measured: by engine, by work, a result a round.
type results map[string]map[string][]result

func engineOf(id string) engine {
	i := slices.IndexFunc(engines, func(e engine) bool { return e.ID == id })
	return engines[i]
}

// disagreement says in what an engine's losses differ from what is right by more than
// rounding would explain; it grows as training goes on.
func disagreement(got, truth result) string {
	for _, l := range []struct {
		when      string
		got, want *float64
		tolerance float64
	}{{"before", got.Before, truth.Before, 1e-4}, {"after", got.After, truth.After, 0.05}} {
		switch {
		case l.want == nil:
		case l.got == nil:
			return "no loss " + l.when
		case !(math.Abs(*l.got-*l.want) <= l.tolerance**l.want):
			return fmt.Sprintf("loss %s is %.5g, not %.5g", l.when, *l.got, *l.want)
		}
	}
	return ""
}

// wrong says what is wrong with an engine's results of a piece of work.
func (r results) wrong(e engine, w work) string {
	for _, got := range r[e.ID][w.ID] {
		if got.Failed+got.Lacks != "" {
			return got.Failed
		}
		if truth := r[reference][w.ID]; !e.Other && len(truth) > 0 {
			if d := disagreement(got, truth[0]); d != "" {
				return d
			}
		}
	}
	return ""
}

// value is the median of an engine's values, if there are right ones.
func (r results) value(e engine, w work) (float64, bool) {
	var values []float64
	for _, got := range r[e.ID][w.ID] {
		if got.Lacks != "" || got.Failed != "" {
			return 0, false
		}
		values = append(values, got.Value)
	}
	if len(values) == 0 || r.wrong(e, w) != "" {
		return 0, false
	}
	v := median(values)
	if w.Page.Kind == "cold" {
		floor, ok := r.value(engineOf(reference), work{ID: w.ID})
		if !ok {
			return 0, false
		}
		v -= floor
	}
	return v, true
}

// factor is ours in relation to the best peer of one thread with the same algorithm.
func (r results) factor(w work) (factor float64, best string) {
	mine, ok := r.value(engineOf(ours), w)
	if !ok {
		return 0, ""
	}
	least := 0.
	for _, e := range engines {
		if e.ID == ours || e.ID == reference || e.Apart || e.Other {
			continue
		}
		v, ok := r.value(e, w)
		if ok && (best == "" || w.Less == (v < least)) {
			least, best = v, e.Name
		}
	}
	if best == "" {
		return 0, ""
	}
	return mine / least, best
}

// met tells whether a factor reaches the work's target.
func (w work) met(factor float64) bool {
	if w.Less {
		return factor <= w.Target
	}
	return factor >= w.Target
}

func (w work) target() string {
	switch {
	case w.Target == 0:
		return ""
	case w.Less && w.Target < 1:
		return fmt.Sprintf("≤ 1/%.0f", 1/w.Target)
	case w.Less:
		return fmt.Sprintf("≤ %g", w.Target)
	}
	return fmt.Sprintf("≥ %g", w.Target)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// spread is half the range of an engine's values, in relation to their median.
func (r results) spread() (typical, worst float64) {
	var all []float64
	for _, e := range engines {
		for _, w := range works {
			var values []float64
			for _, got := range r[e.ID][w.ID] {
				values = append(values, got.Value)
			}
			if _, ok := r.value(e, w); ok && len(values) > 1 {
				all = append(all, (slices.Max(values)-slices.Min(values))/2/median(values))
			}
		}
	}
	if len(all) == 0 {
		return 0, 0
	}
	return median(all), slices.Max(all)
}

// tables writes both, and what there is to say about single cells.
func (r results) tables(brotli func(path string) int) string {
	var b strings.Builder
	r.table(&b, false, brotli)
	b.WriteString("\nApart: threads, no SIMD, and our own prediction through the worker.\n\n")
	r.table(&b, true, brotli)
	var notes []string
	for _, e := range engines {
		for _, w := range works {
			if why := r.wrong(e, w); why != "" {
				notes = append(notes, fmt.Sprintf("- %s, %s: %s", cmp.Or(e.Name, e.ID), cmp.Or(w.Name, w.ID), why))
			}
		}
	}
	if len(notes) > 0 {
		b.WriteString("\nWhat failed:\n\n" + strings.Join(notes, "\n") + "\n")
	}
	return b.String()
}

// table writes one of the two. Only the first has factors.
func (r results) table(b *strings.Builder, apart bool, brotli func(path string) int) {
	var columns []engine
	for _, e := range engines {
		if e.ID != reference && e.Apart == apart && len(r[e.ID]) > 0 {
			columns = append(columns, e)
		}
	}
	line := func(label string, cells func(e engine) string, rest ...string) {
		fmt.Fprintf(b, "| %s |", label)
		for _, e := range columns {
			fmt.Fprintf(b, " %s |", cells(e))
		}
		if !apart {
			rest = append(rest, make([]string, 2-len(rest))...)
			fmt.Fprintf(b, " %s |", strings.Join(rest, " | "))
		}
		b.WriteString("\n")
	}
	line("", func(e engine) string { return e.Name }, "factor", "target")
	fmt.Fprintf(b, "|---|%s", strings.Repeat("---:|", len(columns)))
	if !apart {
		b.WriteString("---:|---:|")
	}
	b.WriteString("\n")
	for _, w := range works {
		if !slices.ContainsFunc(columns, func(e engine) bool { return len(r[e.ID][w.ID]) > 0 }) {
			continue
		}
		cell := func(of func(result) string) func(e engine) string {
			return func(e engine) string { return r.cell(e, w, of) }
		}
		switch w.Page.Kind {
		case "memory":
			line("WebAssembly memory, training the first row, MB", cell(func(got result) string { return figures(got.WebAssembly / 1e6) }))
			line("JavaScript heap, growth over 1,000 steps, KB", cell(func(got result) string { return fmt.Sprintf("%+.0f", got.Grew/1e3) }))
		default:
			factor, best := r.factor(w)
			verdict := ""
			if best != "" {
				verdict = fmt.Sprintf("%.2f", factor)
				if w.Target != 0 && !w.met(factor) {
					verdict = "**" + verdict + "**"
				}
			}
			line(w.Name+", "+w.Unit, func(e engine) string {
				v, _ := r.value(e, w)
				return r.cell(e, w, func(result) string { return figures(v) })
			}, verdict, w.target())
		}
		if w.Page.Kind == "cold" {
			line("loaded for it, KB raw", cell(func(got result) string {
				sum := 0
				for _, bytes := range got.Files {
					sum += bytes
				}
				return grouped(sum / 1000)
			}))
			line("loaded for it, KB brotli", cell(func(got result) string {
				sum := 0
				for path := range got.Files {
					sum += brotli(path)
				}
				return grouped(sum / 1000)
			}))
		}
	}
}

// cell is what of says about the first result, or why there is none.
func (r results) cell(e engine, w work, of func(result) string) string {
	got := r[e.ID][w.ID]
	switch {
	case len(got) == 0:
		return ""
	case got[0].Lacks != "":
		return "—"
	case r.wrong(e, w) != "":
		return "failed"
	}
	return of(got[0])
}

// figures writes three of them.
func figures(v float64) string {
	if math.Abs(v) >= 1000 {
		return grouped(int(math.Round(v)))
	}
	return strconv.FormatFloat(v, 'f', max(0, 2-int(math.Floor(math.Log10(math.Max(math.Abs(v), 0.1))))), 64)
}

func grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// between replaces what stands between two marks.
func between(text, begin, end, with string) (string, error) {
	head, rest, found := strings.Cut(text, begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("nothing is marked by %s and %s", begin, end)
	}
	return head + begin + with + end + tail, nil
}

func TestReport(t *testing.T) {
	loss := func(v float64) *float64 { return &v }
	of := func(values ...float64) (rs []result) {
		for _, v := range values {
			rs = append(rs, result{Value: v, Before: loss(2), After: loss(1), Files: map[string]int{"a": 12_345_678}})
		}
		return rs
	}
	wrong := of(1e6)
	wrong[0].After = loss(0.5)
	r := results{
		ours:           {"mlp32": of(1000, 3000, 2000), "predict1": of(10), "start": of(150), "tabular": of(7)},
		"tfjs":         {"mlp32": of(500), "predict1": of(40), "start": of(300)},
		"jax":          {"mlp32": of(1500), "predict1": of(20), "start": of(200)},
		"tfjs-cpu":     {"mlp32": wrong},
		"brain":        {"mlp32": of(9e6)},
		"jax-threads":  {"mlp32": of(8e6)},
		"ort":          {"mlp32": {{Lacks: "inference only"}}, "tabular": {{Failed: "no such file"}}},
		"tfjs-threads": {},
		reference:      {"mlp32": of(1), "start": of(100)},
	}
	row := func(id string) work { return works[slices.IndexFunc(works, func(w work) bool { return w.ID == id })] }
	for id, want := range map[string]float64{"mlp32": 2000. / 1500, "predict1": 0.5, "start": 0.5, "tabular": 0} {
		factor, _ := r.factor(row(id))
		assert.InDelta(t, want, factor, 1e-12, id)
	}
	assert.True(t, row("start").met(0.5))
	assert.False(t, row("predict1").met(0.5))
	assert.False(t, row("mlp32").met(1.33))
	text := r.tables(func(string) int { return 2_000_000 })
	assert.Contains(t, text, "batch 32, samples/s | 2,000 | 500 | failed | — | 1,500 | 9,000,000 | **1.33** | ≥ 2 |")
	assert.Contains(t, text, "KB raw | 12,345 |")
	assert.Contains(t, text, "KB brotli | 2,000 |")
	assert.Contains(t, text, "- TF.js cpu, MLP 784-128-64-10, Adam, batch 32: loss after is 0.5, not 1")
	assert.Contains(t, text, "- ONNX Runtime Web, tabular 10-32-16-1, Adam, batch 32: no such file")
	assert.NotContains(t, text, "2 threads")

	for v, want := range map[float64]string{0: "0.000", 0.0123: "0.012", 1.234: "1.23", 16.62: "16.6", 123.4: "123", 999.9: "1000", 53905.2: "53,905", -4.56: "-4.56"} {
		assert.Equal(t, want, figures(v))
	}
	replaced, err := between("a<b>old<c>d", "<b>", "<c>", "new")
	assert.NoError(t, err)
	assert.Equal(t, "a<b>new<c>d", replaced)
	_, err = between("a<c>old<b>d", "<b>", "<c>", "new")
	assert.Error(t, err)
}
