package nn

import (
	"fmt"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Regularizer adds the penalty L1·Σ|w| + L2·Σw² to the loss, once a step. The
// zero value adds none.
type Regularizer struct{ L1, L2 float64 }

// L1 returns the penalty l·Σ|w|.
func L1(l float64) Regularizer { return Regularizer{L1: l} }

// L2 returns the penalty l·Σw².
func L2(l float64) Regularizer { return Regularizer{L2: l} }

// L1L2 returns the penalty l1·Σ|w| + l2·Σw².
func L1L2(l1, l2 float64) Regularizer { return Regularizer{l1, l2} }

func (r Regularizer) check() error {
	if !(r.L1 >= 0 && r.L2 >= 0 && r.L1 < 1e30 && r.L2 < 1e30) {
		return fmt.Errorf("l1 = %g and l2 = %g must be finite and not negative", r.L1, r.L2)
	}
	return nil
}

// defaultPenalty is the factor where a penalty is given by name only, as in Keras.
const defaultPenalty = 0.01

// ReadJSON reads null, a name ("l1", "l2", "l1l2") or Keras's object
// {"class_name": "L2", "config": {"l2": 0.01}}.
func (r *Regularizer) ReadJSON(data []byte) error {
	spec, err := parseSpec("regularizer", data)
	if err != nil || spec.class == "" {
		*r = Regularizer{}
		return err
	}
	config := struct{ L1, L2 *float64 }{}
	if err := spec.decode(&config); err != nil {
		return err
	}
	value := func(p *float64, has bool) float64 {
		switch {
		case p != nil:
			return *p
		case has:
			return defaultPenalty
		}
		return 0
	}
	switch fold(spec.class) {
	case "l1":
		*r = Regularizer{L1: value(config.L1, true)}
	case "l2":
		*r = Regularizer{L2: value(config.L2, true)}
	case "l1l2":
		none := config.L1 == nil && config.L2 == nil
		*r = Regularizer{L1: value(config.L1, none), L2: value(config.L2, none)}
	default:
		return unknownName("regularizer", spec.class, []string{"l1", "l1l2", "l2"})
	}
	return nil
}

// WriteJSON writes Keras's object, or null.
func (r Regularizer) WriteJSON() ([]byte, error) {
	if r == (Regularizer{}) {
		return []byte("null"), nil
	}
	return json.Marshal(map[string]any{"class_name": "L1L2", "config": map[string]float64{"l1": r.L1, "l2": r.L2}})
}

// A spec is Keras's way to write an object: a name, or a class with its options.
type spec struct {
	what, class string
	config      json.RawMessage
}

func parseSpec(what string, data []byte) (spec, error) {
	s := spec{what: what}
	if string(data) == "null" {
		return s, nil
	}
	if json.Unmarshal(data, &s.class) == nil {
		return s, nil
	}
	var object struct {
		ClassName string          `json:"class_name"`
		Config    json.RawMessage `json:"config"`
	}
	if err := (json.Reading{Fold: true}).Unmarshal(data, &object); err != nil || object.ClassName == "" {
		return s, tensor.Errorf(tensor.CodeOption, "%s %.60s: want a name or an object with class_name and config", what, data)
	}
	s.class, s.config = object.ClassName, object.Config
	return s, nil
}

// decode reads the options into the fields of v and refuses others.
func (s spec) decode(v any) error {
	if len(s.config) == 0 || string(s.config) == "null" {
		return nil
	}
	return decodeStrict(s.what+" "+s.class, s.config, v)
}
