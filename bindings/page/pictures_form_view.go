package page

import (
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/json"
)

func (s *pictureForm) views() map[string]Nodes {
	a := s.app
	_, c := s.check()
	if !a.open() {
		return map[string]Nodes{"network-view": {el("p", class("empty"), txt("How pictures are shown to the network, and the network itself, follow once there are some."))}}
	}
	out := Nodes{}
	if s.problem != nil {
		out = append(out, s.problem.view("form", "shown.dismiss"))
	}
	out = append(out, s.shownView(c), s.varyView(), s.networkView(), s.optionsView(c))
	return map[string]Nodes{"network-view": {el("fieldset", class("plain"), when(a.train.busy(), attr("disabled", "")), out)}}
}

// shownView asks how pictures are shown to the network, and says what comes of it.
func (s *pictureForm) shownView(c checks) Node {
	box := el("div", class("fields"), keyed("shown"),
		field("side", "Longer side (pixels)", "Small pictures are learned fast; large ones show more.", c["side"], func(more Part) Node {
			return entry("side", "shown.side", "", s.side, "numeric", all{more, settled})
		}),
		field("fit", "If the shape does not fit", "", check{}, func(more Part) Node {
			return chooser("fit", "shown.fit", "", string(s.setup.Fit), []choice{{string(image.FitCrop), "keep the middle"}, {string(image.FitPad), "keep all, fill the rest"}, {string(image.FitStretch), "stretch"}}, more)
		}),
		field("channels", "Colours", "", check{}, func(more Part) Node {
			return chooser("channels", "shown.channels", "", strconv.Itoa(s.setup.Channels), []choice{{"1", "grey"}, {"3", "red, green, blue"}}, more)
		}))
	said := "The pictures are being prepared…"
	if p := s.prepared; p != nil {
		said = plural(p.Prepared.Train, "picture", "pictures") + " to learn from, " + count(p.Prepared.Validation) + " to know when to stop, " + count(p.Prepared.Test) + " kept aside for the test."
	} else if !s.app.complete() {
		said = "There must be pictures of two classes at least."
	} else if !s.waiting {
		said = ""
	}
	wrap := el("div", class("wrap"), keyed("shown-box"), box, el("p", class("prepared"), ident("prepared"), keyed("prepared"), txt(said)))
	if p := s.prepared; p != nil {
		noticeList("picture-notices", p.Prepared.Notices).join(&wrap)
	}
	return wrap
}

// varyView has a slider for each variation and shows what comes of them.
func (s *pictureForm) varyView() Node {
	grid := el("div", class("fields"))
	for i := range variations {
		v := &variations[i]
		value := *v.of(&s.setup.Augment) * v.unit
		id := "vary-" + v.name
		el("div", class("field"), keyed(id),
			el("label", attr("for", id), txt(v.label+": "+number(value)+" "+v.sign)),
			el("input", ident(id), attr("type", "range"), attr("min", "0"), attr("max", number(v.most)), attr("step", "1"), act("vary", v.name), holding(plain(value)),
				attr("aria-valuetext", number(value)+" "+v.sign), attr("aria-describedby", id+"-hint")),
			el("p", class("hint"), ident(id+"-hint"), txt(v.hint))).join(&grid)
	}
	tick("vary-flip", "vary.flip", "", "Mirror left and right (not for letters or digits)", s.setup.Augment.Flip).join(&grid)
	shown := el("div", class("thumbs"), ident("variations"), attr("role", "img"), attr("aria-label", "Examples of varied pictures"))
	for _, name := range s.shown {
		el("span", class("thumb"), keyed(name), bitmapNode(name, 72)).join(&shown)
	}
	return el("details", class("more"), keyed("vary"), ident("vary"), attr("open", ""), el("summary", txt("Vary the pictures while learning")),
		el("p", class("hint"), txt("Each time a picture is learned from it is changed a little, by chance, within these bounds: the network learns what matters, and not the pictures by heart. The same seed gives the same changes.")),
		grid, shown, button("vary.again", "", "second small", "Show others", ident("vary-again"), when(s.app.train.busy() || len(s.shown) == 0, attr("disabled", ""))))
}

// networkView lists the suggested network's layers.
func (s *pictureForm) networkView() Node {
	box := el("div", class("wrap"), keyed("network"))
	el("div", class("fields wide"), field("scale", "Size of the network", "A large one learns finer differences, needs more pictures and more time.", check{}, func(more Part) Node {
		return chooser("scale", "shown.scale", "", s.scale, []choice{{"small", "small"}, {"usual", "as suggested"}, {"large", "large"}}, more)
	})).join(&box)
	if s.prepared == nil {
		return box
	}
	list := el("ol", class("layers compact"), ident("layers"), attr("aria-label", "Layers of the network"))
	shape := s.prepared.Prepared.Pipeline.Shape()
	add := func(kind, name, what string) {
		el("li", class("layer "+kind), el("b", txt(name)), el("span", class("quiet"), txt(what))).join(&list)
	}
	add("fixed", "Input", count(shape[1])+" × "+count(shape[0])+" pixels, "+map[bool]string{true: "grey", false: "3 colours"}[shape[2] == 1])
	for _, l := range s.layers(parsed{}) {
		add(strings.ToLower(l.ClassName), layerTitles[l.ClassName], layerFacts(l))
	}
	add("fixed", "Output", plural(len(s.prepared.Prepared.Pipeline.Output.Labels), "class", "classes"))
	list.join(&box)
	return box
}

var layerTitles = map[string]string{"Conv2D": "Convolution", "MaxPooling2D": "Pooling", "Flatten": "Flatten", "Dropout": "Dropout", "Dense": "Dense"}

// layerFacts says a layer's options in few words.
func layerFacts(l bindings.Layer) string {
	var c struct {
		Filters    int     `json:"filters"`
		KernelSize []int   `json:"kernelSize"`
		PoolSize   []int   `json:"poolSize"`
		Rate       float64 `json:"rate"`
		Units      int     `json:"units"`
		Activation string  `json:"activation"`
	}
	if json.Unmarshal(l.Config, &c) != nil {
		return ""
	}
	switch {
	case c.Filters > 0 && len(c.KernelSize) == 2:
		return plural(c.Filters, "filter", "filters") + " of " + count(c.KernelSize[0]) + " × " + count(c.KernelSize[1]) + ", " + c.Activation
	case len(c.PoolSize) == 2:
		return "the largest of each " + count(c.PoolSize[0]) + " × " + count(c.PoolSize[1])
	case c.Rate > 0:
		return percent(c.Rate) + " switched off at random"
	case c.Units > 0:
		return plural(c.Units, "unit", "units") + ", " + c.Activation
	}
	return "all numbers in a row"
}

func (s *pictureForm) optionsView(c checks) Node {
	reasons := map[string]string{}
	if s.prepared != nil && !s.ownTrain {
		reasons = s.prepared.Prepared.Defaults.Reasons
	}
	return el("div", class("options"), keyed("options"),
		trainingFields(&s.opts, c, reasons, "picture", "pictures", s.prepared != nil && len(s.prepared.Prepared.Defaults.ClassWeight) > 0),
		button("option.reset", "", "second small", "Reset to the suggestion", ident("reset"), when(!s.own && !s.ownTrain, attr("disabled", ""))))
}
