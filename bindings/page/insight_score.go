package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A scorePart is the score with its interval, beside guessing.
type scorePart struct {
	in      *insight
	q       *inquiry
	got     *bindings.JudgeResult
	buffers [][]byte
}

func (s *scorePart) init(in *insight) {
	s.in = in
	s.q = newInquiry(in.app.hub, "sure", "Working out how sure the score is", in.drawn(s))
}

func (s *scorePart) clear() {
	s.q.forget()
	s.got, s.buffers = nil, nil
}

func (s *scorePart) ask() {
	var got bindings.JudgeResult
	s.q.ask(Request{Method: bindings.MethodJudgeTest, Params: s.in.params()}, &got, func(buffers [][]byte) {
		if got.Rows > 0 {
			s.got, s.buffers = &got, buffers
			s.in.moves.begin()
			s.in.touch(&s.in.calibrated)
		}
	})
}

// scored writes a value of a headline.
func scored(headline string, v float64) string {
	if headline == "acc" {
		return percent(v)
	}
	return number(v)
}

func tickText(headline string, v float64) string {
	if headline == "acc" {
		return round(v)
	}
	return number(v)
}

// points writes a difference of shares, which are percentage points, or of R².
func points(headline string, values ...float64) []string {
	out := make([]string, len(values))
	for i, v := range values {
		if headline == "acc" {
			out[i] = strings.TrimSuffix(percent(v), "\u00a0%")
		} else {
			out[i] = strings.Replace(strconv.FormatFloat(v, 'f', 3, 64), "-", "−", 1)
		}
	}
	return out
}

// interval writes bounds: "91.2 % to 97.5 %".
func interval(headline string, b bindings.Bounds) string {
	return scored(headline, b.Low) + " to " + scored(headline, b.High)
}

func (s *scorePart) views() map[string]Nodes { return map[string]Nodes{"insight-score": s.view()} }

func (s *scorePart) view() Nodes {
	r := s.got
	if r == nil || !s.in.usable() {
		return s.q.view()
	}
	one, many := s.in.app.testedOn()
	name := "The model is right on "
	if r.Headline != "acc" {
		name = "R² of the model: "
	}
	text := name + scored(r.Headline, r.Score.Value) + "; with other " + many + " of the same kind it would be from " + interval(r.Headline, r.Score) + " (95 % interval, from " + plural(r.Rows, "test "+one, "test "+many) + ")."
	return Nodes{panel("sure", "How sure is this score?",
		el("p", ident("score-interval"), attr("data-low", plain(r.Score.Low)), attr("data-high", plain(r.Score.High)), txt(text)),
		el("p", ident("score-lead"), txt(leadText(r))),
		whiskers(r, min(s.in.app.screen.Width()-64, 560)),
		measureTable(r.Measures))}
}

// leadText says whether the model is clearly better than guessing.
func leadText(r *bindings.JudgeResult) string {
	p := points(r.Headline, r.Lead.Value, r.Lead.Low, r.Lead.High)
	lead, between := p[0], " (95 % interval "+p[1]+" to "+p[2]+")"
	if r.Headline == "acc" {
		lead += " percentage points"
	}
	switch {
	case r.Lead.Low > 0:
		return "That is clearly better than always guessing the same: by " + lead + between + "."
	case r.Lead.High < 0:
		return "That is clearly worse than always guessing the same, by " + lead + between + "."
	}
	return "Whether it is better than always guessing the same cannot be told from so few rows: the difference is " + lead + between + "."
}

// whiskers draws the score and the baseline with their intervals.
func whiskers(r *bindings.JudgeResult, width float64) Node {
	lo, hi, ok := extent([]float64{r.Score.Low, r.Score.High, r.Baseline.Low, r.Baseline.High, r.Score.Value, r.Baseline.Value})
	if !ok || r.Headline == "acc" {
		lo, hi = 0, 1
	}
	if lo == hi {
		hi = lo + 1
	}
	const left, right = 76.0, 24.0
	x := scale{lo, hi, left, max(width, 260) - right}
	svg := el("svg", class("plot whiskers"), ident("plot-whiskers"), attr("viewBox", "0 0 "+px(max(width, 260))+" 84"), attr("role", "img"),
		attr("aria-label", "Model "+scored(r.Headline, r.Score.Value)+", from "+interval(r.Headline, r.Score)+"; guessing "+scored(r.Headline, r.Baseline.Value)+", from "+interval(r.Headline, r.Baseline)))
	for _, v := range ticks(lo, hi, 4) {
		el("line", class("grid"), attr("x1", px(x.at(v))), attr("x2", px(x.at(v))), attr("y1", "6"), attr("y2", "60")).join(&svg)
		el("text", class("tick"), attr("x", px(x.at(v))), attr("y", "78"), attr("text-anchor", "middle"), txt(tickText(r.Headline, v))).join(&svg)
	}
	for i, b := range []struct {
		name, class string
		of          bindings.Bounds
	}{{"model", "train", r.Score}, {"guessing", "val", r.Baseline}} {
		y := px(20 + 26*float64(i))
		el("text", class("tick"), attr("x", px(left-10)), attr("y", px(24+26*float64(i))), attr("text-anchor", "end"), txt(b.name)).join(&svg)
		el("line", class("whisker "+b.class), attr("x1", px(x.at(b.of.Low))), attr("x2", px(x.at(b.of.High))), attr("y1", y), attr("y2", y)).join(&svg)
		el("circle", class("dot "+b.class), attr("r", "5"), attr("cx", px(x.at(b.of.Value))), attr("cy", y)).join(&svg)
	}
	return svg
}

// measureNames say what the other numbers are, and how to read them.
var measureNames = map[string][2]string{
	"f1":      {"Mean F1", "the mean over the classes, each counting alike; 1 is perfect"},
	"kappa":   {"Cohen’s kappa", "agreement beyond chance; 0 is chance, 1 is perfect"},
	"mcc":     {"Matthews correlation", "of what is said with what is so; 0 is chance, 1 is perfect"},
	"logLoss": {"Log loss", "punishes being sure and wrong; less is better"},
	"mae":     {"Mean absolute error", "in the target’s own units; less is better"},
	"rmse":    {"Root mean squared error", "large errors count more; less is better"},
}

func measureTable(list []bindings.Measure) Node {
	if len(list) == 0 {
		return el("div")
	}
	var rows Nodes
	for _, m := range list {
		known := measureNames[m.Name]
		between := "–"
		if m.Low < m.High {
			between = number(m.Low) + " to " + number(m.High)
		}
		rows = append(rows, el("tr", keyed(m.Name), attr("data-measure", m.Name), attr("data-value", plain(m.Value)),
			el("th", attr("scope", "row"), txt(known[0]+" "), el("span", class("hint sub"), txt(known[1]))),
			el("td", class("num"), txt(number(m.Value))), el("td", class("num"), txt(between)), el("td", class("num"), txt(number(m.Baseline)))))
	}
	return sheet("measures", "Other measures of the same answers", []string{"Measure", "Model", "95 % interval", "Guessing"}, rows)
}

// A classPart shows how well each class is found.
type classPart struct{ in *insight }

func (s *classPart) views() map[string]Nodes {
	var out Nodes
	if s.in.usable() && s.in.classes() {
		_, many := s.in.app.testedOn()
		out = Nodes{classTable(s.in.labels(), s.in.of.test.Confusion, many)}
	}
	return map[string]Nodes{"insight-classes": out}
}

func classTable(labels []string, confusion [][]int, many string) Node {
	if len(confusion) == 0 {
		return el("div")
	}
	var rows Nodes
	for k := range min(len(labels), len(confusion)) {
		is, said := 0, 0
		for i := range confusion {
			is += confusion[k][i]
			said += confusion[i][k]
		}
		right := confusion[k][k]
		share := func(of int) string {
			if of == 0 {
				return "–"
			}
			return percent(float64(right) / float64(of))
		}
		f1 := "–"
		if is+said > 0 {
			f1 = number(math.Round(2000*float64(right)/float64(is+said)) / 1000)
		}
		rows = append(rows, el("tr", keyed(labels[k]), el("th", attr("scope", "row"), asIs, txt(shorten(labels[k], 40))),
			el("td", class("num"), txt(count(is))), el("td", class("num"), txt(share(said))), el("td", class("num"), txt(share(is))), el("td", class("num"), txt(f1))))
	}
	return panel("by-class", "Each class by itself",
		sheet("class-table", "Precision is how often it is right when it says the class; recall is how much of the class it finds.", []string{"Class", "Test " + many, "Precision", "Recall", "F1"}, rows))
}
