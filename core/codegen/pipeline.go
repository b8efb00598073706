package codegen

import (
	"encoding/binary"
	"math"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// A data pipeline's table has a record for each of its inputs: what data.Pipeline's
// Encode does with it. Numbers are little-endian.
const (
	recordInfo   = 0 // categories << 3 | recordKind << 1 | flag
	recordFill   = 4
	recordCenter = 8
	recordScale  = 12
	recordBytes  = 16

	kindValue  = 0
	kindOneHot = 1
	kindCyclic = 2
)

// tabular tells whether rows are a table's, and the module makes features of them. Of
// another medium the host makes the network's numbers, as its description says.
func (c *compiler) tabular() bool { return c.source.Pipeline != nil && c.source.Pipeline.Medium == nil }

// table returns the table or, where rows are no table's, what a raw entry needs.
func (c *compiler) table() []byte {
	if !c.tabular() {
		return c.blob
	}
	var b []byte
	for _, in := range c.source.Pipeline.Inputs {
		info := uint32(kindValue)
		switch in.Encoding {
		case data.EncodingOneHot:
			info = kindOneHot<<1 | uint32(len(in.Categories))<<3
		case data.EncodingCyclic:
			info = kindCyclic << 1
		}
		if in.Flag {
			info |= 1
		}
		b = binary.LittleEndian.AppendUint32(b, info)
		b = appendFloats(b, []float32{in.Fill, in.Center, in.Scale})
	}
	return b
}

// encodeRows writes the call that makes features of raw rows.
func (e *emitter) encodeRows(features graph.Value) {
	encode := newEncoder(e.lib.Module, e.c.source.Pipeline, e.c.memory.table)
	e.Call(encode, e.n.Get(), e.in.Get(), e.addr(features))
}

// An encoder is the function encode(rows, in, out) while it is written: data.Pipeline's
// Encode, row after row.
type encoder struct {
	*wasmgen.Func
	in, out, record, info, missing wasmgen.Local[wasmgen.I32]
	x                              wasmgen.Local[wasmgen.F32]
}

func newEncoder(m *wasmgen.Module, p *data.Pipeline, table int) *wasmgen.Func {
	e := encoder{Func: m.Func()}
	rows := wasmgen.Param[wasmgen.I32](e.Func)
	e.in, e.out = wasmgen.Param[wasmgen.I32](e.Func), wasmgen.Param[wasmgen.I32](e.Func)
	for _, l := range []*wasmgen.Local[wasmgen.I32]{&e.record, &e.info, &e.missing} {
		*l = wasmgen.NewLocal[wasmgen.I32](e.Func)
	}
	e.x = wasmgen.NewLocal[wasmgen.F32](e.Func)
	var oneHot, cyclic, flag bool
	for _, in := range p.Inputs {
		oneHot = oneHot || in.Encoding == data.EncodingOneHot
		cyclic = cyclic || in.Encoding == data.EncodingCyclic
		flag = flag || in.Flag
	}
	end := number(table + recordBytes*len(p.Inputs))
	e.While(rows.Get(), func() {
		e.record.Set(number(table))
		e.Loop(func(again wasmgen.Label) {
			e.x.Set(wasmgen.F32Load(e.in.Get(), 0))
			e.missing.Set(wasmgen.F32Ne(e.x.Get(), e.x.Get()))
			e.If(e.missing.Get(), func() { e.x.Set(wasmgen.F32Load(e.record.Get(), recordFill)) })
			e.info.Set(wasmgen.I32Load(e.record.Get(), recordInfo))
			if oneHot {
				e.IfElse(e.is(kindOneHot), e.oneHot, func() { e.value(cyclic) })
			} else {
				e.value(cyclic)
			}
			if flag {
				e.If(wasmgen.I32And(e.info.Get(), number(1)), func() {
					e.F32Store(e.out.Get(), 0, wasmgen.F32ConvertI32S(e.missing.Get()))
					e.move(e.out, 4)
				})
			}
			e.move(e.in, 4)
			e.BrIf(again, wasmgen.I32LtU(e.record.Tee(wasmgen.I32Add(e.record.Get(), number(recordBytes))), end))
		})
		e.move(rows, -1)
	})
	return e.Func
}

func (e *encoder) move(l wasmgen.Local[wasmgen.I32], by int) {
	l.Set(wasmgen.I32Add(l.Get(), number(by)))
}

// is tells of what kind the record is.
func (e *encoder) is(kind int) wasmgen.I32 {
	return wasmgen.I32Eq(wasmgen.I32And(e.info.Get(), number(3<<1)), number(kind<<1))
}

// oneHot writes a feature for each category.
func (e *encoder) oneHot() {
	width := wasmgen.I32ShrU(e.info.Get(), number(3))
	bytes := wasmgen.I32Shl(width, number(2))
	e.MemoryFill(e.out.Get(), number(0), bytes)
	valid := wasmgen.I32And(wasmgen.F32Ge(e.x.Get(), wasmgen.F32Const(0)), wasmgen.F32Lt(e.x.Get(), wasmgen.F32ConvertI32U(width)))
	valid = wasmgen.I32And(valid, wasmgen.F32Eq(wasmgen.F32Trunc(e.x.Get()), e.x.Get()))
	valid = wasmgen.I32And(valid, wasmgen.I32Eqz(wasmgen.I32And(e.missing.Get(), e.info.Get())))
	e.If(valid, func() {
		index := wasmgen.I32Shl(wasmgen.I32TruncSatF32U(e.x.Get()), number(2))
		e.F32Store(wasmgen.I32Add(e.out.Get(), index), 0, wasmgen.F32Const(1))
	})
	e.out.Set(wasmgen.I32Add(e.out.Get(), bytes))
}

// value writes the scaled value, and behind that of a cyclic date where it lies in the
// year and in the week.
func (e *encoder) value(cyclic bool) {
	center, scale := wasmgen.F32Load(e.record.Get(), recordCenter), wasmgen.F32Load(e.record.Get(), recordScale)
	e.F32Store(e.out.Get(), 0, wasmgen.F32Mul(wasmgen.F32Sub(e.x.Get(), center), scale))
	e.move(e.out, 4)
	if !cyclic {
		return
	}
	e.If(e.is(kindCyclic), func() {
		phase := wasmgen.NewLocal[wasmgen.F32](e.Func)
		for _, period := range data.CyclePeriods {
			turns := wasmgen.F32Div(e.x.Get(), wasmgen.F32Const(period))
			phase.Set(turns)
			phase.Set(wasmgen.F32Sub(phase.Get(), wasmgen.F32Floor(phase.Get())))
			e.triangle(phase.Get(), phase)
			e.triangle(wasmgen.F32Add(phase.Get(), wasmgen.F32Const(0.25)), phase)
		}
	})
}

// triangle writes the triangle wave of a phase, as data.Pipeline does.
func (e *encoder) triangle(at wasmgen.F32, phase wasmgen.Local[wasmgen.F32]) {
	p := wasmgen.NewLocal[wasmgen.F32](e.Func)
	p.Set(at)
	p.Set(wasmgen.F32Sub(p.Get(), wasmgen.F32Floor(p.Get())))
	distance := wasmgen.F32Abs(wasmgen.F32Sub(p.Get(), wasmgen.F32Const(0.5)))
	e.F32Store(e.out.Get(), 0, wasmgen.F32Sub(wasmgen.F32Const(1), wasmgen.F32Mul(wasmgen.F32Const(4), distance)))
	e.move(e.out, 4)
}

// decodeRows writes the way of a regression's results back to the target's units.
func (e *emitter) decodeRows(v graph.Value) {
	o := &e.c.source.Pipeline.Output
	if o.Task != data.TaskRegression || o.Scale == 1 && math.Float32bits(o.Center) == 0 {
		return
	}
	f := e.lib.Map("decode", func(l wasmgen.Lanes, x wasmgen.Num) wasmgen.Num {
		return l.Add(l.Mul(x, l.Const(o.Scale)), l.Const(o.Center))
	})
	e.Call(f, e.count(v, e.c.size(v)), e.out.Get(), e.out.Get())
}
