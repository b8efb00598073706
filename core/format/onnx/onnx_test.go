package onnx

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A message is read as it was written, and what is cut off is refused.
func TestMessages(t *testing.T) {
	var m message
	m.varint(3, -7)
	m.float(2, 1.5)
	m.text(4, "text")
	var got []field
	require.NoError(t, fields(m, func(f field) error { got = append(got, f); return nil }))
	require.Len(t, got, 3)
	assert.Equal(t, int64(-7), int64(got[0].value))
	assert.Equal(t, "text", string(got[2].bytes))
	for cut := range m {
		seen := 0
		err := fields(m[:cut], func(field) error { seen++; return nil })
		assert.True(t, err != nil || seen < 3)
	}
}

func TestPermuted(t *testing.T) {
	c := &constant{shape: []int{2, 3, 2}, floats: []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}
	p := c.permuted(1, 2, 0)
	assert.Equal(t, []int{3, 2, 2}, p.Shape)
	assert.Equal(t, []float32{0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11}, p.Data)
}

func TestRefusals(t *testing.T) {
	for what, file := range map[string][]byte{
		"no graph":         {},
		"a field has no":   {0},
		"announces":        {7<<3 | 2, 200, 1},
		"of no known kind": {7<<3 | 3},
	} {
		_, err := Read(file)
		assert.ErrorContains(t, err, what)
	}
	model := func(graph message) []byte {
		var m message
		m.bytes(7, graph)
		return m
	}
	var hostile message
	hostile.bytes(5, encodeTensor("w", typeFloat, []int{1 << 30, 1 << 30, 1 << 30}, nil))
	_, err := Read(model(hostile))
	assert.ErrorContains(t, err, `the tensor "w"`)

	var several message
	several.bytes(11, encodeValueInfo("x", []int{3}))
	several.bytes(1, encodeNode("Frobnicate", "first", []string{"x"}, []string{"y"}, nil))
	several.bytes(1, encodeNode("Relu", "between", []string{"y"}, []string{"z"}, nil))
	several.bytes(1, encodeNode("Clip", "second", []string{"x"}, []string{"c"}, []attribute{attr("min", float32(1)), attr("max", float32(1))}))
	several.bytes(12, encodeValueInfo("z", []int{3}))
	_, err = Read(model(several))
	assert.ErrorContains(t, err, "first: the operation Frobnicate is not read")
	assert.ErrorContains(t, err, "second: it cuts to [1, 1]")
	assert.NotContains(t, err.Error(), "between")
}

// Operations without results or operands are damage, and no more than that.
func TestBareOperations(t *testing.T) {
	for op := range operations() {
		for _, in := range [][]string{nil, {""}, {"x"}, {"x", ""}, {"", "x"}, {"x", "x", "x"}} {
			for _, out := range [][]string{nil, {""}, {"y"}, {"", "y"}, {"y", "z", "w"}} {
				var g, m message
				g.bytes(11, encodeValueInfo("x", []int{3, 4, 4}))
				g.bytes(1, encodeNode(op, "", in, out, nil))
				g.bytes(12, encodeValueInfo("y", []int{2}))
				m.bytes(7, g)
				_, _ = Read(m) // no panic
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	var g, m message
	g.bytes(11, encodeValueInfo("x", []int{3}))
	g.bytes(5, encodeFloats("w", []int{3, 2}, make([]float32, 6)))
	g.bytes(1, encodeNode("Gemm", "a", []string{"x", "w"}, []string{"y"}, nil))
	g.bytes(12, encodeValueInfo("y", []int{2}))
	m.bytes(7, g)
	f.Add([]byte(m))
	for _, c := range readCases {
		f.Add(c.file())
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		_, _ = Read(file) // no panic, no endless memory
	})
}
