package safetensors

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestFloat32(t *testing.T) {
	le := binary.LittleEndian
	f64 := func(v float64) []byte { return le.AppendUint64(nil, math.Float64bits(v)) }
	for name, c := range map[string]struct {
		dtype DType
		raw   []byte
		want  float32
		exact bool
	}{
		"F64 exact":            {F64, f64(0.5), 0.5, true},
		"F64 rounded":          {F64, f64(0.1), 0.1, false},
		"F64 overflows":        {F64, f64(1e300), float32(math.Inf(1)), false},
		"F64 infinity":         {F64, f64(math.Inf(-1)), float32(math.Inf(-1)), true},
		"F32":                  {F32, le.AppendUint32(nil, math.Float32bits(0.1)), 0.1, true},
		"F16":                  {F16, le.AppendUint16(nil, 0xc000), -2, true},
		"BF16":                 {BF16, le.AppendUint16(nil, 0x3f80), 1, true},
		"I64 exact":            {I64, le.AppendUint64(nil, 1<<63), -1 << 63, true},
		"I64 rounded":          {I64, le.AppendUint64(nil, 1<<24+1), 1 << 24, false},
		"I64 negative rounded": {I64, le.AppendUint64(nil, ^uint64(1<<24)), -1 << 24, false},
		"U64 rounded":          {U64, le.AppendUint64(nil, math.MaxUint64), 1 << 64, false},
		"I32 exact":            {I32, le.AppendUint32(nil, 0xffffffff), -1, true},
		"I32 rounded":          {I32, le.AppendUint32(nil, math.MaxInt32), 1 << 31, false},
		"U32 rounded":          {U32, le.AppendUint32(nil, math.MaxUint32), 1 << 32, false},
		"U32 exact":            {U32, le.AppendUint32(nil, 1<<31), 1 << 31, true},
		"I16":                  {I16, le.AppendUint16(nil, 0x8000), -32768, true},
		"U16":                  {U16, le.AppendUint16(nil, 0x8000), 32768, true},
		"I8":                   {I8, []byte{0x80}, -128, true},
		"U8":                   {U8, []byte{0x80}, 128, true},
		"BOOL":                 {Bool, []byte{1}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			n := Named{Name: "t", DType: c.dtype, Shape: []int{}, Raw: c.raw}
			got, exact, err := n.Float32()
			require.NoError(t, err)
			assert.Equal(t, []float32{c.want}, got.Data)
			assert.Equal(t, c.exact, exact)
		})
	}
}

func TestFloat32Refuses(t *testing.T) {
	for says, n := range map[string]Named{
		`tensor "a": value 1 is 2`: {Name: "a", DType: Bool, Shape: []int{2}, Raw: []byte{1, 2}},
		"does not fit 3 bytes":     {Name: "a", DType: F32, Shape: []int{1}, Raw: []byte{1, 2, 3}},
		"more than":                {Name: "a", DType: U8, Shape: []int{tensor.MaxElements, 2}},
	} {
		_, _, err := n.Float32()
		require.ErrorContains(t, err, says)
	}
}

// Every half is a float32 and comes back from it.
func TestHalfRoundTrip(t *testing.T) {
	for h := range uint32(1 << 16) {
		v := fromHalf(uint16(h))
		if v != v {
			require.Equal(t, uint16(h)&0x8000|0x7e00, toHalf(v))
			continue
		}
		require.Equal(t, uint16(h), toHalf(v), "%#x is %v", h, v)
	}
}

// Between two neighbouring halves a value goes to the nearer, at the middle to the
// even one; the middle is exact in float32.
func TestHalfRounding(t *testing.T) {
	for h := range uint16(0x7bff) {
		low, high := fromHalf(h), fromHalf(h+1)
		middle := (low + high) / 2
		even := h + h&1
		require.Equal(t, even, toHalf(middle), "%v", middle)
		require.Equal(t, h, toHalf(math.Nextafter32(middle, low)))
		require.Equal(t, h+1, toHalf(math.Nextafter32(middle, high)))
		require.Equal(t, even|0x8000, toHalf(-middle))
	}
	require.Equal(t, uint16(0x7bff), toHalf(math.Nextafter32(65520, 0)))
	require.Equal(t, uint16(0x7c00), toHalf(65520))
	require.Equal(t, uint16(0xfc00), toHalf(-math.MaxFloat32))
	require.Equal(t, uint16(0), toHalf(math.SmallestNonzeroFloat32))
}
