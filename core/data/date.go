package data

import "bytes"

// parseDate reads a trimmed cell as days since 1970-01-01 (proleptic Gregorian), with
// the time of day as a fraction; time zones are read and not applied, because a day is
// the local day. Separators are - / . or space, with a month's English name also a
// comma; a year of two digits lies in 1970 … 2069; year and month alone (2024-05) mean
// the first of the month.
func parseDate(cell []byte, order DateOrder) (float64, bool) {
	if len(cell) < 6 || len(cell) > 40 {
		return 0, false
	}
	cell = afterWeekday(cell)
	var parts [3]int
	var width [3]int
	named := -1 // which part is a month's name
	n, rest := 0, cell
	for n < 3 {
		value, length, name := datePart(rest)
		if length == 0 {
			break
		}
		if name {
			if named >= 0 {
				return 0, false
			}
			named = n
		}
		parts[n], width[n] = value, length
		n++
		rest = rest[length:]
		if n == 3 || len(rest) == 0 {
			break
		}
		gap := separator(rest)
		if gap == 0 {
			return 0, false
		}
		rest = rest[gap:]
	}
	day, month, year, yearWidth, ok := arrange(parts, width, n, named, order)
	if !ok {
		return 0, false
	}
	fraction, ok := parseTime(rest)
	if !ok {
		return 0, false
	}
	if yearWidth == 2 {
		if year += 1900; year < 1970 {
			year += 100
		}
	}
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	return float64(daysFromCivil(year, month, day)) + fraction, true
}

// weekdays are known by three letters.
var weekdays = [7]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// afterWeekday takes a day's English name off: Sat, 01 Jan 2022.
func afterWeekday(cell []byte) []byte {
	n := 0
	var low [9]byte
	for n < len(cell) && n < len(low) && cell[n]|0x20 >= 'a' && cell[n]|0x20 <= 'z' {
		low[n] = cell[n] | 0x20
		n++
	}
	if n < 3 || n == len(cell) || cell[n] != ' ' && cell[n] != ',' && cell[n] != '.' {
		return cell
	}
	for _, day := range weekdays {
		if string(low[:n]) == day || n == 3 && string(low[:3]) == day[:3] {
			return bytes.TrimLeft(cell[n:], " ,.")
		}
	}
	return cell
}

// arrange gives the parts their meaning.
func arrange(parts, width [3]int, n, named int, order DateOrder) (day, month, year, yearWidth int, ok bool) {
	switch {
	case n == 2 && order == DateYMD && width[0] == 4 && named != 0:
		return 1, parts[1], parts[0], 4, true
	case n == 2 && order == DateDMY && named == 0 && width[1] == 4: // January 1949
		return 1, parts[0], parts[1], 4, true
	case n != 3:
		return 0, 0, 0, 0, false
	}
	d, m, y := 0, 1, 2
	switch order {
	case DateYMD:
		d, y = 2, 0
	case DateMDY:
		d, m = 1, 0
	}
	if named >= 0 && named != m {
		return 0, 0, 0, 0, false
	}
	yearOK := width[y] == 4 || width[y] == 2 && order != DateYMD
	return parts[d], parts[m], parts[y], width[y], yearOK && width[d] <= 2 && (named >= 0 || width[m] <= 2)
}

// datePart reads digits or a month's name; length 0 if there is neither.
func datePart(b []byte) (value, length int, name bool) {
	for length < len(b) && length < 5 && b[length] >= '0' && b[length] <= '9' {
		value = value*10 + int(b[length]-'0')
		length++
	}
	if length > 0 {
		return value, length, false
	}
	var low [9]byte
	for length < len(b) && length < len(low) {
		c := b[length] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		low[length] = c
		length++
	}
	for i, month := range months {
		if length >= 3 && length <= len(month) && string(low[:length]) == month[:length] && (length == 3 || length == len(month) || month[:length] == "sept") {
			return i + 1, length, true
		}
	}
	return 0, 0, false
}

var months = [12]string{"january", "february", "march", "april", "may", "june", "july",
	"august", "september", "october", "november", "december"}

// separator returns the length of what stands between two parts of a date.
func separator(b []byte) int {
	switch {
	case bytes.HasPrefix(b, []byte(", ")) || bytes.HasPrefix(b, []byte(". ")):
		return 2
	case b[0] == '-' || b[0] == '/' || b[0] == '.' || b[0] == ' ':
		return 1
	}
	return 0
}

// parseTime reads "", "T10:20", " 10:20:30.5", "… PM", each perhaps with a time zone,
// as a fraction of a day.
func parseTime(b []byte) (float64, bool) {
	if len(b) == 0 {
		return 0, true
	}
	if b[0] != 'T' && b[0] != 't' && b[0] != ' ' {
		return 0, false
	}
	var unit [3]int
	rest := bytes.TrimLeft(b[1:], " ")
	n := 0
	for n < 3 {
		value, length, name := datePart(rest)
		if name || length == 0 || length > 2 {
			return 0, false
		}
		unit[n] = value
		n++
		rest = rest[length:]
		if len(rest) == 0 || rest[0] != ':' {
			break
		}
		rest = rest[1:]
	}
	second := float64(unit[2])
	if len(rest) > 1 && rest[0] == '.' && n == 3 {
		end := 1
		for end < len(rest) && end < 10 && rest[end] >= '0' && rest[end] <= '9' {
			end++
		}
		part, _ := parsePlain(append([]byte{'0'}, rest[:end]...))
		second += part
		rest = rest[end:]
	}
	hour := unit[0]
	rest = bytes.TrimSpace(rest)
	if len(rest) == 2 && rest[1]|0x20 == 'm' && (rest[0]|0x20 == 'a' || rest[0]|0x20 == 'p') {
		if hour < 1 || hour > 12 {
			return 0, false
		}
		if hour %= 12; rest[0]|0x20 == 'p' {
			hour += 12
		}
		rest = nil
	}
	if n < 2 || hour > 23 || unit[1] > 59 || unit[2] > 59 || !isZone(rest) {
		return 0, false
	}
	return (float64(hour*3600+unit[1]*60) + second) / 86400, true
}

// isZone tells whether b is empty or a time zone as ISO 8601 and logs write it.
func isZone(b []byte) bool {
	if len(b) == 0 || len(b) == 1 && b[0]|0x20 == 'z' || string(b) == "UTC" || string(b) == "GMT" {
		return true
	}
	if isCapitals(b) { // CET, PDT
		return true
	}
	if b[0] != '+' && b[0] != '-' || len(b) > 6 || len(b) < 3 {
		return false
	}
	for _, c := range b[1:] {
		if c != ':' && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// isCapitals tells whether b is three to five capitals.
func isCapitals(b []byte) bool {
	for _, c := range b {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(b) >= 3 && len(b) <= 5
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysFromCivil counts days from 1970-01-01 in whole numbers (H. Hinnant,
// chrono-Compatible Low-Level Date Algorithms, 2013). The year is at least 0.
func daysFromCivil(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	era := (year + 400) / 400 // one ahead, so that year -1 (January of year 0) stays positive
	ofEra := year + 400 - era*400
	ofYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468 - 146097
}

// civilFromDays is the inverse of daysFromCivil, for days from year 0 on.
func civilFromDays(days int) (year, month, day int) {
	days += 719468 + 146097
	era := days / 146097
	ofEra := days % 146097
	y := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*y + y/4 - y/100)
	m := (5*ofYear + 2) / 153
	day = ofYear - (153*m+2)/5 + 1
	year = y + era*400 - 400
	if month = m + 3; month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}
