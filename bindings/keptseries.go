//go:build !engine

package bindings

import (
	"encoding/binary"
	"math"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/data/series"
	"github.com/terrarium-ml/terrarium/core/format/safetensors"
)

// keptSeries describes series in a kept set. What is learned from is cut out of them anew:
// so a training that goes on ends with its back-test, which needs the series themselves.
type keptSeries struct {
	Setup   series.Setup   `json:"setup"`
	Options series.Options `json:"options"`
	Names   []string       `json:"names"`
	Keys    []string       `json:"keys"`
	First   []int          `json:"first"` // period of each series
}

func keptSeriesName(i int, what string) string { return "series/" + strconv.Itoa(i) + "/" + what }

// keepSeries takes series down: the description, and a tensor of the values of each.
func keepSeries(f *seriesFile, add adder) *keptSeries {
	k := &keptSeries{Setup: f.prepared.Setup, Options: f.set.Options, Names: f.set.Names}
	for i, s := range f.set.Series {
		k.Keys, k.First = append(k.Keys, s.Key), append(k.First, s.First)
		var values, filled []byte
		for c := range s.Values {
			for p, v := range s.Values[c] {
				values = binary.LittleEndian.AppendUint64(values, math.Float64bits(v))
				is := byte(0)
				if s.Filled[c][p] {
					is = 1
				}
				filled = append(filled, is)
			}
		}
		add(keptSeriesName(i, "values"), safetensors.F64, values, len(s.Values), s.Len())
		add(keptSeriesName(i, "filled"), safetensors.U8, filled, len(s.Values), s.Len())
	}
	return k
}

// openSeries prepares kept series as they were prepared.
func (j *job) openSeries(f *safetensors.File, h *setHeader) (*table, error) {
	k := h.Series
	set := &series.Set{Options: k.Options, Names: k.Names}
	if len(k.Names) == 0 || len(k.Keys) == 0 || len(k.First) != len(k.Keys) {
		return nil, badSet("its series do not belong together")
	}
	for i, key := range k.Keys {
		values, filled := f.Find(keptSeriesName(i, "values")), f.Find(keptSeriesName(i, "filled"))
		if values == nil || filled == nil || values.DType != safetensors.F64 || filled.DType != safetensors.U8 ||
			len(values.Shape) != 2 || values.Shape[0] != len(k.Names) || values.Shape[1] < 1 || len(filled.Raw) != len(values.Raw)/8 {
			return nil, badSet("series %d is missing or damaged", i)
		}
		n := values.Shape[1]
		s := &series.Series{Key: key, First: k.First[i]}
		for c := range k.Names {
			column, is := make([]float64, n), make([]bool, n)
			for p := range column {
				at := c*n + p
				v := math.Float64frombits(binary.LittleEndian.Uint64(values.Raw[8*at:]))
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return nil, badSet("series %d: a value is no number", i)
				}
				column[p], is[p] = v, filled.Raw[at] != 0
			}
			s.Values, s.Filled = append(s.Values, column), append(s.Filled, is)
		}
		set.Series = append(set.Series, s)
	}
	if err := j.roomForWindows(set, k.Setup); err != nil {
		return nil, err
	}
	prepared, err := set.Prepare(k.Setup, j.working("prepare"))
	if err != nil {
		return nil, err
	}
	return &table{medium: &seriesFile{set: set, options: k.Options, prepared: prepared}, prepared: prepared.Prepared}, nil
}
