package train

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/digest"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// The native file is safetensors with one JSON text in its metadata under the key
// "terrarium". A second key holds the SHA-256 of that text and of all values, so
// that a flipped bit is found wherever it is.
const (
	fileKey   = "terrarium"
	digestKey = "terrarium.sha256"

	fileFormat = 1 // what Save writes
	minReader  = 1 // the oldest reader that can read it
)

// A fileHeader is the JSON text. Readers ignore members that they do not know.
type fileHeader struct {
	Format    int    `json:"format"`
	MinReader int    `json:"min_reader"`
	Kind      string `json:"kind"` // "model" or "checkpoint"
	Numerics  int    `json:"numerics"`
	Name      string `json:"name"`
	Seed      uint64 `json:"seed"`
	nn.NetworkConfig
	Training      *trainingHeader   `json:"training,omitempty"`
	Preprocessing *data.Pipeline    `json:"preprocessing,omitempty"`
	Notes         map[string]string `json:"notes,omitempty"`
	Card          json.RawMessage   `json:"card,omitempty"`
	Log           []string          `json:"log,omitempty"`
	Counters      *counters         `json:"counters,omitempty"` // checkpoints
	Run           *run              `json:"run,omitempty"`      // checkpoints
}

// A trainingHeader is how the model was compiled.
type trainingHeader struct {
	Optimizer    namedConfig `json:"optimizer"`
	LearningRate float64     `json:"learning_rate"`
	Loss         namedConfig `json:"loss,omitzero"`
	Metrics      []string    `json:"metrics,omitempty"`

	// Of each output, where there are several.
	Losses        []namedConfig `json:"losses,omitempty"`
	LossWeights   []float64     `json:"loss_weights,omitempty"`
	OutputMetrics [][]string    `json:"output_metrics,omitempty"`
}

func newTrainingHeader(c *Config, rate float64) *trainingHeader {
	h := &trainingHeader{LearningRate: rate, Metrics: c.Metrics, LossWeights: c.LossWeights, OutputMetrics: c.OutputMetrics}
	h.Optimizer.ClassName, h.Optimizer.Config = optim.Config(c.Optimizer)
	if c.Loss != nil {
		h.Loss.ClassName, h.Loss.Config = nn.FormatLoss(c.Loss)
	}
	for i := range c.Losses {
		var l namedConfig
		l.ClassName, l.Config = nn.FormatLoss(c.lossOf(i))
		h.Losses = append(h.Losses, l)
	}
	return h
}

// config is what Compile was given.
func (h *trainingHeader) config() (c Config, err error) {
	c = Config{Metrics: h.Metrics, LossWeights: h.LossWeights, OutputMetrics: h.OutputMetrics}
	if c.Optimizer, err = optim.New(h.Optimizer.ClassName, h.Optimizer.Config); err != nil {
		return c, err
	}
	if len(h.Losses) == 0 || h.Loss.ClassName != "" {
		if c.Loss, err = nn.ParseLoss(h.Loss.ClassName, h.Loss.Config); err != nil {
			return c, err
		}
	}
	for _, l := range h.Losses {
		loss, err := nn.ParseLoss(l.ClassName, l.Config)
		if err != nil {
			return c, err
		}
		c.Losses = append(c.Losses, loss)
	}
	return c, nil
}

type namedConfig struct {
	ClassName string          `json:"class_name"`
	Config    json.RawMessage `json:"config,omitempty"`
}

// Save writes the model: its layers, weights, pipeline and how it was compiled, but
// not the state of its optimizer. Equal models give equal bytes.
func (m *Model) Save(w io.Writer) error {
	header, err := m.header("model")
	if err != nil {
		return err
	}
	return writeFile(w, header, m.tensors("", m.store.Values()))
}

// SaveCheckpoint writes the model with all that training needs to go on with the
// same bits: the optimizer's state, the position and the history. It is for the end
// of an epoch (Callback.OnEpochEnd) and between runs.
func (m *Model) SaveCheckpoint(w io.Writer) error {
	if m.config == nil {
		return tensor.Errorf(tensor.CodeOption, "the model is not compiled: there is no training to go on with")
	}
	header, err := m.header("checkpoint")
	if err != nil {
		return err
	}
	header.Counters, header.Run = &m.counters, m.fitting
	if m.fitting != nil {
		if err := m.fitting.keepCallbacks(); err != nil {
			return err
		}
	}
	tensors := m.tensors("", m.store.Values())
	for i, slot := range m.config.Optimizer.Slots() {
		tensors = append(tensors, m.tensors("optimizer/"+slot+"/", m.slots[i])...)
	}
	if m.fitting != nil && len(m.fitting.Watch.weights) > 0 {
		tensors = append(tensors, m.tensors("best/", m.fitting.Watch.weights)...)
	}
	return writeFile(w, header, tensors)
}

func (m *Model) header(kind string) (*fileHeader, error) {
	network, err := m.network.Config()
	if err != nil {
		return nil, err
	}
	h := &fileHeader{Format: fileFormat, MinReader: minReader, Kind: kind, Numerics: m.numerics, Name: m.name,
		Seed: m.Seed(), NetworkConfig: network, Preprocessing: m.Pipeline, Notes: m.Notes,
		Card: m.Card, Log: m.Log}
	if c := m.config; c != nil {
		h.Training = newTrainingHeader(c, m.rate)
	}
	return h, nil
}

// tensors names the parameters' parts of an array that is laid out as the store, or
// as its trainable part.
func (m *Model) tensors(prefix string, array []float32) []safetensors.Named {
	var named []safetensors.Named
	for i, p := range m.store.Params {
		if p.Offset+p.Size <= len(array) {
			named = append(named, safetensors.Named{Name: prefix + p.FullName(), DType: safetensors.F32,
				Tensor: &tensor.Tensor{Shape: p.Shape, Data: m.store.Of(i, array)}})
		}
	}
	return named
}

func writeFile(w io.Writer, h *fileHeader, tensors []safetensors.Named) error {
	text, err := json.Writing{Classic: true}.Marshal(h)
	if err != nil {
		return err
	}
	f := &safetensors.File{Metadata: map[string]string{fileKey: string(text)}, Tensors: tensors}
	// The digest is over the values as they will stand in the file: read them back.
	var plain bytes.Buffer
	if err := safetensors.Write(&plain, f); err != nil {
		return err
	}
	written, err := safetensors.ReadBytes(plain.Bytes(), safetensors.Limits{})
	if err != nil {
		return err
	}
	f.Metadata[digestKey] = checksum(written)
	return safetensors.Write(w, f)
}

// checksum is the SHA-256 of the header's text and of each tensor's name and values.
func checksum(f *safetensors.File) string {
	hash := digest.New()
	io.WriteString(hash, f.Metadata[fileKey])
	for _, t := range f.Tensors {
		fmt.Fprintf(hash, "\x00%s\x00%v\x00", t.Name, t.Shape)
		hash.Write(t.Raw)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// Load reads a model or a checkpoint. It trusts nothing in it: a file that is
// damaged, from another program or of a later kind is refused with code format, and
// memory is taken only for what the file really holds.
func Load(r io.Reader, opts ...Option) (*Model, error) {
	f, err := safetensors.Read(r, safetensors.Limits{})
	if err != nil {
		return nil, err
	}
	h, err := parseHeader(f)
	if err != nil {
		return nil, err
	}
	m, err := h.model(f, opts)
	if err != nil {
		return nil, damaged(err)
	}
	if err := m.read(f, "", m.store.Change()); err != nil {
		return nil, err
	}
	if err := h.restoreTraining(m, f); err != nil {
		return nil, damaged(err)
	}
	return m, nil
}

func parseHeader(f *safetensors.File) (*fileHeader, error) {
	text, ok := f.Metadata[fileKey]
	if !ok {
		return nil, formatErrorf("the file holds arrays but no Terrarium model; it is from another program")
	}
	if want, ok := f.Metadata[digestKey]; ok && want != checksum(f) {
		return nil, formatErrorf("the file is damaged: its contents do not match its checksum; get it again from where it came from")
	}
	var version struct {
		MinReader int `json:"min_reader"`
	}
	if err := json.Unmarshal([]byte(text), &version); err != nil {
		return nil, formatErrorf("the file's description is damaged: %v", err)
	}
	if version.MinReader > fileFormat {
		return nil, formatErrorf("the file needs a reader of version %d, this one is %d; open it with a newer Terrarium", version.MinReader, fileFormat)
	}
	var h fileHeader
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return nil, formatErrorf("the file's description is damaged: %v", err)
	}
	return &h, nil
}

// model builds the network, after a check that its weights are in the file.
func (h *fileHeader) model(f *safetensors.File, opts []Option) (*Model, error) {
	network, err := nn.ParseNetwork(h.NetworkConfig)
	if err != nil {
		return nil, err
	}
	built, err := network.Build()
	if err != nil {
		return nil, err
	}
	for _, p := range built.Graph.Params() {
		t := f.Find(p.FullName())
		if t == nil {
			return nil, formatErrorf("weight %s is missing", p.FullName())
		}
		if !tensor.SameShape(t.Shape, p.Shape) {
			return nil, formatErrorf("weight %s: want shape %s, got %s", p.FullName(), tensor.Format(p.Shape), tensor.Format(t.Shape))
		}
	}
	m, err := New(network, append([]Option{Seed(h.Seed), Name(h.Name)}, opts...)...)
	if err != nil {
		return nil, err
	}
	m.Pipeline, m.Notes, m.numerics = h.Preprocessing, h.Notes, h.Numerics
	m.Card, m.Log = h.Card, h.Log
	if p := m.Pipeline; p != nil {
		if in := graph.Size(m.InputShape()); in != p.Features() {
			return nil, formatErrorf("the network takes %d values a row, its preprocessing gives %d", in, p.Features())
		}
		if out := graph.Size(m.OutputShape()); out != p.Output.Units() {
			return nil, formatErrorf("the network gives %d values a row, its preprocessing describes %d", out, p.Output.Units())
		}
	}
	return m, nil
}

// read fills an array that is laid out as the store, or as its trainable part.
func (m *Model) read(f *safetensors.File, prefix string, array []float32) error {
	for i, p := range m.store.Params {
		if p.Offset+p.Size > len(array) {
			continue
		}
		named := f.Find(prefix + p.FullName())
		if named == nil || !tensor.SameShape(named.Shape, p.Shape) {
			return formatErrorf("%s%s is missing or has another shape than %s", prefix, p.FullName(), tensor.Format(p.Shape))
		}
		t, _, err := named.Float32()
		if err != nil {
			return err
		}
		if k := t.FirstNonFinite(); k >= 0 {
			return formatErrorf("%s%s: element %d is %v; the file is damaged", prefix, p.FullName(), k, t.Data[k])
		}
		copy(m.store.Of(i, array), t.Data)
	}
	return nil
}

// restoreTraining compiles the model as it was, and puts a checkpoint's state back.
func (h *fileHeader) restoreTraining(m *Model, f *safetensors.File) error {
	if h.Training == nil {
		return nil
	}
	config, err := h.Training.config()
	if err != nil {
		return err
	}
	if err := m.Compile(config); err != nil {
		return err
	}
	if !m.scheduled() {
		if err := m.SetLearningRate(h.Training.LearningRate); err != nil {
			return err
		}
	}
	if h.Kind != "checkpoint" || h.Counters == nil {
		return nil
	}
	if h.Counters.Epoch < 0 || h.Counters.Step < 0 {
		return formatErrorf("a checkpoint's counters cannot be negative")
	}
	m.counters = *h.Counters
	for i, slot := range config.Optimizer.Slots() {
		if err := m.read(f, "optimizer/"+slot+"/", m.slots[i]); err != nil {
			return err
		}
	}
	return h.restoreRun(m, f)
}

func (h *fileHeader) restoreRun(m *Model, f *safetensors.File) error {
	r := h.Run
	if r == nil || r.History == nil {
		return nil
	}
	if r.History.Metrics == nil {
		r.History.Metrics = map[string][]float64{}
	}
	for name, values := range r.History.Metrics {
		if len(values) != len(r.History.Epoch) {
			return formatErrorf("the history of %q has %d values for %d epochs", name, len(values), len(r.History.Epoch))
		}
	}
	if r.Watch.At < -1 || r.Watch.At >= len(r.History.Epoch) {
		return formatErrorf("the best epoch %d is not one of %d", r.Watch.At, len(r.History.Epoch))
	}
	for i := range f.Tensors {
		if strings.HasPrefix(f.Tensors[i].Name, "best/") {
			r.Watch.weights = make([]float32, len(m.store.Values()))
			if err := m.read(f, "best/", r.Watch.weights); err != nil {
				return err
			}
			break
		}
	}
	m.fitting = r
	return nil
}

// Numerics returns the version of the bits that the model was made with: another
// one than NumericsVersion means that training it again gives other bits.
func (m *Model) Numerics() int { return m.numerics }

// Interrupted returns the history of the run that a checkpoint was saved in, for
// FitConfig.Resume; nil if there is none.
func (m *Model) Interrupted() *History {
	if m.fitting == nil {
		return nil
	}
	return m.fitting.History
}

func formatErrorf(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeFormat, format, args...)
}

// damaged turns an error about options or shapes into one about the file.
func damaged(err error) error {
	var e *tensor.Error
	if errors.As(err, &e) && (e.Code == tensor.CodeOption || e.Code == tensor.CodeShape) {
		return tensor.Errorf(tensor.CodeFormat, "the file describes a model that cannot be built: %s", e.Error()).In(e.Layer)
	}
	return err
}
