package explain

import (
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Column is a column of a table with the features that it became: they belong together,
// and an explanation changes them together.
type Column struct {
	Name     string
	Features []int // their places in a row of the network's input
}

// Columns returns the columns of a pipeline, in its order; none for a Medium.
func Columns(p *data.Pipeline) []Column {
	columns, first := make([]Column, len(p.Inputs)), 0
	for i := range p.Inputs {
		in := &p.Inputs[i]
		columns[i].Name = in.Name
		for range width(in) {
			columns[i].Features = append(columns[i].Features, first)
			first++
		}
	}
	return columns
}

// width is how many features an input becomes, as data.Input says.
func width(in *data.Input) int {
	n := 1
	switch in.Encoding {
	case data.EncodingOneHot:
		n = len(in.Categories)
	case data.EncodingCyclic:
		n = 1 + 2*len(data.CyclePeriods)
	}
	if in.Flag {
		n++
	}
	return n
}

func checkColumns(columns []Column, features int) error {
	if len(columns) == 0 {
		return tensor.Errorf(tensor.CodeOption, "columns are missing: want at least one; Columns makes them of a pipeline")
	}
	seen := make([]bool, features)
	for _, c := range columns {
		bad := func(format string, args ...any) error {
			e := tensor.Errorf(tensor.CodeOption, format, args...)
			e.Column = c.Name
			return e
		}
		if len(c.Features) == 0 {
			return bad("column %q has no features", c.Name)
		}
		for _, f := range c.Features {
			switch {
			case f < 0 || f >= features:
				return bad("column %q: want features from 0 to %d, got %d", c.Name, features-1, f)
			case seen[f]:
				return bad("column %q: feature %d is named twice; each belongs to one column", c.Name, f)
			}
			seen[f] = true
		}
	}
	return nil
}

// copyFeatures takes a column's features from one row into another.
func (c *Column) copyFeatures(dst, src []float32) {
	for _, f := range c.Features {
		dst[f] = src[f]
	}
}
