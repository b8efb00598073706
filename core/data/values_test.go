package data

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Some rows of a column are what all of them are there.
func TestValuesAt(t *testing.T) {
	var csv strings.Builder
	csv.WriteString("n,day,word\n")
	for i := range 30 {
		csv.WriteString([]string{"1.5,2024-01-02,a\n", ",2024-03-04,b\n", "7,,c\n"}[i%3])
	}
	table, err := ReadTable(strings.NewReader(csv.String()), ReadOptions{})
	require.NoError(t, err)
	rows := []int{29, 0, 1, 2}
	for _, column := range []string{"n", "day"} {
		all, err := table.Values(column)
		require.NoError(t, err)
		some, err := table.ValuesAt(column, rows, nil)
		require.NoError(t, err)
		for i, row := range rows {
			require.Equal(t, math.Float64bits(all[row]), math.Float64bits(some[i]))
		}
	}
	_, err = table.ValuesAt("word", rows, nil)
	require.ErrorContains(t, err, "want a column of numbers or dates")
	_, err = table.ValuesAt("none", rows, nil)
	require.ErrorContains(t, err, "no column")
	_, err = table.ValuesAt("n", []int{30}, nil)
	require.ErrorContains(t, err, "rows must be from 0 to 29")
	_, err = table.ValuesAt("n", rows, func(int64, int64) error { return errors.New("enough") })
	require.ErrorContains(t, err, "enough")
}
