package optim

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An option describes one field of an optimizer: what it is called, where it is
// kept, its default and its range. Validate, New and Config all read this table.
type option struct {
	name   string // Keras's
	alias  string // another spelling, or ""
	number *float64
	whole  *int       // instead of number: a whole number
	flag   *bool      // instead of number
	list   *[]string  // instead of number: texts
	series *[]float64 // instead of number: numbers
	def    float64
	max    float64 // the range of a number is 0 … max
	above  float64 // a number must be at least so much, a whole number too
	below  bool    // max itself is excluded
	clip   bool    // unset is written by leaving it out; at most one may be set

	optional bool // a flag that is false is written by leaving it out
}

// most is the largest value of an option: all of them become float32.
const most = math.MaxFloat32

func rate(field *float64, def float64) option {
	return option{name: "learning_rate", alias: "lr", number: field, def: def, max: most}
}

func beta(name string, field *float64, def float64) option {
	return option{name: name, number: field, def: def, max: 1, below: true}
}

func epsilon(field *float64) option {
	return option{name: "epsilon", number: field, def: adamEpsilon, max: most}
}

// value returns a number option as it is used.
func (o option) value() float64 {
	if *o.number == Zero {
		return 0
	}
	return or(*o.number, o.def)
}

// bounds returns the range in words.
func (o option) bounds() string {
	text := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	switch {
	case o.below:
		return "from " + text(o.above) + " to below " + text(o.max)
	case o.max < most:
		return "from " + text(o.above) + " to " + text(o.max)
	}
	return text(o.above) + " or above, and finite"
}

// holds tells whether v is in range; NaN never is.
func (o option) holds(v float64) bool {
	return v >= o.above && v <= o.max && !(o.below && v == o.max)
}

// validate checks the options of what: "optimizer Adam".
func validate(what string, options []option) error {
	set := []string{}
	for _, o := range options {
		if o.list != nil && slices.Contains(*o.list, "") {
			return tensor.Errorf(tensor.CodeOption, "%s: %s holds an empty name, which everything ends in; leave it out", what, o.name)
		}
		if o.whole != nil && !o.holds(float64(*o.whole)) {
			return tensor.Errorf(tensor.CodeOption, "%s: %s must be %s, got %d", what, o.name, o.bounds(), *o.whole)
		}
		if o.number == nil {
			continue
		}
		if v := *o.number; !o.holds(v) && !(v == 0 && o.holds(o.def)) {
			return tensor.Errorf(tensor.CodeOption, "%s: %s must be %s, got %v", what, o.name, o.bounds(), v)
		}
		if o.clip && *o.number != 0 {
			set = append(set, o.name)
		}
	}
	if len(set) > 1 {
		return tensor.Errorf(tensor.CodeOption, "%s: %s exclude each other: keep one", what, strings.Join(set, " and "))
	}
	return nil
}

func config(options []option) json.RawMessage {
	out := []byte{'{'}
	for _, o := range options {
		if o.clip && *o.number == 0 || o.list != nil && len(*o.list) == 0 || o.flag != nil && o.optional && !*o.flag {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(strconv.AppendQuote(out, o.name), ':')
		out = o.append(out)
	}
	return append(out, '}')
}

// append writes the option's value.
func (o option) append(out []byte) []byte {
	switch {
	case o.flag != nil:
		return strconv.AppendBool(out, *o.flag)
	case o.whole != nil:
		return strconv.AppendInt(out, int64(*o.whole), 10)
	case o.list != nil:
		text, _ := json.Marshal(*o.list) // texts always can be written
		return append(out, text...)
	case o.series != nil:
		out = append(out, '[')
		for i, v := range *o.series {
			if i > 0 {
				out = append(out, ',')
			}
			out = strconv.AppendFloat(out, v, 'g', -1, 64)
		}
		return append(out, ']')
	}
	return strconv.AppendFloat(out, o.value(), 'g', -1, 64)
}

// names lists what options are called.
func names(options []option) string {
	var list []string
	for _, o := range options {
		list = append(list, o.name)
	}
	return strings.Join(list, ", ")
}
