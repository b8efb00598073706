package explain

import "github.com/terrarium-ml/terrarium/core/metric"

// A Gap is how far the groups with the highest and the lowest rate are apart, of those
// that have enough rows to say; a measure that fewer than two groups have enough rows for
// has none.
type Gap struct {
	Measure string  `json:"measure"` // "accuracy", "positive rate", "true positive rate", "false positive rate"
	Highest string  `json:"highest"`
	Lowest  string  `json:"lowest"`
	Value   float64 `json:"value"`
	Low     float64 `json:"low"` // of the bootstrap interval
	High    float64 `json:"high"`

	// Clear: the interval does not hold 0. As the two groups are the farthest apart of
	// all, with many groups some gap is clear by chance.
	Clear bool `json:"clear"`
}

// gap bootstraps the difference of two groups: the rows of both
// lie one behind the other, and where a sample took none of one it does not count.
func (c *Groups) gap(measure int, scores []GroupScore, all []groupRows) (gap Gap, found bool, err error) {
	m := measures[measure]
	highest, lowest, sure := -1, -1, 0
	for g := range scores {
		rate := m.of(&scores[g])
		if !rate.Sure {
			continue
		}
		sure++
		if highest < 0 || rate.Value > m.of(&scores[highest]).Value {
			highest = g
		}
		if lowest < 0 || rate.Value <= m.of(&scores[lowest]).Value { // of equals the last, so that there are two
			lowest = g
		}
	}
	if sure < 2 {
		return Gap{}, false, nil
	}
	above, below := m.values(&all[highest]), m.values(&all[lowest])
	i, err := metric.Bootstrap(c.Resampling, len(above)+len(below), func(rows []int) float64 {
		var sum, count [2]float64
		for _, r := range rows {
			if r < len(above) {
				sum[0] += above[r]
				count[0]++
			} else {
				sum[1] += below[r-len(above)]
				count[1]++
			}
		}
		return sum[0]/count[0] - sum[1]/count[1] // NaN without rows of one, which is left out
	})
	if err != nil {
		return Gap{}, false, err
	}
	return Gap{m.name, scores[highest].Group, scores[lowest].Group, i.Value, i.Low, i.High, i.Low > 0 || i.High < 0}, true, nil
}
