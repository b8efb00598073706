package image

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A File is one that somebody chose, with the folders in which it lay.
type File struct {
	Path  string // "pets/cats/1.jpg"; the last folder is the class
	Class string // in place of the folder
	Size  int64
	Data  io.ReaderAt
}

// NoClass is the class of pictures that lie in no folder.
const NoClass = "unsorted"

// Add reads a file: a picture, or a zip, MNIST's IDX files or a CSV of pixels with many
// of them. A file that cannot be used is listed with the reason and is no error; what is
// one concerns all: no memory, a file that can no longer be read, the end of work.
func (s *Set) Add(f File) error {
	if ignored(f.Path) {
		return nil
	}
	lower := strings.ToLower(f.Path)
	if strings.HasSuffix(lower, ".zip") {
		return s.refused(f.Path, s.addZip(f))
	}
	limit := int64(MaxFileBytes)
	if isTable(lower) || isIDXName(lower) {
		limit = maxPixelFile
	}
	if f.Size > limit {
		s.skip(f.Path, "it has more than "+megabytes(limit))
		return nil
	}
	if s.held+f.Size > s.room {
		return tensor.Errorf(tensor.CodeMemory, "There is no room to read %q. Take fewer files, or close tables and models.", f.Path)
	}
	content := make([]byte, f.Size)
	if _, err := f.Data.ReadAt(content, 0); err != nil && err != io.EOF {
		if e := (*tensor.Error)(nil); errors.As(err, &e) && e.Code == tensor.CodeAborted {
			return err
		}
		s.skip(f.Path, "it cannot be read ("+err.Error()+")")
		return nil
	}
	return s.refused(f.Path, s.addContent(f, content))
}

// addContent adds what a file holds.
func (s *Set) addContent(f File, content []byte) error {
	lower := strings.ToLower(f.Path)
	if bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		unpacked, err := unzipped(content)
		if err != nil {
			return err
		}
		content, lower = unpacked, strings.TrimSuffix(lower, ".gz")
	}
	switch {
	case isIDX(content):
		return s.addIDX(f, content)
	case isTable(lower):
		return s.addTable(f, content)
	}
	p, err := Decode(content, max(1, s.room-s.held-int64(len(content))), s.pause)
	if e := (*tensor.Error)(nil); errors.As(err, &e) && e.Code == tensor.CodeMemory {
		return tensor.Errorf(tensor.CodeFormat, "%v", err) // this picture's fault, not that of all
	}
	if err != nil {
		return err
	}
	_, err = s.AddPicture(p, f.Path, f.Folder())
	return err
}

// Folder is the class that the file's place says: Class, or the folder in which it lay.
func (f *File) Folder() string {
	if f.Class != "" {
		return f.Class
	}
	parts := strings.Split(strings.Trim(f.Path, "/"), "/")
	if len(parts) < 2 || strings.TrimSpace(parts[len(parts)-2]) == "" {
		return NoClass
	}
	return parts[len(parts)-2]
}

// refused lists a file whose content is to blame; other errors go on.
func (s *Set) refused(path string, err error) error {
	var e *tensor.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case tensor.CodeFormat:
		s.skip(path, e.Error())
	case tensor.CodeOption:
		s.skip(path, "its class has no name, or too long a one")
	default:
		return err
	}
	return nil
}

func (s *Set) skip(path, reason string) { s.skipped = append(s.skipped, Skipped{path, reason}) }

// ignored tells whether a file is none that anybody means: the systems' own notes.
func ignored(path string) bool {
	name := path[strings.LastIndexByte(path, '/')+1:]
	return name == "" || name[0] == '.' || strings.EqualFold(name, "thumbs.db") || strings.EqualFold(name, "desktop.ini") || strings.Contains("/"+path, "/__MACOSX/")
}

// maxPixelFile bounds a file with many pictures in it, also after it is unpacked.
const maxPixelFile = 256 << 20

// unzipped unpacks gzip.
func unzipped(content []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, tensor.Errorf(tensor.CodeFormat, "it is a damaged gzip file (%v)", err)
	}
	out, err := io.ReadAll(io.LimitReader(r, maxPixelFile+1))
	switch {
	case err != nil:
		return nil, tensor.Errorf(tensor.CodeFormat, "it is a damaged gzip file (%v)", err)
	case len(out) > maxPixelFile:
		return nil, tensor.Errorf(tensor.CodeFormat, "it has more than %s when it is unpacked", megabytes(maxPixelFile))
	}
	return out, nil
}

func megabytes(n int64) string { return strconv.Itoa(int(n>>20)) + " MB" }
