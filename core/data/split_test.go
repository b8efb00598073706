package data

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// classAnswer is an answer with the given number of rows of each class, in turn.
func classAnswer(counts ...int) *answer {
	a := &answer{task: TaskClassification}
	left := slices.Clone(counts)
	for again := true; again; {
		again = false
		for k := range left {
			if left[k] > 0 {
				left[k]--
				a.rows = append(a.rows, len(a.class))
				a.class = append(a.class, int32(k))
				again = true
			}
		}
	}
	for k := range counts {
		a.labels = append(a.labels, fmt.Sprint(k))
	}
	return a
}

func TestSplitIsStratified(t *testing.T) {
	counts := []int{400, 97, 30, 5}
	a := classAnswer(counts...)
	for seed := range uint64(20) {
		s := DefaultSplit()
		s.Seed = seed
		train, validation, test := s.divide(a)
		require.Len(t, append(append(slices.Clone(train), validation...), test...), len(a.rows))
		seen := make([]bool, len(a.rows))
		for i, part := range [][]int{train, validation, test} {
			require.True(t, slices.IsSorted(part))
			of := make([]int, len(counts))
			for _, row := range part {
				require.False(t, seen[row])
				seen[row] = true
				of[a.class[row]]++
			}
			for k, n := range of {
				want := []float64{s.Train, s.Validation, s.Test}[i] * float64(counts[k])
				require.LessOrEqual(t, math.Abs(float64(n)-want), 1.0, "class %d part %d", k, i)
			}
		}
		again, _, _ := s.divide(a)
		require.Equal(t, train, again)
		s.Seed += 1000
		other, _, _ := s.divide(a)
		require.NotEqual(t, train, other)
	}
}

// The split is a contract: the same rows on every machine and in every version.
func TestSplitBits(t *testing.T) {
	_, validation, test := DefaultSplit().divide(classAnswer(10, 10))
	require.Equal(t, []int{1, 4, 8, 15}, validation)
	require.Equal(t, []int{0, 3, 5, 18}, test)
}

func TestSplitOfFewRows(t *testing.T) {
	train, validation, test := DefaultSplit().divide(classAnswer(20, 1, 2, 3))
	of := func(part []int, k int32) (n int) {
		a := classAnswer(20, 1, 2, 3)
		for _, row := range part {
			if a.class[row] == k {
				n++
			}
		}
		return n
	}
	require.Equal(t, []int{1, 0, 0}, []int{of(train, 1), of(validation, 1), of(test, 1)})
	require.Equal(t, []int{1, 0, 1}, []int{of(train, 2), of(validation, 2), of(test, 2)})
	require.Equal(t, []int{2, 0, 1}, []int{of(train, 3), of(validation, 3), of(test, 3)})
}

func TestSplitOfNumbers(t *testing.T) {
	a := &answer{task: TaskRegression}
	for i := range 500 {
		a.rows = append(a.rows, i)
		a.value = append(a.value, float64(i*37%500))
	}
	_, _, test := DefaultSplit().divide(a)
	of := make([]int, 10)
	for _, row := range test {
		of[int(a.value[row])/50]++
	}
	require.Equal(t, []int{10, 10, 10, 10, 10, 10, 10, 10, 10, 10}, of)
}

func TestSplitWithoutParts(t *testing.T) {
	a := classAnswer(30, 30)
	train, validation, test := Split{Train: 1, Seed: 3}.divide(a)
	require.Equal(t, []int{60, 0, 0}, []int{len(train), len(validation), len(test)})
	train, validation, test = Split{Train: 0.75, Test: 0.25, Seed: 3}.divide(a)
	require.Equal(t, []int{45, 0, 15}, []int{len(train), len(validation), len(test)})
}

func TestSplitIsChecked(t *testing.T) {
	for _, s := range []Split{{}, {Train: 1, Test: 0.5}, {Train: 1.5, Test: -0.5}, {Test: 1}, {Train: math.NaN(), Test: 1}, {Train: 1, Seed: 1 << 53}} {
		requireError(t, s.check(), "option", 0)
	}
	require.NoError(t, DefaultSplit().check())
}

// Rows of known classes are dealt as those of a table are.
func TestSplitClasses(t *testing.T) {
	class := make([]int32, 100)
	for i := range class {
		class[i] = int32(i % 4)
	}
	class[7] = -1
	s := DefaultSplit()
	train, validation, test, err := s.Classes(class, 4)
	require.NoError(t, err)
	seen := map[int]bool{}
	for _, part := range [][]int{train, validation, test} {
		require.IsIncreasing(t, part)
		for _, row := range part {
			require.False(t, seen[row])
			seen[row] = true
		}
	}
	require.Len(t, seen, 99)
	require.False(t, seen[7])
	perClass := make([]int, 4)
	for _, row := range test {
		perClass[class[row]]++
	}
	for _, n := range perClass {
		require.InDelta(t, 5, n, 1)
	}
	s.Train = 2
	_, _, _, err = s.Classes(class, 4)
	require.ErrorContains(t, err, "together they must be 1")
}
