package bindings

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every road reads other encodings by the decoder of its host.
func TestAllRoadsDecode(t *testing.T) {
	b := newBench(t)
	asked := map[string]int{}
	b.engine.host.Decoder = func(encoding string, r io.Reader) io.Reader {
		asked[encoding]++
		_, _ = io.Copy(io.Discard, r)
		return strings.NewReader("дата,слово\n" + strings.Repeat("2024-01-01,да\n2024-01-02,нет\n", 9))
	}
	raw := strings.Repeat("\xC4\xE0\xF2\xE0,\xD1\xEB\xEE\xE2\xEE\n", 9) // Дата,Слово in Windows-1251
	calls := 0
	open := func(method string, params, result any, blobs int) {
		t.Helper()
		list := make([]Blob, blobs)
		for i := range list {
			list[i] = file{name: "a.csv", text: raw}
		}
		_, err := b.do(t.Context(), call{Method: method, Params: params, Result: result, Blobs: list})
		require.NoError(t, err, method)
		require.Greater(t, asked["WINDOWS-1251"], calls, method)
		calls = asked["WINDOWS-1251"]
	}
	var table TableInfo
	open(MethodTableOpen, OpenParams{Blob: new(int)}, &table, 1)
	require.Equal(t, "слово", table.Profile.Columns[1].Name)
	var series SeriesInfo
	open(MethodSeriesOpen, SeriesParams{Blob: new(int)}, &series, 1)
	require.Equal(t, "WINDOWS-1251", series.Profile.Dialect.Encoding)
	var texts TextsInfo
	open(MethodTextsOpen, TextsParams{Files: []TextFile{{Path: "a.csv"}}}, &texts, 1)
	require.Equal(t, "дата", texts.Profile.Columns[0].Name)
	open(MethodTextsOpen, TextsParams{Files: []TextFile{{Path: "x/a/1.txt"}, {Path: "x/b/2.txt", Blob: 1}}}, &texts, 2)
	require.Equal(t, "folders", texts.Profile.From)
	var writing WritingInfo
	open(MethodWritingOpen, WritingParams{Files: []TextFile{{Path: "a.txt"}}}, &writing, 1)
	require.Contains(t, writing.Beginning, "слово")
}
