package json

import (
	"encoding/json"
	jsonv2 "encoding/json/v2"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type inner struct {
	Name  string `json:"name,omitempty"`
	Shape []*int `json:"shape,omitempty"`
}

type sample struct {
	inner
	Units  int                `json:"units"`
	Big    uint64             `json:"big,omitzero"`
	Rate   float64            `json:"rate"`
	Small  float32            `json:"small"`
	Flag   *bool              `json:"flag,omitzero"`
	Words  []string           `json:"words"`
	Curves map[string]float64 `json:"curves"`
	Deep   []sample           `json:"deep,omitempty"`
	Next   *sample            `json:"next,omitzero"`
	Kernel string             `json:"kernel_initializer,omitzero"`
	Hidden int                `json:"-"`
	Plain  int16
}

// texts are JSON and nearly JSON.
var texts = []string{
	`{}`, ` { "units" : 3 , "words":["a","b\u00e9\n\ud83d\ude00"] } `, `{"units":1.5}`, `{"units":"x"}`, `{"big":18446744073709551615}`,
	`{"big":-1}`, `{"rate":1e999}`, `{"small":1e39}`, `{"rate":-0,"small":1e-7}`, `{"words":null,"curves":null,"flag":null}`, `{"flag":true}`,
	`{"curves":{"b":1,"a":2e-300}}`, `{"deep":[{"next":{"name":"x"}},{}]}`, `{"units":1,"units":2}`, `{"curves":{"a":1,"a":2}}`, `{"new":{"a":[1,{"b":[]}]}}`,
	`{"new":{"a":1,"a":2}}`, `{"name":"` + "\xff" + `"}`, `{"name":"\ud800"}`, `{"name":"\udc00\ud800"}`, "{\"name\":\"\n\"}", `{"units":01}`, `{"units":1.}`, `{"units":+1}`,
	`{"units":1,}`, `[1,]`, `{"units"}`, `{"units":}`, `{`, `[`, `"`, `"\`, `"\u12`, `tru`, `nul`, `1 2`, ``, `{"shape":[1,null,3]}`, `{"Plain":40000}`, `{"Hidden":1,"-":2}`,
	`{"words":[1]}`, `{"words":{}}`, `{"deep":{}}`, `{"next":[]}`, `{"rate":[]}`, `{"rate":true}`, `{"flag":1}`, `null`, `1`, `{"UNITS":1}`,
}

func TestReadsAsTheStandardPackage(t *testing.T) {
	for _, text := range texts {
		compare(t, []byte(text), false)
		compare(t, []byte(text), true)
	}
}

// compare reads and writes a text with both packages.
func compare(t *testing.T, text []byte, strict bool) {
	t.Helper()
	var ours, theirs sample
	err := Reading{Strict: strict}.Unmarshal(text, &ours)
	if err != nil && strings.Contains(err.Error(), "too deep") {
		return
	}
	want := jsonv2.Unmarshal(text, &theirs, jsonv2.RejectUnknownMembers(strict))
	require.Equal(t, want == nil, err == nil, "%s: want %v, got %v", text, want, err)
	if err != nil {
		require.NotEmpty(t, err.Error())
		return
	}
	require.Equal(t, theirs, ours, "%s", text)
	plain, err := Marshal(ours)
	require.NoError(t, err)
	wantPlain, err := jsonv2.Marshal(theirs, jsonv2.Deterministic(true))
	require.NoError(t, err)
	require.Equal(t, string(wantPlain), string(plain))
	classic, err := Writing{Classic: true}.Marshal(ours)
	require.NoError(t, err)
	wantClassic, err := json.Marshal(theirs)
	require.NoError(t, err)
	require.Equal(t, string(wantClassic), string(classic))
}

func FuzzRead(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text), false)
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, strict bool) { compare(t, text, strict) })
}

func FuzzText(f *testing.F) {
	for _, text := range []string{"", "a\"\\/\b\f\n\r\t\x00\x1f\x7f", "<é&>\u2028\u2029\u202a€\xff", "\xe2\x80\xa8", "😀"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want, wrong := jsonv2.Marshal(text)
		got, err := Marshal(text)
		require.Equal(t, wrong == nil, err == nil)
		if err != nil {
			return
		}
		require.Equal(t, string(want), string(got))
		classic, err := json.Marshal(text)
		require.NoError(t, err)
		got, err = Writing{Classic: true}.Marshal(text)
		require.NoError(t, err)
		require.Equal(t, string(classic), string(got))
		got, err = Writing{Classic: true}.Marshal(RawMessage(want))
		require.NoError(t, err)
		require.Equal(t, string(classic), string(got), "text that stands already")
		var back string
		require.NoError(t, Unmarshal(got, &back))
		require.Equal(t, text, back)
	})
}

func TestWritesNumbersAsTheStandardPackage(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	list := []float64{0, math.Copysign(0, -1), 1, -1.5, 1e20, 1e21, 1e-6, 9.9e-7, 1e-9, 1e100, math.MaxFloat64, math.SmallestNonzeroFloat64, 1 << 53}
	for range 20000 {
		list = append(list, math.Float64frombits(r.Uint64()), r.Float64())
	}
	for _, v := range list {
		for _, v := range []any{v, float32(v)} {
			want, wrong := json.Marshal(v)
			got, err := Marshal(v)
			require.Equal(t, wrong == nil, err == nil)
			if err == nil {
				require.Equal(t, string(want), string(got))
			}
		}
	}
}

func TestNullNaN(t *testing.T) {
	got, err := Writing{NullNaN: true}.Marshal(map[string][]float64{"a": {1, math.NaN(), math.Inf(-1)}})
	require.NoError(t, err)
	require.Equal(t, `{"a":[1,null,null]}`, string(got))
	var back map[string][]float64
	require.NoError(t, Reading{NullNaN: true}.Unmarshal(got, &back))
	require.Equal(t, 1.0, back["a"][0])
	require.True(t, math.IsNaN(back["a"][1]))
}

func TestErrorsSayWhere(t *testing.T) {
	var v struct {
		Deep []sample           `json:"deep"`
		Own  map[string]refuser `json:"own"`
	}
	err := Unmarshal([]byte(`{"deep":[{},{"words":["a",["b"]]}]}`), &v)
	require.EqualError(t, err, `byte 26 (deep/1/words/1): want string, got a JSON array`)
	err = Unmarshal([]byte(`{"deep":[{"units":1.5}]}`), &v)
	require.EqualError(t, err, `byte 18 (deep/0/units): want int, got 1.5`)
	err = Reading{Strict: true}.Unmarshal([]byte(`{"deep":[{"unit":1}]}`), &v)
	require.ErrorIs(t, err, ErrUnknownName)
	require.Equal(t, "unit", err.(*Error).Name())
	err = Unmarshal([]byte(`{"own":{"a": [true,1]}}`), &v)
	require.EqualError(t, err, `byte 19 (own/a/1): want bool, got a JSON number`)
	err = Unmarshal([]byte(`{"deep":[{"name":"a"`), &v)
	require.ErrorContains(t, err, "the text ends")
	require.Error(t, Unmarshal([]byte(`{}`), v), "no pointer")
}

// A refuser reads its text with this package.
type refuser []bool

func (r *refuser) ReadJSON(text []byte) error { return Unmarshal(text, (*[]bool)(r)) }

func TestDepthIsLimited(t *testing.T) {
	var raw RawMessage
	for _, open := range []string{"[", `{"a":`} {
		require.ErrorContains(t, Unmarshal([]byte(strings.Repeat(open, 1<<20)), &raw), "too deep")
	}
	require.NoError(t, Unmarshal([]byte(strings.Repeat("[", MaxDepth)+strings.Repeat("]", MaxDepth)), &raw))
	type loop struct{ Next *loop }
	var l loop
	l.Next = &l
	_, err := Marshal(l)
	require.ErrorContains(t, err, "nested too deep")
}

func TestFold(t *testing.T) {
	var v sample
	r := Reading{Fold: true, Strict: true}
	require.NoError(t, r.Unmarshal([]byte(`{"kernelInitializer":"a","UNITS":2}`), &v))
	require.Equal(t, "a", v.Kernel)
	require.Equal(t, 2, v.Units)
	require.ErrorIs(t, r.Unmarshal([]byte(`{"kernelInitializer":"a","kernel_initializer":"b"}`), &v), ErrDuplicateName)
}

func TestManyNames(t *testing.T) {
	v := map[string]int{}
	for i := range 1000 {
		v[strings.Repeat("x", i)] = i
	}
	text, err := Marshal(v)
	require.NoError(t, err)
	back := map[string]int{}
	require.NoError(t, Unmarshal(text, &back))
	require.Equal(t, v, back)
	require.ErrorIs(t, Unmarshal([]byte(strings.TrimSuffix(string(text), "}")+`,"xx":1}`), &back), ErrDuplicateName)
}

func TestPause(t *testing.T) {
	pauses := 0
	pause := func() { pauses++ }
	list := make([]string, 4*PauseBytes/10)
	for i := range list {
		list[i] = "1234567"
	}
	text, err := Writing{Pause: pause}.Marshal(list)
	require.NoError(t, err)
	require.InDelta(t, 4, pauses, 1)
	pauses = 0
	require.NoError(t, Reading{Pause: pause}.Unmarshal(text, &list))
	require.InDelta(t, 4, pauses, 1)
}

func TestRefusesToWrite(t *testing.T) {
	for _, v := range []any{func() {}, map[int]int{1: 1}, []byte{1}, math.NaN(), "\xff", RawMessage(`{`), RawMessage(`1 2`), complex(1, 1)} {
		_, err := Marshal(v)
		require.Error(t, err, "%v", v)
	}
	got, err := Marshal([]any{nil, (*int)(nil), RawMessage(nil), RawMessage(` { "a" : "b c" } `), map[string]any{"b": 1, "a": true}})
	require.NoError(t, err)
	require.Equal(t, `[null,null,null,{"a":"b c"},{"a":true,"b":1}]`, string(got))
}
