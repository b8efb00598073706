//go:build !engine

package bindings

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/image"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/format/safetensors"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

func keptName(fingerprint string) string { return keptPrefix + fingerprint }

// setKey is where a kept set's description stands in the metadata of its file, which is
// safetensors like a model's.
const setKey = "terrarium.set"

// A setHeader describes a kept set. Readers ignore members that they do not know.
type setHeader struct {
	Format      int           `json:"format"` // 1
	MinReader   int           `json:"min_reader"`
	Fingerprint string        `json:"fingerprint"`
	Source      string        `json:"source"`
	Prepared    PrepareResult `json:"prepared"`
	Images      *image.Setup  `json:"images,omitzero"`  // of pictures: how they are augmented
	Series      *keptSeries   `json:"series,omitzero"`  // of series: what their windows are cut out of
	Writing     *keptWriting  `json:"writing,omitzero"` // of a long text: how its windows lie
}

// keptTable is the medium of a table that was opened from a kept set: there is nothing of
// it but what was encoded.
type keptTable struct {
	of      data.MediumKind
	source  string
	images  *image.Prepared
	windows *text.Windows
}

func (k *keptTable) kind() data.MediumKind { return k.of }
func (k *keptTable) bytes() int64 {
	switch {
	case k.images != nil:
		return k.images.Bytes()
	case k.windows != nil:
		return 4 * int64(len(k.windows.Tokens()))
	}
	return 0
}

// pictures are what the table learns from, if that is pictures.
func (t *table) pictures() *image.Prepared {
	switch m := t.medium.(type) {
	case *pictures:
		return m.prepared
	case *keptTable:
		return m.images
	}
	return nil
}

// fingerprint is that of what the table is learned from now. It fails with code
// unsupported where it cannot be told.
func (j *job) fingerprint(t *table) (string, error) {
	if images := t.pictures(); images != nil {
		return card.Fingerprint(t.prepared, j.breathe, jsonOf(images.Setup), images.Pixels())
	}
	if w := t.windows(); w != nil {
		return card.Fingerprint(t.prepared, j.breathe, jsonOf(w.Stride), byteView(w.Tokens()))
	}
	if t.prepared.Train.X == nil {
		return "", tensor.Errorf(tensor.CodeUnsupported, "data of this kind have no fingerprint yet")
	}
	return card.Fingerprint(t.prepared, j.breathe)
}

// An adder takes a tensor of a kept set.
type adder func(name string, d safetensors.DType, raw []byte, shape ...int)

// setFile writes what a table is learned from.
func (j *job) setFile(t *table, fingerprint, source string) ([]byte, error) {
	h := setHeader{Format: 1, MinReader: 1, Fingerprint: fingerprint, Source: source, Prepared: prepareResult(t.prepared)}
	if images := t.pictures(); images != nil {
		h.Prepared.Features, h.Prepared.Defaults = []string{}, images.Training()
	}
	f := &safetensors.File{}
	var add adder = func(name string, d safetensors.DType, raw []byte, shape ...int) {
		f.Tensors = append(f.Tensors, safetensors.Named{Name: name, DType: d, Shape: shape, Raw: raw})
	}
	size := int64(0)
	if file, ok := t.medium.(*seriesFile); ok {
		h.Series = keepSeries(file, add)
		size += file.bytes()
	} else {
		size += keepParts(t.prepared, add)
	}
	if images := t.pictures(); images != nil {
		h.Images = &images.Setup
		add("train/pixels", safetensors.U8, images.Pixels(), len(images.Pixels()))
		size += images.Bytes()
	}
	if w := t.windows(); w != nil {
		h.Writing = &keptWriting{w.Stride}
		add(keptTokens, safetensors.F32, byteView(w.Tokens()), len(w.Tokens()))
		size += 4 * int64(len(w.Tokens()))
	}
	if err := j.engine.room(2*size, "the copy of what is learned from"); err != nil {
		return nil, err
	}
	text, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	f.Metadata = map[string]string{setKey: string(text)}
	var out bytes.Buffer
	out.Grow(int(size) + len(text) + 4096)
	err = safetensors.Write(&out, f)
	return out.Bytes(), err
}

// keepParts takes the encoded parts down, and returns their bytes.
func keepParts(prepared *data.Prepared, add adder) (size int64) {
	for _, p := range []struct {
		name string
		part data.Part
	}{{"train", prepared.Train}, {"validation", prepared.Validation}, {"test", prepared.Test}} {
		for i, values := range []*tensor.Tensor{p.part.X, p.part.Y} {
			if values != nil && len(values.Data) > 0 {
				add(p.name+[]string{"/x", "/y"}[i], safetensors.F32, byteView(values.Data), values.Shape...)
				size += int64(4 * len(values.Data))
			}
		}
		rows := make([]byte, 0, 4*len(p.part.Rows))
		for _, row := range p.part.Rows {
			rows = binary.LittleEndian.AppendUint32(rows, uint32(row))
		}
		if len(rows) > 0 {
			add(p.name+"/rows", safetensors.I32, rows, len(p.part.Rows))
		}
	}
	return size
}

// openSet reads a kept set. Its fingerprint is computed anew, so that what is damaged is
// not learned from.
func (j *job) openSet(file []byte) (*table, *setHeader, error) {
	f, err := safetensors.ReadBytes(file, safetensors.Limits{})
	if err != nil {
		return nil, nil, err
	}
	h := new(setHeader)
	if f.Metadata[setKey] == "" {
		return nil, nil, badSet("the file holds no training set")
	}
	if err := json.Unmarshal([]byte(f.Metadata[setKey]), h); err != nil {
		return nil, nil, badSet("its description is damaged: %v", err)
	}
	if h.MinReader > 1 {
		return nil, nil, badSet("it needs a newer Terrarium")
	}
	open := j.openParts
	if h.Series != nil {
		open = j.openSeries
	}
	t, err := open(f, h)
	if err != nil {
		return nil, nil, err
	}
	is, err := j.fingerprint(t)
	if err != nil {
		return nil, nil, err
	}
	if is != h.Fingerprint {
		return nil, nil, badSet("its contents do not match its fingerprint")
	}
	return t, h, nil
}

// openParts makes a table of the encoded parts.
func (j *job) openParts(f *safetensors.File, h *setHeader) (*table, error) {
	pipeline := h.Prepared.Pipeline
	if err := checkPipeline(pipeline); err != nil {
		return nil, err
	}
	if writes := pipeline.Output.Task == data.TaskWriting; writes != (h.Writing != nil) || writes && h.Images != nil {
		return nil, badSet("what it describes is not what its network is for")
	}
	p := &data.Prepared{Pipeline: pipeline, Setup: h.Prepared.Setup, Notices: h.Prepared.Notices, Leaks: h.Prepared.Leaks, Baseline: h.Prepared.Baseline}
	for name, part := range map[string]*data.Part{"train": &p.Train, "validation": &p.Validation, "test": &p.Test} {
		if name == "train" && h.Writing != nil {
			continue // its rows are those of its windows
		}
		if err := readPart(f, name, pipeline, part, h.Images != nil && name == "train"); err != nil {
			return nil, err
		}
	}
	kept := &keptTable{of: "table", source: h.Source}
	t := &table{medium: kept, prepared: p}
	if pipeline.Medium != nil {
		kept.of = pipeline.Medium.Kind
	}
	if h.Images != nil {
		pixels := f.Find("train/pixels")
		if pixels == nil || pixels.DType != safetensors.U8 {
			return nil, badSet("its pictures are missing")
		}
		images, err := image.Restore(p, *h.Images, pixels.Raw)
		if err != nil {
			return nil, err
		}
		kept.images = images
		t.learn = train.Pictures(kept.images.Prepared, kept.images.Fill)
	}
	if h.Writing != nil {
		if err := openWindows(f, h, t); err != nil {
			return nil, err
		}
	}
	if len(p.Train.Rows) == 0 {
		return nil, badSet("there is nothing to learn from in it")
	}
	return t, nil
}

func badSet(format string, args ...any) error {
	return tensor.Errorf(tensor.CodeFormat, "the kept training data cannot be used: "+format, args...)
}

// checkPipeline refuses a pipeline that what reads it would stumble over.
func checkPipeline(p *data.Pipeline) error {
	if p == nil {
		return badSet("its pipeline is missing")
	}
	o := &p.Output
	switch {
	case o.Task == data.TaskWriting && (p.Medium == nil || o.Tokens < 1 || o.Steps < 1 || p.Features() != o.Steps):
		return badSet("its tokens do not belong together")
	case o.Task != data.TaskClassification && o.Task != data.TaskRegression && o.Task != data.TaskWriting:
		return badSet("its task %q is not known", o.Task)
	case o.Task == data.TaskClassification && (len(o.Labels) < 2 || len(o.Counts) != len(o.Labels)):
		return badSet("its labels do not belong together")
	case p.Features() < 1:
		return badSet("it has no features")
	}
	return nil
}

// readPart reads a part and checks its values: what is learned from is finite, and classes
// are among those there are.
func readPart(f *safetensors.File, name string, pipeline *data.Pipeline, part *data.Part, pictures bool) error {
	rows := f.Find(name + "/rows")
	if rows == nil {
		part.X, part.Y = tensor.New(append([]int{0}, pipeline.Shape()...)...), tensor.New(0, 1)
		if pictures {
			part.X = nil
		}
		return nil
	}
	if rows.DType != safetensors.I32 || len(rows.Shape) != 1 {
		return badSet("its rows have no numbers")
	}
	n := rows.Shape[0]
	for i := range n {
		part.Rows = append(part.Rows, int(binary.LittleEndian.Uint32(rows.Raw[4*i:])&math.MaxInt32))
	}
	read := func(what string, width int) (*tensor.Tensor, error) {
		named := f.Find(name + "/" + what)
		if named == nil || named.DType != safetensors.F32 {
			return nil, badSet("%s/%s is missing", name, what)
		}
		t, _, err := named.Float32()
		if err != nil {
			return nil, err
		}
		if len(t.Shape) == 0 || t.Shape[0] != n || len(t.Data) != n*width {
			return nil, badSet("%s/%s has the shape %s, for %d rows", name, what, tensor.Format(t.Shape), n)
		}
		if k := t.FirstNonFinite(); k >= 0 {
			return nil, badSet("%s/%s: value %d is no number", name, what, k)
		}
		return t, nil
	}
	var err error
	if !pictures {
		if part.X, err = read("x", pipeline.Features()); err != nil {
			return err
		}
		part.X.Shape = append([]int{n}, pipeline.Shape()...)
	}
	o := &pipeline.Output
	if part.Y, err = read("y", max(1, o.Steps)); err != nil {
		return err
	}
	if o.Task == data.TaskClassification {
		for _, v := range part.Y.Data {
			if k := int(v); float32(k) != v || k < 0 || k >= len(o.Labels) {
				return badSet("there is a class %g, of %d", v, len(o.Labels))
			}
		}
	}
	return nil
}

// setOpen opens a kept training set as a table.
func setOpen(j *job, p SetParams) (any, error) {
	var file []byte
	err := j.outside(func() (err error) {
		file, err = j.engine.host.Store.Get(keptName(p.Data))
		return err
	})
	if err != nil {
		return nil, tensor.Errorf(tensor.CodeData, "the data that this model learns from are not kept in this browser; open the same file again")
	}
	if err := j.engine.room(2*int64(len(file)), "the kept training data"); err != nil {
		return nil, err
	}
	t, h, err := j.openSet(file)
	if err != nil {
		return nil, err
	}
	if h.Fingerprint != p.Data {
		return nil, badSet("it is another one than its name says")
	}
	t.id = j.engine.newID()
	j.engine.tables[t.id] = t
	result := h.Prepared
	result.Train, result.Validation, result.Test = len(t.prepared.Train.Rows), len(t.prepared.Validation.Rows), len(t.prepared.Test.Rows)
	return SetResult{Table: t.id, Data: h.Fingerprint, Source: h.Source, Prepared: result}, nil
}
