package safetensors

import (
	"cmp"
	"math"
	"slices"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A span is where a tensor's values lie, in bytes from the header's end.
type span struct{ begin, end int64 }

// checkLayout sorts the tensors and their spans by place and checks that each span
// has the bytes of its tensor, that the first starts at 0 and that each starts
// where the one before it ends. It returns where the last one ends.
func checkLayout(f *File, spans []span) (size int64, err error) {
	for i, s := range spans {
		if err := checkSize(&f.Tensors[i], s); err != nil {
			return 0, err
		}
	}
	order := make([]int, len(spans))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(spans[a].begin, spans[b].begin), cmp.Compare(spans[a].end, spans[b].end),
			cmp.Compare(f.Tensors[a].Name, f.Tensors[b].Name))
	})
	tensors, sorted := make([]Named, len(order)), make([]span, len(order))
	before := "the header"
	for i, from := range order {
		t, s := f.Tensors[from], spans[from]
		switch {
		case s.begin < size:
			return 0, formatError("tensor %s starts at byte %d, inside the values of %s, which end at %d", quoted(t.Name), s.begin, before, size)
		case s.begin > size:
			return 0, formatError("tensor %s starts at byte %d, but %s ends at %d: bytes between them belong to nothing", quoted(t.Name), s.begin, before, size)
		}
		size, before = s.end, "tensor "+quoted(t.Name)
		tensors[i], sorted[i] = t, s
	}
	f.Tensors = tensors
	copy(spans, sorted)
	return size, nil
}

// checkSize compares a tensor's span with its shape and type.
func checkSize(t *Named, s span) error {
	if s.end < s.begin {
		return formatError("tensor %s: data_offsets [%d, %d] run backwards", quoted(t.Name), s.begin, s.end)
	}
	want, ok := byteSize(t.Shape, t.DType)
	if !ok {
		return formatError("tensor %s: shape %s has more values than can be counted", quoted(t.Name), tensor.Format(t.Shape))
	}
	if s.end-s.begin != want {
		return formatError("tensor %s: %s of shape %s takes %d bytes, but data_offsets [%d, %d] give it %d",
			quoted(t.Name), t.DType, tensor.Format(t.Shape), want, s.begin, s.end, s.end-s.begin)
	}
	return nil
}

// byteSize returns the bytes of an array; not ok if an int64 cannot hold them.
func byteSize(shape []int, d DType) (size int64, ok bool) {
	size = int64(d.Size())
	for _, n := range shape {
		if n < 0 || n > 0 && size > math.MaxInt64/int64(n) {
			return 0, false
		}
		size *= int64(n)
	}
	return size, true
}
