package page

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A writeStep is step 7: a long text, a network that learns what comes next in it, what it
// writes while it learns, and what it writes afterwards.
type writeStep struct {
	app     *Texts
	from    textSource
	info    *bindings.WritingInfo
	reading bool
	stop    context.CancelFunc // of what is being read or written
	problem *problem

	setup    text.WritingSetup
	length   string
	network  string
	rounds   string
	rate     string
	seed     string
	own      bool // the user changed rounds or rate
	prepared *bindings.WritingPrepareResult
	serial   int

	run     writeRun
	model   *bindings.ModelInfo // that writes; nil: none
	of      string              // what it learned from
	digest  string              // of its weights
	lent    bool                // it belongs to the shelf, not to this step
	saved   bool
	name    string
	working bool

	start       string
	temperature string
	count       string
	chance      string // the seed of what is written
	written     string
	writing     bool
	looks       *attentionPart
}

func newWriting(a *Texts) *writeStep {
	s := &writeStep{app: a, network: text.NetworkGRU, seed: "1", temperature: "0.8", count: "300", chance: "1"}
	s.looks = newAttention(a, "write-attention", s, func() *bindings.ModelInfo {
		if s.writing {
			return nil
		}
		return s.model
	}, func() string { return s.written })
	a.on("write.file", func(act Action) { s.take(act.Files) })
	a.on("write.sample", func(act Action) {
		for _, info := range text.Samples() {
			if info.Name == act.Arg && info.Writes {
				s.open(textSource{name: info.Title, sample: act.Arg})
			}
		}
	})
	a.on("write.paste", func(Action) {
		if pasted := a.screen.Value("write-text"); strings.TrimSpace(pasted) != "" {
			s.open(textSource{name: "pasted text", text: pasted})
			return
		}
		s.problem = &problem{text: "There is no text to learn from yet. Paste one into the box above the button."}
		a.touch(s)
		a.screen.Focus("write-text")
	})
	form := func(name string, to *string, own, anew bool) {
		a.on("write."+name, func(act Action) {
			*to = act.Value
			s.own = s.own || own
			if anew {
				s.changed()
			}
			a.touch(s)
		})
	}
	form("length", &s.length, false, true)
	form("rounds", &s.rounds, true, false)
	form("rate", &s.rate, true, false)
	form("seed", &s.seed, false, false)
	form("start", &s.start, false, false)
	form("temperature", &s.temperature, false, false)
	form("count", &s.count, false, false)
	form("chance", &s.chance, false, false)
	form("name", &s.name, false, false)
	a.on("write.kind", func(act Action) { s.setup.Kind = text.Kind(act.Value); s.changed() })
	a.on("write.network", func(act Action) { s.network = act.Value; s.fill(); a.touch(s) })
	a.on("write.train", func(Action) { s.train() })
	a.on("write.goon", func(Action) { s.goOn() })
	a.on("write.stop", func(Action) { s.run.end(a); a.touch(s) })
	a.on("write.go", func(Action) { s.write(false) })
	a.on("write.more", func(Action) { s.write(true) })
	a.on("write.cancel", func(Action) {
		if s.stop != nil {
			s.stop()
		}
	})
	a.on("write.copy", func(Action) { a.screen.Copy(s.written); a.state.say("Copied the text.") })
	a.on("write.save", func(Action) { s.save() })
	a.on("write.download", func(Action) { s.download() })
	a.on("write.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

// lostEngine: what was asked will not be answered, and the model is gone unless it is kept.
func (s *writeStep) lostEngine() {
	s.reading, s.writing, s.working, s.prepared, s.model = false, false, false, nil, nil
	s.run = writeRun{}
	s.serial++
}

func (s *writeStep) fail(err error) {
	if err != nil && !lostEngine(err) && !aborted(err) {
		s.problem = &problem{text: advice(failure(err))}
	}
	s.app.touch(s)
}

// take opens a text that was chosen or dropped; a model file is opened instead.
func (s *writeStep) take(files []File) {
	if len(files) == 0 {
		return
	}
	if len(files) == 1 && strings.HasSuffix(strings.ToLower(files[0].Name), ".safetensors") {
		s.app.shelf.openFiles(files)
		return
	}
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b File) int { return strings.Compare(a.where(), b.where()) })
	name := files[0].Name
	if len(files) > 1 {
		name += " and the rest of " + plural(len(files), "file", "files")
	}
	s.open(textSource{name: name, files: files})
}

// open reads a text in the engine. An earlier one stays until the new one is there.
func (s *writeStep) open(from textSource) {
	a := s.app
	if !a.state.ready || s.reading || s.run.busy() {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.reading, s.stop, s.problem = true, stop, nil
	s.serial++
	mine := s.serial
	a.state.say("Reading " + from.name + "…")
	a.touch(s)
	a.work(func() {
		defer stop()
		p := bindings.WritingParams{Text: from.text, Sample: from.sample, Name: from.name}
		for i, f := range from.files {
			p.Files = append(p.Files, bindings.TextFile{Path: f.where(), Blob: i})
		}
		var got bindings.WritingInfo
		err := a.call(ctx, Request{Method: bindings.MethodWritingOpen, Params: p, Files: from.files}, &got)
		if mine != s.serial {
			return
		}
		s.reading = false
		if err != nil {
			a.state.say("The text could not be read.")
			s.fail(err)
			return
		}
		if s.info != nil {
			a.closeTable(s.info.Table)
		}
		s.from, s.info, s.setup, s.length, s.own = from, &got, got.Setup, strconv.Itoa(got.Setup.Length), false
		a.state.say("Read " + plural(got.Characters, "character", "characters") + " from " + from.name + ".")
		s.changed()
		a.screen.Settle("step-write")
	})
}

// reopen reads the text again in a fresh engine. It asks the engine.
func (s *writeStep) reopen() {
	if s.info == nil {
		return
	}
	from, setup, length := s.from, s.setup, s.length
	p := bindings.WritingParams{Text: from.text, Sample: from.sample, Name: from.name}
	for i, f := range from.files {
		p.Files = append(p.Files, bindings.TextFile{Path: f.where(), Blob: i})
	}
	var got bindings.WritingInfo
	if err := s.app.call(context.Background(), Request{Method: bindings.MethodWritingOpen, Params: p, Files: from.files}, &got); err != nil {
		s.info = nil
		s.fail(err)
		return
	}
	s.info, s.setup, s.length = &got, setup, length
	s.changed()
}

// changed lets the engine prepare once things are quiet.
func (s *writeStep) changed() {
	s.serial++
	mine := s.serial
	s.prepared = nil
	a := s.app
	a.touch(s)
	a.screen.After(300*time.Millisecond, func() {
		if mine == s.serial && s.info != nil && a.state.ready && !s.run.busy() && s.check().bad() == "" {
			a.work(func() { s.fail(s.prepare()) })
		}
	})
}

// prepare lets the engine cut the text. It asks the engine.
func (s *writeStep) prepare() error {
	s.serial++
	mine := s.serial
	setup := s.setup
	setup.Length, _ = strconv.Atoi(s.length)
	var got bindings.WritingPrepareResult
	err := s.app.ask(bindings.MethodWritingPrepare, bindings.WritingPrepareParams{Table: s.info.Table, Setup: setup}, &got)
	if err != nil || mine != s.serial {
		return err
	}
	s.prepared, s.problem = &got, nil
	s.fill()
	s.app.touch(s)
	return nil
}

// chosen is the network that was chosen; nil while none is known.
func (s *writeStep) chosen() *bindings.TextNetwork {
	if s.prepared == nil {
		return nil
	}
	for i := range s.prepared.Networks {
		if s.prepared.Networks[i].Name == s.network {
			return &s.prepared.Networks[i]
		}
	}
	return &s.prepared.Networks[0]
}

// fill takes the suggestion for the network, unless the user has an own one.
func (s *writeStep) fill() {
	if n := s.chosen(); n != nil && !s.own {
		s.rounds, s.rate = strconv.Itoa(n.Train.Epochs), plain(n.Train.LearningRate)
	}
}

// check says what is wrong with the form.
func (s *writeStep) check() checks {
	c := checks{}
	whole(s.length, 2, 512, "write-length", "How far the model looks back", c)
	if s.rounds != "" {
		whole(s.rounds, 1, 10_000, "write-rounds", "The number of rounds", c)
		if v, ok := read(s.rate); !ok || v <= 0 {
			c["write-rate"] = check{"The learning rate is a number above 0, for example 0.003.", true}
		}
	}
	whole(s.seed, 0, bindings.MaxSeed, "write-seed", "The seed", c)
	return c
}

// writes tells whether a pipeline is that of a model that writes.
func writes(p *data.Pipeline) bool { return p != nil && p.Output.Task == data.TaskWriting }

// lend takes a model that was opened from the shelf.
func (s *writeStep) lend(r *outcome) {
	s.drop()
	info := r.info
	s.model, s.of, s.lent, s.saved, s.name, s.written = &info, r.from, true, true, info.Name, ""
	s.app.touch(s)
}

// drop lets go of the model.
func (s *writeStep) drop() {
	if s.model != nil && !s.lent {
		s.app.dispose(s.model.Model)
	}
	s.model, s.written = nil, ""
}

// writeParams is what the form asks for, checked; a problem is shown.
func (s *writeStep) writeParams(model int, start string) (bindings.WriteParams, bool) {
	p := bindings.WriteParams{Model: model, Start: start}
	c := checks{}
	p.Count = int(whole(s.count, 1, bindings.MaxWritten, "write-count", "The number of characters to write", c))
	p.Seed = whole(s.chance, 0, bindings.MaxSeed, "write-chance", "The seed", c)
	p.Temperature, _ = read(s.temperature)
	if id := c.bad(); id != "" {
		s.problem = &problem{text: c[id].text}
		s.app.touch(s)
		s.app.screen.Focus(id)
		return p, false
	}
	return p, true
}

// write has the model write: from the start, or more behind what is there.
func (s *writeStep) write(more bool) {
	a := s.app
	if s.model == nil || s.writing || s.run.busy() || !a.state.ready {
		return
	}
	start := s.start
	if more {
		start = s.written
	}
	p, ok := s.writeParams(s.model.Model, start)
	if !ok {
		return
	}
	if more { // or the same chance would draw the same again
		p.Seed = (p.Seed + int64(len(start))) % bindings.MaxSeed
	}
	ctx, stop := context.WithCancel(context.Background())
	s.writing, s.stop, s.problem, s.written = true, stop, nil, start
	mine := s.model
	a.touch(s)
	a.screen.Focus("write-cancel")
	a.work(func() {
		defer stop()
		var got bindings.WriteResult
		err := a.call(ctx, Request{Method: bindings.MethodWritingWrite, Params: p, Notify: func(method string, params json.RawMessage) {
			var w bindings.Written
			if method == bindings.NotifyWritten && json.Unmarshal(params, &w) == nil && mine == s.model {
				s.written += w.Text
				a.touch(s)
			}
		}}, &got)
		if mine != s.model {
			return
		}
		s.writing = false
		if err == nil {
			s.written = start + got.Text
			s.looks.refresh()
			a.state.say("The model has written " + plural(p.Count, "character", "characters") + ".")
		}
		a.screen.Focus("write-more")
		s.fail(err)
	})
}

// save keeps the model in this browser.
func (s *writeStep) save() {
	a := s.app
	name := strings.TrimSpace(s.name)
	if s.model == nil || s.working || !a.state.ready {
		return
	}
	if name == "" {
		s.problem = &problem{text: "Please give the model a name first."}
		a.touch(s)
		a.screen.Focus("write-name")
		return
	}
	s.working = true
	a.touch(s)
	a.work(func() {
		err := a.ask(bindings.MethodModelSave, bindings.SaveParams{Model: s.model.Model, Name: name, Date: a.screen.Now().Format(time.RFC3339)}, nil)
		s.working = false
		if err == nil {
			s.saved = true
			a.screen.Guard(a.result.now != nil && !a.result.now.saved)
			a.state.say("Saved “" + name + "” in this browser.")
			if name != writingCopy && !s.lent && a.shelf.holds(writingCopy) {
				s.fail(a.ask(bindings.MethodStoreRemove, bindings.NameParams{Name: writingCopy}, nil))
			}
			a.shelf.refresh()
		}
		s.fail(err)
	})
}

func (s *writeStep) download() {
	if s.model == nil {
		return
	}
	s.app.work(func() {
		s.fail(s.app.downloadBytes(bindings.MethodModelBytes, bindings.ModelParams{Model: s.model.Model}))
	})
}
