package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// What Go's linker tells the runtime of every function stands in a table, pclntab
// (runtime/symtab.go and runtime2.go; cmd/link/internal/ld/pcln.go). Frame sizes and
// maps of pointers are needed to run; names, files and lines only to print a traceback. They
// are blanked: what is zero is no part of the file.
//
// Of a function's name its package is kept, so that a traceback still tells where to
// look, and so is all of those names that the runtime compares: "runtime." at the
// beginning (isSystemGoroutine) and two of package reflect (stkframe.argMapInternal).

// A stripper blanks a module's table.
type stripper struct {
	module *wasmModule
	header uint64 // address of the pcHeader
	nfunc  uint64
	names  []byte // funcnametab
	cu     []byte // cutab
	files  []byte // filetab
	values []byte // pctab
	funcs  []byte // pclntable: ftab and the functions
	find   []byte // findfunctab
	findAt uint64 // its address
}

// Offsets in runtime._func, and its fixed size.
const (
	funcName    = 4
	funcPCSP    = 16
	funcPCFile  = 20
	funcPCLine  = 24
	funcNPCData = 28
	funcCU      = 32
	funcLine    = 36
	funcNData   = 43
	funcSize    = 44
)

// Tables that only tracebacks read (internal/abi/symtab.go), and the one of points where a
// signal must not stop a goroutine: in WebAssembly there are no signals.
const (
	pcdataUnsafePoint = 0

	pcdataInlTree, pcdataArgLive                      = 2, 3
	funcdataInlTree, funcdataArgInfo, funcdataArgLive = 3, 5, 6
)

// stripTables blanks names, files and lines in a program of Go's linker.
func stripTables(m *wasmModule) error {
	s := &stripper{module: m}
	if err := s.locate(); err != nil {
		return err
	}
	if err := s.blank(); err != nil {
		return err
	}
	return s.fillLookup()
}

// locate finds the tables.
func (s *stripper) locate() error {
	// The magic number of Go 1.20 and later, two zeros, instructions of one byte and
	// pointers of eight.
	magic := []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}
	at := bytes.Index(s.module.image, magic)
	if at < 0 || bytes.Contains(s.module.image[at+1:], magic) {
		return fmt.Errorf("%w: there is no pclntab of this release of Go", errModule)
	}
	s.header = uint64(s.module.base) + uint64(at)
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(s.module.image[at+8*i:]) }
	s.nfunc = word(1)
	// The runtime's module data begins with the header's address and five slices.
	pointer := binary.LittleEndian.AppendUint64(nil, s.header)
	for from := 0; ; from++ {
		next := bytes.Index(s.module.image[from:], pointer)
		if next < 0 {
			return fmt.Errorf("%w: there is no module data", errModule)
		}
		if from += next; s.slices(from+8, word) {
			break
		}
	}
	if s.nfunc == 0 || 8*s.nfunc > uint64(len(s.funcs)) {
		return errModule
	}
	return nil
}

// slices reads the five slices, if they stand there: they begin where the header says.
func (s *stripper) slices(at int, header func(int) uint64) bool {
	for i, table := range []*[]byte{&s.names, &s.cu, &s.files, &s.values, &s.funcs} {
		if at+24*i+16 > len(s.module.image) {
			return false
		}
		address := binary.LittleEndian.Uint64(s.module.image[at+24*i:])
		length := binary.LittleEndian.Uint64(s.module.image[at+24*i+8:])
		if i == 1 {
			length *= 4 // uint32s
		}
		var err error
		if *table, err = s.module.at(address, length); err != nil || address != s.header+header(4+i) {
			return false
		}
	}
	address := binary.LittleEndian.Uint64(s.module.image[at+24*6:])
	lowest, highest := binary.LittleEndian.Uint64(s.module.image[at+24*6+8:]), binary.LittleEndian.Uint64(s.module.image[at+24*6+16:])
	var err error
	s.findAt = address
	s.find, err = s.module.at(address, (highest-lowest+bucketPCs-1)/bucketPCs*bucketSize)
	return err == nil
}

// blank sets to zero, and frees, what only tracebacks read.
func (s *stripper) blank() error {
	used := make([]bool, len(s.values)) // bytes of tables that are needed
	kept := newNames(s.names)
	for i := range s.nfunc {
		at := uint64(binary.LittleEndian.Uint32(s.funcs[8*i+4:]))
		if at+funcSize > uint64(len(s.funcs)) {
			return errModule
		}
		f := s.funcs[at:]
		npc, ndata := uint64(binary.LittleEndian.Uint32(f[funcNPCData:])), uint64(f[funcNData])
		if 4*(npc+ndata) > uint64(len(f)-funcSize) {
			return errModule
		}
		name := binary.LittleEndian.Uint32(f[funcName:])
		if uint64(name) >= uint64(len(s.names)) {
			return errModule
		}
		binary.LittleEndian.PutUint32(f[funcName:], kept.of(name))
		for _, field := range []int{funcPCFile, funcPCLine, funcCU, funcLine} {
			clear(f[field : field+4])
		}
		for k := range npc {
			if k == pcdataUnsafePoint || k == pcdataInlTree || k == pcdataArgLive {
				clear(f[funcSize+4*k : funcSize+4*k+4])
			}
		}
		for k := range ndata {
			if k == funcdataInlTree || k == funcdataArgInfo || k == funcdataArgLive {
				none := funcSize + 4*(npc+k)
				binary.LittleEndian.PutUint32(f[none:], ^uint32(0))
			}
		}
		s.mark(used, binary.LittleEndian.Uint32(f[funcPCSP:]))
		for k := range npc {
			s.mark(used, binary.LittleEndian.Uint32(f[funcSize+4*k:]))
		}
	}
	clear(s.cu)
	clear(s.files)
	for i := range s.values {
		if !used[i] {
			s.values[i] = 0
		}
	}
	clear(s.names)
	copy(s.names, kept.text)
	return nil
}

// mark marks the bytes of a table of values: pairs of varints until a first one is zero,
// other than the very first.
func (s *stripper) mark(used []bool, from uint32) {
	if from == 0 || uint64(from) >= uint64(len(used)) || used[from] {
		return
	}
	at := int(from)
	for first := true; ; first = false {
		v, n := binary.Uvarint(s.values[at:])
		if n <= 0 {
			return
		}
		for range n {
			used[at] = true
			at++
		}
		if v == 0 && !first {
			return
		}
		if _, n = binary.Uvarint(s.values[at:]); n <= 0 {
			return
		}
		for range n {
			used[at] = true
			at++
		}
	}
}

// names are those that are kept, each once.
type names struct {
	from []byte
	text []byte
	at   map[string]uint32
}

func newNames(from []byte) *names {
	return &names{from: from, text: []byte{0}, at: map[string]uint32{"": 0}}
}

// of returns where the kept part of a name stands.
func (n *names) of(offset uint32) uint32 {
	name, _, _ := bytes.Cut(n.from[offset:], []byte{0})
	short := shortName(string(name))
	at, known := n.at[short]
	if !known {
		at = uint32(len(n.text))
		n.at[short] = at
		n.text = append(append(n.text, short...), 0)
	}
	return at
}

// shortName is the package's part of a function's name, with the point.
func shortName(name string) string {
	if name == "reflect.makeFuncStub" || name == "reflect.methodValueCall" {
		return name
	}
	if generic := strings.IndexByte(name, '['); generic >= 0 {
		name = name[:generic]
	}
	slash := strings.LastIndexByte(name, '/') + 1
	point := strings.IndexByte(name[slash:], '.')
	if point < 0 {
		return ""
	}
	return name[:slash+point+1]
}
