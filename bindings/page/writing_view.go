package page

import (
	"strconv"
	"strings"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/text"
)

func (s *writeStep) views() map[string]Nodes {
	a := s.app
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("write", "write.dismiss"))
	}
	for _, info := range text.Samples() {
		if info.Writes && s.info == nil {
			out = append(out, el("div", class("samples"), keyed("samples"), el("button", attr("type", "button"), class("sample"), ident("write-sample-"+info.Name), act("write.sample", info.Name),
				when(!a.state.ready || s.reading || s.run.busy(), attr("disabled", "")), el("b", txt(info.Title)), el("span", txt(info.Description)))))
		}
	}
	if s.reading {
		out = append(out, el("div", class("progress-line"), keyed("reading"), progress("write-read", "Reading", 0, 0), el("span", txt("Reading the text…")), button("write.cancel", "", "second", "Cancel", ident("write-cancel-read"))))
	}
	if s.info != nil {
		out = append(out, s.infoView(), s.learnView())
	}
	if s.info != nil || s.run.busy() {
		out = append(out, s.goView())
	}
	if s.run.busy() || len(s.run.loss) > 0 {
		out = append(out, s.runView())
	}
	if s.model != nil {
		out = append(out, s.writeView())
	}
	return map[string]Nodes{"write-view": out}
}

// infoView says what was read.
func (s *writeStep) infoView() Node {
	i := s.info
	return el("div", class("wrap"), keyed("info"),
		el("p", class("read"), ident("write-read-said"), el("strong", txt(plural(i.Characters, "character", "characters"))), txt(" read from "), el("em", asIs, txt(s.from.name)), txt(". "),
			el("span", class("quiet"), txt(plural(i.Lines, "line", "lines")+", "+plural(i.Different, "different character", "different characters")+", "+encodingOf(i)+"."))),
		el("p", class("raw page-of-text"), asIs, txt(i.Beginning+"…")),
		el("details", class("more"), el("summary", txt("Fingerprint")), el("p", class("hint"), txt("SHA-256 of the text: the same text always gives the same fingerprint.")), el("code", class("digest"), asIs, txt(i.Fingerprint))))
}

// learnView asks how to learn.
func (s *writeStep) learnView() Node {
	c := s.check()
	entryOf := func(id, action, label, hint, value, mode string) Node {
		return field(id, label, hint, c[id], func(more Part) Node { return entry(id, action, "", value, mode, all{more, settled}) })
	}
	var networks []choice
	reason := ""
	if n := s.chosen(); n != nil {
		reason = n.Reason
		for _, k := range s.prepared.Networks {
			networks = append(networks, choice{k.Name, k.Title})
		}
	}
	pieces := "How often it looks at pieces from all of the text."
	if p := s.prepared; p != nil {
		pieces = "A round looks at " + plural(p.Prepared.Train, "piece", "pieces") + " of the text, each time other ones. It stops earlier when it no longer gets better."
	}
	box := el("fieldset", class("plain"), keyed("learn"), when(s.run.busy(), attr("disabled", "")),
		el("div", class("fields wide"),
			field("write-kind", "A token is", s.setup.Reason, check{}, func(more Part) Node {
				return chooser("write-kind", "write.kind", "", string(s.setup.Kind), []choice{{string(text.KindCharacters), "a character"}, {string(text.KindBytePairs), "a part of a word (byte pairs)"}}, more)
			}),
			when(len(networks) > 0, field("write-network", "Network", reason, check{}, func(more Part) Node {
				return chooser("write-network", "write.network", "", s.network, networks, more)
			}))),
		el("div", class("fields"),
			entryOf("write-length", "write.length", "It looks back at", "Tokens: more than that it cannot remember.", s.length, "numeric"),
			entryOf("write-rounds", "write.rounds", "Rounds", pieces, s.rounds, "numeric"),
			entryOf("write-rate", "write.rate", "Learning rate", "How far each step goes.", s.rate, "decimal"),
			entryOf("write-seed", "write.seed", "Seed", "The same seed gives the same model, to the bit.", s.seed, "numeric")))
	if n := s.chosen(); n != nil {
		layerList("write-layers", plural(s.prepared.Setup.Length, "token", "tokens"), n.Layers, "the next of "+plural(s.prepared.Vocabulary, "token", "tokens")).join(&box)
	}
	return box
}

// goView has the buttons.
func (s *writeStep) goView() Node {
	a := s.app
	label := "Learn to write"
	if s.model != nil {
		label = "Learn again"
	}
	return el("div", class("tools go"), keyed("go"),
		when(s.info != nil, button("write.train", "", "main", label, ident("write-train"), when(s.run.busy() || a.train.busy() || s.writing || !a.state.ready || s.prepared == nil, attr("disabled", "")))),
		when(s.resumable() && !s.run.busy(), button("write.goon", "", "second", "Go on with the training that was cut off", ident("write-goon"), when(a.train.busy() || s.writing || !a.state.ready, attr("disabled", "")))),
		button("write.stop", "", "second", map[bool]string{false: "Stop", true: "Stopping…"}[s.run.phase == stopping], ident("write-stop"), when(s.run.phase != preparing && s.run.phase != fitting, attr("disabled", ""))))
}

// runView shows how the training goes, and what the model writes meanwhile.
func (s *writeStep) runView() Node {
	r := &s.run
	box := el("div", class("wrap"), keyed("run"))
	if r.busy() {
		line := "Getting ready…"
		if r.rounds > 0 {
			line = "Round " + strconv.FormatFloat(r.done, 'f', 1, 64) + " of " + count(r.rounds)
			if now := r.done - float64(r.before); now > 0.3 {
				spent := s.app.screen.Now().Sub(r.began)
				line += " · " + timeLeft(time.Duration(float64(spent)*(float64(r.rounds)-r.done)/now)) + " at most"
			}
		}
		el("div", class("progress-line"), keyed("progress"), progress("write-progress", "Learning to write", r.done, float64(r.rounds)), el("span", ident("write-progress-text"), txt(line))).join(&box)
	} else if r.ended != "" {
		el("p", ident("write-ended"), keyed("ended"), txt(r.ended)).join(&box)
	}
	if len(r.loss) > 1 {
		w := min(540, max(s.app.screen.Width()-56, 280))
		p := Plot{ID: "plot-writing", Title: "Loss", Width: w, Height: min(w*0.45, 220), Cursor: -1, Best: -1, Epochs: min(max(r.rounds, 2), max(10, 2*len(r.loss))), Axis: "round",
			Curves: []Curve{{"training", "train", r.loss}}}
		if len(r.val) > 0 {
			p.Curves = append(p.Curves, Curve{"validation", "val", r.val})
		}
		legend := el("p", class("legend"))
		for _, c := range p.Curves {
			el("span", class("key "+c.Class), txt(c.Name+" "), el("b", txt(p.value(c.Points[len(c.Points)-1])))).join(&legend)
		}
		el("figure", keyed("curve"), el("figcaption", el("b", txt("Loss")), el("span", class("quiet"), txt(" of each round: the lower, the better it foretells the next character")), legend), p.View()).join(&box)
	}
	if len(r.samples) > 0 {
		el("h3", keyed("samples-title"), txt("What it writes while it learns")).join(&box)
		list := el("ol", class("records"), ident("write-live"), keyed("samples"))
		for i := range r.samples {
			w := &r.samples[i]
			el("li", class("record"), keyed("s"+strconv.Itoa(w.round)+"-"+strconv.Itoa(len(r.samples)-i)), el("p", class("record-head"), el("span", class("quiet"), txt("in round "+count(w.round)))),
				el("p", class("raw"), asIs, txt(w.text))).join(&list)
		}
		list.join(&box)
	}
	return box
}

// heatSaid says what a temperature means.
func heatSaid(v float64) string {
	switch {
	case v == 0:
		return "always the likeliest"
	case v < 0.6:
		return "careful, repeats itself"
	case v <= 1.05:
		return "much as it learned"
	}
	return "daring, makes mistakes"
}

// writeView has the model write.
func (s *writeStep) writeView() Node {
	busy := s.writing || s.run.busy() || !s.app.state.ready
	heat, _ := read(s.temperature)
	said := s.temperature + ", " + heatSaid(heat)
	box := el("div", class("wrap"), keyed("write"), attr("role", "group"), attr("aria-labelledby", "write-title"), el("h3", ident("write-title"), txt("Let it write")),
		el("p", class("hint"), ident("write-model"), txt("The model learned from “"+s.of+"”.")),
		s.interrupted(),
		el("div", class("fields"),
			field("write-start", "Begin with", "It goes on with this; left empty, it begins a line.", check{}, func(more Part) Node {
				return entry("write-start", "write.start", "", s.start, "", all{more, asIs, attr("maxlength", "2000")})
			}),
			field("temperature", "Temperature: "+said, "Low: likely words; high: unlikely ones too.", check{}, func(more Part) Node {
				return el("input", ident("temperature"), attr("name", "temperature"), attr("type", "range"), attr("min", "0"), attr("max", "2"), attr("step", "0.1"), act("write.temperature", ""), holding(s.temperature), attr("aria-valuetext", said), more)
			}),
			field("write-count", "Characters", "", check{}, func(more Part) Node {
				return entry("write-count", "write.count", "", s.count, "numeric", more)
			}),
			field("write-chance", "Seed", "The same seed writes the same text.", check{}, func(more Part) Node {
				return entry("write-chance", "write.chance", "", s.chance, "numeric", more)
			})),
		el("div", class("tools"),
			button("write.go", "", "main", "Write", ident("write-go"), when(busy, attr("disabled", ""))),
			button("write.more", "", "second", "Write on", ident("write-more"), when(busy || s.written == "", attr("disabled", ""))),
			button("write.cancel", "", "second", "Stop writing", ident("write-cancel"), when(!s.writing, attr("disabled", ""))),
			button("write.copy", "", "second", "Copy", ident("write-copy"), when(s.written == "", attr("disabled", "")))))
	if s.written != "" || s.writing {
		el("div", class("answer"), ident("written-box"), el("p", class("raw page-of-text"), ident("written"), asIs, attr("tabindex", "0"), attr("role", "region"), attr("aria-labelledby", "write-title"), attr("aria-busy", strconv.FormatBool(s.writing)), txt(s.written))).join(&box)
	}
	s.looks.nodes().join(&box)
	if !s.lent {
		proof("write-", s.model, s.digest).join(&box)
		label, hint := "Save in this browser", "Stored on this computer only; you find it again in step 8."
		if s.app.shelf.holds(strings.TrimSpace(s.name)) {
			label, hint = "Replace the saved model", "A model of that name is saved already; it will be replaced."
			if s.saved {
				hint = "This model is saved."
			}
		}
		el("form", class("save"), keyed("save"), ident("write-save-form"), act("write.save", ""),
			field("write-name", "Keep the model as", hint, check{}, func(more Part) Node {
				return entry("write-name", "write.name", "", s.name, "", all{more, asIs, attr("maxlength", "120")})
			}),
			el("button", attr("type", "submit"), class("second"), ident("write-save"), when(s.working, attr("disabled", "")), txt(label)),
			button("write.download", "", "second", "Download", ident("write-download"))).join(&box)
	}
	return box
}

// encodingOf says how the text was read; what is neither Unicode nor western is worth a word.
func encodingOf(i *bindings.WritingInfo) string {
	if strings.HasPrefix(i.Encoding, "UTF-") || i.Encoding == "Windows-1252" {
		return i.Encoding
	}
	return "read as " + i.Encoding
}
