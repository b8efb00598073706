package codegen

import (
	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/internal/wasmgen"
)

// ABI is the value of a module's global "abi": the version of what doc.go describes.
const ABI = 1

// emit writes the module.
func (c *compiler) emit(description []byte) []byte {
	m := &wasmgen.Module{}
	m.Memory(uint32(c.memory.pages))
	m.ExportMemory("memory")
	wasmgen.NewGlobal(m, false, number(ABI)).Export("abi")
	plain, staged := c.constants()
	if len(plain) > 0 {
		m.Data(constantsAt, plain)
	}
	if len(staged) > 0 {
		m.Data(uint32(c.memory.arena), staged)
	}
	capacity, output := wasmgen.NewGlobal(m, true, number(0)), wasmgen.NewGlobal(m, true, number(0))
	lib := &wasmgen.Library{Module: m, Scalar: c.options.NoSIMD, Scratch: scratchAt}
	c.emitStart(lib)
	var begins wasmgen.Global[wasmgen.I32] // where what a raw entry takes begins; 0: there is no room for it yet
	if c.raw != nil {
		begins = wasmgen.NewGlobal(m, true, number(0))
	}
	m.Export("input", c.emitInput(m, capacity, output, begins))
	m.Export("run", c.emitRun(lib, capacity, output))
	c.emitRaw(m, capacity, output, begins)
	m.Custom("terrarium", description)
	return m.Bytes()
}

// emitInput writes input(rows): it makes room for rows, and returns where they go.
func (c *compiler) emitInput(m *wasmgen.Module, capacity, output, begins wasmgen.Global[wasmgen.I32]) *wasmgen.Func {
	f := m.Func(wasmgen.TypeI32)
	rows := wasmgen.Param[wasmgen.I32](f)
	more := wasmgen.NewLocal[wasmgen.I32](f)
	none := func() { f.Return(number(0)) }
	f.If(wasmgen.I32GeU(wasmgen.I32Sub(rows.Get(), number(1)), number(c.memory.maxRows)), none)
	behind := func(start wasmgen.I32, row int) wasmgen.I32 { // the next free address behind rows
		end := wasmgen.I32Add(start, wasmgen.I32Mul(rows.Get(), number(row)))
		return wasmgen.I32And(wasmgen.I32Add(end, number(slack+alignment-1)), number(-alignment))
	}
	out := wasmgen.NewLocal[wasmgen.I32](f)
	out.Set(behind(number(c.memory.rows), c.memory.in))
	need := wasmgen.I32ShrU(wasmgen.I32Add(behind(out.Get(), c.memory.out), number(page-1)), number(16))
	more.Set(wasmgen.I32Sub(need, wasmgen.MemorySize()))
	f.If(wasmgen.I32GtS(more.Get(), number(0)), func() {
		f.If(wasmgen.I32LtS(wasmgen.MemoryGrow(more.Get()), number(0)), none)
	})
	capacity.Set(f, rows.Get())
	output.Set(f, out.Get())
	if c.raw != nil {
		begins.Set(f, number(0))
	}
	f.Return(number(c.memory.rows))
	return f
}

// emitRun writes run(rows): it computes, block by block, and returns where the results
// are.
func (c *compiler) emitRun(lib *wasmgen.Library, capacity, output wasmgen.Global[wasmgen.I32]) *wasmgen.Func {
	f := lib.Module.Func(wasmgen.TypeI32)
	rows := wasmgen.Param[wasmgen.I32](f)
	e := &emitter{Func: f, c: c, lib: lib}
	for _, l := range []*wasmgen.Local[wasmgen.I32]{&e.n, &e.in, &e.out} {
		*l = wasmgen.NewLocal[wasmgen.I32](f)
	}
	f.If(wasmgen.I32GeU(wasmgen.I32Sub(rows.Get(), number(1)), capacity.Get()), func() { f.Return(number(0)) })
	e.in.Set(number(c.memory.rows))
	e.out.Set(output.Get())
	f.Loop(func(again wasmgen.Label) {
		most := number(c.memory.block)
		e.n.Set(wasmgen.I32Select(rows.Get(), most, wasmgen.I32LtU(rows.Get(), most)))
		e.block()
		e.in.Set(wasmgen.I32Add(e.in.Get(), wasmgen.I32Mul(e.n.Get(), number(c.memory.in))))
		e.out.Set(wasmgen.I32Add(e.out.Get(), wasmgen.I32Mul(e.n.Get(), number(c.memory.out))))
		f.BrIf(again, rows.Tee(wasmgen.I32Sub(rows.Get(), e.n.Get())))
	})
	f.Return(output.Get())
	return f
}

// block writes the work on n rows.
func (e *emitter) block() {
	c := e.c
	if c.tabular() {
		e.encodeRows(c.source.Inputs[0])
	} else {
		e.copyRows(c.source.Inputs, func(v graph.Value, row wasmgen.I32) {
			e.move(v, e.addr(v), number(4*c.size(v)), row, number(c.memory.in))
		}, e.in, inInput)
	}
	for i := range c.steps {
		if emit := c.steps[i].emit; emit != nil {
			emit(e)
		}
	}
	e.copyRows(c.source.Outputs, func(v graph.Value, row wasmgen.I32) {
		e.move(v, row, number(c.memory.out), e.addr(v), number(4*c.size(v)))
	}, e.out, inOutput)
	if c.source.Pipeline != nil {
		e.decodeRows(c.source.Outputs[0])
	}
}

// copyRows moves values between their places and the host's rows, in which they lie
// side by side, unless they lie there already.
func (e *emitter) copyRows(values []graph.Value, move func(v graph.Value, row wasmgen.I32), rows wasmgen.Local[wasmgen.I32], there placeKind) {
	at := 0
	for _, v := range values {
		if e.c.kindOf(v) != there {
			move(v, wasmgen.I32Add(rows.Get(), number(at)))
		}
		at += 4 * e.c.size(v)
	}
}

// kindOf tells where a value lies.
func (c *compiler) kindOf(v graph.Value) placeKind {
	p := c.places[c.index[v]]
	if p.kind == inArena && c.blocks[p.index].outside {
		return inOutput
	}
	return p.kind
}

// move writes a copy of n rows of v.
func (e *emitter) move(v graph.Value, dst, dstRow, src, srcRow wasmgen.I32) {
	e.Call(e.lib.Move(), e.n.Get(), number(4*e.c.size(v)), dst, dstRow, src, srcRow)
}
