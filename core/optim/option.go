package optim

import (
	"math"
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
	flag   *bool // instead of number
	def    float64
	max    float64 // the range of a number is 0 … max
	below  bool    // max itself is excluded
	clip   bool    // unset is written by leaving it out; at most one may be set
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
	switch {
	case o.below:
		return "from 0 to below " + strconv.FormatFloat(o.max, 'g', -1, 64)
	case o.max < most:
		return "from 0 to " + strconv.FormatFloat(o.max, 'g', -1, 64)
	}
	return "0 or above, and finite"
}

// holds tells whether v is in range; NaN never is.
func (o option) holds(v float64) bool {
	return v >= 0 && v <= o.max && !(o.below && v == o.max)
}

func validate(class string, options []option) error {
	set := []string{}
	for _, o := range options {
		if o.number == nil {
			continue
		}
		if v := *o.number; !o.holds(v) {
			return tensor.Errorf(tensor.CodeOption, "optimizer %s: %s must be %s, got %v", class, o.name, o.bounds(), v)
		}
		if o.clip && *o.number != 0 {
			set = append(set, o.name)
		}
	}
	if len(set) > 1 {
		return tensor.Errorf(tensor.CodeOption, "optimizer %s: %s exclude each other: keep one", class, strings.Join(set, " and "))
	}
	return nil
}

func config(options []option) json.RawMessage {
	out := []byte{'{'}
	for _, o := range options {
		if o.clip && *o.number == 0 {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(strconv.AppendQuote(out, o.name), ':')
		if o.flag != nil {
			out = strconv.AppendBool(out, *o.flag)
		} else {
			out = strconv.AppendFloat(out, o.value(), 'g', -1, 64)
		}
	}
	return append(out, '}')
}

// names lists what options are called.
func names(options []option) string {
	var list []string
	for _, o := range options {
		list = append(list, o.name)
	}
	return strings.Join(list, ", ")
}
