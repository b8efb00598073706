package nn

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// An Initializer says how a weight begins. The zero value stands for the default
// of the place where it is used.
//
// The variance-scaling ones draw with variance Scale / fan, as in Keras: the normal
// ones from a normal distribution cut at two standard deviations and widened so
// that the variance is kept.
type Initializer struct {
	Class    string  // Keras's class name
	Value    float64 // Constant
	Min, Max float64 // RandomUniform
	Mean     float64 // RandomNormal, TruncatedNormal
	Stddev   float64

	// VarianceScaling, of which the classes named after people are cases: variance Scale
	// over the fan that Mode names ("fan_in", "fan_out", "fan_avg"), drawn from
	// Distribution ("uniform", "truncated_normal", "untruncated_normal").
	Scale              float64
	Mode, Distribution string

	Gain float64 // Orthogonal

	unitForget bool // the second of four blocks begins as 1: an LSTM's bias
}

// The initializers without options.
var (
	Zeros         = Initializer{Class: "Zeros"}
	Ones          = Initializer{Class: "Ones"}
	GlorotUniform = Initializer{Class: "GlorotUniform"} // Glorot, Bengio, 2010
	GlorotNormal  = Initializer{Class: "GlorotNormal"}
	HeUniform     = Initializer{Class: "HeUniform"} // He et al., 2015
	HeNormal      = Initializer{Class: "HeNormal"}
	LecunUniform  = Initializer{Class: "LecunUniform"} // LeCun et al., 1998
	LecunNormal   = Initializer{Class: "LecunNormal"}
)

// Constant returns the initializer that sets every element to v.
func Constant(v float64) Initializer { return Initializer{Class: "Constant", Value: v} }

// RandomUniform draws evenly from [min, max).
func RandomUniform(min, max float64) Initializer {
	return Initializer{Class: "RandomUniform", Min: min, Max: max}
}

// RandomNormal draws from a normal distribution.
func RandomNormal(mean, stddev float64) Initializer {
	return Initializer{Class: "RandomNormal", Mean: mean, Stddev: stddev}
}

// TruncatedNormal draws from a normal distribution, again where a draw is farther
// than two standard deviations from the mean.
func TruncatedNormal(mean, stddev float64) Initializer {
	return Initializer{Class: "TruncatedNormal", Mean: mean, Stddev: stddev}
}

// VarianceScaling draws with variance scale / fan, the fan being "fan_in", "fan_out" or
// "fan_avg", from a distribution that is "uniform", "truncated_normal" or
// "untruncated_normal".
func VarianceScaling(scale float64, mode, distribution string) Initializer {
	return Initializer{Class: "VarianceScaling", Scale: scale, Mode: mode, Distribution: distribution}
}

// or returns i, or d where i is not set.
func (i Initializer) or(d Initializer) Initializer {
	if i.Class == "" {
		return d
	}
	return i
}

type fan uint8

const (
	fanNone fan = iota // no variance scaling
	fanIn
	fanOut
	fanAvg
)

// An initClass is a row of the table of initializers.
type initClass struct {
	fan    fan
	scale  float64
	normal normality
}

// A normality tells from what a variance-scaling initializer draws.
type normality uint8

const (
	uniform normality = iota
	cutNormal
	wholeNormal
)

// The spellings of VarianceScaling's options. TensorFlow.js writes "normal" for
// Keras's "truncated_normal".
var (
	fanModes      = map[string]fan{"fan_in": fanIn, "fan_out": fanOut, "fan_avg": fanAvg}
	distributions = map[string]normality{"uniform": uniform, "truncated_normal": cutNormal, "normal": cutNormal, "untruncated_normal": wholeNormal}
)

var initClasses = map[string]initClass{
	"Zeros": {}, "Ones": {}, "Constant": {}, "RandomUniform": {}, "RandomNormal": {}, "TruncatedNormal": {},
	"GlorotUniform": {fanAvg, 1, uniform}, "GlorotNormal": {fanAvg, 1, cutNormal},
	"HeUniform": {fanIn, 2, uniform}, "HeNormal": {fanIn, 2, cutNormal},
	"LecunUniform": {fanIn, 1, uniform}, "LecunNormal": {fanIn, 1, cutNormal},
	"VarianceScaling": {}, // its own options say
	"Orthogonal":      {},
}

// class returns the row of the table that holds for i.
func (i Initializer) class() initClass {
	if i.Class == "VarianceScaling" {
		return initClass{fanModes[i.Mode], i.Scale, distributions[i.Distribution]}
	}
	return initClasses[i.Class]
}

func (i Initializer) check() error {
	if _, ok := initClasses[i.Class]; !ok {
		return unknownName("initializer", i.Class, sortedKeys(initClasses))
	}
	for _, v := range []float64{i.Value, i.Min, i.Max, i.Mean, i.Stddev, i.Scale, i.Gain} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%s: options must be finite", i.Class)
		}
	}
	if i.Stddev < 0 {
		return fmt.Errorf("%s: stddev %g is negative", i.Class, i.Stddev)
	}
	if i.Max < i.Min {
		return fmt.Errorf("%s: max %g is below min %g", i.Class, i.Max, i.Min)
	}
	if i.Class != "VarianceScaling" {
		return nil
	}
	if _, ok := fanModes[i.Mode]; !ok {
		return unknownName("mode of VarianceScaling", i.Mode, sortedKeys(fanModes))
	}
	if _, ok := distributions[i.Distribution]; !ok {
		return unknownName("distribution of VarianceScaling", i.Distribution, sortedKeys(distributions))
	}
	if !(i.Scale > 0) {
		return fmt.Errorf("VarianceScaling: scale must be above 0, got %g", i.Scale)
	}
	return nil
}

// suits tells whether a weight of the shape can be drawn.
func (i Initializer) suits(shape []int) error {
	if i.Class == "Orthogonal" && len(shape) < 2 {
		return fmt.Errorf("Orthogonal: wants a weight of two axes at least, got %s", tensor.Format(shape))
	}
	return nil
}

// Fill draws a weight of the given shape. The fans are Keras's: the last two axes
// are in and out, the others multiply both.
func (i Initializer) Fill(dst []float32, shape []int, pcg *rand.PCG) {
	if i.unitForget {
		defer kernel.Fill(dst[len(dst)/4:len(dst)/2], 1)
	}
	class := i.class()
	if class.fan != fanNone {
		in, out := fans(shape)
		n := map[fan]float64{fanIn: in, fanOut: out, fanAvg: (in + out) / 2}[class.fan]
		variance := class.scale / max(1, n)
		switch class.normal {
		case cutNormal:
			fillNormal(dst, 0, float32(math.Sqrt(variance)/truncatedStddev), true, pcg)
		case wholeNormal:
			fillNormal(dst, 0, float32(math.Sqrt(variance)), false, pcg)
		default:
			limit := math.Sqrt(3 * variance)
			fillUniform(dst, float32(-limit), float32(limit), pcg)
		}
		return
	}
	switch i.Class {
	case "Ones":
		kernel.Fill(dst, 1)
	case "Constant":
		kernel.Fill(dst, float32(i.Value))
	case "RandomUniform":
		fillUniform(dst, float32(i.Min), float32(i.Max), pcg)
	case "RandomNormal", "TruncatedNormal":
		fillNormal(dst, float32(i.Mean), float32(i.Stddev), i.Class == "TruncatedNormal", pcg)
	case "Orthogonal":
		fillOrthogonal(dst, shape[len(shape)-1], i.Gain, pcg)
	default:
		kernel.Fill(dst, 0)
	}
}

// truncatedStddev is the standard deviation of the standard normal distribution
// cut at ±2: √(1 − 2·2·φ(2) / (2·Φ(2) − 1)).
const truncatedStddev = 0.87962566103423978

func fans(shape []int) (in, out float64) {
	switch len(shape) {
	case 0:
		return 1, 1
	case 1:
		return float64(shape[0]), float64(shape[0])
	}
	field := 1
	for _, d := range shape[:len(shape)-2] {
		field *= d
	}
	return float64(field * shape[len(shape)-2]), float64(field * shape[len(shape)-1])
}

// fillUniform draws in blocks: a browser gives a function its better code between two
// calls, not in the middle of one.
func fillUniform(dst []float32, low, high float32, pcg *rand.PCG) {
	const block = 512
	for len(dst) > 0 {
		n := min(block, len(dst))
		fillUniformBlock(dst[:n], low, high-low, pcg)
		dst = dst[n:]
	}
}

func fillUniformBlock(dst []float32, low, width float32, pcg *rand.PCG) {
	for i := range dst {
		dst[i] = low + float32(width*draw(pcg))
	}
}

// draw is what rand.New(pcg).Float32() draws, without the calls through interfaces.
func draw(pcg *rand.PCG) float32 {
	return float32(uint32(pcg.Uint64()>>32)<<8>>8) / (1 << 24)
}

// fillNormal draws normal variates, again where a truncated one is farther than two
// standard deviations from the mean.
func fillNormal(dst []float32, mean, stddev float32, truncated bool, pcg *rand.PCG) {
	r := rand.New(pcg)
	for i := range dst {
		z := kernel.Normal(r)
		for truncated && (z < -2 || z > 2) {
			z = kernel.Normal(r)
		}
		dst[i] = mean + float32(stddev*z)
	}
}

// ReadJSON reads null, a name or Keras's object.
func (i *Initializer) ReadJSON(data []byte) error {
	spec, err := parseSpec("initializer", data)
	if err != nil || spec.class == "" {
		*i = Initializer{}
		return err
	}
	config := struct {
		Value  float64  `json:"value"`
		MinVal float64  `json:"minval"`
		MaxVal float64  `json:"maxval"`
		Mean   float64  `json:"mean"`
		Stddev float64  `json:"stddev"`
		Seed   *float64 `json:"seed"` // a model has one seed: an initializer's own is not used

		Scale        float64 `json:"scale"`
		Gain         float64 `json:"gain"`
		Mode         string  `json:"mode"`
		Distribution string  `json:"distribution"`
	}{MinVal: -0.05, MaxVal: 0.05, Stddev: 0.05, Scale: 1, Gain: 1, Mode: "fan_in", Distribution: "truncated_normal"} // Keras's defaults
	if err := spec.decode(&config); err != nil {
		return err
	}
	for class := range initClasses {
		if fold(class) != fold(spec.class) {
			continue
		}
		*i = Initializer{Class: class}
		switch class {
		case "Constant":
			i.Value = config.Value
		case "RandomUniform":
			i.Min, i.Max = config.MinVal, config.MaxVal
		case "RandomNormal", "TruncatedNormal":
			i.Mean, i.Stddev = config.Mean, config.Stddev
		case "VarianceScaling":
			i.Scale, i.Mode, i.Distribution = config.Scale, SnakeCase(config.Mode), SnakeCase(config.Distribution)
		case "Orthogonal":
			i.Gain = config.Gain
		}
		return nil
	}
	return unknownName("initializer", spec.class, sortedKeys(initClasses))
}

// WriteJSON writes Keras's object.
func (i Initializer) WriteJSON() ([]byte, error) {
	config := map[string]any{}
	switch i.Class {
	case "":
		return []byte("null"), nil
	case "Constant":
		config["value"] = i.Value
	case "RandomUniform":
		config["minval"], config["maxval"] = i.Min, i.Max
	case "RandomNormal", "TruncatedNormal":
		config["mean"], config["stddev"] = i.Mean, i.Stddev
	case "VarianceScaling":
		config["scale"], config["mode"], config["distribution"] = i.Scale, i.Mode, i.Distribution
	case "Orthogonal":
		config["gain"] = i.Gain
	}
	return json.Marshal(map[string]any{"class_name": i.Class, "config": config})
}
