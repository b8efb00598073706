package page

import (
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A source is where a table comes from: a file, pasted text or a sample set. The page
// keeps it, so that it can be opened again after the engine was lost.
type source struct {
	name   string
	file   *File
	text   string
	sample string
}

// A fileIntake takes one table at a time: a file, pasted text or a sample set.
type fileIntake struct{ intake[source] }

// newFileIntake makes one; training is said while a model is being trained.
func newFileIntake(a *studio, shown step, training string) fileIntake {
	return fileIntake{intake[source]{on: a, shown: shown, words: intakeWords[source]{busy: "Another file is being read. Cancel that first, or wait until it is done.",
		training: training, failed: "The file could not be read.", focus: "file", why: readProblem}}}
}

// takeOne opens what was chosen or dropped: a table, or a saved model.
func (in *fileIntake) takeOne(files []File, open func(source)) {
	switch {
	case len(files) == 0:
		return
	case anyModel(files):
		in.on.shelf.openFiles(files)
		return
	case len(files) > 1:
		in.problem = &problem{text: "You gave " + plural(len(files), "file", "files") + ". Please open one at a time: a table (CSV or TSV), or the files of one model."}
		in.on.touch(in.shown)
		return
	}
	f := files[0]
	open(source{name: f.Name, file: &f})
}

func (in *fileIntake) paste(open func(source)) {
	text := in.on.screen.Value("paste-text")
	if strings.TrimSpace(text) == "" {
		in.problem = &problem{text: "There is no text to read yet. Copy a table (from a spreadsheet or a CSV file) and paste it into the box above the button."}
		in.on.touch(in.shown)
		in.on.screen.Focus("paste-text")
		return
	}
	open(source{name: "pasted text", text: text})
}

// blob is the file in the form of a request: its place among the request's files, and these.
func (from *source) blob() (at *int, files []File) {
	if from.file == nil {
		return nil, nil
	}
	return new(int), []File{*from.file}
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
