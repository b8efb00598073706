package train

import (
	"strings"

	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A NamedReport tells what became of the arrays of a file.
type NamedReport struct {
	Set     []string // the model's weights that were set
	Missing []string // the model's weights that the file has no array for; they stay as they are
	Unused  []string // the file's arrays that no weight of the model is called after
	Misfits []string // arrays of the right name that cannot be a weight, and why
}

// SetNamed sets the weights that a safetensors file of any program has arrays for, by
// name: a/kernel is the weight kernel of the layer a, spelled also a.kernel. PyTorch's
// names are understood as well, for layers that the model calls as PyTorch does: weight is
// the kernel, its axes turned round (out, in, then space), or gamma where it has one axis,
// and running_mean and running_var are the moving averages. What does not fit is reported
// and changes nothing; the other weights are set.
func (m *Model) SetNamed(f *safetensors.File) (*NamedReport, error) {
	if err := m.idle("SetNamed"); err != nil {
		return nil, err
	}
	r := &NamedReport{}
	at := map[string]int{}
	for i, p := range m.store.Params {
		at[p.FullName()] = i
	}
	set := make([]bool, len(m.store.Params))
	for i := range f.Tensors {
		named := &f.Tensors[i]
		k, turned, ok := find(at, named)
		if !ok {
			r.Unused = append(r.Unused, named.Name)
			continue
		}
		p := &m.store.Params[k]
		t, _, err := named.Float32()
		if err != nil {
			return nil, err
		}
		if turned {
			t = turn(t)
		}
		switch bad := t.FirstNonFinite(); {
		case set[k]:
			r.Misfits = append(r.Misfits, named.Name+": another array is "+p.FullName()+" already")
		case !tensor.SameShape(t.Shape, p.Shape):
			r.Misfits = append(r.Misfits, named.Name+": want shape "+tensor.Format(p.Shape)+", got "+tensor.Format(t.Shape))
		case bad >= 0:
			r.Misfits = append(r.Misfits, named.Name+": it holds numbers that are not finite")
		default:
			set[k] = true
			copy(m.store.Of(k, m.store.Change()), t.Data)
			r.Set = append(r.Set, p.FullName())
		}
	}
	for i, p := range m.store.Params {
		if !set[i] {
			r.Missing = append(r.Missing, p.FullName())
		}
	}
	return r, nil
}

// find finds the weight that an array is called after, and whether its axes have to be
// turned round.
func find(at map[string]int, named *safetensors.Named) (k int, turned, ok bool) {
	name, _, _ := strings.Cut(named.Name, ":") // TensorFlow's output number
	if k, ok = at[name]; ok {
		return k, false, true
	}
	cut := strings.LastIndexAny(name, "./")
	if cut < 0 {
		return 0, false, false
	}
	weight := name[cut+1:]
	theirs := map[string]string{"weight": "kernel", "running_mean": "moving_mean", "running_var": "moving_variance"}
	if ours, known := theirs[weight]; known {
		turned = weight == "weight" && len(named.Shape) > 1
		if weight == "weight" && len(named.Shape) == 1 {
			ours = "gamma"
		}
		weight = ours
	} else if _, gamma := at[name[:cut]+"/gamma"]; gamma && weight == "bias" {
		weight = "beta"
	}
	for _, layer := range []string{name[:cut], strings.ReplaceAll(name[:cut], ".", "/")} {
		if k, ok = at[layer+"/"+weight]; ok {
			return k, turned, true
		}
	}
	return 0, false, false
}

// turn makes a kernel [space…, in, out] of one [out, in, space…].
func turn(t *tensor.Tensor) *tensor.Tensor {
	outs, ins := t.Shape[0], t.Shape[1]
	space := append([]int{}, t.Shape[2:]...)
	turned := tensor.New(append(space, ins, outs)...)
	places := len(t.Data) / max(outs*ins, 1)
	for o := range outs {
		for i := range ins {
			for s := range places {
				turned.Data[(s*ins+i)*outs+o] = t.Data[(o*ins+i)*places+s]
			}
		}
	}
	return turned
}
