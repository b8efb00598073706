package page

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
)

// hear takes the engine's reports.
func (s *trainStep) hear(method string, params json.RawMessage) {
	switch method {
	case bindings.NotifyProgress:
		var at bindings.Progress
		if json.Unmarshal(params, &at) == nil && at.Stage == "fit" {
			s.steps = [2]float64{float64(at.Done), float64(at.Total)}
			if at.Total > 0 {
				s.mark(float64(at.Done) / float64(at.Total) * float64(s.epochs))
			}
		}
	case bindings.NotifyPaused:
		s.heardPause(params)
		return
	case bindings.NotifyWeights:
		s.watch.hear(params)
	case bindings.NotifyEpoch:
		var logs bindings.EpochLogs
		if json.Unmarshal(params, &logs) == nil {
			for _, e := range logs.Epochs {
				s.add(e)
			}
		}
	}
	s.announce()
	s.app.touch(s)
}

// add puts one epoch's logs behind the curves.
func (s *trainStep) add(e bindings.EpochLog) {
	for _, name := range order(e.Logs) {
		if _, ok := s.curves[name]; !ok {
			s.names = append(s.names, name)
		}
		list := s.curves[name]
		for len(list) < e.Epoch {
			list = append(list, math.NaN())
		}
		s.curves[name] = append(list[:e.Epoch], e.Logs[name])
	}
	s.watch.add(e)
	s.mark(float64(e.Epoch + 1))
}

// finish takes the whole history, so that the curves are complete.
func (s *trainStep) finish(h *bindings.FitResult) {
	for name, list := range h.History {
		if _, ok := s.curves[name]; !ok {
			s.names = append(s.names, name)
		}
		s.curves[name] = list
	}
	if h.StoppedEarly {
		s.best = h.BestEpoch
	}
}

// mark notes the pace; only the last five seconds count.
func (s *trainStep) mark(epochs float64) {
	now := s.app.screen.Now()
	if n := len(s.pace); n > 0 && epochs <= s.pace[n-1].epochs {
		return
	}
	s.pace = append(s.pace, moment{now, epochs})
	for len(s.pace) > 2 && now.Sub(s.pace[0].at) > 5*time.Second {
		s.pace = s.pace[1:]
	}
}

// announce speaks at every fourth of the way only: a live region must not chatter.
func (s *trainStep) announce() {
	if s.epochs == 0 || len(s.pace) == 0 {
		return
	}
	if quarter := int(4 * s.pace[len(s.pace)-1].epochs / float64(s.epochs)); quarter > s.told && quarter < 4 {
		s.told = quarter
		text := "Training: " + strconv.Itoa(25*quarter) + " percent of the epochs."
		if l := s.curves["loss"]; len(l) > 0 {
			text += " Loss " + number(l[len(l)-1]) + "."
		}
		s.app.state.say(text)
	}
}

// order lists the names of logs as people expect them: loss first, validation behind its
// training value.
func order(logs bindings.Logs) []string {
	var out []string
	for _, base := range []string{"loss", "acc", "mse", "mae", "rmse", "r2"} {
		for _, name := range []string{base, "val_" + base} {
			if _, ok := logs[name]; ok {
				out = append(out, name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(logs)) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// epochsOf takes a history apart into its epochs.
func epochsOf(h *bindings.FitResult) []bindings.EpochLog {
	var out []bindings.EpochLog
	for i, epoch := range h.Epoch {
		logs := bindings.Logs{}
		for name, list := range h.History {
			if i < len(list) {
				logs[name] = list[i]
			}
		}
		out = append(out, bindings.EpochLog{Epoch: epoch, Logs: logs})
	}
	return out
}
