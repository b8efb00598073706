package safetensors

import (
	"bytes"
	"encoding/binary"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// file puts a header's length in front of it and values behind it.
func file(header string, values int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, values)...)
}

// refused reads data in both ways, which must fail alike.
func refused(t *testing.T, data []byte, limits Limits) *tensor.Error {
	t.Helper()
	f, err := ReadBytes(data, limits)
	require.Nil(t, f)
	var fromBytes, fromReader *tensor.Error
	require.ErrorAs(t, err, &fromBytes)
	f, err = Read(bytes.NewReader(data), limits)
	require.Nil(t, f)
	require.ErrorAs(t, err, &fromReader)
	require.Equal(t, fromBytes, fromReader)
	require.Less(t, len(fromBytes.Message), 2000)
	return fromBytes
}

// What others write: any padding, any order of members, data that starts anywhere.
func TestReadForeign(t *testing.T) {
	for _, header := range []string{
		`{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`,
		`{"t":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"}}   `,
		"{ \"t\" :\n{\"dtype\":\"F\\u0033\\u0032\",\"shape\":[2],\"data_offsets\":[0,8]}, \"__metadata__\":{}}",
		`{"e":{"dtype":"I64","shape":[0,9223372036854775807],"data_offsets":[8,8]},"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"d":{"dtype":"I64","shape":[0],"data_offsets":[0,0]}}`,
	} {
		f, err := Read(iotest.OneByteReader(bytes.NewReader(file(header, 8))), Limits{})
		require.NoError(t, err, header)
		got, exact, err := f.Find("t").Float32()
		require.NoError(t, err)
		assert.True(t, exact)
		assert.Equal(t, []int{2}, got.Shape)
	}
}

func TestReadRefuses(t *testing.T) {
	one := `"dtype":"F32","shape":[1],"data_offsets":[0,4]`
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"nothing":                {nil, "has only 0 bytes"},
		"seven bytes":            {make([]byte, 7), "has only 7 bytes"},
		"no header":              {make([]byte, 8), "does not start with '{'"},
		"length 2^63":            {append(binary.LittleEndian.AppendUint64(nil, 1<<63), '{'), "9223372036854775808 bytes"},
		"length 2^64-1":          {append(binary.LittleEndian.AppendUint64(nil, 1<<64-1), '{'), "18446744073709551615 bytes"},
		"length above the limit": {append(binary.LittleEndian.AppendUint64(nil, 100_000_001), '{'), "more than the 100000000"},
		"a picture":              {[]byte("\x89PNG\r\n\x1a\n0000"), "not a safetensors file"},
		"a zip":                  {append([]byte("PK\x03\x04\x00\x00\x00\x00"), make([]byte, 99)...), "does not start with '{': not a safetensors file"},
		"header cut off":         {file("{}", 0)[:9], "should have 2 bytes, but the file ends after 1"},
		"space in front":         {file(" {}", 0), "does not start with '{'"},
		"a byte order mark":      {file("\ufeff{}", 0), "does not start with '{'"},
		"an array":               {file("[]", 0), "does not start with '{'"},
		"never closed":           {file("{", 0), "not the JSON"},
		"two objects":            {file("{}{}", 0), "byte 2 of the header: after its closing '}'"},
		"newline behind":         {file("{}\n", 0), "only spaces"},
		"NUL behind":             {file("{}\x00", 0), "only spaces"},
		"not UTF-8":              {file("{\"\xff\":{"+one+"}}", 4), "invalid UTF-8"},
		"lone surrogate":         {file(`{"\ud800":{`+one+`}}`, 4), "surrogate"},
		"same name twice":        {file(`{"a":{`+one+`},"a":{`+one+`}}`, 4), `"a" occurs twice`},
		"same name escaped":      {file(`{"a":{`+one+`},"\u0061":{`+one+`}}`, 4), `"a" occurs twice`},
		"same member twice":      {file(`{"a":{"dtype":"F32",`+one+`}}`, 4), `"dtype" occurs twice`},
		"metadata twice":         {file(`{"__metadata__":{},"__metadata__":{}}`, 0), `"__metadata__" occurs twice`},
		"metadata key twice":     {file(`{"__metadata__":{"a":"","a":""}}`, 0), `"a" occurs twice`},
		"metadata number":        {file(`{"__metadata__":{"a":1}}`, 0), `the value of "a" must be text`},
		"metadata nested":        {file(`{"__metadata__":{"a":{"b":[]}}}`, 0), `the value of "a" must be text`},
		"metadata null":          {file(`{"__metadata__":null}`, 0), "__metadata__ must be an object"},
		"tensor is an array":     {file(`{"a":[[[[[[]]]]]]}`, 0), `"a" must be an object`},
		"tensor is cut off":      {file(`{"a":`, 0), "not the JSON"},
		"member unknown":         {file(`{"a":{"x":1,`+one+`}}`, 4), `member "x"`},
		"dtype lacking":          {file(`{"a":{"shape":[1],"data_offsets":[0,4]}}`, 4), `"a" lacks`},
		"shape lacking":          {file(`{"a":{"dtype":"F32","data_offsets":[0,4]}}`, 4), `"a" lacks`},
		"offsets lacking":        {file(`{"a":{"dtype":"F32","shape":[1]}}`, 4), `"a" lacks`},
		"dtype unknown":          {file(`{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}`, 1), `"F8_E4M3" is not known`},
		"dtype in small letters": {file(`{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}`, 4), `"f32" is not known`},
		"dtype is a number":      {file(`{"a":{"dtype":32,"shape":[1],"data_offsets":[0,4]}}`, 4), "dtype must be text"},
		"shape is a number":      {file(`{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}`, 4), "shape must be an array"},
		"shape nested":           {file(`{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}`, 4), "shape must be an array"},
		"shape negative":         {file(`{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, 4), "shape must be an array"},
		"shape with a fraction":  {file(`{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}`, 4), "shape must be an array"},
		"shape with an exponent": {file(`{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}`, 4), "shape must be an array"},
		"shape 2^63":             {file(`{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}`, 4), "shape must be an array"},
		"shape overflows":        {file(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0), "more values than can be counted"},
		"size overflows":         {file(`{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}`, 0), "more values than can be counted"},
		"too many dimensions":    {file(`{"a":{"dtype":"F32","shape":[`+strings.Repeat("1,", 32)+`1],"data_offsets":[0,4]}}`, 4), "more than 32 numbers"},
		"one offset":             {file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}`, 4), "two numbers"},
		"three offsets":          {file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}`, 4), "two numbers"},
		"offsets backwards":      {file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, 4), "run backwards"},
		"offsets too short":      {file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, 4), "takes 8 bytes, but data_offsets [0, 4] give it 4"},
		"offsets too large":      {file(`{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}`, 4), "more than the 2147483648"},
		"hole in front":          {file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 2), `"a" starts at byte 1, but the header ends at 0`},
		"hole between":           {file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}`, 3), `"b" starts at byte 2, but tensor "a" ends at 1`},
		"overlap":                {file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}`, 3), `"b" starts at byte 1, inside the values of tensor "a"`},
		"same place":             {file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}`, 2), `"b" starts at byte 0, inside the values of tensor "a"`},
		"empty inside another":   {file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}`, 2), `"b" starts at byte 1, inside`},
		"values cut off":         {file(`{"a":{`+one+`}}`, 3), `tensor "a" has bytes 0 to 4 of 4 bytes of values, but the file ends after 3`},
		"trailing byte":          {file(`{"a":{`+one+`}}`, 5), "goes on after the 4 bytes"},
		"trailing file":          {append(file("{}", 0), file("{}", 0)...), "goes on after the 0 bytes"},
		"very long name":         {file(`{"`+strings.Repeat("x", 1<<20)+`":[]}`, 0), "must be an object"},
	} {
		t.Run(name, func(t *testing.T) {
			err := refused(t, c.data, Limits{})
			assert.Contains(t, err.Message, c.says)
			if name == "offsets too large" {
				assert.Equal(t, tensor.CodeMemory, err.Code)
			} else {
				assert.Equal(t, tensor.CodeFormat, err.Code)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	data := file(`{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}`, 9)
	_, err := ReadBytes(data, Limits{MaxHeader: int64(len(data) - 17), MaxBytes: 9})
	require.NoError(t, err)
	assert.Contains(t, refused(t, data, Limits{MaxHeader: int64(len(data) - 18)}).Message, "more than the")
	assert.Equal(t, tensor.CodeMemory, refused(t, data, Limits{MaxBytes: 8}).Code)
}

// Deep nesting, which a parser that builds values would follow to its stack's end.
func TestReadDeep(t *testing.T) {
	for _, open := range []string{`[`, `{"a":`} {
		for _, place := range []string{`{"a":`, `{"__metadata__":{"a":`, `{"a":{"shape":`, `{"a":{"dtype":`, `{"a":{"b":`} {
			refused(t, file(place+strings.Repeat(open, 1<<18), 0), Limits{})
		}
	}
}

// A header or values that are announced but do not come cost no memory.
func TestReadMemory(t *testing.T) {
	huge := `{"a":{"dtype":"U8","shape":[2147483648],"data_offsets":[0,2147483648]}}`
	for name, data := range map[string][]byte{
		"header": append(binary.LittleEndian.AppendUint64(nil, 100_000_000), '{'),
		"values": file(huge, 10),
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Read(bytes.NewReader(data), Limits{})
			runtime.ReadMemStats(&after)
			require.ErrorContains(t, err, "cut off")
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
		})
	}
}

// A reader's own error is passed on, not called a damaged file.
func TestReadReportsTheReader(t *testing.T) {
	data := encode(t, small())
	for n := range data {
		r := io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(assert.AnError))
		_, err := Read(r, Limits{})
		require.ErrorIs(t, err, assert.AnError)
	}
}
