package data

import (
	"bytes"
	"cmp"
	"math"
	"sort"
	"strconv"
	"strings"
)

// maxClasses is the largest number of classes that a target may have.
const maxClasses = 200

// An answer is the target column, read for a task.
type answer struct {
	column *column
	kind   Kind
	task   Task
	labels []string
	class  []int32   // classification, one a row: the index in labels, -1 where it is missing
	value  []float64 // regression, one a row: NaN where it is missing
	rows   []int     // the rows that have a value
	counts []int     // classification: rows of each label
}

// chooseTask decides what a target asks for, and says why.
func (c *column) chooseTask() (Task, string) {
	p := &c.profile
	switch {
	case c.kind == KindNumber && p.Integer && p.Distinct <= 10:
		return TaskClassification, "The target has only " + grouped(p.Distinct) + " different whole numbers, so they are taken as classes. If they measure an amount, choose regression."
	case c.kind == KindNumber && p.Distinct == 2:
		return TaskClassification, "The target has two different values, so the network tells them apart."
	case c.kind == KindNumber:
		return TaskRegression, "The target is a number with many different values, so the network estimates it."
	case c.kind == KindDate:
		return TaskRegression, "The target is a date, so the network estimates the day."
	}
	return TaskClassification, "The target has " + atLeast(p) + " different values, so the network tells them apart."
}

// answer reads the target column, but for the rows marked in skip (nil for none). It
// fails where there is nothing to learn.
func (t *Table) answer(c *column, task Task, skip []bool, tell func() error) (*answer, error) {
	name := quoted(c.name)
	switch {
	case c.profile.Empty:
		return nil, dataError(c.name, "The target %s has no value in any row. Choose another target.", name)
	case c.kind == KindText || c.kind == KindID:
		if c.profile.Distinct > 1 && c.profile.Distinct*2 > t.store.rows-c.profile.Missing {
			return nil, onePerRow(c)
		}
		return nil, dataError(c.name, "The target %s is %s, which cannot be predicted. Choose another target, or change its kind.", name, kindName(c.kind))
	}
	a := &answer{column: c, kind: c.kind, task: task}
	use := func(row int) (bool, error) {
		if row%tellEvery == 0 {
			if err := tell(); err != nil {
				return false, err
			}
		}
		return skip == nil || !skip[row], nil
	}
	var err error
	switch {
	case task == TaskClassification:
		err = a.readClasses(t, use)
	case task != TaskRegression:
		err = optionError(c.name, "The task must be classification or regression, got %q.", task)
	case c.kind == KindNumber || c.kind == KindDate:
		err = a.readValues(t, use)
	default:
		err = optionError(c.name, "The target %s is a %s; only a number or a date can be estimated by regression. Choose classification.", name, kindName(c.kind))
	}
	if err != nil {
		return nil, err
	}
	if len(a.rows) < 5 {
		return nil, dataError(c.name, "Only %s a value for the target %s; at least 5 are needed, better hundreds.", plural(len(a.rows), "row has", "rows have"), name)
	}
	return a, nil
}

func kindName(k Kind) string {
	switch k {
	case KindText:
		return "free text"
	case KindID:
		return "an identifier"
	}
	return string(k)
}

func onePerRow(c *column) error {
	return dataError(c.name, "The target %s has its own value in nearly every row (%s different ones), so there are no classes to learn. Choose a target whose values come again.", quoted(c.name), atLeast(&c.profile))
}

// readValues reads a target for regression.
func (a *answer) readValues(t *Table, use func(row int) (bool, error)) error {
	a.value = make([]float64, t.store.rows)
	low, high := math.Inf(1), math.Inf(-1)
	for row := range a.value {
		a.value[row] = math.NaN()
		if ok, err := use(row); err != nil {
			return err
		} else if !ok {
			continue
		}
		// Beyond 1e37 a float32 could not hold what comes out.
		if v, ok := t.value(a.column, row); ok && math.Abs(v) < 1e37 {
			a.value[row] = v
			a.rows = append(a.rows, row)
			if !(v > low && v < high) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if low >= high {
		return dataError(a.column.name, "Every row has the same value for the target %s, so there is nothing to learn. Choose another target.", quoted(a.column.name))
	}
	return nil
}

// readClasses reads a target for classification.
func (a *answer) readClasses(t *Table, use func(row int) (bool, error)) error {
	counts := make(map[string]int)
	known := make(map[string]int32) // in order of appearance
	var words []string
	a.class = make([]int32, t.store.rows)
	for row := range a.class {
		a.class[row] = -1
		if ok, err := use(row); err != nil {
			return err
		} else if !ok {
			continue
		}
		word, ok := a.word(t, row)
		if !ok {
			continue
		}
		k, seen := known[word]
		if !seen {
			k = int32(len(words))
			known[word] = k
			words = append(words, word)
		}
		counts[word]++
		a.class[row] = k
		a.rows = append(a.rows, row)
	}
	c := a.column
	switch {
	case len(words) == 1:
		return dataError(c.name, "Every row has the class %s for the target %s, so there is nothing to tell apart. Choose another target.", quoted(words[0]), quoted(c.name))
	case len(words)*2 > len(a.rows) && len(words) > 2:
		return onePerRow(c)
	case len(words) > maxClasses:
		return dataError(c.name, "The target %s has %d different classes, at most %d can be told apart. Choose another target, merge classes, or choose regression if they are numbers.", quoted(c.name), len(words), maxClasses)
	}
	a.orderLabels(counts, known)
	return nil
}

// word returns the class of a row as its label.
func (a *answer) word(t *Table, row int) (string, bool) {
	cell := t.cell(row, a.column.index)
	if isMissing(cell) {
		return "", false
	}
	switch a.kind {
	case KindNumber:
		v, ok := parseNumber(cell, t.profile.Dialect.DecimalComma)
		return strconv.FormatFloat(v+0, 'g', -1, 64), ok
	case KindBoolean:
		// TRUE and true are one class.
		if _, _, ok := booleanWord(cell); ok {
			return string(bytes.ToLower(cell)), true
		}
	}
	return string(cell), true
}

// orderLabels sorts the labels: numbers by value, no before yes, other words by
// frequency (so that the second of two is the rarer, the one that is looked for).
func (a *answer) orderLabels(counts map[string]int, known map[string]int32) {
	list := sortWords(counts)
	if a.kind != KindCategory {
		sort.SliceStable(list, func(i, j int) bool {
			x, y := list[i].word, list[j].word
			return cmp.Or(cmp.Compare(rank(x), rank(y)), strings.Compare(x, y)) < 0
		})
	}
	position := make([]int32, len(list))
	for i, w := range list {
		position[known[w.word]] = int32(i)
		a.labels = append(a.labels, w.word)
		a.counts = append(a.counts, w.count)
	}
	for row, k := range a.class {
		if k >= 0 {
			a.class[row] = position[k]
		}
	}
}

// rank gives a boolean's or a number's word its place.
func rank(word string) float64 {
	if v, ok := truth([]byte(word)); ok {
		return float64(v)
	}
	v, _ := strconv.ParseFloat(word, 64)
	return v
}
