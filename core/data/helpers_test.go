package data

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// gemText writes a table like that of diamonds: seven columns of numbers, three of
// quoted words.
func gemText(rows int) []byte {
	rng := rand.New(rand.NewPCG(1, 2))
	text := []byte("\"carat\",\"cut\",\"color\",\"clarity\",\"depth\",\"table\",\"price\",\"x\",\"y\",\"z\"\n")
	cuts := []string{"Fair", "Good", "Very Good", "Premium", "Ideal"}
	clarities := []string{"I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"}
	for range rows {
		size := 3.7 + 5*rng.Float64()*rng.Float64()
		text = fmt.Appendf(text, "%.2f,%q,%q,%q,%.1f,%d,%d,%.2f,%.2f,%.2f\n", size*size*size/160,
			cuts[rng.IntN(5)], string(rune('D'+rng.IntN(7))), clarities[rng.IntN(8)],
			58+7*rng.Float64(), 53+rng.IntN(10), 300+rng.IntN(18000), size, size*1.01, size*0.62)
	}
	return text
}

// read reads a table that must be readable.
func read(t *testing.T, text string, options ...ReadOptions) *Table {
	t.Helper()
	var o ReadOptions
	if len(options) > 0 {
		o = options[0]
	}
	table, err := ReadTable(strings.NewReader(text), o)
	require.NoError(t, err)
	return table
}

// rowsOf returns all cells of a table.
func rowsOf(t *Table) [][]string {
	rows := make([][]string, t.Rows())
	for i := range rows {
		for j := range t.columns {
			rows[i] = append(rows[i], t.Cell(i, j))
		}
	}
	return rows
}

// requireError checks the code of an error, its line (0 for any) and parts of its text.
func requireError(t *testing.T, err error, code string, line int, parts ...string) {
	t.Helper()
	require.Error(t, err)
	var e *tensor.Error
	require.True(t, errors.As(err, &e), "%T: %v", err, err)
	require.Equal(t, code, e.Code, e.Message)
	if line > 0 {
		require.Equal(t, line, e.Row, e.Message)
	}
	for _, p := range parts {
		require.Contains(t, e.Message, p)
	}
}

// requireNotice returns the first notice of a code.
func requireNotice(t *testing.T, notices []Notice, code string, parts ...string) Notice {
	t.Helper()
	for _, n := range notices {
		if n.Code == code {
			for _, p := range parts {
				require.Contains(t, n.Message, p)
			}
			return n
		}
	}
	require.Failf(t, "no such notice", "%s in %v", code, notices)
	return Notice{}
}

// lines joins lines to a file.
func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

// repeat writes a header and n rows.
func repeat(header string, n int, row func(i int) string) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range n {
		b.WriteString(row(i) + "\n")
	}
	return b.String()
}
