package image

import (
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// addZip adds the files of an archive. How much each may unpack to is bounded whatever
// the archive says of itself.
func (s *Set) addZip(f File) error {
	list, err := members(f.Data, f.Size)
	if err != nil {
		return err
	}
	namePaths(list, s.decoder)
	for _, m := range list {
		if s.pause != nil {
			if err := s.pause(); err != nil {
				return err
			}
		}
		if strings.HasSuffix(m.path, "/") || ignored(m.path) {
			continue
		}
		if err := s.refused(f.Path+"/"+m.path, s.addMember(f, m)); err != nil {
			return err
		}
	}
	return nil
}

// namePaths makes UTF-8 of the members' paths, with slashes between their parts. A byte that is
// half of a Chinese letter may look like a backslash: the letters come first.
func namePaths(list []member, decode data.Decoder) {
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.path
	}
	data.DecodeNames(names, decode)
	for i := range list {
		list[i].path = strings.ReplaceAll(names[i], `\`, "/")
	}
}

func (s *Set) addMember(f File, m member) error {
	lower := strings.ToLower(m.path)
	if strings.HasSuffix(lower, ".zip") {
		return tensor.Errorf(tensor.CodeFormat, "it is an archive within an archive; unpack it first")
	}
	limit := int64(MaxFileBytes)
	if isTable(lower) || isIDXName(lower) {
		limit = maxPixelFile
	}
	if need := int64(m.packed) + int64(m.unpacked); need <= 2*limit && s.held+need > s.room {
		return tensor.Errorf(tensor.CodeMemory, "There is no room to read %q. Take fewer files, or close tables and models.", m.path)
	}
	content, err := m.unpack(f.Data, f.Size, limit)
	if err != nil {
		return err
	}
	inner := File{Path: m.path, Class: f.Class}
	if !strings.Contains(m.path, "/") && f.Class == "" {
		inner.Class = archiveName(f.Path)
	}
	return s.addContent(inner, content)
}

// archiveName is what pictures without a folder in an archive are: its name.
func archiveName(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	return name[:max(len(name)-len(".zip"), 1)]
}
