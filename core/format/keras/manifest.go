package keras

import (
	"encoding/binary"
	"math"
	"strings"

	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A group of weights lies, one behind the other without a gap, in the concatenation of
// its files.
type group struct {
	Paths   []string `json:"paths"`
	Weights []entry  `json:"weights"`
}

// An entry describes one weight. With a quantization the file holds another type.
type entry struct {
	Name         string        `json:"name"`
	Shape        []int         `json:"shape"`
	DType        string        `json:"dtype"`
	Group        string        `json:"group"`
	Quantization *quantization `json:"quantization"`
}

// quantization is how the converter made numbers smaller: value = q·scale + min for
// whole numbers, or an IEEE half.
type quantization struct {
	DType string  `json:"dtype"`
	Min   float64 `json:"min"`
	Scale float64 `json:"scale"`
}

// maxPaths bounds the files of a group: 4 MB each, as the converter writes them, are
// then 64 GB.
const maxPaths = 1 << 14

// readManifest reads all weights but those of the optimizer.
func readManifest(groups []group, open Open) ([]Weight, error) {
	var weights []Weight
	seen := map[string]bool{}
	for _, g := range groups {
		if len(g.Paths) > maxPaths {
			return nil, formatErrorf("the manifest names %d files of weights", len(g.Paths))
		}
		bytes, err := g.bytes()
		if err != nil {
			return nil, err
		}
		data, err := g.load(open, bytes)
		if err != nil {
			return nil, err
		}
		for _, e := range g.Weights {
			size, _ := e.size() // checked by bytes
			raw := data[:size]
			data = data[size:]
			if e.Group == "optimizer" {
				continue
			}
			if seen[e.Name] {
				return nil, formatErrorf("the weight %q stands twice in the manifest", e.Name)
			}
			seen[e.Name] = true
			t, err := e.decode(raw)
			if err != nil {
				return nil, err
			}
			weights = append(weights, Weight{e.Name, t})
		}
	}
	return weights, nil
}

// bytes returns the size of all weights of the group.
func (g group) bytes() (int, error) {
	total := 0
	for _, e := range g.Weights {
		n, err := e.size()
		if err != nil {
			return 0, err
		}
		if total += n; total < 0 || total > math.MaxInt32 {
			return 0, tensor.Errorf(tensor.CodeMemory, "the manifest announces more than 2 GB of weights")
		}
	}
	return total, nil
}

// load reads the files of a group. A weight, even a number, may lie across two.
func (g group) load(open Open, size int) ([]byte, error) {
	var data []byte
	for _, path := range g.Paths {
		part, err := open(path)
		if err != nil {
			return nil, formatErrorf("the file of weights %q: %v", path, err)
		}
		data = append(data, part...)
		if len(data) > size {
			break
		}
	}
	if len(data) != size {
		return nil, formatErrorf("the manifest announces %d bytes of weights in %s; the files hold %s", size, strings.Join(g.Paths, ", "), holding(len(data), size))
	}
	return data, nil
}

func holding(got, want int) string {
	if got > want {
		return "more: they belong to another model"
	}
	return "fewer: one is missing or cut off"
}

// stored is the type that the file holds.
func (e entry) stored() string {
	if e.Quantization != nil {
		return e.Quantization.DType
	}
	return e.DType
}

var widths = map[string]int{"float32": 4, "int32": 4, "bool": 1, "float16": 2, "uint8": 1, "uint16": 2}

// size returns the bytes of a weight, checking its description.
func (e entry) size() (int, error) {
	width := widths[e.stored()]
	plain := e.Quantization == nil && (e.DType == "float32" || e.DType == "int32" || e.DType == "bool")
	small := e.Quantization != nil && (e.stored() == "float16" || e.stored() == "uint8" || e.stored() == "uint16")
	if !plain && !small {
		return 0, tensor.Errorf(tensor.CodeUnsupported, "the weight %q is stored as %q; float32, int32, bool and quantised float16, uint8 and uint16 are known", e.Name, e.stored())
	}
	n, err := tensor.Size(e.Shape)
	if err != nil || n > math.MaxInt32/width {
		return 0, formatErrorf("the weight %q has an impossible shape %s", e.Name, tensor.Format(e.Shape))
	}
	return n * width, nil
}

// decode makes numbers of bytes. Quantised ones are q·scale + min in float64, rounded to
// float32, and to a whole number where the weight is one.
func (e entry) decode(raw []byte) (*tensor.Tensor, error) {
	t := tensor.New(e.Shape...)
	if e.stored() == "float16" || e.Quantization == nil && e.DType == "float32" {
		dtype := safetensors.F32
		if e.stored() == "float16" {
			dtype = safetensors.F16
		}
		named := safetensors.Named{Name: e.Name, DType: dtype, Shape: e.Shape, Raw: raw}
		t, _, err := named.Float32()
		return t, err
	}
	for i := range t.Data {
		switch e.stored() {
		case "int32":
			t.Data[i] = float32(int32(binary.LittleEndian.Uint32(raw[4*i:])))
		case "bool":
			t.Data[i] = float32(raw[i])
		case "uint8":
			t.Data[i] = e.dequantised(float64(raw[i]))
		case "uint16":
			t.Data[i] = e.dequantised(float64(binary.LittleEndian.Uint16(raw[2*i:])))
		}
	}
	return t, nil
}

func (e entry) dequantised(q float64) float32 {
	v := float64(q*e.Quantization.Scale) + e.Quantization.Min
	if e.DType == "int32" {
		// To nearest, a half up, as TensorFlow.js rounds.
		v = math.Floor(v + 0.5)
	}
	return float32(v)
}
