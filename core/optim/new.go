package optim

import (
	"bytes"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// New makes an optimizer from a class name and options in JSON, which may be nil.
// Both are taken as Keras or as TensorFlow.js spells them: "RMSprop" or "rmsprop",
// beta_1 or beta1; "momentum" is SGD with a momentum of 0.9. A null option has its
// default. In the place of the learning rate a schedule may stand, {"class_name": …,
// "config": …}; the result is then a Scheduled. It fails with code "option" on a name that is not known, listing those
// that are, and on values that are out of range.
func New(name string, config []byte) (Optimizer, error) {
	for _, c := range classes {
		if slices.Contains(c.spellings, plain(name)) {
			return c.scheduled(config)
		}
	}
	var known []string
	for _, c := range classes {
		known = append(known, c.name)
	}
	return nil, tensor.Errorf(tensor.CodeOption, "unknown optimizer %q; known: %s", name, strings.Join(known, ", "))
}

// A class is a kind of optimizer that New can make.
type class struct {
	name      string
	spellings []string // as plain makes them
	build     func(config []byte) (Optimizer, error)
}

var classes = []class{
	{"sgd", []string{"sgd"}, builder(SGD{})},
	{"momentum", []string{"momentum"}, builder(SGD{Momentum: 0.9})},
	{"adam", []string{"adam"}, builder(Adam{})},
	{"rmsprop", []string{"rmsprop"}, builder(RMSProp{})},
	{"adagrad", []string{"adagrad"}, builder(Adagrad{})},
	{"adadelta", []string{"adadelta"}, builder(Adadelta{})},
	{"adamw", []string{"adamw"}, builder(AdamW{})},
	{"adamax", []string{"adamax"}, builder(Adamax{})},
}

// scheduled makes an optimizer, with a schedule if its options hold one.
func (c class) scheduled(config []byte) (Optimizer, error) {
	rest, schedule, err := takeSchedule(config)
	if err != nil {
		return nil, err
	}
	o, err := c.build(rest)
	if err != nil || schedule == nil {
		return o, err
	}
	return Scheduled{o, schedule}, nil
}

// builder returns a function that makes a T from preset and options.
func builder[T Optimizer, P interface {
	*T
	options() []option
}](preset T) func([]byte) (Optimizer, error) {
	return func(config []byte) (Optimizer, error) {
		o := preset
		if err := fill("optimizer "+o.ClassName(), P(&o).options(), config); err != nil {
			return nil, err
		}
		if err := o.Validate(); err != nil {
			return nil, err
		}
		return o, nil
	}
}

// fill sets options from a JSON object.
func fill(what string, options []option, config []byte) error {
	if len(bytes.TrimSpace(config)) == 0 {
		return nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(config, &members); err != nil {
		return tensor.Errorf(tensor.CodeOption, "%s: its options are no JSON object: %v", what, err)
	}
	keys := make([]string, 0, len(members))
	for key := range members {
		keys = append(keys, key)
	}
	slices.Sort(keys) // the first error must not depend on the map's order
	given := map[string]string{}
	for _, key := range keys {
		i := slices.IndexFunc(options, func(o option) bool { return o.named(key) })
		if i < 0 {
			if err := foreign(what, key, members[key], options); err != nil {
				return err
			}
			continue
		}
		o := options[i]
		if twice, ok := given[o.name]; ok {
			return tensor.Errorf(tensor.CodeOption, "%s: %q and %q are the same option: keep one", what, twice, key)
		}
		given[o.name] = key
		if err := o.set(what, members[key]); err != nil {
			return err
		}
	}
	return nil
}

// named tells whether key is a spelling of the option's name.
func (o option) named(key string) bool {
	return plain(key) == plain(o.name) || o.alias != "" && plain(key) == plain(o.alias)
}

// set stores a JSON value in the option's field.
func (o option) set(what string, value json.RawMessage) error {
	if string(value) == "null" {
		return nil
	}
	if o.flag != nil {
		if json.Unmarshal(value, o.flag) != nil {
			return tensor.Errorf(tensor.CodeOption, "%s: %s must be true or false, got %s", what, o.name, value)
		}
		return nil
	}
	switch {
	case o.whole != nil:
		if json.Unmarshal(value, o.whole) != nil {
			return tensor.Errorf(tensor.CodeOption, "%s: %s must be a whole number %s, got %s", what, o.name, o.bounds(), value)
		}
		return nil
	case o.list != nil:
		if json.Unmarshal(value, o.list) != nil {
			return tensor.Errorf(tensor.CodeOption, "%s: %s must be a list of names, got %.60s", what, o.name, value)
		}
		return nil
	case o.series != nil:
		if json.Unmarshal(value, o.series) != nil {
			return tensor.Errorf(tensor.CodeOption, "%s: %s must be a list of numbers, got %.60s", what, o.name, value)
		}
		return nil
	}
	var number float64
	if json.Unmarshal(value, &number) != nil {
		return tensor.Errorf(tensor.CodeOption, "%s: %s must be a number %s, got %s", what, o.name, o.bounds(), value)
	}
	if number == 0 && o.def != 0 {
		number = Zero
	}
	*o.number = number
	return nil
}

// foreign judges an option that is in Keras's files but not here: it passes where
// it changes nothing.
func foreign(what, key string, value json.RawMessage, options []option) error {
	switch key {
	case "name", "jit_compile", "is_legacy_optimizer", "ema_momentum":
		return nil
	case "amsgrad", "decay", "weight_decay", "use_ema", "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps":
		if s := string(value); s == "null" || s == "false" || s == "0" || s == "0.0" {
			return nil
		}
		return tensor.Errorf(tensor.CodeUnsupported, "%s: %s = %s is not supported; known options: %s", what, key, value, names(options))
	}
	return tensor.Errorf(tensor.CodeOption, "%s: unknown option %q; known: %s", what, key, names(options))
}

// plain makes spellings equal: beta_1 and beta1, RMSprop and rmsprop.
func plain(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}
