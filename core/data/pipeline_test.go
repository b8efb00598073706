package data

import (
	"encoding/json/v2"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// zooPipeline has an input of every kind.
func zooPipeline(t testing.TB) *Pipeline {
	table, err := ReadTable(strings.NewReader(zoo(400)), ReadOptions{})
	require.NoError(t, err)
	p, err := table.Prepare(Setup{Target: "kind"}, nil)
	require.NoError(t, err)
	return p.Pipeline
}

func TestPipelineRoundTrip(t *testing.T) {
	p := zooPipeline(t)
	b, err := json.Marshal(p)
	require.NoError(t, err)
	var back Pipeline
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, p, &back)
	again, err := json.Marshal(&back)
	require.NoError(t, err)
	require.Equal(t, b, again)
	x, y := make([]float32, p.Features()), make([]float32, p.Features())
	for _, row := range [][]float32{{1.5, 2, 1, 0, 18000, 0}, {-3, 4, notANumber, 1, 17999.25, 0}} {
		p.Encode(x, row[:len(p.Inputs)])
		back.Encode(y, row[:len(p.Inputs)])
		require.Equal(t, x, y)
	}
	// A later version may add members.
	more := strings.Replace(string(b), `{"format":1`, `{"future":{"a":[1]},"format":1`, 1)
	require.NoError(t, json.Unmarshal([]byte(more), &back))
	require.Equal(t, p, &back)
}

func TestPipelineIsValidated(t *testing.T) {
	good, err := json.Marshal(zooPipeline(t))
	require.NoError(t, err)
	for name, c := range map[string]struct{ from, to string }{
		"another format":    {`"format":1`, `"format":2`},
		"no format":         {`"format":1`, `"formatted":1`},
		"no inputs":         {`"inputs":[`, `"inputs":[],"outputs":[`},
		"not JSON":          {`"inputs":[`, `"inputs":[[`},
		"a wrong type":      {`"fill":`, `"fill":"x","fil":`},
		"double names":      {`"name":"legs"`, `"name":"weight"`},
		"an empty name":     {`"name":"legs"`, `"name":""`},
		"an endless name":   {`"name":"legs"`, `"name":"` + strings.Repeat("x", maxText+1) + `"`},
		"an unknown kind":   {`"kind":"number"`, `"kind":"text"`},
		"a wrong encoding":  {`"encoding":"none"`, `"encoding":"onehot"`},
		"no categories":     {`"categories":[`, `"categories":[],"cats":[`},
		"double categories": {`["green","red"`, `["red","red"`},
		"an odd other":      {`["green","red"`, `["red","x"],"other":"y","cats":["a"`},
		"a fill outside":    {`"default":"green","fill":0`, `"default":"green","fill":7`},
		"a huge number":     {`"center":`, `"center":1e39,"cent":`},
		"a reversed range":  {`"min":`, `"min":1e9,"minimum":`},
		"an odd order":      {`"dateOrder":"ymd"`, `"dateOrder":"dym"`},
		"an odd task":       {`"task":"classification"`, `"task":"clustering"`},
		"one label":         {`"labels":[`, `"labels":["one"],"lab":[`},
		"double labels":     {`"labels":["`, `"labels":["a","a","a"],"lab":["`},
		"odd counts":        {`"counts":[`, `"counts":[1],"cnt":[`},
		"negative counts":   {`"counts":[`, `"counts":[-1,2,3],"cnt":[`},
		"labelled number":   {`"task":"classification"`, `"task":"regression"`},
		"no output":         {`"output":{"name":"kind"`, `"output":{"nam":"kind"`},
		"odd threshold":     {`"counts":[`, `"threshold":1.5,"counts":[`},
		"infinite output":   {`"counts":[`, `"center":1e99,"cnt":[`},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(string(good), c.from, c.to, 1)
			require.NotEqual(t, string(good), bad, "nothing was replaced")
			var p Pipeline
			err := p.UnmarshalJSON([]byte(bad))
			require.ErrorContains(t, err, "The model's data pipeline")
			require.Zero(t, p)
		})
	}
	wide := &Pipeline{Format: 1, Output: Output{Name: "y", Task: TaskRegression, Scale: 1}}
	var words []string
	for i := range maxCategories {
		words = append(words, string(rune(i/26%1000+0x4e00))+string(rune('a'+i%26))+string(rune('a'+i/26000)))
	}
	for i := range 17 {
		wide.Inputs = append(wide.Inputs, Input{Name: string(rune('a' + i)), Kind: KindCategory, Encoding: EncodingOneHot, Categories: words})
	}
	requireError(t, wide.Validate(), "format", 0, "more than")
	wide.Inputs[0].Categories = append(words, "one more")
	requireError(t, wide.Validate(), "format", 0, "at most")
	// Hand-made numbers that JSON could not hold.
	for _, in := range []Input{
		{Name: "x", Kind: KindNumber, Encoding: EncodingNone, Scale: float32(math.NaN())},
		{Name: "x", Kind: KindNumber, Encoding: EncodingNone, Fill: float32(math.Inf(1))},
	} {
		p := &Pipeline{Format: 1, Inputs: []Input{in}, Output: wide.Output}
		requireError(t, p.Validate(), "format", 0, "numbers that cannot be")
	}
	p := &Pipeline{Format: 1, Inputs: []Input{{Name: "x", Kind: KindNumber, Encoding: EncodingNone, Scale: 1}}, Output: Output{Name: "y", Task: TaskRegression}}
	requireError(t, p.Validate(), "format", 0, "no scale")
}

func TestEncodeAllocatesNothing(t *testing.T) {
	p := zooPipeline(t)
	x, row := make([]float32, p.Features()), make([]float32, len(p.Inputs))
	row[2] = notANumber
	require.Zero(t, testing.AllocsPerRun(100, func() { p.Encode(x, row) }))
	out := []float32{1}
	require.Zero(t, testing.AllocsPerRun(100, func() { p.Decode(out); p.Label(out) }))
	require.Panics(t, func() { p.Encode(x[1:], row) })
	require.Panics(t, func() { p.Encode(x, row[1:]) })
}

func TestParseRow(t *testing.T) {
	p := zooPipeline(t)
	row, err := p.ParseRow(map[string]string{"legs": " 4 ", "weight": "", "tame": "YES", "born": "n/a"})
	require.NoError(t, err)
	require.Equal(t, float32(4), row[slices.Index(p.InputNames(), "legs")])
	require.Equal(t, float32(1), row[slices.Index(p.InputNames(), "tame")])
	for _, name := range []string{"weight", "born", "colour"} {
		v := row[slices.Index(p.InputNames(), name)]
		require.True(t, v != v, name)
	}
	_, err = p.ParseRow(map[string]string{"legs": "four"})
	requireError(t, err, "data", 0, "“legs” needs a number such as", "“four”")
	_, err = p.ParseRow(map[string]string{"wings": "2"})
	requireError(t, err, "option", 0, "no input “wings”", "“weight”")
}

func TestOtherTables(t *testing.T) {
	p := zooPipeline(t)
	table := read(t, lines("extra,born,tame,colour,legs,weight", "x,2020-01-01,no,violet,2,3.5", "y,never,maybe,red,many,1"))
	x, err := p.EncodeTable(table, nil)
	require.NoError(t, err)
	require.Equal(t, []int{2, p.Features()}, x.Shape)
	require.Equal(t, -1, x.FirstNonFinite())
	raw, err := p.RawRow(table, 1)
	require.NoError(t, err)
	legs := raw[slices.Index(p.InputNames(), "legs")]
	require.True(t, legs != legs)
	table = read(t, lines("weight,legs", "1,2", "3,4"))
	_, err = p.EncodeTable(table, nil)
	requireError(t, err, "data", 0, "no column “colour”", "“weight”, “legs”")
	_, err = p.RawRow(table, 0)
	require.Error(t, err)
}

// Of two labels the second is the answer from the threshold on, one half unless said.
func TestThreshold(t *testing.T) {
	p := Pipeline{Output: Output{Labels: []string{"no", "yes"}}}
	require.Equal(t, []int{0, 1, 1}, []int{p.Label([]float32{0.49}), p.Label([]float32{0.5}), p.Label([]float32{0.9})})
	p.Output.Threshold = 0.9
	require.Equal(t, []int{0, 0, 1}, []int{p.Label([]float32{0.49}), p.Label([]float32{0.89}), p.Label([]float32{0.9})})
	require.Equal(t, 2, p.Label([]float32{0.1, 0.2, 0.7}), "of more it is the likeliest")
}
