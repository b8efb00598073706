package wasmgen

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// TestEngineAgrees: the engine, which does not import this package, knows these numbers
// too.
func TestEngineAgrees(t *testing.T) {
	assert.Equal(t, Version, kernel.ModuleVersion)
	assert.Equal(t, GemmSpace, kernel.ModuleSpace*4)
}
