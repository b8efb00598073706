package json

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// A Scanner reads a text value by value. Its methods leave off where an error is.
type Scanner struct {
	text  []byte
	at    int
	depth int
	path  []string
	pause func()
	next  int // where to pause
}

// NewScanner returns a scanner at the start of a text, which must not change.
func NewScanner(text []byte) *Scanner { return &Scanner{text: text} }

// Offset is how many bytes were read.
func (s *Scanner) Offset() int { return s.at }

// Peek passes over space and returns the kind of the value that follows.
func (s *Scanner) Peek() Kind {
	switch c := s.skipSpace(); c {
	case '{', '[', '"', 't', 'f', 'n':
		return Kind(c)
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return '0'
	}
	return 0
}

// skipSpace returns the byte behind space, or 0 at the end.
func (s *Scanner) skipSpace() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// End fails unless only space follows.
func (s *Scanner) End() error {
	if s.skipSpace(); s.at < len(s.text) {
		return s.syntax("want the end of the text")
	}
	return nil
}

// Object reads an object. It calls member with each name; member must read the value.
func (s *Scanner) Object(member func(name string) error) error {
	var names nameSet
	return s.items('{', '}', func(int) error {
		s.skipSpace()
		at := s.at
		name, err := s.Text()
		if err != nil {
			return err
		}
		s.path = append(s.path, name)
		if !names.add(name) {
			s.at = at
			return s.fail(ErrDuplicateName)
		}
		if s.skipSpace() != ':' {
			return s.syntax("want a colon")
		}
		s.at++
		if err := member(name); err != nil {
			return err
		}
		s.path = s.path[:len(s.path)-1]
		return nil
	})
}

// Array reads an array. item must read each value.
func (s *Scanner) Array(item func(i int) error) error {
	depth := len(s.path)
	s.path = append(s.path, "")
	err := s.items('[', ']', func(i int) error {
		s.path[depth] = "" // the index becomes text only for an error
		if err := item(i); err != nil {
			return atIndex(err, depth, i)
		}
		return nil
	})
	if err == nil {
		s.path = s.path[:depth]
	}
	return err
}

// atIndex completes the path of an error within an array.
func atIndex(err error, depth, i int) error {
	var e *Error
	if errors.As(err, &e) && len(e.Path) > depth {
		e.Path[depth] = strconv.Itoa(i)
	}
	return err
}

func (s *Scanner) items(open, end byte, item func(i int) error) error {
	if s.skipSpace() != open {
		return s.syntax("want " + strconv.QuoteRune(rune(open)))
	}
	if s.depth++; s.depth > MaxDepth {
		return s.syntax("nested too deep")
	}
	s.at++
	for i := 0; ; i++ {
		c := s.skipSpace()
		if c == end {
			break
		}
		if i > 0 {
			if c != ',' {
				return s.syntax("want a comma or " + strconv.QuoteRune(rune(end)))
			}
			s.at++
		}
		if err := item(i); err != nil {
			return err
		}
		if s.pause != nil && s.at >= s.next {
			s.next = s.at + PauseBytes
			s.pause()
		}
	}
	s.at++
	s.depth--
	return nil
}

// Skip checks the next value and returns it as it stands.
func (s *Scanner) Skip() ([]byte, error) {
	var err error
	kind := s.Peek()
	start := s.at
	switch kind {
	case '{':
		err = s.Object(func(string) error { _, err := s.Skip(); return err })
	case '[':
		err = s.Array(func(int) error { _, err := s.Skip(); return err })
	case '"':
		_, err = s.rawText()
	case '0':
		_, err = s.Number()
	case 't':
		err = s.literal("true")
	case 'f':
		err = s.literal("false")
	case 'n':
		err = s.literal("null")
	default:
		err = s.syntax("want a value")
	}
	return s.text[start:s.at], err
}

func (s *Scanner) literal(word string) error {
	if !bytes.HasPrefix(s.text[s.at:], []byte(word)) {
		return s.syntax("want " + word)
	}
	s.at += len(word)
	return nil
}

// Number reads a number and returns its text.
func (s *Scanner) Number() ([]byte, error) {
	s.skipSpace()
	start := s.at
	s.one("-")
	if !s.one("0") && !s.digits() {
		return nil, s.syntax("want a number")
	}
	if s.one(".") && !s.digits() {
		return nil, s.syntax("want a digit behind the point")
	}
	if s.one("eE") {
		s.one("+-")
		if !s.digits() {
			return nil, s.syntax("want an exponent")
		}
	}
	return s.text[start:s.at], nil
}

// one passes over one of the bytes.
func (s *Scanner) one(of string) bool {
	ok := s.at < len(s.text) && bytes.IndexByte([]byte(of), s.text[s.at]) >= 0
	if ok {
		s.at++
	}
	return ok
}

func (s *Scanner) digits() bool {
	start := s.at
	for s.at < len(s.text) && s.text[s.at]-'0' <= 9 {
		s.at++
	}
	return s.at > start
}

// syntax is an error of the text at the scanner's place.
func (s *Scanner) syntax(want string) error {
	if s.at >= len(s.text) {
		return s.fail(errors.New(want + ", the text ends"))
	}
	return s.fail(fmt.Errorf("%s, got %q", want, s.text[s.at]))
}

func (s *Scanner) fail(err error) error {
	return &Error{Path: append([]string(nil), s.path...), At: s.at, Err: err}
}

// A nameSet finds names that stand twice: few by comparing, many by a map.
type nameSet struct {
	few  []string
	many map[string]bool
}

func (n *nameSet) add(name string) bool {
	if n.many != nil {
		known := n.many[name]
		n.many[name] = true
		return !known
	}
	for _, other := range n.few {
		if other == name {
			return false
		}
	}
	if n.few = append(n.few, name); len(n.few) > 16 {
		n.many = make(map[string]bool, 2*len(n.few))
		for _, other := range n.few {
			n.many[other] = true
		}
	}
	return true
}
