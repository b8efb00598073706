package data

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// fitWords fits a category or a boolean.
func (f *fitter) fitWords(in *Input) (bool, error) {
	counts, err := f.countWords()
	if err != nil {
		return false, err
	}
	words := sortWords(counts)
	if in.Kind == KindBoolean {
		words = mergeTruths(words)
		if len(words) > 2 {
			return false, optionError(in.Name, "%s has %d different values; a boolean has two. Make it a category.", quoted(in.Name), len(words))
		}
	}
	if len(words) < 2 && !(in.Flag && len(words) == 1 && in.Kind == KindCategory) {
		return false, nil
	}
	common := words[0].word
	switch in.Encoding {
	case EncodingOneHot:
		words = f.merge(in, words)
	case EncodingOrdinal:
		words = f.order(words)
	}
	if in.Kind == KindBoolean {
		sort.SliceStable(words, func(i, j int) bool { return rank(words[i].word) < rank(words[j].word) })
	}
	if len(words) > maxCategories {
		return false, dataError(in.Name, "%s has %s different values, too many for a category. Ignore it.", quoted(in.Name), grouped(len(words)))
	}
	for _, w := range words {
		in.Categories = append(in.Categories, w.word)
	}
	fill := common
	if f.cs.Missing == MissingConstant {
		fill = strings.TrimSpace(f.cs.Constant)
	}
	k := slices.Index(in.Categories, fill)
	if k < 0 && f.cs.Missing == MissingConstant {
		return false, optionError(in.Name, "The constant for missing values of %s must be one of %s, got %s.", quoted(in.Name), brief(in.Categories), quoted(fill))
	}
	in.Fill, in.Default = float32(max(k, 0)), in.Categories[max(k, 0)]
	in.Max = float64(len(words) - 1)
	if in.Encoding != EncodingOneHot {
		return f.scaleWords(in)
	}
	return true, nil
}

// countWords counts the words of the training part.
func (f *fitter) countWords() (map[string]int, error) {
	counts := make(map[string]int)
	d := f.c.words
	if d == nil {
		return counts, f.each(func(_, row int) {
			if cell := f.t.cell(row, f.c.index); !isMissing(cell) && len(cell) <= maxText {
				counts[string(cell)]++
			}
		})
	}
	of := make([]int, len(d.words))
	err := f.each(func(_, row int) {
		if k := d.code[row]; k >= 0 {
			of[k]++
		}
	})
	for k, w := range d.words {
		if of[k] > 0 && len(w) <= maxText {
			counts[w] = of[k]
		}
	}
	return counts, err
}

// mergeTruths counts TRUE and true as one, under the commoner spelling.
func mergeTruths(words []wordCount) []wordCount {
	var out []wordCount
	for _, w := range words {
		value, ok := truth([]byte(w.word))
		at := -1
		for i := range out {
			if v, known := truth([]byte(out[i].word)); known && ok && v == value {
				at = i
			}
		}
		if at >= 0 {
			out[at].count += w.count
		} else {
			out = append(out, w)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].count > out[j].count })
	return out
}

// merge keeps the categories that are common enough for a feature of their own, and
// puts one for the others behind them.
func (f *fitter) merge(in *Input, words []wordCount) []wordCount {
	least, most := rareBelow(len(f.rows)), maxOneHot
	if f.cs.KeepRare {
		least, most = 1, maxKeptApart
	}
	keep := 0
	for keep < len(words) && keep < most && words[keep].count >= least {
		keep++
	}
	if keep = max(keep, 1); keep == len(words) {
		return words
	}
	other := wordCount{word: otherName}
	for _, w := range words[keep:] {
		other.count += w.count
	}
	f.note(NoticeOther, "In column %s, %s too rare to learn from (%s in all) and count as %s.", quoted(in.Name),
		plural(len(words)-keep, "category is", "categories are"), plural(other.count, "row", "rows"), quoted(otherName))
	in.Other = otherName
	words = words[:keep:keep]
	for i := range words {
		if words[i].word == otherName { // the file's own word for it
			return words
		}
	}
	return append(words, other)
}

// rareBelow returns how many of so many training rows a category needs to be kept apart.
// In a table so small that nearly everything is rare, all are.
func rareBelow(rows int) int {
	if rows < 50 {
		return 1
	}
	return max(rareRows, int(rareShare*float64(rows)))
}

// order sorts the categories of an ordinal encoding: as the setup says, behind that by
// value where they are numbers, else by name.
func (f *fitter) order(words []wordCount) []wordCount {
	place := func(w string) int {
		if i := slices.Index(f.cs.Order, w); i >= 0 {
			return i
		}
		return len(f.cs.Order)
	}
	number := func(w string) float64 {
		if v, err := strconv.ParseFloat(w, 64); err == nil {
			return v
		}
		return math.Inf(1)
	}
	sort.Slice(words, func(i, j int) bool {
		a, b := words[i], words[j]
		return cmp.Or(cmp.Compare(place(a.word), place(b.word)), cmp.Compare(number(a.word), number(b.word)), strings.Compare(a.word, b.word)) < 0
	})
	return words
}

// scaleWords sets Center and Scale for categories that are used by their index.
func (f *fitter) scaleWords(in *Input) (bool, error) {
	p := Pipeline{Inputs: []Input{*in}}
	p.link()
	r := p.reader(f.t, 0, f.c)
	return f.scaleRaw(in, func(row int) (float32, bool) {
		x := r.read(row)
		return x, x == x
	})
}
