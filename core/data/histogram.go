package data

import (
	"math"
	"slices"
)

// binner puts values between low and high into count bins of equal width.
type binner struct {
	low, perUnit float64
	count        int
}

// bin returns the bin of v. Rounding at an edge does not matter to what bins are for
// here, as long as a larger value never comes into a lower bin.
func (b binner) bin(v float64) int {
	return max(0, min(b.count-1, int((v-b.low)*b.perUnit)))
}

// histogram counts values in bins of equal width: one a value where they are few whole
// numbers.
func histogram(values []float64, p *ColumnProfile) []Bin {
	span := p.Max - p.Min
	count, width := MaxBins, span/MaxBins
	whole := p.Integer && span < MaxBins
	if whole {
		count, width = int(span)+1, 1
	}
	if b := 1 / width; !finite(b, width) || b == 0 {
		return []Bin{{Low: p.Min, High: p.Max, Count: len(values)}}
	}
	bins := make([]Bin, count)
	for i := range bins {
		bins[i].Low = p.Min + float64(float64(i)*width)
		bins[i].High = p.Min + float64(float64(i+1)*width)
	}
	if !whole {
		bins[count-1].High = p.Max
	}
	b := binner{p.Min, 1 / width, count}
	for _, v := range values {
		bins[b.bin(v)].Count++
	}
	return bins
}

// median returns the middle of values between low and high, or the mean of the two.
func median(values []float64, low, high float64) float64 {
	n := len(values)
	r := newRanks(values, low, high)
	upper := r.at(n / 2)
	if n%2 == 1 {
		return upper
	}
	lower := r.at(n/2 - 1)
	return lower + float64((upper-lower)/2) // a division by two is a product to the compiler
}

// ranks answers which value would stand at an index if values were sorted. Values are
// dealt into many bins, and only the bins that are asked for are sorted.
type ranks struct {
	values []float64 // by bin
	ends   []int32   // of the bins
	sorted []bool
}

// newRanks deals out values between low and high, which it leaves as they are.
func newRanks(values []float64, low, high float64) ranks {
	const bins = 4096
	b := binner{low, bins / (high - low), bins}
	if len(values) < bins || !finite(b.perUnit) || b.perUnit == 0 || math.IsInf(high-low, 0) {
		all := slices.Clone(values)
		slices.Sort(all)
		return ranks{values: all, ends: []int32{int32(len(all))}, sorted: []bool{true}}
	}
	r := ranks{values: make([]float64, len(values)), ends: make([]int32, bins), sorted: make([]bool, bins)}
	bin := make([]uint16, len(values))
	var counts [bins + 1]int32
	for i, v := range values {
		k := b.bin(v)
		bin[i] = uint16(k)
		counts[k+1]++
	}
	for k := range bins {
		counts[k+1] += counts[k]
		r.ends[k] = counts[k+1]
	}
	for i, v := range values {
		at := &counts[bin[i]]
		r.values[*at] = v
		*at++
	}
	return r
}

// at returns the value at index k.
func (r *ranks) at(k int) float64 {
	bin, _ := slices.BinarySearch(r.ends, int32(k+1)) // the first that ends behind k
	if !r.sorted[bin] {
		from := int32(0)
		if bin > 0 {
			from = r.ends[bin-1]
		}
		slices.Sort(r.values[from:r.ends[bin]])
		r.sorted[bin] = true
	}
	return r.values[k]
}
