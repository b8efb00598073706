// Package tensor holds the one array type of Terrarium: a shape and its
// contiguous, row-major float32 values.
package tensor

import (
	"fmt"
	"math"
	"strings"
)

// A Tensor is a dense array of float32. Data holds the product of Shape values,
// last index fastest. A scalar has an empty shape and one value.
type Tensor struct {
	Shape []int
	Data  []float32
}

// MaxElements bounds the number of values of one tensor: 2 GB of float32, the
// most that a 32-bit WebAssembly memory could ever serve.
const MaxElements = 1 << 29

// Size returns the number of values that a tensor of the shape holds. It fails
// on a negative dimension and on a product above MaxElements.
func Size(shape []int) (int, error) {
	size := 1
	for i, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %s: dimension %d is negative", Format(shape), i)
		}
		if d > 0 && size > MaxElements/d {
			return 0, fmt.Errorf("shape %s: more than %d values", Format(shape), MaxElements)
		}
		size *= d
	}
	return size, nil
}

// New returns a tensor of zeros. It panics where Size fails, as make does for a
// length that is out of range: the shape is the program's, not the user's.
func New(shape ...int) *Tensor {
	size, err := Size(shape)
	if err != nil {
		panic("tensor: " + err.Error())
	}
	return &Tensor{Shape: append([]int{}, shape...), Data: make([]float32, size)}
}

// From returns a tensor around data, which it does not copy.
func From(data []float32, shape ...int) (*Tensor, error) {
	size, err := Size(shape)
	if err != nil {
		return nil, err
	}
	if size != len(data) {
		return nil, fmt.Errorf("shape %s wants %d values, got %d", Format(shape), size, len(data))
	}
	return &Tensor{Shape: append([]int{}, shape...), Data: data}, nil
}

// FromRows copies equally long rows into a tensor of shape [len(rows), len(rows[0])].
func FromRows(rows [][]float32) (*Tensor, error) {
	if len(rows) == 0 {
		return New(0, 0), nil
	}
	t := New(len(rows), len(rows[0]))
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return nil, fmt.Errorf("row %d has %d values, row 0 has %d", i, len(row), len(rows[0]))
		}
		copy(t.Data[i*len(row):], row)
	}
	return t, nil
}

// Rows returns the first dimension: the number of samples. A scalar has one row.
func (t *Tensor) Rows() int {
	if len(t.Shape) == 0 {
		return 1
	}
	return t.Shape[0]
}

// Cols returns the number of values in a row.
func (t *Tensor) Cols() int {
	cols := 1
	for _, d := range t.Shape[min(1, len(t.Shape)):] {
		cols *= d
	}
	return cols
}

// Row returns row i as a view of t's data.
func (t *Tensor) Row(i int) []float32 {
	cols := t.Cols()
	return t.Data[i*cols : (i+1)*cols : (i+1)*cols]
}

// Slice returns rows [from, to) as a tensor that shares t's data.
func (t *Tensor) Slice(from, to int) *Tensor {
	cols := t.Cols()
	shape := append([]int{to - from}, t.Shape[min(1, len(t.Shape)):]...)
	return &Tensor{Shape: shape, Data: t.Data[from*cols : to*cols : to*cols]}
}

// Clone returns a deep copy.
func (t *Tensor) Clone() *Tensor {
	return &Tensor{Shape: append([]int{}, t.Shape...), Data: append([]float32{}, t.Data...)}
}

// FirstNonFinite returns the index of the first NaN or infinity, or -1.
func (t *Tensor) FirstNonFinite() int {
	for i, v := range t.Data {
		if v-v != 0 { // true for NaN and for ±Inf, and for nothing else
			return i
		}
	}
	return -1
}

// SameShape tells whether a and b have equal shapes.
func SameShape(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Format writes a shape as [2, 3].
func Format(shape []int) string { return formatFrom(nil, shape) }

// FormatBatch writes the shape of one row with the batch dimension in front of
// it: [batch, 2, 3].
func FormatBatch(row []int) string { return formatFrom([]string{"batch"}, row) }

func formatFrom(parts []string, shape []int) string {
	for _, d := range shape {
		parts = append(parts, fmt.Sprint(d))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Bits returns the values as their IEEE 754 bit patterns: what a test of equal
// bits compares, because it tells -0 from +0 and shows NaN.
func (t *Tensor) Bits() []uint32 {
	bits := make([]uint32, len(t.Data))
	for i, v := range t.Data {
		bits[i] = math.Float32bits(v)
	}
	return bits
}
