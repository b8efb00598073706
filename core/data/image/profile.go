package image

// A Profile describes a set.
type Profile struct {
	Pictures    int       `json:"pictures"`
	Classes     []Class   `json:"classes"` // that have pictures, in the order of the network's outputs
	Grey        bool      `json:"grey"`    // no picture has colours
	Width       int       `json:"width"`   // of the widest, as kept
	Height      int       `json:"height"`  // of the highest
	Bytes       int64     `json:"bytes"`   // of memory
	Skipped     []Skipped `json:"skipped"` // files that could not be used; the first maxSkipped
	SkippedMore int       `json:"skippedMore,omitzero"`
	Copies      []Copy    `json:"copies"`  // pictures whose pixels another one has
	Clashes     int       `json:"clashes"` // copies that stand in another class than the first
	Fingerprint string    `json:"fingerprint"`
}

// A Class is one kind of picture.
type Class struct {
	Name     string `json:"name"`
	Pictures []int  `json:"pictures"` // their numbers
}

// A Copy is a picture that an earlier one equals to the pixel.
type Copy struct {
	Picture int `json:"picture"`
	Of      int `json:"of"`
}

// maxSkipped bounds the list of files that could not be used.
const maxSkipped = 1000

// Profile describes the set as it is now.
func (s *Set) Profile() Profile {
	names, class := s.labels()
	p := Profile{Grey: true, Bytes: s.held, Classes: make([]Class, len(names)), Skipped: s.skipped, Copies: s.copies(class), Fingerprint: s.Fingerprint()}
	if n := len(p.Skipped) - maxSkipped; n > 0 {
		p.Skipped, p.SkippedMore = p.Skipped[:maxSkipped], n
	}
	for k, name := range names {
		p.Classes[k] = Class{Name: name, Pictures: []int{}}
	}
	for i, k := range class {
		if k < 0 {
			continue
		}
		e := s.pictures[i]
		p.Pictures++
		p.Classes[k].Pictures = append(p.Classes[k].Pictures, i)
		p.Grey = p.Grey && e.Channels == 1
		p.Width, p.Height = max(p.Width, e.Width), max(p.Height, e.Height)
	}
	for _, c := range p.Copies {
		if class[c.Picture] != class[c.Of] {
			p.Clashes++
		}
	}
	return p
}

// copies lists pictures that an earlier one equals, of those that are still there.
func (s *Set) copies(class []int32) []Copy {
	first := make(map[[32]byte]int, len(s.pictures))
	list := []Copy{}
	for i, k := range class {
		if k < 0 {
			continue
		}
		h := s.pictures[i].hash
		if of, known := first[h]; known {
			list = append(list, Copy{i, of})
		} else {
			first[h] = i
		}
	}
	return list
}
