package bindings

import (
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// texts are a set of texts that is open in the engine.
type texts struct {
	set      *text.Set
	prepared *text.Prepared // nil before texts.prepare
	skipped  []SkippedFile
	more     int
}

var _ medium = (*texts)(nil)

func (x *texts) kind() data.MediumKind { return data.MediumText }
func (x *texts) bytes() int64          { return x.set.Bytes() }

// maxSkipped is how many files that were skipped are listed.
const maxSkipped = 200

func (x *texts) skip(name, reason string) {
	if len(x.skipped) >= maxSkipped {
		x.more++
		return
	}
	x.skipped = append(x.skipped, SkippedFile{name, reason})
}

// texts returns an open set.
func (e *Engine) texts(id int) (*table, *texts, error) {
	t, err := e.opened(id)
	if err != nil {
		return nil, nil, err
	}
	x, ok := t.medium.(*texts)
	if !ok {
		return nil, nil, tensor.Errorf(tensor.CodeOption, "table %d is no set of texts", id)
	}
	return t, x, nil
}

func (t *table) textsInfo(x *texts) TextsInfo {
	return TextsInfo{Table: t.id, Profile: x.set.Profile(), Choice: x.set.Choice(), Setup: x.set.Suggest(), Skipped: x.skipped, More: x.more}
}

func textsSamples(*job, Empty) (any, error) { return TextSamplesResult{text.Samples()}, nil }

func textsOpen(j *job, p TextsParams) (any, error) {
	given := 0
	for _, is := range []bool{len(p.Files) > 0, p.Text != "", p.Sample != ""} {
		if is {
			given++
		}
	}
	if given > 1 {
		return nil, paramsErrorf("texts are opened from one of files, text and sample, got %d of them", given)
	}
	x := &texts{}
	var err error
	switch {
	case len(p.Files) > 0:
		err = j.openTexts(x, p)
	case p.Sample != "":
		var sample string
		if sample, err = text.SampleText(p.Sample); err == nil {
			p.Options.Name = p.Sample
			err = j.readTexts(x, strings.NewReader(sample), int64(len(sample)), p.Options)
		}
	default:
		err = j.readTexts(x, strings.NewReader(p.Text), int64(len(p.Text)), p.Options)
	}
	if err != nil {
		return nil, err
	}
	t := &table{id: j.engine.newID(), medium: x}
	j.engine.tables[t.id] = t
	return t.textsInfo(x), nil
}

// readTexts reads a table.
func (j *job) readTexts(x *texts, from io.Reader, size int64, o data.ReadOptions) error {
	o.Size = size
	if o.MaxBytes = min(data.DefaultMaxBytes, (j.engine.limit-j.engine.held())/2); o.MaxBytes <= 0 {
		return j.engine.room(max(o.Size, 1), "the texts")
	}
	o.Progress, o.Decoder = j.working("read"), j.engine.host.Decoder
	read, err := data.ReadTable(from, o)
	if err != nil {
		return err
	}
	x.set, err = text.FromTable(read, j.working("read"))
	return err
}

// openTexts reads files: one table, or many texts.
func (j *job) openTexts(x *texts, p TextsParams) error {
	name := path.Base(strings.Trim(p.Files[0].Path, "/"))
	if len(p.Files) == 1 {
		blob, err := j.blob(p.Files[0].Blob)
		if err != nil {
			return err
		}
		if name == "." {
			name = blob.Name()
		}
		head := make([]byte, min(4, blob.Size()))
		if err := j.outside(func() error { return blob.ReadAt(head, 0) }); err != nil {
			return err
		}
		if !archive.Is(head) {
			return j.openTable(x, &blobReader{job: j, blob: blob}, blob.Size(), name, p.Options)
		}
	}
	files, err := j.textFiles(x, p.Files)
	files = x.withoutNotes(files)
	switch {
	case err != nil:
		return err
	case len(files) == 0:
		return noTexts(x)
	case len(files) == 1:
		f := files[0]
		return j.openTable(x, bytes.NewReader(f.Content), int64(len(f.Content)), path.Base(f.Name), p.Options)
	}
	if folder, _, in := strings.Cut(strings.Trim(p.Files[0].Path, "/"), "/"); in {
		name = folder
	}
	decoded := make([]text.File, 0, len(files))
	for i, f := range files {
		if err := j.breathe(); err != nil {
			return err
		}
		content, _, err := data.DecodeText(f.Content, j.engine.host.Decoder)
		if err != nil {
			x.skip(f.Name, err.Error())
			continue
		}
		decoded = append(decoded, text.File{Path: f.Name, Text: content})
		files[i].Content = nil
	}
	if len(decoded) == 0 {
		return noTexts(x)
	}
	x.set, err = text.FromFiles(strings.TrimSuffix(name, ".zip"), decoded, j.working("read"))
	return err
}

// notes are names of files that come with data and say something about them.
var notes = []string{"readme", "license", "licence", "copying", "citation", "changelog", "notice"}

// withoutNotes leaves out such files, unless nothing else is there: beside the one table of
// an archive they would be a class of their own.
func (x *texts) withoutNotes(files []archive.File) []archive.File {
	isNote := func(f archive.File) bool {
		base := strings.ToLower(path.Base(f.Name))
		return slices.Contains(notes, strings.TrimSuffix(base, path.Ext(base)))
	}
	if !slices.ContainsFunc(files, func(f archive.File) bool { return !isNote(f) }) {
		return files
	}
	return slices.DeleteFunc(files, func(f archive.File) bool {
		if isNote(f) {
			x.skip(f.Name, "It says something about the data and is none of them.")
			return true
		}
		return false
	})
}

// openTable reads the one file that there is, or says why it is no table of texts.
func (j *job) openTable(x *texts, from io.Reader, size int64, name string, o data.ReadOptions) error {
	if o.Name == "" {
		o.Name = name
	}
	err := j.readTexts(x, from, size, o)
	if err == nil && len(x.set.Profile().Columns) > 1 {
		return nil
	}
	if e := (*tensor.Error)(nil); errors.As(err, &e) && e.Code != tensor.CodeData {
		return err // cancelled, or too large
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".txt", ".md", ".text":
		return tensor.Errorf(tensor.CodeData, "%s is one text alone, so there is nothing to tell apart. Give a table with a text and its class in each row, or several files, a folder for each class; or let a model learn to write like it, in step 7.", name)
	}
	if err == nil {
		err = tensor.Errorf(tensor.CodeData, "%s has a single column. A table with one column of texts and one that says what each text is can be learned from.", name)
	}
	return err
}

// noTexts says why files gave nothing.
func noTexts(x *texts) error {
	if len(x.skipped) == 0 {
		return tensor.Errorf(tensor.CodeData, "There are no texts in what you gave. Give a table (CSV or TSV), text files in folders, or a zip.")
	}
	return tensor.Errorf(tensor.CodeData, "No text could be read. %s: %s", x.skipped[0].Name, x.skipped[0].Reason)
}

// textFiles fetches files, and those within archives.
func (j *job) textFiles(x *texts, list []TextFile) (files []archive.File, err error) {
	work := j.working("read")
	var read, total, held int64
	for _, f := range list {
		b, err := j.blob(f.Blob)
		if err != nil {
			return nil, err
		}
		total += b.Size()
	}
	if err := j.engine.room(4*total, "these texts"); err != nil { // as they are, decoded, cleaned
		return nil, err
	}
	for _, f := range list {
		b, err := j.blob(f.Blob)
		if err != nil {
			return nil, err
		}
		if hidden(f.Path) {
			continue
		}
		content := make([]byte, b.Size())
		if _, err := (blobAt{j, b}).ReadAt(content, 0); err != nil {
			return nil, err
		}
		if !archive.Is(content) {
			files = append(files, archive.File{Name: f.Path, Content: content})
		} else if files, held, err = j.unpackTexts(x, f.Path, content, files, held); err != nil {
			return nil, err
		}
		read += b.Size()
		if err := work(read, total); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// unpackTexts adds what lies in an archive; held is what was unpacked so far.
func (j *job) unpackTexts(x *texts, name string, content []byte, files []archive.File, held int64) ([]archive.File, int64, error) {
	inside, err := archive.Read(content, (j.engine.limit-j.engine.held())/4-held)
	if e := (*tensor.Error)(nil); errors.As(err, &e) && e.Code != tensor.CodeMemory {
		x.skip(name, err.Error())
		return files, held, nil
	}
	if err != nil {
		return nil, 0, err
	}
	names := make([]string, len(inside))
	for i, f := range inside {
		names[i] = f.Name
	}
	data.DecodeNames(names, j.engine.host.Decoder)
	for i, f := range inside {
		f.Name = names[i]
		if !hidden(f.Name) {
			files, held = append(files, f), held+int64(len(f.Content))
		}
	}
	return files, held, j.breathe()
}

// hidden tells whether a file is none that anybody means: the systems' own notes.
func hidden(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, ".") || strings.EqualFold(base, "thumbs.db") || strings.EqualFold(base, "desktop.ini") || strings.Contains("/"+name, "/__MACOSX/")
}

func textsEdit(j *job, p TextsEditParams) (any, error) {
	t, x, err := j.engine.texts(p.Table)
	if err != nil {
		return nil, err
	}
	if err := x.set.Choose(p.Choice, j.working("read")); err != nil {
		return nil, err
	}
	return t.textsInfo(x), nil
}

func textsRows(j *job, p TextsRowsParams) (any, error) {
	_, x, err := j.engine.texts(p.Table)
	if err != nil {
		return nil, err
	}
	if len(p.Numbers) > MaxShownTexts || p.Count > MaxShownTexts || p.Count < 0 || p.From < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "at most %d texts are shown at once, from number 0 on", MaxShownTexts)
	}
	r := TextsRowsResult{Records: []text.Record{}, Total: len(p.Numbers)}
	list := p.Numbers
	if p.Numbers == nil {
		list, r.Total = x.set.Find(p.Show, p.Class, p.From, p.Count)
	}
	for _, n := range list {
		if n < 0 || n >= x.set.Len() {
			return nil, tensor.Errorf(tensor.CodeOption, "There is no text %d.", n)
		}
		r.Records = append(r.Records, x.set.Record(n))
	}
	return r, nil
}

func textsPrepare(j *job, p TextsPrepareParams) (any, error) {
	t, x, err := j.engine.texts(p.Table)
	if err != nil {
		return nil, err
	}
	prepared, err := x.set.Prepare(p.Setup, j.engine.limit-j.engine.held(), j.working("prepare"))
	if err != nil {
		return nil, err
	}
	x.prepared, t.prepared, t.learn, t.encode = prepared, prepared.Prepared, nil, nil
	r := TextsPrepareResult{Setup: prepared.Setup, Networks: textNetworks(prepared.Networks()), Between: prepared.Between, Vocabulary: prepared.Tokenizer.Size(),
		Common: commonTokens(prepared.Tokenizer), Prepared: PrepareResult{
			Train: len(prepared.Train.Rows), Validation: len(prepared.Validation.Rows), Test: len(prepared.Test.Rows), Features: []string{},
			Pipeline: prepared.Pipeline, Setup: prepared.Prepared.Setup, Notices: prepared.Notices, Leaks: []data.Leak{}, Baseline: prepared.Baseline, Defaults: prepared.Training()}}
	return r, j.measureTokens(x, &r)
}

// textNetworks writes networks as messages hold them.
func textNetworks(list []text.Network) []TextNetwork {
	out := make([]TextNetwork, len(list))
	for i, n := range list {
		out[i] = TextNetwork{n.Name, n.Title, n.Reason, []Layer{}, n.Train}
		for _, l := range n.Layers {
			out[i].Layers = append(out[i].Layers, Layer{ClassName: l.ClassName, Config: jsonOf(l.Config)})
		}
	}
	return out
}

// commonTokens lists the first tokens of a vocabulary.
func commonTokens(t *text.Tokenizer) []string {
	const some = 40
	return t.Words[:min(len(t.Words), some)]
}

// measureTokens says what the tokenizer does not know of texts that it was not made of,
// and which texts are too long.
func (j *job) measureTokens(x *texts, r *TextsPrepareResult) error {
	for k, part := range []*data.Part{&x.prepared.Train, &x.prepared.Validation, &x.prepared.Test} {
		for _, n := range part.Rows {
			count := 0
			for _, token := range x.prepared.Tokenizer.Tokens(x.set.Text(n)) {
				if count++; k == 0 {
					continue
				}
				if r.Tokens++; token.ID == text.Unknown {
					r.Unknown++
				}
			}
			if count > x.prepared.Tokenizer.Length {
				r.Cut++
			}
			if err := j.breathe(); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxTokens is how many tokens of one text are shown.
const maxTokens = 600

func textsTokens(j *job, p TextsTokensParams) (any, error) {
	_, x, err := j.engine.texts(p.Table)
	if err != nil {
		return nil, err
	}
	if x.prepared == nil {
		return nil, tensor.Errorf(tensor.CodeOption, "the texts are not prepared; call %s first", MethodTextsPrepare)
	}
	if p.Record != nil {
		p.Text = x.set.Text(*p.Record)
	}
	tokens := x.prepared.Tokenizer.Tokens(p.Text)
	r := TextsTokensResult{Text: p.Text, Clean: x.prepared.Tokenizer.Cleaning.Clean(p.Text), Total: len(tokens), Length: x.prepared.Tokenizer.Length}
	r.Tokens = tokens[:min(len(tokens), maxTokens)]
	return r, nil
}
