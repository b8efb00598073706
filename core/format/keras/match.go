package keras

import (
	"fmt"
	"strings"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Match finds the weight of each parameter of the network that was built from the
// file, in the order of params. Every parameter must have its weight and every weight
// its parameter.
//
// A weight belongs to a parameter by its whole name, or without the last part but one:
// lstm/lstm_cell/kernel is lstm/kernel. A wrapper's inner layer may be named in
// between: bi/forward_lstm/kernel is bi/forward/kernel here.
func (f *File) Match(params []*graph.Param) ([]*tensor.Tensor, error) {
	byName := map[string]*Weight{}
	for i := range f.Weights {
		w := &f.Weights[i]
		for _, name := range spellings(w.Name) {
			if byName[name] == nil {
				byName[name] = w
			}
		}
	}
	used := map[*Weight]bool{}
	found := make([]*tensor.Tensor, len(params))
	var missing []string
	for i, p := range params {
		w := f.find(byName, p, used)
		if w == nil {
			missing = append(missing, p.FullName())
			continue
		}
		used[w] = true
		t, err := fitted(w.Tensor, p)
		if err != nil {
			return nil, err
		}
		found[i] = t
	}
	if len(missing) > 0 {
		return nil, formatErrorf("%d of %d weights are not in the file: %s", len(missing), len(params), list(missing))
	}
	var extra []string
	for i := range f.Weights {
		if !used[&f.Weights[i]] {
			extra = append(extra, f.Weights[i].Name)
		}
	}
	if len(extra) > 0 {
		return nil, formatErrorf("the file holds weights that no layer has: %s", list(extra))
	}
	return found, nil
}

// list names at most five.
func list(names []string) string {
	if len(names) > 5 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:5], ", "), len(names)-5)
	}
	return strings.Join(names, ", ")
}

// find looks a parameter up under the name of its layer in the file.
func (f *File) find(byName map[string]*Weight, p *graph.Param, used map[*Weight]bool) *Weight {
	layers := []string{p.Layer}
	if original, ok := f.original[p.Layer]; ok && original != p.Layer {
		layers = append(layers, original)
	}
	for _, layer := range layers {
		if w := byName[layer+"/"+p.Name]; w != nil && !used[w] {
			return w
		}
	}
	return nil
}

// spellings returns the names under which a weight of a file may be meant.
func spellings(name string) []string {
	name, _, _ = strings.Cut(name, ":") // TensorFlow's output number
	names := []string{name}
	parts := strings.Split(name, "/")
	if n := len(parts); n >= 3 {
		names = append(names, strings.Join(append(append([]string{}, parts[:n-2]...), parts[n-1]), "/"))
	}
	for _, s := range names {
		parts := strings.Split(s, "/")
		for i, part := range parts {
			for _, direction := range []string{"forward", "backward"} {
				if strings.HasPrefix(part, direction+"_") {
					parts[i] = direction
				}
			}
		}
		names = append(names, strings.Join(parts, "/"))
	}
	return names
}

// fitted returns the weight in the parameter's shape: axes of length 1 do not matter.
func fitted(t *tensor.Tensor, p *graph.Param) (*tensor.Tensor, error) {
	if k := t.FirstNonFinite(); k >= 0 {
		return nil, formatErrorf("weight %s: element %d is %v", p.FullName(), k, t.Data[k])
	}
	without := func(shape []int) (rest []int) {
		for _, d := range shape {
			if d != 1 {
				rest = append(rest, d)
			}
		}
		return rest
	}
	if !tensor.SameShape(without(t.Shape), without(p.Shape)) {
		return nil, formatErrorf("weight %s: want shape %s, got %s", p.FullName(), tensor.Format(p.Shape), tensor.Format(t.Shape))
	}
	return &tensor.Tensor{Shape: p.Shape, Data: t.Data}, nil
}
