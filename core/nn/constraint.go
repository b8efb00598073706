package nn

import (
	"fmt"
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
)

// A Constraint holds a weight to a condition: after each update it is moved to where it
// keeps to it. The zero value holds nothing. Formulas are Keras's; N is the Euclidean
// norm of w along Axis.
type Constraint struct {
	Class    string  // Keras's class name
	Min, Max float64 // of the norms
	Rate     float64 // MinMaxNorm
	Axis     []int   // neighbouring axes, negative ones from the end; nil is 0: a Dense kernel's columns
}

// MaxNorm keeps norms at max at most: w·min(N, max)/(1e-7 + N). The axis is 0 if none
// is given; of a Conv2D kernel it is 0, 1, 2 (Srivastava et al., 2014).
func MaxNorm(max float64, axis ...int) Constraint {
	return Constraint{Class: "MaxNorm", Max: max, Axis: axis}
}

// UnitNorm gives norms the value 1: w/(1e-7 + N).
func UnitNorm(axis ...int) Constraint { return Constraint{Class: "UnitNorm", Axis: axis} }

// NonNeg sets what is below 0 to 0.
func NonNeg() Constraint { return Constraint{Class: "NonNeg"} }

// MinMaxNorm brings norms between min and max, by a share rate of the way:
// w·(rate·clip(N, min, max) + (1−rate)·N)/(1e-7 + N).
func MinMaxNorm(min, max, rate float64, axis ...int) Constraint {
	return Constraint{Class: "MinMaxNorm", Min: min, Max: max, Rate: rate, Axis: axis}
}

// lower checks the options and returns the constraint of a weight of the given shape.
func (c Constraint) lower(shape []int) (graph.Constraint, error) {
	k := graph.Constraint{Kind: graph.NormRange, Low: float32(c.Min), High: float32(c.Max), Rate: 1}
	switch c.Class {
	case "":
		return graph.Constraint{}, nil
	case "NonNeg":
		return graph.Constraint{Kind: graph.NonNegative}, nil
	case "UnitNorm":
		k.Low, k.High = 1, 1
	case "MaxNorm":
		k.Low = 0
	case "MinMaxNorm":
		k.Rate = float32(c.Rate)
		if !(c.Rate >= 0 && c.Rate <= 1) {
			return k, fmt.Errorf("MinMaxNorm: rate must be from 0 to 1, got %g", c.Rate)
		}
	default:
		return k, unknownName("constraint", c.Class, constraintNames)
	}
	if !(k.Low >= 0 && k.Low <= k.High && k.High > 0 && k.High < 1e30) {
		return k, fmt.Errorf("%s: want 0 ≤ min_value ≤ max_value, max_value above 0, got %g and %g", c.Class, k.Low, k.High)
	}
	for _, a := range c.Axis {
		if a < 0 {
			a += len(shape)
		}
		k.Axes = append(k.Axes, a)
	}
	slices.Sort(k.Axes)
	if len(k.Axes) == 0 {
		k.Axes = []int{0}
	}
	if err := graph.CheckAxes(k.Axes, shape); err != nil {
		return k, fmt.Errorf("%s: %w", c.Class, err)
	}
	return k, nil
}

var constraintNames = []string{"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"}

// The defaults where options are left out: Keras's.
const (
	defaultMaxNorm   = 2
	defaultMinMaxMax = 1
	defaultRate      = 1
)

// ReadJSON reads null, a name ("max_norm", "nonNeg") or Keras's object
// {"class_name": "MaxNorm", "config": {"max_value": 2, "axis": 0}}.
func (c *Constraint) ReadJSON(data []byte) error {
	spec, err := parseSpec("constraint", data)
	if err != nil || spec.class == "" {
		*c = Constraint{}
		return err
	}
	i := slices.IndexFunc(constraintNames, func(name string) bool { return fold(name) == fold(spec.class) })
	if i < 0 {
		return unknownName("constraint", spec.class, constraintNames)
	}
	*c = Constraint{Class: constraintNames[i]}
	switch c.Class {
	case "MaxNorm":
		o := struct {
			MaxValue float64 `json:"max_value"`
			Axis     list    `json:"axis"`
		}{MaxValue: defaultMaxNorm}
		err = spec.decode(&o)
		c.Max, c.Axis = o.MaxValue, o.Axis
	case "MinMaxNorm":
		o := struct {
			MinValue float64 `json:"min_value"`
			MaxValue float64 `json:"max_value"`
			Rate     float64 `json:"rate"`
			Axis     list    `json:"axis"`
		}{MaxValue: defaultMinMaxMax, Rate: defaultRate}
		err = spec.decode(&o)
		c.Min, c.Max, c.Rate, c.Axis = o.MinValue, o.MaxValue, o.Rate, o.Axis
	case "UnitNorm":
		o := struct {
			Axis list `json:"axis"`
		}{}
		err = spec.decode(&o)
		c.Axis = o.Axis
	case "NonNeg":
		err = spec.decode(&struct{}{})
	}
	return err
}

// WriteJSON writes Keras's object, or null.
func (c Constraint) WriteJSON() ([]byte, error) {
	if c.Class == "" {
		return []byte("null"), nil
	}
	config := map[string]any{}
	switch c.Class {
	case "MaxNorm":
		config["max_value"] = c.Max
	case "MinMaxNorm":
		config["min_value"], config["max_value"], config["rate"] = c.Min, c.Max, c.Rate
	}
	switch {
	case c.Class == "NonNeg":
	case len(c.Axis) == 1:
		config["axis"] = c.Axis[0]
	case len(c.Axis) > 1:
		config["axis"] = c.Axis
	default:
		config["axis"] = 0
	}
	return json.Marshal(map[string]any{"class_name": c.Class, "config": config})
}

// UnmarshalJSON is ReadJSON, for encoding/json.
func (c *Constraint) UnmarshalJSON(text []byte) error { return c.ReadJSON(text) }

// MarshalJSON is WriteJSON, for encoding/json.
func (c Constraint) MarshalJSON() ([]byte, error) { return c.WriteJSON() }
