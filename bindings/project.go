//go:build !engine

package bindings

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A project is one file: a zip, stored, of projectFile, which says what there is, and of
// the files of models and of training sets as they are kept in the browser.
const (
	projectFile   = "project.json"
	projectSuffix = ".terrarium.zip"
)

// A projectHeader is projectFile. Readers ignore members that they do not know.
type projectHeader struct {
	Format    int             `json:"format"` // 1
	MinReader int             `json:"min_reader"`
	Program   string          `json:"program"`
	Models    []projectEntry  `json:"models"`
	Sets      []projectEntry  `json:"sets,omitzero"`
	Settings  json.RawMessage `json:"settings,omitzero"`
}

// A projectEntry is a file of the archive, with its record.
type projectEntry struct {
	File   string      `json:"file"`
	Record StoredModel `json:"record"`
}

// projectExport writes stored models, and what they learned from where that is kept.
func projectExport(j *job, p ProjectParams) (any, error) {
	store := j.engine.host.Store
	var all []StoredModel
	err := j.outside(func() (err error) {
		all, err = store.List()
		return err
	})
	if err != nil && p.Model == 0 {
		return nil, err
	}
	models, sets := apart(all)
	slices.SortFunc(models, func(a, b StoredModel) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	h := projectHeader{Format: 1, MinReader: 1, Program: "Terrarium " + Version, Models: []projectEntry{}, Settings: p.Settings}
	files, size := []archive.File{{Name: projectFile}}, int64(0)
	wanted := map[string]bool{}
	add := func(list *[]projectEntry, folder string, r StoredModel, content []byte) error {
		name := folder + "/" + strconv.Itoa(len(*list)+1) + fileSuffix
		*list = append(*list, projectEntry{name, r})
		files = append(files, archive.File{Name: name, Content: content})
		size += int64(len(content))
		return j.engine.room(2*size, "the project's file")
	}
	get := func(name string) (content []byte, err error) {
		err = j.outside(func() (err error) {
			content, err = store.Get(name)
			return err
		})
		return content, err
	}
	if p.Model != 0 {
		m, err := j.engine.idleModel(p.Model, "project")
		if err != nil {
			return nil, err
		}
		content, err := m.file()
		if err != nil {
			return nil, err
		}
		r := m.record(m.train.Name(), kindModel, m.card().Made, content)
		wanted[r.Data] = true
		if err := add(&h.Models, "models", r, content); err != nil {
			return nil, err
		}
	}
	for _, r := range models {
		if len(p.Names) > 0 && !slices.Contains(p.Names, r.Name) || len(p.Names) == 0 && p.Model != 0 {
			continue
		}
		content, err := get(r.Name)
		if err != nil {
			return nil, err
		}
		wanted[r.Data] = true
		if err := add(&h.Models, "models", r, content); err != nil {
			return nil, err
		}
	}
	if len(h.Models) == 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "there is no stored model to export")
	}
	for _, r := range sets {
		if !p.Data || !wanted[r.Data] {
			continue
		}
		content, err := get(r.Name)
		if err != nil {
			return nil, err
		}
		if err := add(&h.Sets, "sets", r, content); err != nil {
			return nil, err
		}
	}
	files[0].Content = jsonOf(h)
	j.out = append(j.out, Bytes(archive.Write(files...)))
	return BytesResult{Name: "project" + projectSuffix}, nil
}

// projectImport takes a project's models and sets into the browser's storage. All are
// checked before the first is stored.
func projectImport(j *job, p ImportParams) (any, error) {
	file, err := j.modelFile(LoadParams{Blob: p.Blob, Buffer: p.Buffer})
	if err != nil {
		return nil, err
	}
	h, contents, err := j.readProject(file)
	if err != nil {
		return nil, err
	}
	store := j.engine.host.Store
	r := ImportResult{Models: []string{}, Sets: len(h.Sets), Settings: h.Settings}
	err = j.outside(func() error {
		all, err := store.List()
		if err != nil {
			return err
		}
		used := map[string]bool{}
		for _, s := range all {
			used[s.Name] = true
		}
		for _, e := range h.Models {
			name := e.Record.Name
			for i := 2; used[name]; i++ {
				name = e.Record.Name + " " + strconv.Itoa(i)
			}
			if name != e.Record.Name {
				r.Renamed = append(r.Renamed, name)
			}
			used[name] = true
			e.Record.Name = name
			if err := store.Put(e.Record, contents[e.File]); err != nil {
				return err
			}
			r.Models = append(r.Models, name)
		}
		for _, e := range h.Sets {
			if err := store.Put(e.Record, contents[e.File]); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// badProject is why a project cannot be taken.
func badProject(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeFormat, "this is no project that can be opened: "+format, args...)
}

// maxSettings bounds the page's settings in a project.
const maxSettings = 1 << 16

// readProject unpacks and checks a project: every file must be named once, be what its
// record says, and open as a model or a set would.
func (j *job) readProject(file []byte) (*projectHeader, map[string][]byte, error) {
	unpacked, err := archive.Read(file, (j.engine.limit-j.engine.held())/4)
	if err != nil {
		return nil, nil, err
	}
	contents := map[string][]byte{}
	for _, f := range unpacked {
		if _, twice := contents[f.Name]; twice {
			return nil, nil, badProject("%q is in it twice", f.Name)
		}
		contents[f.Name] = f.Content
	}
	text, ok := contents[projectFile]
	if !ok {
		return nil, nil, badProject("there is no %s in it", projectFile)
	}
	h := new(projectHeader)
	if err := json.Unmarshal(text, h); err != nil {
		return nil, nil, badProject("its description is damaged: %v", err)
	}
	switch {
	case h.MinReader > 1:
		return nil, nil, badProject("it needs a newer Terrarium")
	case len(h.Models) == 0:
		return nil, nil, badProject("it holds no model")
	case len(h.Settings) > maxSettings:
		return nil, nil, badProject("its settings are too large")
	}
	seen := map[string]bool{}
	take := func(e projectEntry) ([]byte, error) {
		content, ok := contents[e.File]
		if !ok || seen[e.File] {
			return nil, badProject("%q is missing, or named twice", e.File)
		}
		seen[e.File] = true
		return content, nil
	}
	for i := range h.Models {
		e := &h.Models[i]
		content, err := take(*e)
		if err != nil {
			return nil, nil, err
		}
		if err := checkName(e.Record.Name); err != nil {
			return nil, nil, err
		}
		t, err := train.Load(bytes.NewReader(content), train.MemoryLimit(int(j.engine.limit-j.engine.held())))
		if err != nil {
			return nil, nil, err
		}
		// The record says what the file says, whatever the project says that it does.
		kind := kindModel
		if t.Interrupted() != nil {
			kind = kindCheckpoint
		}
		r := (&model{train: t}).record(e.Record.Name, kind, e.Record.Date, content)
		r.Metrics = e.Record.Metrics
		e.Record = r
		if err := j.breathe(); err != nil {
			return nil, nil, err
		}
	}
	for i := range h.Sets {
		e := &h.Sets[i]
		content, err := take(*e)
		if err != nil {
			return nil, nil, err
		}
		t, set, err := j.openSet(content)
		if err != nil {
			return nil, nil, err
		}
		o := &t.prepared.Pipeline.Output
		e.Record = StoredModel{Name: keptName(set.Fingerprint), Kind: kindSet, Bytes: len(content), Date: e.Record.Date, Numerics: e.Record.Numerics,
			Task: string(o.Task), Target: o.Name, Data: set.Fingerprint, Source: set.Source}
	}
	return h, contents, nil
}
