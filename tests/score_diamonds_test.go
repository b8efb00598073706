//go:build browser

package tests

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seedsAsked is over how many seeds a score is taken: all five where SCORES=all says that
// there is time (make scores).
func seedsAsked(otherwise int) int {
	if os.Getenv("SCORES") == "all" {
		return 5
	}
	return otherwise
}

// What the page reaches by itself on the logarithm of the price of 53,940 diamonds; with
// SCORES=all the mean over seeds 1 to 5.
func TestScoreOfDiamonds(t *testing.T) {
	s := newStudio(t)
	s.open(file(t, "diamonds-log.csv", logPrices(t, dataFile(t, "diamonds.csv"))))
	s.WaitFor(`[...document.querySelector('#target')?.options ?? []].some((o) => o.value === 'log_price')`)
	s.set("target", "log_price")
	s.WaitFor(`document.querySelector('#target').value === 'log_price' && /kept aside/.test(document.querySelector('#prepared').textContent)`)
	sum, seeds := 0.0, seedsAsked(1)
	for seed := 1; seed <= seeds; seed++ {
		score := s.train(seed)
		t.Logf("diamonds, seed %d: R² %.4f. %s", seed, score, s.Text("#fit-summary"))
		sum += score
	}
	t.Logf("diamonds: mean R² %.4f", sum/float64(seeds))
	assert.GreaterOrEqual(t, sum/float64(seeds), 0.97)
}

// logPrices writes a table with the natural logarithm of the price in place of the price.
func logPrices(t testing.TB, path string) []byte {
	t.Helper()
	from, err := os.Open(path)
	require.NoError(t, err)
	defer from.Close()
	rows, err := csv.NewReader(from).ReadAll()
	require.NoError(t, err)
	at := slices.Index(rows[0], "price")
	require.GreaterOrEqual(t, at, 0)
	rows[0][at] = "log_price"
	for _, row := range rows[1:] {
		price, err := strconv.ParseFloat(row[at], 64)
		require.NoError(t, err)
		row[at] = strconv.FormatFloat(math.Log(price), 'g', 9, 64)
	}
	var to bytes.Buffer
	require.NoError(t, csv.NewWriter(&to).WriteAll(rows))
	return to.Bytes()
}
