package series

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever a cell holds, it is a day of the years that are read, or none.
func FuzzWritten(f *testing.F) {
	for _, cell := range []string{"2015Q1", "05/2024", "May-24", "2024年5月31日", "2024-W22", "20240531", "年", "2024年", "9999", "Q1 2024"} {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		days, ok := parseWritten(cell)
		if !ok {
			require.Zero(t, days)
			return
		}
		require.GreaterOrEqual(t, days, -25567.0-7)
		require.Less(t, days, 47482.0+14)
	})
}
