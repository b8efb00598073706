package tensor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestShapes(t *testing.T) {
	x := New(3, 2, 2)
	assert.Equal(t, 3, x.Rows())
	assert.Equal(t, 4, x.Cols())
	x.Row(1)[3] = 7
	assert.EqualValues(t, 7, x.Data[7])
	assert.Equal(t, []int{2, 2, 2}, x.Slice(1, 3).Shape)
	assert.EqualValues(t, 7, x.Slice(1, 3).Data[3], "a slice shares the data")
	scalar := New()
	assert.Equal(t, 1, scalar.Rows())
	assert.Equal(t, 1, scalar.Cols())
	assert.Equal(t, "[batch, 2, 2]", FormatBatch(x.Shape[1:]))
	assert.Equal(t, "[]", Format(nil))
	assert.False(t, SameShape([]int{2}, []int{2, 1}))
	clone := x.Clone()
	clone.Data[7] = 8
	assert.EqualValues(t, 7, x.Data[7])
}

func TestWrongShapes(t *testing.T) {
	_, err := From(make([]float32, 5), 2, 3)
	assert.EqualError(t, err, "shape [2, 3] wants 6 values, got 5")
	_, err = Size([]int{2, -1})
	assert.EqualError(t, err, "shape [2, -1]: dimension 1 is negative")
	_, err = Size([]int{1 << 20, 1 << 20, 1 << 40})
	assert.ErrorContains(t, err, "more than")
	_, err = FromRows([][]float32{{1, 2}, {3}})
	assert.EqualError(t, err, "row 1 has 1 values, row 0 has 2")
	n, err := Size([]int{0, 1 << 40})
	require.NoError(t, err)
	assert.Zero(t, n)
	assert.Panics(t, func() { New(-1) })
}

func TestFirstNonFinite(t *testing.T) {
	x := New(4)
	assert.Equal(t, -1, x.FirstNonFinite())
	x.Data[3] = float32(math.NaN())
	assert.Equal(t, 3, x.FirstNonFinite())
	x.Data[2] = float32(math.Inf(-1))
	assert.Equal(t, 2, x.FirstNonFinite())
	assert.Equal(t, -1, (&Tensor{Data: []float32{math.MaxFloat32, -math.SmallestNonzeroFloat32}}).FirstNonFinite())
}

func TestErrorNamesTheInnermostLayer(t *testing.T) {
	err := Errorf(CodeShape, "want %d", 3)
	assert.EqualError(t, err.In("dense_1").In("model"), "dense_1: want 3")
	assert.EqualError(t, err, "want 3", "the original is unchanged")
}
