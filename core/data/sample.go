package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A SampleInfo describes one of the generated sample sets.
type SampleInfo struct {
	Name        string `json:"name"` // what Sample takes
	Title       string `json:"title"`
	Description string `json:"description"`
	Target      string `json:"target"`
	Task        Task   `json:"task"`
	Rows        int    `json:"rows"`
}

// A sampler writes the rows of one sample set.
type sampler struct {
	info   SampleInfo
	header string
	row    func(g *generator, i int) string
}

var samplers = []sampler{
	{SampleInfo{"garden", "Garden plants", "Three kinds of seedling, told apart by their measurements. Classification with three classes; some measurements are missing.", "plant", TaskClassification, 360},
		"bed,soil,leaf_length_mm,leaf_width_mm,stem_mm,leaves,sown,plant", gardenRow},
	{SampleInfo{"houses", "House prices", "Invented houses and what they sold for. Regression; prices depend on size, age, garden and quarter.", "price", TaskRegression, 800},
		"house_id,quarter,living_area_m2,rooms,built,garden_m2,garage,energy_class,sold,price", houseRow},
	{SampleInfo{"churn", "Customers who leave", "Invented customers of a telephone company, of whom about one in six leaves. Classification with two unequal classes.", "left", TaskClassification, 1500},
		"customer,contract,months,monthly_fee,calls_to_support,data_gb,paperless,region,left", churnRow},
}

// Samples lists the sample sets: invented data, always the same bytes.
func Samples() []SampleInfo {
	list := make([]SampleInfo, len(samplers))
	for i, s := range samplers {
		list[i] = s.info
	}
	return list
}

// Sample returns a sample set as the text of a CSV file. It fails with code "option"
// for a name that Samples does not list.
func Sample(name string) ([]byte, error) {
	i := slices.IndexFunc(samplers, func(s sampler) bool { return s.info.Name == name })
	if i < 0 {
		var names []string
		for _, s := range samplers {
			names = append(names, s.info.Name)
		}
		return nil, tensor.Errorf(tensor.CodeOption, "There is no sample set %q. There are %s.", name, brief(names))
	}
	s := samplers[i]
	var pcg rand.PCG
	kernel.Stream(&pcg, 1, "sample", name, 0, 0)
	g := &generator{rand.New(&pcg)}
	var b strings.Builder
	b.WriteString(s.header + "\n")
	for i := range s.info.Rows {
		b.WriteString(s.row(g, i) + "\n")
	}
	return []byte(b.String()), nil
}

// A generator draws the values of a sample set, the same ones on every machine.
type generator struct{ rng *rand.Rand }

// pick returns one of 0 … n-1.
func (g *generator) pick(n int) int { return int(g.rng.Uint64N(uint64(n))) }

// bell returns a number around 0 with deviation 1: twelve uniform ones added up
// (Irwin and Hall, 1927), which needs no logarithm.
func (g *generator) bell() float64 {
	sum := -6.0
	for range 12 {
		sum += float64(g.rng.Float64()) // the conversion keeps the scaling inside Float64 from being fused
	}
	return sum
}

// around returns a number with a mean and a deviation.
func (g *generator) around(mean, deviation float64) float64 {
	return mean + float64(deviation*g.bell())
}

// perhaps returns the text, or an empty cell for a share of the calls.
func (g *generator) perhaps(missing float64, text string) string {
	if g.rng.Float64() < missing {
		return ""
	}
	return text
}

// day returns a day of the year 2023 from the n-th on, as 2023-05-17.
func (g *generator) day(first, span int) string {
	y, m, d := civilFromDays(daysFromCivil(2023, 1, 1) + first + g.pick(span))
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}

func gardenRow(g *generator, i int) string {
	kinds := []struct {
		name                string
		length, width, stem float64
		leaves, sown        int
		soils               []string
	}{
		{"radish", 46, 24, 38, 6, 75, []string{"sand", "loam", "loam"}},
		{"lettuce", 58, 41, 22, 9, 85, []string{"loam", "loam", "compost"}},
		{"spinach", 61, 30, 30, 8, 60, []string{"clay", "loam", "compost"}},
	}
	k := kinds[g.pick(len(kinds))]
	vigour := g.around(1, 0.12)
	length := g.around(float64(k.length*vigour), 4)
	width := g.around(float64(k.width*vigour), 3)
	stem := g.around(float64(k.stem*vigour), 4)
	return fmt.Sprintf("%c,%s,%s,%s,%.1f,%d,%s,%s", 'A'+rune(g.pick(4)), k.soils[g.pick(3)],
		g.perhaps(0.04, fmt.Sprintf("%.1f", length)), g.perhaps(0.02, fmt.Sprintf("%.1f", width)), stem,
		max(3, k.leaves+g.pick(5)-2), g.day(k.sown, 40), k.name)
}

func houseRow(g *generator, i int) string {
	quarters := []struct {
		name   string
		factor float64
	}{{"Old Town", 1.35}, {"Harbour", 1.2}, {"Hillside", 1.1}, {"Mill Park", 0.95}, {"Station", 0.8}}
	q := quarters[g.pick(len(quarters))]
	area := max(45, g.around(118, 34))
	built := 1925 + g.pick(98)
	garden := 0.0
	if g.rng.Float64() < 0.75 {
		garden = max(20, g.around(320, 160))
	}
	garage := g.rng.Float64() < 0.3+float64(float64(built-1925)*0.005)
	energy := min(6, max(0, int(float64((2030-float64(built))/16)+g.around(0, 0.8))))
	sold := g.pick(365)
	price := float64(area*2350*q.factor) + float64(garden*190) - float64(float64(energy)*9000) + float64(float64(sold)*60) + 25000
	if garage {
		price += 18000
	}
	price = float64(price * g.around(1, 0.06))
	y, m, d := civilFromDays(daysFromCivil(2023, 1, 1) + sold)
	return fmt.Sprintf("H%04d,%s,%.0f,%s,%s,%.0f,%s,%c,%04d-%02d-%02d,%.0f", 1000+i, q.name, area,
		g.perhaps(0.03, fmt.Sprint(max(2, int(area/26+g.around(0, 0.7))))), g.perhaps(0.05, fmt.Sprint(built)), garden,
		yesNo(garage), 'A'+rune(energy), y, m, d, math.Floor(price/500+0.5)*500)
}

func churnRow(g *generator, i int) string {
	contracts := []string{"monthly", "monthly", "one year", "two years"}
	contract := g.pick(len(contracts))
	months := 1 + int(float64(70*g.rng.Float64()*g.rng.Float64()))
	fee := max(9, g.around(34, 13))
	calls := int(max(0, g.around(1.2, 1.6)))
	gb := max(0.1, g.around(18, 11))
	paperless := g.rng.Float64() < 0.6
	// The more of these speak for leaving, the likelier it is.
	urge := float64(0.75*float64(calls)) + float64(0.035*(fee-34)) - float64(0.05*float64(months))
	if contract < 2 {
		urge += 1.5
	}
	left := urge+g.around(0, 0.7) > 2.35
	return fmt.Sprintf("C-%05d,%s,%d,%.2f,%s,%s,%s,%s,%s", 20000+7*i, contracts[contract], months, fee,
		g.perhaps(0.02, fmt.Sprint(calls)), g.perhaps(0.06, fmt.Sprintf("%.1f", gb)), yesNo(paperless),
		[]string{"north", "east", "south", "west"}[g.pick(4)], yesNo(left))
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
