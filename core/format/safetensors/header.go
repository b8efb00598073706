package safetensors

import (
	"bytes"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// maxRank is the most dimensions of a tensor that is taken seriously.
const maxRank = 32

// A headerParser reads a header token by token. It never builds a value that it
// did not ask for: where something else stands, it stops there, however deep that
// is nested. The scanner under it refuses duplicate names and text that is not UTF-8.
type headerParser struct {
	scanner *json.Scanner
	file    *File
	spans   []span
}

// parseHeader parses a header's JSON, which starts with '{'. It returns a span for each tensor, unchecked.
func parseHeader(header []byte) (*File, []span, error) {
	end := len(bytes.TrimRight(header, " "))
	p := headerParser{scanner: json.NewScanner(header[:end]), file: &File{}}
	if err := p.object("the header", p.entry); err != nil {
		return nil, nil, syntax(err)
	}
	if at := p.scanner.Offset(); at != end {
		return nil, nil, formatError("byte %d of the header: after its closing '}' only spaces may follow", at)
	}
	return p.file, p.spans, nil
}

// entry reads the value of one member of the header.
func (p *headerParser) entry(name string) error {
	if name == metadataKey {
		return p.metadata()
	}
	t, s := Named{Name: name}, span{}
	seen := 0
	err := p.object(quoted(name), func(member string) (err error) {
		switch member {
		case "dtype":
			seen |= 1
			t.DType, err = p.dtype(name)
		case "shape":
			seen |= 2
			t.Shape, err = p.numbers(name, "shape")
		case "data_offsets":
			seen |= 4
			s, err = p.offsets(name)
		default:
			err = p.fail("tensor %s has a member %s; only dtype, shape and data_offsets are known", quoted(name), quoted(member))
		}
		return err
	})
	if err != nil {
		return err
	}
	if seen != 7 {
		return p.fail("tensor %s lacks one of dtype, shape and data_offsets", quoted(name))
	}
	p.file.Tensors = append(p.file.Tensors, t)
	p.spans = append(p.spans, s)
	return nil
}

func (p *headerParser) metadata() error {
	p.file.Metadata = map[string]string{}
	return p.object(metadataKey, func(key string) error {
		if p.scanner.Peek() != '"' {
			return p.fail("%s: the value of %s must be text", metadataKey, quoted(key))
		}
		text, err := p.scanner.Text()
		p.file.Metadata[key] = text
		return err
	})
}

func (p *headerParser) dtype(name string) (DType, error) {
	if p.scanner.Peek() != '"' {
		return "", p.fail("tensor %s: dtype must be text", quoted(name))
	}
	text, err := p.scanner.Text()
	if err != nil {
		return "", err
	}
	d := DType(text)
	if d.Size() == 0 {
		return "", p.fail("tensor %s: dtype %s is not known; known: F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL", quoted(name), quoted(string(d)))
	}
	return d, nil
}

func (p *headerParser) offsets(name string) (span, error) {
	numbers, err := p.numbers(name, "data_offsets")
	if err != nil {
		return span{}, err
	}
	if len(numbers) != 2 {
		return span{}, p.fail("tensor %s: data_offsets must be two numbers, begin and end, got %d", quoted(name), len(numbers))
	}
	return span{int64(numbers[0]), int64(numbers[1])}, nil
}

// numbers reads an array of whole numbers from 0 on.
func (p *headerParser) numbers(name, member string) ([]int, error) {
	wrong := func() error {
		return p.fail("tensor %s: %s must be an array of whole numbers from 0 to 2⁶³−1", quoted(name), member)
	}
	if p.scanner.Peek() != '[' {
		return nil, wrong()
	}
	numbers := []int{}
	err := p.scanner.Array(func(int) error {
		if kind := p.scanner.Peek(); kind != '0' && kind != 0 {
			return wrong()
		}
		text, err := p.scanner.Number()
		if err != nil {
			return err
		}
		n, err := strconv.ParseUint(string(text), 10, strconv.IntSize-1)
		if err != nil { // a sign, a fraction, an exponent, or too large
			return wrong()
		}
		if len(numbers) == maxRank {
			return p.fail("tensor %s: %s has more than %d numbers", quoted(name), member, maxRank)
		}
		numbers = append(numbers, int(n))
		return nil
	})
	return numbers, err
}

// object reads an object and calls member with each name, in front of its value.
func (p *headerParser) object(what string, member func(name string) error) error {
	if kind := p.scanner.Peek(); kind != '{' && kind != 0 {
		return p.fail("%s must be an object {…}", what)
	}
	return p.scanner.Object(member)
}

// fail is an error at the decoder's place.
func (p *headerParser) fail(text string, args ...any) *tensor.Error {
	return formatError("byte %d of the header: "+text, append([]any{p.scanner.Offset()}, args...)...)
}

// syntax words an error of the scanner; ours pass.
func syntax(err error) error {
	wrong, ok := err.(*json.Error)
	if !ok {
		return err
	}
	if wrong.Err == json.ErrDuplicateName {
		return formatError("byte %d of the header: the name %s occurs twice", wrong.At, quoted(wrong.Name()))
	}
	return formatError("byte %d of the header is not the JSON of a safetensors file: %v", wrong.At, wrong.Err)
}

// quoted shortens a name from a file that may be hostile.
func quoted(name string) string {
	if len(name) > 200 {
		name = name[:200] + "…"
	}
	return strconv.Quote(name)
}
