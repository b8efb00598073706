package text

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/internal/digest"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A WritingSetup holds the decisions between a long text and a model that writes.
type WritingSetup struct {
	Kind       Kind   `json:"kind"`                // KindCharacters or KindBytePairs
	Vocabulary int    `json:"vocabulary,omitzero"` // at most; 0 is what Options says
	Length     int    `json:"length"`              // tokens that the model looks back at
	Reason     string `json:"reason"`
}

// A Manuscript is a long text ready to learn to write from. The last tenth of it is the
// validation part: windows side by side. Rows of the training part are the stretches of
// Windows, whose windows are drawn anew in each round.
type Manuscript struct {
	*data.Prepared
	Tokenizer *Tokenizer
	Windows   *Windows
	Setup     WritingSetup
	Tokens    int // of the whole text
}

// Bounds of manuscripts.
const (
	longestWindow  = 512
	roundRows      = 3200 // windows that a round looks at, at most: a hundred steps
	mostValidation = 128  // windows
	usualWindow    = 64
)

// Fingerprint is the SHA-256 of a text, in hex.
func Fingerprint(text string) string {
	sum := digest.New()
	sum.Write([]byte(text))
	return hex.EncodeToString(sum.Sum(nil))
}

// SuggestWriting chooses tokens and how far the model looks back.
func SuggestWriting(text string) WritingSetup {
	s := WritingSetup{Kind: KindCharacters, Length: usualWindow}
	lone, letters := 0, 0
	for _, r := range text[:min(len(text), suggestBytes)] {
		switch classOf(r) {
		case classLone:
			lone++
		case classWord:
			letters++
		}
	}
	count := utf8.RuneCountInString(text)
	switch {
	case 2*lone > letters:
		s.Length = 32
		s.Reason = "Each character is a token. The text is in a language that is written without spaces, in which 32 characters say much."
	default:
		s.Reason = fmt.Sprintf("Each character is a token, and the model looks back at %d of them: a line or so.", s.Length)
	}
	for s.Length > 8 && count < 20*s.Length {
		s.Length /= 2
		s.Reason = fmt.Sprintf("Each character is a token. The text is short, so the model looks back at %d of them only.", s.Length)
	}
	return s
}

// PrepareWriting carries a setup out: trains the tokenizer on all but the last tenth of a
// text, cuts windows, describes the network's output. It fails with code "data" for a text
// that is too short, "option" for a setup that makes no sense, "memory" where the work
// would take more than room bytes (0: data.DefaultMaxBytes), and with the error of progress
// (nil is allowed).
func PrepareWriting(name, text string, setup WritingSetup, room int64, progress data.Progress) (*Manuscript, error) {
	switch {
	case setup.Kind != KindCharacters && setup.Kind != KindBytePairs:
		return nil, tensor.Errorf(tensor.CodeOption, "To write, tokens must be %q or %q, got %q.", KindCharacters, KindBytePairs, setup.Kind)
	case setup.Length < 2 || setup.Length > longestWindow:
		return nil, tensor.Errorf(tensor.CodeOption, "A model that writes looks back at 2 to %d tokens, got %d.", longestWindow, setup.Length)
	}
	if room <= 0 {
		room = data.DefaultMaxBytes
	}
	if need := 12 * int64(len(text)); need > room {
		return nil, tensor.Errorf(tensor.CodeMemory, "This text may need %d MB while it is cut, and there is room for %d MB. Give a part of it.", need>>20, room>>20)
	}
	clean := Cleaning{}.Clean(text)
	at := len(clean) - len(clean)/10
	for at < len(clean) && !utf8.RuneStart(clean[at]) {
		at++
	}
	lines := splitLines(clean[:at])
	t, err := Train(lines, Options{Kind: setup.Kind, Vocabulary: setup.Vocabulary, MinCount: 1, Length: setup.Length}, progress)
	if err != nil {
		return nil, err
	}
	m := &Manuscript{Prepared: &data.Prepared{}, Tokenizer: t, Setup: setup}
	if m.Windows, err = NewWindows(t, clean[:at], 1); err != nil {
		return nil, err
	}
	learned, rest := len(m.Windows.ids), 0
	m.Windows.Stride = max(1, (learned-t.Length)/max(1, min(roundRows, learned/t.Length)))
	m.Train.Rows = numbered(m.Windows.Rows())
	if rest, err = m.validate(clean[at:]); err != nil {
		return nil, err
	}
	m.Tokens = learned + rest
	return m, m.describe(name)
}

// splitLines cuts a text behind its line ends, so that a tokenizer is trained in pieces of
// which none is long.
func splitLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, line)
	}
	return lines
}

func numbered(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// validate makes windows of the last part; a short text has none.
func (m *Manuscript) validate(text string) (tokens int, err error) {
	w, err := NewWindows(m.Tokenizer, text, 0)
	if err != nil {
		return 0, nil // too short for a window
	}
	rows := min(w.Rows(), mostValidation)
	if rows < 2 {
		return len(w.ids), nil
	}
	w.Stride = max(w.Stride, (len(w.ids)-w.Length-1)/rows)
	rows = min(w.Rows(), mostValidation)
	v := &m.Validation
	v.Rows = numbered(rows)
	v.X, v.Y = tensor.New(rows, w.Length), tensor.New(rows, w.Length)
	w.Fill(v.X.Data, v.Y.Data, v.Rows)
	return len(w.ids), nil
}

func (m *Manuscript) describe(name string) error {
	config, err := json.Marshal(m.Tokenizer)
	if err != nil {
		return err
	}
	if name == "" {
		name = "text"
	}
	m.Pipeline = &data.Pipeline{Format: data.PipelineFormat, Inputs: []data.Input{},
		Medium: &data.Medium{Kind: data.MediumText, Shape: []int{m.Tokenizer.Length}, Config: config},
		Output: data.Output{Name: "what comes next", Task: data.TaskWriting, Kind: data.KindText, Scale: 1, Steps: m.Tokenizer.Length, Tokens: m.Tokenizer.Size()}}
	m.Prepared.Setup = data.Setup{Target: name, Task: data.TaskWriting, Columns: []data.ColumnSetup{}}
	return m.Pipeline.Validate()
}

// Networks lists the networks for this text; the first is the one that is suggested.
func (m *Manuscript) Networks() []Network {
	d := data.TrainingDefaults{Hidden: []int{}, OutputUnits: m.Tokenizer.Size(), OutputActivation: "softmax", Loss: "sparseCategoricalCrossentropy", Metrics: []string{"accuracy"},
		Optimizer: "adam", LearningRate: 0.004, BatchSize: 32, Epochs: 30, Patience: 4, Monitor: "val_loss", RestoreBest: true, Reasons: map[string]string{}}
	if len(m.Validation.Rows) == 0 {
		d.Patience, d.Monitor, d.RestoreBest = 0, "loss", false
	}
	slow := d
	slow.LearningRate = 0.002
	width := 64
	if len(m.Windows.ids) < 20_000 {
		width = 32
	}
	block := Layer{"TransformerBlock", map[string]any{"numHeads": 4, "intermediateDim": 4 * width, "useCausalMask": true}}
	return []Network{
		{NetworkGRU, "A memory that reads on (GRU)", "A recurrent network reads character by character and keeps what it needs in a memory. It learns fast from short texts.", m.Windows.Network(), d},
		{NetworkTransformer, "Looks back at all characters (transformer)", "A small transformer of two blocks: each character looks back at all before it. It needs more text and more time, and writes better in the end.",
			[]Layer{
				{"Embedding", map[string]any{"inputDim": m.Tokenizer.Size(), "outputDim": width}},
				{"PositionEmbedding", map[string]any{}},
				block, block,
				{"LayerNormalization", map[string]any{}},
			}, slow},
	}
}
