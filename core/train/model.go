package train

import (
	"math"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Model is a network with its weights. It is used by one goroutine at a time.
type Model struct {
	// Pipeline prepares the rows of a table for the network and is saved with the
	// model; nil for a model that is fed with tensors.
	Pipeline *data.Pipeline

	// Notes travel with the saved model: a model's scores, where its data came from.
	// Readers ignore what they do not know.
	Notes map[string]string

	// Card says what the model is and where it comes from, as JSON; Log is the chain of
	// lines that its training left behind. Package card makes both, and they are saved
	// with the model.
	Card json.RawMessage
	Log  []string

	name    string
	network *nn.Network
	built   *nn.Built
	store   *graph.Store
	streams streams
	limit   int // bytes

	config   *Config // nil before Compile
	slots    [][]float32
	updates  []span
	counters counters
	trainer  *trainer
	predict  *predictor
	fitting  *run    // the last or present run of Fit
	rate     float64 // the learning rate of the next step
	onPause  func() error
	inFit    bool
	numerics int
}

// counters say how far training has come, over all calls of Fit.
type counters struct {
	Epoch int `json:"epoch"` // epochs that were finished
	Step  int `json:"step"`  // updates that were made
}

// An Option of New.
type Option func(*Model) error

// Seed sets the model's seed, a whole number from 0 to MaxSeed. Without it a seed
// is drawn at random; Model.Seed tells which.
func Seed(seed uint64) Option {
	return func(m *Model) error {
		if seed > MaxSeed {
			return tensor.Errorf(tensor.CodeOption, "seed must be a whole number from 0 to %d, got %d", uint64(MaxSeed), seed)
		}
		m.streams.seed = seed
		return nil
	}
}

// Name sets the model's name; "model" without it.
func Name(name string) Option {
	return func(m *Model) error {
		m.name = name
		return nil
	}
}

// DefaultMemoryLimit is the memory, in bytes, that a model may use before it
// refuses: what fits into the address space of a browser's worker.
const DefaultMemoryLimit = 2 << 30

// MemoryLimit sets how many bytes the model may use. Whatever needs more is
// refused before it is allocated.
func MemoryLimit(bytes int) Option {
	return func(m *Model) error {
		m.limit = bytes
		return nil
	}
}

// New makes a model with fresh weights. Its errors name the layer that cannot be
// built.
func New(network *nn.Network, opts ...Option) (*Model, error) {
	m := &Model{network: network, name: "model", limit: DefaultMemoryLimit, numerics: NumericsVersion}
	m.streams.seed = rand.Uint64N(MaxSeed + 1)
	for _, option := range opts {
		if err := option(m); err != nil {
			return nil, err
		}
	}
	built, err := network.Build()
	if err != nil {
		return nil, err
	}
	m.built = built
	if need := 4 * graph.StoreLen(built.Graph); need > m.limit {
		return nil, tensor.Errorf(tensor.CodeMemory, "the weights need %d MB of memory, more than the limit of %d MB; use smaller layers", need>>20, m.limit>>20)
	}
	m.store = graph.NewStore(built.Graph)
	m.initialise()
	return m, nil
}

// initialise draws all weights, each from a stream of its own: adding a layer
// leaves the others as they were.
func (m *Model) initialise() {
	var pcg rand.PCG
	for i, p := range m.store.Params {
		if p.Init != nil {
			at := streams{seed: m.streams.seed}
			at.Seed(&pcg, "init", p.FullName())
			p.Init(m.store.Of(i, m.store.Change()), p.Shape, &pcg)
		}
	}
}

// Name returns the model's name.
func (m *Model) Name() string { return m.name }

// Seed returns the model's seed.
func (m *Model) Seed() uint64 { return m.streams.seed }

// Network returns the description that the model was made from.
func (m *Model) Network() *nn.Network { return m.network }

// InputShape returns the shape of a row of the first input.
func (m *Model) InputShape() []int { return m.built.Graph.Shape(m.built.Inputs[0]) }

// OutputShape returns the shape of a row of the first output.
func (m *Model) OutputShape() []int { return m.built.Graph.Shape(m.built.Outputs[0]) }

// InputNames returns the names of the inputs, which are those of their layers.
func (m *Model) InputNames() []string { return m.built.Names.Inputs }

// OutputNames returns the names of the outputs: those of their layers, where one gives
// several with a number behind. A History has them, if there is more than one.
func (m *Model) OutputNames() []string { return uniqueNames(m.built.Names.Outputs) }

// InputShapes returns the shape of a row of each input.
func (m *Model) InputShapes() [][]int { return m.shapes(m.built.Inputs) }

// OutputShapes returns the shape of a row of each output.
func (m *Model) OutputShapes() [][]int { return m.shapes(m.built.Outputs) }

func (m *Model) shapes(values []graph.Value) [][]int {
	var shapes [][]int
	for _, v := range values {
		shapes = append(shapes, m.built.Graph.Shape(v))
	}
	return shapes
}

// Compile prepares the model for training. It forgets the state of an earlier
// optimizer, and keeps the weights.
func (m *Model) Compile(c Config) error {
	if err := m.idle("Compile"); err != nil {
		return err
	}
	if err := c.check(m.OutputNames()); err != nil {
		return err
	}
	if c.Optimizer == nil {
		c.Optimizer = optim.Adam{}
	}
	if err := c.Optimizer.Validate(); err != nil {
		return err
	}
	// The loss lowers itself into a copy of the graph: compiling again starts from
	// the network.
	built, err := m.network.Build()
	if err != nil {
		return err
	}
	t, err := newTrainer(built, uniqueNames(built.Names.Outputs), c)
	if err != nil {
		return err
	}
	m.built, m.trainer, m.predict = built, t, nil
	m.relay()
	m.config = &c
	m.counters, m.fitting, m.rate = counters{}, nil, c.Optimizer.Rate()
	m.slots = make([][]float32, len(c.Optimizer.Slots()))
	for i := range m.slots {
		m.slots[i] = make([]float32, m.store.Trainable())
	}
	m.updates = m.spans(c.Optimizer)
	return m.preparePrediction()
}

// idle fails while the model is being fitted, in a callback.
func (m *Model) idle(what string) error {
	if m.inFit {
		return tensor.Errorf(tensor.CodeBusy, "%s: the model is being fitted; wait for the end of Fit", what)
	}
	return nil
}

// LearningRate returns the learning rate of the next step.
func (m *Model) LearningRate() float64 {
	if m.config == nil {
		return m.rate
	}
	return optim.RateAt(m.config.Optimizer, m.counters.Step, m.rate)
}

// SetLearningRate changes it. An optimizer that follows a schedule refuses.
func (m *Model) SetLearningRate(rate float64) error {
	if !(rate >= 0 && rate <= math.MaxFloat32) {
		return tensor.Errorf(tensor.CodeOption, "learning rate must be a finite number that is not negative, got %g", rate)
	}
	if m.scheduled() {
		return tensor.Errorf(tensor.CodeOption, "the learning rate follows a schedule; compile with a number as learning rate to set it by hand")
	}
	m.rate = rate
	return nil
}

// scheduled tells whether the learning rate follows a schedule.
func (m *Model) scheduled() bool {
	if m.config == nil {
		return false
	}
	_, ok := m.config.Optimizer.(optim.Scheduled)
	return ok
}

// OnPause sets what Predict and Evaluate call between operations after a bounded
// amount of work; an error ends them. Fit has its own, FitConfig.Pause.
func (m *Model) OnPause(f func() error) { m.onPause = f }

// Trained returns how many epochs were finished and how many updates made since Compile.
func (m *Model) Trained() (epochs, updates int) { return m.counters.Epoch, m.counters.Step }

// Config returns what Compile was given, or nil.
func (m *Model) Config() *Config { return m.config }
