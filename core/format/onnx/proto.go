package onnx

import (
	"encoding/binary"
	"math"
)

// The wire types of Protocol Buffers.
const (
	wireVarint = 0
	wire64     = 1
	wireBytes  = 2
	wire32     = 5
)

// A message is a Protocol Buffers message being written. Fields that are zero may be
// left out, and lists are written field by field.
type message []byte

func (m *message) tag(field, wire int) {
	*m = binary.AppendUvarint(*m, uint64(field<<3|wire))
}

func (m *message) varint(field int, v int64) {
	m.tag(field, wireVarint)
	*m = binary.AppendUvarint(*m, uint64(v))
}

func (m *message) float(field int, v float32) {
	m.tag(field, wire32)
	*m = binary.LittleEndian.AppendUint32(*m, math.Float32bits(v))
}

func (m *message) bytes(field int, v []byte) {
	m.tag(field, wireBytes)
	*m = binary.AppendUvarint(*m, uint64(len(v)))
	*m = append(*m, v...)
}

func (m *message) text(field int, v string) { m.bytes(field, []byte(v)) }

// A field is one field of a message that is read: a number, or bytes.
type field struct {
	number int
	wire   int
	value  uint64 // of varint, 32 and 64 bit fields
	bytes  []byte
}

// fields calls f with each field of a message. Lengths are checked before they are used.
func fields(m []byte, f func(field) error) error {
	for len(m) > 0 {
		tag, n := binary.Uvarint(m)
		if n <= 0 || tag>>3 == 0 || tag>>3 > 1<<29 {
			return formatErrorf("the file is damaged, or no ONNX model: a field has no number")
		}
		m = m[n:]
		v := field{number: int(tag >> 3), wire: int(tag & 7)}
		switch v.wire {
		case wireVarint:
			if v.value, n = binary.Uvarint(m); n <= 0 {
				return formatErrorf("the file is cut off in a number")
			}
			m = m[n:]
		case wire64, wire32:
			size := 8
			if v.wire == wire32 {
				size = 4
			}
			if len(m) < size {
				return formatErrorf("the file is cut off in a number")
			}
			for i, b := range m[:size] {
				v.value |= uint64(b) << (8 * i)
			}
			m = m[size:]
		case wireBytes:
			length, n := binary.Uvarint(m)
			if n <= 0 || length > uint64(len(m)-n) {
				return formatErrorf("a field announces %d bytes, more than the file has", length)
			}
			m = m[n:]
			v.bytes = m[:length:length]
			m = m[length:]
		default:
			return formatErrorf("the file is damaged, or no ONNX model: a field is of no known kind")
		}
		if err := f(v); err != nil {
			return err
		}
	}
	return nil
}

// varints appends the numbers of a repeated field, packed into bytes or one alone.
func (v field) varints(to []int64) ([]int64, error) {
	if v.wire != wireBytes {
		return append(to, int64(v.value)), nil
	}
	for rest := v.bytes; len(rest) > 0; {
		x, n := binary.Uvarint(rest)
		if n <= 0 {
			return to, formatErrorf("a list of numbers is cut off")
		}
		to, rest = append(to, int64(x)), rest[n:]
	}
	return to, nil
}

// floats appends the numbers of a repeated field of floats.
func (v field) floats(to []float32) ([]float32, error) {
	if v.wire != wireBytes {
		return append(to, math.Float32frombits(uint32(v.value))), nil
	}
	if len(v.bytes)%4 != 0 {
		return to, formatErrorf("a list of numbers is cut off")
	}
	for i := 0; i < len(v.bytes); i += 4 {
		to = append(to, math.Float32frombits(binary.LittleEndian.Uint32(v.bytes[i:])))
	}
	return to, nil
}
