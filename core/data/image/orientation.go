package image

import (
	"bytes"
	"encoding/binary"
)

// orientation returns how a camera was held, 1 … 8 as EXIF numbers it; 1 where a file
// does not say, or says nonsense: a picture is never refused for that.
func orientation(file []byte) int {
	var exif []byte
	switch {
	case bytes.HasPrefix(file, jpegMagic):
		exif = jpegEXIF(file)
	case bytes.HasPrefix(file, pngMagic):
		exif = pngEXIF(file)
	}
	if v := exifOrientation(exif); v >= 1 && v <= 8 {
		return v
	}
	return 1
}

// jpegEXIF finds the TIFF part of segment APP1 (EXIF 2.32, 4.7.2).
func jpegEXIF(file []byte) []byte {
	for at := 2; at+4 <= len(file) && file[at] == 0xff; {
		marker := file[at+1]
		if marker == 0xff { // padding
			at++
			continue
		}
		if marker == 0xda || marker == 0xd9 { // the pixels begin, or there are none
			return nil
		}
		size := int(binary.BigEndian.Uint16(file[at+2:]))
		end := at + 2 + size
		if size < 2 || end > len(file) {
			return nil
		}
		if body := file[at+4 : end]; marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return body[6:]
		}
		at = end
	}
	return nil
}

// pngEXIF finds the chunk eXIf, which stands before the pixels (PNG 3, 11.3.4.5).
func pngEXIF(file []byte) []byte {
	for at := len(pngMagic); at+8 <= len(file); {
		size := uint64(binary.BigEndian.Uint32(file[at:]))
		kind := string(file[at+4 : at+8])
		if kind == "IDAT" || uint64(at)+12+size > uint64(len(file)) {
			return nil
		}
		if kind == "eXIf" {
			return file[at+8 : at+8+int(size)]
		}
		at += 12 + int(size)
	}
	return nil
}

// exifOrientation reads tag 0x0112 of the first directory of a TIFF file, 0 if there is
// none (TIFF 6.0, section 2).
func exifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		const tag, short = 0x0112, 3
		if order.Uint16(entries) == tag {
			if order.Uint16(entries[2:]) != short || order.Uint32(entries[4:]) != 1 {
				return 0
			}
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 0
}
