package data

import (
	"bytes"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// signatures are the first bytes of files that people try although they hold no text.
var signatures = []struct{ magic, what, cure string }{
	{"PK\x03\x04", "a zip file or a spreadsheet (.xlsx, .ods, .zip)", "Open it in its program and save the sheet as CSV, or unpack it first."},
	{"\xD0\xCF\x11\xE0", "an old Excel file (.xls)", "Open it in a spreadsheet program and save the sheet as CSV."},
	{"\x1F\x8B", "a gzip file", "Unpack it first."},
	{"BZh", "a bzip2 file", "Unpack it first."},
	{"7z\xBC\xAF", "a 7-Zip file", "Unpack it first."},
	{"%PDF", "a PDF document", "Tables in a PDF must be copied into a spreadsheet and saved as CSV."},
	{"\x89PNG", "a picture (PNG)", "A table is a text file such as CSV."},
	{"\xFF\xD8\xFF", "a picture (JPEG)", "A table is a text file such as CSV."},
	{"GIF8", "a picture (GIF)", "A table is a text file such as CSV."},
	{"PAR1", "a Parquet file", "Export the table as CSV."},
	{"SQLite format 3\x00", "an SQLite database", "Export the table as CSV."},
	{"\x00asm", "a WebAssembly module", "A table is a text file such as CSV."},
	{"\x7FELF", "a program", "A table is a text file such as CSV."},
}

// checkText refuses what is evidently not the beginning of a text.
func checkText(sample []byte) error {
	for _, s := range signatures {
		if bytes.HasPrefix(sample, []byte(s.magic)) {
			return tensor.Errorf(tensor.CodeData, "This is %s, not a text table. %s", s.what, s.cure)
		}
	}
	control := 0
	for _, b := range sample {
		if (b < ' ' || b == 0x7F) && isControl(rune(b)) {
			control++
		}
	}
	// Text has next to none of these; random bytes have one in nine.
	if control > 4 && control*50 > len(sample) {
		line := 1 + bytes.Count(sample[:bytes.IndexFunc(sample, isControl)], []byte{'\n'})
		return lineError(line, "This is not a text file: from line %d on it holds bytes that no text has. Save the table as CSV (UTF-8) in the program that made it.", line)
	}
	trimmed := bytes.TrimSpace(sample)
	for _, tag := range []string{"<!doctype", "<html", "<?xml"} {
		if len(trimmed) >= len(tag) && bytes.EqualFold(trimmed[:len(tag)], []byte(tag)) {
			return tensor.Errorf(tensor.CodeData, "This is a web page or XML, not a table. Export the table as CSV.")
		}
	}
	if isJSON(trimmed) {
		return tensor.Errorf(tensor.CodeData, "This is JSON, not a table. Export the table as CSV.")
	}
	return nil
}

// isJSON tells whether a text begins as JSON does that holds a table: {"… or [{ or [[.
func isJSON(text []byte) bool {
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	next := bytes.TrimLeft(text[1:], " \t\r\n")
	return len(next) > 0 && (text[0] == '{' && next[0] == '"' || text[0] == '[' && next[0] == '{' || text[0] == '[' && next[0] == '[')
}

func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7F
}
