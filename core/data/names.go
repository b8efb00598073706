package data

import (
	"io"
	"strings"
	"unicode/utf8"
)

// dosLetters are the characters of the bytes above ASCII in IBM's code page 437, which zip
// archives use for names that say nothing of their encoding.
var dosLetters = []rune("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0")

// DecodeNames makes UTF-8 of the names in an archive, in place: by the letters that all of
// them together would be, else as code page 437. Two that differ stay different. decode may be
// nil: then all are code page 437.
func DecodeNames(names []string, decode Decoder) {
	var foreign strings.Builder
	for _, name := range names {
		if !utf8.ValidString(name) {
			foreign.WriteString(name + "\n")
		}
	}
	if foreign.Len() == 0 {
		return
	}
	encoding := guessForeign([]byte(foreign.String()))
	switch encoding {
	case "WINDOWS-1250", "WINDOWS-1254", "ISO-8859-2", "MACINTOSH": // archives of Latin letters are from DOS
		encoding = ""
	}
	for i, name := range names {
		if utf8.ValidString(name) {
			continue
		}
		names[i] = fromDOS(name)
		if encoding != "" && decode != nil {
			if b, err := io.ReadAll(decode(encoding, strings.NewReader(name))); err == nil && utf8.Valid(b) && !strings.ContainsRune(string(b), utf8.RuneError) {
				names[i] = string(b)
			}
		}
	}
}

func fromDOS(name string) string {
	var b strings.Builder
	for i := range len(name) {
		if c := name[i]; c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			b.WriteRune(dosLetters[c-utf8.RuneSelf])
		}
	}
	return b.String()
}
