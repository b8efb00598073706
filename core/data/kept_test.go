package data

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// oddText has columns of every sort: numbers with gaps and slips, words that are
// numbers too, yes and no in several spellings, dates, more words than have a place.
func oddText(rows int) string {
	var b strings.Builder
	b.WriteString("number,code,flag,when,word,many,target\n")
	for i := range rows {
		number := fmt.Sprint(float64(i%97) / 4)
		switch i % 50 {
		case 7:
			number = ""
		case 8:
			number = "oops"
		case 9:
			number = "inf"
		}
		word := []string{"red", "green", "", "blue", "7", " padded ", "RED"}[i%7]
		fmt.Fprintf(&b, "%s,%05d,%s,2024-%02d-%02d,%s,w%d,%s\n", number, i%13, []string{"yes", "no", "YES", "NA"}[i%4],
			1+i%12, 1+i%28, word, i, []string{"a", "b"}[i/3%2])
	}
	return b.String()
}

// What is kept beside the text changes nothing but time: a table without room for it
// comes out the same.
func TestKeptOrNot(t *testing.T) {
	for _, target := range []string{"target", "number", "flag"} {
		rich := read(t, oddText(3000))
		require.Positive(t, rich.kept)
		text := rich.store.memory()
		poor := read(t, oddText(3000), ReadOptions{MaxBytes: 2 * text})
		require.Zero(t, poor.kept)
		for _, table := range []*Table{rich, poor} {
			table.maxBytes = DefaultMaxBytes
		}
		poor.kept = DefaultMaxBytes // no room later either
		a, b := rich.Profile(), poor.Profile()
		a.MemoryBytes, b.MemoryBytes = 0, 0
		require.Equal(t, a, b)
		for _, kind := range []Kind{KindCategory, KindNumber} {
			require.NoError(t, rich.SetKind("code", kind, nil))
			require.NoError(t, poor.SetKind("code", kind, nil))
			require.Equal(t, rich.Profile().Columns, poor.Profile().Columns)
		}
		poor.kept = 0
		poor.maxBytes, rich.maxBytes = 1<<30, 1<<30
		one, err := rich.Prepare(Setup{Target: target}, nil)
		require.NoError(t, err)
		other, err := poor.Prepare(Setup{Target: target}, nil)
		require.NoError(t, err)
		require.Equal(t, one, other)
	}
}
