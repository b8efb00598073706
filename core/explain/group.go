package explain

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/metric"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Groups says how to score groups of rows.
type Groups struct {
	Few        int               // rows below which a rate is too uncertain to say; 30 if 0
	Resampling metric.Resampling // of the intervals
	Progress   data.Progress
}

// A Rate is a share of Rows, with its bootstrap interval.
type Rate struct {
	Value float64 `json:"value"` // 0 where there are no rows
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	Rows  int     `json:"rows"` // that it is a share of
	Sure  bool    `json:"sure"` // there are enough rows to say
}

// A GroupScore is how a model does on the rows of a group.
type GroupScore struct {
	Group     string `json:"group"`
	Rows      int    `json:"rows"`
	Positives int    `json:"positives"` // rows that are positive in truth

	Accuracy          Rate `json:"accuracy"`          // judged right
	PositiveRate      Rate `json:"positiveRate"`      // judged positive, of all rows
	TruePositiveRate  Rate `json:"truePositiveRate"`  // judged positive, of those that are
	FalsePositiveRate Rate `json:"falsePositiveRate"` // judged positive, of those that are not

	Warning string `json:"warning,omitzero"` // where the sample is too small to say
}

// GroupScores are the scores of all groups, and how far apart they are.
type GroupScores struct {
	Groups []GroupScore `json:"groups"`
	Gaps   []Gap        `json:"gaps"` // of each measure, in the order of GroupScore; see Gap
}

// ScoresByGroup scores each group of rows by itself: so that a model that is right on
// average is not wrong for some. group has the number of each row's group, an index into
// names; truth and predicted have its class; positive is the class that counts as
// positive, such as "gets the loan". The rates are those of Hardt, Price and Srebro
// (2016): where true and false positive rates are equal over groups odds are equalised,
// where the rates of being judged positive are equal there is demographic parity. Both at
// once, and equal precision, are in general impossible (Chouldechova, 2017).
//
// Intervals are bootstrapped over the rows of each rate; see metric.BootstrapMean. They
// have no width where all rows are judged alike, which is why few rows are warned of.
func ScoresByGroup(ctx context.Context, names []string, group, truth, predicted []int, positive int, c Groups) (*GroupScores, error) {
	c.Few = cmp.Or(c.Few, 30)
	if err := c.check(names, group, truth, predicted); err != nil {
		return nil, err
	}
	j := &job{ctx: ctx, progress: c.Progress, total: int64(len(names)*len(measures) + len(measures))}
	all := make([]groupRows, len(names))
	for i, g := range group {
		all[g].add(truth[i], predicted[i], positive)
	}
	s := &GroupScores{Groups: make([]GroupScore, len(names))}
	for g := range names {
		score := &s.Groups[g]
		score.Group, score.Rows, score.Positives = names[g], len(all[g].right), len(all[g].found)
		for _, m := range measures {
			if err := j.tell(); err != nil {
				return nil, err
			}
			rate, err := c.rate(m.values(&all[g]))
			if err != nil {
				return nil, err
			}
			*m.of(score) = rate
			j.done++
		}
		score.Warning = c.warning(score)
	}
	for k := range measures {
		if err := j.tell(); err != nil {
			return nil, err
		}
		gap, found, err := c.gap(k, s.Groups, all)
		if err != nil {
			return nil, err
		}
		if found {
			s.Gaps = append(s.Gaps, gap)
		}
		j.done++
	}
	return s, j.tell()
}

func (c *Groups) check(names []string, group, truth, predicted []int) error {
	switch {
	case len(names) == 0 || len(group) == 0:
		return tensor.Errorf(tensor.CodeData, "groups: want at least one group and one row, got %d and %d", len(names), len(group))
	case len(truth) != len(group) || len(predicted) != len(group):
		return tensor.Errorf(tensor.CodeShape, "groups: want a group, a class and a prediction for each row, got %d, %d and %d", len(group), len(truth), len(predicted))
	case c.Few < 1:
		return tensor.Errorf(tensor.CodeOption, "groups: few must be at least 1, got %d", c.Few)
	}
	for i, g := range group {
		if g < 0 || g >= len(names) {
			e := tensor.Errorf(tensor.CodeData, "groups: row %d is of group %d; want from 0 to %d", i+1, g, len(names)-1)
			e.Row = i + 1
			return e
		}
	}
	return nil
}

// groupRows hold, for each row that counts, 1 or 0: what rates are means of.
type groupRows struct {
	right, yes    []float64 // of all rows: judged right, judged positive
	found, wrongs []float64 // judged positive: of the positive, of the negative
}

func (g *groupRows) add(truth, predicted, positive int) {
	bit := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	yes := bit(predicted == positive)
	g.right, g.yes = append(g.right, bit(truth == predicted)), append(g.yes, yes)
	if truth == positive {
		g.found = append(g.found, yes)
	} else {
		g.wrongs = append(g.wrongs, yes)
	}
}

// measures in the order of GroupScore.
var measures = []struct {
	name   string
	values func(*groupRows) []float64
	of     func(*GroupScore) *Rate
}{
	{"accuracy", func(g *groupRows) []float64 { return g.right }, func(s *GroupScore) *Rate { return &s.Accuracy }},
	{"positive rate", func(g *groupRows) []float64 { return g.yes }, func(s *GroupScore) *Rate { return &s.PositiveRate }},
	{"true positive rate", func(g *groupRows) []float64 { return g.found }, func(s *GroupScore) *Rate { return &s.TruePositiveRate }},
	{"false positive rate", func(g *groupRows) []float64 { return g.wrongs }, func(s *GroupScore) *Rate { return &s.FalsePositiveRate }},
}

func (c *Groups) rate(values []float64) (Rate, error) {
	if len(values) == 0 {
		return Rate{}, nil
	}
	i, err := metric.BootstrapMean(c.Resampling, values)
	return Rate{i.Value, i.Low, i.High, len(values), len(values) >= c.Few}, err
}

// warning says what the sample is too small for.
func (c *Groups) warning(s *GroupScore) string {
	if s.Rows < c.Few {
		return fmt.Sprintf("only %d rows: too few to say how the model does on %q (at least %d are wanted)", s.Rows, s.Group, c.Few)
	}
	var small []string
	if !s.TruePositiveRate.Sure {
		small = append(small, fmt.Sprintf("only %d positive rows: too few for a true positive rate", s.TruePositiveRate.Rows))
	}
	if !s.FalsePositiveRate.Sure {
		small = append(small, fmt.Sprintf("only %d negative rows: too few for a false positive rate", s.FalsePositiveRate.Rows))
	}
	return strings.Join(small, "; ")
}
