package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

func TestReadFields(t *testing.T) {
	want := [][]string{{"1", "x"}, {"2", "y"}}
	for name, c := range map[string]struct {
		text string
		want [][]string
	}{
		"plain":                  {"a,b\n1,x\n2,y\n", want},
		"no last line end":       {"a,b\n1,x\n2,y", want},
		"CRLF":                   {"a,b\r\n1,x\r\n2,y\r\n", want},
		"CR":                     {"a,b\r1,x\r2,y\r", want},
		"byte order mark":        {"\xEF\xBB\xBFa,b\n1,x\n2,y\n", want},
		"blank lines":            {"\n\na,b\n\n1,x\n \n2,y\n\n\n", want},
		"spaces":                 {" a , b \n 1 ,\tx\n2,  y  \n", want},
		"quotes":                 {"\"a\",\"b\"\n\"1\",\"x\"\n2, \"y\" \n", want},
		"delimiter in quotes":    {"a,b\n1,\"x,y\"\n2,z\n", [][]string{{"1", "x,y"}, {"2", "z"}}},
		"line end in quotes":     {"a,b\n1,\"x\r\ny\"\n2,\"\n\"\n", [][]string{{"1", "x\ny"}, {"2", ""}}},
		"doubled quotes":         {"a,b\n1,\"say \"\"hi\"\"\"\n2,\"\"\"\"\n", [][]string{{"1", `say "hi"`}, {"2", `"`}}},
		"quote inside":           {"a,b\n1,5\" pipe\n2,y\n", [][]string{{"1", `5" pipe`}, {"2", "y"}}},
		"empty fields":           {"a,b\n1,\n2,\"\"\n3,x\n", [][]string{{"1", ""}, {"2", ""}, {"3", "x"}}},
		"semicolons":             {"a;b\n1;x\n2;y\n", want},
		"tabs":                   {"a\tb\n1\tx\n2\ty\n", want},
		"bars":                   {"a|b\n1|x\n2|y\n", want},
		"sep line":               {"sep=;\na;b\n1;x,x\n2;y,y\n", [][]string{{"1", "x,x"}, {"2", "y,y"}}},
		"one column":             {"a\n1\n2\n", [][]string{{"1"}, {"2"}}},
		"delimiter at line ends": {"a,b\n1,x,\n2,y,,\n", want},
		"no header":              {"1,x\n2,y\n", want},
		"commas in tabs":         {"a\tb\n1,5\tx, y, z\n2,5\ty\n", [][]string{{"1,5", "x, y, z"}, {"2,5", "y"}}},
	} {
		t.Run(name, func(t *testing.T) {
			table := read(t, c.text)
			require.Equal(t, c.want, rowsOf(table))
			// The same, however the bytes arrive.
			for _, r := range []io.Reader{iotest.OneByteReader(strings.NewReader(c.text)), iotest.DataErrReader(strings.NewReader(c.text))} {
				again, err := ReadTable(r, ReadOptions{})
				require.NoError(t, err)
				require.Equal(t, c.want, rowsOf(again))
				require.Equal(t, table.Profile(), again.Profile())
			}
			sum := sha256.Sum256([]byte(c.text))
			require.Equal(t, hex.EncodeToString(sum[:]), table.Profile().Fingerprint)
			require.EqualValues(t, len(c.text), table.Profile().FileBytes)
		})
	}
}

func TestReadManyBlocks(t *testing.T) {
	text := gemText(30_000)
	table, err := ReadTable(bytes.NewReader(text), ReadOptions{Size: int64(len(text))})
	require.NoError(t, err)
	require.Greater(t, len(table.store.blocks), 1)
	require.Equal(t, 30_000, table.Rows())
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		if i%997 == 0 {
			var cells []string
			for j := range 10 {
				cells = append(cells, table.Cell(i, j))
			}
			require.Equal(t, strings.ReplaceAll(line, `"`, ""), strings.Join(cells, ","))
			require.Equal(t, i+2, table.Line(i))
		}
	}
}

func TestReadEncodings(t *testing.T) {
	text := "name;größe\nZoë 😀;1\nÅse;2\n"
	units := utf16.Encode([]rune("\uFEFF" + text))
	var le, be []byte
	for _, u := range units {
		le = append(le, byte(u), byte(u>>8))
		be = append(be, byte(u>>8), byte(u))
	}
	for name, raw := range map[string][]byte{"UTF-16LE": le, "UTF-16BE": be} {
		for _, r := range []io.Reader{bytes.NewReader(raw), iotest.OneByteReader(bytes.NewReader(raw))} {
			table, err := ReadTable(r, ReadOptions{})
			require.NoError(t, err)
			require.Equal(t, name, table.Profile().Dialect.Encoding)
			require.Equal(t, []string{"name", "größe"}, table.Columns())
			require.Equal(t, [][]string{{"Zoë 😀", "1"}, {"Åse", "2"}}, rowsOf(table))
		}
	}
	// Half a character at the end, and a lone surrogate, do not stop the reading.
	table, err := ReadTable(bytes.NewReader(append(append([]byte{}, le...), 0x00, 0xD8, 'x')), ReadOptions{Header: Yes})
	if err == nil {
		require.Equal(t, 2, table.Rows())
	} else {
		requireError(t, err, "data", 0)
	}

	table = read(t, "name;gr\xF6\xDFe\nJos\xE9 \x80;1\nplain;2\n")
	require.Equal(t, []string{"name", "größe"}, table.Columns())
	require.Equal(t, "José €", table.Cell(0, 0))
	require.Equal(t, "Windows-1252", table.Profile().Dialect.Encoding)
	require.Equal(t, 1, requireNotice(t, table.Profile().Notices, NoticeEncoding, "Windows-1252").Line)
}

func TestReadHeader(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		header bool
	}{
		"words over numbers":      {"a,b\n1,2\n3,4\n", true},
		"numbers only":            {"1,2\n3,4\n5,6\n", false},
		"words over words":        {"Label,SMS\nham,hello\nspam,win\nham,bye\n", true},
		"words that come again":   {"red,apple\ngreen,pear\nred,plum\n", false},
		"a number in front":       {"7,x\n8,y\n9,z\n", false},
		"double names":            {"a,a\n1,2\n3,4\n", true},
		"years as names":          {"country,1990,1991\nNo,4,5\nSe,6,7\n", true},
		"missing below":           {"a,b\n,2\nNA,3\n", true},
		"dates below":             {"day,x\n2024-01-01,u\n2024-01-02,v\n", true},
		"a date in the first row": {"2024-01-01,u\n2024-01-02,v\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.header, read(t, c.text).Profile().Dialect.Header)
		})
	}
	table := read(t, "a,b\n1,2\n3,4\n", ReadOptions{Header: No})
	require.Equal(t, []string{"column_1", "column_2"}, table.Columns())
	require.Equal(t, 3, table.Rows())
	require.Equal(t, 1, table.Line(0))
	requireNotice(t, table.Profile().Notices, NoticeHeader, "column_1 to column_2")
	require.Equal(t, 2, read(t, "1,2\n3,4\n5,6\n", ReadOptions{Header: Yes}).Rows())
}

func TestReadNames(t *testing.T) {
	table := read(t, "x,x,,x,x_2,\"a\nb\",column_3\n1,2,3,4,5,6,7\n1,2,3,4,5,6,8\n")
	require.Equal(t, []string{"x", "x_2", "column_3", "x_3", "x_2_2", "a b", "column_3_2"}, table.Columns())
	notices := table.Profile().Notices
	requireNotice(t, notices, NoticeHeader, "1 column has no name")
	require.Contains(t, notices[1].Message, "more than once")
	long := read(t, strings.Repeat("ä", 300)+",b\n1,2\n3,4\n").Columns()[0]
	require.Equal(t, strings.Repeat("ä", longestName/2), long)
	same := read(t, strings.Repeat("n,", MaxColumns-1)+"n\n"+strings.Repeat("1,", MaxColumns-1)+"1\n"+strings.Repeat("2,", MaxColumns-1)+"2\n")
	require.Equal(t, "n_16384", same.Columns()[MaxColumns-1])
}

func TestReadQuotes(t *testing.T) {
	// A tab-separated file with unbalanced quotes: quotes are characters.
	text := "Label\tSMS\nham\t\"Wen u miss someone\" gdeve..\nspam\tthe \"Divorce Barbie\nham\t\"all of it\"\nham\t\"open\nspam\t\"say \"\"x\"\"\"\n"
	table := read(t, text)
	require.Equal(t, QuotesPlain, table.Profile().Dialect.Quotes)
	require.Equal(t, [][]string{
		{"ham", `"Wen u miss someone" gdeve..`}, {"spam", `the "Divorce Barbie`}, {"ham", "all of it"},
		{"ham", `"open`}, {"spam", `say "x"`},
	}, rowsOf(table))
	// Tabs and line ends within quotes: RFC 4180 with another delimiter.
	table = read(t, "a\tb\n1\t\"x\ty\"\n2\t\"two\nlines\"\n")
	require.Equal(t, [][]string{{"1", "x\ty"}, {"2", "two\nlines"}}, rowsOf(table))
	require.Equal(t, []int{2, 3}, []int{table.Line(0), table.Line(1)})
	// By option.
	table = read(t, "a,b\n1,\"x\n2,y\n", ReadOptions{Quotes: QuotesPlain})
	require.Equal(t, [][]string{{"1", `"x`}, {"2", "y"}}, rowsOf(table))
}

func TestReadOptionsAreChecked(t *testing.T) {
	for _, o := range []ReadOptions{
		{Header: "maybe"}, {Quotes: "single"}, {Ragged: "ignore"}, {DecimalComma: "?"}, {MaxBytes: -1}, {Size: -1},
		{Delimiter: "ab"}, {Delimiter: "\""}, {Delimiter: "ä"}, {Delimiter: "\n"},
	} {
		_, err := ReadTable(strings.NewReader("a,b\n1,2\n3,4\n"), o)
		requireError(t, err, "option", 0)
	}
	for _, d := range []string{"\t", `\t`, "tab"} {
		require.Equal(t, 2, len(read(t, "a\tb\n1\t2\n3\t4\n", ReadOptions{Delimiter: d}).Columns()))
	}
	require.Equal(t, 2, len(read(t, "a:b\n1:2\n3:4\n", ReadOptions{Delimiter: ":"}).Columns()))
}

func TestReadProgressAndCancel(t *testing.T) {
	text := gemText(40_000)
	var last int64
	calls := 0
	o := ReadOptions{Size: int64(len(text)), Progress: func(done, total int64) error {
		require.GreaterOrEqual(t, done, last)
		require.Equal(t, 2*int64(len(text)), total)
		last = done
		calls++
		return nil
	}}
	_, err := ReadTable(bytes.NewReader(text), o)
	require.NoError(t, err)
	require.Equal(t, 2*int64(len(text)), last)
	require.Greater(t, calls, 20)

	stop := errors.New("stop")
	for at := 1; at < calls; at += 3 { // wherever it is stopped, it stops there
		n := 0
		o.Progress = func(int64, int64) error {
			if n++; n == at {
				return stop
			}
			return nil
		}
		_, err = ReadTable(bytes.NewReader(text), o)
		require.ErrorIs(t, err, stop)
		require.Equal(t, at, n)
	}
}

func TestReadFailingReader(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, text := range []string{"", "a,b\n1,2\n"} {
		_, err := ReadTable(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), ReadOptions{})
		requireError(t, err, "data", 0, "the disk is gone", "Choose it again")
	}
}
