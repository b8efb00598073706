package image

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A zip archive ends with a record that says where its directory is; that lists the
// members with their sizes and places (PKWARE, APPNOTE 6.3.10, sections 4.3.6 to 4.3.16
// and, for more than 65,535 members, 4.3.14). Go's package archive/zip would take a
// tenth of a megabyte of every visitor's download, compressed, for the rest of what it
// can.

// A member is a file in an archive, as its directory describes it.
type member struct {
	path     string
	method   uint16
	crc      uint32
	packed   uint32 // bytes in the archive
	unpacked uint32
	at       int64 // of its own header
	locked   bool  // by a password
}

// Signatures of zip's records.
const (
	zipEnd       = 0x06054b50
	zipEnd64     = 0x06064b50
	zipLocator64 = 0x07064b50
	zipEntry     = 0x02014b50
	zipLocal     = 0x04034b50
)

const (
	zipEndBytes   = 22
	zipEntryBytes = 46
	zipLocalBytes = 30
	maxDirectory  = 64 << 20
)

func badZip(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeFormat, "it is a damaged zip file ("+format+")", args...)
}

// readAt reads so many bytes, all of them.
func readAt(r io.ReaderAt, off int64, n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := r.ReadAt(b, off); err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}

// members reads the directory of an archive.
func members(r io.ReaderAt, size int64) ([]member, error) {
	tail := int(min(size, zipEndBytes+1<<16)) // a comment may follow the record
	b, err := readAt(r, size-int64(tail), tail)
	if err != nil {
		return nil, err
	}
	at := bytes.LastIndex(b, []byte("PK\x05\x06"))
	if at < 0 || at+zipEndBytes > len(b) {
		return nil, badZip("its end is missing")
	}
	le := binary.LittleEndian
	count, length, begin := uint64(le.Uint16(b[at+10:])), uint64(le.Uint32(b[at+12:])), uint64(le.Uint32(b[at+16:]))
	end := size - int64(tail) + int64(at)
	if count == 0xffff || begin == 0xffffffff {
		if at >= 20 && le.Uint32(b[at-20:]) == zipLocator64 {
			end = int64(min(le.Uint64(b[at-12:]), uint64(size)))
			wide, err := readAt(r, end, int(min(56, size-end)))
			if err != nil {
				return nil, err
			}
			if len(wide) < 56 || le.Uint32(wide) != zipEnd64 {
				return nil, badZip("its end is missing")
			}
			count, length, begin = le.Uint64(wide[32:]), le.Uint64(wide[40:]), le.Uint64(wide[48:])
		}
	}
	switch {
	case count > MaxPictures:
		return nil, tensor.Errorf(tensor.CodeFormat, "it has more than %d files in it", MaxPictures)
	case length > maxDirectory || length > uint64(end) || begin > uint64(end)-length:
		return nil, badZip("its directory is not where it says")
	}
	// What stands before an archive, as in one that unpacks itself, moves all places.
	before := end - int64(length) - int64(begin)
	directory, err := readAt(r, end-int64(length), int(length))
	if err != nil {
		return nil, err
	}
	return entries(directory, before, size)
}

// entries reads the directory's records.
func entries(b []byte, before, size int64) ([]member, error) {
	le := binary.LittleEndian
	var list []member
	for len(b) >= zipEntryBytes && le.Uint32(b) == zipEntry {
		m := member{method: le.Uint16(b[10:]), crc: le.Uint32(b[16:]), packed: le.Uint32(b[20:]), unpacked: le.Uint32(b[24:]),
			at: before + int64(le.Uint32(b[42:])), locked: le.Uint16(b[8:])&1 != 0}
		name := int(le.Uint16(b[28:]))
		next := zipEntryBytes + name + int(le.Uint16(b[30:])) + int(le.Uint16(b[32:]))
		if next > len(b) || m.at+zipLocalBytes > size {
			return nil, badZip("its directory is cut off")
		}
		m.path = string(b[zipEntryBytes : zipEntryBytes+name])
		list = append(list, m)
		b = b[next:]
	}
	return list, nil
}

// unpack reads a member, which must not be longer than the limit.
func (m *member) unpack(r io.ReaderAt, size, limit int64) ([]byte, error) {
	switch {
	case m.locked:
		return nil, tensor.Errorf(tensor.CodeFormat, "it is locked by a password")
	case int64(m.unpacked) > limit || int64(m.packed) > limit:
		return nil, tensor.Errorf(tensor.CodeFormat, "it has more than %s", megabytes(limit))
	case m.method != 0 && m.method != 8:
		return nil, tensor.Errorf(tensor.CodeFormat, "it is packed in a way that this program does not know (%d)", m.method)
	}
	head, err := readAt(r, m.at, zipLocalBytes)
	if err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	at := m.at + zipLocalBytes + int64(le.Uint16(head[26:])) + int64(le.Uint16(head[28:]))
	if le.Uint32(head) != zipLocal || at+int64(m.packed) > size {
		return nil, tensor.Errorf(tensor.CodeFormat, "it is not where the archive says")
	}
	packed, err := readAt(r, at, int(m.packed))
	if err != nil {
		return nil, err
	}
	content := packed
	if m.method == 8 {
		content, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), int64(m.unpacked)+1))
		if err != nil {
			return nil, tensor.Errorf(tensor.CodeFormat, "it cannot be unpacked (%v)", err)
		}
	}
	if len(content) != int(m.unpacked) || crc32.ChecksumIEEE(content) != m.crc {
		return nil, tensor.Errorf(tensor.CodeFormat, "it is damaged within the archive")
	}
	return content, nil
}
