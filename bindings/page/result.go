package page

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An outcome is a model that can be used: just trained, or loaded.
type outcome struct {
	info     bindings.ModelInfo
	digest   string
	from     string // the table it learned from, or how it came here
	loaded   bool
	saved    bool
	test     *bindings.TestResult // nil for a loaded model
	truth    []float64
	said     []float64
	lines    []int  // of the table's rows, from 1
	table    int    // whose test part it was
	part     string // what it was tested on: "" for the test part
	fit      *bindings.FitResult
	how      *bindings.FitParams // how it was trained; nil for a loaded model
	prepared *bindings.PrepareResult
	seconds  time.Duration
	one      string // what it was tested on: "row", with its plural
	many     string
	metrics  bindings.Logs // of a loaded model: as stored
	notes    []string      // of a model from a file: what was left out
	format   string        // of a model from a file
	labels   []string      // of the first output's values, where a file without a pipeline has some
}

// A resultStep is step 4: what the model is worth.
type resultStep struct {
	app     *studio
	now     *outcome
	before  string // the score of the run before, in words
	problem *problem
}

func newResult(a *studio) *resultStep {
	s := &resultStep{app: a}
	a.on("result.download", func(Action) { s.download() })
	a.on("result.cell", func(act Action) {
		j, ok := a.lesson.(judge)
		truth, said, _ := strings.Cut(act.Arg, " ")
		t, err := strconv.Atoi(truth)
		p, err2 := strconv.Atoi(said)
		if ok && s.now != nil && s.now.test != nil && err == nil && err2 == nil {
			j.cell(s.now, t, p)
		}
	})
	a.on("result.dismiss", func(Action) { s.problem = nil; a.touch(s) })
	return s
}

func (s *resultStep) has() bool { return s.now != nil }

// measure tests a model on the rows it never saw. It asks the engine.
func (s *resultStep) measure(info bindings.ModelInfo, table int, fit *bindings.FitResult) (*outcome, error) {
	r := &outcome{info: info, table: table, fit: fit}
	r.one, r.many = s.app.testedOn()
	a := s.app
	part := ""
	p := a.lesson.prepared()
	if k := a.kept; k != nil && k.Table == table {
		p = &k.Prepared
	}
	if p != nil && p.Test == 0 {
		part = "validation"
		if p.Validation == 0 {
			part = "train"
		}
	}
	r.part = part
	var test bindings.TestResult
	buffers, err := a.engine.Call(context.Background(), Request{Method: bindings.MethodModelTest,
		Params: bindings.TestParams{Model: info.Model, Table: table, Part: part}}, &test)
	if err != nil {
		return nil, err
	}
	r.test = &test
	r.truth, r.said = floats(buffers, test.Truth), floats(buffers, test.Predicted)
	for _, v := range floats(buffers, test.Lines) {
		r.lines = append(r.lines, int(v))
	}
	r.digest, err = a.digest(info.Model)
	return r, err
}

func (a *hub) digest(model int) (string, error) {
	var d bindings.DigestResult
	err := a.ask(bindings.MethodModelDigest, bindings.ModelParams{Model: model}, &d)
	return d.Digest, err
}

// floats reads a tensor out of a message's buffers; nil where it is not there.
func floats(buffers [][]byte, t bindings.Tensor) []float64 {
	if t.Buffer < 0 || t.Buffer >= len(buffers) {
		return nil
	}
	b := buffers[t.Buffer]
	out := make([]float64, len(b)/4)
	for i := range out {
		out[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])))
	}
	return out
}

// show makes a model the one that the rest of the page is about.
func (s *resultStep) show(r *outcome) {
	a := s.app
	s.before = ""
	if s.now != nil {
		if s.now.test != nil && r.test != nil && s.now.info.Pipeline != nil && r.info.Pipeline != nil && s.now.info.Pipeline.Output.Name == r.info.Pipeline.Output.Name {
			s.before = s.now.score()
		}
		if s.now.info.Model != r.info.Model && !a.base.holds(s.now.info.Model) {
			a.dispose(s.now.info.Model)
		}
	}
	s.now, s.problem = r, nil
	a.export.reset()
	a.insight.begin(r)
	a.screen.Guard(!r.saved && !r.loaded)
	a.lesson.try(r)
	a.shelf.propose(r)
	if r.loaded {
		a.state.say("Opened the model " + r.info.Name + ".")
	} else {
		a.state.say("Training has ended. " + r.headline() + " " + r.compare())
		a.shelf.refresh()
	}
	a.work(func() { a.trust.show(r) })
	a.touch(s, a.train, a.shelf)
	a.screen.Settle("step-result")
}

// reopen brings the model back after the engine was lost: the automatic copy of a
// training that was cut off, or the model's stored copy. It asks the engine.
func (s *resultStep) reopen(trained bool) {
	a := s.app
	old := s.now
	s.now = nil
	a.insight.clear()
	a.touch(s)
	name := ""
	switch {
	case trained && a.shelf.holds(checkpointName):
		name = checkpointName
	case old != nil && a.shelf.holds(old.info.Name):
		name = old.info.Name
	case old != nil && a.shelf.holds(checkpointName):
		name = checkpointName
	}
	if name == "" {
		a.lesson.try(nil)
		a.screen.Guard(false)
		return
	}
	a.shelf.load(name)
}

func (s *resultStep) download() {
	r := s.now
	if r == nil {
		return
	}
	s.app.work(func() {
		if err := s.app.downloadBytes(bindings.MethodModelBytes, bindings.ModelParams{Model: r.info.Model}); err != nil {
			s.problem = &problem{text: "The model could not be written: " + failure(err).Message}
		} else {
			r.saved = true
			s.app.screen.Guard(false)
		}
		s.app.touch(s)
	})
}

// downloadBytes offers a file that the engine wrote.
func (a *hub) downloadBytes(method string, params any) error {
	var got bindings.BytesResult
	buffers, err := a.engine.Call(context.Background(), Request{Method: method, Params: params}, &got)
	if err != nil {
		return err
	}
	if got.Buffer < 0 || got.Buffer >= len(buffers) {
		return &bindings.Error{Message: "the engine sent no file", Data: bindings.ErrorData{Code: tensor.CodeFormat}}
	}
	a.screen.Download(got.Name, buffers[got.Buffer])
	a.state.say("Saved " + got.Name + " to your downloads.")
	return nil
}

// score is the test result in few words.
func (r *outcome) score() string {
	if r.test == nil {
		return ""
	}
	return scoreText(r.test.Headline, r.test.Metrics)
}

func scoreText(headline string, m bindings.Logs) string {
	v, ok := m[headline]
	switch {
	case !ok:
		return ""
	case headline == "acc":
		return percent(v)
	case headline == "r2":
		return "R² " + number(v)
	}
	return title(headline) + " " + number(v)
}

// shelfScores names the scores that stand beside a stored model: the mean error alone
// where that is all there is, as of series.
func shelfScores(m bindings.Logs) []string {
	_, acc := m["acc"]
	_, r2 := m["r2"]
	if acc || r2 {
		return []string{"acc", "r2"}
	}
	return []string{"mae"}
}

// samePipeline tells whether two pipelines were fitted on the same rows in the same way.
func samePipeline(a, b *data.Pipeline) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return a != nil && b != nil && errX == nil && errY == nil && bytes.Equal(x, y)
}
