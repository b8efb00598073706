package page

import "slices"

// A formKeeper is a road whose whole form can be put back as it was: network, options, and
// what else decides how it trains.
type formKeeper interface {
	keepForm() (restore func())
}

// keepForm takes the form down; restore puts it back. Of a road that keeps no more, these
// are the options.
func (s *studio) keepForm() (restore func()) {
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

// A shaper is a road whose network a search may make wider or narrower, and give dropout.
type shaper interface {
	// reshape changes units and filters by a factor, and with a dropout above 0 puts that
	// behind every hidden dense layer in place of any other.
	reshape(width, dropout float64)
	dropsOut() bool // dropout can be chosen
}

func (a *App) dropsOut() bool      { return true }
func (a *Pictures) dropsOut() bool { return false }

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

// widths of pictures' networks are those that the form knows.
func (a *Pictures) reshape(width, _ float64) {
	sizes := []string{"small", "usual", "large"}
	at := slices.Index(sizes, a.form.scale)
	switch {
	case width < 1:
		at--
	case width > 1:
		at++
	}
	a.form.scale = sizes[min(max(at, 0), len(sizes)-1)]
	a.touch(a.form)
}
