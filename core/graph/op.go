package graph

import (
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An Op is one operation: a description without state, forward beside backward.
// The package's own operations are ordinary implementations; a custom layer may
// bring others.
type Op interface {
	// Infer returns the result's shape. Its error says which shape was wanted.
	Infer(in [][]int) ([]int, *tensor.Error)
	// Forward computes c.Out from c.In.
	Forward(c *Call)
	// Backward computes c.DIn from c.DOut, c.In and c.Out.
	Backward(c *Call)
}

// A Call is what an operation works on: rows [0, N) of its inputs and its result,
// and of their gradients while Backward runs.
type Call struct {
	N        int         // rows
	In       [][]float32 // a value per input: N rows, or all of a value that is not batched
	Out      []float32
	DOut     []float32   // ∂loss/∂Out
	DIn      [][]float32 // ∂loss/∂In[i], to be written; nil where nobody needs it
	Aux      []float32   // the operation's own memory, kept from Forward to Backward
	Kept     []float32   // what a Keeper keeps until Commit
	Scratch  []float32   // a Scratcher's, with anything in it; lost when the call ends
	Panels   []float32   // a Weigher's weights in panels, nil if there are none
	InShape  [][]int
	OutShape []int
	Layer    string
	Training bool

	run *Plan
}

// Rand returns a generator for this step, this layer and this purpose. It is good
// until the next call of Rand.
func (c *Call) Rand(purpose string) *rand.PCG {
	c.run.streams.Seed(&c.run.pcg, purpose, c.Layer)
	return &c.run.pcg
}

// Pause lets others run if the work since the last pause, in floating-point
// operations, has become enough. Where it returns true the step is being
// abandoned: return at once.
func (c *Call) Pause(flops int) bool { return c.run.pause(flops) }

// scratch is the memory that products pack their factors into.
func (c *Call) scratch() *kernel.Workspace { return c.run.workspace }

// The interfaces below are optional.

// An InPlacer may write its result over its first input, and that input's
// gradient over the result's gradient. Both have the same number of values.
type InPlacer interface{ InPlace() bool }

// A BackwardReader tells whether Backward reads In and Out; for others the plan
// takes it that both are read, and keeps them.
type BackwardReader interface{ BackwardReads() (in, out bool) }

// A Viewer's result holds its first input's values in the same order.
type Viewer interface{ View() }

// A Memoriser wants Aux: a number of values for each row.
type Memoriser interface {
	AuxPerRow(in [][]int, out []int) int
}

// A Keeper learns something from a step that is no gradient, like the statistics of a
// batch. Forward leaves it in Kept, a number of values whatever the rows, and Commit,
// which is called once the step has been made, puts it where it belongs: into the
// parameters among c.In. So a step that is abandoned changes nothing.
type Keeper interface {
	Keeps(in [][]int, out []int) int
	Commit(c *Call)
}

// A Weigher multiplies each row of its first input with a matrix [k, n], its second, and
// takes single rows from Panels, if there are any, where columns of it lie as
// kernel.RowPanels wants them. It serves a plan that expects single rows.
type Weigher interface {
	WeightMatrix(in [][]int) (k, n int)
}

// A Scratcher wants Scratch: a number of values whatever the rows.
type Scratcher interface {
	ScratchSize(in [][]int, out []int) int
}

// A Coster knows its work: the floating-point operations of one row, forward.
// Others count as one operation an element of the result.
type Coster interface {
	Cost(in [][]int, out []int) int
}

// Streams hands out the random streams of a step. The trainer owns them.
type Streams interface {
	Seed(pcg *rand.PCG, purpose, layer string)
}

// must stops on a broken invariant of the package: never on a user's mistake.
func must(ok bool, what string) {
	if !ok {
		panic("graph: " + what)
	}
}
