//go:build !js

package codegen_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/nn"
)

// Layers around as wide as a panel of weights, and several, with their weights in panels
// and, where these are decoded, row by row.
func TestPanels(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, width := range []int{31, 32, 33, 63, 64, 65, 70, 100} {
		m := newModel(t, nn.Sequential(nn.Input(5), nn.Dense(width, nn.ReLU), nn.Dense(width, nn.Tanh), nn.Dense(3)))
		shake(t, m, rng)
		for _, o := range []codegen.Options{{}, {NoSIMD: true}, {Weights: codegen.Float16}, {Weights: codegen.Int8, NoSIMD: true}} {
			rounded, err := m.Rounded(o.Weights)
			require.NoError(t, err)
			checkEqual(t, rounded, o, rng, 1, 3, 4, 9)
		}
	}
	// One that two layers share is read by both as it is.
	shared := nn.Dense(40, nn.ReLU)
	m := newModel(t, nn.Sequential(nn.Input(40), shared, shared, nn.Dense(2)))
	shake(t, m, rng)
	checkEqual(t, m, codegen.Options{}, rng, 1, 6)
}
