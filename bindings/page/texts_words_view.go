package page

import (
	"strconv"

	"github.com/terrarium-ml/terrarium/core/data/text"
)

var tokenKinds = []choice{{string(text.KindWords), "words and punctuation marks"}, {string(text.KindCharacters), "characters"},
	{string(text.KindNGrams), "runs of characters (n-grams)"}, {string(text.KindBytePairs), "parts of words (byte pairs)"}}

var tokenReasons = map[text.Kind]string{
	text.KindWords:      "Words and punctuation marks. In languages without spaces each character is a token.",
	text.KindCharacters: "Every character is a token. For languages without spaces, and for models that write.",
	text.KindNGrams:     "Runs of a few characters, which overlap: endings and misspelt words are known by their parts.",
	text.KindBytePairs:  "Common words are one token, rare ones several: no word is unknown. Good for long articles.",
}

func (s *wordsStep) views() map[string]Nodes {
	a := s.app
	if !a.open() {
		return map[string]Nodes{"words-view": {el("p", class("empty"), txt("Once there are texts, you can see here how they are cut into words, characters or parts of words."))}}
	}
	var out Nodes
	if s.problem != nil {
		out = append(out, s.problem.view("words", "words.dismiss"))
	}
	out = append(out, s.formView(), s.preparedView())
	if s.last != nil {
		out = append(out, s.previewView())
	}
	return map[string]Nodes{"words-view": {el("fieldset", class("plain"), when(a.train.busy(), attr("disabled", "")), out)}}
}

// formView asks what a token is.
func (s *wordsStep) formView() Node {
	c := s.check()
	reason := tokenReasons[s.kind]
	if !s.own && s.reason != "" {
		reason = s.reason
	}
	text1 := func(id, action, label, hint, value string) Node {
		return field(id, label, hint, c[id], func(more Part) Node { return entry(id, action, "", value, "numeric", all{more, settled}) })
	}
	length := "Tokens of a text that the model reads. Left empty, so many that 19 of 20 texts are whole."
	if p := s.last; p != nil {
		length = "Tokens of a text that the model reads: now " + count(p.Setup.Options.Length) + ", and " + plural(p.Cut, "text is", "texts are") + " longer. Left empty, so many that 19 of 20 texts are whole."
	}
	return el("div", class("wrap"), keyed("form"),
		el("div", class("fields wide"), field("token-kind", "A token is", reason, check{}, func(more Part) Node {
			return chooser("token-kind", "words.kind", "", string(s.kind), tokenKinds, more)
		})),
		el("details", class("more"), ident("more-words"), el("summary", txt("Vocabulary and length")), el("div", class("fields"),
			text1("vocabulary", "words.vocabulary", "Vocabulary, at most", "The commonest tokens; all others count as unknown.", s.vocabulary),
			text1("min-count", "words.count", "A token comes at least", "Rarer ones are unknown: what is seen once teaches little.", s.minCount),
			text1("length", "words.length", "Length", length, s.length),
			field("cut", "A text that is too long loses", "", check{}, func(more Part) Node {
				return chooser("cut", "words.cut", "", string(s.cut), []choice{{string(text.CutEnd), "its end"}, {string(text.CutStart), "its beginning"}}, more)
			}),
			when(s.kind == text.KindNGrams,
				text1("low", "words.low", "Shortest run", "Characters.", s.low),
				text1("high", "words.high", "Longest run", "Characters.", s.high)))),
		button("words.reset", "", "second small", "Reset to the suggestion", ident("words-reset"), when(!s.own, attr("disabled", ""))))
}

// preparedView says what the texts became.
func (s *wordsStep) preparedView() Node {
	said := ""
	switch p := s.prepared; {
	case p != nil:
		said = plural(p.Prepared.Train, "text", "texts") + " to learn from, " + count(p.Prepared.Validation) + " to know when to stop, " + count(p.Prepared.Test) + " kept aside for the test."
	case !s.app.complete():
		said = "There must be texts of two classes at least."
	case s.waiting:
		said = "The words are being counted…"
		if s.total > 0 {
			said = "The words are being counted: " + percent(s.done/s.total)
		}
	}
	box := el("div", class("wrap"), keyed("prepared-box"), el("p", class("prepared"), ident("prepared"), txt(said)))
	if p := s.prepared; p != nil {
		known := "The vocabulary has " + plural(p.Vocabulary, "token", "tokens") + ", learned from the training part alone."
		if p.Tokens > 0 {
			known += " Of the tokens of the other texts it does not know " + percent(float64(p.Unknown)/float64(p.Tokens)) + "."
		}
		el("p", class("hint"), ident("vocabulary-said"), txt(known)).join(&box)
		noticeList("text-notices", p.Prepared.Notices).join(&box)
	}
	return box
}

// previewView shows how one text is cut.
func (s *wordsStep) previewView() Node {
	box := el("div", class("wrap"), keyed("preview"), el("h3", txt("How a text is cut")))
	field("token-text", "Type a text, or look at one of yours", "", check{}, func(more Part) Node {
		return el("textarea", ident("token-text"), attr("name", "token-text"), attr("rows", "2"), attr("autocomplete", "off"), act("words.typed", ""), holding(s.typed), asIs, more)
	}).join(&box)
	button("words.another", "", "second small", "Another of my texts", ident("token-another")).join(&box)
	t := s.tokens
	if t == nil {
		return box
	}
	row := el("p", class("tokens"), ident("tokens"), asIs, attr("aria-label", "Tokens of the text"))
	unknown := 0
	for i, token := range t.Tokens {
		kind := "token"
		switch {
		case i >= t.Length && s.cut != text.CutStart || s.cut == text.CutStart && i < t.Total-t.Length:
			kind += " token-cut"
		case token.ID == text.Unknown:
			kind += " token-unknown"
			unknown++
		}
		el("span", class(kind), attr("title", "number "+strconv.Itoa(token.ID)), txt(visible(token.Text))).join(&row)
		txt(" ").join(&row)
	}
	row.join(&box)
	said := plural(t.Total, "token", "tokens")
	if unknown > 0 {
		said += "; " + plural(unknown, "dashed one is", "dashed ones are") + " not in the vocabulary"
	}
	if t.Total > t.Length {
		said += "; crossed out is what the model does not read"
	}
	el("p", class("hint"), ident("tokens-said"), txt(said+".")).join(&box)
	return box
}

// visible makes spaces of a token seen.
func visible(token string) string {
	out := ""
	for _, r := range token {
		switch r {
		case ' ':
			out += "␣"
		case '\n':
			out += "↵"
		case '\t':
			out += "⇥"
		default:
			out += string(r)
		}
	}
	return out
}
