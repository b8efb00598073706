package onnx

import (
	"encoding/binary"
	"math"
)

// An attribute of a node: one of int64, float32, string, []int64, []string.
type attribute struct {
	name  string
	value any
}

func attr(name string, value any) attribute { return attribute{name, value} }

// The values of AttributeProto's field type.
const (
	attrFloat   = 1
	attrInt     = 2
	attrString  = 3
	attrInts    = 7
	attrStrings = 8
)

func (a attribute) encode() []byte {
	var m message
	m.text(1, a.name)
	switch v := a.value.(type) {
	case float32:
		m.float(2, v)
		m.varint(20, attrFloat)
	case int:
		m.varint(3, int64(v))
		m.varint(20, attrInt)
	case string:
		m.text(4, v)
		m.varint(20, attrString)
	case []int:
		for _, i := range v {
			m.varint(8, int64(i))
		}
		m.varint(20, attrInts)
	case []string:
		for _, s := range v {
			m.text(9, s)
		}
		m.varint(20, attrStrings)
	default:
		panic("onnx: an attribute of a type that is not written")
	}
	return m
}

// encodeNode writes a NodeProto.
func encodeNode(op, name string, in, out []string, attributes []attribute) []byte {
	var m message
	for _, s := range in {
		m.text(1, s)
	}
	for _, s := range out {
		m.text(2, s)
	}
	m.text(3, name)
	m.text(4, op)
	for _, a := range attributes {
		m.bytes(5, a.encode())
	}
	return m
}

// encodeFloats writes a TensorProto of float32.
func encodeFloats(name string, shape []int, data []float32) []byte {
	raw := make([]byte, 0, 4*len(data))
	for _, v := range data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return encodeTensor(name, typeFloat, shape, raw)
}

// encodeInts writes a TensorProto of int64, a list.
func encodeInts(name string, data []int) []byte {
	raw := make([]byte, 0, 8*len(data))
	for _, v := range data {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return encodeTensor(name, typeInt64, []int{len(data)}, raw)
}

func encodeTensor(name string, dtype int64, shape []int, raw []byte) []byte {
	var m message
	for _, d := range shape {
		m.varint(1, int64(d))
	}
	m.varint(2, dtype)
	m.text(8, name)
	m.bytes(9, raw)
	return m
}

// encodeValueInfo writes a ValueInfoProto of float32 with an open batch axis.
func encodeValueInfo(name string, shape []int) []byte {
	var dims message
	dims.bytes(1, func() (d message) { d.text(2, "N"); return d }())
	for _, n := range shape {
		dims.bytes(1, func() (d message) { d.varint(1, int64(n)); return d }())
	}
	var typ, info message
	typ.varint(1, typeFloat)
	typ.bytes(2, dims)
	info.text(1, name)
	info.bytes(2, func() (t message) { t.bytes(1, typ); return t }())
	return info
}
