package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Setup holds every decision between texts and a training run.
type Setup struct {
	Options Options    `json:"options"`
	Split   data.Split `json:"split"`
	Target  string     `json:"target"` // what the labels are called; "class" if empty
	Reason  string     `json:"reason"` // why these tokens, in plain language
}

// A Prepared is a set of texts ready to learn from: X of each part has shape
// [rows, Tokenizer.Length], Rows are places in the texts that were given.
type Prepared struct {
	*data.Prepared
	Tokenizer *Tokenizer
	Setup     Setup
	Between   int // texts of the validation and test parts that the training part has as well, once they are clean
}

// Bounds of labels.
const (
	maxClasses = 200
	leastRows  = 10
)

// Prepare carries a setup out: leaves out texts without a label and labels without a
// text, splits by class, trains the tokenizer on the training part alone, encodes all
// three. It fails with code "data" where there is nothing to tell apart, "option" for a
// setup that makes no sense, "memory" where the work would take more than room bytes (0:
// data.DefaultMaxBytes), and with the error of progress (nil is allowed).
func Prepare(texts, labels []string, setup Setup, room int64, progress data.Progress) (*Prepared, error) {
	if len(texts) != len(labels) {
		return nil, tensor.Errorf(tensor.CodeShape, "Every text needs a label, got %d texts and %d labels.", len(texts), len(labels))
	}
	if setup.Target == "" {
		setup.Target = "class"
	}
	if err := setup.Options.complete(); err != nil {
		return nil, err
	}
	p := &Prepared{Setup: setup, Prepared: &data.Prepared{}}
	names, class, err := p.classes(texts, labels)
	if err != nil {
		return nil, err
	}
	if err := checkMemory(texts, &setup.Options, room); err != nil {
		return nil, err
	}
	p.Train.Rows, p.Validation.Rows, p.Test.Rows, err = setup.Split.Classes(class, len(names))
	if err != nil {
		return nil, err
	}
	learned := make([]string, len(p.Train.Rows))
	for i, row := range p.Train.Rows {
		learned[i] = texts[row]
	}
	total := int64(3 * len(texts)) // texts are counted, measured, encoded
	p.Tokenizer, err = Train(learned, setup.Options, func(done, of int64) error { return tellPart(progress, done, of, 2*total/3, total) })
	if err != nil {
		return nil, err
	}
	p.Setup.Options.Length = p.Tokenizer.Length
	if err := p.encode(texts, class, progress); err != nil {
		return nil, err
	}
	p.overlap(texts)
	return p, p.describe(names, class)
}

// tellPart tells of a piece of work that is the first units of a total.
func tellPart(progress data.Progress, done, of, units, total int64) error {
	if progress == nil {
		return nil
	}
	return progress(units*done/max(of, 1), total)
}

// classes numbers the labels: the commonest first, those of one count by their bytes, so
// that the second of two is the rarer, the one that is looked for. Texts that are left
// out have the class -1.
func (p *Prepared) classes(texts, labels []string) (names []string, class []int32, err error) {
	counts := make(map[string]int)
	class = make([]int32, len(labels))
	noLabel, noText, used := 0, 0, 0
	for i, label := range labels {
		class[i] = -1
		switch {
		case strings.TrimSpace(label) == "":
			noLabel++
		case strings.TrimSpace(texts[i]) == "":
			noText++
		default:
			class[i] = 0
			counts[label]++
			used++
		}
	}
	p.note(data.NoticeTarget, noLabel, "text is", "texts are", "left out for want of a label.")
	p.note(data.NoticeDropped, noText, "label is", "labels are", "left out for want of a text.")
	for name := range counts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	switch {
	case used < leastRows:
		return nil, nil, tensor.Errorf(tensor.CodeData, "There are %d texts with a label; at least %d are needed, better 100 of each class.", used, leastRows)
	case len(names) < 2:
		return nil, nil, tensor.Errorf(tensor.CodeData, "Every text has the label %q, so there is nothing to tell apart. Give texts of another kind.", names[0])
	case len(names) > 2 && 2*len(names) > used:
		return nil, nil, tensor.Errorf(tensor.CodeData, "Nearly every text has a label of its own (%d labels for %d texts), so there is no class to learn. Choose another column as label.", len(names), used)
	case len(names) > maxClasses:
		return nil, nil, tensor.Errorf(tensor.CodeData, "There are %d different labels, at most %d can be told apart. Merge some, or choose another column as label.", len(names), maxClasses)
	}
	place := make(map[string]int32, len(names))
	for k, name := range names {
		place[name] = int32(k)
		if counts[name] < 3 {
			p.Notices = append(p.Notices, data.Notice{Code: data.NoticeRareClass, Message: fmt.Sprintf("Class %q has only %d texts. It is in the training part, but cannot be in every part, so nothing reliable can be said about it: collect more, or merge it with another class.", name, counts[name])})
		}
	}
	for i, label := range labels {
		if class[i] == 0 {
			class[i] = place[label]
		}
	}
	return names, class, nil
}

// note says what happened to n rows, if there are any.
func (p *Prepared) note(code string, n int, one, many, what string) {
	if n == 1 {
		many = one
	}
	if n > 0 {
		p.Notices = append(p.Notices, data.Notice{Code: code, Message: fmt.Sprintf("%d %s %s", n, many, what)})
	}
}

// checkMemory refuses what would take too much, before it is taken: the rows, and what
// training the tokenizer counts.
func checkMemory(texts []string, o *Options, room int64) error {
	if room <= 0 {
		room = data.DefaultMaxBytes
	}
	size, longest := int64(0), int64(1)
	for _, s := range texts {
		size += int64(len(s))
		longest = max(longest, int64(len(s)))
	}
	length := int64(o.Length)
	if length == 0 {
		length = usualLength
	}
	need := (4*(length+1)+64)*int64(len(texts)) + size + 2*longest // rows, and cleaned texts to find copies
	runs := int64(1)
	if o.Kind == KindNGrams {
		runs = int64(o.High - o.Low + 1)
	}
	if !o.Hashed {
		need += countedBytes * min(runs*size, maxCounted)
	}
	if o.Kind == KindBytePairs {
		need += 24 * min(size, maxSegments*maxSegment) // a character's place, its pair, and the segment noted there
	}
	if need > room {
		return tensor.Errorf(tensor.CodeMemory, "%d texts as %d tokens each may need %d MB, and there is room for %d MB. Choose a smaller length, or give fewer texts.", len(texts), length, (need+1<<20-1)>>20, room>>20)
	}
	return nil
}

// encode writes the rows and targets of the three parts.
func (p *Prepared) encode(texts []string, class []int32, progress data.Progress) error {
	length, total, done := p.Tokenizer.Length, int64(3*len(texts)), int64(2*len(texts))
	for _, part := range []*data.Part{&p.Train, &p.Validation, &p.Test} {
		part.X, part.Y = tensor.New(len(part.Rows), length), tensor.New(len(part.Rows), 1)
		for i, row := range part.Rows {
			if err := p.Tokenizer.Encode(part.X.Data[i*length:(i+1)*length], texts[row]); err != nil {
				return err
			}
			part.Y.Data[i] = float32(class[row])
			if done++; progress != nil && done%tellEvery == 0 {
				if err := progress(done, total); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// overlap counts what is learned from and asked for as well.
func (p *Prepared) overlap(texts []string) {
	clean := p.Tokenizer.Cleaning.Clean
	learned := make(map[string]bool, len(p.Train.Rows))
	for _, row := range p.Train.Rows {
		learned[clean(texts[row])] = true
	}
	for _, part := range []*data.Part{&p.Validation, &p.Test} {
		for _, row := range part.Rows {
			if learned[clean(texts[row])] {
				p.Between++
			}
		}
	}
	p.note(data.NoticeLeak, p.Between, "text that the model is judged by is", "texts that the model is judged by are", "among those it learns from as well, once they are clean: its score will be a little too good. Take copies out if they would not come again.")
}

// describe writes the pipeline and the baseline.
func (p *Prepared) describe(names []string, class []int32) error {
	counts := make([]int, len(names))
	for _, row := range p.Train.Rows {
		counts[class[row]]++
	}
	config, err := json.Marshal(p.Tokenizer)
	if err != nil {
		return err
	}
	p.Pipeline = &data.Pipeline{Format: data.PipelineFormat, Inputs: []data.Input{},
		Medium: &data.Medium{Kind: data.MediumText, Shape: []int{p.Tokenizer.Length}, Config: config},
		Output: data.Output{Name: p.Setup.Target, Task: data.TaskClassification, Kind: data.KindCategory, Labels: names, Counts: counts, Scale: 1}}
	p.Prepared.Setup = data.Setup{Target: p.Setup.Target, Task: data.TaskClassification, Split: p.Setup.Split, Columns: []data.ColumnSetup{}}
	common := 0
	for k, n := range counts {
		if n > counts[common] {
			common = k
		}
	}
	judged := p.Test.Rows
	if len(judged) == 0 {
		judged = p.Validation.Rows
	}
	if len(judged) == 0 {
		judged = p.Train.Rows
	}
	right := 0
	for _, row := range judged {
		if class[row] == int32(common) {
			right++
		}
	}
	p.Baseline = data.Baseline{Label: names[common], Accuracy: float64(right) / float64(len(judged))}
	return p.Pipeline.Validate()
}
