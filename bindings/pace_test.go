package bindings

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// looks counts how many of the steps looked around, and returns the longest time
// between two looks.
func looks(t *testing.T, steps int, took func(step int) time.Duration) (count int, longest time.Duration) {
	var now, last time.Duration
	p := newPace(now)
	for i := range steps {
		now += took(i)
		if !p.due() {
			continue
		}
		count++
		longest, last = max(longest, now-last), now
		p.saw(now)
		p.goesOn(now)
	}
	require.LessOrEqual(t, p.stride, maxStride)
	return count, longest
}

func TestPace(t *testing.T) {
	const short, long = 20 * time.Microsecond, 30 * time.Millisecond
	count, longest := looks(t, 100_000, func(int) time.Duration { return short })
	require.Less(t, count, 2500, "short steps look around seldom")
	require.LessOrEqual(t, longest, 2*lookEvery)

	count, _ = looks(t, 100, func(int) time.Duration { return long })
	require.Equal(t, 100, count, "long steps look around each time")

	// Steps that become ten times longer: one late look, then the new pace.
	count, longest = looks(t, 20_000, func(i int) time.Duration {
		if i < 10_000 {
			return short
		}
		return 10 * short
	})
	require.LessOrEqual(t, longest, 20*lookEvery)
	require.Greater(t, count, 10_000*10*20/2000/2)

	count, _ = looks(t, 100_000, func(int) time.Duration { return 0 })
	require.GreaterOrEqual(t, count, 100_000/maxStride, "a clock that stands still stops nobody from looking")
}
