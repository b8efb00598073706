//go:build !js

package codegen_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/codegen"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A module's memory does not grow for the batches that hosts use: the views they made
// of it stay good.
func TestRoomFromTheStart(t *testing.T) {
	m, err := train.New(nn.Sequential(nn.Input(784), nn.Dense(16, nn.ReLU), nn.Dense(10, nn.Softmax)), train.Seed(1))
	require.NoError(t, err)
	wasm, _ := compile(t, m, codegen.Options{})
	h := newHost(t, wasm, 784, 10)
	size := h.module.Memory().Size()
	for _, rows := range []int{1, 64, 256} {
		require.NotZero(t, h.call("input", rows))
		assert.Equal(t, size, h.module.Memory().Size(), "%d rows", rows)
	}
	require.NotZero(t, h.call("input", 2000))
	assert.Greater(t, h.module.Memory().Size(), size)
}
