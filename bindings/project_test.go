//go:build !engine

package bindings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// project is the file of a project with a cut-off training, its data, and a model.
func project(b *bench) []byte {
	b.t.Helper()
	b.hurry()
	table := b.sampleTable(sampleName())
	model := b.tableModel(table)
	b.call(MethodModelFit, recorded(model, table, 3), nil)
	b.call(MethodModelSave, SaveParams{Model: model, Name: "mine", Metrics: Logs{"acc": 0.75}}, nil)
	var r BytesResult
	out := b.call(MethodProjectExport, ProjectParams{Data: true, Settings: []byte(`{"page":1}`)}, &r)
	require.Equal(b.t, "project.terrarium.zip", r.Name)
	return Take(out[0])
}

func TestProjectsTravel(t *testing.T) {
	first := newBench(t)
	file := project(first)
	second := newBench(t)
	zero := 0
	var r ImportResult
	second.call(MethodProjectImport, ImportParams{Buffer: &zero}, &r, Bytes(file))
	require.Equal(t, []string{"auto", "mine"}, r.Models)
	require.Equal(t, 1, r.Sets)
	require.JSONEq(t, `{"page":1}`, string(r.Settings))
	require.Equal(t, first.store.records, second.store.records)
	require.Equal(t, first.store.files, second.store.files)
	// Nothing is overwritten.
	second.call(MethodProjectImport, ImportParams{Buffer: &zero}, &r, Bytes(file))
	require.Equal(t, []string{"auto 2", "mine 2"}, r.Renamed)

	// Without the data, and one model of them.
	var bytes BytesResult
	out := first.call(MethodProjectExport, ProjectParams{Names: []string{"mine"}}, &bytes)
	third := newBench(t)
	third.call(MethodProjectImport, ImportParams{Buffer: &zero}, &r, Bytes(Take(out[0])))
	require.Len(t, third.store.files, 1)
	third.call(MethodModelLoad, LoadParams{Name: "mine"}, nil)
	third.refused(tensor.CodeOption, MethodProjectExport, ProjectParams{Names: []string{"nobody"}})
}

func TestHostileProjectsAreRefused(t *testing.T) {
	b := newBench(t)
	file := project(b)
	files, err := archive.Read(file, 1<<30)
	require.NoError(t, err)
	var h projectHeader
	require.NoError(t, json.Unmarshal(files[0].Content, &h))
	changed := func(change func(h *projectHeader, files []archive.File) []archive.File) []byte {
		h, files := h, append([]archive.File{}, files...)
		h.Models, h.Sets = append([]projectEntry{}, h.Models...), append([]projectEntry{}, h.Sets...)
		files = change(&h, files)
		if len(files) > 0 && files[0].Name == projectFile {
			files[0].Content = jsonOf(h)
		}
		return archive.Write(files...)
	}
	zero := 0
	for name, hostile := range map[string][]byte{
		"no zip":         []byte("hello"),
		"cut":            file[:len(file)-30],
		"no description": changed(func(_ *projectHeader, f []archive.File) []archive.File { return f[1:] }),
		"twice":          changed(func(_ *projectHeader, f []archive.File) []archive.File { return append(f, f[1]) }),
		"newer":          changed(func(h *projectHeader, f []archive.File) []archive.File { h.MinReader = 2; return f }),
		"missing file":   changed(func(h *projectHeader, f []archive.File) []archive.File { h.Models[0].File = "models/9"; return f }),
		"named twice":    changed(func(h *projectHeader, f []archive.File) []archive.File { h.Models[0].File = h.Models[1].File; return f }),
		"a set as model": changed(func(h *projectHeader, f []archive.File) []archive.File { h.Models[0].File = h.Sets[0].File; return f }),
		"a model as set": changed(func(h *projectHeader, f []archive.File) []archive.File {
			h.Models, h.Sets[0].File = h.Models[:1], h.Models[1].File
			return f
		}),
		"much to say": changed(func(h *projectHeader, f []archive.File) []archive.File {
			h.Settings = jsonOf(strings.Repeat("x", maxSettings))
			return f
		}),
	} {
		t.Run(name, func(t *testing.T) {
			fresh := newBench(t)
			fresh.refused(tensor.CodeFormat, MethodProjectImport, ImportParams{Buffer: &zero}, Bytes(hostile))
			require.Empty(t, fresh.store.files, "nothing was stored")
		})
	}
	named := changed(func(h *projectHeader, f []archive.File) []archive.File { h.Models[0].Record.Name = "set/x"; return f })
	b.refused(tensor.CodeOption, MethodProjectImport, ImportParams{Buffer: &zero}, Bytes(named))
}

// Whatever a project's file says, it is refused or its models can be opened.
func FuzzProject(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Add(archive.Write(archive.File{Name: projectFile, Content: []byte(`{"format":1,"min_reader":1,"models":[{"file":"m","record":{"name":"a"}}]}`)}, archive.File{Name: "m", Content: []byte("x")}))
	f.Fuzz(func(t *testing.T, file []byte) {
		e := New(Host{Post: func(Packet) {}, Store: newMemory()})
		j := newJob(e, Message{}, Packet{})
		<-e.baton
		h, contents, err := j.readProject(file)
		if err != nil {
			return
		}
		for _, m := range append(h.Models, h.Sets...) {
			require.NotEmpty(t, contents[m.File])
		}
	})
}

// A kept set is read or refused, and what is read can be learned from.
func FuzzKeptSet(f *testing.F) {
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"))
	f.Add(keptBook(f))
	f.Fuzz(func(t *testing.T, file []byte) {
		e := New(Host{Post: func(Packet) {}})
		j := newJob(e, Message{}, Packet{})
		<-e.baton
		kept, _, err := j.openSet(file)
		if err != nil {
			return
		}
		require.NotEmpty(t, kept.prepared.Train.Rows)
	})
}
