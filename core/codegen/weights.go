package codegen

import (
	"encoding/binary"
	"math"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Precision says how weights are stored. Arithmetic is float32 in any case: float16
// and int8 weights are decoded when the module starts, and its outputs are, bit for
// bit, those of the core with the decoded weights (see Decoded).
//
// Only weights with two axes or more are stored smaller; biases and their like are
// few, and stay float32.
type Precision string

// The precisions. "" is Float32.
const (
	Float32 Precision = "float32"
	// Float16 is IEEE 754 binary16, rounded to nearest, ties to even.
	Float16 Precision = "float16"
	// Int8 is round(w / s) from -127 to 127, with a scale s = max|w| / 127 for each
	// index of the last axis: for each output of a layer.
	Int8 Precision = "int8"
)

// A codec writes weights smaller, and reads them.
type codec struct {
	limit   float32 // what magnitudes must be below; 0: none
	encode  func(values []float32, channels int) (encoded []byte, scales []float32)
	decode  func(dst []float32, encoded []byte, scales []float32)
	decoder func(lib *wasmgen.Library) *wasmgen.Func // the same in the module
}

// codec returns nil for float32, and refuses what is no precision.
func (p Precision) codec() (*codec, error) {
	switch p {
	case "", Float32:
		return nil, nil
	case Float16:
		return &codec{float16Limit, encodeFloat16, decodeFloat16, (*wasmgen.Library).DecodeFloat16}, nil
	case Int8:
		return &codec{0, encodeInt8, decodeInt8, (*wasmgen.Library).DecodeInt8}, nil
	}
	return nil, tensor.Errorf(tensor.CodeOption, "weights must be float32, float16 or int8, got %q", string(p))
}

// A weight is a parameter in the module.
type weight struct {
	param   *graph.Param
	values  []float32
	codec   *codec    // nil: stored as it is
	encoded []byte    // else this,
	scales  []float32 // by channel
	at      int       // address of the float32 values
	staged  int       // address of what is to be decoded: scales, then encoded
}

// Decoded returns the values that a module with weights of a precision computes with,
// for a weight of a shape: to run the core on them and measure what was lost. It fails
// where float16 cannot hold a value.
func Decoded(p Precision, shape []int, values []float32) ([]float32, error) {
	codec, err := p.codec()
	if err != nil {
		return nil, err
	}
	w := weight{param: &graph.Param{Shape: shape}, values: append([]float32{}, values...)}
	if err := w.encode(codec); err != nil {
		return nil, err
	}
	if w.codec != nil {
		w.codec.decode(w.values, w.encoded, w.scales)
	}
	return w.values, nil
}

// encode chooses how a weight is stored.
func (w *weight) encode(c *codec) error {
	if c == nil || len(w.param.Shape) < 2 {
		return nil
	}
	for _, v := range w.values {
		if c.limit > 0 && !(math.Abs(float64(v)) < float64(c.limit)) {
			return tensor.Errorf(tensor.CodeUnsupported, "weight %q holds %g, which is too large for float16; use float32 weights", w.param.Name, v).In(w.param.Layer)
		}
	}
	w.codec = c
	w.encoded, w.scales = c.encode(w.values, w.param.Shape[len(w.param.Shape)-1])
	return nil
}

// encodeWeights reads all weights and gives them addresses: first those that lie in the
// module as they are.
func (c *compiler) encodeWeights() error {
	for i := range c.nodes {
		p := c.nodes[i].Param
		if p == nil {
			continue
		}
		w := weight{param: p, values: c.source.Weights(p)}
		if len(w.values) != graph.Size(p.Shape) {
			return tensor.Errorf(tensor.CodeShape, "weight %q: want %d values, got %d", p.Name, graph.Size(p.Shape), len(w.values)).In(p.Layer)
		}
		if k := (&tensor.Tensor{Data: w.values}).FirstNonFinite(); k >= 0 {
			return tensor.Errorf(tensor.CodeData, "weight %q: element %d is %v; a model that has not learned cannot be compiled", p.Name, k, w.values[k]).In(p.Layer)
		}
		if err := w.encode(c.codec); err != nil {
			return err
		}
		if c.panels[i] {
			w.values = wasmgen.InPanels(w.values, p.Shape[len(p.Shape)-1])
		}
		c.weights = append(c.weights, w)
	}
	c.weights = append(c.weights, c.stored...)
	m := &c.memory
	m.table = constantsAt
	at := constantsAt + len(c.table())
	for _, decoded := range []bool{false, true} {
		for i := range c.weights {
			if w := &c.weights[i]; (w.codec != nil) == decoded {
				at = (at + 15) &^ 15
				w.at = at
				at += 4 * len(w.values)
			}
		}
	}
	for i := range c.derived {
		at = (at + 15) &^ 15
		c.derived[i].at = at
		at += 4 * c.derived[i].numbers
	}
	m.arena = aligned(at + slack)
	m.staged = m.arena
	for i := range c.weights {
		w := &c.weights[i]
		if w.codec == nil {
			c.weightBytes += 4 * len(w.values)
			continue
		}
		w.staged = m.staged
		m.staged += (4*len(w.scales) + len(w.encoded) + 3) &^ 3
		c.weightBytes += 4*len(w.scales) + len(w.encoded)
	}
	return nil
}

// constants returns what lies in the module from constantsAt on, and from the arena on.
func (c *compiler) constants() (plain, staged []byte) {
	plain = c.table()
	for _, w := range c.weights {
		if w.codec != nil {
			continue
		}
		plain = append(plain, make([]byte, w.at-constantsAt-len(plain))...)
		plain = appendFloats(plain, w.values)
	}
	for _, w := range c.weights {
		if w.codec == nil {
			continue
		}
		staged = append(staged, make([]byte, w.staged-c.memory.arena-len(staged))...)
		staged = append(appendFloats(staged, w.scales), w.encoded...)
	}
	return plain, staged
}

func appendFloats(b []byte, values []float32) []byte {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

// A derived array is made of weights when the module starts.
type derived struct {
	numbers int
	at      int // its address
	emit    func(e *emitter, at int)
}

// derive plans a derived array and returns what tells its address, once it has one.
func (c *compiler) derive(numbers int, emit func(e *emitter, at int)) func() int {
	i := len(c.derived)
	c.derived = append(c.derived, derived{numbers: numbers, emit: emit})
	return func() int { return c.derived[i].at }
}

// store plans numbers that lie in the module and belong to no parameter, and returns
// what tells their address, once they have one.
func (c *compiler) store(values []float32) func() int {
	i := len(c.stored)
	c.stored = append(c.stored, weight{param: &graph.Param{Shape: []int{len(values)}}, values: values})
	return func() int { return c.weights[len(c.weights)-len(c.stored)+i].at }
}

// constant plans a derived array of equal numbers.
func (c *compiler) constant(numbers int, v float32) func() int {
	if v == 0 {
		return c.derive(numbers, nil) // as memory is at first
	}
	return c.derive(numbers, func(e *emitter, at int) {
		e.Call(e.lib.Fill(), number(numbers), number(at), wasmgen.F32Const(v))
	})
}

// emitStart writes the module's start function, if there is something to decode or to
// derive.
func (c *compiler) emitStart(lib *wasmgen.Library) {
	var decode []func(f *wasmgen.Func)
	for _, w := range c.weights {
		if w.codec == nil {
			continue
		}
		decoder := w.codec.decoder(lib)
		decode = append(decode, func(f *wasmgen.Func) {
			f.Call(decoder, number(w.at), number(w.staged), number(len(w.scales)), number(len(w.values)))
		})
	}
	if len(decode)+len(c.derived) == 0 {
		return
	}
	f := lib.Module.Func()
	lib.Module.Start(f)
	for _, d := range decode {
		d(f)
	}
	e := &emitter{Func: f, c: c, lib: lib}
	for _, d := range c.derived {
		if d.emit != nil {
			d.emit(e, d.at)
		}
	}
}
