package data

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// A Decoder gives what r holds in a named encoding as UTF-8. The names are those of the
// Encoding Standard (WHATWG), which browsers and golang.org/x/net/html/charset know, in
// capitals: "GB18030", "SHIFT_JIS". Tables of Chinese and Japanese characters would be a
// tenth of every visitor's download, and each browser has them: so whoever calls gives them.
type Decoder func(encoding string, r io.Reader) io.Reader

// Encodings are what a ReadOptions may ask for. UTF-8, UTF-16 and Windows-1252 are read
// without a Decoder.
var Encodings = []string{encodingUTF8, encodingUTF16LE, encodingUTF16BE, encodingWestern,
	"GB18030", "BIG5", "SHIFT_JIS", "EUC-JP", "EUC-KR", "WINDOWS-1251", "KOI8-R", "IBM866",
	"WINDOWS-1250", "ISO-8859-2", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258",
	"WINDOWS-874", "MACINTOSH"}

// The encodings that are read here.
const (
	encodingUTF8    = "UTF-8"
	encodingUTF16LE = "UTF-16LE"
	encodingUTF16BE = "UTF-16BE"
	encodingWestern = "Windows-1252"
)

// guessEncoding finds out how the beginning of a file is encoded: by its mark, by the zeros
// of UTF-16, else by which letters its bytes would be. "" is UTF-8, or a text in which
// single lines are something else; mark is how many bytes the mark takes.
func guessEncoding(head []byte) (encoding string, mark int) {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return encodingUTF8, 3
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE, 0, 0}): // UTF-32, which nobody writes
		return "", 0
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return encodingUTF16LE, 2
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return encodingUTF16BE, 2
	}
	if wide := guessWide(head); wide != "" {
		return wide, 0
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return "", 0
	}
	text := foreignLines(head)
	if len(text) == 0 {
		return "", 0
	}
	return guessForeign(text), 0
}

// guessForeign finds out how a text is encoded that is neither UTF-8 nor UTF-16. "" is
// Windows-1252, or what cannot be told.
func guessForeign(text []byte) string {
	if encoding := guessPairs(text); encoding != "" {
		return encoding
	}
	return guessLetters(text)
}

// guessWide knows UTF-16 without a mark: even texts in Chinese have delimiters and line ends,
// which are a zero beside a byte of ASCII, always on the same side.
func guessWide(head []byte) string {
	var zeros [2]int
	for i, b := range head[:len(head)&^1] {
		if b != 0 {
			continue
		}
		if beside := head[i^1]; beside >= 0x7F || beside < ' ' && beside != '\t' && beside != '\n' && beside != '\r' {
			return ""
		}
		zeros[i&1]++
	}
	few := max(3, len(head)/40) // of two bytes, one of twenty
	switch {
	case zeros[0] == 0 && zeros[1] > few:
		return encodingUTF16LE
	case zeros[1] == 0 && zeros[0] > few:
		return encodingUTF16BE
	}
	return ""
}

// foreignLines returns the lines that are not UTF-8; none where more than a few of those that
// hold more than ASCII are.
func foreignLines(head []byte) []byte {
	var out []byte
	valid, foreign := 0, 0
	for len(head) > 0 {
		line := head
		end := bytes.IndexAny(head, "\n\r")
		if end >= 0 {
			line, head = head[:end+1], head[end+1:]
		} else {
			head = nil
		}
		switch {
		case plainPrefix(line) == len(line):
		case utf8.Valid(line) || end < 0 && utf8.Valid(line[:len(line)-cutRune(line)]):
			valid++
		default:
			foreign++
			out = append(out, line...)
		}
	}
	if valid*10 > foreign {
		return nil
	}
	return out
}

// cutRune is how many bytes at the end begin a character that goes on behind them.
func cutRune(b []byte) int {
	for n := 1; n <= min(3, len(b)); n++ {
		if utf8.RuneStart(b[len(b)-n]) {
			if utf8.FullRune(b[len(b)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}

// pairs describe an encoding in which a character takes two bytes: which may follow which,
// and which first bytes the common characters have.
type pairs struct {
	encoding string
	first    func(b byte) bool
	second   func(b byte) bool
	common   func(a, b byte) bool
	single   func(b byte) bool // bytes above ASCII that are a character alone
	longer   func(text []byte) int
}

func within(b, lo, hi byte) bool { return b >= lo && b <= hi }

func none(byte) bool { return false }

// twoBytes are the encodings of Chinese, Japanese and Korean. Common are: in GB 2312 and
// KS X 1001 the characters of daily use and the punctuation, by place in the code; in Big5
// its first level; in JIS X 0208 the kana, the punctuation and the first level.
var twoBytes = []pairs{
	{"GB18030", func(b byte) bool { return within(b, 0x81, 0xFE) }, func(b byte) bool { return within(b, 0x40, 0xFE) && b != 0x7F },
		func(a, b byte) bool { return b >= 0xA1 && (within(a, 0xB0, 0xD7) || within(a, 0xA1, 0xA3)) }, none, fourBytes},
	{"BIG5", func(b byte) bool { return within(b, 0x81, 0xFE) }, func(b byte) bool { return within(b, 0x40, 0x7E) || within(b, 0xA1, 0xFE) },
		func(a, b byte) bool { return within(a, 0xA4, 0xC6) || a == 0xA1 }, none, nil},
	{"SHIFT_JIS", func(b byte) bool { return within(b, 0x81, 0x9F) || within(b, 0xE0, 0xFC) }, func(b byte) bool { return within(b, 0x40, 0xFC) && b != 0x7F },
		func(a, b byte) bool {
			return a == 0x82 && within(b, 0x9F, 0xF1) || a == 0x83 && b <= 0x96 || a == 0x81 && b <= 0x7E || within(a, 0x88, 0x97)
		}, func(b byte) bool { return within(b, 0xA1, 0xDF) }, nil},
	{"EUC-JP", func(b byte) bool { return within(b, 0xA1, 0xFE) || b == 0x8E }, func(b byte) bool { return within(b, 0xA1, 0xFE) },
		func(a, b byte) bool { return a == 0xA4 || a == 0xA5 || a == 0xA1 || within(a, 0xB0, 0xCF) }, none, nil},
	{"EUC-KR", func(b byte) bool { return within(b, 0x81, 0xFE) }, func(b byte) bool {
		return within(b, 0xA1, 0xFE) || within(b, 0x41, 0x5A) || within(b, 0x61, 0x7A) || within(b, 0x81, 0xA0)
	}, func(a, b byte) bool { return within(a, 0xB0, 0xC8) && b >= 0xA1 }, none, nil},
}

// fourBytes is GB 18030's way to write the rest of Unicode.
func fourBytes(t []byte) int {
	if len(t) >= 4 && within(t[1], '0', '9') && within(t[2], 0x81, 0xFE) && within(t[3], '0', '9') {
		return 4
	}
	return 0
}

// found is what a text would be in one of these encodings.
type found struct {
	characters int
	bad        int
	common     int
	beside     int      // that follow another one without anything between
	leads      [256]int // first bytes
}

func (p *pairs) read(text []byte) (f found) {
	last := -1 // where the last character ended
	for i := 0; i < len(text); {
		b := text[i]
		if b < utf8.RuneSelf {
			i++
			continue
		}
		size := 0
		switch {
		case p.longer != nil && p.longer(text[i:]) > 0:
			size = p.longer(text[i:])
		case p.first(b) && i+1 < len(text) && p.second(text[i+1]):
			size = 2
			f.leads[b]++
			if p.common(b, text[i+1]) {
				f.common++
			}
		case p.single(b):
			i++
			continue
		}
		f.characters++
		if size == 0 {
			f.bad++
			i++
			continue
		}
		if last == i {
			f.beside++
		}
		i += size
		last = i
	}
	return f
}

func (f *found) between(lo, hi byte) (n int) {
	for b := int(lo); b <= int(hi); b++ {
		n += f.leads[b]
	}
	return n
}

// guessPairs finds the encoding of two bytes a character in which a text is good; "" where it
// is in none. In those of one byte, words have odd lengths, and letters above ASCII seldom
// stand together or are common in many of these.
func guessPairs(text []byte) string {
	best, bestShare := "", 0.6
	var of found
	for i := range twoBytes {
		p := &twoBytes[i]
		f := p.read(text)
		if f.characters == 0 || f.bad*100 > f.characters || f.beside*5 < f.characters {
			continue
		}
		if share := float64(f.common) / float64(f.characters); share > bestShare {
			best, bestShare, of = p.encoding, share, f
		}
	}
	switch best {
	case "GB18030", "EUC-JP", "EUC-KR": // three of one build
	default:
		return best
	}
	kana, late, all := of.between(0xA4, 0xA5), of.between(0xC9, 0xFE), of.between(0x81, 0xFE)
	switch {
	case kana*6 > all:
		return "EUC-JP"
	case of.between(0xB0, 0xC8) > 11 && late*33 < all: // Hangul ends there, Chinese has four of ten behind
		return "EUC-KR"
	}
	return "GB18030"
}

// scripts are encodings of one byte a letter for languages with letters of their own, each
// with the bytes of the commonest ones, in the order of frequency.
var scripts = []struct{ encoding, letters string }{
	{"WINDOWS-1251", "\xEE\xE5\xE0\xE8\xED\xF2\xF1\xF0\xE2\xEB\xEA\xEC\xE4\xEF\xF3\xFF\xFB"},
	{"KOI8-R", "\xCF\xC5\xC1\xC9\xCE\xD4\xD3\xD2\xD7\xCC\xCB\xCD\xC4\xD0\xD5\xD1\xD9"},
	{"IBM866", "\xAE\xA5\xA0\xA8\xAD\xE2\xE1\xE0\xA2\xAB\xAA\xAC\xA4\xAF\xE3\xEF\xEB"},
	{"WINDOWS-1253", "\xE1\xEF\xE9\xE5\xF4\xF3\xED\xE7\xF5\xF1\xF0\xEA\xEB\xEC\xF2\xDC\xFC"},
	{"WINDOWS-1255", "\xE9\xE5\xE4\xEC\xE0\xF8\xFA\xF9\xE1\xEE\xED\xF0\xE7\xE3\xF7\xF2\xE8"},
	{"WINDOWS-1256", "\xC7\xE1\xED\xE6\xE3\xE4\xD1\xCA\xC8\xC9\xDA\xCF\xD3\xDD\xE5\xDF\xDE"},
	{"WINDOWS-874", "\xD2\xB9\xC3\xCD\xA1\xE0\xA7\xC1\xC2\xC5\xC7\xB4\xB7\xE8\xE9\xD1\xD5"},
}

// guessLetters tells languages with letters of their own, whose words are all above ASCII,
// from those that add some letters to the Latin ones. "" is Windows-1252, or what cannot be told.
func guessLetters(text []byte) string {
	var counts [256]int
	high, runs := 0, 0
	for i, b := range text {
		if b < utf8.RuneSelf {
			continue
		}
		counts[b]++
		high++
		if i == 0 || text[i-1] < utf8.RuneSelf {
			runs++
		}
	}
	if high*2 < runs*5 { // two and a half letters beside each other
		return guessLatin(text, high)
	}
	best, most := "", high*4/10
	for _, s := range scripts {
		n := 0
		for i := range len(s.letters) {
			n += counts[s.letters[i]]
		}
		if n > most {
			best, most = s.encoding, n
		}
	}
	return best
}

// guessLatin looks for letters that only one of the encodings has where it has them. Each is
// counted behind a letter only: ³ and ¿ stand elsewhere in a western text.
func guessLatin(text []byte, high int) string {
	var behind [256]int
	for i := 1; i < len(text); i++ {
		if c := text[i-1]; text[i] >= utf8.RuneSelf && (within(c|0x20, 'a', 'z') || c >= 0xC0) {
			behind[text[i]]++
		}
	}
	count := func(letters string) (n int) {
		for i := range len(letters) {
			n += behind[letters[i]]
		}
		return n
	}
	windows := count("\x80\x82\x84\x85\x86\x87\x89\x8B\x91\x93\x94\x95\x96\x97\x99\x9B") // not there in ISO 8859
	switch {
	case 2*count("\x87\x88\x8A\x8D\x8E\x8F\x90\x9A\x9F\xA7") > high: // ä ö ü é è à ß …
		return "MACINTOSH"
	case 20*count("\xB1\xB6\xBC\xBE") > high && count("\x9A\x9C\x9E\x9F")+windows == 0: // ą ś ź ž
		return "ISO-8859-2"
	case 20*count("\xB3\xB9\xBF\x9D\x9F") > high, // ł ą ż ť ź
		10*count("\x9A\x9E") > high, // š ž
		count("\xF5\xFB") > 0 && count("\xE1") > 0 && count("\xF6\xFC") > 0 && count("\xE3\xE7\xEA") == 0: // ő ű beside á and ö
		return "WINDOWS-1250"
	case 4*count("\xF0\xFD\xFE\xDD") > high && count("\xE6") == 0: // ğ ı ş İ
		return "WINDOWS-1254"
	}
	return ""
}

// named returns the encoding that is called so, in whatever capitals.
func named(encoding string) (string, bool) {
	for _, e := range Encodings {
		if strings.EqualFold(e, encoding) {
			return e, true
		}
	}
	return "", false
}
