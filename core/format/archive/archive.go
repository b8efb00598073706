// Package archive reads and writes zip archives in memory, as far as models travel in
// them: files that are stored or deflated, without encryption and below 4 GB. (The
// library's archive/zip does more, and costs a tenth of the engine's download.)
//
// Nothing that an archive says of itself is believed: places are checked before they are
// used, and memory is taken only for what comes out of the packed bytes, up to a limit.
//
// The format is PKWARE's APPNOTE: at the end a record that tells where the directory is;
// in the directory an entry for each file, which tells where its header is, behind which
// its bytes lie.
package archive

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"io"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A File is one of an archive's.
type File struct {
	Name    string
	Content []byte
}

// maxFiles bounds the files of an archive: as many as the format can have without its
// extension for large ones. Models have few, sets of texts a file each.
const maxFiles = 1<<16 - 2

// Sizes and marks of the format's records, all little-endian.
const (
	endMark    = 0x06054b50
	endSize    = 22
	maxComment = 1<<16 - 1

	entryMark = 0x02014b50
	entrySize = 46

	headerMark = 0x04034b50
	headerSize = 30

	stored   = 0
	deflated = 8
)

var le = binary.LittleEndian

// Is tells whether a file begins as archives do.
func Is(file []byte) bool { return bytes.HasPrefix(file, le.AppendUint32(nil, headerMark)) }

// Read unpacks an archive, up to limit bytes altogether. Folders are left out. Errors have
// code format, unsupported or memory.
func Read(file []byte, limit int64) ([]File, error) {
	directory, n, err := findDirectory(file)
	if err != nil {
		return nil, err
	}
	var files []File
	for range n {
		if len(directory) < entrySize || le.Uint32(directory) != entryMark {
			return nil, damaged("its directory ends too soon")
		}
		e := directory[:entrySize]
		names := int(le.Uint16(e[28:]))
		skip := entrySize + names + int(le.Uint16(e[30:])) + int(le.Uint16(e[32:]))
		if skip > len(directory) {
			return nil, damaged("its directory ends too soon")
		}
		name := string(directory[entrySize : entrySize+names])
		directory = directory[skip:]
		if strings.HasSuffix(name, "/") {
			continue
		}
		content, err := unpack(file, name, e, limit)
		if err != nil {
			return nil, err
		}
		limit -= int64(len(content))
		files = append(files, File{name, content})
	}
	return files, nil
}

// findDirectory returns the directory and how many entries it has.
func findDirectory(file []byte) (directory []byte, n int, err error) {
	for at := len(file) - endSize; at >= 0 && at >= len(file)-endSize-maxComment; at-- {
		end := file[at:]
		if le.Uint32(end) != endMark || int(le.Uint16(end[20:])) != len(end)-endSize {
			continue
		}
		n, size, offset := int(le.Uint16(end[10:])), int64(le.Uint32(end[12:])), int64(le.Uint32(end[16:]))
		switch {
		case n > maxFiles:
			return nil, 0, damaged("it holds %d files; a model has at most %d", n, maxFiles)
		case offset+size > int64(at):
			return nil, 0, damaged("its directory does not lie in it")
		}
		return file[offset : offset+size], n, nil
	}
	return nil, 0, damaged("its end is missing")
}

// unpack returns the content of a file with the directory's entry e.
func unpack(file []byte, name string, e []byte, limit int64) ([]byte, error) {
	method, sum := le.Uint16(e[10:]), le.Uint32(e[16:])
	packedSize, size, at := int64(le.Uint32(e[20:])), int64(le.Uint32(e[24:])), int64(le.Uint32(e[42:]))
	if le.Uint16(e[8:])&1 != 0 || method != stored && method != deflated {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "%q in the archive is encrypted or packed in another way than deflated; unpack the archive, and choose the files themselves", name)
	}
	if at+headerSize > int64(len(file)) || le.Uint32(file[at:]) != headerMark {
		return nil, damaged("%q does not lie in it", name)
	}
	at += headerSize + int64(le.Uint16(file[at+26:])) + int64(le.Uint16(file[at+28:]))
	if at+packedSize > int64(len(file)) {
		return nil, damaged("%q does not lie in it", name)
	}
	if size > limit {
		return nil, tensor.Errorf(tensor.CodeMemory, "unpacked, the archive is too large for the memory that is left")
	}
	content := file[at : at+packedSize]
	if method == deflated {
		var err error
		// One byte more than it should be is enough to see that it is not what it says.
		if content, err = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(content)), size+1)); err != nil {
			return nil, damaged("%q: %v", name, err)
		}
	}
	if int64(len(content)) != size || crc32.ChecksumIEEE(content) != sum {
		return nil, damaged("%q is not what its checksum says", name)
	}
	return content, nil
}

func damaged(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeFormat, "the archive is damaged: "+format, args...)
}

// Write packs files as they are: weights hardly shrink. Equal files give equal bytes.
func Write(files ...File) []byte {
	var b, directory []byte
	for _, f := range files {
		// What header and entry share: version 2.0, names in UTF-8, stored, the first day there
		// is (1980-01-01), checksum, sizes, the name's length.
		var shared []byte
		for _, v := range []uint16{20, 1 << 11, stored, 0, 1<<5 | 1} {
			shared = le.AppendUint16(shared, v)
		}
		shared = le.AppendUint32(shared, crc32.ChecksumIEEE(f.Content))
		shared = le.AppendUint32(le.AppendUint32(shared, uint32(len(f.Content))), uint32(len(f.Content)))
		shared = le.AppendUint32(shared, uint32(len(f.Name)))

		directory = le.AppendUint16(le.AppendUint32(directory, entryMark), 20)
		directory = append(append(directory, shared...), make([]byte, 10)...)
		directory = append(le.AppendUint32(directory, uint32(len(b))), f.Name...)

		b = append(append(le.AppendUint32(b, headerMark), shared...), f.Name...)
		b = append(b, f.Content...)
	}
	at := len(b)
	b = le.AppendUint32(append(b, directory...), endMark)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint16(le.AppendUint16(b, uint16(len(files))), uint16(len(files)))
	b = le.AppendUint32(le.AppendUint32(b, uint32(len(directory))), uint32(at))
	return append(b, 0, 0)
}
