package train

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Dimension is one hyper-parameter of a search and what it may be: a number from Min
// to Max, or one of Choices.
type Dimension struct {
	Name     string
	Min, Max float64
	Log      bool     // the logarithm is uniform, not the number: for learning rates
	Whole    bool     // whole numbers, Min and Max included
	Choices  []string // in place of numbers
}

// Params are the hyper-parameters of a trial, by name.
type Params struct {
	Numbers map[string]float64 `json:"numbers,omitempty"`
	Choices map[string]string  `json:"choices,omitempty"`
}

func checkSpace(space []Dimension) error {
	if len(space) == 0 {
		return tensor.Errorf(tensor.CodeOption, "search: the space has no dimension")
	}
	var names []string
	for _, d := range space {
		bad := func(format string, args ...any) error {
			return tensor.Errorf(tensor.CodeOption, "search: dimension %q: "+format, append([]any{d.Name}, args...)...)
		}
		switch {
		case d.Name == "" || slices.Contains(names, d.Name):
			return bad("wants a name of its own")
		case len(d.Choices) > 0 && (d.Min != 0 || d.Max != 0 || d.Log || d.Whole):
			return bad("has choices and a range; give one of them")
		case len(d.Choices) > 0:
		case !(d.Min <= d.Max) || math.Abs(d.Min) > 1e30 || math.Abs(d.Max) > 1e30:
			return bad("the range must be finite and not empty, got %g to %g", d.Min, d.Max)
		case d.Log && d.Min <= 0:
			return bad("on a logarithmic scale Min must be above 0, got %g", d.Min)
		case d.Whole && (d.Min != math.Floor(d.Min) || d.Max != math.Floor(d.Max) || d.Max-d.Min >= 1<<52):
			return bad("Min and Max must be whole numbers, got %g and %g", d.Min, d.Max)
		}
		names = append(names, d.Name)
	}
	return nil
}

// draw returns the parameters of a trial. Each dimension has a stream of its own: a
// trial has the same ones whatever came before it, and another dimension changes none.
func draw(space []Dimension, seed uint64, trial int) Params {
	var pcg rand.PCG
	p := Params{}
	for _, d := range space {
		at := streams{seed: seed, epoch: uint64(trial)}
		at.Seed(&pcg, "search", d.Name)
		if n := len(d.Choices); n > 0 {
			if p.Choices == nil {
				p.Choices = map[string]string{}
			}
			p.Choices[d.Name] = d.Choices[rand.New(&pcg).Uint64N(uint64(n))]
			continue
		}
		if p.Numbers == nil {
			p.Numbers = map[string]float64{}
		}
		p.Numbers[d.Name] = d.number(pcg.Uint64())
	}
	return p
}

// number returns the number of the range that 53 of the random bits choose.
func (d Dimension) number(bits uint64) float64 {
	const digits = 53
	bits >>= 64 - digits
	high := d.Max
	if d.Whole {
		high++
	}
	v := d.Min
	if d.Log {
		// Min · (high/Min)^u with u = Σ 2^-i · (bit i), from roots alone, which are the
		// same on every machine.
		ratio := high / d.Min
		for i := digits - 1; i >= 0; i-- {
			ratio = math.Sqrt(ratio)
			if bits>>i&1 == 1 {
				v *= ratio
			}
		}
	} else {
		v += float64((high - d.Min) * (float64(bits) / (1 << digits)))
	}
	if d.Whole {
		v = math.Floor(v)
	}
	return max(d.Min, min(d.Max, v))
}
