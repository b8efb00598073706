package page

import (
	"strings"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A shelfStep is the last step: models kept in this browser, and model files.
type shelfStep struct {
	app     *studio
	models  []bindings.StoredModel
	sets    []bindings.StoredModel // kept training sets
	usage   *bindings.UsageResult
	name    string // to save under
	typed   bool   // the user changed the name
	doubt   string // the model that is about to be deleted
	working bool
	problem *problem
	loaded  bool // the list has been asked for
	later   bool // the user does not want to hear about a training that was cut off
	arrays  *shelfArrays
}

func newShelf(a *studio) *shelfStep {
	s := &shelfStep{app: a}
	a.on("shelf.name", func(act Action) { s.name, s.typed = act.Value, true; a.touch(s) })
	a.on("shelf.save", func(Action) { s.save() })
	a.on("shelf.load", func(act Action) { a.work(func() { s.load(act.Arg) }) })
	a.on("shelf.download", func(act Action) {
		a.work(func() { s.say(a.downloadBytes(bindings.MethodStoreBytes, bindings.NameParams{Name: act.Arg})) })
	})
	a.on("shelf.delete", func(act Action) { s.doubt = act.Arg; a.touch(s); a.screen.Focus("delete-yes") })
	a.on("shelf.keep", func(Action) { s.doubt = ""; a.touch(s); a.screen.Focus("models") })
	a.on("shelf.gone", func(act Action) { s.remove(act.Arg) })
	a.on("shelf.file", func(act Action) {
		s.openFiles(act.Files)
	})
	a.on("shelf.take", func(Action) { s.takeArrays() })
	a.on("shelf.forget", func(Action) { s.arrays = nil; a.touch(s); a.screen.Focus("models") })
	a.on("shelf.later", func(Action) { s.later = true; a.touch(a.state) })
	a.on("shelf.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

func (s *shelfStep) say(err error) {
	if err != nil && !lostEngine(err) {
		s.problem = &problem{text: failure(err).Message}
	}
	s.app.touch(s)
}

// refresh asks what is stored. It asks the engine only from a goroutine of its own.
func (s *shelfStep) refresh() {
	var list bindings.ListResult
	if err := s.app.ask(bindings.MethodStoreList, nil, &list); err != nil {
		s.say(err)
		return
	}
	var usage bindings.UsageResult
	if err := s.app.ask(bindings.MethodStoreUsage, nil, &usage); err != nil {
		s.say(err)
		return
	}
	s.models, s.sets, s.usage, s.loaded = list.Models, list.Sets, &usage, true
	s.app.touch(s, s.app.state)
}

func (s *shelfStep) holds(name string) bool {
	for _, m := range s.models {
		if m.Name == name {
			return true
		}
	}
	return false
}

// cutOff returns the automatic copy of a training that did not come to its end, if there
// is one that nobody has looked at yet: the newest of this page's road, else of another's.
func (s *shelfStep) cutOff() *bindings.StoredModel {
	if s.later || s.app.train.busy() || s.app.result.has() {
		return nil
	}
	var another *bindings.StoredModel
	for i := range s.models {
		m := &s.models[i]
		if m.Kind != "checkpoint" {
			continue
		}
		if _, elsewhere := s.app.elsewhere(m); !elsewhere {
			return m
		}
		if another == nil {
			another = m
		}
	}
	return another
}

// propose gives a new model a name that is still free.
func (s *shelfStep) propose(r *outcome) {
	if s.typed && s.name != "" && !s.holds(s.name) {
		return
	}
	base := r.info.Name
	if p := r.info.Pipeline; p != nil && !r.loaded {
		base = strings.TrimSpace(p.Output.Name + " from " + r.info.Name)
	}
	s.name, s.typed = base, false
	for i := 2; !r.loaded && s.holds(s.name); i++ {
		s.name = base + " " + count(i)
	}
}

// save keeps the model in this browser.
func (s *shelfStep) save() {
	a := s.app
	r := a.result.now
	name := strings.TrimSpace(s.name)
	switch {
	case r == nil || s.working || !a.state.ready:
		return
	case name == "":
		s.problem = &problem{text: "Please give the model a name first."}
		a.touch(s)
		a.screen.Focus("save-name")
		return
	}
	s.working = true
	a.touch(s)
	a.work(func() {
		metrics := r.metrics
		if r.test != nil {
			metrics = r.test.Metrics
		}
		err := a.ask(bindings.MethodModelSave, bindings.SaveParams{Model: r.info.Model, Name: name,
			Date: a.screen.Now().Format(time.RFC3339), Metrics: metrics}, nil)
		s.working = false
		if err != nil {
			if e := failure(err); e.Data.Code == tensor.CodeQuota {
				s.problem = &problem{text: e.Message + " The model is still open: you can download it as a file instead."}
				a.touch(s)
				return
			}
			s.say(err)
			return
		}
		r.saved, r.info.Name = true, name
		s.problem, s.typed = nil, false
		a.screen.Guard(false)
		a.state.say("Saved “" + name + "” in this browser.")
		if name != checkpointName && !r.loaded && s.holds(checkpointName) {
			s.say(a.ask(bindings.MethodStoreRemove, bindings.NameParams{Name: checkpointName}, nil))
		}
		s.refresh()
	})
}

// load opens a stored model. It asks the engine.
func (s *shelfStep) load(name string) {
	var stored bindings.StoredModel
	for _, m := range s.models {
		if m.Name == name {
			stored = m
		}
	}
	a := s.app
	if a.train.busy() {
		s.problem = &problem{text: trainingFirst}
		a.touch(s)
		return
	}
	var info bindings.ModelInfo
	if err := a.ask(bindings.MethodModelLoad, bindings.LoadParams{Name: name}, &info); err != nil {
		s.say(err)
		return
	}
	if name != checkpointName {
		info.Name = name
	}
	s.showLoaded(&outcome{info: info, from: "saved in this browser on " + dated(stored.Date), metrics: stored.Metrics})
}

func (s *shelfStep) remove(name string) {
	s.doubt = ""
	s.app.work(func() {
		if err := s.app.ask(bindings.MethodStoreRemove, bindings.NameParams{Name: name}, nil); err != nil {
			s.say(err)
			return
		}
		s.app.state.say("Deleted “" + name + "”.")
		s.refresh()
		s.app.screen.Focus("models")
	})
}

// dated writes a stored date for people.
func dated(date string) string {
	t, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return "an unknown day"
	}
	return t.Format("2 January 2006, 15:04")
}

func (s *shelfStep) views() map[string]Nodes {
	a := s.app
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("models", "shelf.dismiss"))
	}
	if s.arrays != nil {
		out = append(out, s.arraysView())
	}
	if r := a.result.now; r != nil {
		label := "Save in this browser"
		hint := "Stored on this computer only."
		if s.holds(strings.TrimSpace(s.name)) {
			label, hint = "Replace the saved model", "A model of that name is saved already; it will be replaced."
			if r.saved && r.info.Name == strings.TrimSpace(s.name) {
				hint = "This model is saved."
			}
		}
		out = append(out, el("form", class("save"), keyed("save"), ident("save-form"), act("shelf.save", ""),
			field("save-name", "Name of the model", hint, check{}, func(more Part) Node {
				return entry("save-name", "shelf.name", "", s.name, "", all{more, attr("maxlength", "120")})
			}),
			el("button", attr("type", "submit"), class("main"), ident("save"), when(s.working, attr("disabled", "")), txt(label))))
	}
	list := el("ul", class("models"), ident("models"), keyed("models"), attr("tabindex", "-1"), attr("aria-label", "Saved models"))
	for _, m := range s.models {
		s.modelView(m).join(&list)
	}
	if len(s.models) == 0 && s.loaded {
		list = el("p", class("empty"), ident("models"), keyed("none"), attr("tabindex", "-1"), txt("No model is saved in this browser yet."))
	}
	out = append(out, list)
	if u := s.usage; u != nil {
		text := "Models use " + size(u.Usage) + " of this browser’s storage"
		if u.Quota > 0 {
			text += ", of " + size(u.Quota) + " allowed"
		}
		text += "."
		if !u.Persisted {
			text += " The browser may clear it when space runs short: download what must not be lost."
		}
		if u.Refused != "" {
			text = "This browser does not let the page store models (" + u.Refused + "). Download them as files instead."
		}
		out = append(out, el("p", class("hint"), keyed("usage"), ident("usage"), txt(text)))
	}
	out = append(out, a.storage.nodes()...)
	return map[string]Nodes{"models-view": out}
}

func (s *shelfStep) modelView(m bindings.StoredModel) Node {
	facts := []string{}
	if m.Kind == "checkpoint" {
		facts = append(facts, "cut off while training")
	}
	for _, name := range shelfScores(m.Metrics) {
		if t := scoreText(name, m.Metrics); t != "" {
			facts = append(facts, t)
		}
	}
	if m.Target != "" {
		facts = append(facts, "predicts "+m.Target)
	}
	facts = append(facts, dated(m.Date), size(int64(m.Bytes)))
	item := el("li", keyed("m-"+m.Name), attr("data-model", m.Name),
		el("div", el("b", asIs, txt(m.Name)), el("span", class("quiet"), txt(strings.Join(facts, " · ")))))
	if s.doubt == m.Name {
		el("div", class("tools"), keyed("doubt"), el("span", txt("Delete it for good?")),
			button("shelf.gone", m.Name, "danger", "Yes, delete", ident("delete-yes")),
			button("shelf.keep", "", "second", "Keep it")).join(&item)
		return item
	}
	el("div", class("tools"), keyed("tools"),
		button("shelf.load", m.Name, "second", "Open", attr("aria-label", "Open "+m.Name)),
		button("shelf.download", m.Name, "second", "Download", attr("aria-label", "Download "+m.Name)),
		button("shelf.delete", m.Name, "second", "Delete", attr("aria-label", "Delete "+m.Name))).join(&item)
	return item
}
