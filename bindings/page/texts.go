package page

import (
	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Texts is the road of texts: its steps, and what joins them.
type Texts struct {
	*studio

	gather *textGather
	clean  *cleanStep
	words  *wordsStep
	form   *textForm
	wrong  *textWrong
	tryout *textTry
	writer *writeStep
}

var (
	_ road   = (*Texts)(nil)
	_ lesson = (*Texts)(nil)
	_ judge  = (*Texts)(nil)
)

// NewTexts makes the page of texts on a screen.
func NewTexts(screen Screen, spawn func(lost func(why string)) Engine) *Texts {
	h, a := newHub(screen, spawn), &Texts{}
	h.road = a
	a.studio = newStudio(h, a)
	a.gather = newTextGather(a)
	a.clean = newClean(a)
	a.words = newWords(a)
	a.form = newTextForm(a)
	a.wrong = newTextWrong(a)
	a.tryout = newTextTry(a)
	a.writer = newWriting(a)
	a.address.begin()
	return a
}

func (a *Texts) steps() []step {
	return append([]step{a.gather, a.clean, a.words, a.form, a.train, a.result, a.wrong, a.tryout, a.writer, a.shelf}, a.insight.steps()...)
}

func (a *Texts) begin()               { a.touch(a.gather, a.writer); a.shelf.refresh() }
func (a *Texts) busy() bool           { return a.train.busy() || a.writer.run.busy() }
func (a *Texts) take(files []File)    { a.gather.take(files) }
func (a *Texts) takeText(text string) { a.gather.open(textSource{name: "pasted text", text: text}) }
func (a *Texts) undo()                { a.clean.back() }
func (a *Texts) resized()             { a.touch(a.train, a.result, a.writer); a.insight.touch() }

func (a *Texts) lost() {
	a.gather.stopped()
	a.words.stopped()
	a.train.lostEngine()
	a.insight.clear()
	a.tryout.lostEngine()
	a.writer.lostEngine()
	a.touch(a.steps()...)
}

// comeBack opens again what the page still holds, decides about it as before, and brings
// back the last model that was saved by itself.
func (a *Texts) comeBack(trained bool) {
	a.shelf.refresh()
	a.result.reopen(trained)
	a.gather.reopen()
	a.writer.reopen()
}

func (a *Texts) open() bool { return a.gather.info != nil }
func (a *Texts) complete() bool {
	return a.open() && len(a.gather.info.Profile.Classes) > 1
}
func (a *Texts) missing() string { return "First open texts of two classes or more above." }
func (a *Texts) name() string    { return a.gather.from.name }
func (a *Texts) table() int      { return a.gather.info.Table }
func (a *Texts) prepared() *bindings.PrepareResult {
	if p := a.words.prepared; p != nil {
		return &p.Prepared
	}
	return nil
}
func (a *Texts) options() *options                { return &a.form.opts }
func (a *Texts) layers(parsed) []bindings.Layer   { return a.form.layers() }
func (a *Texts) check() (parsed, checks)          { return a.form.check() }
func (a *Texts) things() (one, many string)       { return "text", "texts" }
func (a *Texts) cell(r *outcome, truth, said int) { a.wrong.show(r, truth, said) }

func (a *Texts) prepare() error {
	if a.words.prepare() {
		return nil
	}
	if p := a.words.problem; p != nil {
		return &bindings.Error{Message: p.text, Data: bindings.ErrorData{Code: tensor.CodeData}}
	}
	return &bindings.Error{Message: "The texts changed while they were being prepared. Please press Train again.", Data: bindings.ErrorData{Code: tensor.CodeData}}
}

func (a *Texts) try(r *outcome) {
	if a.writer.lent { // what the shelf lent is gone
		a.writer.drop()
	}
	if r != nil && writes(r.info.Pipeline) {
		a.writer.lend(r)
		r.info.Interrupted = nil // where it writes it is said how its training goes on
	}
	a.touch(a.writer)
	a.tryout.begin(r)
	if r == nil || r.loaded || a.wrong.of != r {
		a.wrong.clear()
	}
}

// manuscript is the text that is open for a model that writes to learn from; 0 for another
// model, and where none is open.
func (a *Texts) manuscript(r *outcome) int {
	if !writes(r.info.Pipeline) || a.writer.prepared == nil {
		return 0
	}
	return a.writer.info.Table
}

func (a *Texts) banner() Nodes {
	m := a.shelf.cutOff()
	switch {
	case a.writer.run.busy():
		return nil
	case m == nil || m.Name != writingCopy:
		return a.cutOffBanner("Open the same texts again and the training can go on where it stopped.")
	case a.writer.model != nil:
		return nil
	}
	return a.cutOffBanner("Open the same text again in step 7 and the training can go on where it stopped. It can write what it had learned by then.")
}
