package page

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// count writes a whole number with thin spaces between thousands: 12 345.
func count[T ~int | ~int64](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	if len(s) <= 4 {
		return sign + s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return sign + s
}

// plural writes a count with its noun: "1 row", "12 rows".
func plural[T ~int | ~int64](n T, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// number writes a measurement with about four significant digits.
func number(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	case v == 0:
		return "0"
	}
	a := math.Abs(v)
	if a >= 1e7 || a < 1e-4 {
		return strings.Replace(strconv.FormatFloat(v, 'e', 2, 64), "-", "−", -1)
	}
	if a >= 10000 {
		return count(int64(math.Round(v)))
	}
	digits := 3 - int(math.Floor(math.Log10(a)))
	s := strconv.FormatFloat(v, 'f', max(digits, 0), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return strings.Replace(s, "-", "−", 1)
}

// plain writes a number as a form holds it: machine-readable, shortest.
func plain(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// percent writes a share: 97.1 %.
func percent(share float64) string {
	if math.IsNaN(share) {
		return "–"
	}
	if math.Abs(share) >= 100 {
		return number(share*100) + "\u00a0%"
	}
	return strconv.FormatFloat(share*100, 'f', 1, 64) + "\u00a0%"
}

// size writes a number of bytes: 1.4 MB.
func size(bytes int64) string {
	v, unit := float64(bytes), "B"
	for _, next := range []string{"kB", "MB", "GB"} {
		if v < 1000 {
			break
		}
		v, unit = v/1000, next
	}
	if unit == "B" || v >= 100 {
		return strconv.FormatFloat(v, 'f', 0, 64) + "\u00a0" + unit
	}
	return strconv.FormatFloat(v, 'f', 1, 64) + "\u00a0" + unit
}

// timeLeft writes how long something will still take, coarsely: it should not jump.
func timeLeft(d time.Duration) string {
	switch {
	case d < 3*time.Second:
		return "a moment left"
	case d < 55*time.Second:
		return "about " + strconv.Itoa(int(math.Ceil(d.Seconds()/5))*5) + " s left"
	case d < 55*time.Minute:
		return "about " + strconv.Itoa(int(math.Ceil(d.Minutes()))) + " min left"
	}
	return "about " + strconv.FormatFloat(d.Hours(), 'f', 1, 64) + " h left"
}

// took writes how long something took.
func took(d time.Duration) string {
	if d < time.Minute {
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return strconv.Itoa(int(d.Minutes())) + " min " + strconv.Itoa(int(d.Seconds())%60) + " s"
}

// day writes days since 1970-01-01 as a date.
func day(days float64) string {
	if math.IsNaN(days) || math.Abs(days) > 3e6 {
		return "–"
	}
	return time.Unix(int64(math.Floor(days))*86400, 0).UTC().Format("2006-01-02")
}

// shorten cuts a long text at n runes.
func shorten(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// sentence makes one of a label: "one text taken out" to "One text taken out.".
func sentence(label string) string {
	r, n := utf8.DecodeRuneInString(label)
	return string(unicode.ToUpper(r)) + label[n:] + "."
}

// listing joins words as a sentence does: a, b and c; at most n of them by name.
func listing(words []string, n int) string {
	if len(words) > n {
		words = append(append([]string(nil), words[:n]...), plural(len(words)-n, "other", "others"))
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
