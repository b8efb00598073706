package page

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNumbersAreReadable(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", 0.5: "0.5", 3.14159: "3.142", -2.25: "−2.25", 123.456: "123.5", 1234.5: "1234",
		12345: "12\u202f345", 1e9: "1.00e+09", 0.00001: "1.00e−05", 0.00123: "0.00123",
	} {
		require.Equal(t, want, number(v), "%g", v)
	}
	require.Equal(t, "–", number(math.NaN()))
	require.Equal(t, "∞", number(math.Inf(1)))
	require.Equal(t, "1234", count(1234))
	require.Equal(t, "−1\u202f234\u202f567", count(-1234567))
	require.Equal(t, "1 row", plural(1, "row", "rows"))
	require.Equal(t, "0 rows", plural(0, "row", "rows"))
}

func TestSizesSharesAndTimes(t *testing.T) {
	require.Equal(t, "812\u00a0B", size(812))
	require.Equal(t, "1.4\u00a0MB", size(1_400_000))
	require.Equal(t, "200\u00a0MB", size(200_000_000))
	require.Equal(t, "97.1\u00a0%", percent(0.9714))
	require.Equal(t, "a moment left", timeLeft(time.Second))
	require.Equal(t, "about 15 s left", timeLeft(12*time.Second))
	require.Equal(t, "about 3 min left", timeLeft(130*time.Second))
	require.Equal(t, "about 1.5 h left", timeLeft(90*time.Minute))
	require.Equal(t, "1 min 5 s", took(65*time.Second))
	require.Equal(t, "1970-01-02", day(1.5))
	require.Equal(t, "1969-12-31", day(-1))
}

func TestListingReadsAsASentence(t *testing.T) {
	require.Equal(t, "", listing(nil, 3))
	require.Equal(t, "a", listing([]string{"a"}, 3))
	require.Equal(t, "a and b", listing([]string{"a", "b"}, 3))
	require.Equal(t, "a, b and 2 others", listing([]string{"a", "b", "c", "d"}, 2))
	require.Equal(t, "abc…", shorten("abcdef", 4))
}
