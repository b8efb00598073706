package onnx

import (
	"encoding/binary"
	"math"

	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A modelProto is what is read of a ModelProto.
type modelProto struct {
	opset int64
	graph graphProto
}

type graphProto struct {
	name            string
	nodes           []*nodeProto
	constants       map[string]*constant
	inputs, outputs []valueInfo
}

// A nodeProto is one operation.
type nodeProto struct {
	op, name, domain string
	in, out          []string
	attributes       map[string]attrProto
}

// An attrProto holds what one of an attribute's kinds has.
type attrProto struct {
	float  float32
	number int64
	text   string
	tensor *constant
	floats []float32
	ints   []int64
	texts  []string
}

// A constant is a tensor of the file. Whole numbers are there in both forms.
type constant struct {
	shape  []int
	floats []float32
	ints   []int64 // nil for tensors of floats
}

// A valueInfo is an input or an output: shape holds -1 for axes that are open.
type valueInfo struct {
	name  string
	dtype int64
	shape []int
}

// Bounds on what is taken seriously.
const (
	maxNodes    = 100_000
	maxBytes    = 1 << 31
	maxRow      = 1 << 26 // numbers of a row of a value
	maxChannels = 1 << 22
	maxTurned   = 1 << 11 // steps that are turned around, by a matrix
)

// parse reads a model's messages. Nothing is copied but numbers.
func parse(file []byte) (*modelProto, error) {
	if len(file) > maxBytes {
		return nil, tensor.Errorf(tensor.CodeMemory, "onnx: the file has more than 2 GB")
	}
	m := &modelProto{graph: graphProto{constants: map[string]*constant{}}}
	found := false
	err := fields(file, func(f field) error {
		switch f.number {
		case 7:
			found = true
			return m.graph.parse(f.bytes)
		case 8:
			return m.parseOpset(f.bytes)
		}
		return nil
	})
	if err == nil && !found {
		err = formatErrorf("the file holds no graph: it is no ONNX model")
	}
	return m, err
}

func (m *modelProto) parseOpset(b []byte) error {
	domain, version := "", int64(0)
	err := fields(b, func(f field) error {
		switch f.number {
		case 1:
			domain = string(f.bytes)
		case 2:
			version = int64(f.value)
		}
		return nil
	})
	if domain == "" || domain == "ai.onnx" {
		m.opset = version
	}
	return err
}

func (g *graphProto) parse(b []byte) error {
	return fields(b, func(f field) error {
		switch f.number {
		case 1:
			n, err := parseNode(f.bytes)
			if g.nodes = append(g.nodes, n); err == nil && len(g.nodes) > maxNodes {
				err = formatErrorf("the graph has more than %d operations", maxNodes)
			}
			return err
		case 2:
			g.name = string(f.bytes)
		case 5:
			name, c, err := parseTensor(f.bytes)
			if err == nil && g.constants[name] != nil {
				err = formatErrorf("the tensor %q stands twice in the file", name)
			}
			g.constants[name] = c
			return err
		case 11, 12:
			v, err := parseValueInfo(f.bytes)
			if f.number == 11 {
				g.inputs = append(g.inputs, v)
			} else {
				g.outputs = append(g.outputs, v)
			}
			return err
		}
		return nil
	})
}

func parseNode(b []byte) (*nodeProto, error) {
	n := &nodeProto{attributes: map[string]attrProto{}}
	err := fields(b, func(f field) error {
		switch f.number {
		case 1:
			n.in = append(n.in, string(f.bytes))
		case 2:
			n.out = append(n.out, string(f.bytes))
		case 3:
			n.name = string(f.bytes)
		case 4:
			n.op = string(f.bytes)
		case 5:
			name, a, err := parseAttribute(f.bytes)
			n.attributes[name] = a
			return err
		case 7:
			n.domain = string(f.bytes)
		}
		return nil
	})
	return n, err
}

func parseAttribute(b []byte) (name string, a attrProto, err error) {
	err = fields(b, func(f field) (err error) {
		switch f.number {
		case 1:
			name = string(f.bytes)
		case 2:
			a.float = math.Float32frombits(uint32(f.value))
		case 3:
			a.number = int64(f.value)
		case 4:
			a.text = string(f.bytes)
		case 5:
			_, a.tensor, err = parseTensor(f.bytes)
		case 7:
			a.floats, err = f.floats(a.floats)
		case 8:
			a.ints, err = f.varints(a.ints)
		case 9:
			a.texts = append(a.texts, string(f.bytes))
		}
		return err
	})
	return name, a, err
}

func parseValueInfo(b []byte) (v valueInfo, err error) {
	// ValueInfoProto.type.tensor_type.shape.dim, each a message in the last.
	err = fields(b, func(f field) error {
		switch f.number {
		case 1:
			v.name = string(f.bytes)
		case 2:
			return fields(f.bytes, func(f field) error {
				if f.number != 1 {
					return formatErrorf("the value %q is no tensor", v.name)
				}
				return fields(f.bytes, v.tensorType)
			})
		}
		return nil
	})
	return v, err
}

func (v *valueInfo) tensorType(f field) error {
	switch f.number {
	case 1:
		v.dtype = int64(f.value)
	case 2:
		return fields(f.bytes, func(f field) error {
			dim := -1
			err := fields(f.bytes, func(f field) error {
				if f.number == 1 && f.value > 0 && f.value < math.MaxInt32 {
					dim = int(f.value)
				}
				return nil
			})
			v.shape = append(v.shape, dim)
			return err
		})
	}
	return nil
}

// parseTensor reads a TensorProto. Its size is checked against its bytes before memory
// is taken.
func parseTensor(b []byte) (name string, c *constant, err error) {
	var dims, numbers []int64
	var raw []byte
	var floats []float32
	var doubles []byte
	dtype, external := int64(0), false
	err = fields(b, func(f field) (err error) {
		switch f.number {
		case 1:
			dims, err = f.varints(dims)
		case 2:
			dtype = int64(f.value)
		case 4:
			floats, err = f.floats(floats)
		case 5, 7:
			numbers, err = f.varints(numbers)
		case 8:
			name = string(f.bytes)
		case 9:
			raw = f.bytes
		case 10:
			doubles = f.bytes
		case 13:
			external = true
		case 14:
			external = external || f.value == 1
		}
		return err
	})
	if err != nil {
		return name, nil, err
	}
	if external {
		return name, nil, tensor.Errorf(tensor.CodeUnsupported, "onnx: the tensor %q lies in another file; save the model with its weights inside", name)
	}
	c = &constant{}
	for _, d := range dims {
		if d < 0 || d > math.MaxInt32 {
			return name, nil, formatErrorf("the tensor %q has the dimension %d", name, d)
		}
		c.shape = append(c.shape, int(d))
	}
	size, sizeErr := tensor.Size(c.shape)
	if sizeErr != nil {
		return name, nil, formatErrorf("the tensor %q: %v", name, sizeErr)
	}
	if dtype == typeDouble && raw == nil {
		raw = doubles
	}
	return name, c, c.fill(name, dtype, size, raw, floats, numbers)
}

// stored are the types of raw bytes, in the words of safetensors, which decodes them.
var stored = map[int64]safetensors.DType{
	typeFloat: safetensors.F32, typeUint8: safetensors.U8, typeInt8: safetensors.I8, typeInt32: safetensors.I32, typeInt64: safetensors.I64,
	typeBool: safetensors.Bool, typeFloat16: safetensors.F16, typeDouble: safetensors.F64,
}

// fill takes the numbers from wherever the file put them.
func (c *constant) fill(name string, dtype int64, size int, raw []byte, floats []float32, numbers []int64) error {
	kind, known := stored[dtype]
	whole := dtype == typeInt32 || dtype == typeInt64 || dtype == typeInt8 || dtype == typeUint8 || dtype == typeBool
	switch {
	case !known:
		return tensor.Errorf(tensor.CodeUnsupported, "onnx: the tensor %q has the element type %d, which is not read", name, dtype)
	case raw != nil || size == 0:
		if len(raw)%kind.Size() != 0 || len(raw)/kind.Size() != size {
			return formatErrorf("the tensor %q of shape %s announces %d numbers, but has %d bytes", name, tensor.Format(c.shape), size, len(raw))
		}
		t, _, err := (&safetensors.Named{Name: name, DType: kind, Shape: c.shape, Raw: raw}).Float32()
		if err != nil {
			return err
		}
		c.floats = t.Data
		if dtype == typeInt64 {
			for i := 0; i < len(raw); i += 8 {
				c.ints = append(c.ints, int64(binary.LittleEndian.Uint64(raw[i:])))
			}
			return nil
		}
	case dtype == typeFloat && len(floats) == size:
		c.floats = floats
	case dtype == typeFloat16 && len(numbers) == size:
		for _, n := range numbers {
			half := binary.LittleEndian.AppendUint16(nil, uint16(n))
			t, _, err := (&safetensors.Named{DType: safetensors.F16, Shape: []int{1}, Raw: half}).Float32()
			if err != nil {
				return err
			}
			c.floats = append(c.floats, t.Data[0])
		}
	case whole && len(numbers) == size:
		for _, n := range numbers {
			c.floats = append(c.floats, float32(n))
		}
		c.ints = numbers
		return nil
	default:
		return formatErrorf("the tensor %q of shape %s announces %d numbers, and has others", name, tensor.Format(c.shape), size)
	}
	if whole {
		c.ints = []int64{}
		for _, v := range c.floats {
			c.ints = append(c.ints, int64(v))
		}
	}
	return nil
}
