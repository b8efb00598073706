package codegen

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A Description is what a module's custom section "terrarium" holds, as JSON. Members
// may be added without raising Format; readers ignore what they do not know.
type Description struct {
	Format int `json:"format"` // 1
	About
	Weights Precision `json:"weights"`
	SIMD    bool      `json:"simd"`

	InputSize  int      `json:"inputSize"`  // values of an input row
	OutputSize int      `json:"outputSize"` // values of an output row
	MaxRows    int      `json:"maxRows"`    // the most rows of a call
	Inputs     []Input  `json:"inputs"`     // in the order in which they lie in a row
	Outputs    []Output `json:"outputs"`
}

// Kinds of inputs and outputs that are no columns of a table.
const kindTensor = "tensor"

// An Input describes one value of an input row or, of kind "tensor", several; so it does
// for an "image", a "text" or a "series", which Config tells how to make numbers of
// (data.Medium); of a text without the vocabulary, which the module has. It is called
// after its kind. A value is
//
//	number    itself, less Offset where there is one
//	category  the index in Categories; that of Other, or NaN, for a word that is not there
//	boolean   the index in Categories
//	date      days since 1970-01-01, with the time of day as a fraction
//
// and NaN where it is missing.
type Input struct {
	Name         string          `json:"name"`
	Kind         string          `json:"kind"`
	Shape        []int           `json:"shape,omitzero"`  // of what is more than one value
	Config       json.RawMessage `json:"config,omitzero"` // of an image, a text or a series
	Raw          string          `json:"raw,omitzero"`    // the raw entry that makes the values: "utf8" or "rgba"
	Categories   []string        `json:"categories,omitzero"`
	Other        string          `json:"other,omitzero"` // the one of Categories that stands for all other words
	Offset       float64         `json:"offset,omitzero"`
	Min          *float64        `json:"min,omitzero"` // the range of the training data, in the data's units
	Max          *float64        `json:"max,omitzero"`
	Default      string          `json:"default,omitzero"` // a typical value, as text
	Integer      bool            `json:"integer,omitzero"`
	DecimalComma bool            `json:"decimalComma,omitzero"`
	DateOrder    string          `json:"dateOrder,omitzero"`
	Unit         string          `json:"unit,omitzero"`
}

// An Output describes the values of an output row, or some of them:
//
//	regression      the value, in the data's units
//	classification  the probability of each of Labels; of two, only that of the second
//	tensor          what the network computes
type Output struct {
	Name   string   `json:"name"`
	Task   string   `json:"task"`
	Shape  []int    `json:"shape"` // of the values of a row
	Labels []string `json:"labels,omitzero"`
	Min    *float64 `json:"min,omitzero"` // of a regression: the range of the training data
	Max    *float64 `json:"max,omitzero"`
	Unit   string   `json:"unit,omitzero"`

	Interval  *data.Interval `json:"interval,omitzero"`  // of a regression, where it was measured
	Threshold float32        `json:"threshold,omitzero"` // of two labels: the second is the answer from this probability on; 0 means 0.5
}

// describe writes the description.
func (c *compiler) describe() ([]byte, error) {
	d := Description{Format: 1, About: c.source.About, Weights: c.options.Weights, SIMD: !c.options.NoSIMD,
		InputSize: c.memory.in / 4, OutputSize: c.memory.out / 4, MaxRows: c.memory.maxRows}
	if d.Weights == "" {
		d.Weights = Float32
	}
	p := c.source.Pipeline
	if c.tabular() {
		for i := range p.Inputs {
			d.Inputs = append(d.Inputs, describeColumn(&p.Inputs[i], d.Units[p.Inputs[i].Name]))
		}
	} else {
		for i, v := range c.source.Inputs {
			d.Inputs = append(d.Inputs, Input{Name: nameOf(d.InputNames, i, "x"), Kind: kindTensor, Shape: c.node(v).Shape})
		}
	}
	if p != nil {
		if p.Medium != nil {
			config, err := c.configOf()
			if err != nil {
				return nil, err
			}
			d.Inputs[0].Name, d.Inputs[0].Kind, d.Inputs[0].Config = string(p.Medium.Kind), string(p.Medium.Kind), config
			if c.raw != nil {
				d.Inputs[0].Raw = c.raw.name
			}
		}
		d.Outputs = []Output{describeTarget(&p.Output, d.Unit, d.Interval)}
	} else {
		for i, v := range c.source.Outputs {
			d.Outputs = append(d.Outputs, Output{Name: nameOf(d.OutputNames, i, "y"), Task: kindTensor, Shape: c.node(v).Shape})
		}
	}
	d.Unit, d.Units, d.InputNames, d.OutputNames, d.Interval = "", nil, nil, nil, nil
	return json.Writing{Classic: true}.Marshal(d)
}

func describeColumn(in *data.Input, unit string) Input {
	return Input{Name: in.Name, Kind: string(in.Kind), Categories: in.Categories, Other: in.Other, Offset: in.Offset, Min: &in.Min, Max: &in.Max,
		Default: in.Default, Integer: in.Integer, DecimalComma: in.DecimalComma, DateOrder: string(in.DateOrder), Unit: unit}
}

func describeTarget(o *data.Output, unit string, interval *data.Interval) Output {
	d := Output{Name: o.Name, Task: string(o.Task), Shape: []int{o.Units()}, Labels: o.Labels, Unit: unit}
	if o.Task == data.TaskRegression {
		d.Min, d.Max, d.Interval = &o.Min, &o.Max, interval
	}
	d.Threshold = o.Threshold
	return d
}

func nameOf(names []string, i int, otherwise string) string {
	if i < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%s%d", otherwise, i)
}
