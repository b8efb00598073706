package page

import (
	"github.com/terrarium-ml/terrarium/core/codegen"
)

var weightNames = map[codegen.Precision]string{
	codegen.Float32: "32 bits, as trained",
	codegen.Float16: "16 bits",
	codegen.Int8:    "8 bits",
}

// nodes describes the panel, or the button that opens it.
func (s *publishPart) nodes() Nodes {
	if !s.open {
		return Nodes{el("div", class("tools"), keyed("publish"),
			button("publish.open", "", "second", "Use it on your page…", ident("publish")))}
	}
	a := s.app
	panel := el("section", class("publish"), keyed("publish-panel"), ident("publish-panel"), attr("tabindex", "-1"), attr("aria-labelledby", "publish-title"),
		el("h3", ident("publish-title"), txt("Use it on your page")),
		el("p", txt("The model becomes one file of WebAssembly that needs nothing else. With it and embed.js, 6 kB of script, any page shows a form and the answer. What visitors type stays in their browsers, and no server computes anything.")))
	if s.problem != nil {
		s.problem.view("publish", "publish.dismiss").join(&panel)
	}
	if len(s.costs) > 0 && s.costs[0].refused != "" {
		el("p", class("check bad"), ident("publish-refused"), txt(s.costs[0].refused)).join(&panel)
	} else {
		s.costsView().join(&panel)
		all{tick("publish-plain", "publish.plain", "", "For browsers without SIMD as well (slower, the same answers)", s.plainOnly),
			el("p", txt("Put this where the form should be:")),
			el("pre", class("snippet"), attr("tabindex", "0"), attr("role", "region"), attr("aria-label", "The tag to paste"), el("code", ident("snippet"), asIs, txt(snippet))),
			el("div", class("tools"),
				button("publish.give", "page", "main", "Download all files (.zip)", ident("publish-page")),
				button("publish.give", "module", "second", "Only model.wasm", ident("publish-module")),
				button("publish.copy", "", "second", "Copy the tag")),
			el("p", class("hint"), txt("The archive holds index.html, which shows how; put the files on any web server. Words, colours and shapes can be changed by attributes and CSS, which embed.d.ts lists; it lies where this page comes from."))}.join(&panel)
	}
	all{el("h3", txt("For other programs")),
		el("div", class("tools"),
			button("publish.give", "layers-model", "second", "TensorFlow.js (model.json)", ident("publish-keras")),
			button("publish.give", "onnx", "second", "ONNX", ident("publish-onnx")))}.join(&panel)
	if p := a.result.now.info.Pipeline; p != nil {
		el("p", class("hint"), txt("These formats have no place for how columns become numbers: such a file takes the "+plural(p.Features(), "number", "numbers")+" a row that Terrarium makes of them.")).join(&panel)
	}
	el("div", class("tools"), button("publish.close", "", "second", "Close")).join(&panel)
	return Nodes{panel}
}

// costsView is the choice of weights: what each costs in bytes, and in right answers.
func (s *publishPart) costsView() Node {
	judged := s.measuring
	head := "Right on rows kept aside"
	for _, c := range s.costs {
		if c.test != nil {
			judged = true
			head = "Right on " + plural(c.test.Rows, "row", "rows") + " kept aside"
			if c.test.Headline != "acc" {
				head = "R² on " + plural(c.test.Rows, "row", "rows") + " kept aside"
			}
		}
	}
	body := el("tbody")
	for i, w := range weightChoices {
		id := "publish-" + string(w)
		row := el("tr", keyed(string(w)), attr("data-weights", string(w)))
		bytes, score := "…", "…"
		refused := false
		if i < len(s.costs) {
			c := s.costs[i]
			bytes, score, refused = size(int64(c.bytes)), "not measured", c.refused != ""
			if refused {
				bytes, score = "–", c.refused
			} else if c.test != nil {
				score = scoreText(c.test.Headline, c.test.Metrics)
			}
		}
		radio := el("input", attr("type", "radio"), attr("name", "publish-weights"), ident(id), attr("value", string(w)), act("publish.weights", ""), ticked(s.weights == w), when(refused, attr("disabled", "")))
		all{el("th", attr("scope", "row"), el("label", class("tick-box"), attr("for", id), radio, txt(weightNames[w]))), el("td", class("num"), txt(bytes)),
			when(judged || refused, el("td", txt(score)))}.join(&row)
		row.join(&body)
	}
	return el("div", class("wrap"), keyed("costs"), el("table", class("costs"), ident("publish-costs"), el("caption", class("unseen"), txt("How exactly the weights are kept")),
		el("thead", el("tr", el("th", attr("scope", "col"), txt("A weight takes")), el("th", attr("scope", "col"), class("num"), txt("File")), when(judged, el("th", attr("scope", "col"), txt(head))))), body))
}
