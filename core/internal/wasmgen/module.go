package wasmgen

import "slices"

// Module collects the parts of a WebAssembly module; Bytes encodes it. The zero
// value is an empty module. A Module serves one goroutine.
type Module struct {
	types   []string // each function type once, encoded
	imports []byte
	nImport uint32
	funcs   []*Func
	nFunc   uint32 // imported ones included
	memory  bool
	memDef  []byte // the limits of a memory of its own
	globals []byte
	nGlobal uint32
	exports []byte
	nExport uint32
	names   map[string]bool // of exports
	start   *Func
	data    []byte
	nData   uint32
	customs []byte
}

// ImportMemory makes memory the one imported from module under name, of at least
// minPages pages of 64 KiB, not shared.
func (m *Module) ImportMemory(module, name string, minPages uint32) {
	m.oneMemory()
	m.imports = appendBytes(appendBytes(m.imports, module), name)
	m.imports = appendUint(append(m.imports, kindMemory, limitsMin), minPages)
	m.nImport++
}

// Memory gives the module a memory of its own of minPages pages of 64 KiB.
func (m *Module) Memory(minPages uint32) {
	m.oneMemory()
	m.memDef = appendUint([]byte{limitsMin}, minPages)
}

func (m *Module) oneMemory() {
	if m.memory {
		panic("wasmgen: a module has one memory")
	}
	m.memory = true
}

// ImportFunc imports a function; all imports come before the first Func.
func (m *Module) ImportFunc(module, name string, params, results []ValType) *Func {
	if len(m.funcs) > 0 {
		panic("wasmgen: import after a function")
	}
	f := &Func{module: m, index: m.nFunc, params: slices.Clone(params), results: slices.Clone(results), sealed: true}
	m.nFunc++
	m.imports = appendBytes(appendBytes(m.imports, module), name)
	m.imports = appendUint(append(m.imports, kindFunc), m.typeIndex(f))
	m.nImport++
	return f
}

// Func begins a function with these results; Param and NewLocal then declare what
// it has, and its methods write its body.
func (m *Module) Func(results ...ValType) *Func {
	f := &Func{module: m, index: m.nFunc, results: results}
	m.nFunc++
	m.funcs = append(m.funcs, f)
	return f
}

// Export makes f known to the outside as name.
func (m *Module) Export(name string, f *Func) {
	if f.module != m {
		panic("wasmgen: function of another module")
	}
	m.export(name, kindFunc, f.index)
}

// ExportMemory makes the memory known to the outside as name.
func (m *Module) ExportMemory(name string) {
	if !m.memory {
		panic("wasmgen: no memory to export")
	}
	m.export(name, kindMemory, 0)
}

func (m *Module) export(name string, kind byte, index uint32) {
	if m.names[name] {
		panic("wasmgen: two exports of one name")
	}
	if m.names == nil {
		m.names = map[string]bool{}
	}
	m.names[name] = true
	m.exports = appendUint(append(appendBytes(m.exports, name), kind), index)
	m.nExport++
}

// Data places bytes in memory at offset when the module is instantiated.
func (m *Module) Data(offset uint32, bytes []byte) {
	if !m.memory {
		panic("wasmgen: data without a memory")
	}
	m.data = append(m.data, 0) // active, memory 0
	m.data = append(append(m.data, I32Const(int32(offset)).code...), opEnd)
	m.data = appendBytes(m.data, bytes)
	m.nData++
}

// Start makes f, which takes and returns nothing, run when the module is instantiated,
// after its data have been placed.
func (m *Module) Start(f *Func) {
	if f.module != m || len(f.params)+len(f.results) > 0 {
		panic("wasmgen: the start function takes and returns nothing")
	}
	m.start = f
}

// Custom appends a custom section, which WebAssembly itself ignores.
func (m *Module) Custom(name string, content []byte) {
	m.customs = appendSection(m.customs, sectionCustom, append(appendBytes(nil, name), content...))
}

// Bytes encodes the module ("binary format", section order as there).
func (m *Module) Bytes() []byte {
	var declared, code []byte
	for _, f := range m.funcs {
		declared = appendUint(declared, m.typeIndex(f))
		code = appendBytes(code, f.encode())
	}
	var types []byte
	for _, t := range m.types {
		types = append(types, t...)
	}
	b := []byte("\x00asm\x01\x00\x00\x00")
	b = appendVector(b, sectionType, uint32(len(m.types)), types)
	b = appendVector(b, sectionImport, m.nImport, m.imports)
	b = appendVector(b, sectionFunction, uint32(len(m.funcs)), declared)
	if m.memDef != nil {
		b = appendVector(b, sectionMemory, 1, m.memDef)
	}
	b = appendVector(b, sectionGlobal, m.nGlobal, m.globals)
	b = appendVector(b, sectionExport, m.nExport, m.exports)
	if m.start != nil {
		b = appendSection(b, sectionStart, appendUint(nil, m.start.index))
	}
	b = appendVector(b, sectionCode, uint32(len(m.funcs)), code)
	b = appendVector(b, sectionData, m.nData, m.data)
	return append(b, m.customs...)
}

// typeIndex returns the index of f's type in the type section.
func (m *Module) typeIndex(f *Func) uint32 {
	t := []byte{0x60}
	for _, list := range [][]ValType{f.params, f.results} {
		t = appendUint(t, uint32(len(list)))
		for _, v := range list {
			t = append(t, byte(v))
		}
	}
	i := slices.Index(m.types, string(t))
	if i < 0 {
		i = len(m.types)
		m.types = append(m.types, string(t))
	}
	return uint32(i)
}

const (
	sectionCustom   = 0
	sectionType     = 1
	sectionImport   = 2
	sectionFunction = 3
	sectionMemory   = 5
	sectionGlobal   = 6
	sectionExport   = 7
	sectionStart    = 8
	sectionCode     = 10
	sectionData     = 11

	kindFunc   = 0
	kindMemory = 2
	kindGlobal = 3

	limitsMin = 0 // a minimum and no maximum
)

func appendSection(b []byte, id byte, content []byte) []byte {
	return appendBytes(append(b, id), content)
}

// appendVector appends a section that is a vector of n encoded items, if there are any.
func appendVector(b []byte, id byte, n uint32, items []byte) []byte {
	if n == 0 {
		return b
	}
	return appendSection(b, id, append(appendUint(nil, n), items...))
}
