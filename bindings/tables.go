package bindings

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A table is data that are open in the engine, perhaps prepared for learning: rows of
// columns, or a medium in their place.
type table struct {
	id       int
	data     *data.Table    // nil for a medium
	medium   medium         // nil for a table of columns
	prepared *data.Prepared // nil before table.prepare, or what does the same for a medium
	changes  *data.Changes  // of prepared, once they were asked for
	learn    train.Dataset  // what a fit learns from; nil: the training part as it is

	// encode makes the inputs of a part that has none; nil where every part has them.
	encode func(part *data.Part) (*tensor.Tensor, error)
}

// A medium is what the engine holds of pictures, texts or series.
type medium interface {
	kind() data.MediumKind
	bytes() int64 // of memory, without what was prepared
}

// bytes returns the memory that the table takes.
func (t *table) bytes() int64 {
	var sum int64
	if t.medium != nil {
		sum = t.medium.bytes()
	} else {
		sum = t.data.Profile().MemoryBytes
	}
	if p := t.prepared; p != nil {
		for _, part := range []data.Part{p.Train, p.Validation, p.Test} {
			for _, values := range []*tensor.Tensor{part.X, part.Y} {
				if values != nil {
					sum += int64(4 * len(values.Data))
				}
			}
			sum += int64(8 * len(part.Rows))
		}
	}
	return sum
}

// table returns an open table of columns.
func (e *Engine) table(id int) (*table, error) {
	t, err := e.opened(id)
	if err == nil && t.data == nil {
		err = tensor.Errorf(tensor.CodeOption, "table %d is a set of kind %q: it has no columns", id, t.medium.kind())
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// opened returns what is open under an id, whatever it is.
func (e *Engine) opened(id int) (*table, error) {
	if t := e.tables[id]; t != nil {
		return t, nil
	}
	return nil, tensor.Errorf(tensor.CodeOption, "there is no open table %d; it was closed, or belongs to an engine that has ended", id)
}

// preparedTable returns data that a model can learn from.
func (e *Engine) preparedTable(id int) (*table, error) {
	t, err := e.opened(id)
	if err == nil && t.prepared == nil {
		err = tensor.Errorf(tensor.CodeOption, "table %d is not prepared; call %s first, or what does the same for its kind", id, MethodTablePrepare)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (t *table) info() TableInfo { return TableInfo{Table: t.id, Profile: t.data.Profile()} }

func tableSamples(*job, Empty) (any, error) { return SamplesResult{data.Samples()}, nil }

func tableOpen(j *job, p OpenParams) (any, error) {
	source, o, err := j.source(p)
	if err != nil {
		return nil, err
	}
	if o.MaxBytes = min(data.DefaultMaxBytes, j.engine.limit-j.engine.held()); o.MaxBytes <= 0 {
		return nil, j.engine.room(max(o.Size, 1), "the table")
	}
	o.Progress, o.Decoder = j.working("read"), j.engine.host.Decoder
	read, err := data.ReadTable(source, o)
	if err != nil {
		return nil, err
	}
	t := &table{id: j.engine.newID(), data: read}
	j.engine.tables[t.id] = t
	return t.info(), nil
}

// source finds the text that a table is to be read from.
func (j *job) source(p OpenParams) (io.Reader, data.ReadOptions, error) {
	o := p.Options
	given := 0
	for _, is := range []bool{p.Blob != nil, p.Text != "", p.Sample != ""} {
		if is {
			given++
		}
	}
	if given > 1 {
		return nil, o, paramsErrorf("a table is opened from one of blob, text and sample, not from several")
	}
	switch {
	case p.Blob != nil:
		b, err := j.blob(*p.Blob)
		if err != nil {
			return nil, o, err
		}
		if o.Name == "" {
			o.Name = b.Name()
		}
		o.Size = b.Size()
		return &blobReader{job: j, blob: b}, o, nil
	case p.Sample != "":
		csv, err := data.Sample(p.Sample)
		if o.Name == "" {
			o.Name = p.Sample + ".csv"
		}
		o.Size = int64(len(csv))
		return bytes.NewReader(csv), o, err
	}
	o.Size = int64(len(p.Text))
	return strings.NewReader(p.Text), o, nil // an empty text too: ReadTable says what is wrong with it
}

// training returns what a fit learns from.
func (t *table) training() train.Dataset {
	if t.learn != nil {
		return t.learn
	}
	part := t.prepared.Train
	return train.Tensors([]*tensor.Tensor{part.X}, []*tensor.Tensor{part.Y})
}

// blobPiece is how many bytes of a file are fetched at once.
const blobPiece = 1 << 20

// A blobReader reads a blob from its beginning, piece by piece.
type blobReader struct {
	job    *job
	blob   Blob
	off    int64
	unread []byte
	piece  []byte
}

func (r *blobReader) Read(p []byte) (int, error) {
	if len(r.unread) == 0 {
		n := min(blobPiece, r.blob.Size()-r.off)
		if n <= 0 {
			return 0, io.EOF
		}
		if r.piece == nil {
			r.piece = make([]byte, n)
		}
		r.unread = r.piece[:n]
		if err := r.job.outside(func() error { return r.blob.ReadAt(r.unread, r.off) }); err != nil {
			return 0, err
		}
		r.off += n
	}
	n := copy(p, r.unread)
	r.unread = r.unread[n:]
	return n, nil
}

func tableProfile(j *job, p TableParams) (any, error) {
	t, err := j.engine.table(p.Table)
	if err != nil {
		return nil, err
	}
	return t.info(), nil
}

func tableRows(j *job, p RowsParams) (any, error) {
	t, err := j.engine.table(p.Table)
	if err != nil {
		return nil, err
	}
	if p.From < 0 || p.Count < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "from %d and count %d must not be negative", p.From, p.Count)
	}
	r := RowsResult{Columns: t.data.Columns(), Rows: [][]string{}, Lines: []int{}}
	for i := p.From; i < t.data.Rows() && len(r.Rows) < min(p.Count, MaxShownRows); i++ {
		row := make([]string, len(r.Columns))
		for c := range row {
			row[c] = t.data.Cell(i, c)
		}
		r.Rows = append(r.Rows, row)
		r.Lines = append(r.Lines, t.data.Line(i))
	}
	return r, nil
}

func tableKind(j *job, p KindParams) (any, error) {
	t, err := j.engine.table(p.Table)
	if err != nil {
		return nil, err
	}
	if p.Kind != "" {
		if !slices.Contains(data.Kinds, p.Kind) {
			return nil, tensor.Errorf(tensor.CodeOption, "unknown kind %q; known are %v", p.Kind, data.Kinds)
		}
		if err := t.data.SetKind(p.Column, p.Kind, j.working("read")); err != nil {
			return nil, err
		}
	}
	if p.DateOrder != "" {
		if err := t.data.SetDateOrder(p.Column, p.DateOrder, j.working("read")); err != nil {
			return nil, err
		}
	}
	return t.info(), nil
}

func tableSuggest(j *job, p SuggestParams) (any, error) {
	t, err := j.engine.table(p.Table)
	if err != nil {
		return nil, err
	}
	return t.data.Suggest(p.Target, j.working("prepare"))
}

func tablePrepare(j *job, p PrepareParams) (any, error) {
	t, err := j.engine.table(p.Table)
	if err != nil {
		return nil, err
	}
	prepared, err := t.data.Prepare(p.Setup, j.working("prepare"))
	if err != nil {
		return nil, err
	}
	t.prepared, t.changes = prepared, nil
	return prepareResult(prepared), nil
}

// prepareResult says what was prepared.
func prepareResult(p *data.Prepared) PrepareResult {
	r := PrepareResult{
		Train: len(p.Train.Rows), Validation: len(p.Validation.Rows), Test: len(p.Test.Rows),
		Features: p.Pipeline.FeatureNames(), Pipeline: p.Pipeline, Setup: p.Setup,
		Notices: p.Notices, Leaks: p.Leaks, Baseline: p.Baseline,
	}
	if p.Pipeline.Medium == nil {
		r.Defaults = data.SuggestTraining(p)
	}
	return r
}

func tableClose(j *job, p TableParams) (any, error) {
	if _, err := j.engine.opened(p.Table); err != nil {
		return nil, err
	}
	delete(j.engine.tables, p.Table)
	return Empty{}, nil
}
