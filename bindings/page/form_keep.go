package page

import "slices"

// A formKeeper is a road whose whole form can be put back as it was: network, options, and
// what else decides how it trains.
type formKeeper interface {
	keepForm() (restore func())
}

// heldForm takes the form down; restore puts it back. Of a road that keeps no more, these
// are the options. It must not be called keepForm, which every road would then have of it.
func (s *studio) heldForm() (restore func()) {
	if k, ok := s.lesson.(formKeeper); ok {
		return k.keepForm()
	}
	now := *s.lesson.options()
	return func() {
		*s.lesson.options() = now
		s.touchAll()
	}
}

func (o *options) sameSplit(p *options) bool {
	return o.seed == p.seed && o.validation == p.validation && o.test == p.test
}

func (a *App) keepForm() (restore func()) {
	n := a.network
	opts, layers, own := n.opts, slices.Clone(n.layers), n.own
	return func() {
		again := !n.opts.sameSplit(&opts)
		n.opts, n.layers, n.own = opts, slices.Clone(layers), own
		if again {
			a.columns.changed()
		}
		a.touch(n, a.train)
	}
}

func (a *Pictures) keepForm() (restore func()) {
	f := a.form
	opts, setup, side, scale, own, ownTrain := f.opts, f.setup, f.side, f.scale, f.own, f.ownTrain
	return func() {
		again := !f.opts.sameSplit(&opts) || f.side != side || f.setup != setup
		f.opts, f.setup, f.side, f.scale, f.own, f.ownTrain = opts, setup, side, scale, own, ownTrain
		if again {
			f.changed()
		}
		a.touch(f, a.train)
	}
}

func (a *Texts) keepForm() (restore func()) {
	f := a.form
	opts, network, scale, ownTrain := f.opts, f.network, f.scale, f.ownTrain
	return func() {
		again := !f.opts.sameSplit(&opts)
		f.opts, f.network, f.scale, f.ownTrain = opts, network, scale, ownTrain
		if again {
			a.words.changed()
		}
		a.touch(f, a.train)
	}
}

func (a *Series) keepForm() (restore func()) {
	p := a.plan
	choices, opts, network, scale, ownTrain := p.planChoices, p.opts, p.network, p.scale, p.ownTrain
	return func() {
		again := !p.opts.sameSplit(&opts) || p.planChoices != choices
		p.planChoices, p.opts, p.network, p.scale, p.ownTrain = choices, opts, network, scale, ownTrain
		if again {
			p.changed()
		}
		a.touch(p, a.train)
	}
}

// A shaper is a road whose network a search may make wider or narrower, and give dropout.
type shaper interface {
	// reshape changes units and filters by a factor, and with a dropout above 0 puts that
	// behind every hidden dense layer in place of any other.
	reshape(width, dropout float64)
	dropsOut() bool // dropout can be chosen
}

func (a *App) dropsOut() bool { return true }

func (a *App) reshape(width, dropout float64) {
	n := a.network
	var out []layerRow
	for _, l := range n.layers {
		if l.kind == "dropout" && dropout > 0 {
			continue
		}
		if v, ok := read(l.units); ok && l.kind == "dense" {
			l.units = plain(max(1, float64(int(v*width+0.5))))
		}
		out = append(out, l)
		if l.kind == "dense" && dropout > 0 {
			out = append(out, layerRow{key: l.key + "-dropout", kind: "dropout", units: "16", activation: l.activation, rate: plain(dropout)})
		}
	}
	n.layers = out
	n.touched()
}

func (a *Pictures) dropsOut() bool { return false }
func (a *Texts) dropsOut() bool    { return false }
func (a *Series) dropsOut() bool   { return false }

func (a *Pictures) reshape(width, _ float64) {
	a.form.scale = rescaled(a.form.scale, width)
	a.touch(a.form)
}
func (a *Texts) reshape(width, _ float64) {
	a.form.scale = rescaled(a.form.scale, width)
	a.touch(a.form)
}
func (a *Series) reshape(width, _ float64) {
	a.plan.scale = rescaled(a.plan.scale, width)
	a.touch(a.plan)
}

// networkSizes are those that forms know.
var networkSizes = []string{"small", "usual", "large"}

// rescaled is the next smaller or larger of them.
func rescaled(scale string, width float64) string {
	at := slices.Index(networkSizes, scale)
	switch {
	case width < 1:
		at--
	case width > 1:
		at++
	}
	return networkSizes[min(max(at, 0), len(networkSizes)-1)]
}
