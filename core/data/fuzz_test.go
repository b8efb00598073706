package data

import (
	"bytes"
	"encoding/json/v2"
	"errors"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// FuzzReadTable feeds any bytes through the whole road to a prepared table. It must end
// in a table or in an error with a code and a sentence, and take no more memory than
// the bytes justify.
func FuzzReadTable(f *testing.F) {
	for _, s := range []string{
		"", "a", "a,b\n1,2\n3,4\n", "a;b\n1,5;x\n2,5;y\n", "a\tb\n1\t\"x\n2\ty\"\n", "\"a\"\"b\",c\n1,\"x\ny\"\n",
		"\xFF\xFEa\x00,\x00b\x00\n\x00", "\xEF\xBB\xBFa,b\r\n1,2\r\n", "sep=;\na;b\n1;2\n", "x,y\n1e308,-1e308\ninf,nan\n1,2\n",
		"d,y\n31/12/2023,1\n1/2/24,0\n2/2/24,1\n1/1/24,0\n3/4/24,1\n4/4/24,0\n", "a,a,\n,,\n\"\",\"\",\"\"\n", "gr\xF6\xDFe;b\n1;2\n", string(gemText(20)), zoo(30), survey(40),
	} {
		f.Add([]byte(s), uint8(0))
		f.Add([]byte(s), uint8(0xFF))
	}
	f.Fuzz(func(t *testing.T, text []byte, choice uint8) {
		o := ReadOptions{MaxBytes: 64 << 20}
		if choice&1 != 0 {
			o.Header = Yes
		}
		if choice&2 != 0 {
			o.Quotes = QuotesPlain
		}
		if choice&4 != 0 {
			o.Ragged = RaggedFill
		}
		if choice&8 != 0 {
			o.Size = int64(len(text))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		table, err := ReadTable(bytes.NewReader(text), o)
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20+2000*uint64(len(text)) {
			t.Fatalf("%d bytes of text took %d bytes of memory", len(text), grown)
		}
		if err != nil {
			requireSentence(t, err)
			return
		}
		if _, err := json.Marshal(table.Profile()); err != nil {
			t.Fatal(err)
		}
		if len(table.columns) > 50 {
			return
		}
		for _, name := range append(table.Columns(), "") {
			fuzzTarget(t, table, name)
		}
	})
}

func fuzzTarget(t *testing.T, table *Table, target string) {
	s, err := table.Suggest(target, nil)
	if err != nil {
		requireSentence(t, err)
		return
	}
	p, err := table.Prepare(s, nil)
	if err != nil {
		requireSentence(t, err)
		return
	}
	for _, part := range []Part{p.Train, p.Validation, p.Test} {
		if part.X.FirstNonFinite() >= 0 || part.Y.FirstNonFinite() >= 0 {
			t.Fatal("a value that is not finite")
		}
	}
	b, err := json.Marshal(p.Pipeline)
	if err != nil {
		t.Fatal(err)
	}
	if err := new(Pipeline).UnmarshalJSON(b); err != nil {
		t.Fatalf("a pipeline that cannot be read again: %v\n%s", err, b)
	}
}

func requireSentence(t *testing.T, err error) {
	var e *tensor.Error
	if !errors.As(err, &e) || e.Code == "" || len(e.Message) < 20 {
		t.Fatalf("not an error for people: %v", err)
	}
}

// FuzzPipeline reads any bytes as a pipeline. What is accepted must work: encode finite
// or missing values to features without a panic, and be written and read the same.
func FuzzPipeline(f *testing.F) {
	good, err := json.Marshal(zooPipeline(f))
	require.NoError(f, err)
	f.Add(good)
	f.Add([]byte(`{"format":1,"inputs":[{"name":"x","kind":"number","encoding":"none"}],"output":{"name":"y","task":"regression","scale":1}}`))
	f.Add([]byte(`{"format":1,"inputs":[{"name":"x","kind":"date","encoding":"cyclic","dateOrder":"ymd","fill":3e38,"scale":3e38}],"output":{"name":"y","task":"classification","labels":["a","b"]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Pipeline
		if err := p.UnmarshalJSON(b); err != nil {
			requireSentence(t, err)
			return
		}
		x, row := make([]float32, p.Features()), make([]float32, len(p.Inputs))
		for _, v := range []float32{0, 1, -1, 0.5, 1e30, -1e30, math.MaxFloat32, float32(math.Inf(1)), notANumber} {
			for i := range row {
				row[i] = v
			}
			p.Encode(x, row)
		}
		if _, err := p.ParseRow(map[string]string{p.Inputs[0].Name: "1"}); err != nil {
			requireSentence(t, err)
		}
		p.Label(make([]float32, p.Output.Units()))
		again, err := json.Marshal(&p)
		if err != nil {
			t.Fatal(err)
		}
		var back Pipeline
		if err := back.UnmarshalJSON(again); err != nil {
			t.Fatal(err)
		}
		require.Equal(t, p, back)
	})
}
