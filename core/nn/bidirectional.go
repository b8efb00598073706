package nn

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A MergeMode says how Bidirectional makes one result of two. The zero value is
// MergeConcat.
type MergeMode string

// The ways to merge, step by step of whole sequences.
const (
	MergeConcat MergeMode = "concat" // [batch, …, 2·units]: forwards, backwards
	MergeSum    MergeMode = "sum"
	MergeMul    MergeMode = "mul"
	MergeAve    MergeMode = "ave"
	MergeNone   MergeMode = "none" // two results; JSON has null
)

var mergings = map[MergeMode]graph.Merging{
	"": graph.MergeConcat, MergeConcat: graph.MergeConcat, MergeSum: graph.MergeSum, MergeMul: graph.MergeMul, MergeAve: graph.MergeAve,
}

func (m MergeMode) check() error {
	if _, ok := mergings[m]; !ok && m != MergeNone {
		return unknownName("merge_mode", string(m), []string{"ave", "concat", "mul", "none (null)", "sum"})
	}
	return nil
}

// ReadJSON reads a name, or null for MergeNone.
func (m *MergeMode) ReadJSON(text []byte) error {
	if string(text) == "null" {
		*m = MergeNone
		return nil
	}
	var name string
	if err := json.Unmarshal(text, &name); err != nil {
		return tensor.Errorf(tensor.CodeOption, "merge_mode %.60s is not a name", text)
	}
	*m = MergeMode(name)
	return m.check()
}

// WriteJSON writes Keras's name, or null.
func (m MergeMode) WriteJSON() ([]byte, error) {
	if m == MergeNone {
		return []byte("null"), nil
	}
	if m == "" {
		m = MergeConcat
	}
	return json.Marshal(string(m))
}

// A BidirectionalLayer reads a sequence with two layers of one kind, from the first step
// to the last and from the last to the first (Schuster, Paliwal, 1997), and merges what
// they give; whole sequences are put in the order of time first.
//
// Initial states are those of the layer that reads forwards and then those of the other;
// the results' states stand in the same order.
//
// Weights: forward/kernel, …, backward/kernel, ….
type BidirectionalLayer struct {
	Name       string
	Layer      Layer // a SimpleRNN, LSTM or GRU
	Merge      MergeMode
	InputShape []int
}

// Bidirectional returns a layer that reads with a recurrent layer in both directions.
func Bidirectional(l Layer, opts ...Option) *BidirectionalLayer {
	o := collect(opts)
	return &BidirectionalLayer{Name: o.name, Layer: l, Merge: o.merge}
}

// Merge says how Bidirectional merges; MergeConcat if not given.
func Merge(m MergeMode) Option { return optionFunc(func(o *options) { o.merge = m }) }

var (
	_ Joiner     = (*BidirectionalLayer)(nil)
	_ configured = (*BidirectionalLayer)(nil)
)

func (l *BidirectionalLayer) ClassName() string { return "Bidirectional" }
func (l *BidirectionalLayer) LayerName() string { return l.Name }

// inputShape may be stated by the layer inside as well.
func (l *BidirectionalLayer) inputShape() []int { return statedShape(l.InputShape, l.Layer) }

func statedShape(own []int, inner Layer) []int {
	if len(own) == 0 {
		if i, ok := inner.(inputShaper); ok {
			return i.inputShape()
		}
	}
	return own
}

func (l *BidirectionalLayer) LowerAll(s *Scope, in []graph.Value) ([]graph.Value, error) {
	inner, ok := l.Layer.(*RecurrentLayer)
	if !ok || inner == nil {
		return nil, s.Errorf("Bidirectional wants a SimpleRNN, LSTM or GRU inside")
	}
	if err := l.Merge.check(); err != nil {
		return nil, s.Errorf("%v", err)
	}
	k := inner.states()
	if len(in) != 1 && len(in) != 1+2*k {
		return nil, s.shapeErrorf("want a sequence, or a sequence and %d initial states, got %d inputs", 2*k, len(in))
	}
	forwards, backwards := *inner, *inner
	backwards.GoBackwards = !inner.GoBackwards
	forwardStates, backwardStates := in[1:], in[1:]
	if len(in) > 1 {
		forwardStates, backwardStates = in[1:1+k], in[1+k:]
	}
	f, err := forwards.LowerAll(s.Inner("forward"), append([]graph.Value{in[0]}, forwardStates...))
	if err != nil {
		return nil, err
	}
	b, err := backwards.LowerAll(s.Inner("backward"), append([]graph.Value{in[0]}, backwardStates...))
	if err != nil {
		return nil, err
	}
	out, err := l.merge(s, inner.ReturnSequences, f[0], b[0])
	if err != nil {
		return nil, err
	}
	for _, y := range out {
		s.PassMask(f[0], y)
	}
	return append(append(out, f[1:]...), b[1:]...), nil
}

func (l *BidirectionalLayer) merge(s *Scope, sequences bool, f, b graph.Value) ([]graph.Value, error) {
	if l.Merge != MergeNone {
		y, err := s.Apply(graph.Directions{Merge: mergings[l.Merge]}, f, b)
		return []graph.Value{y}, err
	}
	if sequences {
		turned, err := s.Apply(graph.Reverse{}, b)
		return []graph.Value{f, turned}, err
	}
	return []graph.Value{f, b}, nil
}

type bidirectionalConfig struct {
	common
	Layer         LayerConfig     `json:"layer"`
	MergeMode     MergeMode       `json:"merge_mode"`
	BackwardLayer json.RawMessage `json:"backward_layer,omitempty"`
}

func (l *BidirectionalLayer) Config() any {
	inner, _ := FormatLayer(l.Layer) // what goes wrong would go wrong for the layer alone, and be told there
	return bidirectionalConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Layer: inner, MergeMode: l.Merge}
}

func (l *BidirectionalLayer) fromConfig(class string, raw json.RawMessage) error {
	var c bidirectionalConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if len(c.BackwardLayer) > 0 && string(c.BackwardLayer) != "null" {
		return tensor.Errorf(tensor.CodeUnsupported, "Bidirectional: option backward_layer is not built; both directions have the options of layer")
	}
	inner, err := innerLayer(class, c.Layer)
	if err != nil {
		return err
	}
	if _, ok := inner.(*RecurrentLayer); !ok {
		return tensor.Errorf(tensor.CodeOption, "Bidirectional wants a SimpleRNN, LSTM or GRU inside, got %s", inner.ClassName())
	}
	*l = BidirectionalLayer{Name: c.Name, Layer: inner, Merge: c.MergeMode, InputShape: c.inputShape()}
	return c.check(class)
}

// innerLayer makes the layer that another one holds.
func innerLayer(class string, c LayerConfig) (Layer, error) {
	if c.ClassName == "" {
		return nil, tensor.Errorf(tensor.CodeOption, "%s wants an option layer: the layer inside it", class)
	}
	return ParseLayer(c)
}
