package data

import "slices"

// complete fills what a setup leaves open, checks it against the table, and returns
// the columns of the table in the setup's order, each with the kind that the setup
// gives it. Columns that the setup does not list are ignored.
func (t *Table) complete(s *Setup, p *Prepared, progress Progress) ([]*column, error) {
	if len(s.Columns) == 0 {
		full, err := t.Suggest(s.Target, nil)
		if err != nil {
			return nil, err
		}
		s.Target, s.Columns, s.Reasons, s.Notices = full.Target, full.Columns, full.Reasons, full.Notices
	}
	s.Columns = slices.Clone(s.Columns)
	if s.Split.Train == 0 && s.Split.Validation == 0 && s.Split.Test == 0 {
		seed := s.Split.Seed
		s.Split = DefaultSplit()
		s.Split.Seed = seed
	}
	if err := s.Split.check(); err != nil {
		return nil, err
	}
	columns, err := t.match(s)
	if err != nil {
		return nil, err
	}
	target := -1
	for i, c := range columns {
		cs := &s.Columns[i]
		if cs.Name == s.Target {
			cs.Role, target = RoleTarget, i
		} else if cs.Role == RoleTarget {
			return nil, optionError(cs.Name, "Both %s and %s have the role target; a model has one. Give one of them another role.", quoted(s.Target), quoted(cs.Name))
		}
		if cs.Role == RoleFeature {
			if err := t.completeFeature(c, cs, p); err != nil {
				return nil, err
			}
		}
	}
	if target < 0 {
		c, err := t.find(s.Target)
		if err != nil {
			return nil, err
		}
		s.Columns = append(s.Columns, ColumnSetup{Name: c.name, Kind: c.kind, Role: RoleTarget})
		columns, target = append(columns, c), len(columns)
	}
	if s.Task == "" {
		s.Task, s.Reasons.Task = columns[target].chooseTask()
	}
	return columns, progress.tell(0, int64(t.store.rows))
}

// match finds the column of each member of the setup, gives it a kind, and the setup a
// target.
func (t *Table) match(s *Setup) ([]*column, error) {
	byName := make(map[string]*column, len(t.columns))
	for _, c := range t.columns {
		byName[c.name] = c
	}
	columns := make([]*column, len(s.Columns))
	seen := make(map[string]bool, len(columns))
	for i := range s.Columns {
		cs := &s.Columns[i]
		c := byName[cs.Name]
		if c == nil {
			_, err := t.find(cs.Name)
			return nil, err
		}
		if seen[cs.Name] {
			return nil, optionError(cs.Name, "The setup names column %s twice.", quoted(cs.Name))
		}
		seen[cs.Name] = true
		if cs.Kind == "" {
			cs.Kind = c.kind
		}
		if cs.Role == "" {
			cs.Role = c.profile.Role
		}
		if !slices.Contains(Kinds, cs.Kind) || cs.Role != RoleFeature && cs.Role != RoleTarget && cs.Role != RoleIgnore {
			return nil, optionError(cs.Name, "Column %s: the kind must be one of %q and the role feature, target or ignore, got %q and %q.", quoted(cs.Name), Kinds, cs.Kind, cs.Role)
		}
		if cs.Role == RoleTarget && s.Target == "" {
			s.Target = cs.Name
		}
		if cs.Kind != c.kind && cs.Role != RoleIgnore {
			other := *c
			if err := t.describeAs(&other, cs.Kind, c.facts.order, nil); err != nil {
				return nil, err
			}
			c = &other
		}
		columns[i] = c
	}
	return columns, nil
}

// fits lists the encodings and policies that go with each kind, the default first.
var fits = map[Kind]struct {
	encodings []Encoding
	missing   []MissingPolicy
}{
	KindNumber:   {[]Encoding{EncodingNone}, []MissingPolicy{MissingMedian, MissingMean, MissingMode, MissingConstant, MissingDropRow, MissingFlag}},
	KindDate:     {[]Encoding{EncodingCyclic, EncodingNone}, []MissingPolicy{MissingMedian, MissingMean, MissingMode, MissingConstant, MissingDropRow, MissingFlag}},
	KindBoolean:  {[]Encoding{EncodingNone, EncodingOneHot}, []MissingPolicy{MissingMode, MissingConstant, MissingDropRow, MissingFlag}},
	KindCategory: {[]Encoding{EncodingOneHot, EncodingOrdinal}, []MissingPolicy{MissingMode, MissingConstant, MissingDropRow, MissingFlag}},
}

// completeFeature fills what is open and replaces what does not fit the kind, which
// happens when a kind was corrected after the rest was decided.
func (t *Table) completeFeature(c *column, cs *ColumnSetup, p *Prepared) error {
	known, ok := fits[cs.Kind]
	if !ok {
		return optionError(cs.Name, "Column %s is %s, which cannot be a feature. Ignore it, or make it a number, a category, a boolean or a date.", quoted(cs.Name), kindName(cs.Kind))
	}
	allEncodings := []Encoding{EncodingNone, EncodingOneHot, EncodingOrdinal, EncodingCyclic}
	if cs.Encoding != "" && !slices.Contains(allEncodings, cs.Encoding) {
		return optionError(cs.Name, "Column %s: the encoding must be one of %q, got %q.", quoted(cs.Name), allEncodings, cs.Encoding)
	}
	allMissing := fits[KindNumber].missing
	if cs.Missing != "" && !slices.Contains(allMissing, cs.Missing) {
		return optionError(cs.Name, "Column %s: the policy for missing values must be one of %q, got %q.", quoted(cs.Name), allMissing, cs.Missing)
	}
	standard := t.defaults(c)
	if !slices.Contains(known.encodings, cs.Encoding) {
		p.replaced(cs, "encoding", string(cs.Encoding), string(standard.Encoding))
		cs.Encoding = standard.Encoding
	}
	if !slices.Contains(known.missing, cs.Missing) {
		p.replaced(cs, "policy for missing values", string(cs.Missing), string(standard.Missing))
		cs.Missing = standard.Missing
	}
	switch cs.Scaling {
	case "":
		cs.Scaling = standard.Scaling
		if cs.Encoding == EncodingOrdinal {
			cs.Scaling = ScalingStandard
		}
	case ScalingStandard, ScalingMinMax, ScalingNone:
	default:
		return optionError(cs.Name, "Column %s: the scaling must be standard, minmax or none, got %q.", quoted(cs.Name), cs.Scaling)
	}
	if cs.Encoding == EncodingOneHot {
		cs.Scaling = ScalingNone
	}
	return nil
}

func (p *Prepared) replaced(cs *ColumnSetup, what, from, to string) {
	if from != "" {
		p.note(NoticeSetup, cs.Name, "Column %s is a %s, which does not go with the %s %q; %q is used instead.", quoted(cs.Name), cs.Kind, what, from, to)
	}
}
