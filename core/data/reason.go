package data

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// noteMissing says which words were read as missing, and that a date's order was guessed.
func (t *Table) noteMissing(c *column) {
	f := &c.facts
	if len(f.words) > 0 {
		var list []string
		total := 0
		for _, w := range sortWords(f.words) {
			total += w.count
			list = append(list, w.word)
		}
		c.note(NoticeMissing, 0, "In column %s, %s read as missing: %s.", quoted(c.name), plural(total, "cell was", "cells were"), brief(list))
	}
	if c.kind == KindDate && f.orderOpen {
		c.note(NoticeDateOrder, 0, "The dates in column %s could be day/month/year or month/day/year; day first was assumed. Change it if that is wrong.", quoted(c.name))
	}
}

// reason says why the column has its kind, and whether it can be a feature.
func (t *Table) reason(c *column) {
	p := &c.profile
	switch {
	case p.Empty:
		p.Role = RoleIgnore
		p.Reason = "No row has a value here, so there is nothing to learn from it."
		c.note(NoticeEmpty, 0, "Column %s has no values and is ignored.", quoted(c.name))
		return
	case p.Constant:
		p.Role = RoleIgnore
		p.Reason = fmt.Sprintf("Every value is %s, so it cannot tell rows apart.", quoted(strings.Join(p.Samples, "")))
		c.note(NoticeConstant, 0, "Column %s has the same value everywhere and is ignored.", quoted(c.name))
		return
	}
	switch c.kind {
	case KindID:
		p.Role = RoleIgnore
		p.Reason = "Every row has its own value, like a serial number or a code. A network would learn the rows by heart instead of a rule."
		c.note(NoticeID, 0, "Column %s identifies the rows and is ignored.", quoted(c.name))
	case KindText:
		p.Role = RoleIgnore
		p.Reason = fmt.Sprintf("Free text: %s different values. This kind of network reads numbers, categories, yes/no and dates.", atLeast(p))
		c.note(NoticeText, 0, "Column %s is free text and is ignored.", quoted(c.name))
	case KindNumber:
		p.Reason = fmt.Sprintf("Numbers from %s to %s.", formatNumber(p.Min), formatNumber(p.Max))
	case KindBoolean:
		p.Reason = "One of two values: " + strings.Join(sorted(p.Samples), " or ") + "."
	case KindDate:
		p.Reason = fmt.Sprintf("Dates from %s to %s.", formatDate(p.Min), formatDate(p.Max))
	default:
		p.Reason = fmt.Sprintf("One of %s different values that come again and again.", atLeast(p))
	}
	if p.Missing > 0 {
		p.Reason += fmt.Sprintf(" Missing in %s (%s).", plural(p.Missing, "row", "rows"), percent(p.Missing, t.store.rows))
	}
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

func atLeast(p *ColumnProfile) string {
	if p.Many {
		return "over " + grouped(p.Distinct)
	}
	return grouped(p.Distinct)
}

// formatNumber writes a number for a sentence: up to six significant digits.
func formatNumber(v float64) string { return fmt.Sprintf("%.6g", v) }

// formatDate writes days since 1970-01-01 as 2024-01-31, with the time where there is one.
func formatDate(days float64) string {
	whole := int(math.Floor(days))
	year, month, day := civilFromDays(whole)
	s := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if minutes := int(math.Round((days - float64(whole)) * 1440)); minutes > 0 && minutes < 1440 { //terrarium:display
		s += fmt.Sprintf(" %02d:%02d", minutes/60, minutes%60)
	}
	return s
}
