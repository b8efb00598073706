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
	upper := kth(values, n/2, low, high)
	if n%2 == 1 {
		return upper
	}
	lower := kth(values, n/2-1, low, high)
	return lower + float64((upper-lower)/2) // a division by two is a product to the compiler
}

// kth returns the value that would stand at index k if values were sorted. Only the
// values of one bin of many are sorted.
func kth(values []float64, k int, low, high float64) float64 {
	const bins = 4096
	b := binner{low, bins / (high - low), bins}
	if len(values) < bins || !finite(b.perUnit) || b.perUnit == 0 || math.IsInf(high-low, 0) {
		return slices.Sorted(slices.Values(values))[k]
	}
	var counts [bins]int
	for _, v := range values {
		counts[b.bin(v)]++
	}
	bin := 0
	for ; k >= counts[bin]; bin++ {
		k -= counts[bin]
	}
	inside := make([]float64, 0, counts[bin])
	for _, v := range values {
		if b.bin(v) == bin {
			inside = append(inside, v)
		}
	}
	slices.Sort(inside)
	return inside[k]
}
