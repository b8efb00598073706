package text

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/internal/digest"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Set is texts as they came, and what was decided about them: a table with a column of
// texts and one of labels, or files. A record is a row or a file; its number, from 0, never
// changes. A Set is used by one goroutine at a time.
type Set struct {
	name    string
	table   *data.Table // nil: files
	columns []Column
	kind    string // how classes came from files
	choice  Choice
	where   []string // of files: the paths
	texts   []string
	origin  []string // labels as they came
	labels  []string // as they are called now; "" for none
	state   []State
	same    []int32 // the first record with the same clean text, -1 for none before
	clash   []bool  // the same clean text stands in another class too
	print   string
	profile Profile
}

// A Choice is what was decided about a Set. The zero value of Text and Label means the
// columns that are suggested.
type Choice struct {
	Text       string            `json:"text"`
	Label      string            `json:"label"`
	Cleaning   Cleaning          `json:"cleaning"`
	KeepCopies bool              `json:"keepCopies,omitzero"`
	Removed    []int             `json:"removed,omitzero"` // records that were taken out
	Names      map[string]string `json:"names,omitzero"`   // what labels are called now; the same name joins them, "" leaves them out
}

// A State says why a record is not learned from; StateUsed: it is.
type State string

const (
	StateUsed    State = ""
	StateNoText  State = "no-text"
	StateNoLabel State = "no-label"
	StateCopy    State = "copy" // the same text, once it is clean, came before with the same label
	StateRemoved State = "removed"
)

// FromTable makes a Set of a table, with the columns that are suggested.
func FromTable(t *data.Table, progress data.Progress) (*Set, error) {
	p := t.Profile()
	s := &Set{name: p.Name, table: t, columns: findColumns(t, &p), print: p.Fingerprint}
	return s, s.Choose(Choice{Cleaning: usualCleaning}, progress)
}

// usualCleaning is what Suggest suggests.
var usualCleaning = Cleaning{Lower: true, Width: true, Spaces: true}

// A File is one that holds a text, or with a line for each many of them.
type File struct {
	Path string
	Text string
}

// FromFiles makes a Set of files. Classes are the folders in which they lay. Files that lie
// in none are classes themselves where there are few of many lines each, every line a text;
// else their names are the classes, without the numbers at the end.
func FromFiles(name string, files []File, progress data.Progress) (*Set, error) {
	s := &Set{name: name}
	byLine := linewise(files)
	sum := digest.New()
	for _, f := range files {
		sum.Write([]byte(f.Path + "\x00" + f.Text + "\x00"))
		label, inFolder := folderOf(f.Path)
		switch {
		case inFolder:
			s.kind = "folders"
		case byLine:
			s.kind = "lines"
			label = stem(f.Path)
		default:
			s.kind = "names"
			label = strings.TrimRight(stem(f.Path), "0123456789 _-.()")
		}
		if !byLine || inFolder {
			s.add(f.Path, f.Text, label)
			continue
		}
		for line := range strings.Lines(f.Text) {
			if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
				s.add(f.Path, line, label)
			}
		}
	}
	s.print = hex.EncodeToString(sum.Sum(nil))
	return s, s.Choose(Choice{Cleaning: usualCleaning}, progress)
}

func (s *Set) add(where, text, label string) {
	s.where, s.texts, s.origin = append(s.where, where), append(s.texts, text), append(s.origin, label)
}

// linewise tells whether loose files are rather lists of texts, a line each.
func linewise(files []File) bool {
	loose, lines := 0, 0
	for _, f := range files {
		if _, in := folderOf(f.Path); !in {
			loose++
			lines += strings.Count(f.Text, "\n")
		}
	}
	return loose > 0 && loose <= 20 && lines >= 20*loose
}

// folderOf is the folder in which a file lay.
func folderOf(path string) (string, bool) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 2 || strings.TrimSpace(parts[len(parts)-2]) == "" {
		return "", false
	}
	return parts[len(parts)-2], true
}

// stem is a file's name without its ending.
func stem(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return name
}

// Choose decides anew. It fails with code "option" for columns that are not there and
// records that cannot be, and with the error of progress; the Set is then as it was.
func (s *Set) Choose(c Choice, progress data.Progress) error {
	next := *s
	if err := next.complete(&c); err != nil {
		return err
	}
	next.choice = c
	if err := next.load(s); err != nil {
		return err
	}
	if err := next.judge(progress); err != nil {
		return err
	}
	*s = next
	return nil
}

// complete fills in the columns.
func (s *Set) complete(c *Choice) error {
	if s.table == nil {
		c.Text, c.Label = "", ""
		return nil
	}
	for _, role := range []struct {
		column *string
		is     string
	}{{&c.Text, RoleText}, {&c.Label, RoleLabel}} {
		for i := range s.columns {
			if *role.column == "" && s.columns[i].Role == role.is {
				*role.column = s.columns[i].Name
			}
		}
	}
	for _, name := range []string{c.Text, c.Label} {
		if name != "" && s.column(name) < 0 {
			e := tensor.Errorf(tensor.CodeOption, "The table has no column %q.", name)
			e.Column = name
			return e
		}
	}
	if c.Text != "" && c.Text == c.Label {
		return tensor.Errorf(tensor.CodeOption, "Column %q cannot be both the texts and their classes.", c.Text)
	}
	return nil
}

func (s *Set) column(name string) int {
	return slices.IndexFunc(s.columns, func(c Column) bool { return c.Name == name })
}

// load reads the columns, where others were chosen before.
func (s *Set) load(old *Set) error {
	if s.table == nil {
		return nil
	}
	if c := s.column(s.choice.Text); old.texts == nil || old.choice.Text != s.choice.Text {
		s.texts = make([]string, s.table.Rows())
		for i := range s.texts {
			if c >= 0 {
				s.texts[i] = s.table.Cell(i, c)
			}
		}
	}
	if c := s.column(s.choice.Label); old.origin == nil || old.choice.Label != s.choice.Label {
		s.origin = make([]string, s.table.Rows())
		known := make(map[string]string) // labels repeat: one string for each
		for i := range s.origin {
			if c < 0 {
				continue
			}
			cell := s.table.Cell(i, c)
			if known[cell] == "" {
				known[cell] = cell
			}
			s.origin[i] = known[cell]
		}
	}
	return nil
}

// judge says of every record whether it is used.
func (s *Set) judge(progress data.Progress) error {
	n := len(s.texts)
	s.labels, s.state, s.same, s.clash = make([]string, n), make([]State, n), make([]int32, n), make([]bool, n)
	for _, k := range s.choice.Removed {
		if k < 0 || k >= n {
			return tensor.Errorf(tensor.CodeOption, "There is no text %d.", k)
		}
		s.state[k] = StateRemoved
	}
	s.profile = Profile{}
	tell := teller(progress, n)
	first := make(map[string]int32, n)
	for i, text := range s.texts {
		if err := tell(); err != nil {
			return err
		}
		s.same[i] = -1
		label := strings.TrimSpace(s.origin[i])
		if to, renamed := s.choice.Names[label]; renamed {
			label = strings.TrimSpace(to)
		}
		s.labels[i] = label
		clean := s.choice.Cleaning.Clean(text)
		switch {
		case s.state[i] == StateRemoved:
		case strings.TrimSpace(clean) == "":
			s.state[i] = StateNoText
		case label == "":
			s.state[i] = StateNoLabel
		default:
			s.compare(int32(i), clean, first)
		}
		s.profile.count(s, i)
	}
	s.profile.finish(s)
	return nil
}

// compare looks for an earlier record with the same clean text.
func (s *Set) compare(i int32, clean string, first map[string]int32) {
	before, known := first[clean]
	if !known {
		first[clean] = i
		return
	}
	s.same[i] = before
	if s.labels[before] != s.labels[i] {
		s.clash[before], s.clash[i] = true, true
	} else if !s.choice.KeepCopies {
		s.state[i] = StateCopy
	}
}

// Len returns how many records there are, used or not.
func (s *Set) Len() int { return len(s.texts) }

// Choice returns what was decided.
func (s *Set) Choice() Choice { return s.choice }

// Profile describes the Set.
func (s *Set) Profile() Profile { return s.profile }

// Text returns the text of a record as it came, "" where there is none.
func (s *Set) Text(n int) string {
	if n < 0 || n >= len(s.texts) {
		return ""
	}
	return s.texts[n]
}

// Bytes is about the memory that the Set takes.
func (s *Set) Bytes() int64 {
	var sum int64
	if s.table != nil {
		sum = s.table.Profile().MemoryBytes
	}
	for i := range s.texts {
		sum += int64(len(s.texts[i])) + 80
	}
	return sum
}

// used lists the records that are learned from.
func (s *Set) used() []int {
	var list []int
	for i, state := range s.state {
		if state == StateUsed {
			list = append(list, i)
		}
	}
	return list
}

// Suggest chooses tokens for the texts that are used.
func (s *Set) Suggest() Setup {
	var some []string
	size := 0
	for _, i := range s.used() {
		some = append(some, s.texts[i])
		if size += len(s.texts[i]); size > suggestBytes {
			break
		}
	}
	setup := Suggest(some)
	setup.Options.Cleaning, setup.Target = s.choice.Cleaning, s.choice.Label
	return setup
}

// Prepare is the package's Prepare of what is used. Rows of the parts are numbers of
// records; the rules of cleaning are those that were chosen for the Set.
func (s *Set) Prepare(setup Setup, room int64, progress data.Progress) (*Prepared, error) {
	rows := s.used()
	texts, labels := make([]string, len(rows)), make([]string, len(rows))
	for i, n := range rows {
		texts[i], labels[i] = s.texts[n], s.labels[n]
	}
	setup.Options.Cleaning = s.choice.Cleaning
	if setup.Target == "" {
		setup.Target = s.choice.Label
	}
	p, err := Prepare(texts, labels, setup, room, progress)
	if err != nil {
		return nil, err
	}
	for _, part := range []*data.Part{&p.Train, &p.Validation, &p.Test} {
		for i, row := range part.Rows {
			part.Rows[i] = rows[row]
		}
	}
	return p, nil
}
