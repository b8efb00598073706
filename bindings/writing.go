package bindings

import (
	"path"
	"strings"
	"unicode/utf8"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/data/text"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// A manuscript is a long text that is open in the engine.
type manuscript struct {
	name, text, encoding string
	prepared             *text.Manuscript // nil before writing.prepare
}

var _ medium = (*manuscript)(nil)

func (m *manuscript) kind() data.MediumKind { return data.MediumText }

func (m *manuscript) bytes() int64 {
	sum := int64(len(m.text))
	if m.prepared != nil {
		sum += 4 * int64(m.prepared.Tokens)
	}
	return sum
}

func (e *Engine) manuscript(id int) (*table, *manuscript, error) {
	t, err := e.opened(id)
	if err != nil {
		return nil, nil, err
	}
	m, ok := t.medium.(*manuscript)
	if !ok {
		return nil, nil, tensor.Errorf(tensor.CodeOption, "table %d is no text to learn to write from", id)
	}
	return t, m, nil
}

func writingOpen(j *job, p WritingParams) (any, error) {
	m := &manuscript{name: p.Name, text: p.Text, encoding: "UTF-8"}
	given := 0
	for _, is := range []bool{len(p.Files) > 0, p.Text != "", p.Sample != ""} {
		if is {
			given++
		}
	}
	var err error
	switch {
	case given != 1:
		return nil, paramsErrorf("a text is opened from one of files, text and sample, got %d of them", given)
	case p.Sample != "":
		m.text, err = text.SampleText(p.Sample)
	case len(p.Files) > 0:
		err = j.readManuscript(m, p.Files)
	}
	if err != nil {
		return nil, err
	}
	if err := j.engine.room(12*int64(len(m.text)), "this text"); err != nil {
		return nil, err
	}
	r := m.info()
	t := &table{id: j.engine.newID(), medium: m}
	j.engine.tables[t.id] = t
	r.Table = t.id
	return r, nil
}

// readManuscript puts files one behind the other.
func (j *job) readManuscript(m *manuscript, files []TextFile) error {
	skipped := &texts{}
	list, err := j.textFiles(skipped, files)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, f := range list {
		decoded, encoding, err := data.DecodeText(f.Content, j.engine.host.Decoder)
		if err != nil {
			return tensor.Errorf(tensor.CodeData, "%s: %v", path.Base(f.Name), err)
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString(decoded)
		m.encoding = encoding
		if err := j.breathe(); err != nil {
			return err
		}
	}
	if m.text = b.String(); strings.TrimSpace(m.text) == "" {
		return noTexts(skipped)
	}
	return nil
}

// shownBeginning is how many bytes of a text are shown, about.
const shownBeginning = 400

func (m *manuscript) info() WritingInfo {
	r := WritingInfo{Name: m.name, Encoding: m.encoding, Characters: utf8.RuneCountInString(m.text), Lines: 1 + strings.Count(m.text, "\n"), Bytes: int64(len(m.text)),
		Setup: text.SuggestWriting(m.text), Fingerprint: text.Fingerprint(m.text)}
	different := map[rune]bool{}
	for _, c := range m.text {
		different[c] = true
	}
	r.Different = len(different)
	at := min(len(m.text), shownBeginning)
	for at < len(m.text) && !utf8.RuneStart(m.text[at]) {
		at++
	}
	r.Beginning = strings.ToValidUTF8(m.text[:at], "\uFFFD")
	return r
}

func writingPrepare(j *job, p WritingPrepareParams) (any, error) {
	t, m, err := j.engine.manuscript(p.Table)
	if err != nil {
		return nil, err
	}
	prepared, err := text.PrepareWriting(m.name, m.text, p.Setup, j.engine.limit-j.engine.held(), j.working("prepare"))
	if err != nil {
		return nil, err
	}
	m.prepared, t.prepared, t.learn, t.encode = prepared, prepared.Prepared, train.Windows(prepared.Windows), nil
	networks := textNetworks(prepared.Networks())
	return WritingPrepareResult{Setup: prepared.Setup, Networks: networks, Vocabulary: prepared.Tokenizer.Size(), Tokens: prepared.Tokens, Prepared: PrepareResult{
		Train: len(prepared.Train.Rows), Validation: len(prepared.Validation.Rows), Features: []string{}, Pipeline: prepared.Pipeline, Setup: prepared.Prepared.Setup,
		Notices: []data.Notice{}, Leaks: []data.Leak{}, Defaults: networks[0].Train}}, nil
}

// writingWrite has a model write, and tells of it meanwhile.
func writingWrite(j *job, p WriteParams) (any, error) {
	m, err := j.engine.model(p.Model)
	if err != nil {
		return nil, err
	}
	if p.Count < 1 || p.Count > MaxWritten {
		return nil, tensor.Errorf(tensor.CodeOption, "a model writes 1 to %d tokens at once, got %d", MaxWritten, p.Count)
	}
	if p.Seed < 0 || p.Seed > MaxSeed {
		return nil, tensor.Errorf(tensor.CodeOption, "the seed must be a whole number from 0 to %d, got %d", int64(MaxSeed), p.Seed)
	}
	if err := j.engine.room(m.outputBytes(2), "writing"); err != nil {
		return nil, err
	}
	return beside(func() (any, error) { return j.write(m, p) }), nil
}

// write has a model write, with the baton. While the model is being trained it keeps the
// baton, so that all of a sample comes from the same weights; else it shares it.
func (j *job) write(m *model, p WriteParams) (any, error) {
	var all, news strings.Builder
	told := j.engine.now()
	tell := func() {
		told = j.engine.now()
		if news.Len() > 0 {
			j.engine.notify(NotifyWritten, Written{ID: j.id, Text: news.String()})
			news.Reset()
		}
	}
	err := m.train.Write(j.ctx, train.Writing{Start: p.Start, Count: p.Count, Temperature: float32(p.Temperature), Seed: uint64(p.Seed)}, func(piece string) error {
		all.WriteString(piece)
		news.WriteString(piece)
		if j.engine.now()-told >= notifyAfter {
			tell()
		}
		if m.fit == nil {
			j.engine.share()
		}
		return j.breathe()
	})
	tell()
	if err != nil {
		return nil, err
	}
	if p.Round > 0 {
		m.wrote(p.Round, all.String())
	}
	return WriteResult{all.String()}, nil
}
