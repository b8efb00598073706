package bindings

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// memory is a Store for tests.
type memory struct {
	mu      sync.Mutex
	records map[string]StoredModel
	files   map[string][]byte
	full    error // what Put answers, if not nil
}

var _ Store = (*memory)(nil)

func newMemory() *memory {
	return &memory{records: map[string]StoredModel{}, files: map[string][]byte{}}
}

func (s *memory) Put(r StoredModel, file []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full != nil {
		return s.full
	}
	s.records[r.Name], s.files[r.Name] = r, slices.Clone(file)
	return nil
}

func (s *memory) Get(name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.files[name]
	if !ok {
		return nil, notStored(name)
	}
	return slices.Clone(file), nil
}

func (s *memory) List() ([]StoredModel, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.records)), nil
}

func (s *memory) Remove(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.files[name]; !ok {
		return notStored(name)
	}
	delete(s.files, name)
	delete(s.records, name)
	return nil
}

func (s *memory) Usage() (UsageResult, error) { return UsageResult{Usage: 1, Quota: 2}, nil }

// A bench is an engine with a client and a store, wired together.
type bench struct {
	*client
	t      *testing.T
	engine *Engine
	store  *memory
}

// newBench starts an engine that has been greeted.
func newBench(t *testing.T) *bench {
	t.Helper()
	b := newColdBench(t)
	var c Capabilities
	b.call(MethodHello, HelloParams{Protocol: Protocol}, &c)
	require.Equal(t, Version, c.Version)
	return b
}

// newColdBench starts an engine.
func newColdBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, store: newMemory()}
	b.engine = New(Host{Post: func(p Packet) { b.receive(p) }, Store: b.store})
	b.client = newClient(func(p Packet) { b.engine.Receive(p) })
	go b.engine.Serve(t.Context())
	return b
}

// call makes a request that must succeed.
func (b *bench) call(method string, params, result any, buffers ...Buffer) []Buffer {
	b.t.Helper()
	out, err := b.do(b.t.Context(), call{Method: method, Params: params, Result: result, Buffers: buffers})
	require.NoError(b.t, err, method)
	return out
}

// refused makes a request that must fail with a code, and returns its error.
func (b *bench) refused(code, method string, params any, buffers ...Buffer) *Error {
	b.t.Helper()
	_, err := b.do(b.t.Context(), call{Method: method, Params: params, Buffers: buffers})
	var refusal *Error
	require.ErrorAs(b.t, err, &refusal, method)
	require.Equal(b.t, code, refusal.Data.Code, refusal.Message)
	require.NotEmpty(b.t, refusal.Message)
	return refusal
}

// floats is a buffer of float32.
func floats(values ...float32) Buffer { return Bytes(byteView(values)) }

// tensorOf reads a tensor of an answer.
func tensorOf(t *testing.T, ref Tensor, buffers []Buffer) *tensor.Tensor {
	t.Helper()
	b := Take(buffers[ref.Buffer])
	data := make([]float32, len(b)/4)
	copy(byteView(data), b)
	got, err := tensor.From(data, ref.Shape...)
	require.NoError(t, err)
	return got
}

// xorModel creates and compiles a small network and returns its id.
func (b *bench) xorModel(seed int64) int {
	b.t.Helper()
	var info ModelInfo
	b.call(MethodModelCreate, CreateParams{Seed: &seed, Layers: []Layer{
		{ClassName: "Dense", Config: []byte(`{"units":8,"activation":"tanh","inputShape":[2]}`)},
		{ClassName: "Dense", Config: []byte(`{"units":1,"activation":"sigmoid"}`)},
	}}, &info)
	require.Equal(b.t, seed, info.Seed)
	require.Equal(b.t, 33, info.Parameters)
	b.call(MethodModelCompile, CompileParams{Model: info.Model, Optimizer: Optimizer{ClassName: "adam", Config: []byte(`{"learningRate":0.05}`)},
		Loss: Loss{ClassName: "binaryCrossentropy"}, Metrics: []string{"accuracy"}}, nil)
	return info.Model
}

// xor is the data of the exclusive or: four rows.
func xor() (x, y Tensor, buffers []Buffer) {
	return Tensor{Shape: []int{4, 2}, Buffer: 0}, Tensor{Shape: []int{4, 1}, Buffer: 1},
		[]Buffer{floats(0, 0, 0, 1, 1, 0, 1, 1), floats(0, 1, 1, 0)}
}

// fitXOR returns params for a fit.
func fitXOR(model, epochs int) (FitParams, []Buffer) {
	x, y, buffers := xor()
	return FitParams{Model: model, X: &x, Y: &y, Epochs: epochs, BatchSize: 2}, buffers
}
