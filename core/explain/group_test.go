package explain

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// people makes rows of a group: so many true positives, false negatives, false positives
// and true negatives.
type people struct{ group, truth, predicted []int }

func (p *people) add(group, tp, fn, fp, tn int) {
	for _, k := range []struct{ n, truth, predicted int }{{tp, 1, 1}, {fn, 1, 0}, {fp, 0, 1}, {tn, 0, 0}} {
		for range k.n {
			p.group, p.truth, p.predicted = append(p.group, group), append(p.truth, k.truth), append(p.predicted, k.predicted)
		}
	}
}

func TestScoresByGroupAreThoseOfTheCounts(t *testing.T) {
	var p people
	p.add(0, 80, 20, 10, 90)
	p.add(1, 40, 60, 10, 90)
	p.add(2, 2, 1, 1, 3)   // too small
	p.add(3, 5, 5, 20, 80) // too few positives
	names := []string{"north", "south", "island", "east"}
	s, err := ScoresByGroup(t.Context(), names, p.group, p.truth, p.predicted, 1, Groups{})
	require.NoError(t, err)
	north, south, island, east := s.Groups[0], s.Groups[1], s.Groups[2], s.Groups[3]
	assert.Equal(t, 200, north.Rows)
	assert.Equal(t, 100, north.Positives)
	assert.Equal(t, 0.85, north.Accuracy.Value)
	assert.Equal(t, 0.45, north.PositiveRate.Value)
	assert.Equal(t, 0.8, north.TruePositiveRate.Value)
	assert.Equal(t, 0.1, north.FalsePositiveRate.Value)
	assert.Empty(t, north.Warning)
	assert.Equal(t, 0.4, south.TruePositiveRate.Value)
	// The interval is near the normal one: 0.8 ± 1.96·√(0.8·0.2/100).
	assert.InDelta(t, 0.72, north.TruePositiveRate.Low, 0.02)
	assert.InDelta(t, 0.88, north.TruePositiveRate.High, 0.02)

	assert.Contains(t, island.Warning, "only 7 rows")
	assert.False(t, island.Accuracy.Sure)
	assert.Contains(t, east.Warning, "only 10 positive rows")
	assert.NotContains(t, east.Warning, "negative rows")

	require.Len(t, s.Gaps, 4)
	tpr := s.Gaps[2]
	assert.Equal(t, "true positive rate", tpr.Measure)
	assert.Equal(t, "north", tpr.Highest)
	assert.Equal(t, "south", tpr.Lowest) // east and the island are too small to count
	assert.InDelta(t, 0.4, tpr.Value, 1e-12)
	assert.True(t, tpr.Clear)
	assert.InDelta(t, 0.4-1.96*0.0632, tpr.Low, 0.03)
	fpr := s.Gaps[3]
	assert.Equal(t, "east", fpr.Highest)
	assert.InDelta(t, 0.1, fpr.Value, 1e-12)

	again, err := ScoresByGroup(t.Context(), names, p.group, p.truth, p.predicted, 1, Groups{})
	require.NoError(t, err)
	assert.Equal(t, s, again)
}

func TestEqualGroupsHaveNoClearGap(t *testing.T) {
	var p people
	p.add(0, 30, 20, 20, 30)
	p.add(1, 30, 20, 20, 30)
	s, err := ScoresByGroup(t.Context(), []string{"a", "b"}, p.group, p.truth, p.predicted, 1, Groups{Resampling: metric.Resampling{Samples: 300}})
	require.NoError(t, err)
	for _, g := range s.Gaps {
		assert.Zero(t, g.Value)
		assert.False(t, g.Clear)
		assert.NotEqual(t, g.Highest, g.Lowest)
	}
}

func TestGroupsOfManyClassesAndEmptyGroups(t *testing.T) {
	s, err := ScoresByGroup(t.Context(), []string{"a", "none"}, []int{0, 0, 0}, []int{2, 1, 0}, []int{2, 2, 0}, 2, Groups{})
	require.NoError(t, err)
	assert.InDelta(t, 2.0/3, s.Groups[0].Accuracy.Value, 1e-12)
	assert.Equal(t, 1.0, s.Groups[0].TruePositiveRate.Value)
	assert.Equal(t, 0.5, s.Groups[0].FalsePositiveRate.Value)
	assert.Zero(t, s.Groups[1].Accuracy)
	assert.Contains(t, s.Groups[1].Warning, "only 0 rows")
	assert.Empty(t, s.Gaps)
}

func TestGroupsRefuseNonsense(t *testing.T) {
	one := []int{0}
	try := func(names []string, group, truth, predicted []int, c Groups) error {
		_, err := ScoresByGroup(t.Context(), names, group, truth, predicted, 1, c)
		return err
	}
	names := []string{"a"}
	wantCode(t, tensor.CodeData, try(nil, one, one, one, Groups{}))
	wantCode(t, tensor.CodeData, try(names, nil, nil, nil, Groups{}))
	wantCode(t, tensor.CodeShape, try(names, one, nil, one, Groups{}))
	wantCode(t, tensor.CodeData, try(names, []int{1}, one, one, Groups{}))
	wantCode(t, tensor.CodeOption, try(names, one, one, one, Groups{Few: -1}))
	wantCode(t, tensor.CodeOption, try(names, one, one, one, Groups{Resampling: metric.Resampling{Level: 2}}))
}
