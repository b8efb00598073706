package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// finished is the section that ends a program on which this was done. The number counts
// the ways in which it was.
const finished = "\x08finished\x01"

func isFinished(program []byte) bool {
	return bytes.HasSuffix(program, append([]byte{customSection, byte(len(finished))}, finished...))
}

// finish makes of a program of Go's linker the one that is served: without what only
// tracebacks read and, if shared is set, in a memory that it is given. One that was
// finished comes back as it is.
func finish(program []byte, shared bool) ([]byte, error) {
	if isFinished(program) {
		return program, nil
	}
	m, err := parseModule(program)
	if err != nil {
		return nil, err
	}
	if err := stripTables(m); err != nil {
		return nil, err
	}
	if shared {
		if err := importMemory(m); err != nil {
			return nil, err
		}
	}
	m.sections = append(m.sections, wasmSection{customSection, []byte(finished)})
	return m.bytes(), nil
}

// importMemory lets a program that makes its own memory, as Go's linker has it, import it
// as "terrarium" "memory". So the kernel module, which works in the same memory, can be
// there first, and the program imports its functions themselves: a call is one from
// WebAssembly to WebAssembly. Where the kernel module has to wait for the program's memory, each
// goes through a JavaScript function, for 20 to 30 ns, and many times that until the browser has
// compiled the way there and back.
//
// How large the memory has to be at least, in pages of 64 KiB, stands in a custom section
// "pages", as a number of 32 bits: JavaScript cannot ask a module that.
func importMemory(m *wasmModule) error {
	imports, memory := m.section(importSection), m.section(memorySection)
	if imports == nil || memory == nil {
		return fmt.Errorf("%w: it lacks imports or a memory", errModule)
	}
	r := wasmReader{b: memory.content}
	count, flags, pages := r.leb(), r.leb(), r.leb()
	if r.failed || count != 1 || flags != 0 || pages > 1<<16 {
		return fmt.Errorf("%w: its memory is not one of a least size alone", errModule)
	}
	entry := append([]byte("\x09terrarium\x06memory"), 2, 0) // a memory, of a least size alone
	if err := imports.add(binary.AppendUvarint(entry, pages)); err != nil {
		return err
	}
	m.remove(memorySection)
	m.sections = append(m.sections, wasmSection{customSection, binary.LittleEndian.AppendUint32([]byte("\x05pages"), uint32(pages))})
	return nil
}
