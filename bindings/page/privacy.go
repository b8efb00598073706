package page

// A privacyStep is the living part of the privacy panel: what was asked of the network
// since the page runs, and work offline.
type privacyStep struct {
	hub     *hub
	made    int
	refused int
	offline bool
	working bool
	problem string
}

func newPrivacy(h *hub) *privacyStep {
	s := &privacyStep{hub: h}
	h.on("privacy.offline", func(Action) { s.goOffline() })
	if w := h.warden(); w != nil {
		w.OnRequest(func() {
			s.made, s.refused = w.Requests()
			s.show()
		})
	}
	return s
}

// show draws the panel, on pages that have one.
func (s *privacyStep) show() {
	if w := s.hub.warden(); w != nil && w.Present("privacy-live") {
		s.hub.touch(s)
	}
}

// look finds out whether the site's files are kept.
func (s *privacyStep) look() {
	w := s.hub.warden()
	if w == nil {
		return
	}
	s.hub.work(func() {
		s.offline = w.Offline()
		s.show()
	})
}

// goOffline keeps the site's own files in this browser.
func (s *privacyStep) goOffline() {
	w := s.hub.warden()
	if w == nil || s.working || s.offline {
		return
	}
	s.working, s.problem = true, ""
	s.hub.state.say("Keeping the site’s files…")
	s.show()
	s.hub.work(func() {
		err := w.GoOffline()
		s.working, s.offline = false, err == nil
		if err != nil {
			s.problem = "The site’s files could not be kept: " + err.Error()
		} else {
			s.hub.state.say("From now on this site works without a network.")
		}
		s.show()
	})
}

func (s *privacyStep) views() map[string]Nodes {
	text := "Requests of this page since its program runs: " + count(s.made) + "."
	if s.refused > 0 {
		text += " Attempts that the rule refused: " + count(s.refused) + "."
	}
	out := Nodes{
		el("p", keyed("requests"), ident("requests"), attr("data-requests", plain(float64(s.made))), attr("role", "status"), txt(text)),
		el("p", class("hint"), keyed("counted"), txt("Your browser keeps this list, of every file, picture, script and message that the page asked for by an address of the web; the page only counts its entries. The page’s icon, which browsers fetch by themselves, is left out. It does not see what its engine asks for in a worker, which the same rule forbids, nor what extensions do, nor the service worker below.")),
	}
	if s.offline {
		out = append(out, el("p", keyed("offline"), ident("offline-on"), txt("This site works offline: its own files are kept in this browser, and you can install it as an app. On each visit your browser asks whether there is a newer version, which serves from the next visit on; “Wipe everything” ends that.")))
		return map[string]Nodes{"privacy-live": out}
	}
	out = append(out, el("div", class("tools"), keyed("offline"),
		button("privacy.offline", "", "second", "Work offline", ident("work-offline"), when(s.working, attr("disabled", ""))),
		el("span", class("quiet"), txt("Fetches this site’s own files once more and keeps them, by a service worker: a small program that does that and nothing else. Nothing is sent but their names, and only if you press this."))))
	if s.problem != "" {
		out = append(out, el("p", class("problem"), keyed("problem"), ident("problem-offline"), attr("role", "alert"), txt(s.problem)))
	}
	return map[string]Nodes{"privacy-live": out}
}
