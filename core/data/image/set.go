package image

import (
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/internal/digest"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Bounds of a set.
const (
	// KeptSide is how long the longer side of a picture is at most that a set keeps:
	// larger ones are made smaller as they come.
	KeptSide    = 128
	MaxPictures = 200_000
	MaxClasses  = 200
	maxName     = 200 // characters of a class's name
)

// A Set is labelled pictures. Each has a number, counted from 0, that stays the same when
// others are taken out. It is used by one goroutine at a time.
type Set struct {
	room     int64 // bytes
	pause    Pause
	decoder  data.Decoder
	pictures []picture
	classes  []string
	skipped  []Skipped
	held     int64
	idx      pendingIDX
}

type picture struct {
	*Picture
	name  string // of the file
	class int    // of classes
	gone  bool   // taken out
	hash  [32]byte
}

// Options of a Set.
type Options struct {
	Room  int64 // bytes that it may take in all; 0: 2 GB
	Pause Pause
	// Decoder reads names in archives that are no UTF-8; nil: all are code page 437.
	Decoder data.Decoder
}

// A Skipped is a file that could not be used.
type Skipped struct {
	Name   string `json:"name"`
	Reason string `json:"reason"` // the rest of a sentence: "it is …"
}

// NewSet returns a set without pictures.
func NewSet(o Options) *Set {
	s := &Set{}
	s.Use(o)
	return s
}

// Use changes the options, for the next additions.
func (s *Set) Use(o Options) {
	s.room, s.pause, s.decoder = o.Room, o.Pause, o.Decoder
	if s.room <= 0 {
		s.room = 2 << 30
	}
}

// pictureBytes is what a picture takes beside its pixels.
const pictureBytes = 256

// Bytes is the memory that the set takes.
func (s *Set) Bytes() int64 { return s.held }

// AddPicture adds decoded pixels to a class, which is made if it is new. It returns the
// picture's number. It fails with code "option" for a name that is none, "memory" where
// there is no room.
func (s *Set) AddPicture(p *Picture, name, class string) (int, error) {
	k, err := s.class(class)
	if err != nil {
		return 0, err
	}
	if len(s.pictures) >= MaxPictures {
		return 0, tensor.Errorf(tensor.CodeMemory, "A set has at most %d pictures. Take fewer of them.", MaxPictures)
	}
	p = p.within(KeptSide)
	if s.held+int64(len(p.Pix))+pictureBytes > s.room {
		return 0, tensor.Errorf(tensor.CodeMemory, "There is no room for more than %d pictures. Take fewer of them, or close tables and models.", len(s.pictures))
	}
	s.held += int64(len(p.Pix)) + pictureBytes
	n := len(s.pictures)
	s.pictures = append(s.pictures, picture{Picture: p, name: name, class: k, hash: p.hash()})
	return n, nil
}

// hash is the SHA-256 of size and pixels.
func (p *Picture) hash() (h [32]byte) {
	d := digest.New()
	_, _ = d.Write([]byte{byte(p.Width), byte(p.Width >> 8), byte(p.Height), byte(p.Height >> 8), byte(p.Channels)})
	_, _ = d.Write(p.Pix)
	copy(h[:], d.Sum(nil))
	return h
}

// class returns the place of a class, made if it is new.
func (s *Set) class(name string) (int, error) {
	name = strings.TrimSpace(name)
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxName {
		return 0, tensor.Errorf(tensor.CodeOption, "A class needs a name of 1 to %d characters.", maxName)
	}
	if k := slices.Index(s.classes, name); k >= 0 {
		return k, nil
	}
	if len(s.classes) >= MaxClasses {
		return 0, tensor.Errorf(tensor.CodeData, "There are more than %d classes; the folders of the pictures are taken for classes. Drop folders that hold the pictures of one class each.", MaxClasses)
	}
	s.classes = append(s.classes, name)
	return len(s.classes) - 1, nil
}

// Dark tells whether most pictures have a dark edge: what is drawn to join them should
// then be light. A set without pictures is dark, as MNIST is.
func (s *Set) Dark() bool {
	dark, n := 0, 0
	for i := range s.pictures {
		if e := &s.pictures[i]; !e.gone {
			n++
			if e.edge()[0] < 128 {
				dark++
			}
		}
	}
	return 2*dark >= n
}

// Len returns how many numbers of pictures there are, those taken out included.
func (s *Set) Len() int { return len(s.pictures) }

// Picture returns a picture as it is kept, its class's name and its file's; nil where it
// was taken out or never was.
func (s *Set) Picture(n int) (p *Picture, class, name string) {
	if n < 0 || n >= len(s.pictures) || s.pictures[n].gone {
		return nil, "", ""
	}
	e := &s.pictures[n]
	return e.Picture, s.classes[e.class], e.name
}

// Remove takes a picture out, or with back brings it back.
func (s *Set) Remove(n int, back bool) error {
	if n < 0 || n >= len(s.pictures) {
		return tensor.Errorf(tensor.CodeOption, "There is no picture %d.", n)
	}
	s.pictures[n].gone = !back
	return nil
}

// Rename gives a class another name; if another class has it, the two become one.
func (s *Set) Rename(from, to string) error {
	k := slices.Index(s.classes, from)
	if k < 0 {
		return tensor.Errorf(tensor.CodeOption, "There is no class %q.", from)
	}
	to = strings.TrimSpace(to)
	if to == from {
		return nil
	}
	if slices.Index(s.classes, to) < 0 {
		if to == "" || !utf8.ValidString(to) || utf8.RuneCountInString(to) > maxName {
			return tensor.Errorf(tensor.CodeOption, "A class needs a name of 1 to %d characters.", maxName)
		}
		s.classes[k] = to
		return nil
	}
	into := slices.Index(s.classes, to)
	for i := range s.pictures {
		if s.pictures[i].class == k {
			s.pictures[i].class = into
		}
	}
	return nil
}

// Move puts a picture into another class, which is made if it is new.
func (s *Set) Move(n int, class string) error {
	if p, _, _ := s.Picture(n); p == nil {
		return tensor.Errorf(tensor.CodeOption, "There is no picture %d.", n)
	}
	k, err := s.class(class)
	if err != nil {
		return err
	}
	s.pictures[n].class = k
	return nil
}

// labels lists the classes that have pictures, by name, whole numbers by value, and for
// each picture the place of its class there; -1 for those taken out.
func (s *Set) labels() (names []string, class []int32) {
	has := make([]bool, len(s.classes))
	for i := range s.pictures {
		if !s.pictures[i].gone {
			has[s.pictures[i].class] = true
		}
	}
	var order []int
	for k, h := range has {
		if h {
			order = append(order, k)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return compareNames(s.classes[a], s.classes[b]) })
	place := make([]int32, len(s.classes))
	for i, k := range order {
		names = append(names, s.classes[k])
		place[k] = int32(i)
	}
	class = make([]int32, len(s.pictures))
	for i := range s.pictures {
		class[i] = -1
		if !s.pictures[i].gone {
			class[i] = place[s.pictures[i].class]
		}
	}
	return names, class
}

// compareNames orders whole numbers by value, before all other names.
func compareNames(a, b string) int {
	x, y := isNumber(a), isNumber(b)
	switch {
	case x && y && len(strings.TrimLeft(a, "0")) != len(strings.TrimLeft(b, "0")):
		return len(strings.TrimLeft(a, "0")) - len(strings.TrimLeft(b, "0"))
	case x && !y:
		return -1
	case y && !x:
		return 1
	}
	return strings.Compare(a, b)
}

func isNumber(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

// Fingerprint is the SHA-256, in hex, of all pictures and their classes, in order of
// their numbers: of each picture its hash and its class's name, closed by a zero byte.
func (s *Set) Fingerprint() string {
	d := digest.New()
	for i := range s.pictures {
		if e := &s.pictures[i]; !e.gone {
			_, _ = d.Write(e.hash[:])
			_, _ = d.Write([]byte(s.classes[e.class] + "\x00"))
		}
	}
	return hex.EncodeToString(d.Sum(nil))
}

// Forget takes an addition back that was broken off: all pictures from number n on, and
// what was noted of files since so many were skipped.
func (s *Set) Forget(n, skipped int) {
	for i := n; i < len(s.pictures); i++ {
		s.held -= int64(len(s.pictures[i].Pix)) + pictureBytes
	}
	clear(s.pictures[n:])
	s.pictures, s.skipped, s.idx = s.pictures[:n], s.skipped[:skipped], pendingIDX{}
}

// Skipped returns how many files could not be used so far.
func (s *Set) Skipped() int { return len(s.skipped) }
