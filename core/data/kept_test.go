package data

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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
		require.Equal(t, allChanges(t, changesOf(t, rich, one), ChangeFilter{}, 500), allChanges(t, changesOf(t, poor, other), ChangeFilter{}, 500))
		one.columns, other.columns = nil, nil // they hold what was kept
		require.Equal(t, one, other)
	}
}

func TestSortBy(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 2, 100, 1000} {
		value, order := make([]float64, n), []int{}
		for i := range value {
			switch value[i] = rng.NormFloat64() * math.Pow(10, float64(rng.IntN(40)-20)); rng.IntN(6) {
			case 0:
				value[i] = float64(rng.IntN(5) - 2)
			case 1:
				value[i] = []float64{0, math.Copysign(0, -1), math.MaxFloat64, -math.MaxFloat64, 5e-324}[rng.IntN(5)]
			}
			order = append(order, i)
		}
		want := slices.Clone(order)
		slices.SortStableFunc(want, func(i, j int) int { return cmp.Compare(value[i], value[j]) })
		require.Equal(t, want, sortBy(order, value))
	}
}

func TestRanks(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{1, 10, 5000, 20000} {
		values := make([]float64, n)
		for i := range values {
			values[i] = math.Floor(rng.NormFloat64()*1000) / 8
		}
		want := slices.Sorted(slices.Values(values))
		r := newRanks(values, want[0], want[n-1])
		for _, k := range []int{0, n / 10, n / 2, n - 1, n / 2, n / 3} {
			require.Equal(t, want[k], r.at(k))
		}
	}
}
