// Package card makes what a model tells of itself: the fingerprint of the data it learned
// from, the log of its training, whose lines hang together by their digests, and the card,
// a description for people and programs. All are functions of what they are given: equal
// runs have equal logs, wherever and in how many sittings they were made.
package card

import (
	"encoding/hex"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/internal/digest"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// Kinds of a Line.
const (
	KindBegin = "begin" // a run begins
	KindEpoch = "epoch" // an epoch has ended
	KindEnd   = "end"   // the run has ended, in good order
)

// A Line of a log is one JSON text. Previous is the SHA-256 of the line before, of its
// bytes as they stand, so that no line can be changed, taken out or put in without all
// that follow. There is no time of day in it: what is run again gives the same lines.
type Line struct {
	Number   int    `json:"line"` // from 0
	Previous string `json:"previous,omitzero"`
	Kind     string `json:"kind"`

	// Of a beginning.
	Numerics int    `json:"numerics,omitzero"`
	Seed     uint64 `json:"seed,omitzero"`
	Data     string `json:"data,omitzero"`   // the fingerprint of what is learned from
	Config   string `json:"config,omitzero"` // the SHA-256 of layers, compilation and options

	// Of an epoch: its number, from 0, and the values as the 16 hexadecimal digits of
	// their float64, so that nothing is rounded.
	Epoch  int               `json:"epoch,omitzero"`
	Values map[string]string `json:"values,omitzero"`

	// Of an end.
	Epochs int    `json:"epochs,omitzero"` // finished since the model was compiled
	Why    string `json:"why,omitzero"`    // WhyComplete …

	Updates int    `json:"updates,omitzero"` // made until here
	Weights string `json:"weights,omitzero"` // Model.Digest, of a beginning and an end
}

// Why a run ended.
const (
	WhyComplete = "complete" // all epochs that were asked for
	WhyEarly    = "early"    // the monitored value had not improved for too long
	WhyStopped  = "stopped"  // by the person who trained
)

// Sum is the SHA-256 of a text, in hexadecimal digits.
func Sum(text string) string {
	h := digest.New()
	io.WriteString(h, text)
	return hex.EncodeToString(h.Sum(nil))
}

// appendLine adds a line to a log.
func appendLine(log []string, l Line) ([]string, error) {
	l.Number = len(log)
	if len(log) > 0 {
		l.Previous = Sum(log[len(log)-1])
	}
	text, err := json.Marshal(l)
	return append(log, string(text)), err
}

// A Recorder writes the log of a model's training into Model.Log.
type Recorder struct {
	Data   string // the fingerprint of what is learned from; "" where it is not known
	Config string // the SHA-256 of how
	Epochs int    // that were asked for
	Resume bool   // go on with the run that the log stops in
}

// Callback returns the recorder's callback, for one run. It belongs in front of one that
// saves the model.
func (r Recorder) Callback() train.Callback {
	add := func(m *train.Model, l Line) (err error) {
		m.Log, err = appendLine(m.Log, l)
		return err
	}
	return train.Callback{
		OnTrainBegin: func(m *train.Model) error {
			if r.Resume && open(m.Log) {
				return nil
			}
			return add(m, Line{Kind: KindBegin, Numerics: m.Numerics(), Seed: m.Seed(), Data: r.Data, Config: r.Config, Weights: m.Digest()})
		},
		OnEpochEnd: func(m *train.Model, epoch int, logs train.Logs) error {
			_, updates := m.Trained()
			values := make(map[string]string, len(logs))
			for name, v := range logs {
				values[name] = bitsOf(v)
			}
			return add(m, Line{Kind: KindEpoch, Epoch: epoch, Values: values, Updates: updates})
		},
		OnTrainEnd: func(m *train.Model, h *train.History) error {
			epochs, updates := m.Trained()
			why := WhyComplete
			switch {
			case h.StoppedEarly:
				why = WhyEarly
			case len(h.Epoch) < r.Epochs:
				why = WhyStopped
			}
			return add(m, Line{Kind: KindEnd, Epochs: epochs, Updates: updates, Why: why, Weights: m.Digest()})
		},
	}
}

// open tells whether a log stops in the middle of a run.
func open(log []string) bool {
	var last Line
	return len(log) > 0 && json.Unmarshal([]byte(log[len(log)-1]), &last) == nil && last.Kind != KindEnd
}

func bitsOf(v float64) string {
	text := strconv.FormatUint(math.Float64bits(v), 16)
	return "0000000000000000"[len(text):] + text
}

// Value returns a value of an epoch's line, to the bit.
func (l *Line) Value(name string) (float64, bool) {
	bits, err := strconv.ParseUint(l.Values[name], 16, 64)
	return math.Float64frombits(bits), err == nil && len(l.Values[name]) == 16
}

// A Summary is what a sound log says.
type Summary struct {
	Lines []Line
	Runs  int    // beginnings
	Ended bool   // the last run came to its end
	Head  string // the SHA-256 of the last line, which stands for all of them
}

// First and Last are the last run's beginning, and the last line.
func (s *Summary) First() *Line {
	for i := len(s.Lines) - 1; i >= 0; i-- {
		if s.Lines[i].Kind == KindBegin {
			return &s.Lines[i]
		}
	}
	return nil
}

// Last is the last line.
func (s *Summary) Last() *Line { return &s.Lines[len(s.Lines)-1] }

// maxLines bounds the lines of a log: one an epoch.
const maxLines = 1 << 20

// Verify checks a log: that each line is one, carries its number and the digest of the one
// before, and that lines follow one another as in a training. It fails with code format,
// and names the line.
func Verify(log []string) (*Summary, error) {
	if len(log) == 0 {
		return nil, tensor.Errorf(tensor.CodeFormat, "there is no training log")
	}
	if len(log) > maxLines {
		return nil, tensor.Errorf(tensor.CodeFormat, "the training log has %d lines; at most %d are read", len(log), maxLines)
	}
	s := &Summary{Lines: make([]Line, len(log))}
	previous, epoch := "", 0
	for i, text := range log {
		l := &s.Lines[i]
		bad := func(format string, args ...any) error {
			return tensor.Errorf(tensor.CodeFormat, "line %d of the training log "+format, append([]any{i}, args...)...)
		}
		if err := (json.Reading{Strict: true}).Unmarshal([]byte(text), l); err != nil {
			return nil, bad("is damaged: %v", err)
		}
		if l.Number != i || l.Previous != previous {
			return nil, bad("does not follow the line before it: one of them was changed, taken out or put in")
		}
		running := i > 0 && s.Lines[i-1].Kind != KindEnd
		switch {
		case l.Kind == KindBegin:
			s.Runs++
			epoch = 0
		case l.Kind == KindEpoch && running && l.Epoch == epoch:
			epoch++
		case l.Kind == KindEnd && running && slices.Contains([]string{WhyComplete, WhyEarly, WhyStopped}, l.Why):
		default:
			return nil, bad("(%s) is out of place", l.Kind)
		}
		previous = Sum(text)
	}
	s.Head, s.Ended = previous, s.Last().Kind == KindEnd
	return s, nil
}

// VerifyModel checks a model's log, and that it belongs to the weights that the model has
// and to the seed and the numerics version that it was made with.
func VerifyModel(m *train.Model) (*Summary, error) {
	s, err := Verify(m.Log)
	if err != nil {
		return nil, err
	}
	first := s.First()
	switch {
	case !s.Ended:
		return s, tensor.Errorf(tensor.CodeFormat, "the lines hang together, but the training that they tell of did not come to its end")
	case s.Last().Weights != m.Digest():
		return s, tensor.Errorf(tensor.CodeFormat, "the lines hang together, but end with other weights (%s) than the model has (%s)", s.Last().Weights, m.Digest())
	case first.Seed != m.Seed() || first.Numerics != m.Numerics():
		return s, tensor.Errorf(tensor.CodeFormat, "the lines hang together, but begin with seed %d and numerics version %d; the model says %d and %d", first.Seed, first.Numerics, m.Seed(), m.Numerics())
	}
	return s, nil
}
