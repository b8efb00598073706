package bindings

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// exported writes a model in a format.
func (b *bench) exported(id int, format string) []archive.File {
	b.t.Helper()
	var r ExportResult
	buffers := b.call(MethodModelExport, ExportParams{WasmParams: WasmParams{Model: id}, Format: format}, &r)
	var files []archive.File
	for _, f := range r.Files {
		files = append(files, archive.File{Name: f.Name, Content: Take(buffers[f.Buffer])})
	}
	return files
}

// openModel opens files; a refusal has the code.
func (b *bench) openModel(code string, files ...archive.File) (OpenModelResult, string) {
	b.t.Helper()
	var p OpenModelParams
	var blobs []Blob
	for i, f := range files {
		p.Files = append(p.Files, ModelFile{f.Name, i})
		blobs = append(blobs, file{name: f.Name, text: string(f.Content)})
	}
	var r OpenModelResult
	_, err := b.do(b.t.Context(), call{Method: MethodModelOpen, Params: p, Result: &r, Blobs: blobs})
	if code == "" {
		require.NoError(b.t, err)
		return r, ""
	}
	var refusal *Error
	require.ErrorAs(b.t, err, &refusal)
	require.Equal(b.t, code, refusal.Data.Code, refusal.Message)
	return r, refusal.Message
}

// What is written in each format comes back as the same weights, whatever the file is called.
func TestEveryFormatComesBack(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(5)
	for format, n := range map[string]int{FormatTerrarium: 1, FormatKeras: 2, FormatONNX: 1} {
		files := b.exported(id, format)
		require.Len(t, files, n)
		r, _ := b.openModel("", files...)
		require.Equal(t, format, r.Format)
		require.Equal(t, b.digest(id), b.digest(r.Model), format)
	}
	require.Equal(t, "\x00asm", string(b.exported(id, FormatWasm)[0].Content[:4]))
	require.Contains(t, b.refused(tensor.CodeOption, MethodModelExport, ExportParams{WasmParams: WasmParams{Model: id}, Format: "h5"}).Message, "onnx")
}

// The order of the files and their folder do not matter; a missing one is named.
func TestOpenLayersModel(t *testing.T) {
	b := newBench(t)
	dir := filepath.Join("..", "tests", "testdata", "golden", "tfjs-models", "mlp")
	model, err := os.ReadFile(filepath.Join(dir, "model.json"))
	if err != nil {
		t.Skip("the golden models are not here") // inside a browser
	}
	weights, err := os.ReadFile(filepath.Join(dir, "group1-shard1of1.bin"))
	require.NoError(t, err)
	r, _ := b.openModel("", archive.File{Name: "a/group1-shard1of1.bin", Content: weights}, archive.File{Name: "a/model (1).json", Content: model})
	require.Equal(t, FormatKeras, r.Format)
	require.Equal(t, []int{4}, r.Output)
	_, says := b.openModel(tensor.CodeFormat, archive.File{Name: "model.json", Content: model})
	require.Contains(t, says, "choose it together with model.json")
	_, says = b.openModel(tensor.CodeFormat, archive.File{Name: "a.bin", Content: weights}, archive.File{Name: "b.bin", Content: weights})
	require.Contains(t, says, "2 files are no model")
}

// Teachable Machine's archive: a layers-model, and labels.
func TestOpenTeachableMachine(t *testing.T) {
	b := newBench(t)
	files := b.exported(b.xorModel(5), FormatKeras)
	labels := func(text string) []byte {
		return archive.Write(archive.File{Name: "metadata.json", Content: []byte(`{"tmVersion":"2.4.10","labels":` + text + `}`)}, files[0], files[1], archive.File{Name: "folder/", Content: nil})
	}
	r, _ := b.openModel("", archive.File{Name: "my model.zip", Content: labels(`["yes"]`)})
	require.Equal(t, FormatTeachable, r.Format)
	require.Equal(t, []string{"yes"}, r.Labels)
	r, _ = b.openModel("", archive.File{Name: "my model.zip", Content: labels(`["a","b"]`)})
	require.Empty(t, r.Labels)
	require.NotEmpty(t, r.Notes)
	// One that was not packed.
	r, _ = b.openModel("", files[1], archive.File{Name: "metadata.json", Content: []byte(`{"tmVersion":"2","labels":["x"]}`)}, files[0])
	require.Equal(t, []string{"x"}, r.Labels)
}

// deflated is an archive of one file.
func deflated(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	require.NoError(t, err)
	_, err = w.Write(content)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestOpenHostileArchives(t *testing.T) {
	b := newBench(t)
	bomb := deflated(t, "model.json", make([]byte, 64<<20))
	require.Less(t, len(bomb), 1<<20)
	e := b.engine
	e.acquire()
	e.limit = 16 << 20
	e.release()
	_, says := b.openModel(tensor.CodeMemory, archive.File{Name: "a.zip", Content: bomb})
	require.Contains(t, says, "too large")
	_, says = b.openModel(tensor.CodeFormat, archive.File{Name: "a.zip", Content: bomb[:len(bomb)/2]})
	require.Contains(t, says, "damaged")
	nested := archive.Write(archive.File{Name: "a.zip", Content: archive.Write(archive.File{Name: "a.zip", Content: []byte("x")})})
	_, says = b.openModel(tensor.CodeFormat, archive.File{Name: "a.zip", Content: nested})
	require.Contains(t, says, "no model.json")
}

// What cannot be opened is told by what it is.
func TestForeignFilesAreNamed(t *testing.T) {
	b := newBench(t)
	for says, content := range map[string][]byte{
		"HDF5":                   []byte("\x89HDF\r\n\x1a\n"),
		"TensorFlow Lite":        []byte("\x1c\x00\x00\x00TFL3..."),
		"compiled model":         []byte("\x00asm\x01\x00\x00\x00"),
		"pickle":                 []byte("\x80\x02}q\x00."),
		".keras":                 archive.Write(archive.File{Name: "config.json", Content: []byte(`{}`)}, archive.File{Name: "model.weights.h5", Content: nil}),
		"torch.save":             archive.Write(archive.File{Name: "archive/data.pkl", Content: nil}),
		"layers-model describes": []byte(`{"format":"graph-model","modelTopology":{}}`),
	} {
		_, message := b.openModel(tensor.CodeUnsupported, archive.File{Name: "file", Content: content})
		assert.Contains(t, message, says)
	}
	for says, content := range map[string]string{"has no modelTopology": ` {"layers":[]}`, "no model that can be opened": "a,b\n1,2\n"} {
		_, message := b.openModel(tensor.CodeFormat, archive.File{Name: "file", Content: []byte(content)})
		assert.Contains(t, message, says)
	}
	_, message := b.openModel(tensor.CodeFormat, archive.File{Name: "empty", Content: nil})
	assert.Contains(t, message, "the file is empty")
}

// One report lists all that is unsupported.
func TestUnsupportedIsListedAtOnce(t *testing.T) {
	b := newBench(t)
	_, message := b.openModel(tensor.CodeUnsupported, archive.File{Name: "model.json", Content: []byte(`{"format":"layers-model","modelTopology":{"class_name":"Sequential","config":{"layers":[
		{"class_name":"Dense","config":{"name":"a","units":1,"batch_input_shape":[null,2]}},
		{"class_name":"Conv9D","config":{"name":"b"}},{"class_name":"Lambda","config":{"name":"c"}}]}},"weightsManifest":[]}`)})
	assert.Contains(t, message, "b: ")
	assert.Contains(t, message, "c: ")
}

// foreignArrays is a safetensors file of another program.
func foreignArrays(header, values string) []byte {
	file := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(file, header...), values...)
}

func TestArraysOfOtherPrograms(t *testing.T) {
	b := newBench(t)
	content := foreignArrays(`{"hidden.weight":{"dtype":"F32","shape":[8,2],"data_offsets":[0,64]},"step":{"dtype":"I64","shape":[],"data_offsets":[64,72]}}`, string(make([]byte, 72)))
	r, _ := b.openModel("", archive.File{Name: "weights.safetensors", Content: content})
	require.Equal(t, FormatArrays, r.Format)
	require.Zero(t, r.Model)
	require.Equal(t, []ArrayInfo{{"hidden.weight", "F32", []int{8, 2}}, {"step", "I64", []int{}}}, r.Arrays)
	require.NotEmpty(t, r.Notes)

	var made ModelInfo
	b.call(MethodModelCreate, CreateParams{Layers: []Layer{{ClassName: "Dense", Config: []byte(`{"units":8,"inputShape":[2],"name":"hidden"}`)}}}, &made)
	before := b.digest(made.Model)
	var took LoadWeightsResult
	_, err := b.do(t.Context(), call{Method: MethodModelTake, Params: LoadWeightsParams{Model: made.Model}, Result: &took, Blobs: []Blob{file{name: "w", text: string(content)}}})
	require.NoError(t, err)
	require.Equal(t, LoadWeightsResult{[]string{"hidden/kernel"}, []string{"hidden/bias"}, []string{"step"}, []string{}}, took)
	require.NotEqual(t, before, b.digest(made.Model))
}

// The accuracy that smaller weights cost is measured on the rows of the table.
func TestSmallerWeightsAreJudged(t *testing.T) {
	b := newBench(t)
	info, _ := b.open(flowers(60), "kind")
	m, _ := b.trained(info.Table, 5)
	before := b.digest(m.Model)
	var whole, plain, small TestResult
	b.call(MethodModelTest, TestParams{Model: m.Model, Table: info.Table}, &whole)
	b.call(MethodModelTest, TestParams{Model: m.Model, Table: info.Table, Weights: "float32"}, &plain)
	require.Equal(t, whole, plain)
	b.call(MethodModelTest, TestParams{Model: m.Model, Table: info.Table, Weights: "int8"}, &small)
	require.InDelta(t, whole.Metrics["acc"], small.Metrics["acc"], 0.5)
	require.Equal(t, before, b.digest(m.Model))
	b.refused(tensor.CodeOption, MethodModelTest, TestParams{Model: m.Model, Table: info.Table, Weights: "float8"})
}

// FuzzOpen opens arbitrary files: an answer or an error within bounded memory, no panic.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"format":"layers-model","modelTopology":{"class_name":"Sequential","config":[]},"weightsManifest":[]}`), []byte("1234"))
	f.Add(foreignArrays(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "abcd"), []byte{})
	f.Add([]byte("PK\x03\x04"), []byte("PK\x05\x06"))
	f.Add([]byte{0x08, 0x08, 0x3a, 0x00}, []byte{})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		for _, files := range [][]archive.File{{{Name: "a", Content: a}}, {{Name: "model.json", Content: a}, {Name: "w.bin", Content: b}}} {
			if o, err := openFiles(files, 1<<22); err == nil {
				require.NotEmpty(t, o.format)
			}
		}
	})
}
