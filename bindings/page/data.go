package page

import (
	"context"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// A dataStep is step 1: open a table.
type dataStep struct {
	fileIntake
	app     *App
	from    source              // of the table that is open
	options data.ReadOptions    // how files are read; the zero value decides by looking
	info    *bindings.TableInfo // nil: none is open
}

func newData(a *App) *dataStep {
	s := &dataStep{app: a}
	s.fileIntake = newFileIntake(a.studio, s, "A model is being trained on the open table. Stop it, or let it end, before you open another one.")
	a.on("data.file", func(act Action) { s.take(act.Files) })
	a.on("data.sample", func(act Action) { s.open(source{name: sampleTitle(act.Arg), sample: act.Arg}) })
	a.on("data.paste", func(Action) { s.paste(s.open) })
	a.on("data.cancel", func(Action) { s.cancel() })
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

func (s *dataStep) take(files []File) { s.takeOne(files, s.open) }

// open reads a table in the engine. An earlier table stays until the new one is there.
func (s *dataStep) open(from source) {
	s.intake.open(from, from.name, func(ctx context.Context) (func(), error) {
		info, err := s.read(ctx, from)
		return func() { s.took(from, info) }, err
	})
}

// took shows another table.
func (s *dataStep) took(from source, info *bindings.TableInfo) {
	a := s.app
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

func (s *dataStep) read(ctx context.Context, from source) (*bindings.TableInfo, error) {
	p := bindings.OpenParams{Text: from.text, Sample: from.sample, Options: s.options}
	p.Options.Name = from.name
	var files []File
	p.Blob, files = from.blob()
	var info bindings.TableInfo
	err := s.app.call(ctx, Request{Method: bindings.MethodTableOpen, Params: p, Files: files, Notify: s.hear}, &info)
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
