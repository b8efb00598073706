package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/toy"
)

// playSettings are the playground's form. They stand in the page's address; points that
// the user drew do not.
type playSettings struct {
	kind                                        string
	points, noise, tests, rate, l2, batch, seed string
	activation, optimizer, speed                string
	features                                    []string
	hidden                                      []int
}

// yours is the kind of points that the user drew.
const yours = "yours"

// Bounds of the form.
const (
	mostPoints     = 2000
	mostPlayLayers = 5
	mostPlayUnits  = 8
)

func usualPlay() playSettings {
	return playSettings{kind: "circles", points: "200", noise: "10", tests: "30", rate: "0.03", l2: "0", batch: "10", seed: "1",
		activation: "tanh", optimizer: "adam", speed: "usual", features: []string{"x", "y"}, hidden: []int{4}}
}

// playValues are the form's numbers.
type playValues struct {
	points, batch, tests int
	noise, rate, l2      float64
	seed                 int64
}

// values reads the form; what is not fit to be read counts as usual.
func (p *playSettings) values() playValues {
	number := func(text, usual string, lo, hi float64) float64 {
		v, ok := read(text)
		if !ok || v < lo || v > hi {
			v, _ = read(usual)
		}
		return v
	}
	u := usualPlay()
	return playValues{points: int(number(p.points, u.points, 10, mostPoints)), batch: int(number(p.batch, u.batch, 1, mostPoints)),
		tests: int(number(p.tests, u.tests, 0, 90)), noise: number(p.noise, u.noise, 0, 50) / 100, rate: number(p.rate, u.rate, 1e-6, 100),
		l2: number(p.l2, u.l2, 0, 1), seed: int64(number(p.seed, u.seed, 0, bindings.MaxSeed))}
}

// A playField is a setting with its name in the address.
type playField struct {
	name string
	text *string
}

func (p *playSettings) fields() []playField {
	return []playField{{"points", &p.points}, {"noise", &p.noise}, {"tests", &p.tests}, {"rate", &p.rate}, {"l2", &p.l2}, {"batch", &p.batch}, {"seed", &p.seed}}
}

// address writes the settings for the page's address.
func (p *playSettings) address() string {
	parts := []string{"data=" + p.kind}
	for _, f := range p.fields() {
		parts = append(parts, f.name+"="+strings.ReplaceAll(strings.TrimSpace(*f.text), ",", "."))
	}
	var hidden []string
	for _, n := range p.hidden {
		hidden = append(hidden, strconv.Itoa(n))
	}
	return strings.Join(append(parts, "activation="+p.activation, "optimizer="+p.optimizer, "show="+strings.Join(p.features, "-"), "hidden="+strings.Join(hidden, "-")), "&")
}

// read takes the settings from an address; what makes no sense there is left as it was.
func (p *playSettings) read(address string) {
	fields := p.fields()
	for part := range strings.SplitSeq(address, "&") {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			continue
		}
		for _, f := range fields {
			if _, ok := read(value); ok && f.name == name {
				*f.text = value
			}
		}
		known := func(list []choice) bool {
			return slices.ContainsFunc(list, func(c choice) bool { return c.value == value })
		}
		switch {
		case name == "data" && known(kindsOfPoints()):
			p.kind = value
		case name == "activation" && known(playActivations):
			p.activation = value
		case name == "optimizer" && known(optimizerChoices):
			p.optimizer = value
		case name == "show":
			p.readFeatures(value)
		case name == "hidden":
			p.readHidden(value)
		}
	}
}

func (p *playSettings) readFeatures(text string) {
	var list []string
	for _, f := range toy.Features() {
		if slices.Contains(strings.Split(text, "-"), f) {
			list = append(list, f)
		}
	}
	if len(list) > 0 {
		p.features = list
	}
}

func (p *playSettings) readHidden(text string) {
	p.hidden = nil
	for part := range strings.SplitSeq(text, "-") {
		if n, err := strconv.Atoi(part); err == nil && n >= 1 && n <= mostPlayUnits && len(p.hidden) < mostPlayLayers {
			p.hidden = append(p.hidden, n)
		}
	}
}

// checks say what of the form cannot be used.
func (p *playSettings) checks() checks {
	c := checks{}
	whole(p.points, 10, mostPoints, "points", "The number of points", c)
	whole(p.batch, 1, mostPoints, "batch", "The batch size", c)
	whole(p.seed, 0, bindings.MaxSeed, "seed", "The seed", c)
	between := func(text, id, what string, lo, hi float64) {
		if v, ok := read(text); !ok || v < lo || v > hi {
			c[id] = check{what + " is a number from " + plain(lo) + " to " + plain(hi) + ".", true}
		}
	}
	if v, ok := read(p.rate); !ok || v < 1e-6 || v > 100 {
		c["rate"] = check{"The learning rate is a number above 0, at most 100.", true}
	}
	between(p.l2, "l2", "The weight decay", 0, 1)
	return c
}

var playActivations = []choice{{"tanh", "tanh"}, {"relu", "ReLU"}, {"sigmoid", "sigmoid"}, {"linear", "linear"}}

func kindsOfPoints() []choice {
	var out []choice
	for _, k := range toy.Kinds() {
		out = append(out, choice{k.Name, k.Title})
	}
	return append(out, choice{yours, "Points you draw"})
}

// wireForm names the form's actions.
func (s *playStep) wireForm() {
	a, p := s.app, &s.set
	a.on("play.data", func(act Action) {
		p.kind = act.Value
		if p.kind == yours {
			s.points, s.drawn = nil, 0
		}
		s.changed(true)
	})
	for _, f := range p.fields() {
		points := f.name == "points" || f.name == "noise" || f.name == "seed"
		a.on("play."+f.name, func(act Action) {
			*f.text = act.Value
			s.changed(points)
		})
	}
	a.on("play.activation", func(act Action) { p.activation = act.Value; s.changed(false) })
	a.on("play.optimizer", func(act Action) { p.optimizer = act.Value; s.changed(false) })
	a.on("play.speed", func(act Action) { p.speed = act.Value; a.touch(s) })
	a.on("play.feature", func(act Action) {
		var list []string
		for _, f := range toy.Features() {
			if slices.Contains(p.features, f) != (f == act.Arg) {
				list = append(list, f)
			}
		}
		if len(list) == 0 {
			a.state.say("The network must be shown something.")
			return
		}
		p.features = list
		s.changed(false)
	})
	a.on("play.layer", func(act Action) {
		switch {
		case act.Arg == "more" && len(p.hidden) < mostPlayLayers:
			p.hidden = append(p.hidden[:len(p.hidden):len(p.hidden)], 4)
		case act.Arg == "less" && len(p.hidden) > 0:
			p.hidden = p.hidden[:len(p.hidden)-1]
		}
		s.changed(false)
	})
	a.on("play.units", func(act Action) {
		i, by, _ := strings.Cut(act.Arg, " ")
		at, err := strconv.Atoi(i)
		if err != nil || at < 0 || at >= len(p.hidden) {
			return
		}
		p.hidden = slices.Clone(p.hidden)
		if by == "more" {
			p.hidden[at] = min(p.hidden[at]+1, mostPlayUnits)
		} else {
			p.hidden[at] = max(p.hidden[at]-1, 1)
		}
		s.changed(false)
	})
	a.on("play.try", func(act Action) {
		if i, err := strconv.Atoi(act.Arg); err == nil && i >= 0 && i < len(lessons) {
			speed := p.speed
			*p = usualPlay()
			p.speed = speed
			p.read(lessons[i].settings)
			s.changed(true)
			a.screen.Focus("play")
		}
	})
}

// A lessonText is something to try, with the settings for it.
type lessonText struct{ title, text, settings string }

var lessons = []lessonText{
	{"A straight line", "Without a hidden layer a network can only draw a straight line. For two blobs that is enough.", "data=blobs&hidden="},
	{"Where a line fails", "No straight line parts a ring from its middle. Play: the loss stays high. Then add a hidden layer.", "data=circles&hidden="},
	{"Two units are not enough", "Every unit of the hidden layer draws one line. One hidden layer of 2 can’t close a fence around the middle, whatever you do; a third unit can. Press + to give it one.", "data=circles&hidden=2"},
	{"Or show it something better", "With the squares of both positions the ring is a straight line again, without any hidden layer. Good inputs save a large network.", "data=circles&hidden=&show=xx-yy"},
	{"Opposite corners", "Neither position says anything by itself, only both together. A few hidden units find that out, or the product x · y says it at once.", "data=xor&hidden=4"},
	{"Learned by heart", "Few, noisy points and a large network: the training loss goes on falling while the test loss turns upwards. Then try more points, or a weight decay of 0.01.", "data=moons&points=60&noise=35&tests=50&hidden=8-8-8&rate=0.02&batch=10"},
	{"Too long steps", "With a learning rate of 3 every step leaps across the valley. Lower it by tens until the loss falls calmly.", "data=moons&hidden=4&rate=3&optimizer=sgd"},
	{"The hardest", "Two arms wound around each other want two or three layers of eight units, and patience.", "data=spirals&points=400&noise=2&hidden=8-8-8&rate=0.01&activation=tanh"},
}
