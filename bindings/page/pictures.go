package page

import (
	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Pictures is the road of images: its steps, and what joins them.
type Pictures struct {
	*studio

	gather *gatherStep
	sorted *sortedStep
	form   *pictureForm
	wrong  *wrongStep
	tryout *tryStep
}

var (
	_ road   = (*Pictures)(nil)
	_ lesson = (*Pictures)(nil)
	_ judge  = (*Pictures)(nil)
)

// NewPictures makes the page of images on a screen.
func NewPictures(screen Screen, spawn func(lost func(why string)) Engine) *Pictures {
	h, a := newHub(screen, spawn), &Pictures{}
	h.road = a
	a.studio = newStudio(h, a)
	a.gather = newGather(a)
	a.sorted = newSorted(a)
	a.form = newPictureForm(a)
	a.wrong = &wrongStep{app: a}
	a.tryout = newTry(a)
	a.address.begin()
	return a
}

func (a *Pictures) steps() []step {
	return append([]step{a.gather, a.sorted, a.form, a.train, a.result, a.wrong, a.tryout, a.shelf}, a.insight.steps()...)
}

func (a *Pictures) begin()            { a.touch(a.gather); a.shelf.refresh() }
func (a *Pictures) busy() bool        { return a.train.busy() }
func (a *Pictures) take(files []File) { a.gather.take(files, "") }
func (a *Pictures) takeText(string)   {}
func (a *Pictures) undo()             { a.sorted.back() }
func (a *Pictures) resized()          { a.touch(a.train, a.result); a.insight.touch() }

func (a *Pictures) lost() {
	a.gather.stopped()
	a.form.stopped()
	a.train.lostEngine()
	a.insight.clear()
	a.tryout.lostEngine()
	a.wrong.clear()
	a.touch(a.steps()...)
}

// comeBack adds again, in the same order, what was added before, and brings back the last
// model that was saved by itself.
func (a *Pictures) comeBack(trained bool) {
	a.shelf.refresh()
	a.result.reopen(trained)
	a.gather.reopen()
}

func (a *Pictures) open() bool      { return a.gather.info != nil && a.gather.info.Profile.Pictures > 0 }
func (a *Pictures) complete() bool  { return a.open() && len(a.gather.info.Profile.Classes) > 1 }
func (a *Pictures) missing() string { return "First add pictures of two kinds or more above." }
func (a *Pictures) name() string    { return a.gather.name }
func (a *Pictures) table() int      { return a.gather.info.Table }
func (a *Pictures) prepared() *bindings.PrepareResult {
	if p := a.form.prepared; p != nil {
		return &p.Prepared
	}
	return nil
}
func (a *Pictures) options() *options                { return &a.form.opts }
func (a *Pictures) layers(p parsed) []bindings.Layer { return a.form.layers(p) }
func (a *Pictures) check() (parsed, checks)          { return a.form.check() }
func (a *Pictures) things() (one, many string)       { return "picture", "pictures" }

func (a *Pictures) prepare() error {
	if a.form.prepare() {
		return nil
	}
	if p := a.form.problem; p != nil {
		return &bindings.Error{Message: p.text, Data: bindings.ErrorData{Code: tensor.CodeData}}
	}
	return &bindings.Error{Message: "The pictures changed while they were being prepared. Please press Train again.", Data: bindings.ErrorData{Code: tensor.CodeData}}
}

func (a *Pictures) try(r *outcome) {
	a.tryout.begin(r)
	if r == nil || r.loaded || a.wrong.of != r {
		a.wrong.clear()
	}
}

func (a *Pictures) cell(r *outcome, truth, said int) { a.wrong.show(r, truth, said) }

func (a *Pictures) banner() Nodes {
	return a.cutOffBanner("Add the same pictures again, in the same order, and the training can go on where it stopped.")
}
