package page

import "strconv"

// mostOverlaid is how many curves the comparison draws: as many as there are colours.
const mostOverlaid = 6

// nodes show the table of trainings and their curves, once there are two, or one was
// removed.
func (s *runsPart) nodes() Nodes {
	if len(s.list) == 0 && s.gone == nil || len(s.list) < 2 && s.count < 2 {
		return nil
	}
	box := el("section", class("runs"), keyed("runs"), attr("aria-labelledby", "runs"), el("h3", ident("runs"), attr("tabindex", "-1"), txt("Compare your trainings")))
	if s.gone != nil {
		el("p", class("tools"), keyed("runs-undo"), el("span", txt("One training was removed.")), button("runs.undo", "", "second small", "Undo", ident("runs-undo"))).join(&box)
	}
	if len(s.list) > 0 {
		s.table().join(&box)
		s.plot().join(&box)
		el("p", class("hint"), keyed("hint"), txt("Marked settings differ from the training above. Choosing among many trainings by their test score makes that score look better than it is: keep some rows for the very end, or try another seed.")).join(&box)
	}
	return Nodes{box}
}

func (s *runsPart) table() Node {
	columns := s.columns()
	head := el("tr")
	for _, h := range headings(append(append([]string{"Run", "Score", "Curve"}, columns...), "Epochs", "Time", "")...) {
		h.join(&head)
	}
	body := el("tbody")
	best := s.best()
	for i, r := range s.list {
		id := strconv.Itoa(r.number)
		row := el("tr", keyed(id), attr("data-run", id),
			el("th", attr("scope", "row"), el("input", ident("run-name-"+id), attr("type", "text"), attr("aria-label", "Name of run "+id), attr("placeholder", "run "+id), attr("autocomplete", "off"), act("runs.name", id), holding(r.name))),
			el("td", class("num"), el("b", txt(r.score)), when(i == best, el("span", class("yours"), txt("best")))),
			el("td", el("label", class("tick-box"), attr("for", "run-show-"+id), el("input", ident("run-show-"+id), attr("type", "checkbox"), act("runs.show", id), ticked(r.shown), attr("aria-label", "Draw the curve of run "+id)), el("span", class("swatch run-"+strconv.Itoa(s.colour(i))), attr("aria-hidden", "true")))))
		for _, name := range columns {
			value := r.of(name)
			if i > 0 && value != s.list[i-1].of(name) {
				el("td", when(len(value) > 24, class("long")), el("mark", txt(value)), el("span", class("unseen"), txt(" changed"))).join(&row)
			} else {
				el("td", when(len(value) > 24, class("long")), txt(value)).join(&row)
			}
		}
		all{el("td", class("num"), txt(count(r.epochs))), el("td", class("num"), txt(took(r.took))),
			el("td", el("div", class("tools"), button("runs.again", id, "second small", "Use these settings again", when(s.app.train.busy(), attr("disabled", ""))),
				button("runs.remove", id, "second small", "Remove", attr("aria-label", "Remove run "+id))))}.join(&row)
		row.join(&body)
	}
	return el("div", class("scroll"), keyed("table"), attr("tabindex", "0"), attr("role", "region"), attr("aria-label", "Your trainings"),
		el("table", class("runs-table"), ident("runs-table"), el("thead", head), body))
}

// colour is the number of a run's colour and dash: they go round.
func (s *runsPart) colour(i int) int { return (s.list[i].number - 1) % mostOverlaid }

// plot lays the curves of the chosen runs over each other: the validation loss where all
// have one.
func (s *runsPart) plot() Node {
	name, title := "val_loss", "Validation loss"
	for _, r := range s.list {
		if r.shown && len(r.curves["val_loss"]) == 0 {
			name, title = "loss", "Training loss"
		}
	}
	w := min(720, max(s.app.screen.Width()-56, 280))
	p := Plot{ID: "plot-runs", Title: title, Width: w, Height: min(w*0.5, 260), Cursor: -1, Best: -1}
	legend := el("p", class("legend"))
	for i, r := range s.list {
		if !r.shown || len(p.Curves) == mostOverlaid {
			continue
		}
		c := "run-" + strconv.Itoa(s.colour(i))
		p.Curves = append(p.Curves, Curve{r.title(), c, r.curves[name]})
		el("span", class("key "+c), attr("translate", "no"), txt(r.title())).join(&legend)
	}
	if len(p.Curves) == 0 {
		return el("p", class("hint"), keyed("plot"), txt("Tick a training to see its curve."))
	}
	drawn := p.View()
	for i := range drawn.Attrs { // it has no cursor to move
		if drawn.Attrs[i].Name == "data-plot" {
			drawn.Attrs[i].Name = "data-curves"
		}
	}
	return el("figure", keyed("plot"), el("figcaption", el("b", txt(title)), legend), drawn)
}
