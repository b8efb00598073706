package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data"
)

// A layerRow is a hidden layer as the form holds it.
type layerRow struct {
	key        string // for the view
	kind       string // dense or dropout
	units      string
	activation string
	rate       string
}

// options are the training form's fields as they were typed.
type options struct {
	epochs, batch, rate, l2, patience string
	seed, validation, test            string
	optimizer, loss                   string
	early, weights                    bool
}

// parsed are options that make sense.
type parsed struct {
	epochs, batch, patience int
	rate, l2                float64
	seed                    int64
	validation, test        float64
}

// checks are what a form says about its fields, by id.
type checks map[string]check

func (c checks) bad() string {
	for _, id := range []string{"epochs", "batch", "rate", "l2", "patience", "seed", "validation", "test"} {
		if c[id].bad {
			return id
		}
	}
	for id, k := range c {
		if k.bad {
			return id
		}
	}
	return ""
}

// read parses a number as people write it; a comma may be the decimal point.
func read(text string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

func whole(text string, lo, hi int64, id, what string, c checks) int64 {
	v, ok := read(text)
	if !ok || v != math.Trunc(v) || v < float64(lo) || v > float64(hi) {
		c[id] = check{what + " is a whole number from " + count(lo) + " to " + count(hi) + ".", true}
		return lo
	}
	return int64(v)
}

// parse checks every field. Rows is the size of the training part, 0 if unknown.
func (o *options) parse(rows int) (parsed, checks) {
	c := checks{}
	p := parsed{
		epochs:   int(whole(o.epochs, 1, 100_000, "epochs", "The number of epochs", c)),
		batch:    int(whole(o.batch, 1, 65_536, "batch", "The batch size", c)),
		patience: 1,
		seed:     whole(o.seed, 0, bindings.MaxSeed, "seed", "The seed", c),
	}
	if o.early {
		p.patience = int(whole(o.patience, 1, 100_000, "patience", "The patience", c))
	}
	var ok bool
	switch p.rate, ok = read(o.rate); {
	case !ok || p.rate <= 0:
		c["rate"] = check{"The learning rate is a number above 0, for example 0.001.", true}
	case p.rate > 0.5:
		c["rate"] = check{"That is very high: the training will probably explode. Usual values lie between 0.0001 and 0.1.", false}
	case p.rate < 1e-6:
		c["rate"] = check{"That is very low: almost nothing will be learned.", false}
	}
	if p.l2, ok = read(o.l2); !ok || p.l2 < 0 || p.l2 > 10 {
		c["l2"] = check{"The weight decay is a number from 0 to 10; 0 means none.", true}
	}
	share := func(text, id, what string) float64 {
		v, ok := read(strings.TrimSuffix(strings.TrimSpace(text), "%"))
		if !ok || v < 0 || v > 90 {
			c[id] = check{what + " is a number of percent from 0 to 90.", true}
		}
		return v / 100
	}
	p.validation = share(o.validation, "validation", "The validation part")
	p.test = share(o.test, "test", "The test part")
	if p.validation+p.test > 0.9 && !c["test"].bad && !c["validation"].bad {
		c["test"] = check{"Validation and test together take more than 90 percent: too little is left to learn from.", true}
	}
	if p.test == 0 && !c["test"].bad {
		c["test"] = check{"Without a test part nothing can say how good the model really is.", false}
	}
	if rows > 0 && p.batch > rows && !c["batch"].bad {
		c["batch"] = check{"That is more than the " + plural(rows, "training row", "training rows") + ": every epoch is a single step.", false}
	}
	if o.early && p.validation == 0 && !c["validation"].bad {
		c["patience"] = check{"Without a validation part, stopping early looks at the training loss.", false}
	}
	return p, c
}

// formOf fills the form from the suggested training.
func formOf(d *data.TrainingDefaults, split data.Split) (options, []layerRow) {
	o := options{
		epochs: strconv.Itoa(d.Epochs), batch: strconv.Itoa(d.BatchSize), rate: plain(d.LearningRate), l2: plain(d.L2),
		patience: strconv.Itoa(max(d.Patience, 1)), early: d.Patience > 0, optimizer: d.Optimizer,
		seed: strconv.FormatUint(split.Seed, 10), validation: shareText(split.Validation), test: shareText(split.Test),
	}
	var layers []layerRow
	for i, units := range d.Hidden {
		n := strconv.Itoa(i)
		layers = append(layers, layerRow{key: "dense" + n, kind: "dense", units: strconv.Itoa(units), activation: d.Activation, rate: "0.2"})
		if d.Dropout > 0 {
			layers = append(layers, layerRow{key: "dropout" + n, kind: "dropout", units: "16", activation: d.Activation, rate: plain(d.Dropout)})
		}
	}
	return o, layers
}

// suggested fills the form from another suggestion; seed and parts stay as they were asked
// for.
func (o *options) suggested(d *data.TrainingDefaults) []layerRow {
	fresh, layers := formOf(d, data.Split{})
	fresh.seed, fresh.validation, fresh.test = o.seed, o.validation, o.test
	*o = fresh
	return layers
}

// split writes the form's seed and parts into a split.
func (o *options) split(into data.Split) data.Split {
	p, c := o.parse(0)
	if !c["seed"].bad {
		into.Seed = uint64(p.seed)
	}
	if !c["test"].bad && !c["validation"].bad {
		into.Test, into.Validation = p.test, p.validation
		into.Train = 1 - p.test - p.validation
	}
	return into
}

func shareText(v float64) string { return plain(math.Round(v*1000) / 10) }

// checkLayers checks the layer rows and counts the parameters they make between the
// network's inputs and outputs, the output layer included.
func checkLayers(layers []layerRow, inputs, outputs int, c checks) (parameters int64) {
	width := int64(inputs)
	for i, l := range layers {
		id := strconv.Itoa(i)
		if l.kind == "dropout" {
			if v, ok := read(l.rate); !ok || v < 0 || v >= 1 {
				c["rate-"+id] = check{"The share to drop is a number from 0 up to, but not including, 1.", true}
			} else if v > 0.7 {
				c["rate-"+id] = check{"So much dropout usually keeps a network from learning.", false}
			}
			continue
		}
		units := whole(l.units, 1, 16_384, "units-"+id, "The number of units", c)
		parameters += (width + 1) * units
		width = units
	}
	return parameters + (width+1)*int64(outputs)
}
