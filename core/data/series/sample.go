package series

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A sample is a generated file of series.
type sample struct {
	info  data.SampleInfo
	write func(b *strings.Builder, rows int, bell func() float64)
}

var samples = []sample{
	{data.SampleInfo{Name: "sales", Title: "Monthly sales", Description: "What an invented shop sold in each of 120 months: more from year to year, most before Christmas. One series; two months are missing.", Target: "sales", Task: data.TaskRegression, Rows: 118}, writeSales},
	{data.SampleInfo{Name: "visitors", Title: "Three shops by the hour", Description: "How many people came into three invented shops in each hour of eight weeks. Three series; days and weeks repeat, and counters failed now and then.", Target: "visitors", Task: data.TaskRegression, Rows: 4032}, writeVisitors},
}

// Samples lists the sample sets: invented data, always the same bytes.
func Samples() []data.SampleInfo {
	list := make([]data.SampleInfo, len(samples))
	for i, s := range samples {
		list[i] = s.info
	}
	return list
}

// Sample returns a sample set as the text of a CSV file. It fails with code "option" for
// a name that Samples does not list.
func Sample(name string) ([]byte, error) {
	i := slices.IndexFunc(samples, func(s sample) bool { return s.info.Name == name })
	if i < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "There is no sample set of series %q.", name)
	}
	var pcg rand.PCG
	kernel.Stream(&pcg, 1, "sample", name, 0, 0)
	rng := rand.New(&pcg)
	bell := func() float64 { // Irwin and Hall, 1927: around 0, with deviation 1
		sum := -6.0
		for range 12 {
			sum += float64(rng.Float64())
		}
		return sum
	}
	var b strings.Builder
	samples[i].write(&b, samples[i].info.Rows, bell)
	return []byte(b.String()), nil
}

// writeSales writes a trend, times a season, times some chance.
func writeSales(b *strings.Builder, rows int, bell func() float64) {
	season := [12]float64{0.78, 0.74, 0.9, 0.97, 1.04, 1.02, 0.93, 0.88, 1.01, 1.06, 1.22, 1.55}
	b.WriteString("month,sales\n")
	for i := range rows + 2 {
		v := float64((9000 + float64(75*float64(i))) * season[i%12])
		v += float64(v * (0.03 * bell()))
		if i != 41 && i != 42 {
			fmt.Fprintf(b, "%d-%02d,%.0f\n", 2015+i/12, i%12+1, v)
		}
	}
}

// writeVisitors writes a day, a week and some chance for each of three shops, hour by hour.
func writeVisitors(b *strings.Builder, rows int, bell func() float64) {
	day := [24]float64{0, 0, 0, 0, 0, 0, 2, 8, 14, 22, 30, 36, 42, 38, 33, 34, 41, 50, 46, 30, 14, 4, 1, 0}
	week := [7]float64{0.9, 0.85, 0.95, 1, 1.25, 1.5, 0.4} // from Monday on
	shops := []struct {
		name  string
		scale float64
	}{{"Harbour", 1.4}, {"Market", 1}, {"Station", 2.1}}
	b.WriteString("time,shop,visitors\n")
	first := data.Days(2024, 3, 4) // a Monday
	for i := range rows / len(shops) {
		year, month, dayOf := data.Date(first + i/24)
		for k, s := range shops {
			mean := float64(day[i%24] * float64(week[i/24%7]*s.scale))
			v := math.Floor(max(mean+float64(bell()*math.Sqrt(mean)), 0) + 0.5)
			cell := fmt.Sprintf("%.0f", v)
			if (i+97*k+50)%331 < 3 { // the counter failed for three hours
				cell = ""
			}
			fmt.Fprintf(b, "%04d-%02d-%02d %02d:00,%s,%s\n", year, month, dayOf, i%24, s.name, cell)
		}
	}
}
