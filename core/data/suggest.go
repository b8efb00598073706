package data

import "fmt"

// Suggest decides everything for one target, with reasons; "" guesses the target.
// It fails where the table has no such column or nothing that could be a target.
func (t *Table) Suggest(target string, progress Progress) (Setup, error) {
	c, reason, err := t.chooseTarget(target)
	if err != nil {
		return Setup{}, err
	}
	s := Setup{Target: c.name, Split: DefaultSplit()}
	s.Reasons.Target = reason
	s.Task, s.Reasons.Task = c.chooseTask()
	a, err := t.answer(c, s.Task, nil, func() error { return progress.tell(0, 1) })
	if err != nil {
		return Setup{}, err
	}
	s.Reasons.Split = t.splitReason(s)
	for _, col := range t.columns {
		cs := t.defaults(col)
		if col == c {
			cs.Role, cs.Reason = RoleTarget, "This is what the network is to predict."
		}
		s.Columns = append(s.Columns, cs)
	}
	return s, t.leaveOut(&s, a, progress)
}

func (t *Table) splitReason(s Setup) string {
	even := "class"
	if s.Task == TaskRegression {
		even = "range of the target"
	}
	return fmt.Sprintf("The network learns from %.0f %% of the rows, %.0f %% tell it when to stop, and %.0f %% are kept aside to judge it. Rows are drawn at random, with every %s in each part.",
		100*s.Split.Train, 100*s.Split.Validation, 100*s.Split.Test, even)
}

// Sparse columns: above the one share a column is only pointed out, above the other it is left out.
const (
	sparseShare = 0.5
	emptyShare  = 0.95
	flagShare   = 0.05 // above it, that a value is missing may itself mean something
)

// defaults decides about a column without regard to others.
func (t *Table) defaults(c *column) ColumnSetup {
	p := &c.profile
	cs := ColumnSetup{Name: c.name, Kind: c.kind, Role: p.Role, Reason: p.Reason}
	share := float64(p.Missing) / float64(t.store.rows)
	flag := share >= flagShare
	cs.Scaling, cs.Encoding, cs.Missing = ScalingNone, EncodingNone, MissingMode
	switch c.kind {
	case KindNumber:
		cs.Scaling, cs.Missing = ScalingStandard, MissingMedian
	case KindDate:
		cs.Scaling, cs.Missing, cs.Encoding = ScalingStandard, MissingMedian, EncodingCyclic
	case KindCategory:
		cs.Encoding = EncodingOneHot
	}
	if flag {
		cs.Missing = MissingFlag
	}
	if cs.Role == RoleFeature && share > emptyShare {
		cs.Role = RoleIgnore
		cs.Reason = fmt.Sprintf("Missing in %s of the rows: too few values to learn from.", percent(p.Missing, t.store.rows))
	}
	return cs
}

// leaveOut ignores features that give the target away or repeat another feature.
func (t *Table) leaveOut(s *Setup, a *answer, progress Progress) error {
	train, _, _ := s.Split.divide(a)
	var features []*column
	steps := int64(len(t.columns) + 1)
	for i, c := range t.columns {
		if err := progress.tell(int64(i), steps); err != nil {
			return err
		}
		cs := &s.Columns[i]
		if cs.Role == RoleIgnore && c.profile.Role == RoleFeature {
			s.note(NoticeSparse, c, cs.Reason)
		}
		if cs.Role != RoleFeature {
			continue
		}
		if leak, ok := t.findLeak(c, a, train); ok {
			cs.Role, cs.Leak, cs.Reason = RoleIgnore, true, leak.Reason
			s.note(NoticeLeak, c, leak.Reason)
			continue
		}
		if p := &c.profile; float64(p.Missing) > sparseShare*float64(t.store.rows) {
			s.note(NoticeSparse, c, fmt.Sprintf("Column %s is missing in %s of the rows. It is used, with a mark for where it is missing; ignore it if the gaps mean nothing.", quoted(c.name), percent(p.Missing, t.store.rows)))
		}
		features = append(features, c)
	}
	for index, reason := range t.findTwins(features) {
		cs := &s.Columns[index]
		cs.Role, cs.Reason = RoleIgnore, reason
	}
	for i, c := range t.columns { // notices in the order of the columns
		if cs := &s.Columns[i]; cs.Role == RoleIgnore && !cs.Leak && c.profile.Role == RoleFeature && float64(c.profile.Missing) <= emptyShare*float64(t.store.rows) {
			s.note(NoticeDuplicate, c, fmt.Sprintf("Column %s is left out. %s", quoted(c.name), cs.Reason))
		}
	}
	return progress.tell(steps, steps)
}

func (s *Setup) note(code string, c *column, message string) {
	s.Notices = append(s.Notices, Notice{Code: code, Column: c.name, Message: message})
}
