package codegen

import (
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// A raw entry takes what a host has, bytes of a text or of a picture, where the network
// takes numbers that are made of them. Its memory lies behind the rows.
type raw struct {
	name string // of the export that makes room
	room func(bytes wasmgen.I32) wasmgen.I32
	// fits tells whether bytes may be asked for; nil: any number up to maxRaw.
	fits func(bytes wasmgen.I32) wasmgen.I32
	// encode writes, into the exported function encode, how the bytes from at on become
	// the row at row.
	encode func(m *wasmgen.Module, f *wasmgen.Func, at, room, bytes, row wasmgen.Local[wasmgen.I32])
}

// maxRaw is how many bytes a text may have at most.
const maxRaw = 1 << 24

// medium reads how the pipeline's medium becomes numbers, and plans what the module
// needs to repeat it.
func (c *compiler) medium() error {
	if c.source.Pipeline == nil || c.source.Pipeline.Medium == nil {
		return nil
	}
	var err error
	switch c.source.Pipeline.Medium.Kind {
	case data.MediumText:
		c.raw, err = c.rawText()
	case data.MediumImage:
		c.raw, err = c.rawImage()
	}
	return err
}

// emitRaw writes the raw entry's functions, if there is one: name(bytes), which makes
// room behind the rows, and encode(row, bytes).
func (c *compiler) emitRaw(m *wasmgen.Module, capacity, output, begins wasmgen.Global[wasmgen.I32]) {
	if c.raw == nil {
		return
	}
	room := wasmgen.NewGlobal(m, true, number(0))
	f := m.Func(wasmgen.TypeI32)
	bytes := wasmgen.Param[wasmgen.I32](f)
	at, more := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
	none := func() { f.Return(number(0)) }
	f.If(wasmgen.I32Eqz(capacity.Get()), none)
	if c.raw.fits != nil {
		f.If(wasmgen.I32Eqz(c.raw.fits(bytes.Get())), none)
	} else {
		f.If(wasmgen.I32GtU(bytes.Get(), number(maxRaw)), none)
	}
	end := wasmgen.I32Add(output.Get(), wasmgen.I32Mul(capacity.Get(), number(c.memory.out)))
	at.Set(wasmgen.I32And(wasmgen.I32Add(end, number(slack+alignment-1)), number(-alignment)))
	need := wasmgen.I32ShrU(wasmgen.I32Add(wasmgen.I32Add(at.Get(), c.raw.room(bytes.Get())), number(slack+page-1)), number(16))
	more.Set(wasmgen.I32Sub(need, wasmgen.MemorySize()))
	f.If(wasmgen.I32GtS(more.Get(), number(0)), func() {
		f.If(wasmgen.I32LtS(wasmgen.MemoryGrow(more.Get()), number(0)), none)
	})
	begins.Set(f, at.Get())
	room.Set(f, bytes.Get())
	f.Return(at.Get())
	m.Export(c.raw.name, f)

	f = m.Func(wasmgen.TypeI32)
	row := wasmgen.Param[wasmgen.I32](f)
	bytes = wasmgen.Param[wasmgen.I32](f)
	from, most := wasmgen.NewLocal[wasmgen.I32](f), wasmgen.NewLocal[wasmgen.I32](f)
	from.Set(begins.Get())
	most.Set(room.Get())
	wrong := wasmgen.I32Or(wasmgen.I32Eqz(from.Get()), wasmgen.I32GeU(row.Get(), capacity.Get()))
	f.If(wasmgen.I32Or(wrong, wasmgen.I32GtU(bytes.Get(), most.Get())), func() { f.Return(number(0)) })
	if c.raw.fits != nil {
		f.If(wasmgen.I32Ne(bytes.Get(), most.Get()), func() { f.Return(number(0)) })
	}
	row.Set(wasmgen.I32Add(number(c.memory.rows), wasmgen.I32Mul(row.Get(), number(c.memory.in))))
	c.raw.encode(m, f, from, most, bytes, row)
	f.Return(row.Get())
	m.Export("encode", f)
}
