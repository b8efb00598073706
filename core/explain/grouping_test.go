package explain

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestGroupsByWord(t *testing.T) {
	words := []string{"b", "a", "", "a", "c", "b", "a", "d"}
	names, group, err := GroupsByWord(words, 9)
	require.NoError(t, err)
	assert.Equal(t, []string{"b", "a", "(missing)", "c", "d"}, names)
	assert.Equal(t, []int{0, 1, 2, 1, 3, 0, 1, 4}, group)
	names, group, err = GroupsByWord(words, 3)
	require.NoError(t, err)
	assert.Equal(t, []string{"b", "a", "(others)"}, names)
	assert.Equal(t, []int{0, 1, 2, 1, 2, 0, 1, 2}, group)
	_, _, err = GroupsByWord(words, 1)
	wantCode(t, tensor.CodeOption, err)
}

func TestGroupsByNumber(t *testing.T) {
	names, group, err := GroupsByNumber([]float64{5, 1, 2, math.NaN(), 8, 3, 4, 7, 6}, 4)
	require.NoError(t, err)
	assert.Equal(t, []string{"1 to 2", "3 to 4", "5 to 6", "7 to 8", "(missing)"}, names)
	assert.Equal(t, []int{2, 0, 0, 4, 3, 1, 1, 3, 2}, group)

	// Many equal values leave fewer groups, and none of them empty.
	names, group, err = GroupsByNumber([]float64{0, 0, 0, 0, 0, 0, 1, 9}, 4)
	require.NoError(t, err)
	assert.Equal(t, []string{"0", "1 to 9"}, names)
	assert.Equal(t, []int{0, 0, 0, 0, 0, 0, 1, 1}, group)

	names, group, err = GroupsByNumber([]float64{2, 1}, 5)
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "2"}, names)
	assert.Equal(t, []int{1, 0}, group)

	names, group, err = GroupsByNumber([]float64{math.NaN()}, 2)
	require.NoError(t, err)
	assert.Equal(t, []string{"(missing)"}, names)
	assert.Equal(t, []int{0}, group)
	_, _, err = GroupsByNumber(nil, 1)
	wantCode(t, tensor.CodeOption, err)
}

func TestColumnCells(t *testing.T) {
	table, err := data.ReadTable(bytes.NewReader([]byte("a,b\n1,x\n2,y\n3,z\n")), data.ReadOptions{})
	require.NoError(t, err)
	cells, err := ColumnCells(table, "b", []int{2, 0})
	require.NoError(t, err)
	assert.Equal(t, []string{"z", "x"}, cells)
	_, err = ColumnCells(table, "c", nil)
	wantCode(t, tensor.CodeOption, err)
	_, err = ColumnCells(table, "b", []int{3})
	wantCode(t, tensor.CodeOption, err)
}
