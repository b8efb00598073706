package page

import (
	"context"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A source is where a table comes from: a file, pasted text or a sample set. The page
// keeps it, so that it can be opened again after the engine was lost.
type source struct {
	name   string
	file   *File
	text   string
	sample string
}

// A dataStep is step 1: open a table.
type dataStep struct {
	app     *App
	from    source              // of the table that is open
	last    *source             // that was tried last, also if it could not be read
	options data.ReadOptions    // how files are read; the zero value decides by looking
	info    *bindings.TableInfo // nil: none is open
	reading *source             // nil: none is being read
	stop    context.CancelFunc  // of the reading
	done    float64
	total   float64
	problem *problem
	serial  int // of the last reading
}

func newData(a *App) *dataStep {
	s := &dataStep{app: a}
	a.on("data.file", func(act Action) { s.take(act.Files) })
	a.on("data.sample", func(act Action) { s.open(source{name: sampleTitle(act.Arg), sample: act.Arg}) })
	a.on("data.paste", func(Action) { s.paste() })
	a.on("data.cancel", func(Action) {
		if s.stop != nil {
			s.stop()
		}
	})
	a.on("data.option", func(act Action) { s.setOption(act.Arg, act.Value) })
	a.on("data.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// sampleTitle returns a sample set's name for people.
func sampleTitle(name string) string {
	for _, info := range data.Samples() {
		if info.Name == name {
			return info.Title
		}
	}
	return name
}

// take opens what was chosen or dropped: a table, or a saved model.
func (s *dataStep) take(files []File) {
	switch {
	case len(files) == 0:
		return
	case anyModel(files):
		s.app.shelf.openFiles(files)
		return
	case len(files) > 1:
		s.problem = &problem{text: "You gave " + plural(len(files), "file", "files") + ". Please open one at a time: a table (CSV or TSV), or the files of one model."}
		s.app.touch(s)
		return
	}
	f := files[0]
	s.open(source{name: f.Name, file: &f})
}

func (s *dataStep) paste() {
	text := s.app.screen.Value("paste-text")
	if strings.TrimSpace(text) == "" {
		s.problem = &problem{text: "There is no text to read yet. Copy a table (from a spreadsheet or a CSV file) and paste it into the box above the button."}
		s.app.touch(s)
		s.app.screen.Focus("paste-text")
		return
	}
	s.open(source{name: "pasted text", text: text})
}

// open reads a table in the engine. An earlier table stays until the new one is there.
func (s *dataStep) open(from source) {
	a := s.app
	switch {
	case !a.state.ready:
		return
	case s.reading != nil:
		s.problem = &problem{text: "Another file is being read. Cancel that first, or wait until it is done."}
		a.touch(s)
		return
	case a.train.busy():
		s.problem = &problem{text: "A model is being trained on the open table. Stop it, or let it end, before you open another one."}
		a.touch(s)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.serial++
	s.last = &from
	s.reading, s.stop, s.done, s.total, s.problem = &from, stop, 0, 0, nil
	a.state.say("Reading " + from.name + "…")
	a.touch(s)
	a.work(func() {
		defer stop()
		info, err := s.read(ctx, from)
		if s.reading != &from {
			return // the engine was lost meanwhile
		}
		s.reading = nil
		a.touch(s)
		switch {
		case aborted(err):
			a.state.say("Reading was cancelled.")
		case lostEngine(err):
		case err != nil:
			s.problem = &problem{text: readProblem(from, failure(err))}
			a.state.say("The file could not be read.")
			a.screen.Focus("file")
		default:
			old := s.info
			s.from, s.info = from, info
			a.columns.begin(info)
			if old != nil {
				a.closeTable(old.Table)
			}
			a.state.say("Read " + plural(info.Profile.Rows, "row", "rows") + " and " + plural(len(info.Profile.Columns), "column", "columns") + " from " + from.name + ".")
			a.touch(s, a.row)
			a.screen.Settle("step-columns")
		}
	})
}

// readProblem says where in the file the problem is, if the sentence does not.
func readProblem(from source, e *bindings.Error) string {
	text := e.Message
	if from.name != "" && !strings.Contains(text, from.name) {
		text = from.name + ": " + text
	}
	if s := plain(float64(e.Data.Row)); e.Data.Row > 0 && !strings.Contains(text, s) {
		text += " (line " + s + ")"
	}
	return text
}

func (s *dataStep) read(ctx context.Context, from source) (*bindings.TableInfo, error) {
	p := bindings.OpenParams{Text: from.text, Sample: from.sample, Options: s.options}
	p.Options.Name = from.name
	var files []File
	if from.file != nil {
		first := 0
		p.Blob, files = &first, []File{*from.file}
	}
	var info bindings.TableInfo
	err := s.app.call(ctx, Request{Method: bindings.MethodTableOpen, Params: p, Files: files, Notify: func(method string, params json.RawMessage) {
		var at bindings.Progress
		if method == bindings.NotifyProgress && json.Unmarshal(params, &at) == nil {
			s.done, s.total = float64(at.Done), float64(at.Total)
			s.app.touch(s)
		}
	}}, &info)
	return &info, err
}

// reopen reads the open table again in a fresh engine and keeps the user's decisions.
func (s *dataStep) reopen() {
	if s.info == nil {
		return
	}
	a := s.app
	info, err := s.read(context.Background(), s.from)
	if err != nil {
		s.problem = &problem{text: "The file could not be opened again: " + failure(err).Message + " Please choose it once more."}
		s.info = nil
		a.columns.clear()
		a.touch(s)
		return
	}
	s.info = info
	a.columns.resume(info)
	a.state.say("Back again: " + s.from.name + " is open, with your choices.")
	a.touch(s)
}

// stopped forgets a reading that the lost engine will not end.
func (s *dataStep) stopped() { s.reading = nil }

func (a *App) closeTable(id int) {
	a.work(func() {
		if err := a.ask(bindings.MethodTableClose, bindings.TableParams{Table: id}, nil); err != nil {
			a.state.fail(err)
		}
	})
}
