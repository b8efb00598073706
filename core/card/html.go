package card

import (
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
)

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// style is all that the page looks like: it loads nothing.
const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c2420;background:#fff}` +
	`h1,h2{line-height:1.2}h2{margin-top:2rem;border-bottom:1px solid #9aa}table{border-collapse:collapse;width:100%}` +
	`th,td{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #cdd3cf;overflow-wrap:anywhere}` +
	`code,pre{font-size:.85em;overflow-wrap:anywhere;white-space:pre-wrap}` +
	`@media(prefers-color-scheme:dark){body{color:#dfe7e2;background:#161b18}th,td{border-color:#3a443e}}`

// HTML is the card as one page of its own, without a script, that loads nothing; its
// policy says so. What comes from the data is text, whatever it looks like.
func (c *Card) HTML() string {
	w := &writer{}
	w.raw(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">` +
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">` +
		`<meta name="viewport" content="width=device-width, initial-scale=1"><title>Model card</title><style>` + style + `</style></head><body>`)
	w.raw(`<h1>Model card: <span translate="no">`).text(c.Name).raw(`</span></h1>`)
	for _, s := range c.Sections() {
		w.raw("<h2>").text(s.Title).raw("</h2>")
		if len(s.Rows) > 0 {
			w.raw("<table>")
			for _, r := range s.Rows {
				w.raw("<tr>")
				for i, cell := range r {
					if i == 0 {
						w.raw(`<th scope="row">`).text(cell).raw("</th>")
					} else {
						w.raw("<td>").text(cell).raw("</td>")
					}
				}
				w.raw("</tr>")
			}
			w.raw("</table>")
		}
		if len(s.Items) > 0 {
			w.raw("<ul>")
			for _, item := range s.Items {
				w.raw("<li>").text(item).raw("</li>")
			}
			w.raw("</ul>")
		}
	}
	w.raw("</body></html>\n")
	return w.b.String()
}

type writer struct{ b strings.Builder }

func (w *writer) raw(s string) *writer  { w.b.WriteString(s); return w }
func (w *writer) text(s string) *writer { escape.WriteString(&w.b, s); return w }

// A Section is a piece of the card for people: rows of a heading and what belongs to it,
// or a list.
type Section struct {
	Title string
	Rows  [][]string
	Items []string
}

// Sections is the card for people.
func (c *Card) Sections() []Section {
	d, t := &c.Data, &c.Training
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', 5, 64) }
	whole := strconv.Itoa
	var out []Section

	score := Section{Title: "What it is worth"}
	if s := c.Scores; s != nil {
		score.Rows = append(score.Rows, []string{"Judged on", whole(s.Rows) + " examples of the " + s.Part + " part"})
		for _, m := range s.Metrics {
			row := []string{m.Name, number(m.Value)}
			for _, b := range s.Baseline {
				if b.Name == m.Name {
					row[1] += " (guessing: " + number(b.Value) + ")"
				}
			}
			score.Rows = append(score.Rows, row)
		}
		for _, g := range s.Groups {
			row := []string{g.Column + " = " + g.Value, whole(g.Rows) + " examples"}
			for _, m := range g.Metrics {
				row[1] += ", " + m.Name + " " + number(m.Value)
			}
			score.Rows = append(score.Rows, row)
		}
	}
	out = append(out, score, Section{Title: "Its limits", Items: c.Limits})

	profile := Section{Title: "What it learned from", Rows: [][]string{
		{"Source", d.Source}, {"Kind", d.Kind}, {"Predicts", d.Target + " (" + string(d.Task) + ")"},
		{"Examples", whole(d.Train) + " to learn from, " + whole(d.Validation) + " to validate, " + whole(d.Test) + " to test"},
		{"Split", "seed " + strconv.FormatUint(d.Split.Seed, 10) + map[bool]string{true: ", each part with its share of every class"}[d.Split.Stratify]},
		{"Fingerprint", d.Fingerprint}}}
	for i, label := range d.Labels {
		if i < len(d.Counts) {
			profile.Rows = append(profile.Rows, []string{"Class " + label, whole(d.Counts[i]) + " to learn from"})
		}
	}
	if d.Min != 0 || d.Max != 0 {
		profile.Rows = append(profile.Rows, []string{"Range of " + d.Target, number(d.Min) + " to " + number(d.Max)})
	}
	profile.Items = d.Notices
	out = append(out, profile)

	if len(d.Columns) > 0 {
		s := Section{Title: "What was decided about each column"}
		for _, col := range d.Columns {
			if col.Role == string(data.RoleIgnore) {
				col.Encoding, col.Scaling, col.Missing = "", "", ""
			}
			s.Rows = append(s.Rows, []string{col.Name, joined(col.Role, col.Kind, col.Encoding, col.Scaling, col.Missing), col.Why})
		}
		out = append(out, s)
	}

	how := Section{Title: "How it was trained", Rows: [][]string{
		{"Seed", strconv.FormatUint(t.Seed, 10)}, {"Parameters", whole(t.Parameters)}, {"Optimizer", t.Optimizer + ", learning rate " + number(t.Rate)},
		{"Loss", t.Loss}, {"Epochs", whole(t.Done) + " of " + whole(t.Epochs) + map[string]string{WhyEarly: ", ended early as it no longer improved", WhyStopped: ", stopped by hand"}[t.Why]}}}
	for _, v := range t.First {
		for _, l := range t.Last {
			if l.Name == v.Name {
				how.Rows = append(how.Rows, []string{v.Name, number(v.Value) + " after the first epoch, " + number(l.Value) + " after the last"})
			}
		}
	}
	for i, l := range t.Layers {
		how.Rows = append(how.Rows, []string{"Layer " + whole(i+1), l})
	}
	how.Rows = append(how.Rows, []string{"Options", string(t.Options)})
	out = append(out, how)

	if len(c.Written) > 0 {
		s := Section{Title: "What it wrote while it learned"}
		for _, w := range c.Written {
			s.Rows = append(s.Rows, []string{"In round " + whole(w.Round), w.Text})
		}
		out = append(out, s)
	}

	licence := c.Licence
	if licence == "" {
		licence = "not stated"
	}
	return append(out, Section{Title: "What it is", Rows: [][]string{
		{"Licence", licence}, {"Made", c.Made}, {"By", c.Program}, {"Numerics version", whole(c.Numerics)},
		{"SHA-256 of the weights", c.Digests.Weights}, {"SHA-256 of the log", c.Digests.Log}}})
}

// joined writes what is not empty.
func joined(parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, ", ")
}
