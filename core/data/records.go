package data

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A recordReader splits lines into records of fields.
//
// Fields are appended to a text in which each is followed by one separator byte, and
// the end of each is appended to ends. A field thus begins one behind the end of the
// one before it. An unquoted line, which most are, is copied as a whole.
type recordReader struct {
	lines *lineReader
	delim byte
	plain bool   // QuotesPlain
	start int    // the line on which the last record began
	tight []byte // where a space delimits: the line with single ones
}

// maxField bounds a quoted field: a longer one is a quote that never closes.
const maxField = 16 << 20

// cells collects the fields of records.
type cells struct {
	text []byte
	ends []uint32
}

func (c *cells) close() {
	c.ends = append(c.ends, uint32(len(c.text)))
	c.text = append(c.text, '\n')
}

// next appends the fields of the next record that is not blank to c and returns how
// many they are; 0 after the last.
func (r *recordReader) next(c *cells) (int, error) {
	for {
		line, ok, err := r.lines.next()
		if err != nil || !ok {
			return 0, err
		}
		if (len(line) == 0 || line[0] <= ' ' || line[0] >= 0x80) && len(bytes.TrimSpace(line)) == 0 && bytes.IndexByte(line, r.delim) < 0 {
			continue
		}
		r.start = r.lines.line
		if r.delim == ' ' {
			r.tight = tighten(r.tight[:0], line, r.plain)
			line = r.tight
		}
		before := len(c.ends)
		if r.plain || bytes.IndexByte(line, '"') < 0 {
			err = r.split(line, c)
		} else if !r.splitSimple(line, c) {
			err = r.splitQuoted(line, c)
		}
		return len(c.ends) - before, err
	}
}

// split cuts a line at every delimiter.
func (r *recordReader) split(line []byte, c *cells) error {
	base := len(c.text)
	limit := len(c.ends) + MaxColumns
	for i, b := range line {
		if b == r.delim {
			c.ends = append(c.ends, uint32(base+i))
			if len(c.ends) >= limit {
				return r.tooWide()
			}
		}
	}
	c.text = append(c.text, line...)
	c.close()
	return nil
}

func (r *recordReader) tooWide() error {
	return lineError(r.start, "Line %d has more than %d fields, the most that a table may have. Check the delimiter, or leave out columns before you read the file.", r.start, MaxColumns)
}

// splitSimple cuts a line that holds quotes, if all of them are the first and the last
// byte of a field. It returns false, with nothing done, where there is more to it.
func (r *recordReader) splitSimple(line []byte, c *cells) bool {
	base, delim := len(c.text), r.delim
	c.text = slices.Grow(c.text, len(line)+1)
	dst := c.text[:base+len(line)+1]
	ends, limit := c.ends, len(c.ends)+MaxColumns
	to := base
	for i := 0; ; i++ {
		if i < len(line) && line[i] == '"' {
			for i++; ; i++ {
				if i == len(line) {
					return false
				}
				b := line[i]
				if b == '"' {
					break
				}
				dst[to] = b
				to++
			}
			if i++; i < len(line) && line[i] != delim {
				return false
			}
		} else {
			if i < len(line) && line[i] == ' ' {
				return false
			}
			for ; i < len(line) && line[i] != delim; i++ {
				dst[to] = line[i]
				to++
			}
		}
		if len(ends) >= limit {
			return false
		}
		ends = append(ends, uint32(to))
		dst[to] = '\n'
		to++
		if i == len(line) {
			c.text, c.ends = dst[:to], ends
			return true
		}
	}
}

// splitQuoted cuts a line that holds quotes, and reads on where a field goes on in
// the next line.
func (r *recordReader) splitQuoted(line []byte, c *cells) error {
	limit := len(c.ends) + MaxColumns
	for {
		if len(c.ends) >= limit {
			return r.tooWide()
		}
		// Spaces before an opening quote are not part of the field.
		lead := 0
		for lead < len(line) && line[lead] == ' ' {
			lead++
		}
		if lead < len(line) && line[lead] == '"' {
			rest, err := r.quoted(line[lead+1:], c)
			if err != nil {
				return err
			}
			line = rest
		} else {
			i := bytes.IndexByte(line, r.delim)
			if i < 0 {
				i = len(line)
			}
			c.text = append(c.text, line[:i]...)
			line = line[i:]
		}
		c.close()
		if len(line) == 0 {
			return nil
		}
		line = line[1:] // the delimiter
	}
}

// quoted reads a field behind its opening quote and returns what follows it: nothing,
// or a delimiter and more.
func (r *recordReader) quoted(line []byte, c *cells) ([]byte, error) {
	opened, began := r.lines.line, len(c.text)
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			c.text = append(append(c.text, line...), '\n')
			if len(c.text)-began > maxField {
				return nil, r.unbalanced(opened, "")
			}
			next, ok, err := r.lines.next()
			if err != nil {
				return nil, err
			}
			if !ok {
				return nil, r.unbalanced(opened, "")
			}
			line = next
			continue
		}
		c.text = append(c.text, line[:i]...)
		line = line[i+1:]
		if len(line) > 0 && line[0] == '"' {
			c.text = append(c.text, '"')
			line = line[1:]
			continue
		}
		rest := bytes.TrimLeft(line, " ")
		if len(rest) == 0 || rest[0] == r.delim {
			return rest, nil
		}
		return nil, r.unbalanced(opened, string(rest[:min(len(rest), 12)]))
	}
}

// unbalanced says which quotes do not balance, and what to do about it. after is the
// text behind the closing quote, "" where no quote closes the field.
func (r *recordReader) unbalanced(opened int, after string) *tensor.Error {
	const cure = `Write a quote inside a quoted field twice (""), or read the file with quotes as plain characters.`
	if after == "" {
		return lineError(opened, "Line %d: the quotes do not balance: a field begins with a quote there, and no quote closes it. %s", opened, cure)
	}
	where := "on the same line"
	if r.lines.line != opened {
		where = fmt.Sprintf("on line %d", r.lines.line)
	}
	return lineError(opened, "Line %d: the quotes do not balance: a field begins with a quote there, and its closing quote %s is followed by %q instead of a delimiter. %s", opened, where, after, cure)
}

// unquote takes off a pair of quotes around a whole field of plain text. Quotes inside
// must be doubled or absent, else the pair is not one.
func unquote(field []byte) []byte {
	n := len(field)
	if n < 2 || field[0] != '"' || field[n-1] != '"' {
		return field
	}
	inner := field[1 : n-1]
	if bytes.IndexByte(inner, '"') < 0 {
		return inner
	}
	if bytes.Count(inner, []byte(`"`)) != 2*bytes.Count(inner, []byte(`""`)) {
		return field
	}
	return bytes.ReplaceAll(inner, []byte(`""`), []byte(`"`))
}

// tighten makes one space of all spaces and tabs that stand together, and none at the ends.
// Those within quotes stay, unless quotes are plain characters.
func tighten(dst, line []byte, plain bool) []byte {
	quoted := false
	for _, b := range bytes.TrimSpace(line) {
		if b == '"' && !plain {
			quoted = !quoted
		}
		if b == '\t' && !quoted {
			b = ' '
		}
		if b == ' ' && !quoted && dst[len(dst)-1] == ' ' {
			continue
		}
		dst = append(dst, b)
	}
	return dst
}
