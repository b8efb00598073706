package page

import "github.com/terrarium-ml/terrarium/core/data"

// languagesOf says to people for which languages an encoding is used.
var languagesOf = map[string]string{
	"UTF-8": "all languages (UTF-8)", "UTF-16LE": "all languages (UTF-16LE)", "UTF-16BE": "all languages (UTF-16BE)",
	"Windows-1252": "Western European (Windows-1252)",
	"GB18030":      "Chinese, simplified (GB18030, GBK)", "BIG5": "Chinese, traditional (Big5)",
	"SHIFT_JIS": "Japanese (Shift JIS)", "EUC-JP": "Japanese (EUC-JP)", "EUC-KR": "Korean (EUC-KR)",
	"WINDOWS-1251": "Cyrillic (Windows-1251)", "KOI8-R": "Cyrillic (KOI8-R)", "IBM866": "Cyrillic (DOS 866)",
	"WINDOWS-1250": "Central European (Windows-1250)", "ISO-8859-2": "Central European (ISO 8859-2)",
	"WINDOWS-1253": "Greek (Windows-1253)", "WINDOWS-1254": "Turkish (Windows-1254)", "WINDOWS-1255": "Hebrew (Windows-1255)",
	"WINDOWS-1256": "Arabic (Windows-1256)", "WINDOWS-1257": "Baltic (Windows-1257)", "WINDOWS-1258": "Vietnamese (Windows-1258)",
	"WINDOWS-874": "Thai (Windows-874)", "MACINTOSH": "Western European (old Macintosh)",
}

// encodingsToChoose are all that a file may be asked to be read in.
func encodingsToChoose() []choice {
	var out []choice
	for _, e := range data.Encodings {
		out = append(out, choice{e, languagesOf[e]})
	}
	return out
}
