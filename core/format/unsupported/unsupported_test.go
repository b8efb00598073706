package unsupported

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestReport(t *testing.T) {
	var l List
	require.NoError(t, l.Report("it cannot be done"))
	l.Refuse("a", "want %d", 3)
	l.Refuse("b", "no")
	err := l.Report("it cannot be done")
	assert.EqualError(t, err, "it cannot be done, because of:\n  a: want 3\n  b: no")
	assert.Equal(t, tensor.CodeUnsupported, err.(*tensor.Error).Code)
}
