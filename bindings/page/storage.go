package page

import (
	"context"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A storagePart stands below the list of models: what else is kept in this browser, how to
// take it along, and how to be rid of it.
type storagePart struct {
	app    *studio
	keep   bool // the data of a training beside its automatic copies
	along  bool // they go into a project's file
	doubt  bool // all is about to be wiped
	asked  bool // the browser was asked to keep the storage
	told   string
	wiping bool
}

const settingKeep = "terrarium.keep-data"

func newStorage(a *studio) *storagePart {
	s := &storagePart{app: a, keep: true, along: true}
	if w := a.warden(); w != nil {
		s.keep = w.Recall(settingKeep) != "no"
	}
	a.on("storage.keep", func(act Action) {
		s.keep = act.Checked
		if w := a.warden(); w != nil {
			w.Remember(settingKeep, map[bool]string{true: "", false: "no"}[s.keep])
		}
		a.touch(a.shelf)
	})
	a.on("storage.along", func(act Action) { s.along = act.Checked; a.touch(a.shelf) })
	a.on("storage.drop", func(act Action) { s.drop(act.Arg) })
	a.on("storage.persist", func(Action) { s.persist() })
	a.on("storage.wipe", func(Action) { s.doubt = true; a.touch(a.shelf); a.screen.Focus("wipe-yes") })
	a.on("storage.spare", func(Action) { s.doubt = false; a.touch(a.shelf); a.screen.Focus("wipe") })
	a.on("storage.wiped", func(Action) { s.wipe() })
	a.on("project.export", func(Action) { s.export() })
	a.on("project.file", func(act Action) { s.take(act.Files) })
	return s
}

// warden is the screen's, or nil.
func (h *hub) warden() warden {
	w, _ := h.screen.(warden)
	return w
}

// drop deletes a kept set.
func (s *storagePart) drop(name string) {
	a := s.app
	a.work(func() {
		if err := a.ask(bindings.MethodStoreRemove, bindings.NameParams{Name: name}, nil); err != nil {
			a.shelf.say(err)
			return
		}
		a.state.say("The kept training data are deleted.")
		a.shelf.refresh()
		a.screen.Focus("models")
	})
}

// persist asks the browser not to clear this site's storage by itself.
func (s *storagePart) persist() {
	w, a := s.app.warden(), s.app
	if w == nil {
		return
	}
	a.work(func() {
		granted := w.Persist()
		s.asked = true
		s.told = "The browser said no: it may clear the storage when space runs short. Browsers say yes to sites that are visited often or installed."
		if granted {
			s.told = ""
			a.state.say("The browser keeps this site’s storage until you delete it.")
		}
		a.shelf.refresh()
		a.touch(a.shelf)
	})
}

// wipe removes everything that this site keeps in this browser.
func (s *storagePart) wipe() {
	a := s.app
	if s.wiping || a.train.busy() {
		return
	}
	s.doubt, s.wiping = false, true
	a.touch(a.shelf)
	a.work(func() {
		err := a.ask(bindings.MethodStoreWipe, bindings.Empty{}, nil)
		if w := a.warden(); w != nil {
			if e := w.Forget(); err == nil {
				err = e
			}
		}
		s.wiping = false
		if err != nil {
			a.shelf.say(err)
			return
		}
		s.keep, s.told = true, ""
		a.state.say("Everything that this site kept in this browser is deleted.")
		a.shelf.refresh()
		a.privacy.look()
		a.touch(a.shelf)
		a.screen.Focus("models")
	})
}

// export offers all that is stored, and the open model, as one file.
func (s *storagePart) export() {
	a := s.app
	p := bindings.ProjectParams{Data: s.along}
	for _, m := range a.shelf.models {
		p.Names = append(p.Names, m.Name)
	}
	if r := a.result.now; r != nil && !a.shelf.holds(r.info.Name) {
		p.Model = r.info.Model
	}
	a.work(func() { a.shelf.say(a.downloadBytes(bindings.MethodProjectExport, p)) })
}

// isProject tells by its name whether a file is a project.
func isProject(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".terrarium.zip") }

// take brings a project's models and data into this browser's storage.
func (s *storagePart) take(files []File) {
	a := s.app
	if len(files) == 0 || !a.state.ready {
		return
	}
	f := files[0]
	a.work(func() {
		first := 0
		var got bindings.ImportResult
		err := a.call(context.Background(), Request{Method: bindings.MethodProjectImport, Params: bindings.ImportParams{Blob: &first}, Files: []File{f}}, &got)
		if err != nil {
			if !lostEngine(err) {
				a.shelf.problem = &problem{text: f.Name + " could not be opened: " + failure(err).Message}
				a.touch(a.shelf)
				a.screen.Focus("step-models")
			}
			return
		}
		text := "Took " + plural(len(got.Models), "model", "models") + " from the project."
		if len(got.Renamed) > 0 {
			text += " Names that were in use got a number."
		}
		a.state.say(text)
		a.shelf.later = false
		a.shelf.refresh()
		a.screen.Settle("models")
	})
}

// nodes describe the part.
func (s *storagePart) nodes() Nodes {
	a := s.app
	box := el("div", class("wrap"), keyed("storage"), ident("storage"))
	if len(a.shelf.sets) > 0 {
		list := el("ul", class("models"), ident("sets"), keyed("sets"), attr("aria-label", "Kept training data"))
		for _, set := range a.shelf.sets {
			name := set.Source
			if name == "" {
				name = "Training data"
			}
			el("li", keyed("s-"+set.Data), attr("data-set", set.Data),
				el("div", el("b", attr("translate", "no"), txt(name)), el("span", class("quiet"), txt("what is learned from, encoded · "+size(int64(set.Bytes))+" · "+dated(set.Date)))),
				el("div", class("tools"), button("storage.drop", set.Name, "second", "Delete the data", attr("aria-label", "Delete the data of "+name)))).join(&list)
		}
		list.join(&box)
	}
	tick("keep-data", "storage.keep", "", "While a training runs, keep what it learns from beside its automatic copies, so that it can go on without the file", s.keep).join(&box)
	el("p", class("hint"), keyed("keep-hint"), txt("Kept are the numbers that the network sees, not your file; only of trainings longer than ten seconds, and only until no model refers to them. Untick this on a computer that you share.")).join(&box)
	if u := a.shelf.usage; u != nil && u.Refused == "" && a.warden() != nil {
		line := el("div", class("tools"), keyed("persist"))
		if u.Persisted {
			el("span", ident("persisted"), txt("The browser has promised not to clear this storage by itself.")).join(&line)
		} else {
			button("storage.persist", "", "second", "Ask the browser to keep it", ident("persist")).join(&line)
			if s.told != "" {
				el("span", class("quiet"), ident("persist-told"), txt(s.told)).join(&line)
			}
		}
		line.join(&box)
	}
	el("div", class("tools"), keyed("project"),
		button("project.export", "", "second", "Export all as one file", ident("export-project"), when(len(a.shelf.models) == 0 && !a.result.has(), attr("disabled", ""))),
		tick("project-data", "storage.along", "", "with the kept training data", s.along),
		el("label", class("second file"), attr("for", "project-file"), txt("Import a project…")),
		el("input", class("unseen"), ident("project-file"), attr("type", "file"), act("project.file", ""), attr("accept", ".zip"))).join(&box)
	if s.doubt {
		what := []string{plural(len(a.shelf.models), "model", "models"), plural(len(a.shelf.sets), "set of kept training data", "sets of kept training data"),
			"your settings", "the copies of this site’s own files for work offline"}
		el("div", class("leak"), keyed("wipe"), ident("wipe-doubt"),
			el("p", el("strong", txt("Delete all this from this browser for good? ")), txt(listing(what, 5)+". Files that you downloaded are not touched, and neither is what is open now.")),
			el("div", class("tools"), button("storage.wiped", "", "danger", "Yes, wipe everything", ident("wipe-yes")), button("storage.spare", "", "second", "Keep it"))).join(&box)
	} else {
		el("div", class("tools"), keyed("wipe"), button("storage.wipe", "", "second", "Wipe everything…", ident("wipe"), when(s.wiping || a.train.busy(), attr("disabled", "")))).join(&box)
	}
	return Nodes{box}
}
