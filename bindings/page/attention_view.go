package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// shades is how many strengths of ground there are, beside none.
const shades = 8

// shade is the strength of a share of the strongest.
func shade(v, most float64) int {
	if most <= 0 || v/most < 0.02 {
		return 0
	}
	return min(shades, 1+int(v/most*shades))
}

// nodes is what stands below the text; nothing for a model without attention.
func (s *attentionPart) nodes() Nodes {
	if !s.usable() || s.text() == "" {
		return nil
	}
	label := "Where does it look? Attention"
	if s.open {
		label = "Hide the attention"
	}
	box := el("div", class("wrap"), keyed(s.id), ident(s.id), button(s.id+".open", "", "second", label, ident(s.id+"-open"), attr("aria-expanded", strconv.FormatBool(s.open))))
	if !s.open {
		return Nodes{box}
	}
	s.q.view().join(&box)
	if w := s.weights(); w != nil {
		s.choices().join(&box)
		s.line(w).join(&box)
		s.heat(w).join(&box)
		el("p", class("hint"), txt("Attention shows from which tokens the network takes numbers. It is not by itself an explanation (Jain and Wallace, 2019): what happens to the answer without a word says more.")).join(&box)
	} else if s.got != nil {
		el("p", class("hint"), txt("There is nothing in this text that the model could read.")).join(&box)
	}
	return Nodes{box}
}

func (s *attentionPart) choices() Node {
	fields := el("div", class("fields"), keyed("choices"))
	var layers []choice
	for i, l := range s.got.Layers {
		layers = append(layers, choice{strconv.Itoa(i), l.Layer})
	}
	if len(layers) > 1 {
		field(s.id+"-layer", "Layer", "", check{}, func(more Part) Node {
			return chooser(s.id+"-layer", s.id+".layer", "", strconv.Itoa(s.layer), layers, asIs, more)
		}).join(&fields)
	}
	if n := s.got.Layers[s.layer].Heads; n > 1 {
		heads := []choice{{"0", "mean of all heads"}}
		for h := 1; h <= n; h++ {
			heads = append(heads, choice{strconv.Itoa(h), "head " + strconv.Itoa(h)})
		}
		field(s.id+"-head", "Head", "", check{}, func(more Part) Node {
			return chooser(s.id+"-head", s.id+".head", "", strconv.Itoa(s.head), heads, more)
		}).join(&fields)
	}
	last := strconv.Itoa(max(len(s.got.Tokens)-1, 0))
	field(s.id+"-token", "Token that looks", "", check{}, func(more Part) Node {
		return el("input", ident(s.id+"-token"), attr("type", "range"), attr("min", "0"), attr("max", last), attr("step", "1"), act(s.id+".token", ""), holding(strconv.Itoa(s.token)),
			attr("aria-valuetext", s.name(s.token)), more)
	}).join(&fields)
	return fields
}

func (s *attentionPart) name(token int) string { return visible(s.got.Tokens[token].Text) }

// line is the tokens, shaded by how much the chosen one looks at each, and a sentence that
// says the same.
func (s *attentionPart) line(w []float64) Nodes {
	n := len(s.got.Tokens)
	row := w[s.token*n : (s.token+1)*n]
	most := slices.Max(row)
	shown := el("p", class("tokens"), keyed("line"), ident(s.id+"-line"), asIs)
	for i := range n {
		kind := "token look look-" + strconv.Itoa(shade(row[i], most))
		if i == s.token {
			kind += " looks"
		}
		el("button", attr("type", "button"), attr("tabindex", "-1"), class(kind), act(s.id+".token", strconv.Itoa(i)), attr("data-weight", plain(round2(max(row[i], 1e-9)))), attr("title", percent(row[i])),
			txt(s.name(i))).join(&shown)
		txt(" ").join(&shown)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(row[b], row[a]) })
	said := el("p", keyed("said"), ident(s.id+"-said"), attr("role", "status"), el("b", asIs, txt(s.name(s.token))), txt(" looks most at "))
	for k, i := range order[:min(3, n)] {
		if k > 0 {
			txt(", ").join(&said)
		}
		el("b", asIs, txt(s.name(i))).join(&said)
		txt(" (" + percent(row[i]) + ")").join(&said)
	}
	txt(".").join(&said)
	return Nodes{shown, said}
}

// mostMapped is how many tokens a map can show.
const mostMapped = 64

// heat is the whole map: a row for each token that looks, a column for each that is looked
// at. Cells of a strength are one path, so that it stays cheap to draw.
func (s *attentionPart) heat(w []float64) Node {
	n := len(s.got.Tokens)
	if n > mostMapped {
		return el("p", class("hint"), keyed("heat"), txt("The map is shown for up to "+strconv.Itoa(mostMapped)+" tokens."))
	}
	const edge = 90
	side := min(14, max(6, 420/float64(n)))
	size := edge + side*float64(n)
	var paths [shades + 1]strings.Builder
	for q := range n {
		row := w[q*n : (q+1)*n]
		most := slices.Max(row)
		for from := 0; from < n; {
			strength, to := shade(row[from], most), from+1
			for to < n && shade(row[to], most) == strength {
				to++
			}
			if strength > 0 {
				p := &paths[strength]
				p.WriteString("M" + px(edge+side*float64(from)) + " " + px(edge+side*float64(q)) + "h" + px(side*float64(to-from)) + "v" + px(side) + "h-" + px(side*float64(to-from)) + "z")
			}
			from = to
		}
	}
	svg := el("svg", keyed("heat"), ident(s.id+"-map"), class("attention-map"), attr("viewBox", "0 0 "+px(size)+" "+px(size)), attr("width", px(size)), attr("height", px(size)), attr("role", "img"),
		attr("aria-label", "Map of attention: a row for each token that looks, a column for each that is looked at"))
	for k := 1; k <= shades; k++ {
		el("path", class("map-"+strconv.Itoa(k)), attr("d", paths[k].String())).join(&svg)
	}
	el("path", class("map-row"), attr("d", "M"+px(edge)+" "+px(edge+side*float64(s.token))+"h"+px(side*float64(n))+"v"+px(side)+"h-"+px(side*float64(n))+"z")).join(&svg)
	every := max(1, int(11/side+0.999))
	for i := 0; i < n; i += every {
		name := shorten(s.name(i), 12)
		at := edge + side*(float64(i)+0.5)
		el("text", class("tick"), asIs, attr("x", px(edge-4)), attr("y", px(at+3.5)), attr("text-anchor", "end"), txt(name)).join(&svg)
		el("text", class("tick"), asIs, attr("x", "0"), attr("y", "0"), attr("transform", "translate("+px(at+3.5)+" "+px(edge-4)+") rotate(-90)"), txt(name)).join(&svg)
	}
	return el("div", class("scroll"), keyed("heat"), attr("tabindex", "0"), attr("role", "region"), attr("aria-label", "Map of attention"), svg)
}
