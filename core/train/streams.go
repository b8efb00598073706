package train

import (
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// NumericsVersion names the bits that this version computes; see DESIGN C1.
const NumericsVersion = kernel.NumericsVersion

// MaxSeed is the largest seed: the whole numbers that JavaScript knows exactly.
const MaxSeed = 1<<53 - 1

// streams hands random streams to the operations of a step. It is the only owner
// of randomness; where it stands is told by epoch and step.
type streams struct {
	seed        uint64
	epoch, step uint64
}

func (s *streams) Seed(pcg *rand.PCG, purpose, layer string) {
	kernel.Stream(pcg, s.seed, purpose, layer, s.epoch, s.step)
}
