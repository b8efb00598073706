package page

import (
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A forecastStep is step 5: what comes after the data.
type forecastStep struct {
	app     *Series
	of      *outcome
	series  int
	level   string
	got     *bindings.SeriesForecastResult
	problem *problem
	serial  int
}

func newForecast(a *Series) *forecastStep {
	s := &forecastStep{app: a, level: "0.8"}
	a.on("forecast.series", func(act Action) { s.series, _ = strconv.Atoi(act.Value); s.ask() })
	a.on("forecast.level", func(act Action) { s.level = act.Value; s.ask() })
	a.on("forecast.csv", func(Action) { s.download() })
	a.on("forecast.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

func (s *forecastStep) stopped() { s.serial++; s.got = nil }

// begin takes a model that was just trained or loaded; nil: there is none any more.
func (s *forecastStep) begin(r *outcome) {
	s.of, s.got, s.problem = r, nil, nil
	s.ask()
}

// again asks once more: the file is another one.
func (s *forecastStep) again() {
	s.series, s.got, s.problem = 0, nil, nil
	s.ask()
}

// ask asks the model for what comes next.
func (s *forecastStep) ask() {
	a := s.app
	a.touch(s)
	if !ofSeries(s.of) || !a.open() || !a.state.ready || a.train.phase == fitting {
		return
	}
	s.serial++
	mine := s.serial
	a.work(func() {
		got, err := s.fetch()
		if mine != s.serial {
			return
		}
		a.touch(s)
		switch {
		case lostEngine(err):
		case err != nil:
			s.problem = &problem{text: failure(err).Message}
			s.got = &bindings.SeriesForecastResult{} // another series can still be chosen
			for _, one := range a.file.info.Series {
				s.got.Keys = append(s.got.Keys, one.Key)
			}
		default:
			s.problem, s.got = nil, got
		}
	})
}

// fetch asks the engine. A model without intervals gives none.
func (s *forecastStep) fetch() (*bindings.SeriesForecastResult, error) {
	level, _ := read(s.level)
	p := bindings.SeriesForecastParams{Model: s.of.info.Model, Table: s.app.table(), Series: s.series}
	var bare bindings.SeriesForecastResult
	if err := s.app.ask(bindings.MethodSeriesForecast, p, &bare); err != nil {
		return nil, err
	}
	for _, l := range bare.Levels {
		if l == level {
			p.Level = level
			var got bindings.SeriesForecastResult
			err := s.app.ask(bindings.MethodSeriesForecast, p, &got)
			return &got, err
		}
	}
	return &bare, nil
}

// sure tells whether the forecast has intervals.
func (s *forecastStep) sure() bool {
	if s.got == nil || s.level == "0" {
		return false
	}
	for _, p := range s.got.Points {
		if p.Low != p.High {
			return true
		}
	}
	return false
}

// download offers the forecast as a CSV file.
func (s *forecastStep) download() {
	g := s.got
	if g == nil {
		return
	}
	var b strings.Builder
	cell := func(text string) string {
		if strings.ContainsAny(text, ",\"\n\r") {
			return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		return text
	}
	b.WriteString("time")
	if g.Key != "" {
		b.WriteString(",series")
	}
	b.WriteString("," + cell(g.Target))
	if s.sure() {
		b.WriteString(",low,high")
	}
	b.WriteString("\n")
	for _, p := range g.Points {
		b.WriteString(momentName(g.Frequency, p.Days))
		if g.Key != "" {
			b.WriteString("," + cell(g.Key))
		}
		b.WriteString("," + plain(p.Value))
		if s.sure() {
			b.WriteString("," + plain(p.Low) + "," + plain(p.High))
		}
		b.WriteString("\n")
	}
	name := "forecast of " + g.Target
	if g.Key != "" {
		name += " " + g.Key
	}
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, name)
	s.app.screen.Download(name+".csv", []byte(b.String()))
	s.app.state.say("Saved " + name + ".csv to your downloads.")
}

func (s *forecastStep) views() map[string]Nodes {
	a := s.app
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("forecast", "forecast.dismiss"))
	}
	empty := ""
	switch {
	case s.of == nil:
		empty = "Once there is a model, you see here what it says comes next."
	case !ofSeries(s.of):
		empty = "This model does not take series. Open it on the page of its own kind of data."
	case !a.open():
		empty = "Open the file above whose future you want to know: the model goes on from its last values."
	}
	if empty != "" {
		return map[string]Nodes{"forecast-view": append(out, el("p", class("empty"), txt(empty)))}
	}
	if s.got != nil {
		out = append(out, s.fieldsView())
		if len(s.got.Points) > 0 {
			out = append(out, s.plotView(), s.tableView())
		}
	}
	return map[string]Nodes{"forecast-view": out}
}

func (s *forecastStep) fieldsView() Node {
	g := s.got
	fields := el("div", class("fields"), keyed("fields"))
	if len(g.Keys) > 1 {
		choices := []choice{}
		for i, key := range g.Keys {
			choices = append(choices, choice{strconv.Itoa(i), key})
		}
		field("forecast-series", "Series", "", check{}, func(more Part) Node {
			return chooser("forecast-series", "forecast.series", "", strconv.Itoa(s.series), choices, more, asIs)
		}).join(&fields)
	}
	if len(g.Levels) > 0 {
		field("forecast-level", "The band should hold", "Made of the errors on the validation part: what happened then may not be all that can happen.", check{}, func(more Part) Node {
			return chooser("forecast-level", "forecast.level", "", s.level, levelChoices, more)
		}).join(&fields)
	}
	return fields
}

func (s *forecastStep) plotView() Node {
	a, g := s.app, s.got
	n := float64(len(g.Recent))
	before := min(n, max(4*float64(len(g.Points)), 2*float64(g.Frequency.Season()), 24))
	p := timePlot{id: "forecast-plot", frequency: g.Frequency, first: g.First, from: n - before, to: n + float64(len(g.Points)), width: a.plotWidth(), height: 280, mark: n - 0.5}
	past, next, band := timeLine{class: "train"}, timeLine{class: "val"}, timeRange{from: n}
	for i := int(n - before); i < len(g.Recent); i++ {
		past.points = append(past.points, spot{float64(i), g.Recent[i]})
	}
	for k, at := range g.Points {
		next.points = append(next.points, spot{n + float64(k), at.Value})
		band.low, band.high = append(band.low, at.Low), append(band.high, at.High)
	}
	joined := next // goes on from the last value that is known
	if len(past.points) > 0 {
		joined.points = append([]spot{past.points[len(past.points)-1]}, next.points...)
	}
	p.lines, p.dots = []timeLine{past, joined}, []timeLine{next}
	if s.sure() {
		p.interval = &band
	}
	p.title = "The next " + periods(len(g.Points), g.Frequency) + " of " + g.Target + ": " + summary(next.points)
	return el("figure", keyed("forecast-plot"), el("figcaption", el("b", txt("The next "+periods(len(g.Points), g.Frequency))), el("p", class("legend"), el("span", class("key train"), txt("known")), el("span", class("key val"), txt("forecast")))), p.view())
}

func (s *forecastStep) tableView() Node {
	g := s.got
	head := el("tr", el("th", attr("scope", "col"), txt(upperFirst(string(g.Frequency)))), el("th", attr("scope", "col"), class("num"), asIs, txt(g.Target)))
	if s.sure() {
		all{el("th", attr("scope", "col"), class("num"), txt("from")), el("th", attr("scope", "col"), class("num"), txt("to"))}.join(&head)
	}
	body := el("tbody")
	for _, p := range g.Points {
		row := el("tr", attr("data-period", momentName(g.Frequency, p.Days)), attr("data-value", plain(p.Value)), el("th", attr("scope", "row"), asIs, txt(momentName(g.Frequency, p.Days))), el("td", class("num"), el("b", txt(number(p.Value)))))
		if s.sure() {
			all{el("td", class("num"), txt(number(p.Low))), el("td", class("num"), txt(number(p.High)))}.join(&row)
		}
		row.join(&body)
	}
	return el("div", class("wrap"), keyed("table"),
		el("div", class("scroll"), attr("tabindex", "0"), attr("role", "region"), attr("aria-label", "Forecast"), el("table", class("rules"), ident("forecast"), el("thead", head), body)),
		el("div", class("tools"), button("forecast.csv", "", "second", "Download the forecast (.csv)", ident("forecast-csv"))))
}
