package page

import (
	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// automatic takes one column's decisions back to what was suggested.
func (s *columnsStep) automatic(name string) {
	i := s.find(name)
	if i < 0 || i >= len(s.auto.Columns) {
		return
	}
	p := &s.info.Profile.Columns[i]
	if p.Kind != p.Inferred {
		s.setKind(name, p.Inferred, "")
		return
	}
	s.edit(name, "back to automatic for "+name, func(c *data.ColumnSetup) { *c = s.auto.Columns[i] })
}

func (s *columnsStep) allAutomatic() {
	if s.info == nil {
		return
	}
	s.remember("back to automatic")
	s.now = cloned(s.auto)
	s.changed()
}

// back undoes the last change. Kinds are the engine's, so it is told of those.
func (s *columnsStep) back() {
	if len(s.undo) == 0 || s.info == nil || s.app.train.busy() {
		return
	}
	last := s.undo[len(s.undo)-1]
	s.undo = s.undo[:len(s.undo)-1]
	kinds := s.info.Profile.Columns
	s.app.state.say("Undone: " + last.label + ".")
	s.app.work(func() {
		for i := range kinds {
			if i < len(last.kinds) && kinds[i].Kind != last.kinds[i] {
				var info bindings.TableInfo
				if err := s.app.ask(bindings.MethodTableKind, bindings.KindParams{Table: s.info.Table, Column: kinds[i].Name, Kind: last.kinds[i]}, &info); err != nil {
					s.say(err)
					return
				}
				s.info = &info
			}
		}
		target := s.now.Target
		s.now = last.setup
		if last.setup.Target != target {
			s.app.network.forget()
			var auto data.Setup
			if s.app.ask(bindings.MethodTableSuggest, bindings.SuggestParams{Table: s.info.Table, Target: last.setup.Target}, &auto) == nil {
				s.auto = auto
			}
		}
		s.changed()
	})
}
