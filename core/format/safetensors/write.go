package safetensors

import (
	"cmp"
	"encoding/binary"
	"io"
	"maps"
	"math"
	"slices"
	"sort"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Write writes a file. Equal contents give equal bytes, whatever the order of
// f.Tensors: they are sorted by their type's alignment, widest first, then by
// name; metadata is sorted by key; the header ends in spaces, so that the values
// start on a multiple of 64 bytes.
//
// It fails, before it writes anything, with code "format" on names that are used
// twice or not UTF-8 and on sizes that do not fit, and with code "data" on a value
// that the tensor's type cannot hold.
func Write(w io.Writer, f *File) error {
	tensors := slices.Clone(f.Tensors)
	for i := range tensors {
		if err := tensors[i].prepare(); err != nil {
			return err
		}
	}
	sort.Slice(tensors, func(i, j int) bool {
		a, b := tensors[i], tensors[j]
		return cmp.Or(cmp.Compare(b.DType.Size(), a.DType.Size()), cmp.Compare(a.Name, b.Name)) < 0
	})
	header, err := appendHeader(nil, f.Metadata, tensors)
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	buffer := make([]byte, 0, 1<<16)
	for i := range tensors {
		if err := tensors[i].write(w, buffer); err != nil {
			return err
		}
	}
	return nil
}

// prepare settles type and shape, and checks that the values can be written.
func (n *Named) prepare() error {
	n.DType = cmp.Or(n.DType, F32)
	if n.Tensor == nil {
		if n.DType.Size() == 0 {
			return formatError("tensor %s: dtype %q is not known", quoted(n.Name), string(n.DType))
		}
		if want, ok := byteSize(n.Shape, n.DType); !ok || int64(len(n.Raw)) != want {
			return formatError("tensor %s: %s of shape %s takes %d bytes, got %d", quoted(n.Name), n.DType, tensor.Format(n.Shape), want, len(n.Raw))
		}
		return nil
	}
	n.Shape = n.Tensor.Shape
	if size, err := tensor.Size(n.Shape); err != nil || size != len(n.Tensor.Data) {
		return formatError("tensor %s: shape %s does not fit %d values", quoted(n.Name), tensor.Format(n.Shape), len(n.Tensor.Data))
	}
	for i, v := range n.Tensor.Data {
		if !n.DType.holds(v) {
			return tensor.Errorf(tensor.CodeData, "safetensors: tensor %s: value %d is %v, which %s cannot hold", quoted(n.Name), i, v, n.DType)
		}
	}
	switch n.DType {
	case F32, F16, I32, U8:
		return nil
	}
	return tensor.Errorf(tensor.CodeUnsupported, "safetensors: tensor %s: writing float32 values as %s is not supported; use F32, F16, I32 or U8", quoted(n.Name), string(n.DType))
}

// holds tells whether a value can be stored: F16 rounds, but takes no finite
// number that would become infinite; integers take whole numbers only.
func (d DType) holds(v float32) bool {
	whole := v == float32(math.Floor(float64(v)))
	switch d {
	case F16:
		return v-v != 0 || toHalf(v)&0x7fff < 0x7c00
	case I32:
		return whole && v >= -1<<31 && v < 1<<31
	case U8:
		return whole && v >= 0 && v <= 255
	}
	return true
}

// appendHeader appends the length and the header.
func appendHeader(b []byte, metadata map[string]string, tensors []Named) ([]byte, error) {
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0, '{')
	var err error
	if len(metadata) > 0 {
		b = append(b, `"`+metadataKey+`":{`...)
		for i, key := range slices.Sorted(maps.Keys(metadata)) {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendText(b, key); err != nil {
				return nil, err
			}
			if b, err = appendText(append(b, ':'), metadata[key]); err != nil {
				return nil, err
			}
		}
		b = append(b, '}')
	}
	seen := map[string]bool{metadataKey: true}
	at := int64(0)
	for _, t := range tensors {
		if seen[t.Name] {
			return nil, formatError("the name %s is used twice, or is reserved", quoted(t.Name))
		}
		seen[t.Name] = true
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		if b, err = appendText(b, t.Name); err != nil {
			return nil, err
		}
		b = append(b, `:{"dtype":"`+string(t.DType)+`","shape":`...)
		b = appendNumbers(b, t.Shape...)
		size, _ := byteSize(t.Shape, t.DType)
		b = append(b, `,"data_offsets":`...)
		b = appendNumbers(b, int(at), int(at+size))
		b = append(b, '}')
		at += size
	}
	b = append(b, '}')
	for len(b)%boundary != 0 {
		b = append(b, ' ')
	}
	binary.LittleEndian.PutUint64(b, uint64(len(b)-8))
	return b, nil
}

func appendText(b []byte, text string) ([]byte, error) {
	b, err := json.AppendText(b, text)
	if err != nil {
		return nil, formatError("the text %s is not UTF-8", quoted(text))
	}
	return b, nil
}

func appendNumbers(b []byte, numbers ...int) []byte {
	b = append(b, '[')
	for i, n := range numbers {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return append(b, ']')
}

// write writes the values, through an empty buffer that does not grow.
func (n *Named) write(w io.Writer, buffer []byte) error {
	if n.Tensor == nil {
		_, err := w.Write(n.Raw)
		return err
	}
	for values := range slices.Chunk(n.Tensor.Data, cap(buffer)/4) {
		b := buffer
		for _, v := range values {
			switch n.DType {
			case F32:
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
			case F16:
				b = binary.LittleEndian.AppendUint16(b, toHalf(v))
			case I32:
				b = binary.LittleEndian.AppendUint32(b, uint32(int32(v)))
			case U8:
				b = append(b, byte(v))
			}
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}
