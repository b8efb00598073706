package bindings

import (
	"bytes"
	"cmp"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A Store keeps model files by name. Its methods block; they are called without the
// baton. Errors have code quota where there is no space or no permission, and say
// what to do. *indexedDB implements it in a browser, memory in tests.
type Store interface {
	// Put stores a file in place of an earlier one of that name, wholly or not at
	// all.
	Put(record StoredModel, file []byte) error
	// Get returns a file; it fails with code option where there is none.
	Get(name string) ([]byte, error)
	// List returns all records.
	List() ([]StoredModel, error)
	// Remove deletes a file; it fails with code option where there is none.
	Remove(name string) error
	// Usage tells how much space there is.
	Usage() (UsageResult, error)
}

// Kinds of a StoredModel.
const (
	kindModel      = "model"
	kindCheckpoint = "checkpoint"
)

// refusing is the store of a place that keeps nothing.
type refusing struct{ why string }

var _ Store = refusing{}

func (r refusing) error() error {
	return tensor.Errorf(tensor.CodeQuota, "nothing can be stored here: %s; download the model as a file instead", r.why)
}

func (r refusing) Put(StoredModel, []byte) error { return r.error() }
func (r refusing) Get(string) ([]byte, error)    { return nil, r.error() }
func (r refusing) List() ([]StoredModel, error)  { return nil, r.error() }
func (r refusing) Remove(string) error           { return r.error() }
func (r refusing) Usage() (UsageResult, error)   { return UsageResult{Refused: r.why}, nil }

// notStored is the error for a name that a store does not have.
func notStored(name string) error {
	return tensor.Errorf(tensor.CodeOption, "there is no stored model %q", name)
}

// maxNameLen bounds the length of a stored model's name, in bytes.
const maxNameLen = 200

func checkName(name string) error {
	if strings.TrimSpace(name) == "" || strings.HasPrefix(name, keptPrefix) || len(name) > maxNameLen || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return tensor.Errorf(tensor.CodeOption, "%q is no name for a model; want 1 to %d characters", name, maxNameLen)
	}
	return nil
}

// file writes a model.
func (m *model) file() ([]byte, error) {
	var b bytes.Buffer
	err := m.train.Save(&b)
	return b.Bytes(), err
}

// record describes a model's file for the list.
func (m *model) record(name, kind, date string, file []byte) StoredModel {
	r := StoredModel{Name: name, Kind: kind, Bytes: len(file), Date: date, Numerics: m.train.Numerics()}
	c := m.card()
	r.Data, r.Source = c.Data.Fingerprint, c.Data.Source
	if r.Date == "" {
		r.Date = time.Now().UTC().Format(time.RFC3339)
	}
	if p := m.train.Pipeline; p != nil {
		r.Task, r.Target = string(p.Output.Task), p.Output.Name
		if p.Medium != nil {
			r.Medium = string(p.Medium.Kind)
		}
	}
	return r
}

func modelSave(j *job, p SaveParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	if err := checkName(p.Name); err != nil {
		return nil, err
	}
	file, err := m.file()
	if err != nil {
		return nil, err
	}
	r := m.record(p.Name, kindModel, p.Date, file)
	r.Metrics = p.Metrics
	return r, j.outside(func() error { return j.engine.host.Store.Put(r, file) })
}

func modelBytes(j *job, p ModelParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	file, err := m.file()
	if err != nil {
		return nil, err
	}
	j.out = append(j.out, Bytes(file))
	return BytesResult{Name: m.train.Name() + fileSuffix}, nil
}

const fileSuffix = ".safetensors"

func modelLoad(j *job, p LoadParams) (any, error) {
	file, err := j.modelFile(p)
	if err != nil {
		return nil, err
	}
	t, err := train.Load(bytes.NewReader(file), train.MemoryLimit(int(j.engine.limit-j.engine.held())))
	if err != nil {
		return nil, err
	}
	info, err := j.engine.open(t).info()
	if h := t.Interrupted(); h != nil {
		info.Interrupted = fitResult(h)
	}
	return info, err
}

// modelFile fetches the bytes of a model's file.
func (j *job) modelFile(p LoadParams) ([]byte, error) {
	switch {
	case p.Buffer != nil:
		b, err := j.buffer(*p.Buffer)
		if err != nil {
			return nil, err
		}
		if err := j.engine.room(2*int64(b.Len()), "the model file"); err != nil {
			return nil, err
		}
		return Take(b), nil
	case p.Blob != nil:
		b, err := j.blob(*p.Blob)
		if err != nil {
			return nil, err
		}
		if err := j.engine.room(2*b.Size(), "the model file"); err != nil {
			return nil, err
		}
		file := make([]byte, b.Size())
		return file, j.outside(func() error { return b.ReadAt(file, 0) })
	case p.Name != "":
		var file []byte
		err := j.outside(func() (err error) {
			file, err = j.engine.host.Store.Get(p.Name)
			return err
		})
		return file, err
	}
	return nil, tensor.Errorf(tensor.CodeOption, "load wants a stored model's name, a file or bytes")
}

func storeList(j *job, _ Empty) (any, error) {
	var r ListResult
	err := j.outside(func() (err error) {
		r.Models, err = j.engine.host.Store.List()
		return err
	})
	r.Models, r.Sets = apart(r.Models)
	sort.Slice(r.Models, func(i, j int) bool {
		a, b := r.Models[i], r.Models[j]
		return cmp.Or(cmp.Compare(b.Date, a.Date), cmp.Compare(a.Name, b.Name)) < 0
	})
	return r, err
}

func storeRemove(j *job, p NameParams) (any, error) {
	return Empty{}, j.outside(func() error {
		if err := j.engine.host.Store.Remove(p.Name); err != nil {
			return err
		}
		return forgetSets(j.engine.host.Store)
	})
}

func storeBytes(j *job, p NameParams) (any, error) {
	file, err := j.modelFile(LoadParams{Name: p.Name})
	if err != nil {
		return nil, err
	}
	j.out = append(j.out, Bytes(file))
	return BytesResult{Name: p.Name + fileSuffix}, nil
}

func storeUsage(j *job, _ Empty) (any, error) {
	var r UsageResult
	err := j.outside(func() (err error) {
		r, err = j.engine.host.Store.Usage()
		return err
	})
	return r, err
}
