package wasmgen

// Loads and stores. Each takes an address and a constant offset that is added to it
// without wrapping around; both count bytes. What they access need only be aligned
// as a float32 is, or for narrower numbers as these are: the alignment in the code is
// a hint.

// I32Load loads 32 bits (i32.load).
func I32Load(addr I32, offset uint32) I32 { return load[I32](0x28, 2, addr, offset) }

// I64Load loads 64 bits (i64.load).
func I64Load(addr I32, offset uint32) I64 { return load[I64](0x29, 2, addr, offset) }

// F32Load loads 32 bits (f32.load).
func F32Load(addr I32, offset uint32) F32 { return load[F32](0x2A, 2, addr, offset) }

// F64Load loads 64 bits (f64.load).
func F64Load(addr I32, offset uint32) F64 { return load[F64](0x2B, 2, addr, offset) }

// I32Load8S loads a signed byte (i32.load8_s).
func I32Load8S(addr I32, offset uint32) I32 { return load[I32](0x2C, 0, addr, offset) }

// I32Load8U loads a byte (i32.load8_u).
func I32Load8U(addr I32, offset uint32) I32 { return load[I32](0x2D, 0, addr, offset) }

// I32Load16S loads 16 signed bits (i32.load16_s).
func I32Load16S(addr I32, offset uint32) I32 { return load[I32](0x2E, 1, addr, offset) }

// I32Load16U loads 16 bits (i32.load16_u).
func I32Load16U(addr I32, offset uint32) I32 { return load[I32](0x2F, 1, addr, offset) }

// V128Load loads 128 bits (v128.load).
func V128Load(addr I32, offset uint32) V128 { return load[V128](vector, 2, addr, offset) }

// V128Load32Splat loads 32 bits into every lane (v128.load32_splat).
func V128Load32Splat(addr I32, offset uint32) V128 { return load[V128](vector+9, 2, addr, offset) }

// V128Load32Zero loads 32 bits into the first lane (v128.load32_zero).
func V128Load32Zero(addr I32, offset uint32) V128 { return load[V128](vector+92, 2, addr, offset) }

// V128Load64Zero loads 64 bits into the first two lanes (v128.load64_zero).
func V128Load64Zero(addr I32, offset uint32) V128 { return load[V128](vector+93, 2, addr, offset) }

// I32Store stores 32 bits (i32.store).
func (f *Func) I32Store(addr I32, offset uint32, v I32) { f.store(0x36, 2, addr, offset, expr(v)) }

// I64Store stores 64 bits (i64.store).
func (f *Func) I64Store(addr I32, offset uint32, v I64) { f.store(0x37, 2, addr, offset, expr(v)) }

// F32Store stores 32 bits (f32.store).
func (f *Func) F32Store(addr I32, offset uint32, v F32) { f.store(0x38, 2, addr, offset, expr(v)) }

// F64Store stores 64 bits (f64.store).
func (f *Func) F64Store(addr I32, offset uint32, v F64) { f.store(0x39, 2, addr, offset, expr(v)) }

// I32Store8 stores the low byte (i32.store8).
func (f *Func) I32Store8(addr I32, offset uint32, v I32) { f.store(0x3A, 0, addr, offset, expr(v)) }

// I32Store16 stores the low 16 bits (i32.store16).
func (f *Func) I32Store16(addr I32, offset uint32, v I32) { f.store(0x3B, 1, addr, offset, expr(v)) }

// V128Store stores 128 bits (v128.store).
func (f *Func) V128Store(addr I32, offset uint32, v V128) {
	f.store(vector+11, 2, addr, offset, expr(v))
}

// MemorySize is the memory's size in pages of 64 KiB (memory.size).
func MemorySize() I32 { return I32{&written{code: []byte{0x3F, 0}}} }

// MemoryGrow grows the memory by pages; it is the size before, or -1 (memory.grow).
func MemoryGrow(pages I32) I32 { return apply[I32](0x40, []byte{0}, expr(pages)) }

// MemoryFill sets n bytes from addr on to v (memory.fill).
func (f *Func) MemoryFill(addr, v, n I32) {
	f.emit(expr(apply[I32](misc+11, []byte{0}, expr(addr), expr(v), expr(n))))
}

// MemoryCopy copies n bytes from src to dst, which may overlap (memory.copy).
func (f *Func) MemoryCopy(dst, src, n I32) {
	f.emit(expr(apply[I32](misc+10, []byte{0, 0}, expr(dst), expr(src), expr(n))))
}

func load[T Value](op opcode, align byte, addr I32, offset uint32) T {
	return apply[T](op, appendUint([]byte{align}, offset), expr(addr))
}

func (f *Func) store(op opcode, align byte, addr I32, offset uint32, v expr) {
	// A store leaves no value; I32 here only carries the code to emit.
	f.emit(expr(apply[I32](op, appendUint([]byte{align}, offset), expr(addr), v)))
}
