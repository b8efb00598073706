package image

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A CSV of pixels has a picture a line: its label, then the pixels row by row, whole
// numbers from 0 to 255, of a square picture, grey or, a pixel behind the other, in
// colour. Names may stand in the first line. (So MNIST is passed on as a table.)

func isTable(lower string) bool {
	return strings.HasSuffix(lower, ".csv") || strings.HasSuffix(lower, ".csv.gz")
}

// side returns the shape of pictures of so many numbers; ok is false where they are none.
func side(numbers int) (side, channels int, ok bool) {
	for channels := 1; channels <= 3; channels += 2 {
		for side := 2; side*side*channels <= numbers; side++ {
			if side*side*channels == numbers {
				return side, channels, true
			}
		}
	}
	return 0, 0, false
}

// maxPixelColumns bounds a line.
const maxPixelColumns = 3 * 512 * 512

func (s *Set) addTable(f File, content []byte) error {
	var length, channels int
	for number := 1; len(content) > 0; number++ {
		if s.pause != nil && number%64 == 0 {
			if err := s.pause(); err != nil {
				return err
			}
		}
		line, rest, _ := bytes.Cut(content, []byte("\n"))
		content = rest
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		columns := bytes.Count(line, []byte(",")) + 1
		if length == 0 {
			var ok bool
			if length, channels, ok = side(columns - 1); !ok || columns > maxPixelColumns {
				return tensor.Errorf(tensor.CodeFormat, "it is a table with %d columns; as pictures it would have a label and the pixels of a square, such as 1 + 784. Tables of other numbers have their own page", columns)
			}
		}
		label, pixels, _ := bytes.Cut(line, []byte(","))
		p := newPicture(length, length, channels)
		if bad := parsePixels(p.Pix, pixels); bad != "" {
			if number == 1 { // names
				continue
			}
			return tensor.Errorf(tensor.CodeFormat, "it has a line %d with %s; the pictures before that were taken", number, bad)
		}
		class := f.Class
		if class == "" {
			class = strings.Trim(string(label), ` "`)
		}
		if _, err := s.AddPicture(p.plain(), f.Path+" line "+strconv.Itoa(number), class); err != nil {
			return err
		}
	}
	return nil
}

// parsePixels reads numbers parted by commas and says what is wrong, or nothing.
func parsePixels(pix, text []byte) (bad string) {
	for i := range pix {
		field, rest, more := bytes.Cut(text, []byte(","))
		if more != (i < len(pix)-1) {
			return "another number of columns"
		}
		v, err := strconv.ParseUint(string(bytes.TrimSpace(field)), 10, 8)
		if err != nil {
			return "a pixel that is no whole number from 0 to 255"
		}
		pix[i], text = byte(v), rest
	}
	return ""
}
