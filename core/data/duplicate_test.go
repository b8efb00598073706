package data

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDuplicates(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	table := read(t, repeat("code,word,gapped,kg,pounds,almost,region,continent,free,y", 300, func(i int) string {
		k, region := rng.IntN(4), rng.IntN(6)
		word, gapped := string("wxyz"[k]), fmt.Sprint(k)
		if i%3 == 0 {
			gapped = ""
		}
		kg := 40 + rng.Float64()*60
		return fmt.Sprintf("%d,%s,%s,%.2f,%.1f,%.2f,r%d,c%d,%d,%d", k, word, gapped, kg, kg*2.2046, kg+rng.Float64()*5, region, region/3, rng.IntN(4), rng.IntN(2))
	}))
	s, err := table.Suggest("y", nil)
	require.NoError(t, err)
	require.Equal(t, []string{"word", "pounds", "continent"}, roles(s)[RoleIgnore])
	require.Contains(t, s.Columns[1].Reason, "says the same as “code”")
	require.Contains(t, s.Columns[7].Reason, "follows from “region”")
}

// A few rows, or categories with a few rows each, prove no duplicate.
func TestNoDuplicatesByChance(t *testing.T) {
	for _, rows := range []int{20, 60} {
		table := read(t, repeat("a,b,y", rows, func(i int) string { return fmt.Sprintf("a%d,b%d,%d", i%12, i%12, i*i%2) }))
		s, err := table.Suggest("y", nil)
		require.NoError(t, err)
		require.Empty(t, roles(s)[RoleIgnore])
	}
}
