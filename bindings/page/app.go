package page

import (
	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An App is the road of tables: its steps, and what joins them.
type App struct {
	*studio

	data    *dataStep
	columns *columnsStep
	network *networkStep
	row     *rowStep
	changes *changesPart
}

var (
	_ road   = (*App)(nil)
	_ lesson = (*App)(nil)
)

// New makes a page on a screen. Spawn starts a fresh engine and tells when it is lost.
func New(screen Screen, spawn func(lost func(why string)) Engine) *App {
	h, a := newHub(screen, spawn), &App{}
	h.road = a
	a.studio = newStudio(h, a)
	a.data = newData(a)
	a.columns = newColumns(a)
	a.network = newNetwork(a)
	a.row = newRow(a)
	a.changes = newChanges(a)
	a.address.begin()
	return a
}

func (a *App) steps() []step {
	return append([]step{a.data, a.columns, a.changes, a.network, a.train, a.result, a.row, a.shelf}, a.insight.steps()...)
}

func (a *App) begin()               { a.touch(a.data); a.shelf.refresh() }
func (a *App) busy() bool           { return a.train.busy() }
func (a *App) take(files []File)    { a.data.take(files) }
func (a *App) takeText(text string) { a.data.open(source{name: "pasted text", text: text}) }
func (a *App) undo()                { a.columns.back() }
func (a *App) resized()             { a.touch(a.train, a.result); a.insight.touch() }

func (a *App) lost() {
	a.data.stopped()
	a.columns.stopped()
	a.changes.q.forget()
	a.train.lostEngine()
	a.insight.clear()
	a.row.lostEngine()
	a.touch(a.data, a.columns, a.train, a.result, a.row)
}

// comeBack opens the file again that the page still holds, carries the user's decisions
// over, and brings back the last model that was saved by itself.
func (a *App) comeBack(trained bool) {
	a.shelf.refresh()
	a.result.reopen(trained)
	a.data.reopen()
}

func (a *App) open() bool     { return a.columns.info != nil }
func (a *App) complete() bool { return a.open() && a.columns.now.Target != "" }
func (a *App) missing() string {
	return "First open a table above."
}
func (a *App) name() string                      { return a.data.from.name }
func (a *App) table() int                        { return a.columns.info.Table }
func (a *App) prepared() *bindings.PrepareResult { return a.columns.prepared }
func (a *App) options() *options                 { return &a.network.opts }
func (a *App) layers(p parsed) []bindings.Layer  { return a.network.hidden(p) }

func (a *App) check() (parsed, checks) {
	p, c, _ := a.network.check()
	return p, c
}

// mostTries bounds how often preparing begins anew.
const mostTries = 5

// prepare waits for the table, where the last change to it is not carried out yet.
func (a *App) prepare() error {
	for tries := 1; !a.columns.prepare(); tries++ {
		if a.columns.problem != nil {
			return &bindings.Error{Message: a.columns.problem.text, Data: bindings.ErrorData{Code: tensor.CodeData}}
		}
		// Another preparation, of a change made just before, came in between.
		if tries == mostTries {
			return &bindings.Error{Message: "The table keeps changing while it is being prepared. Please press Train again.", Data: bindings.ErrorData{Code: tensor.CodeData}}
		}
	}
	return nil
}

func (a *App) try(r *outcome) {
	if r == nil {
		a.row.clear()
	} else {
		a.row.begin(r)
	}
	a.touch(a.row)
}

func (a *App) banner() Nodes {
	return a.cutOffBanner("Open the same file again and the training can go on where it stopped.")
}
