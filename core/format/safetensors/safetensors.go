// Package safetensors reads and writes the safetensors format, Hugging Face's
// container of named arrays: eight bytes with the header's length N, little-endian;
// N bytes of JSON, which may end in spaces; the arrays' values, little-endian, last
// index fastest, without a gap from the header's end to the file's.
//
//	{"__metadata__":{"key":"text"}, "name":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}, …}
//
// The package knows nothing of models. It trusts nothing it reads: lengths, offsets,
// types and names are all checked before a value is used, memory grows only with the
// bytes that really arrive, and what is refused is refused with a tensor.Error of
// code "format" (or "memory", where a file is sound but too large) that says what is
// wrong and where.
package safetensors

import "github.com/terrarium-ml/terrarium/core/tensor"

// A File is what a safetensors file holds.
type File struct {
	Metadata map[string]string
	Tensors  []Named
}

// A Named is one array of a file.
//
// Read fills Shape and Raw and leaves Tensor nil: Float32 converts on request.
// Write takes either: Tensor, converted to DType, or Raw with Shape, as they are.
type Named struct {
	Name   string
	DType  DType // "" is F32 for Write
	Shape  []int
	Raw    []byte         // the stored bytes; after ReadBytes a part of its argument
	Tensor *tensor.Tensor // values to be written
}

// Find returns the array of a name, or nil.
func (f *File) Find(name string) *Named {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i]
		}
	}
	return nil
}

// metadataKey is the one member of a header that is no array.
const metadataKey = "__metadata__"

// boundary is where Write lets the values start: a multiple of this, so that they
// can be viewed as vectors where they lie.
const boundary = 64

func formatError(text string, args ...any) *tensor.Error {
	return tensor.Errorf(tensor.CodeFormat, "safetensors: "+text, args...)
}
