package nn

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

func TestRecurrentNamesAndShapes(t *testing.T) {
	n := Sequential(Input(6, 3), LSTM(4, ReturnSequences), Bidirectional(GRU(5, ReturnSequences, ResetBefore)), TimeDistributed(Dense(2)),
		Bidirectional(SimpleRNN(7, NoBias), Merge(MergeSum)), Dense(1))
	b, err := n.Build()
	require.NoError(t, err)
	assert.Equal(t, [][]int{{6, 3}, {6, 4}, {6, 10}, {6, 2}, {7}, {1}}, b.Shapes)
	shapes := map[string][]int{}
	var names []string
	for _, p := range b.Graph.Params() {
		names, shapes[p.FullName()] = append(names, p.FullName()), p.Shape
	}
	assert.Equal(t, []string{"lstm/kernel", "lstm/recurrent_kernel", "lstm/bias",
		"bidirectional/forward/kernel", "bidirectional/forward/recurrent_kernel", "bidirectional/forward/bias",
		"bidirectional/backward/kernel", "bidirectional/backward/recurrent_kernel", "bidirectional/backward/bias",
		"time_distributed/kernel", "time_distributed/bias",
		"bidirectional_1/forward/kernel", "bidirectional_1/forward/recurrent_kernel",
		"bidirectional_1/backward/kernel", "bidirectional_1/backward/recurrent_kernel",
		"dense/kernel", "dense/bias"}, names)
	assert.Equal(t, []int{3, 16}, shapes["lstm/kernel"])
	assert.Equal(t, []int{15}, shapes["bidirectional/forward/bias"])
	assert.Equal(t, []int{2, 7}, shapes["bidirectional_1/backward/kernel"])
}

// A network whose first layer states the shape of its input needs no Input, and GRU
// resets behind its product unless told otherwise.
func TestRecurrentFirstLayer(t *testing.T) {
	inner := GRU(4)
	inner.InputShape = []int{5, 2}
	b, err := Sequential(Bidirectional(inner)).Build()
	require.NoError(t, err)
	assert.Equal(t, []int{2, 12}, b.Graph.Params()[2].Shape)
	assert.Equal(t, []int{8}, b.Shapes[0])
}

func TestRecurrentErrors(t *testing.T) {
	gruWith := func(l RecurrentLayer) *RecurrentLayer { l.Class, l.Units = "GRU", 2; return &l }
	for want, n := range map[string]*Network{
		"lstm: want input [batch, time, features], got [batch, 10]; put a Reshape or RepeatVector before it":         Sequential(Input(10), LSTM(3)),
		"gru: want input [batch, time, features], got [batch, 4, 3, 2]; put":                                         Sequential(Input(4, 3, 2), GRU(3)),
		"simple_rnn: units must be a whole number from 1 to 16777216, got 0":                                         Sequential(Input(4, 3), SimpleRNN(0)),
		"lstm: dropout must be at least 0 and below 1, got 1":                                                        Sequential(Input(4, 3), LSTM(2, InputDropout(1))),
		"lstm: recurrent_dropout must be at least 0 and below 1, got -1":                                             Sequential(Input(4, 3), LSTM(2, RecurrentDropout(-1))),
		"lstm: LSTM has no option reset_after; only GRU has":                                                         Sequential(Input(4, 3), LSTM(2, ResetBefore)),
		"gru: GRU has no option unit_forget_bias; only LSTM has":                                                     Sequential(Input(4, 3), gruWith(RecurrentLayer{NoUnitForgetBias: true})),
		"simple_rnn: SimpleRNN has no gates, and so no option recurrent_activation":                                  Sequential(Input(4, 3), SimpleRNN(2, RecurrentActivation(Sigmoid))),
		"lstm: activation softmax works along a row; the cells of this layer take one that works number by number":   Sequential(Input(4, 3), LSTM(2, Softmax)),
		`lstm: unknown activation "tahn"; known are`:                                                                 Sequential(Input(4, 3), LSTM(2, Activation("tahn"))),
		`lstm: recurrent_kernel initializer: unknown initializer "Ortho"`:                                            Sequential(Input(4, 3), LSTM(2, RecurrentInitializer(Initializer{Class: "Ortho"}))),
		"lstm: recurrent_kernel regularizer: l1 = -1 and l2 = 0 must be finite":                                      Sequential(Input(4, 3), LSTM(2, RecurrentRegularizer(L1(-1)))),
		"lstm: bias initializer: Orthogonal: wants a weight of two axes at least, got [8]":                           Sequential(Input(4, 3), LSTM(2, BiasInitializer(Orthogonal(1)))),
		"bidirectional: Bidirectional wants a SimpleRNN, LSTM or GRU inside":                                         Sequential(Input(4, 3), Bidirectional(Dense(2))),
		`bidirectional: unknown merge_mode "max"; known are ave, concat, mul, none (null), sum`:                      Sequential(Input(4, 3), Bidirectional(LSTM(2), Merge("max"))),
		"bidirectional: units must be a whole number":                                                                Sequential(Input(4, 3), Bidirectional(LSTM(-2))),
		"time_distributed: want input [batch, time, features, …], got [batch, 3]; put a Reshape or RepeatVector":     Sequential(Input(3), TimeDistributed(Dense(2))),
		"time_distributed: TimeDistributed wants a layer inside":                                                     Sequential(Input(3, 2), TimeDistributed(nil)),
		"time_distributed: Flatten is applied to at most 1024 steps of time, got 2000; cut the sequence":             Sequential(Input(2000, 2, 2), TimeDistributed(Flatten())),
		"time_distributed: want input [batch, time, features], got [batch, 2]; put a Reshape or RepeatVector before": Sequential(Input(3, 2), TimeDistributed(LSTM(2))),
		"recurrent: unknown recurrent layer":                                                                         Sequential(Input(3, 2), &RecurrentLayer{Name: "recurrent", Class: "RNN", Units: 2}),
	} {
		_, err := n.Build()
		assert.ErrorContains(t, err, want)
	}
}

func TestRecurrentConfigsComeBack(t *testing.T) {
	n := Sequential(Input(6, 3), LSTM(4, ReturnSequences, HardSigmoid, NoUnitForgetBias, InputDropout(0.1), RecurrentInitializer(Orthogonal(0.5)), RecurrentRegularizer(L2(0.1)),
		KernelConstraint(NonNeg()), RecurrentConstraint(MaxNorm(2)), ActivityRegularizer(L1(0.01))),
		GRU(3, ReturnSequences, ResetBefore, GoBackwards, RecurrentDropout(0.2), RecurrentActivation(HardSigmoid)), Bidirectional(GRU(5, ReturnSequences), Merge(MergeAve)),
		TimeDistributed(Dense(2, ReLU)), SimpleRNN(2, NoBias))
	configs, err := n.Config()
	require.NoError(t, err)
	text, err := json.Marshal(configs)
	require.NoError(t, err)
	var back NetworkConfig
	require.NoError(t, json.Unmarshal(text, &back))
	n2, err := ParseNetwork(back)
	require.NoError(t, err)
	again, err := n2.Config()
	require.NoError(t, err)
	assert.Equal(t, configs, again)
	a, err := n.Build()
	require.NoError(t, err)
	b, err := n2.Build()
	require.NoError(t, err)
	assert.Equal(t, a.Shapes, b.Shapes)
	assert.Equal(t, len(a.Graph.Params()), len(b.Graph.Params()))
}

func TestRecurrentSpellings(t *testing.T) {
	parse := func(class, config string) Layer {
		t.Helper()
		l, err := ParseLayer(LayerConfig{ClassName: class, Config: json.RawMessage(config)})
		require.NoError(t, err, config)
		return l
	}
	keras := `{"units":3,"activation":"relu","recurrent_activation":"hard_sigmoid","return_sequences":true,"reset_after":false,"recurrent_initializer":{"class_name":"Orthogonal","config":{"gain":2}},"implementation":1,"unroll":false,"stateful":false,"kernel_constraint":null,"dropout":0}`
	tfjs := `{"units":3,"activation":"relu","recurrentActivation":"hardSigmoid","returnSequences":true,"resetAfter":false,"recurrentInitializer":{"className":"orthogonal","config":{"gain":2}}}`
	gru := parse("GRU", keras)
	assert.Equal(t, gru, parse("gru", tfjs))
	want := &BidirectionalLayer{Layer: gru, Merge: MergeNone}
	assert.Equal(t, want, parse("Bidirectional", `{"merge_mode":null,"layer":{"class_name":"GRU","config":`+keras+`}}`))
	assert.Equal(t, want, parse("bidirectional", `{"mergeMode":null,"layer":{"className":"GRU","config":`+tfjs+`}}`))
	assert.Equal(t, MergeMode(""), parse("Bidirectional", `{"layer":{"class_name":"GRU","config":`+keras+`}}`).(*BidirectionalLayer).Merge)
	assert.Equal(t, &TimeDistributedLayer{Layer: gru}, parse("TimeDistributed", `{"layer":{"className":"GRU","config":`+tfjs+`}}`))
	// As TensorFlow.js writes what was not given.
	assert.Equal(t, LSTM(2, Tanh), parse("LSTM", `{"units":2,"activation":"tanh","unit_forget_bias":null,"implementation":null,"kernel_regularizer":null}`))

	for config, want := range map[string]string{
		`{"units":2,"stateful":true}`:                    "LSTM: option stateful is not built; give the states as inputs instead",
		`{"units":2,"recurrentConstraint":{"a":1}}`:      "constraint",
		`{"units":2,"resetAfter":true}`:                  "LSTM: option reset_after is not built; only GRU has it",
		`{"units":2,"returnSequence":true}`:              `unknown option of LSTM "return_sequence"; known are`,
		`{"units":2,"recurrentActivation":"sigmoidish"}`: `unknown activation "sigmoidish"`,
	} {
		_, err := ParseLayer(LayerConfig{ClassName: "LSTM", Config: json.RawMessage(config)})
		assert.ErrorContains(t, err, want)
	}
	for config, want := range map[string]string{
		`{}`: "Bidirectional wants an option layer: the layer inside it",
		`{"layer":{"class_name":"Dense","config":{"units":1}}}`:                                      "Bidirectional wants a SimpleRNN, LSTM or GRU inside, got Dense",
		`{"layer":{"class_name":"LSTM","config":{"units":1}},"merge_mode":"max"}`:                    `unknown merge_mode "max"`,
		`{"layer":{"class_name":"LSTM","config":{"units":1}},"backward_layer":{"class_name":"GRU"}}`: "option backward_layer is not built",
	} {
		_, err := ParseLayer(LayerConfig{ClassName: "Bidirectional", Config: json.RawMessage(config)})
		assert.ErrorContains(t, err, want)
	}
}

// The forget gates' bias begins as 1, the others' as they are told.
func TestUnitForgetBias(t *testing.T) {
	begin := func(l *RecurrentLayer) []float32 {
		b, err := Sequential(Input(4, 3), l).Build()
		require.NoError(t, err)
		bias := make([]float32, 8)
		p := b.Graph.Params()[2]
		p.Init(bias, p.Shape, rand.NewPCG(1, 1))
		return bias
	}
	assert.Equal(t, []float32{0, 0, 1, 1, 0, 0, 0, 0}, begin(LSTM(2)))
	assert.Equal(t, []float32{3, 3, 1, 1, 3, 3, 3, 3}, begin(LSTM(2, BiasInitializer(Constant(3)))))
	assert.Equal(t, []float32{3, 3, 3, 3, 3, 3, 3, 3}, begin(LSTM(2, NoUnitForgetBias, BiasInitializer(Constant(3)))))
}

// run gives all outputs of a network for inputs, with weights drawn anew.
func run(t *testing.T, b *Built, rows int, masks map[graph.Value][]float32, inputs ...[]float32) [][]float32 {
	store := graph.NewStore(b.Graph)
	for i, p := range store.Params {
		r := rand.New(rand.NewPCG(1, uint64(len(p.Name)*p.Size)))
		for k := range store.Of(i, store.Values()) {
			store.Of(i, store.Change())[k] = r.Float32() - 0.5
		}
	}
	plan, err := graph.NewPlan(b.Graph, store, graph.Config{MaxBatch: rows, Outputs: b.Outputs}, 0)
	require.NoError(t, err)
	for i, in := range inputs {
		copy(plan.Value(b.Inputs[i], rows), in)
	}
	for v, m := range masks {
		copy(plan.Value(v, rows), m)
	}
	require.NoError(t, plan.Forward(rows, false))
	var out [][]float32
	for _, v := range b.Outputs {
		out = append(out, append([]float32{}, plan.Value(v, rows)...))
	}
	return out
}

func waves(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i*37%19)/10 - 0.9
	}
	return x
}

// States that one layer gives begin another: a sequence read in two pieces gives what
// it gives in one.
func TestStatesPassOn(t *testing.T) {
	const rows, steps, features, units = 2, 6, 3, 4
	for _, class := range []func(int, ...Option) *RecurrentLayer{SimpleRNN, LSTM, GRU} {
		layer := class(units, ReturnSequences, ReturnState)
		x := NewInput(steps, features)
		whole := Apply(layer, x)
		results := []*Symbol{whole}
		for i := range layer.states() {
			results = append(results, whole.Result(1+i))
		}
		n, err := Functional([]*Symbol{x}, results)
		require.NoError(t, err)
		b, err := n.Build()
		require.NoError(t, err)
		data := waves(rows * steps * features)
		want := run(t, b, rows, nil, data)

		first, second := NewInput(2, features), NewInput(steps-2, features)
		begun := Apply(layer, first)
		states := []*Symbol{second}
		for i := range layer.states() {
			states = append(states, begun.Result(1+i))
		}
		rest := Apply(layer, states...)
		results = []*Symbol{begun, rest}
		for i := range layer.states() {
			results = append(results, rest.Result(1+i))
		}
		n, err = Functional([]*Symbol{first, second}, results)
		require.NoError(t, err)
		b, err = n.Build()
		require.NoError(t, err)
		assert.Len(t, b.Graph.Params(), 3, "one layer, applied twice")
		var one, two []float32
		for r := range rows {
			one = append(one, data[r*steps*features:][:2*features]...)
			two = append(two, data[(r*steps+2)*features:][:(steps-2)*features]...)
		}
		got := run(t, b, rows, nil, one, two)
		for r := range rows {
			assert.Equal(t, want[0][r*steps*units:][:2*units], got[0][r*2*units:][:2*units], layer.Class)
			assert.Equal(t, want[0][(r*steps+2)*units:][:(steps-2)*units], got[1][r*(steps-2)*units:][:(steps-2)*units], layer.Class)
			assert.Equal(t, want[1][r*units:][:units], want[0][(r*steps+steps-1)*units:][:units], "the state is the last result")
		}
		assert.Equal(t, want[1:], got[2:], layer.Class)
	}
}

// Without merging Bidirectional gives what each direction gives, in the order of time,
// and every state.
func TestBidirectionalParts(t *testing.T) {
	const rows, steps, features, units = 2, 5, 3, 4
	x := NewInput(steps, features)
	both := Apply(Bidirectional(LSTM(units, ReturnSequences, ReturnState), Merge(MergeNone)), x)
	n, err := Functional([]*Symbol{x}, []*Symbol{both, both.Result(1), both.Result(2), both.Result(3), both.Result(4), both.Result(5)})
	require.NoError(t, err)
	b, err := n.Build()
	require.NoError(t, err)
	out := run(t, b, rows, nil, waves(rows*steps*features))
	for r := range rows {
		row := func(k, step int) []float32 { return out[k][(r*steps+step)*units:][:units] }
		assert.Equal(t, out[2][r*units:][:units], row(0, steps-1), "forwards, h is the last step's")
		assert.Equal(t, out[4][r*units:][:units], row(1, 0), "backwards, it is the first one's")
	}
}

// A mask reaches the layers behind, in the order of their own reading.
func TestMasksOfSequences(t *testing.T) {
	const steps, features = 4, 2
	g := &graph.Graph{}
	x, err := g.Input("x", []int{steps, features})
	require.NoError(t, err)
	mask, err := g.Input("mask", []int{steps})
	require.NoError(t, err)
	s := &Scope{Graph: g, Name: "layer"}
	s.SetMask(x, mask)
	masked := func(l Layer) (graph.Value, bool) {
		out, err := s.Inner(l.ClassName()).Lower(l, x)
		require.NoError(t, err)
		return s.Mask(out[0])
	}
	m, ok := masked(LSTM(3, ReturnSequences))
	assert.True(t, ok && m == mask)
	_, ok = masked(GRU(3))
	assert.False(t, ok, "a last state has no steps")
	m, ok = masked(SimpleRNN(3, ReturnSequences, GoBackwards))
	op, in := g.Producer(m)
	assert.True(t, ok && op == graph.Reverse{} && in[0] == mask)
	m, ok = masked(Bidirectional(LSTM(2, ReturnSequences, ReturnState)))
	assert.True(t, ok && m == mask)
	m, ok = masked(TimeDistributed(Dense(7)))
	assert.True(t, ok && m == mask)
}

// A layer that does not work along the last axis is written out step by step.
func TestTimeDistributedUnrolls(t *testing.T) {
	const rows, steps, inner, features, units = 2, 3, 4, 2, 5
	wrapped, err := Sequential(Input(steps, inner, features), TimeDistributed(GRU(units))).Build()
	require.NoError(t, err)
	assert.Len(t, wrapped.Graph.Params(), 3)
	data := waves(rows * steps * inner * features)
	got := run(t, wrapped, rows, nil, data)[0]
	plain, err := Sequential(Input(inner, features), GRU(units)).Build()
	require.NoError(t, err)
	assert.Equal(t, run(t, plain, rows*steps, nil, data)[0], got, "as if each step were a sample")
	assert.Equal(t, []int{steps, units}, wrapped.Shapes[1])
}
