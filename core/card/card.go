package card

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A Card says what a model is: what it learned from, what was decided, how it was trained,
// what it is worth and where its limits are (after M. Mitchell et al., Model Cards for Model
// Reporting, 2019). Begin makes it when training begins, Finish when there are scores.
type Card struct {
	Format   int    `json:"format"` // 1
	Name     string `json:"name"`
	Made     string `json:"made,omitzero"`    // RFC 3339, when training began, by the clock of the one who trained
	Program  string `json:"program,omitzero"` // and its version
	Numerics int    `json:"numerics"`         // version of the bits
	Licence  string `json:"licence,omitzero"` // under which the model may be used

	Data     Data     `json:"data"`
	Training Training `json:"training"`
	Scores   *Scores  `json:"scores,omitzero"`
	Written  []Sample `json:"written,omitzero"` // the last ones, in order
	Limits   []string `json:"limits"`
	Digests  Digests  `json:"digests"`
}

// Data is the profile of what was learned from. It holds no row of it.
type Data struct {
	Source      string     `json:"source,omitzero"` // the file's name
	Fingerprint string     `json:"fingerprint"`
	Kind        string     `json:"kind"` // "table", or that of a medium
	Train       int        `json:"train"`
	Validation  int        `json:"validation"`
	Test        int        `json:"test"`
	Target      string     `json:"target"`
	Task        data.Task  `json:"task"`
	Labels      []string   `json:"labels,omitzero"`
	Counts      []int      `json:"counts,omitzero"` // of the training part
	Min         float64    `json:"min,omitzero"`    // of a regression's target, in the training part
	Max         float64    `json:"max,omitzero"`
	Columns     []Column   `json:"columns,omitzero"`
	Split       data.Split `json:"split"`
	Notices     []string   `json:"notices,omitzero"` // what was missing, dropped, merged
	Leaks       []string   `json:"leaks,omitzero"`   // columns that alone give the target away
}

// A Column is one decision.
type Column struct {
	Name     string `json:"name"`
	Role     string `json:"role"`
	Kind     string `json:"kind"`
	Missing  string `json:"missing,omitzero"`
	Encoding string `json:"encoding,omitzero"`
	Scaling  string `json:"scaling,omitzero"`
	Why      string `json:"why,omitzero"`
}

// Training says how the model learned.
type Training struct {
	Seed       uint64          `json:"seed"`
	Parameters int             `json:"parameters"`
	Layers     []string        `json:"layers"`
	Optimizer  string          `json:"optimizer"`
	Rate       float64         `json:"rate"`
	Loss       string          `json:"loss,omitzero"`
	Options    json.RawMessage `json:"options"`       // of the run, as it was asked for: what a replay needs
	Epochs     int             `json:"epochs"`        // asked for
	Done       int             `json:"done,omitzero"` // finished
	Why        string          `json:"why,omitzero"`  // it ended
	First      []Value         `json:"first,omitzero"`
	Last       []Value         `json:"last,omitzero"`
}

// A Value is a loss or a metric.
type Value struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Scores are what the model reached on a part that it never saw.
type Scores struct {
	Part     string  `json:"part"`
	Rows     int     `json:"rows"`
	Metrics  []Value `json:"metrics"`
	Baseline []Value `json:"baseline"`
	Guess    string  `json:"guess,omitzero"` // what the baseline always says
	Groups   []Group `json:"groups,omitzero"`
}

// A Group is a part of the rows, by the value of a column.
type Group struct {
	Column  string  `json:"column"`
	Value   string  `json:"value"`
	Rows    int     `json:"rows"`
	Metrics []Value `json:"metrics"`
}

// A Sample is what a model that writes wrote while it learned.
type Sample struct {
	Round int    `json:"round"` // that it was in, from 1
	Text  string `json:"text"`  // behind what it went on with
}

// SamplesKept is how many samples a card holds at most.
const SamplesKept = 6

// Wrote adds a sample, of which a card holds the beginning, in place of the oldest where
// there are enough.
func (c *Card) Wrote(s Sample) {
	s.Text = strings.ToValidUTF8(s.Text[:min(len(s.Text), sampleBytes)], "")
	c.Written = append(c.Written, s)
	c.Written = c.Written[max(0, len(c.Written)-SamplesKept):]
}

// sampleBytes bounds a sample: a card is read by people.
const sampleBytes = 4000

// Digests tell what the card belongs to.
type Digests struct {
	Weights string `json:"weights,omitzero"` // Model.Digest
	Log     string `json:"log,omitzero"`     // Summary.Head
}

// Values sorts metrics by name.
func Values(metrics map[string]float64) []Value {
	list := make([]Value, 0, len(metrics))
	for name, v := range metrics {
		if v-v == 0 { // JSON has no word for others
			list = append(list, Value{name, v})
		}
	}
	slices.SortFunc(list, func(a, b Value) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return list
}

// About is what Begin is told beside the model and its data.
type About struct {
	Source, Fingerprint, Made, Program, Licence string
	Epochs                                      int
	Options                                     json.RawMessage
}

// Begin makes the card of a model that is about to learn from p.
func Begin(m *train.Model, p *data.Prepared, a About) *Card {
	c := &Card{Format: 1, Name: m.Name(), Made: a.Made, Program: a.Program, Licence: a.Licence, Numerics: m.Numerics(), Limits: []string{}}
	o := &p.Pipeline.Output
	d := &c.Data
	*d = Data{Source: a.Source, Fingerprint: a.Fingerprint, Kind: "table", Train: len(p.Train.Rows), Validation: len(p.Validation.Rows), Test: len(p.Test.Rows),
		Target: o.Name, Task: o.Task, Labels: o.Labels, Counts: o.Counts, Split: p.Setup.Split}
	if o.Task == data.TaskRegression {
		d.Min, d.Max = o.Min, o.Max
	}
	if medium := p.Pipeline.Medium; medium != nil {
		d.Kind = string(medium.Kind)
	}
	for _, s := range p.Setup.Columns {
		d.Columns = append(d.Columns, Column{Name: s.Name, Role: string(s.Role), Kind: string(s.Kind), Missing: string(s.Missing),
			Encoding: string(s.Encoding), Scaling: string(s.Scaling), Why: s.Reason})
	}
	for _, n := range p.Notices {
		d.Notices = append(d.Notices, n.Message)
	}
	for _, l := range p.Leaks {
		d.Leaks = append(d.Leaks, l.Column)
	}
	t := &c.Training
	*t = Training{Seed: m.Seed(), Layers: []string{}, Rate: m.LearningRate(), Options: a.Options, Epochs: a.Epochs}
	for _, w := range m.Weights() {
		t.Parameters += len(w.Tensor.Data)
	}
	if network, err := m.Network().Config(); err == nil {
		for _, l := range network.Layers {
			t.Layers = append(t.Layers, l.ClassName+" "+string(l.Config))
		}
	}
	t.Optimizer, t.Loss = m.Compiled()
	return c
}

// Finish adds what is known once the model is trained and judged.
func (c *Card) Finish(m *train.Model, s *Scores) {
	c.Scores = s
	c.Digests = Digests{Weights: m.Digest()}
	t := &c.Training
	t.First, t.Last = nil, nil
	if log, err := Verify(m.Log); err == nil {
		c.Digests.Log = log.Head
		for i := range log.Lines {
			l := &log.Lines[i]
			switch l.Kind {
			case KindBegin:
				t.First, t.Last = nil, nil
			case KindEpoch:
				if t.Last = l.values(); t.First == nil {
					t.First = t.Last
				}
			case KindEnd:
				t.Done, t.Why = l.Epochs, l.Why
			}
		}
	}
	c.Limits = c.limits()
}

func (l *Line) values() []Value {
	metrics := map[string]float64{}
	for name := range l.Values {
		if v, ok := l.Value(name); ok {
			metrics[name] = v
		}
	}
	return Values(metrics)
}

// Bounds below which the card warns.
const (
	fewRows  = 200 // to learn from
	fewTests = 100 // to judge by: the 95% interval of a rate is then wider than ±10 points
	fewClass = 20  // of a class
)

// limits says what the numbers themselves show that the model is not good for.
func (c *Card) limits() []string {
	d, out := &c.Data, []string{}
	say := func(text string) { out = append(out, text) }
	if d.Train < fewRows {
		say("It learned from only " + strconv.Itoa(d.Train) + " examples.")
	}
	for i, n := range d.Counts {
		if n < fewClass && i < len(d.Labels) {
			say("Of “" + d.Labels[i] + "” it saw only " + strconv.Itoa(n) + ".")
		}
	}
	switch s := c.Scores; {
	case s == nil:
		say("It was not judged on examples that it never saw.")
	case s.Part != "test":
		say("There was no test part: its score is of the " + s.Part + " part, and is too good.")
	case s.Rows < fewTests:
		say("It was judged on only " + strconv.Itoa(s.Rows) + " examples: the score may be off by many points.")
	}
	if s := c.Scores; s != nil {
		for _, m := range s.Metrics {
			for _, b := range s.Baseline {
				if m.Name == b.Name && (m.Name == "acc" || m.Name == "r2") && m.Value <= b.Value {
					say("It is no better than always guessing “" + s.Guess + "”.")
				}
			}
		}
		if len(s.Groups) == 0 && d.Task != data.TaskWriting {
			say("Whether it judges some groups worse than others was not looked at.")
		}
		for _, g := range s.Groups {
			if g.Rows < fewTests {
				say("Of “" + g.Value + "” in “" + g.Column + "” it was judged on only " + strconv.Itoa(g.Rows) + " examples.")
			}
		}
	}
	for _, l := range d.Leaks {
		say("“" + l + "” alone nearly gives the answer away: the score may not hold where that is not known.")
	}
	if c.Training.Why == WhyStopped {
		say("Its training was stopped by hand.")
	}
	say("It was judged on a part of the data that it comes from: on data from elsewhere or of another time it may do worse.")
	return out
}

// Parse reads a card from a model file.
func Parse(text json.RawMessage) (*Card, error) {
	c := new(Card)
	if err := json.Unmarshal(text, c); err != nil {
		return nil, err
	}
	return c, nil
}
