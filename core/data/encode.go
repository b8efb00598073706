package data

import "math"

// Encode writes the features of one raw row (len(p.Inputs) values) into dst
// (Features() values). It allocates nothing. It panics where a length is wrong.
func (p *Pipeline) Encode(dst, row []float32) {
	if len(row) != len(p.Inputs) || len(dst) != p.Features() {
		panic("data: Encode: wrong length of a row")
	}
	for i := range p.Inputs {
		p.Inputs[i].encode(dst[p.first[i]:p.first[i+1]], row[i])
	}
}

func (in *Input) encode(dst []float32, x float32) {
	missing := x != x
	if in.Flag {
		last := len(dst) - 1
		dst[last] = 0
		if missing {
			dst[last] = 1
		}
		dst = dst[:last]
	}
	if missing {
		x = in.Fill
	}
	switch in.Encoding {
	case EncodingOneHot:
		for k := range dst {
			dst[k] = 0
		}
		// An index that is no category (a compiled model may be fed anything) is none.
		if k := categoryIndex(x, len(dst)); k >= 0 && !(missing && in.Flag) {
			dst[k] = 1
		}
	case EncodingCyclic:
		dst[0] = (x - in.Center) * in.Scale
		dst[1], dst[2] = cycle(x, yearDays)
		dst[3], dst[4] = cycle(x, weekDays)
	default:
		dst[0] = (x - in.Center) * in.Scale
	}
}

// categoryIndex returns x as an index below n, or -1.
func categoryIndex(x float32, n int) int {
	if !(x >= 0 && x < float32(n)) {
		return -1
	}
	if k := int(x); float32(k) == x {
		return k
	}
	return -1
}

// Periods of a cyclic date, in days.
const (
	yearDays      = 365.2425
	weekDays      = 7
	cycleFeatures = 4
)

// CyclePeriods are the periods, in days, of a cyclic date's features: the year, then
// the week.
var CyclePeriods = [...]float32{yearDays, weekDays}

// cycle tells where a day lies in a period, as a triangle wave between -1 and 1 and
// the same a quarter of the period on: like sine and cosine, neighbours in time are
// neighbours in value, also across the turn of the year, but exact on every machine.
func cycle(x, period float32) (wave, shifted float32) {
	turns := x / period
	phase := turns - float32(math.Floor(float64(turns)))
	return triangle(phase), triangle(phase + 0.25)
}

func triangle(phase float32) float32 {
	phase -= float32(math.Floor(float64(phase)))
	return 1 - float32(4*float32(math.Abs(float64(phase-0.5))))
}

// Decode turns the outputs of one row into answers, in place: a regression's number
// goes back to the target's own units; probabilities stay as they are.
func (p *Pipeline) Decode(out []float32) {
	if p.Output.Task == TaskRegression {
		for i, v := range out {
			out[i] = float32(v*p.Output.Scale) + p.Output.Center
		}
	}
}

// Probabilities returns, for classification, the probability of each label from the
// outputs of one row (two for a sigmoid's one); nil for regression.
func (p *Pipeline) Probabilities(out []float32) []float32 {
	switch {
	case p.Output.Task == TaskRegression:
		return nil
	case len(out) == 1:
		return []float32{1 - out[0], out[0]}
	}
	return append([]float32(nil), out...)
}

// Label returns the index in Output.Labels of the likeliest class: the first of equals,
// and the second label of two from a probability of Output.Threshold on.
func (p *Pipeline) Label(out []float32) int {
	if len(out) == 1 {
		if out[0] >= p.Output.ThresholdOr() {
			return 1
		}
		return 0
	}
	best := 0
	for i, v := range out {
		if v > out[best] {
			best = i
		}
	}
	return best
}
