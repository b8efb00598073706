package page

import (
	"context"
	"strconv"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// A columnsStep is step 2: what each column is and what it is for. Every decision was
// suggested by the engine with a reason; the user's changes can be undone one by one.
type columnsStep struct {
	app      *App
	info     *bindings.TableInfo
	auto     data.Setup // as suggested
	now      data.Setup // as decided
	undo     []snapshot
	prepared *bindings.PrepareResult // of now; nil while it is not known
	waiting  bool                    // for the engine
	problem  *problem
	serial   int // of the last change, so that a late answer is dropped
	page     int
	filter   string
	open     map[string]bool // columns whose details are shown
}

func newColumns(a *App) *columnsStep {
	s := &columnsStep{app: a, open: map[string]bool{}}
	a.on("target", func(act Action) { s.setTarget(act.Value) })
	a.on("task", func(act Action) { s.setTask(data.Task(act.Value)) })
	a.on("column.kind", func(act Action) { s.setKind(act.Arg, data.Kind(act.Value), "") })
	a.on("column.dates", func(act Action) { s.setKind(act.Arg, "", data.DateOrder(act.Value)) })
	a.on("column.role", func(act Action) { s.setRole(act.Arg, data.Role(act.Value)) })
	a.on("column.use", func(act Action) { s.setRole(act.Arg, data.RoleFeature) })
	a.on("column.missing", func(act Action) {
		s.edit(act.Arg, "missing values of "+act.Arg, func(c *data.ColumnSetup) { c.Missing = data.MissingPolicy(act.Value) })
	})
	a.on("column.constant", func(act Action) {
		s.edit(act.Arg, "filling of "+act.Arg, func(c *data.ColumnSetup) { c.Constant = act.Value })
	})
	a.on("column.encoding", func(act Action) {
		s.edit(act.Arg, "encoding of "+act.Arg, func(c *data.ColumnSetup) { c.Encoding = data.Encoding(act.Value) })
	})
	a.on("column.scaling", func(act Action) {
		s.edit(act.Arg, "scaling of "+act.Arg, func(c *data.ColumnSetup) { c.Scaling = data.Scaling(act.Value) })
	})
	a.on("column.auto", func(act Action) { s.automatic(act.Arg) })
	a.on("columns.auto", func(Action) { s.allAutomatic() })
	a.on("columns.undo", func(Action) { s.back() })
	a.on("column.open", func(act Action) { s.open[act.Arg] = !s.open[act.Arg]; a.touch(s) })
	a.on("columns.page", func(act Action) { s.turn(act.Arg) })
	a.on("columns.filter", func(act Action) { s.filter, s.page = act.Value, 0; a.touch(s) })
	a.on("columns.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// begin takes a table that was just opened. It runs beside the page, as it asks the engine.
func (s *columnsStep) begin(info *bindings.TableInfo) {
	s.info, s.undo, s.prepared, s.problem = info, nil, nil, nil
	s.page, s.filter, s.open = 0, "", map[string]bool{}
	s.app.changes.clear()
	s.auto, s.now = data.Setup{}, data.Setup{}
	s.app.network.forget()
	s.suggest("", nil)
}

// suggest asks for a setup and carries the user's decisions over to it.
func (s *columnsStep) suggest(target string, from *snapshot) {
	s.serial++
	mine := s.serial
	s.waiting = true
	s.app.touch(s)
	var next data.Setup
	err := s.app.ask(bindings.MethodTableSuggest, bindings.SuggestParams{Table: s.info.Table, Target: target}, &next)
	if mine != s.serial {
		return
	}
	s.waiting = false
	s.app.touch(s, s.app.network)
	if err != nil {
		s.say(err)
		if from != nil {
			s.undo = s.undo[:len(s.undo)-1] // nothing was changed
		}
		return
	}
	now := cloned(next)
	if from != nil {
		now = carry(s.auto, s.now, next)
	}
	s.auto, s.now = next, now
	s.prepare()
}

func (s *columnsStep) say(err error) {
	if !lostEngine(err) && !aborted(err) {
		s.problem = &problem{text: failure(err).Message}
	}
	s.app.touch(s)
}

// prepare lets the engine carry the setup out, so that the number of features, further
// notices and the suggested network are known before training. It asks the engine.
func (s *columnsStep) prepare() bool {
	s.serial++
	mine := s.serial
	s.prepared, s.waiting = nil, true
	a := s.app
	a.touch(s, a.network, a.train)
	setup := cloned(s.now)
	setup.Split = a.network.opts.split(setup.Split)
	var got bindings.PrepareResult
	a.insight.leave()
	err := a.call(context.Background(), Request{Method: bindings.MethodTablePrepare, Params: bindings.PrepareParams{Table: s.info.Table, Setup: setup}}, &got)
	if mine != s.serial {
		return false
	}
	s.waiting = false
	a.touch(s, a.network, a.train)
	a.insight.touch(&a.insight.empty)
	if err != nil {
		s.say(err)
		return false
	}
	s.problem = nil
	s.prepared = &got
	a.network.suggest(&got)
	a.changes.ask()
	return true
}

// changed is called after every decision: the engine prepares once things are quiet.
func (s *columnsStep) changed() {
	if s.info == nil || s.now.Target == "" {
		return
	}
	s.serial++
	mine := s.serial
	s.prepared, s.waiting = nil, true
	s.app.touch(s, s.app.network, s.app.train)
	s.app.screen.After(250*time.Millisecond, func() {
		if mine == s.serial {
			s.app.work(func() { s.prepare() })
		}
	})
}

// remember notes how things stand before a change.
func (s *columnsStep) remember(label string) *snapshot {
	kinds := make([]data.Kind, len(s.info.Profile.Columns))
	for i, c := range s.info.Profile.Columns {
		kinds[i] = c.Kind
	}
	s.undo = append(s.undo, snapshot{label, cloned(s.now), kinds})
	if len(s.undo) > 100 {
		s.undo = s.undo[1:]
	}
	return &s.undo[len(s.undo)-1]
}

func (s *columnsStep) find(name string) int {
	for i := range s.now.Columns {
		if s.now.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// edit changes one column's decision.
func (s *columnsStep) edit(name, label string, do func(*data.ColumnSetup)) {
	i := s.find(name)
	if i < 0 {
		return
	}
	s.remember(label)
	do(&s.now.Columns[i])
	s.changed()
}

func (s *columnsStep) setRole(name string, role data.Role) {
	i := s.find(name)
	switch {
	case i < 0:
	case role == data.RoleTarget:
		s.setTarget(name)
	case s.now.Columns[i].Role == data.RoleTarget:
		s.problem = &problem{text: "“" + name + "” is what the model learns to predict. Choose another target first; this column can then be learned from or left out."}
		s.app.touch(s)
	default:
		s.edit(name, "role of "+name, func(c *data.ColumnSetup) { c.Role = role })
	}
}

func (s *columnsStep) setTarget(name string) {
	if s.info == nil || name == "" || name == s.now.Target {
		return
	}
	before := s.remember("target " + name)
	s.app.network.forget()
	s.app.work(func() { s.suggest(name, before) })
}

func (s *columnsStep) setTask(task data.Task) {
	if s.now.Task == task {
		return
	}
	s.remember("task " + string(task))
	s.now.Task = task
	s.app.network.forget()
	s.changed()
}

// setKind lets the engine read a column anew; the suggestion follows.
func (s *columnsStep) setKind(name string, kind data.Kind, order data.DateOrder) {
	if s.info == nil {
		return
	}
	label := "type of " + name
	before := s.remember(label)
	s.app.work(func() {
		var info bindings.TableInfo
		err := s.app.ask(bindings.MethodTableKind, bindings.KindParams{Table: s.info.Table, Column: name, Kind: kind, DateOrder: order}, &info)
		if err != nil {
			s.undo = s.undo[:len(s.undo)-1]
			s.say(err)
			return
		}
		s.info = &info
		s.suggest(s.now.Target, before)
	})
}

// resume takes the same table from a fresh engine: kinds and decisions are set again.
func (s *columnsStep) resume(info *bindings.TableInfo) {
	old := s.info
	s.info = info
	if old == nil || s.now.Target == "" {
		s.suggest("", nil)
		return
	}
	for i, c := range old.Profile.Columns {
		if i < len(info.Profile.Columns) && info.Profile.Columns[i].Kind != c.Kind {
			var again bindings.TableInfo
			if err := s.app.ask(bindings.MethodTableKind, bindings.KindParams{Table: info.Table, Column: c.Name, Kind: c.Kind}, &again); err != nil {
				s.say(err)
				break
			}
			s.info = &again
		}
	}
	s.prepare()
}

func (s *columnsStep) clear() {
	s.info, s.prepared, s.undo, s.waiting = nil, nil, nil, false
	s.now, s.auto = data.Setup{}, data.Setup{}
	s.app.changes.clear()
	s.app.touch(s, s.app.network, s.app.train)
}

// stopped forgets what the lost engine will not answer.
func (s *columnsStep) stopped() {
	s.serial++
	s.waiting, s.prepared = false, nil
}

func (s *columnsStep) turn(to string) {
	n, err := strconv.Atoi(to)
	if err == nil && n >= 0 {
		s.page = n
	}
	s.app.touch(s)
}
