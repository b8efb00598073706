package safetensors

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

func encode(t *testing.T, f *File) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, f))
	return b.Bytes()
}

func values(data []float32, shape ...int) *tensor.Tensor {
	t, err := tensor.From(data, shape...)
	if err != nil {
		panic(err)
	}
	return t
}

// small is a file with every part that a file can have.
func small() *File {
	return &File{
		Metadata: map[string]string{"b": "ü\n\"", "a": `{"format":1}`},
		Tensors: []Named{
			{Name: "dense/kernel", Tensor: values([]float32{1, -2, 3.5, 0, 1e-40, float32(math.Inf(1))}, 2, 3)},
			{Name: "dense/bias", Tensor: values([]float32{7, 8, 9}, 3)},
			{Name: "half", DType: F16, Tensor: values([]float32{0.5, -2}, 2)},
			{Name: "scalar", DType: I32, Tensor: values([]float32{-5})},
			{Name: "empty", Tensor: values(nil, 0, 4)},
			{Name: "bytes", DType: U8, Tensor: values([]float32{0, 255, 3}, 3)},
		},
	}
}

// The bytes themselves: a change here is a change of the file format that we write.
func TestWriteBytes(t *testing.T) {
	got := string(encode(t, &File{
		Metadata: map[string]string{"k": "v"},
		Tensors:  []Named{{Name: "b", DType: U8, Tensor: values([]float32{65, 66}, 2)}, {Name: "a", Tensor: values([]float32{1}, 1, 1)}},
	}))
	header := `{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}`
	header += strings.Repeat(" ", 184-len(header))
	require.Equal(t, "\xb8\x00\x00\x00\x00\x00\x00\x00"+header+"\x00\x00\x80\x3fAB", got)
	require.Zero(t, (8+184)%64)
}

func TestWriteEmptyFile(t *testing.T) {
	data := encode(t, &File{})
	require.Len(t, data, 64)
	f, err := ReadBytes(data, Limits{})
	require.NoError(t, err)
	assert.Empty(t, f.Tensors)
	assert.Nil(t, f.Metadata)
}

func TestWriteIsIndependentOfOrder(t *testing.T) {
	want := encode(t, small())
	f := small()
	for range 20 {
		rand.Shuffle(len(f.Tensors), func(i, j int) { f.Tensors[i], f.Tensors[j] = f.Tensors[j], f.Tensors[i] })
		require.Equal(t, want, encode(t, f))
	}
	read, err := ReadBytes(want, Limits{})
	require.NoError(t, err)
	require.Equal(t, want, encode(t, read), "what was read is written as it was")
}

func TestWriteStartsOnBoundary(t *testing.T) {
	for n := range 130 {
		data := encode(t, &File{Metadata: map[string]string{"k": strings.Repeat("x", n)}, Tensors: []Named{{Name: "t", Tensor: values([]float32{1})}}})
		require.Zero(t, (len(data)-4)%boundary)
	}
}

func TestWriteRefuses(t *testing.T) {
	nan := float32(math.NaN())
	for name, c := range map[string]struct {
		file File
		code string
		says string
	}{
		"same name twice":       {File{Tensors: []Named{{Name: "a", Tensor: values(nil, 0)}, {Name: "a", Tensor: values(nil, 0)}}}, "format", `"a" is used twice`},
		"reserved name":         {File{Tensors: []Named{{Name: "__metadata__", Tensor: values(nil, 0)}}}, "format", "reserved"},
		"name not UTF-8":        {File{Tensors: []Named{{Name: "\xff", Tensor: values(nil, 0)}}}, "format", "UTF-8"},
		"metadata not UTF-8":    {File{Metadata: map[string]string{"a": "\xff"}}, "format", "UTF-8"},
		"key not UTF-8":         {File{Metadata: map[string]string{"\xff": ""}}, "format", "UTF-8"},
		"shape does not fit":    {File{Tensors: []Named{{Name: "a", Tensor: &tensor.Tensor{Shape: []int{3}, Data: []float32{1}}}}}, "format", `"a": shape [3]`},
		"raw does not fit":      {File{Tensors: []Named{{Name: "a", Shape: []int{3}, Raw: make([]byte, 11)}}}, "format", "takes 12 bytes, got 11"},
		"unknown dtype":         {File{Tensors: []Named{{Name: "a", DType: "F8"}}}, "format", `"F8" is not known`},
		"dtype not written":     {File{Tensors: []Named{{Name: "a", DType: I64, Tensor: values([]float32{1}, 1)}}}, "unsupported", "use F32"},
		"too large for F16":     {File{Tensors: []Named{{Name: "a", DType: F16, Tensor: values([]float32{1, 65520}, 2)}}}, "data", "value 1 is 65520, which F16"},
		"fraction as I32":       {File{Tensors: []Named{{Name: "a", DType: I32, Tensor: values([]float32{1.5}, 1)}}}, "data", "1.5"},
		"too large for I32":     {File{Tensors: []Named{{Name: "a", DType: I32, Tensor: values([]float32{1 << 31}, 1)}}}, "data", "I32"},
		"NaN as I32":            {File{Tensors: []Named{{Name: "a", DType: I32, Tensor: values([]float32{nan}, 1)}}}, "data", "NaN"},
		"infinity as U8":        {File{Tensors: []Named{{Name: "a", DType: U8, Tensor: values([]float32{float32(math.Inf(1))}, 1)}}}, "data", "Inf"},
		"negative as U8":        {File{Tensors: []Named{{Name: "a", DType: U8, Tensor: values([]float32{-1}, 1)}}}, "data", "-1"},
		"dimension is negative": {File{Tensors: []Named{{Name: "a", Shape: []int{-1}}}}, "format", "[-1]"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			err := Write(&b, &c.file)
			var e *tensor.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.code, e.Code)
			assert.ErrorContains(t, err, c.says)
			assert.Zero(t, b.Len(), "nothing is written")
		})
	}
}

// failing is a writer that is full after n bytes.
type failing struct{ n int }

func (w *failing) Write(b []byte) (int, error) {
	if w.n -= len(b); w.n < 0 {
		return 0, assert.AnError
	}
	return len(b), nil
}

func TestWriteReportsTheWriter(t *testing.T) {
	size := len(encode(t, small()))
	for n := range size {
		require.ErrorIs(t, Write(&failing{n}, small()), assert.AnError)
	}
	require.NoError(t, Write(&failing{size}, small()))
}

// Random files come back as they were, by both readers.
func TestRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	dtypes := []DType{F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, Bool}
	for range 300 {
		f := &File{Metadata: map[string]string{}}
		for i := range rng.IntN(4) {
			f.Metadata[strings.Repeat("k", i)] = string(rune(rng.IntN(0xd800)))
		}
		for i := range rng.IntN(6) {
			n := Named{Name: string(rune('a' + i)), DType: dtypes[rng.IntN(len(dtypes))], Shape: []int{}}
			for range rng.IntN(4) {
				n.Shape = append(n.Shape, rng.IntN(4))
			}
			size, ok := byteSize(n.Shape, n.DType)
			require.True(t, ok)
			n.Raw = make([]byte, size)
			for j := range n.Raw {
				n.Raw[j] = byte(rng.Uint32())
			}
			f.Tensors = append(f.Tensors, n)
		}
		data := encode(t, f)
		fromBytes, err := ReadBytes(data, Limits{})
		require.NoError(t, err)
		fromReader, err := Read(bytes.NewReader(data), Limits{})
		require.NoError(t, err)
		require.Equal(t, fromBytes.Metadata, fromReader.Metadata)
		require.Len(t, fromBytes.Tensors, len(f.Tensors))
		for _, want := range f.Tensors {
			for _, got := range []*Named{fromBytes.Find(want.Name), fromReader.Find(want.Name)} {
				require.NotNil(t, got)
				require.Equal(t, want.DType, got.DType)
				require.Equal(t, want.Shape, got.Shape)
				require.True(t, slices.Equal(want.Raw, got.Raw))
			}
		}
		for k, v := range f.Metadata {
			require.Equal(t, v, fromBytes.Metadata[k])
		}
	}
}
