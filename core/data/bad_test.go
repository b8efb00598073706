package data

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// refuse reads a text that must be refused.
func refuse(t *testing.T, text string, options ...ReadOptions) error {
	t.Helper()
	var o ReadOptions
	if len(options) > 0 {
		o = options[0]
	}
	_, err := ReadTable(strings.NewReader(text), o)
	require.Error(t, err)
	return err
}

func TestEmptyFile(t *testing.T) {
	for _, text := range []string{"", "\n", "\r\n\r\n", "   \n", "\xEF\xBB\xBF", "\xFF\xFE"} {
		requireError(t, refuse(t, text), "data", 0, "empty")
	}
}

func TestHeaderOnly(t *testing.T) {
	requireError(t, refuse(t, "a,b,c\n"), "data", 1, "header", "“a”, “b”, “c”", "no rows")
	requireError(t, refuse(t, "a,b,c"), "data", 1, "no rows")
}

func TestOneRow(t *testing.T) {
	requireError(t, refuse(t, "a,b\n1,2\n"), "data", 2, "only one row", "at least 10")
	requireError(t, refuse(t, "1,2\n"), "data", 1, "only one row")
}

func TestRaggedRows(t *testing.T) {
	err := refuse(t, "a,b,c\n1,2,3\n4,5\n6,7,8\n")
	requireError(t, err, "data", 3, "Line 3 has 2 fields where 3 are expected", "delimiter (comma)")
	err = refuse(t, "a;b\n1;2\n1;2;3\n1;2\n1;2;3;4\n")
	requireError(t, err, "data", 3, "2 rows differ", "line 3 (3), line 5 (4)", "semicolon")

	// A few among many are left out with a notice.
	text := repeat("a,b", 200, func(i int) string {
		if i == 100 {
			return "1,2,3"
		}
		return "1,2"
	})
	table := read(t, text)
	require.Equal(t, 199, table.Rows())
	require.Equal(t, 102, requireNotice(t, table.Profile().Notices, NoticeRagged, "1 row has", "left out", "line 102 (3)").Line)
	require.Equal(t, 103, table.Line(100))

	// By option.
	table = read(t, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n", ReadOptions{Ragged: RaggedFill})
	require.Equal(t, [][]string{{"1", "2", "3"}, {"4", "5", ""}, {"6", "7", "8"}}, rowsOf(table))
	requireNotice(t, table.Profile().Notices, NoticeRagged, "2 rows have", "filled")
	table = read(t, "a,b,c\n1,2,3\n4,5\n6,7,8\n", ReadOptions{Ragged: RaggedSkip})
	require.Equal(t, 2, table.Rows())

	// Hopeless files are refused before their end.
	r := &countingReader{Reader: strings.NewReader("a,b\n" + strings.Repeat("1,2,3\n", 1<<20))}
	_, e := ReadTable(r, ReadOptions{})
	requireError(t, e, "data", 2, "…")
	require.Less(t, r.read, 3<<20)
}

type countingReader struct {
	io.Reader
	read int
}

func (c *countingReader) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.read += n
	return n, err
}

func TestUnbalancedQuotes(t *testing.T) {
	err := refuse(t, "a,b\n1,x\n2,\"y\n3,z\n")
	requireError(t, err, "data", 3, "Line 3", "no quote closes it", "plain characters")
	err = refuse(t, "a,b\n1,\"x\n2,\"y\"\n3,z\n")
	requireError(t, err, "data", 2, "Line 2", "on line 3", `"y\""`)
	err = refuse(t, "a,b\n1,\"x\" z\n2,y\n")
	requireError(t, err, "data", 2, "on the same line", `"z"`)
	// One that would swallow a large file is found after a bounded piece of it.
	r := &countingReader{Reader: io.MultiReader(strings.NewReader("a,b\n1,\"x\n"), strings.NewReader(strings.Repeat("2,y\n", maxField/2)))}
	_, e := ReadTable(r, ReadOptions{})
	requireError(t, e, "data", 2, "no quote closes it")
	require.Less(t, r.read, maxField*3/2)
}

func TestBinaryFiles(t *testing.T) {
	for magic, what := range map[string]string{
		"PK\x03\x04\x14\x00": "spreadsheet", "\x1F\x8B\x08\x00": "gzip", "%PDF-1.7\n": "PDF", "\x89PNG\r\n": "picture",
		"\x00asm\x01\x00": "WebAssembly", "SQLite format 3\x00": "SQLite", "PAR1": "Parquet", "<!DOCTYPE html>\n<p>": "web page",
	} {
		requireError(t, refuse(t, magic+"rest,of\nit,all\n"), "data", 0, what)
	}
	requireError(t, refuse(t, "a,b\n1,2\n3,\x004\n5,6\n"), "data", 3, "Line 3", "zero byte")
	rng := rand.New(rand.NewPCG(1, 1))
	garbage := make([]byte, 100_000)
	for i := range garbage {
		garbage[i] = byte(rng.Uint32())
	}
	garbage[0] = 'g'
	requireError(t, refuse(t, string(garbage)), "data", 1)
	for i := range garbage { // without zero bytes too
		garbage[i] |= 1
	}
	requireError(t, refuse(t, string(garbage)), "data", 0, "not a text file")
}

func TestManyColumns(t *testing.T) {
	const n = 10_000
	text := repeat(strings.TrimSuffix(strings.Repeat("c,", n), ","), 12, func(i int) string {
		row := strings.Repeat(fmt.Sprintf("%d,", i*i%7), n-1)
		return row + fmt.Sprint(i%2)
	})
	table := read(t, text)
	require.Len(t, table.Columns(), n)
	requireNotice(t, table.Profile().Notices, NoticeWide, "10,000 columns")
	setup, err := table.Suggest("c_10000", nil)
	require.NoError(t, err)
	p, err := table.Prepare(setup, nil)
	require.NoError(t, err)
	require.Positive(t, p.Pipeline.Features())

	wide := strings.Repeat("x,", MaxColumns) + "x\n"
	requireError(t, refuse(t, wide+wide+wide), "data", 1, "more than 16384 fields")
	quotedWide := strings.Repeat("\"x\",", MaxColumns) + "x\n"
	requireError(t, refuse(t, quotedWide+quotedWide), "data", 1, "more than 16384 fields")
}

func TestTooLargeForMemory(t *testing.T) {
	text := gemText(60_000)
	// With its size known, the file is refused after the sample.
	r := &countingReader{Reader: bytes.NewReader(text)}
	_, err := ReadTable(r, ReadOptions{Size: 200 << 20, MaxBytes: 100 << 20})
	requireError(t, err, "memory", 0, "200 MB", "100 MB", "part of the rows")
	require.Less(t, r.read, 2<<20)
	// Without, as soon as the table has grown too large.
	_, err = ReadTable(bytes.NewReader(text), ReadOptions{MaxBytes: 2 << 20})
	requireError(t, err, "memory", 0, "2 MB")
	_, err = ReadTable(bytes.NewReader(text), ReadOptions{MaxBytes: 64 << 20})
	require.NoError(t, err)
}

func TestEndlessLine(t *testing.T) {
	_, err := ReadTable(io.LimitReader(letters{}, 1<<30), ReadOptions{})
	requireError(t, err, "data", 1, "longer than 64 MB")
}

// letters is a file without line ends.
type letters struct{}

func (letters) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

// A file of 200 MB is read in memory that is about its size, not a multiple of it.
func TestLargeFileStaysBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 200 MB")
	}
	piece := gemText(2000)
	header := bytes.IndexByte(piece, '\n') + 1
	rows := piece[header:]
	n := (200 << 20) / len(rows)
	readers := []io.Reader{bytes.NewReader(piece[:header])}
	for range n {
		readers = append(readers, bytes.NewReader(rows))
	}
	table, err := ReadTable(io.MultiReader(readers...), ReadOptions{Size: int64(header + n*len(rows))})
	require.NoError(t, err)
	require.Equal(t, 2000*n, table.Rows())
	require.Less(t, table.Profile().MemoryBytes, int64(400<<20))
}
