package text

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// What this package asks of Unicode's tables, as data: for programs that repeat what it
// does without having these tables, as compiled models do (core/codegen).

// A Run is a run of characters of which the same holds, up to where the next one begins.
type Run struct {
	From  rune
	Value int32
}

// Values of Properties.
const (
	PropertyClass = 7 // the bits that say what a character is to those who cut texts
	PropertyDigit = 8 // the bit of decimal digits, which Cleaning's Digits makes 0
)

// What a character is to those who cut texts, as Properties has it.
const (
	ClassSpace  = int32(classSpace)
	ClassWord   = int32(classWord)
	ClassLone   = int32(classLone)
	ClassSymbol = int32(classSymbol)
	ClassExtend = int32(classExtend)
)

// Properties tells of all characters, from 0 on, what they are to those who cut texts
// and, if digits are asked for, whether they are digits. Without classes all that is not
// ClassSpace is ClassWord.
func Properties(classes, digits bool) []Run {
	tables := append([]*unicode.RangeTable{unicode.White_Space, unicode.M, unicode.Cf, unicode.L, unicode.N, unicode.Nd}, spaceless...)
	bounds := make([]rune, utf8.RuneSelf, 1<<14)
	for r := range bounds {
		bounds[r] = rune(r)
	}
	for _, t := range tables {
		for _, r := range t.R16 {
			bounds = appendBounds(bounds, rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			bounds = appendBounds(bounds, rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	slices.Sort(bounds)
	var runs []Run
	for _, r := range bounds {
		class := classOf(r)
		if !classes && class != classSpace {
			class = classWord
		}
		value := int32(class)
		if digits && unicode.IsDigit(r) {
			value |= PropertyDigit
		}
		if n := len(runs); n == 0 || runs[n-1].Value != value {
			runs = append(runs, Run{r, value})
		}
	}
	return runs
}

// appendBounds appends where a table's answer may change.
func appendBounds(bounds []rune, lo, hi, stride rune) []rune {
	if stride == 1 {
		return append(bounds, lo, hi+1)
	}
	for r := lo; r <= hi; r += stride {
		bounds = append(bounds, r, r+1)
	}
	return bounds
}

// EverySecond is the Value in LowerCase of runs in which every second character, from
// the first on, is the capital of the one behind it.
const EverySecond = unicode.UpperLower

// LowerCase tells of all characters, from 0 on, how far their lower-case form is away.
func LowerCase() []Run {
	runs := []Run{{}}
	for _, c := range unicode.CaseRanges {
		delta := c.Delta[unicode.LowerCase]
		if delta == 0 {
			continue
		}
		if last := &runs[len(runs)-1]; last.From == rune(c.Lo) {
			last.Value = delta
		} else {
			runs = append(runs, Run{rune(c.Lo), delta})
		}
		runs = append(runs, Run{rune(c.Hi) + 1, 0})
	}
	return runs
}
