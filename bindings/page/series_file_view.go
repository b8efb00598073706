package page

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/series"
)

func (s *seriesFile) views() map[string]Nodes {
	a := s.app
	samples := Nodes{}
	for _, info := range series.Samples() {
		samples = append(samples, el("button", attr("type", "button"), class("sample"), ident("sample-"+info.Name), act("data.sample", info.Name),
			when(!a.state.ready || s.reading != nil || a.train.busy(), attr("disabled", "")),
			el("b", txt(info.Title)), el("span", txt(info.Description))))
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("data", "data.dismiss"))
	}
	switch {
	case s.reading != nil:
		text := "Reading " + s.reading.name
		if s.total > 0 {
			text += ": " + size(int64(s.done)) + " of " + size(int64(s.total))
		}
		out = append(out, el("div", class("progress-line"), keyed("reading"), progress("read-progress", "Reading", s.done, s.total), el("span", txt(text)),
			button("data.cancel", "", "second", "Cancel", ident("cancel-read"))))
	case s.info != nil:
		out = append(out, s.readView(), s.columnsView())
		if s.info.Problem != "" {
			out = append(out, el("p", class("check bad"), keyed("misfit"), ident("problem-columns"), txt(s.info.Problem)))
		} else {
			out = append(out, s.foundView(), s.plotsView())
		}
	}
	if s.last != nil && s.last.sample == "" && s.reading == nil {
		out = append(out, readOptions(&s.read))
	}
	return map[string]Nodes{"samples": samples, "data-view": out}
}

// readView says what was read.
func (s *seriesFile) readView() Node {
	p := &s.info.Profile
	box := el("div", class("wrap"), keyed("read"),
		el("p", class("read"), ident("data-read"), el("strong", txt(plural(p.Rows, "row", "rows")+" and "+plural(len(p.Columns), "column", "columns"))), txt(" read from "), el("em", asIs, txt(s.from.name)), txt(". "),
			el("span", class("quiet"), txt(size(p.FileBytes)+", "+size(p.MemoryBytes)+" in memory."))))
	noticeList("data-notices", generalNotices(p.Notices)).join(&box)
	return box
}

var frequencyNames = map[series.Frequency]string{series.Hourly: "hour", series.Daily: "day", series.Weekly: "week", series.Monthly: "month", series.Quarterly: "quarter", series.Yearly: "year"}

var fillNames = []choice{{string(series.FillLinear), "a straight line between its neighbours"}, {string(series.FillLast), "the last value before"}, {string(series.FillZero), "zero"}, {string(series.FillRefuse), "nothing: complain"}}

// fillReasons say when a policy is right.
var fillReasons = map[series.Fill]string{
	series.FillLinear: "Right where values change little by little, and some were not written down.",
	series.FillLast:   "Right for prices, stock and other values that stay until they change.",
	series.FillZero:   "Right where no row means that nothing was sold or nobody came.",
	series.FillRefuse: "Right where there must be no gap: the page then says where the first one is.",
}

var mergeNames = []choice{{string(series.MergeMean), "their mean"}, {string(series.MergeSum), "their sum"}, {string(series.MergeLast), "the last of them"}, {string(series.MergeRefuse), "nothing: complain"}}

var mergeReasons = map[series.Merge]string{
	series.MergeMean:   "Right for measurements, such as temperatures and prices.",
	series.MergeSum:    "Right for amounts that add up, such as single sales of a day.",
	series.MergeLast:   "Right where a later row corrects an earlier one.",
	series.MergeRefuse: "Right where each date must come once: the page then says which one does not.",
}

// columnsView asks which columns make the series, and by which policies.
func (s *seriesFile) columnsView() Node {
	a, info := s.app, s.info
	c, o := &info.Columns, &info.Options
	fill, merge := cmp.Or(o.Fill, series.FillLinear), cmp.Or(o.Merge, series.MergeMean)
	all := []choice{}
	none := []choice{{"", "none"}}
	var keys []choice
	values := el("div", class("boxes"), attr("role", "group"), attr("aria-label", "Columns of numbers"))
	for i, p := range info.Profile.Columns {
		one := choice{p.Name, p.Name}
		all = append(all, one)
		if !slices.Contains([]string{c.Date, c.Month, c.Day, c.Time}, p.Name) {
			keys = append(keys, one)
			if p.Kind == data.KindNumber || slices.Contains(c.Values, p.Name) {
				tick("value-"+strconv.Itoa(i), "series.value", p.Name, p.Name, slices.Contains(c.Values, p.Name), asIs).join(&values)
			}
		}
	}
	if c.Date == "" {
		all = append([]choice{{"", "choose…"}}, all...)
	}
	fields := el("div", class("fields"),
		field("date", "Dates", c.Reason, check{}, func(more Part) Node {
			return chooser("date", "series.date", "", c.Date, all, more, asIs)
		}),
		s.orderView(),
		when(c.Month != "" || s.yearsOnly(), field("month", "Months", "Beside a column of years.", check{}, func(more Part) Node {
			return chooser("month", "series.month", "", c.Month, append(none, all...), more, asIs)
		})),
		when(c.Month != "", field("day", "Days", "Beside years and months.", check{}, func(more Part) Node {
			return chooser("day", "series.day", "", c.Day, append(none, all...), more, asIs)
		})),
		when(c.Time != "" || info.Merged > 0 && o.Frequency == series.Daily, field("time", "Times of day", "Beside a column of dates: hours, or times such as 18:05.", check{}, func(more Part) Node {
			return chooser("time", "series.time", "", c.Time, append(none, all...), more, asIs)
		})),
		field("key", "Series are told apart by", "Where each shop or product has rows of its own.", check{}, func(more Part) Node {
			return chooser("key", "series.key", "", c.Key, append(none, keys...), more, asIs)
		}),
		el("div", class("field"), keyed("values"), el("span", class("label"), attr("aria-hidden", "true"), txt("Numbers")), values))
	frequencies := []choice{{"", "find out"}}
	for _, f := range series.Frequencies {
		frequencies = append(frequencies, choice{string(f), frequencyNames[f]})
	}
	frequencyHint := ""
	if s.asked.Frequency == "" && o.Frequency != "" {
		frequencyHint = "Found: one value each " + frequencyNames[o.Frequency] + "."
	}
	policies := el("div", class("fields"),
		field("frequency", "One value each", frequencyHint, check{}, func(more Part) Node {
			return chooser("frequency", "series.frequency", "", string(s.asked.Frequency), frequencies, more)
		}),
		field("fill", "A gap is filled with", fillReasons[fill], check{}, func(more Part) Node {
			return chooser("fill", "series.fill", "", string(fill), fillNames, more)
		}),
		field("merge", "Several values at one time become", mergeReasons[merge], check{}, func(more Part) Node {
			return chooser("merge", "series.merge", "", string(merge), mergeNames, more)
		}))
	undo := "Undo"
	if n := len(s.past); n > 0 {
		undo = "Undo: " + s.past[n-1].label
	}
	return el("fieldset", class("plain"), keyed("columns"), when(a.train.busy(), attr("disabled", "")), fields, policies,
		el("div", class("tools"), button("series.undo", "", "second small", undo, ident("undo"), when(len(s.past) == 0, attr("disabled", "")))))
}

// orderView asks for the order of day and month, where dates are written with both.
func (s *seriesFile) orderView() Part {
	order := s.order()
	if order != data.DateDMY && order != data.DateMDY {
		return all(nil)
	}
	hint := check{}
	for _, n := range s.info.Profile.Notices {
		if n.Code == data.NoticeDateOrder && n.Column == s.info.Columns.Date {
			hint.text = "Both would be possible. Please look whether it is right."
		}
	}
	return field("date-order", "Dates are written", "", hint, func(more Part) Node {
		return chooser("date-order", "series.order", "", string(order), []choice{{string(data.DateDMY), "day first: 31/01/2024"}, {string(data.DateMDY), "month first: 01/31/2024"}}, more)
	})
}

// yearsOnly tells whether the dates are a column of whole numbers: years.
func (s *seriesFile) yearsOnly() bool {
	for _, p := range s.info.Profile.Columns {
		if p.Name == s.info.Columns.Date {
			return p.Kind == data.KindNumber
		}
	}
	return false
}

// foundView says what the series are, and what was done to make them.
func (s *seriesFile) foundView() Node {
	info := s.info
	longest := 0
	for _, one := range info.Series {
		longest = max(longest, one.Periods)
	}
	f := info.Options.Frequency
	text := plural(len(info.Series), "series", "series") + ", up to " + periods(longest, f) + " long. "
	switch {
	case info.Filled == 0 && info.Merged == 0:
		text += "There are no gaps, and each date comes once."
	case info.Filled == 0:
		text += "There are no gaps."
	default:
		text += plural(info.Filled, "value was", "values were") + " missing; they are marked below the lines."
	}
	box := el("div", class("wrap"), keyed("found"), el("p", class("prepared"), ident("found"), txt(text)))
	noticeList("series-notices", info.Notices).join(&box)
	s.gapsView().join(&box)
	return box
}

// mostGaps is how many gaps are listed.
const mostGaps = 60

// gapsView lists where the values of the plotted series were filled.
func (s *seriesFile) gapsView() Part {
	list := el("ul", class("notices"))
	listed, f := 0, s.info.Options.Frequency
	for _, shown := range s.plots {
		if shown.series >= len(s.info.Series) {
			continue
		}
		one := s.info.Series[shown.series]
		for _, gap := range shown.filled {
			if listed++; listed > mostGaps {
				break
			}
			from, to := one.First+int(gap[0]), one.First+int(gap[1])-1
			text := periodName(f, from)
			if to > from {
				text += " to " + periodName(f, to)
			}
			el("li", class("notice"), when(one.Key != "", el("span", asIs, txt(one.Key)), txt(": ")), txt(text)).join(&list)
		}
	}
	if listed == 0 {
		return all(nil)
	}
	return el("details", class("more"), keyed("gaps"), ident("gaps"), el("summary", txt("Where the gaps are")), list,
		when(listed > mostGaps, el("p", class("hint"), txt("The first "+count(mostGaps)+" are listed."))))
}

// plotsView draws every series, the first ones at once.
func (s *seriesFile) plotsView() Node {
	a := s.app
	box := el("div", class("wrap"), keyed("plots"), ident("plots"))
	w := a.plotWidth()
	height := 150.0
	if len(s.info.Series) == 1 {
		height = 230
	}
	for _, shown := range s.plots {
		if shown.series >= len(s.info.Series) {
			continue
		}
		one := s.info.Series[shown.series]
		name := one.Key
		if name == "" {
			name = a.plan.setup.Target
		}
		p := timePlot{id: "series-" + count(shown.series), frequency: s.info.Options.Frequency, first: one.First, to: float64(one.Periods), width: w, height: height,
			lines: []timeLine{{"train", shown.points}}, filled: shown.filled, title: name + ": " + periods(one.Periods, s.info.Options.Frequency) + " " + summary(shown.points)}
		el("figure", keyed(p.id), el("figcaption", el("b", asIs, txt(name)), el("span", class("quiet"), txt(" "+periods(one.Periods, p.frequency)+", "+periodName(p.frequency, one.First)+" to "+periodName(p.frequency, one.First+one.Periods-1)))), p.view()).join(&box)
	}
	if n := len(s.info.Series) - s.shown; n > 0 {
		button("series.more", "", "second small", "Show more series ("+count(n)+" left)", ident("more-series")).join(&box)
	}
	return box
}
