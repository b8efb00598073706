package build

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// A wasmModule is a WebAssembly module taken apart, as far as this package rewrites one:
// its sections, and the memory that its data segments make.
type wasmModule struct {
	sections []wasmSection
	base     uint32 // address of image[0]
	image    []byte // what the memory holds before the program runs
}

type wasmSection struct {
	id      byte
	content []byte
}

// Sections' numbers (WebAssembly 2.0, 5.5.2).
const (
	customSection   = 0
	typeSection     = 1
	importSection   = 2
	functionSection = 3
	memorySection   = 5
	startSection    = 8
	elementSection  = 9
	codeSection     = 10
	dataSection     = 11
)

const wasmHeader = "\x00asm\x01\x00\x00\x00"

var errModule = errors.New("the linker's module is not as expected")

// parseModule takes a module apart that has active data segments at constant addresses
// only, as Go's linker writes them.
func parseModule(b []byte) (*wasmModule, error) {
	if len(b) < len(wasmHeader) || string(b[:len(wasmHeader)]) != wasmHeader {
		return nil, errModule
	}
	m := &wasmModule{}
	r := wasmReader{b: b[len(wasmHeader):]}
	for len(r.b) > 0 && !r.failed {
		id := r.byte()
		m.sections = append(m.sections, wasmSection{id, r.bytes(r.leb())})
	}
	if r.failed {
		return nil, errModule
	}
	for _, s := range m.sections {
		if s.id == dataSection {
			return m, m.load(s.content)
		}
	}
	return nil, fmt.Errorf("%w: it has no data", errModule)
}

// section returns the section of a number, nil if there is none. It is valid until one is
// added or removed.
func (m *wasmModule) section(id byte) *wasmSection {
	if i := m.index(id); i >= 0 {
		return &m.sections[i]
	}
	return nil
}

func (m *wasmModule) index(id byte) int {
	return slices.IndexFunc(m.sections, func(s wasmSection) bool { return s.id == id })
}

func (m *wasmModule) remove(id byte) {
	i := m.index(id)
	m.sections = slices.Delete(m.sections, i, i+1)
}

// add appends an entry to a section that is a list of such.
func (s *wasmSection) add(entry []byte) error {
	r := wasmReader{b: s.content}
	count := r.leb()
	if r.failed {
		return errModule
	}
	s.content = slices.Concat(binary.AppendUvarint(nil, count+1), r.b, entry)
	return nil
}

// count is how many entries a section has that is a list of such.
func (s *wasmSection) count() uint64 {
	r := wasmReader{b: s.content}
	return r.leb()
}

// start adds a function of such a body, which runs when the module is instantiated.
func (m *wasmModule) start(body []byte) error {
	types, imports, functions, code := m.section(typeSection), m.section(importSection), m.section(functionSection), m.section(codeSection)
	if types == nil || imports == nil || functions == nil || code == nil || m.section(startSection) != nil {
		return fmt.Errorf("%w: it has a start function, or no functions at all", errModule)
	}
	imported, err := imports.functions()
	if err != nil {
		return err
	}
	kind, number := types.count(), imported+functions.count()
	for _, more := range []struct {
		to    *wasmSection
		entry []byte
	}{
		{types, []byte{0x60, 0, 0}}, // of nothing, to nothing
		{functions, binary.AppendUvarint(nil, kind)},
		{code, append(binary.AppendUvarint(nil, uint64(len(body))), body...)},
	} {
		if err := more.to.add(more.entry); err != nil {
			return err
		}
	}
	at := slices.IndexFunc(m.sections, func(s wasmSection) bool { return s.id == elementSection || s.id == codeSection })
	m.sections = slices.Insert(m.sections, at, wasmSection{startSection, binary.AppendUvarint(nil, number)})
	return nil
}

// functions is how many functions an import section has, which may have nothing else:
// Go's linker imports functions only.
func (s *wasmSection) functions() (uint64, error) {
	r := wasmReader{b: s.content}
	count := r.leb()
	for range count {
		r.bytes(r.leb()) // the module
		r.bytes(r.leb()) // the name
		if kind := r.byte(); kind != 0 {
			return 0, fmt.Errorf("%w: it imports more than functions", errModule)
		}
		r.leb() // its type
		if r.failed {
			return 0, errModule
		}
	}
	return count, nil
}

// load fills the image from the data section.
func (m *wasmModule) load(content []byte) error {
	type segment struct {
		at    uint32
		bytes []byte
	}
	r := wasmReader{b: content}
	var segments []segment
	low, high := ^uint32(0), uint32(0)
	for range r.leb() {
		if r.leb() != 0 || r.byte() != 0x41 { // memory 0, i32.const
			return errModule
		}
		s := segment{at: uint32(r.sleb())}
		if r.byte() != 0x0b { // end
			return errModule
		}
		s.bytes = r.bytes(r.leb())
		if r.failed {
			return errModule
		}
		segments = append(segments, s)
		low, high = min(low, s.at), max(high, s.at+uint32(len(s.bytes)))
	}
	m.base, m.image = low, make([]byte, max(high, low)-low)
	for _, s := range segments {
		copy(m.image[s.at-low:], s.bytes)
	}
	return nil
}

// at returns the memory from an address on.
func (m *wasmModule) at(address uint64, n uint64) ([]byte, error) {
	from := address - uint64(m.base)
	if address < uint64(m.base) || from > uint64(len(m.image)) || n > uint64(len(m.image))-from {
		return nil, errModule
	}
	return m.image[from : from+n : from+n], nil
}

// gap is how many zero bytes end a data segment. The linker ends one at eight, which
// saves bytes until the file is compressed: the heads of a hundred thousand segments, each
// with an address, cost 150 KB of brotli more than the zeros do.
const gap = 1024

// data writes the image as segments that leave runs of zeros out.
func (m *wasmModule) data() []byte {
	var out []byte
	count := uint64(0)
	for at := 0; at < len(m.image); {
		for at < len(m.image) && m.image[at] == 0 {
			at++
		}
		end, zeros := at, 0
		for i := at; i < len(m.image) && zeros < gap; i++ {
			if zeros++; m.image[i] != 0 {
				end, zeros = i+1, 0
			}
		}
		if end > at {
			out = append(out, 0, 0x41)
			out = appendSLEB(out, int64(int32(m.base+uint32(at))))
			out = append(out, 0x0b)
			out = binary.AppendUvarint(out, uint64(end-at))
			out = append(out, m.image[at:end]...)
			count++
		}
		at = end
	}
	return append(binary.AppendUvarint(nil, count), out...)
}

// bytes writes the module.
func (m *wasmModule) bytes() []byte {
	out := []byte(wasmHeader)
	for _, s := range m.sections {
		content := s.content
		if s.id == dataSection {
			content = m.data()
		}
		out = append(out, s.id)
		out = binary.AppendUvarint(out, uint64(len(content)))
		out = append(out, content...)
	}
	return out
}

// appendSLEB appends a signed number of variable length (WebAssembly 2.0, 5.2.2).
func appendSLEB(b []byte, v int64) []byte {
	for {
		low := byte(v & 0x7f)
		v >>= 7
		if v == 0 && low&0x40 == 0 || v == -1 && low&0x40 != 0 {
			return append(b, low)
		}
		b = append(b, low|0x80)
	}
}

// A wasmReader reads numbers and bytes; what is missing sets failed.
type wasmReader struct {
	b      []byte
	failed bool
}

func (r *wasmReader) bytes(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.failed, r.b = true, nil
		return nil
	}
	p := r.b[:n:n]
	r.b = r.b[n:]
	return p
}

func (r *wasmReader) byte() byte {
	if p := r.bytes(1); p != nil {
		return p[0]
	}
	return 0
}

func (r *wasmReader) leb() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.failed, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *wasmReader) sleb() int64 {
	var v int64
	for shift := uint(0); shift < 64; shift += 7 {
		c := r.byte()
		v |= int64(c&0x7f) << shift
		if c < 0x80 {
			if c&0x40 != 0 && shift < 57 {
				v |= -1 << (shift + 7)
			}
			return v
		}
	}
	r.failed = true
	return 0
}
