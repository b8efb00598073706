package page

import (
	"context"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
)

// shelfArrays is a file that holds arrays and no network, on its way into a model.
type shelfArrays struct {
	file   File
	arrays []bindings.ArrayInfo
}

// isModel tells by its name whether a file is rather a model than a table.
func isModel(name string) bool {
	name = strings.ToLower(name)
	for _, end := range []string{".safetensors", ".json", ".zip", ".onnx", ".h5", ".keras", ".tflite", ".pt", ".pth", ".wasm"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// anyModel tells whether files that were given together are a model.
func anyModel(files []File) bool {
	for _, f := range files {
		if isModel(f.Name) {
			return true
		}
	}
	return false
}

// formatNames says what a file was, behind "from the file x, ".
var formatNames = map[string]string{
	bindings.FormatKeras:     "a layers-model of TensorFlow.js",
	bindings.FormatTeachable: "a model of Teachable Machine",
	bindings.FormatONNX:      "an ONNX model",
}

// openFiles opens a model of any format from files that were chosen or dropped.
func (s *shelfStep) openFiles(files []File) {
	a := s.app
	if !a.state.ready || len(files) == 0 {
		return
	}
	if a.train.busy() {
		s.problem = &problem{text: trainingFirst}
		a.touch(s)
		return
	}
	if isProject(files[0].Name) {
		a.storage.take(files)
		return
	}
	a.work(func() {
		var p bindings.OpenModelParams
		names := make([]string, len(files))
		for i, f := range files {
			p.Files = append(p.Files, bindings.ModelFile{Name: f.Name, Blob: i})
			names[i] = f.Name
		}
		called := listing(names, 3)
		var got bindings.OpenModelResult
		if err := a.call(context.Background(), Request{Method: bindings.MethodModelOpen, Params: p, Files: files}, &got); err != nil {
			if !lostEngine(err) {
				s.problem = &problem{text: called + " could not be opened: " + failure(err).Message}
				a.touch(s)
				a.screen.Focus("step-models")
			}
			return
		}
		s.arrays = nil
		if got.Model == 0 {
			s.problem, s.arrays = nil, &shelfArrays{files[0], got.Arrays}
			a.touch(s)
			a.screen.Focus("step-models")
			return
		}
		from := "from the file " + called
		if what := formatNames[got.Format]; what != "" {
			from += ", " + what
		}
		s.showLoaded(&outcome{info: got.ModelInfo, from: from, format: got.Format, notes: got.Notes, labels: got.Labels})
	})
}

// trainingFirst is why no model can be opened now.
const trainingFirst = "A model is being trained. Let it end, or stop it, before you open another one."

// takeArrays sets the open model's weights to the arrays of a file, by name.
func (s *shelfStep) takeArrays() {
	a := s.app
	r, from := a.result.now, s.arrays
	if r == nil || from == nil || a.train.busy() {
		return
	}
	a.work(func() {
		var took bindings.LoadWeightsResult
		if err := a.call(context.Background(), Request{Method: bindings.MethodModelTake, Params: bindings.LoadWeightsParams{Model: r.info.Model}, Files: []File{from.file}}, &took); err != nil {
			s.say(err)
			return
		}
		if len(took.Set) == 0 {
			s.problem = &problem{text: "None of the arrays in " + from.file.Name + " is called after a weight of the open model and fits it. Its weights are called " + listing(took.Missing, 6) + "."}
			a.touch(s)
			return
		}
		s.arrays = nil
		notes := append([]string{plural(len(took.Set), "weight", "weights") + " set from the file: " + listing(took.Set, 8)}, took.Misfits...)
		for _, left := range []struct {
			what  string
			names []string
		}{{"not in the file, and left as they were: ", took.Missing}, {"in the file, and not used: ", took.Unused}} {
			if len(left.names) > 0 {
				notes = append(notes, left.what+listing(left.names, 8))
			}
		}
		s.showLoaded(&outcome{info: r.info, from: "with weights from the file " + from.file.Name, notes: notes, labels: r.labels})
	})
}

// showLoaded makes a loaded model the one that the page is about. It asks the engine.
func (s *shelfStep) showLoaded(r *outcome) {
	var err error
	if r.digest, err = s.app.digest(r.info.Model); err != nil {
		s.say(err)
		return
	}
	s.problem = nil
	r.loaded, r.saved = true, true
	s.app.result.show(r)
}

// arraysView says what a file without a network holds, and what can be done with it.
func (s *shelfStep) arraysView() Node {
	names := make([]string, len(s.arrays.arrays))
	for i, t := range s.arrays.arrays {
		names[i] = t.Name
	}
	box := el("div", class("leak"), keyed("arrays"), ident("arrays"),
		el("p", el("strong", txt(s.arrays.file.Name+" holds "+plural(len(names), "array", "arrays")+" and no network")), txt(": "+listing(names, 8)+". They can become the weights of an open model whose layers have these names.")))
	el("div", class("tools"), when(s.app.result.has(), button("shelf.take", "", "second", "Set the open model’s weights", ident("take-arrays"))),
		button("shelf.forget", "", "second", "Not now")).join(&box)
	return box
}
