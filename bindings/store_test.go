package bindings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

func TestSaveListLoadRemove(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(5)
	var saved StoredModel
	b.call(MethodModelSave, SaveParams{Model: id, Name: "my xor", Date: "2026-05-06T07:08:09Z", Metrics: Logs{"acc": 0.5}}, &saved)
	b.call(MethodModelSave, SaveParams{Model: id, Name: "newer", Date: "2026-05-07T07:08:09Z"}, nil)
	var list ListResult
	b.call(MethodStoreList, Empty{}, &list)
	require.Len(t, list.Models, 2)
	require.Equal(t, "newer", list.Models[0].Name)
	require.Equal(t, saved, list.Models[1])
	require.Equal(t, kindModel, saved.Kind)
	require.Positive(t, saved.Bytes)

	var file BytesResult
	out := b.call(MethodStoreBytes, NameParams{"my xor"}, &file)
	require.Equal(t, "my xor.safetensors", file.Name)
	require.Equal(t, saved.Bytes, out[file.Buffer].Len())
	var same BytesResult
	require.Equal(t, Take(out[0]), Take(b.call(MethodModelBytes, ModelParams{id}, &same)[0]))

	digest := func(id int) (d DigestResult) {
		b.call(MethodModelDigest, ModelParams{id}, &d)
		return d
	}
	zero := 0
	for name, load := range map[string]func(*ModelInfo){
		"name":   func(m *ModelInfo) { b.call(MethodModelLoad, LoadParams{Name: "my xor"}, m) },
		"buffer": func(m *ModelInfo) { b.call(MethodModelLoad, LoadParams{Buffer: &zero}, m, out[0]) },
		"blob": func(m *ModelInfo) {
			_, err := b.do(t.Context(), call{Method: MethodModelLoad, Params: LoadParams{Blob: &zero}, Result: m, Blobs: []Blob{fileOf(Take(out[0]))}})
			require.NoError(t, err)
		},
	} {
		var info ModelInfo
		load(&info)
		require.Equal(t, digest(id), digest(info.Model), name)
		require.Equal(t, int64(5), info.Seed)
		require.Nil(t, info.Interrupted)
	}
	b.call(MethodStoreRemove, NameParams{"my xor"}, nil)
	b.refused(tensor.CodeOption, MethodStoreRemove, NameParams{"my xor"})
	b.refused(tensor.CodeOption, MethodModelLoad, LoadParams{Name: "my xor"})
	b.refused(tensor.CodeOption, MethodStoreBytes, NameParams{"my xor"})
}

func fileOf(b []byte) file { return file{name: "m.safetensors", text: string(b)} }

func TestDamagedModelFiles(t *testing.T) {
	b := newBench(t)
	var r BytesResult
	whole := Take(b.call(MethodModelBytes, ModelParams{b.xorModel(1)}, &r)[0])
	flipped := append([]byte{}, whole...)
	flipped[len(flipped)-3] ^= 1
	zero := 0
	for name, bytes := range map[string][]byte{
		"empty": {}, "truncated": whole[:len(whole)-5], "flipped": flipped, "foreign": []byte("PK\x03\x04 a zip archive, perhaps"),
	} {
		t.Run(name, func(t *testing.T) {
			b := *b
			b.t = t
			b.refused(tensor.CodeFormat, MethodModelLoad, LoadParams{Buffer: &zero}, Bytes(bytes))
		})
	}
	b.refused(tensor.CodeOption, MethodModelLoad, LoadParams{})
}

func TestStoreRefuses(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	b.call(MethodModelSave, SaveParams{Model: id, Name: "old"}, nil)
	b.store.full = tensor.Errorf(tensor.CodeQuota, "the browser's storage is full")
	b.refused(tensor.CodeQuota, MethodModelSave, SaveParams{Model: id, Name: "old"})
	b.call(MethodModelLoad, LoadParams{Name: "old"}, nil) // the old one stays
	for _, name := range []string{"", "  ", "a\nb", strings.Repeat("x", maxNameLen+1), "\xff"} {
		if name != "\xff" { // is no JSON
			b.refused(tensor.CodeOption, MethodModelSave, SaveParams{Model: id, Name: name})
		}
		require.Error(t, checkName(name))
	}
	var usage UsageResult
	b.call(MethodStoreUsage, Empty{}, &usage)
	require.Equal(t, UsageResult{Usage: 1, Quota: 2}, usage)
}

func TestRefusingStoreSaysWhy(t *testing.T) {
	s := refusing{"a private window"}
	require.ErrorContains(t, s.Put(StoredModel{}, nil), "a private window")
	require.ErrorContains(t, s.Remove("x"), "download")
	_, err := s.Get("x")
	require.Error(t, err)
	u, err := s.Usage()
	require.NoError(t, err)
	require.Equal(t, "a private window", u.Refused)
}
