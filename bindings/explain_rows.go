package bindings

import (
	"math"
	"slices"
	"sort"
	"strconv"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// judgeRows lists rows behind a score, the surest mistakes first.
func judgeRows(j *job, p JudgeRowsParams) (any, error) {
	s, err := j.study(p.JudgeParams)
	if err != nil {
		return nil, err
	}
	if p.Count < 1 || p.Count > MaxJudgedRows {
		return nil, tensor.Errorf(tensor.CodeOption, "at most %d rows are shown at once, got %d", MaxJudgedRows, p.Count)
	}
	if !s.classes() && (p.Truth != nil || p.Said != nil) {
		return nil, tensor.Errorf(tensor.CodeOption, "a regression has no classes; leave truth and said out")
	}
	return s.beside(func() (any, error) {
		said, err := s.predict()
		if err != nil {
			return nil, err
		}
		chosen, total := s.behind(said, p)
		r := JudgeRowsResult{Total: total, Rows: []JudgedRow{}}
		if s.table.data != nil {
			r.Columns = s.table.data.Columns()
		}
		for _, i := range chosen {
			r.Rows = append(r.Rows, s.judgedRow(said, i))
			if err := s.pause(int64(len(r.Rows)), int64(p.Count)); err != nil {
				return nil, err
			}
		}
		return r, nil
	}), nil
}

// behind returns which rows of the part are asked for, in order, and how many there are.
// Only so many as are listed are kept, so that no sort of all takes long.
func (s *study) behind(said *judged, p JudgeRowsParams) (chosen []int, total int) {
	var weights []float64 // of the chosen, falling
	for i, t := range said.truth {
		a, weight := said.predicted[i], 0.0
		switch {
		case !s.classes():
			weight = math.Abs(float64(a) - float64(t))
		case p.Truth == nil && p.Said == nil && t == a, p.Truth != nil && int(t) != *p.Truth, p.Said != nil && int(a) != *p.Said:
			continue
		default:
			weight = s.share(said, i)
		}
		total++
		if len(chosen) == p.Count && weight <= weights[p.Count-1] {
			continue
		}
		at := sort.Search(len(weights), func(k int) bool { return weights[k] < weight })
		chosen, weights = slices.Insert(chosen, at, i), slices.Insert(weights, at, weight)
		if len(chosen) > p.Count {
			chosen, weights = chosen[:p.Count], weights[:p.Count]
		}
	}
	return chosen, total
}

// share is the probability of what was said to a row.
func (s *study) share(said *judged, i int) float64 {
	return float64(s.pipeline.Probabilities(said.out.Row(i))[int(said.predicted[i])])
}

func (s *study) judgedRow(said *judged, i int) JudgedRow {
	row := s.part.Rows[i]
	r := JudgedRow{Row: row + 1}
	if t := s.table.data; t != nil {
		r.Line = t.Line(row)
		for c := range t.Columns() {
			r.Cells = append(r.Cells, t.Cell(row, c))
		}
	}
	o := &s.pipeline.Output
	if s.classes() {
		r.Truth, r.Said, r.Share = o.Labels[int(said.truth[i])], o.Labels[int(said.predicted[i])], s.share(said, i)
		return r
	}
	r.Truth, r.Said = targetText(o, said.truth[i]), targetText(o, said.predicted[i])
	r.Error = float64(said.predicted[i]) - float64(said.truth[i])
	return r
}

// targetText writes a value of a regression's target.
func targetText(o *data.Output, v float32) string {
	if o.Kind == data.KindDate {
		return data.FormatDate(math.Floor(float64(v)))
	}
	return strconv.FormatFloat(float64(v), 'g', 6, 32)
}
