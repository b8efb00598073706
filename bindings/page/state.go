package page

import "github.com/terrarium-ml/terrarium/bindings"

// A stateStep is the line at the top that says how things stand, and the banner that
// appears when the engine is lost or something failed that belongs to no step.
type stateStep struct {
	hub     *hub
	ready   bool
	message string
	problem *problem
	lost    string // why the engine went away
	trained bool   // it was training at that time
	again   bool   // a new engine is being started
}

func newState(a *hub) *stateStep {
	s := &stateStep{hub: a, message: "Getting ready…"}
	a.on("state.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	a.on("state.again", func(Action) { s.goOn() })
	return s
}

// say announces something, for eyes and screen readers.
func (s *stateStep) say(message string) {
	s.message = message
	s.hub.touch(s)
}

func (s *stateStep) fail(err error) {
	if !lostEngine(err) {
		s.problem = &problem{text: failure(err).Message}
		s.hub.touch(s)
	}
}

// lose is called once by an engine that ended. Pending calls have been answered with
// engine-lost.
func (s *stateStep) lose(why string) {
	a := s.hub
	s.lost, s.ready = why, false
	s.trained = a.road.busy()
	s.message = "The engine stopped."
	a.touch(s)
	a.road.lost()
	a.screen.Focus("go-on")
}

// goOn starts a fresh engine, and has the road bring back what was open.
func (s *stateStep) goOn() {
	if s.again || s.lost == "" {
		return
	}
	a := s.hub
	s.again = true
	s.message = "Starting again…"
	a.touch(s)
	a.work(func() {
		defer func() { s.again = false; a.touch(s) }()
		a.connect()
		if a.hello() != nil {
			return
		}
		s.lost = ""
		a.touch(s)
		a.road.comeBack(s.trained)
	})
}

func (s *stateStep) views() map[string]Nodes {
	banner := Nodes{}
	if s.lost != "" {
		text := "The engine that does the work stopped unexpectedly (" + s.lost + "). Your file and your choices are still here, and so is every saved model."
		if s.trained {
			text += " If this training had run for a while, its last automatic copy comes back too."
		}
		banner = append(banner, el("div", class("problem"), attr("role", "alert"), ident("engine-lost"),
			el("p", txt(text)),
			el("button", attr("type", "button"), class("main"), ident("go-on"), act("state.again", ""), when(s.again, attr("disabled", "")), txt("Start it again and go on"))))
	}
	if s.problem != nil {
		banner = append(banner, s.problem.view("page", "state.dismiss"))
	}
	banner = append(banner, s.hub.road.banner()...)
	dot := "state busy"
	if s.ready {
		dot = "state ready"
	}
	if s.lost != "" {
		dot = "state bad"
	}
	return map[string]Nodes{
		"status":       {el("span", class(dot), attr("aria-hidden", "true")), el("span", txt(s.message))},
		"banner":       banner,
		"about-engine": {Node{Text: about(s.hub.able)}},
	}
}

func about(c bindings.Capabilities) string {
	if c.Version == "" {
		return ""
	}
	speed := "with SIMD"
	switch {
	case c.Kernels == bindings.KernelsModule:
		speed = "with SIMD and the kernel module"
	case !c.SIMD:
		speed = "without SIMD (this browser lacks it; slower, same results)"
	}
	return "Terrarium " + c.Version + ", " + speed
}
