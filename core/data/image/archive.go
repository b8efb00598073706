package image

import (
	"archive/zip"
	"io"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// addZip adds the files of an archive. How much each may unpack to is bounded whatever
// the archive says of itself.
func (s *Set) addZip(f File) error {
	r, err := zip.NewReader(f.Data, f.Size)
	if err != nil {
		return tensor.Errorf(tensor.CodeFormat, "it is a damaged zip file (%v)", err)
	}
	if len(r.File) > MaxPictures {
		return tensor.Errorf(tensor.CodeFormat, "it has more than %d files in it", MaxPictures)
	}
	for _, member := range r.File {
		if s.pause != nil {
			if err := s.pause(); err != nil {
				return err
			}
		}
		path := strings.ReplaceAll(member.Name, `\`, "/")
		if strings.HasSuffix(path, "/") || ignored(path) {
			continue
		}
		shown := f.Path + "/" + path
		content, err := s.unpack(member, strings.ToLower(path))
		if err == nil {
			inner := File{Path: path, Class: f.Class}
			if !strings.Contains(path, "/") && f.Class == "" {
				inner.Class = archiveName(f.Path)
			}
			if strings.HasSuffix(strings.ToLower(path), ".zip") {
				err = tensor.Errorf(tensor.CodeFormat, "it is an archive within an archive; unpack it first")
			} else {
				err = s.addContent(inner, content)
			}
		}
		if err = s.refused(shown, err); err != nil {
			return err
		}
	}
	return nil
}

// archiveName is what pictures without a folder in an archive are: its name.
func archiveName(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	return name[:max(len(name)-len(".zip"), 1)]
}

// unpack reads a member.
func (s *Set) unpack(member *zip.File, lower string) ([]byte, error) {
	limit := int64(MaxFileBytes)
	if isTable(lower) || isIDXName(lower) {
		limit = maxPixelFile
	}
	if member.UncompressedSize64 > uint64(limit) {
		return nil, tensor.Errorf(tensor.CodeFormat, "it has more than %s", megabytes(limit))
	}
	if s.held+int64(member.UncompressedSize64) > s.room {
		return nil, tensor.Errorf(tensor.CodeMemory, "There is no room to read %q. Take fewer files, or close tables and models.", member.Name)
	}
	r, err := member.Open()
	if err != nil {
		return nil, tensor.Errorf(tensor.CodeFormat, "it cannot be unpacked (%v)", err)
	}
	defer func() { _ = r.Close() }() // reading told of every error
	content, err := io.ReadAll(io.LimitReader(r, limit))
	if err != nil {
		return nil, tensor.Errorf(tensor.CodeFormat, "it cannot be unpacked (%v)", err)
	}
	return content, nil
}
