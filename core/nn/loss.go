package nn

import (
	"bytes"
	"slices"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Loss tells how far predictions are from their targets, for training to lower. Its
// fields are its options, under Keras's names in JSON; a field that is zero has the
// default that its comment states.
type Loss interface {
	// Name is Keras's name.
	Name() string
	// TargetShape returns the shape of a row of targets for predictions of the given
	// shape.
	TargetShape(prediction []int) []int
	// Lower adds the loss of each prediction along its last axis.
	Lower(g *graph.Graph, prediction, target graph.Value) (graph.Value, error)
}

// A lossClass is a loss that ParseLoss can make: its names, as fold makes them, and how
// it reads its options.
type lossClass struct {
	name    string
	aliases []string
	parse   func(what string, config json.RawMessage) (Loss, error)
}

// lossClasses in the order of their names. The aliases are those of Keras's functions
// and of TensorFlow.js.
var lossClasses = []lossClass{
	{"binary_crossentropy", []string{"bce"}, lossOf(BinaryCrossentropy{})},
	{"binary_focal_crossentropy", nil, lossOf(BinaryFocalCrossentropy{}.filled())},
	{"categorical_crossentropy", nil, lossOf(CategoricalCrossentropy{})},
	{"categorical_focal_crossentropy", nil, lossOf(CategoricalFocalCrossentropy{}.filled())},
	{"categorical_hinge", nil, lossOf(CategoricalHinge{})},
	{"cosine_similarity", []string{"cosineproximity", "cosine"}, lossOf(CosineSimilarity{})},
	{"hinge", []string{"hingeloss"}, lossOf(Hinge{})},
	{"huber", []string{"huberloss"}, lossOf(Huber{}.filled())},
	{"kl_divergence", []string{"kullbackleiblerdivergence", "kld"}, lossOf(KLDivergence{})},
	{"log_cosh", nil, lossOf(LogCosh{})},
	{"mean_absolute_error", []string{"mae", "absolutedifference"}, lossOf(MeanAbsoluteError{})},
	{"mean_absolute_percentage_error", []string{"mape"}, lossOf(MeanAbsolutePercentageError{})},
	{"mean_squared_error", []string{"mse"}, lossOf(MeanSquaredError{})},
	{"mean_squared_logarithmic_error", []string{"msle"}, lossOf(MeanSquaredLogarithmicError{})},
	{"poisson", nil, lossOf(Poisson{})},
	{"quantile", []string{"pinball", "quantileloss", "pinballloss"}, lossOf(Quantile{}.filled())},
	{"sparse_categorical_crossentropy", nil, lossOf(SparseCategoricalCrossentropy{})},
	{"squared_hinge", nil, lossOf(SquaredHinge{})},
}

// checked is a loss with options that can be wrong.
type checked interface{ check() error }

// lossOf returns a function that reads options over preset, a loss whose defaults are
// filled in: an explicit 0 is then one, and judged as such.
func lossOf[L Loss](preset L) func(what string, config json.RawMessage) (Loss, error) {
	return func(what string, config json.RawMessage) (Loss, error) {
		l := preset
		own, err := withoutCommon(what, config)
		if err != nil {
			return nil, err
		}
		if err := decodeStrict(what, own, &l); err != nil {
			return nil, err
		}
		if c, ok := Loss(l).(checked); ok {
			return l, c.check()
		}
		return l, nil
	}
}

// withoutCommon takes out the options that every loss has in Keras's files: its name,
// and those that must have the only value that is built.
func withoutCommon(what string, config json.RawMessage) (json.RawMessage, error) {
	if len(bytes.TrimSpace(config)) == 0 || string(config) == "null" {
		return nil, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(config, &members); err != nil {
		return nil, tensor.Errorf(tensor.CodeOption, "options of %s: %v", what, err)
	}
	only := map[string][]string{"name": nil, "fn": nil,
		"reduction": {`null`, `"auto"`, `"sum_over_batch_size"`}, "dtype": {`null`, `"float32"`}, "axis": {"-1"}}
	for _, key := range sortedKeys(members) {
		values, common := only[key]
		if !common {
			continue
		}
		if v := string(members[key]); values != nil && !slices.Contains(values, v) {
			return nil, tensor.Errorf(tensor.CodeUnsupported, "%s: %s = %s is not built; leave it out", what, key, v)
		}
		delete(members, key)
	}
	return json.Marshal(members)
}

// ParseLoss finds a loss by its name in any spelling: Keras's ("mean_squared_error",
// "mse", "MeanSquaredError") or TensorFlow.js's ("meanSquaredError", "huberLoss",
// "kullbackLeiblerDivergence"). config holds Keras's options, or nothing.
func ParseLoss(name string, config []byte) (Loss, error) {
	for _, c := range lossClasses {
		if f := fold(name); f == fold(c.name) || slices.Contains(c.aliases, f) {
			return c.parse("loss "+c.name, config)
		}
	}
	var known []string
	for _, c := range lossClasses {
		known = append(known, c.name)
	}
	return nil, unknownName("loss", name, append(known, "mse", "mae", "mape", "msle", "kld"))
}

// FormatLoss returns the name and the options of a loss, without those that are at
// their defaults; ParseLoss gives it back.
func FormatLoss(l Loss) (name string, config json.RawMessage) {
	config, err := json.Marshal(l)
	if err != nil || string(config) == "{}" {
		return l.Name(), nil
	}
	return l.Name(), config
}

// between refuses an option outside of (low, high).
func between(what, option string, v, low, high float64) error {
	if !(v > low && v < high) {
		return tensor.Errorf(tensor.CodeOption, "%s: %s must be above %g and below %g, got %g", what, option, low, high, v)
	}
	return nil
}
