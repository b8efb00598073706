package page

import (
	"context"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
)

// A textSource is where texts come from: files, pasted text or a sample set. The page keeps
// it, so that it can be opened again after the engine was lost.
type textSource struct {
	name   string
	files  []File
	text   string
	sample string
}

// A textGather is step 1's first half: texts come in.
type textGather struct {
	intake[textSource]
	app     *Texts
	from    textSource // of what is open
	options data.ReadOptions
	info    *bindings.TextsInfo
}

func newTextGather(a *Texts) *textGather {
	s := &textGather{app: a}
	s.intake = intake[textSource]{on: a.studio, shown: s, words: intakeWords[textSource]{busy: "Other texts are being read. Cancel that first, or wait until it is done.",
		training: "A model is being trained. Stop it, or let it end, before you open other texts.", failed: "The texts could not be read."}}
	a.on("texts.file", func(act Action) { s.take(act.Files) })
	a.on("texts.sample", func(act Action) { s.sample(act.Arg) })
	a.on("texts.paste", func(Action) { s.paste() })
	a.on("texts.cancel", func(Action) { s.cancel() })
	a.on("texts.option", func(act Action) { s.setOption(act.Arg, act.Value) })
	a.on("texts.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// take opens what was chosen or dropped: texts, or a saved model.
func (s *textGather) take(files []File) {
	if len(files) == 0 {
		return
	}
	if len(files) == 1 && strings.HasSuffix(strings.ToLower(files[0].Name), ".safetensors") {
		s.app.shelf.openFiles(files)
		return
	}
	files = slices.Clone(files)
	// The order in which a browser lists files is its own; the set's is by name.
	slices.SortStableFunc(files, func(a, b File) int { return strings.Compare(a.where(), b.where()) })
	what := files[0].Name
	if top, _, in := strings.Cut(strings.Trim(files[0].where(), "/"), "/"); in {
		what = top
	} else if len(files) > 1 {
		what += " and the rest of " + plural(len(files), "file", "files")
	}
	s.open(textSource{name: what, files: files})
}

func (s *textGather) sample(name string) {
	for _, info := range text.Samples() {
		if info.Name == name && !info.Writes {
			s.open(textSource{name: info.Title, sample: name})
		}
	}
}

func (s *textGather) paste() {
	pasted := s.app.screen.Value("paste-text")
	if strings.TrimSpace(pasted) == "" {
		s.problem = &problem{text: "There is no text to read yet. Copy a table, with a text and its class in each line, and paste it into the box above the button."}
		s.app.touch(s)
		s.app.screen.Focus("paste-text")
		return
	}
	s.open(textSource{name: "pasted text", text: pasted})
}

// setOption changes how tables are read, and reads the last one again.
func (s *textGather) setOption(name, value string) {
	switch name {
	case "delimiter":
		s.options.Delimiter = value
	case "header":
		s.options.Header = data.Choice(value)
	case "quotes":
		s.options.Quotes = data.Quotes(value)
	case "encoding":
		s.options.Encoding = value
	}
	if s.last != nil {
		s.open(*s.last)
	}
}

// open reads texts in the engine. Earlier ones stay until the new ones are there.
func (s *textGather) open(from textSource) {
	s.intake.open(from, from.name, func(ctx context.Context) (func(), error) {
		info, err := s.read(ctx, from)
		return func() { s.took(from, info) }, err
	})
}

// took shows other texts.
func (s *textGather) took(from textSource, info *bindings.TextsInfo) {
	a := s.app
	old := s.info
	s.from, s.info = from, info
	if old != nil {
		a.closeTable(old.Table)
	}
	a.clean.begin()
	a.words.begin(true)
	a.state.say("Read " + plural(info.Profile.Records, "text", "texts") + " from " + from.name + ".")
	a.touch(a.steps()...)
	a.screen.Settle("step-words")
}

func (s *textGather) read(ctx context.Context, from textSource) (*bindings.TextsInfo, error) {
	p := bindings.TextsParams{Text: from.text, Sample: from.sample}
	if from.sample == "" {
		p.Options = s.options
	}
	for i, f := range from.files {
		p.Files = append(p.Files, bindings.TextFile{Path: f.where(), Blob: i})
	}
	if len(from.files) == 0 {
		p.Options.Name = from.name
	}
	var info bindings.TextsInfo
	err := s.app.call(ctx, Request{Method: bindings.MethodTextsOpen, Params: p, Files: from.files, Notify: s.hear}, &info)
	return &info, err
}

// reopen reads the open texts again in a fresh engine and decides about them as before.
func (s *textGather) reopen() {
	if s.info == nil {
		return
	}
	a := s.app
	choice := s.info.Choice
	info, err := s.read(context.Background(), s.from)
	if err == nil {
		err = a.ask(bindings.MethodTextsEdit, bindings.TextsEditParams{Table: info.Table, Choice: choice}, info)
	}
	if err != nil {
		s.info = nil
		s.problem = &problem{text: "The texts could not be opened again: " + failure(err).Message + " Please choose them once more."}
		a.touch(a.steps()...)
		return
	}
	s.info = info
	a.state.say("Back again: " + s.from.name + " is open, with your choices.")
	a.clean.fetch()
	a.words.begin(false)
	a.touch(a.steps()...)
}

// stopped forgets a reading that the lost engine will not end.
func (s *textGather) stopped() { s.reading = nil }
