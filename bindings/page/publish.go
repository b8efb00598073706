package page

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A publishPart is the part of the result from which a model goes elsewhere: compiled,
// for a page of the user's own, or in the formats of other programs.
type publishPart struct {
	app       *studio
	open      bool
	weights   codegen.Precision
	plainOnly bool // a module without SIMD
	costs     []weightsCost
	measuring bool
	problem   *problem
	serial    int // of the last measurement
}

// A weightsCost is what a choice of weights costs: the file's size, and how right the
// model still is.
type weightsCost struct {
	weights codegen.Precision
	bytes   int
	test    *bindings.TestResult // nil: not measured
	refused string               // why there is no such module
}

// weightChoices are what can be chosen, the best first.
var weightChoices = []codegen.Precision{codegen.Float32, codegen.Float16, codegen.Int8}

func newPublish(a *studio) *publishPart {
	s := &publishPart{app: a, weights: codegen.Float32}
	a.on("publish.open", func(Action) { s.begin() })
	a.on("publish.close", func(Action) { s.reset(); a.touch(a.result); a.screen.Focus("publish") })
	a.on("publish.weights", func(act Action) { s.weights = codegen.Precision(act.Value); a.touch(a.result) })
	a.on("publish.plain", func(act Action) { s.plainOnly = act.Checked; a.touch(a.result) })
	a.on("publish.copy", func(Action) { a.screen.Copy(snippet); a.state.say("Copied the tag.") })
	a.on("publish.give", func(act Action) { s.give(act.Arg) })
	a.on("publish.dismiss", func(Action) { s.problem = nil; a.touch(a.result) })
	return s
}

// reset forgets what was measured on the model before.
func (s *publishPart) reset() {
	s.serial++
	s.open, s.costs, s.measuring, s.problem = false, nil, false, nil
}

// begin opens the panel and measures what each choice costs.
func (s *publishPart) begin() {
	a := s.app
	r := a.result.now
	if r == nil || s.measuring || !a.state.ready {
		return
	}
	s.serial++
	mine := s.serial
	s.open, s.costs, s.measuring, s.problem = true, nil, true, nil
	a.touch(a.result)
	a.screen.Settle("publish-panel")
	a.work(func() {
		for _, w := range weightChoices {
			cost, err := s.cost(r, w)
			if mine != s.serial {
				return
			}
			if lostEngine(err) {
				break
			}
			s.costs = append(s.costs, cost)
			a.touch(a.result)
		}
		s.measuring = false
		a.touch(a.result)
	})
}

// cost compiles the model with weights, and judges it on the rows that were kept for
// such choices. It asks the engine; an error means that there is none any more.
func (s *publishPart) cost(r *outcome, w codegen.Precision) (weightsCost, error) {
	c := weightsCost{weights: w}
	file, err := s.compile(r, w)
	if err != nil {
		c.refused = failure(err).Message
		return c, err
	}
	c.bytes = len(file)
	a := s.app
	if !a.lesson.open() || a.lesson.table() != r.table || r.test == nil {
		return c, nil
	}
	part := "validation"
	if p := a.lesson.prepared(); p != nil && p.Validation == 0 {
		part = ""
	}
	var test bindings.TestResult
	if err := a.ask(bindings.MethodModelTest, bindings.TestParams{Model: r.info.Model, Table: r.table, Part: part, Weights: string(w)}, &test); err != nil {
		return c, err // the table is another one by now: the size is known all the same
	}
	c.test = &test
	return c, nil
}

// compile returns the model as a module. It asks the engine.
func (s *publishPart) compile(r *outcome, w codegen.Precision) ([]byte, error) {
	simd := !s.plainOnly
	p := bindings.WasmParams{Model: r.info.Model, Weights: string(w), SIMD: &simd, Metrics: map[string]float64{}}
	if r.test != nil {
		for name, v := range r.test.Metrics {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				p.Metrics[name] = v
			}
		}
		p.Interval = r.test.Interval
	}
	var got bindings.WasmResult
	buffers, err := s.app.engine.Call(context.Background(), Request{Method: bindings.MethodModelWasm, Params: p}, &got)
	if err != nil {
		return nil, err
	}
	if got.Buffer < 0 || got.Buffer >= len(buffers) {
		return nil, noFile()
	}
	return buffers[got.Buffer], nil
}

// noFile is a broken answer.
func noFile() error {
	return &bindings.Error{Message: "the engine sent no file", Data: bindings.ErrorData{Code: tensor.CodeFormat}}
}

// Names of the files of a page with a model.
const (
	moduleFile = "model.wasm"
	embedFile  = "embed.js"
	mediaFile  = "embed-media.js" // which embed.js loads for texts and pictures
	pageFile   = "index.html"
)

// give offers the model as a file: "page", "module", or a format of the engine's.
func (s *publishPart) give(what string) {
	a := s.app
	r := a.result.now
	if r == nil {
		return
	}
	a.work(func() {
		name, file, err := s.file(r, what)
		switch {
		case err == nil:
			a.screen.Download(name, file)
			a.state.say("Saved " + name + " to your downloads.")
			s.problem = nil
		case !lostEngine(err):
			s.problem = &problem{text: "The model could not be written: " + failure(err).Message}
		}
		a.touch(a.result)
	})
}

// file makes what give offers. It asks the engine.
func (s *publishPart) file(r *outcome, what string) (name string, file []byte, err error) {
	switch what {
	case "page", "module":
		if file, err = s.compile(r, s.weights); err != nil || what == "module" {
			return moduleFile, file, err
		}
		files := []archive.File{{Name: pageFile, Content: []byte(examplePage(r.info.Name))}, {Name: moduleFile, Content: file}}
		for _, name := range scripts(r) {
			script := s.app.screen.Embed(name)
			if script == "" {
				return "", nil, errors.New("this page came without " + name + "; take model.wasm alone, and " + name + " from where Terrarium is")
			}
			files = append(files, archive.File{Name: name, Content: []byte(script)})
		}
		return r.info.Name + ".zip", archive.Write(files...), nil
	}
	var got bindings.ExportResult
	buffers, err := s.app.engine.Call(context.Background(), Request{Method: bindings.MethodModelExport,
		Params: bindings.ExportParams{WasmParams: bindings.WasmParams{Model: r.info.Model}, Format: what}}, &got)
	if err != nil {
		return "", nil, err
	}
	var files []archive.File
	for _, f := range got.Files {
		if f.Buffer < 0 || f.Buffer >= len(buffers) {
			return "", nil, noFile()
		}
		files = append(files, archive.File{Name: f.Name, Content: buffers[f.Buffer]})
	}
	if len(files) == 1 {
		return files[0].Name, files[0].Content, nil
	}
	return r.info.Name + " for TensorFlow.js.zip", archive.Write(files...), nil
}

// scripts are what a page with the model needs.
func scripts(r *outcome) []string {
	medium := r.info.Pipeline != nil && r.info.Pipeline.Medium != nil
	if medium || slices.ContainsFunc(r.info.Inputs, func(p bindings.Port) bool { return len(p.Shape) == 3 }) {
		return []string{embedFile, mediaFile}
	}
	return []string{embedFile}
}

// snippet is what shows a model on a page.
const snippet = `<script type="module" src="` + embedFile + `"></script>
<terrarium-predict src="` + moduleFile + `"></terrarium-predict>`

// examplePage is a page that shows the model.
func examplePage(name string) string {
	var title bytes.Buffer
	_, _ = escapeText.WriteString(&title, name) // to memory, which takes all
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>` + title.String() + `</title>
</head>
<body>
<h1>` + title.String() + `</h1>
` + snippet + `
</body>
</html>
`
}
