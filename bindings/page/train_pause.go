package page

import (
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A pauser holds a training up and lets it go on. What it costs is no time of the
// training's: neither pace nor duration count it.
type pauser struct {
	to    chan bool // to the engine
	asked bool      // what was asked for last
	since time.Time // when the engine paused; zero: it runs
}

func newPauser() pauser { return pauser{to: make(chan bool, 16)} }

func (p *pauser) held() bool { return !p.since.IsZero() }

// togglePause asks for the other state than the one that was asked for last.
func (s *trainStep) togglePause() {
	if s.phase != fitting {
		return
	}
	select {
	case s.pause.to <- !s.pause.asked:
		s.pause.asked = !s.pause.asked
	default: // pressed faster than anybody can answer
	}
	s.app.touch(s)
}

// heardPause notes that the engine paused, or goes on: moments before the pause move up to
// its end.
func (s *trainStep) heardPause(params json.RawMessage) {
	var p bindings.PauseParams
	if json.Unmarshal(params, &p) != nil || p.On == s.pause.held() {
		return
	}
	now := s.app.screen.Now()
	if p.On {
		s.pause.since = now
		s.app.state.say("Training is paused.")
	} else {
		away := now.Sub(s.pause.since)
		s.start = s.start.Add(away)
		for i := range s.pace {
			s.pace[i].at = s.pace[i].at.Add(away)
		}
		s.pause.since = time.Time{}
		s.app.state.say("Training goes on.")
	}
	s.app.touch(s)
}

func (s *trainStep) pauseButton() Node {
	label := "Pause"
	switch {
	case s.phase != fitting:
	case s.pause.asked && s.pause.held():
		label = "Go on"
	case s.pause.asked:
		label = "Pausing…"
	}
	return button("train.pause", "", "second", label, ident("pause"), when(s.phase != fitting, attr("disabled", "")))
}

func (s *trainStep) pausedText() string {
	return "Paused in epoch " + count(int(s.done())+1) + " of " + count(s.epochs) + ". It goes on where it is, to the same result."
}
