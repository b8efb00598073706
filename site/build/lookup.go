package build

import (
	"encoding/binary"
	"fmt"
)

// The table in which the runtime looks a function up by its PC (findfunctab) has a bucket
// for every 4096 bytes of code, as on machines whose PC is an address. Here the PC is a
// function's number, shifted by 16 bits: only the first number of one bucket in 16 is ever
// read, and it is that of the function. So 2 MB of the engine's file would say 0, 1, 2, …,
// 320 bytes apart. A start function writes them instead.
const (
	bucketPCs, bucketSize = 4096, 4 + 16
	bucketsOfFunc         = 1 << 16 / bucketPCs
	funcStep              = bucketsOfFunc * bucketSize // bytes from one function's bucket to the next one's
)

// fillLookup clears the lookup table and has a start function fill it.
func (s *stripper) fillLookup() error {
	n := uint64(0)
	for at := 0; at+bucketSize <= len(s.find); at += funcStep {
		if first := uint64(binary.LittleEndian.Uint32(s.find[at:])) + uint64(s.find[at+4]); first != n {
			return fmt.Errorf("%w: function %d is looked up as %d", errModule, n, first)
		}
		n++
	}
	if n == 0 || s.findAt+uint64(len(s.find)) > 1<<31 {
		return errModule
	}
	clear(s.find)
	return s.module.start(countUp(uint32(s.findAt), funcStep, uint32(n)))
}

// countUp is the body of a function that stores 0, 1, …, n-1 as i32 at addresses from on,
// step apart.
func countUp(from, step, n uint32) []byte {
	const at, i = 0, 1 // the locals
	body := []byte{
		1, 2, 0x7f, // two locals of type i32
		0x03, 0x40, // loop
		0x20, at, 0x20, i, 0x36, 2, // i32.store, aligned to 4, offset:
	}
	body = binary.AppendUvarint(body, uint64(from))
	body = appendSLEB(append(body, 0x20, at, 0x41), int64(step))
	body = append(body, 0x6a, 0x21, at) // at += step
	body = append(body, 0x20, i, 0x41, 1, 0x6a, 0x22, i, 0x41)
	body = appendSLEB(body, int64(n))
	return append(body, 0x49, 0x0d, 0, 0x0b, 0x0b) // i32.lt_u, br_if 0, end, end
}
