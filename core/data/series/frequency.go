package series

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/data"
)

// A Frequency is the length of the periods that a series has one value of each.
type Frequency string

// The frequencies, from the finest. Months, quarters and years are those of the
// calendar; weeks begin on Monday.
const (
	Hourly    Frequency = "hour"
	Daily     Frequency = "day"
	Weekly    Frequency = "week"
	Monthly   Frequency = "month"
	Quarterly Frequency = "quarter"
	Yearly    Frequency = "year"
)

// Frequencies are all of them.
var Frequencies = []Frequency{Hourly, Daily, Weekly, Monthly, Quarterly, Yearly}

// Season returns after how many periods a series of this frequency is expected to
// repeat itself: a day of hours, a week of days, a year of weeks, months and quarters;
// 1 for years, which have none.
func (f Frequency) Season() int {
	switch f {
	case Hourly:
		return 24
	case Daily:
		return 7
	case Weekly:
		return 52
	case Monthly:
		return 12
	case Quarterly:
		return 4
	}
	return 1
}

// Days of the years 0 and 9999: dates outside are none.
const (
	firstDay = -719528
	lastDay  = 2932897
)

// Period returns the number of the period that a moment (days since 1970-01-01, within
// the years 0 to 9999) lies in. Neighbours have neighbouring numbers.
func (f Frequency) Period(days float64) int {
	if f == Hourly {
		// A time of day is a fraction of a day, rounded: an hour sharp may lie below itself.
		return int(math.Floor(float64(days*24) + 1e-4))
	}
	day := int(math.Floor(days))
	if f == Daily {
		return day
	}
	if f == Weekly {
		return int(math.Floor(float64(day+3) / 7)) // 1970-01-01 was a Thursday
	}
	year, month, _ := data.Date(day)
	switch f {
	case Monthly:
		return year*12 + month - 1
	case Quarterly:
		return year*4 + (month-1)/3
	}
	return year
}

// Start returns the moment at which a period begins, in days since 1970-01-01.
func (f Frequency) Start(period int) float64 {
	switch f {
	case Hourly:
		return float64(period) / 24
	case Daily:
		return float64(period)
	case Weekly:
		return float64(period*7 - 3)
	case Monthly:
		return float64(data.Days(period/12, period%12+1, 1))
	case Quarterly:
		return float64(data.Days(period/4, period%4*3+1, 1))
	}
	return float64(data.Days(period, 1, 1))
}

// longest returns the frequency of the longest period that a gap of so many days holds.
// The shortest month has 28 days, the shortest quarter 90; clocks that change make
// a day of 23 hours.
func longest(gap float64) Frequency {
	switch {
	case gap < 0.9:
		return Hourly
	case gap < 6.9:
		return Daily
	case gap < 27.9:
		return Weekly
	case gap < 88.9:
		return Monthly
	case gap < 360:
		return Quarterly
	}
	return Yearly
}

// guess returns the frequency that the most gaps between neighbouring moments speak
// for, the finer of equals. Each of the series ascends.
func guess(series [][]float64) (f Frequency, share float64) {
	counts := make(map[Frequency]int, len(Frequencies))
	total := 0
	for _, moments := range series {
		for i := 1; i < len(moments); i++ {
			if gap := moments[i] - moments[i-1]; gap > 0 {
				counts[longest(gap)]++
				total++
			}
		}
	}
	best := 0
	for _, c := range Frequencies {
		if counts[c] > best {
			f, best = c, counts[c]
		}
	}
	if total == 0 {
		return "", 0
	}
	return f, float64(best) / float64(total)
}
