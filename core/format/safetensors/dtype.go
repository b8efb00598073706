package safetensors

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A DType is the type of an array's values, as files spell it.
type DType string

// The types that Read knows. Write stores Tensors as F32, F16, I32 or U8, and Raw
// bytes as any.
const (
	F64  DType = "F64"
	F32  DType = "F32"
	F16  DType = "F16"
	BF16 DType = "BF16"
	I64  DType = "I64"
	I32  DType = "I32"
	I16  DType = "I16"
	I8   DType = "I8"
	U64  DType = "U64"
	U32  DType = "U32"
	U16  DType = "U16"
	U8   DType = "U8"
	Bool DType = "BOOL"
)

// Size returns the bytes of one value, which is also its alignment; 0 for a type
// that is not known.
func (d DType) Size() int {
	switch d {
	case F64, I64, U64:
		return 8
	case F32, I32, U32:
		return 4
	case F16, BF16, I16, U16:
		return 2
	case I8, U8, Bool:
		return 1
	}
	return 0
}

// Float32 returns the values as float32. exact tells whether all of them are what
// is stored: F32, F16, BF16, the 8- and 16-bit integers and BOOL always are; of
// F64 and of longer integers some values lie between two float32 and are rounded
// to the nearest. A BOOL that is neither 0 nor 1 is an error.
func (n *Named) Float32() (t *tensor.Tensor, exact bool, err error) {
	size, sizeErr := tensor.Size(n.Shape)
	if sizeErr != nil {
		return nil, false, tensor.Errorf(tensor.CodeMemory, "safetensors: tensor %s: %v", quoted(n.Name), sizeErr)
	}
	width := n.DType.Size()
	if width == 0 || len(n.Raw) != size*width {
		return nil, false, formatError("tensor %s: %s of shape %s does not fit %d bytes", quoted(n.Name), n.DType, tensor.Format(n.Shape), len(n.Raw))
	}
	t, exact = tensor.New(n.Shape...), true
	for i := range t.Data {
		v, same := n.DType.value(n.Raw[i*width:])
		t.Data[i] = v
		exact = exact && same
		if n.DType == Bool && n.Raw[i] > 1 {
			return nil, false, formatError("tensor %s: value %d is %d, but BOOL has only 0 and 1", quoted(n.Name), i, n.Raw[i])
		}
	}
	return t, exact, nil
}

// value decodes the first value of b and tells whether it is exact.
func (d DType) value(b []byte) (v float32, exact bool) {
	switch d {
	case F64:
		stored := math.Float64frombits(binary.LittleEndian.Uint64(b))
		v = float32(stored)
		return v, float64(v) == stored || stored != stored
	case F32:
		return math.Float32frombits(binary.LittleEndian.Uint32(b)), true
	case F16:
		return fromHalf(binary.LittleEndian.Uint16(b)), true
	case BF16:
		return math.Float32frombits(uint32(binary.LittleEndian.Uint16(b)) << 16), true
	case I64:
		stored := int64(binary.LittleEndian.Uint64(b))
		return float32(stored), fits(magnitude(stored))
	case U64:
		stored := binary.LittleEndian.Uint64(b)
		return float32(stored), fits(stored)
	case I32:
		stored := int32(binary.LittleEndian.Uint32(b))
		return float32(stored), fits(magnitude(int64(stored)))
	case U32:
		stored := binary.LittleEndian.Uint32(b)
		return float32(stored), fits(uint64(stored))
	case I16:
		return float32(int16(binary.LittleEndian.Uint16(b))), true
	case U16:
		return float32(binary.LittleEndian.Uint16(b)), true
	case I8:
		return float32(int8(b[0])), true
	}
	return float32(b[0]), true // U8, BOOL
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// fits tells whether a whole number needs no more than float32's 24 bits.
func fits(v uint64) bool {
	return v == 0 || bits.Len64(v)-bits.TrailingZeros64(v) <= 24
}
