package page

import "strings"

// listen hears the fields of trainingFields: train is called for those that only training
// looks at, split for those that change the parts of the data.
func (o *options) listen(h *hub, train, split func()) {
	field := func(name string, to *string, changed func()) {
		h.on("option."+name, func(act Action) { *to = act.Value; changed() })
	}
	field("epochs", &o.epochs, train)
	field("batch", &o.batch, train)
	field("rate", &o.rate, train)
	field("patience", &o.patience, train)
	field("optimizer", &o.optimizer, train)
	field("seed", &o.seed, split)
	field("validation", &o.validation, split)
	field("test", &o.test, split)
	h.on("option.early", func(act Action) { o.early = act.Checked; train() })
	h.on("option.weights", func(act Action) { o.weights = act.Checked; train() })
}

// trainingFields asks how to train. Reasons stand in the place of the usual hints; things
// are what is learned from, "picture" and "pictures"; weights tells whether classes can be
// weighed.
func trainingFields(o *options, c checks, reasons map[string]string, one, many string, weights bool) Nodes {
	why := func(name, otherwise string) string {
		if reasons[name] != "" {
			return reasons[name]
		}
		return otherwise
	}
	text := func(id, label, hint, value, mode string) Node {
		return field(id, label, hint, c[id], func(more Part) Node { return entry(id, "option."+id, "", value, mode, more) })
	}
	basic := el("div", class("fields"),
		text("epochs", "Epochs", why("epochs", "How often the network sees every "+one+", at most."), o.epochs, "numeric"),
		text("batch", "Batch size", why("batchSize", strings.ToUpper(many[:1])+many[1:]+" a step."), o.batch, "numeric"),
		text("rate", "Learning rate", why("learningRate", "How far each step goes."), o.rate, "decimal"),
		text("seed", "Seed", "The same seed gives the same split, the same start and the same model, to the bit.", o.seed, "numeric"))
	more := el("div", class("fields"),
		field("optimizer", "Optimizer", "", check{}, func(more Part) Node {
			return chooser("optimizer", "option.optimizer", "", strings.ToLower(o.optimizer), optimizerChoices, more)
		}),
		text("validation", "Validation part (%)", "Watched during training, not learned from.", o.validation, "decimal"),
		text("test", "Test part (%)", "Kept aside to the very end.", o.test, "decimal"))
	stop := el("div", class("fields"),
		tick("early", "option.early", "", "Stop early, and go back to the best epoch", o.early),
		when(o.early, text("patience", "Patience", "Epochs without a better validation loss before it stops.", o.patience, "numeric")),
		when(weights, tick("weights", "option.weights", "", "Weigh rare classes more (the classes are of very different size)", o.weights)))
	return Nodes{basic, el("details", class("more"), ident("more-options"), el("summary", txt("More options")), more), stop}
}
