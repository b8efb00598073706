package image

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// IDX is the format of MNIST (LeCun, Cortes, Burges: The MNIST database, "file formats"):
// two zero bytes, the type of the numbers (8: bytes), how many dimensions, each of these
// as four bytes, big-endian, and the numbers. Pictures [n, rows, columns] lie in one file,
// their labels [n] in another.

const idxByte = 8

func isIDX(b []byte) bool {
	return len(b) >= 8 && b[0] == 0 && b[1] == 0 && b[2] == idxByte && (b[3] == 1 || b[3] == 3)
}

func isIDXName(lower string) bool { return strings.Contains(lower, "ubyte") }

// A pendingIDX waits for the other half of a pair.
type pendingIDX struct {
	pictures, labels []idxFile
}

type idxFile struct {
	path          string
	rows, columns int
	values        []byte
}

// parseIDX checks the header against the length.
func parseIDX(path string, b []byte) (idxFile, error) {
	f := idxFile{path: path, rows: 1, columns: 1}
	dimensions := int(b[3])
	header := 4 + 4*dimensions
	if len(b) < header {
		return f, tensor.Errorf(tensor.CodeFormat, "it is an IDX file that ends within its header")
	}
	count := uint64(binary.BigEndian.Uint32(b[4:]))
	if dimensions == 3 {
		rows, columns := binary.BigEndian.Uint32(b[8:]), binary.BigEndian.Uint32(b[12:])
		if rows < 1 || columns < 1 || rows > 4096 || columns > 4096 {
			return f, tensor.Errorf(tensor.CodeFormat, "it is an IDX file with pictures of %d × %d pixels", columns, rows)
		}
		f.rows, f.columns = int(rows), int(columns)
	}
	f.values = b[header:]
	if count*uint64(f.rows*f.columns) != uint64(len(f.values)) {
		return f, tensor.Errorf(tensor.CodeFormat, "it is an IDX file of %d bytes where its header says %d", len(f.values), count*uint64(f.rows*f.columns))
	}
	return f, nil
}

// addIDX adds pictures once their labels are there, in whichever order the two come.
func (s *Set) addIDX(f File, content []byte) error {
	file, err := parseIDX(f.Path, content)
	if err != nil {
		return err
	}
	if content[3] == 3 && f.Class != "" { // all of them are of one class
		return s.addPixels(file, func(int) string { return f.Class })
	}
	if content[3] == 3 {
		s.idx.pictures = append(s.idx.pictures, file)
	} else {
		s.idx.labels = append(s.idx.labels, file)
	}
	for i, pictures := range s.idx.pictures {
		for k, labels := range s.idx.labels {
			if len(labels.values) == pictures.count() && pairName(labels.path) == pairName(pictures.path) {
				s.idx.pictures = append(s.idx.pictures[:i:i], s.idx.pictures[i+1:]...)
				s.idx.labels = append(s.idx.labels[:k:k], s.idx.labels[k+1:]...)
				return s.addPixels(pictures, func(n int) string { return strconv.Itoa(int(labels.values[n])) })
			}
		}
	}
	return nil
}

func (f *idxFile) count() int { return len(f.values) / (f.rows * f.columns) }

// pairName is the same for train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.
func pairName(path string) string {
	name := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	return strings.NewReplacer("images", "", "labels", "", "idx1", "", "idx3", "", ".gz", "").Replace(name)
}

// addPixels adds the pictures of a file.
func (s *Set) addPixels(f idxFile, class func(n int) string) error {
	size := f.rows * f.columns
	for n := range f.count() {
		if s.pause != nil && n%256 == 0 {
			if err := s.pause(); err != nil {
				return err
			}
		}
		p := newPicture(f.columns, f.rows, 1)
		copy(p.Pix, f.values[n*size:])
		if _, err := s.AddPicture(p, f.path+" "+strconv.Itoa(n+1), class(n)); err != nil {
			return err
		}
	}
	return nil
}

// Flush ends a group of files that were added together: of files that come in pairs,
// those whose other half is missing are listed as left out.
func (s *Set) Flush() {
	for _, f := range s.idx.pictures {
		s.skip(f.path, "it has pictures without labels: add the file of labels that belongs to it, together with it")
	}
	for _, f := range s.idx.labels {
		s.skip(f.path, "it has labels without pictures: add the file of pictures that belongs to it, together with it")
	}
	s.idx = pendingIDX{}
}
