package page

import (
	"context"
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A numbersForm tries a model that is fed with plain numbers: one field for each input,
// one list for each output.
type numbersForm struct {
	values []string // by input
	checks []string // what is wrong with each, or ""
	said   [][]float64
}

// newNumbers begins with zeros where they are few.
func newNumbers(inputs []bindings.Port) *numbersForm {
	f := &numbersForm{values: make([]string, len(inputs)), checks: make([]string, len(inputs))}
	for i, p := range inputs {
		if n := numbersOf(p.Shape); n <= 64 {
			f.values[i] = strings.TrimSuffix(strings.Repeat("0, ", n), ", ")
		}
	}
	return f
}

func numbersOf(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// buffers reads the fields; ok is false where one cannot be read, which checks then says.
func (f *numbersForm) buffers(inputs []bindings.Port) (buffers [][]byte, ok bool) {
	ok = true
	for i, p := range inputs {
		words := strings.FieldsFunc(f.values[i], func(r rune) bool { return strings.ContainsRune(" ,;\t\r\n", r) })
		want := numbersOf(p.Shape)
		f.checks[i] = ""
		var b []byte
		for _, w := range words {
			v, err := strconv.ParseFloat(w, 32)
			if err != nil {
				f.checks[i] = "“" + shorten(w, 20) + "” is not a number. Decimals are written with a point here."
				break
			}
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
		}
		if f.checks[i] == "" && len(words) != want {
			f.checks[i] = "There must be " + plural(want, "number", "numbers") + ", not " + count(len(words)) + "."
		}
		if f.checks[i] != "" {
			ok = false
		}
		buffers = append(buffers, b)
	}
	return buffers, ok
}

// askNumbers predicts what the plain form holds.
func (s *rowStep) askNumbers() {
	r, f := s.of, s.numbers
	buffers, ok := f.buffers(r.info.Inputs)
	f.said = nil
	s.app.touch(s)
	if !ok {
		return
	}
	s.serial++
	mine := s.serial
	s.app.work(func() {
		p := bindings.PredictParams{Model: r.info.Model}
		for i, in := range r.info.Inputs {
			p.Xs = append(p.Xs, bindings.Tensor{Shape: append([]int{1}, in.Shape...), Buffer: i})
		}
		p.X = p.Xs[0]
		var got struct {
			bindings.Tensor
			Tensors []bindings.Tensor `json:"tensors"` // of several outputs
		}
		out, err := s.app.engine.Call(context.Background(), Request{Method: bindings.MethodModelPredict, Params: p, Bytes: buffers}, &got)
		if mine != s.serial {
			return
		}
		switch {
		case lostEngine(err):
		case err != nil:
			s.problem = &problem{text: failure(err).Message}
		default:
			s.problem = nil
			if got.Tensors == nil {
				got.Tensors = []bindings.Tensor{got.Tensor}
			}
			for _, t := range got.Tensors {
				f.said = append(f.said, floats(out, t))
			}
		}
		s.app.touch(s)
	})
}

// numbersView describes the plain form and its answer.
func (s *rowStep) numbersView() Nodes {
	f, info := s.numbers, &s.of.info
	form := el("form", ident("numbers-form"), keyed("numbers"), act("row.numbers", ""), attr("novalidate", ""),
		el("p", class("hint"), txt("This model was not trained on a table here: it takes numbers as they are, and answers with numbers.")))
	for i, in := range info.Inputs {
		id := "numbers-" + strconv.Itoa(i)
		hint := plural(numbersOf(in.Shape), "number", "numbers") + ", separated by commas or spaces"
		if len(in.Shape) > 1 {
			hint += ": " + times(in.Shape) + ", the last index fastest"
		}
		ownField(id, in.Name, hint, check{text: f.checks[i], bad: f.checks[i] != ""}, func(more Part) Node {
			return el("textarea", ident(id), attr("rows", "3"), attr("spellcheck", "false"), act("row.number", strconv.Itoa(i)), holding(f.values[i]), more)
		}).join(&form)
	}
	el("div", class("tools"), el("button", attr("type", "submit"), class("main"), ident("predict"), txt("Predict"))).join(&form)
	out := Nodes{form}
	if s.problem != nil {
		out = append(out, s.problem.view("row", "row.dismiss"))
	}
	for i, said := range f.said {
		out = append(out, s.numbersAnswer(i, said))
	}
	return out
}

// times writes a shape for people: 28 × 28.
func times(shape []int) string {
	words := make([]string, len(shape))
	for i, d := range shape {
		words[i] = strconv.Itoa(d)
	}
	return strings.Join(words, " × ")
}

// numbersAnswer lists an output's values: with labels, or by their places.
func (s *rowStep) numbersAnswer(i int, said []float64) Node {
	box := el("div", class("answer"), keyed("out-"+strconv.Itoa(i)), attr("role", "status"), ident("said-"+strconv.Itoa(i)))
	if i < len(s.of.info.Outputs) {
		el("p", class("said"), asIs, txt(s.of.info.Outputs[i].Name)).join(&box)
	}
	table := el("table", class("shares"))
	body := el("tbody")
	share := true // values that look like probabilities get bars
	for _, v := range said {
		share = share && v >= 0 && v <= 1
	}
	for k, v := range said[:min(len(said), maxShares*4)] {
		name := strconv.Itoa(k)
		if i == 0 && len(s.of.labels) == len(said) {
			name = s.of.labels[k]
		}
		el("tr", keyed(strconv.Itoa(k)), attr("data-value", plain(v)), el("th", attr("scope", "row"), asIs, txt(shorten(name, 30))), when(share, el("td", bar(v, "model"))), el("td", class("num"), txt(number(v)))).join(&body)
	}
	body.join(&table)
	table.join(&box)
	if n := len(said) - maxShares*4; n > 0 {
		el("p", class("hint"), txt("and "+plural(n, "value", "values")+" more")).join(&box)
	}
	return box
}
