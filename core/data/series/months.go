package series

import (
	"strings"
	"unicode"

	"github.com/terrarium-ml/terrarium/core/data"
)

// monthsOf are the names of the months in German, French, Spanish, Italian, Portuguese and
// Dutch. Three letters are enough where they tell them apart.
var monthsOf = [][12]string{
	{"januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"},
	{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
	{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
	{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
}

var english = [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// monthNamed returns the month that a word names in one of these languages; 0 for none.
func monthNamed(word string) int {
	word = strings.ToLower(word)
	found := 0
	for _, names := range monthsOf {
		for i, name := range names {
			if name == word {
				return i + 1
			}
			if len([]rune(word)) >= 3 && strings.HasPrefix(name, word) {
				if found != 0 && found != i+1 {
					return 0 // jui…
				}
				found = i + 1
			}
		}
	}
	return found
}

// inEnglish writes the month of a date in English, and leaves a dot behind it away; false
// where no other language names one.
func inEnglish(cell string) (string, bool) {
	from := strings.IndexFunc(cell, unicode.IsLetter)
	if from < 0 {
		return "", false
	}
	to := len(cell)
	if n := strings.IndexFunc(cell[from:], func(r rune) bool { return !unicode.IsLetter(r) }); n >= 0 {
		to = from + n
	}
	month := monthNamed(cell[from:to])
	if month == 0 {
		return "", false
	}
	return cell[:from] + english[month-1] + strings.TrimPrefix(cell[to:], "."), true
}

// parseNamed reads a date whose month has a name in another language than English.
func parseNamed(cell string) (float64, bool) {
	cell, ok := inEnglish(cell)
	if !ok {
		return 0, false
	}
	if days, ok := data.ParseDate(cell, data.DateDMY); ok {
		return days, true
	}
	return parseMonth(cell)
}
