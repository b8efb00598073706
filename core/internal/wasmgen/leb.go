package wasmgen

// appendUint appends v as unsigned LEB128 ("u32").
func appendUint(b []byte, v uint32) []byte {
	for v >= 0x80 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v))
}

// appendInt appends v as signed LEB128 ("s33", "s64", and for its range "s32").
func appendInt(b []byte, v int64) []byte {
	for v < -0x40 || v >= 0x40 {
		b = append(b, byte(v)|0x80)
		v >>= 7
	}
	return append(b, byte(v)&0x7F)
}

// appendBytes appends a vector of bytes: its length, then the bytes.
func appendBytes[S string | []byte](b []byte, s S) []byte {
	return append(appendUint(b, uint32(len(s))), s...)
}
