package page

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/data"
)

// A snapshot is every decision about the columns at one time. Undo goes back to one.
type snapshot struct {
	label string // what was done after it, for the undo button
	setup data.Setup
	kinds []data.Kind // of the table's columns, as the engine holds them
}

// cloned copies what the page changes. Orders of categories are replaced, never written to.
func cloned(s data.Setup) data.Setup {
	s.Columns = slices.Clone(s.Columns)
	return s
}

// carry brings the user's own decisions from one suggestion over to the next one (for
// another target, or with another kind of column): auto is what was suggested before, now
// what the user made of it, next the new suggestion. Roles follow a new target, unless
// the user had set them.
func carry(auto, now, next data.Setup) data.Setup {
	out := cloned(next)
	before := map[string][2]*data.ColumnSetup{}
	for i := range now.Columns {
		if i < len(auto.Columns) && auto.Columns[i].Name == now.Columns[i].Name {
			before[now.Columns[i].Name] = [2]*data.ColumnSetup{&auto.Columns[i], &now.Columns[i]}
		}
	}
	for i := range out.Columns {
		c := &out.Columns[i]
		pair, ok := before[c.Name]
		if !ok {
			continue
		}
		was, is := pair[0], pair[1]
		if is.Role != was.Role && is.Role != data.RoleTarget && was.Role != data.RoleTarget && c.Role != data.RoleTarget {
			c.Role = is.Role
		}
		if is.Kind != c.Kind {
			continue // policies of another kind mean nothing here
		}
		if is.Missing != was.Missing || is.Constant != was.Constant {
			c.Missing, c.Constant = is.Missing, is.Constant
		}
		if is.Encoding != was.Encoding {
			c.Encoding = is.Encoding
		}
		if is.Scaling != was.Scaling {
			c.Scaling = is.Scaling
		}
		if is.KeepRare != was.KeepRare {
			c.KeepRare = is.KeepRare
		}
		if !slices.Equal(is.Order, was.Order) {
			c.Order = is.Order
		}
	}
	return out
}

// changed tells whether the user decided anything about a column other than was suggested.
func changed(auto, now *data.ColumnSetup) bool {
	return auto.Role != now.Role || auto.Missing != now.Missing || auto.Constant != now.Constant ||
		auto.Encoding != now.Encoding || auto.Scaling != now.Scaling || auto.KeepRare != now.KeepRare || !slices.Equal(auto.Order, now.Order)
}

// missingChoices lists the policies that fit a kind.
func missingChoices(k data.Kind) []choice {
	drop := choice{string(data.MissingDropRow), "leave the row out"}
	fixed := choice{string(data.MissingConstant), "a value you give"}
	mode := choice{string(data.MissingMode), "the commonest value"}
	if k == data.KindNumber || k == data.KindDate {
		return []choice{{string(data.MissingMedian), "the median"}, {string(data.MissingMean), "the mean"},
			{string(data.MissingFlag), "the median, and a mark"}, mode, fixed, drop}
	}
	return []choice{{string(data.MissingFlag), "a value of its own"}, mode, fixed, drop}
}

// encodingChoices lists the encodings that fit a kind.
func encodingChoices(k data.Kind) []choice {
	none := choice{string(data.EncodingNone), "one number"}
	onehot := choice{string(data.EncodingOneHot), "a yes/no a value (one-hot)"}
	switch k {
	case data.KindNumber:
		return []choice{none}
	case data.KindDate:
		return []choice{none, {string(data.EncodingCyclic), "day, season and weekday"}}
	case data.KindBoolean:
		return []choice{none, onehot}
	}
	return []choice{onehot, {string(data.EncodingOrdinal), "a number, in order (ordinal)"}}
}

var scalingChoices = []choice{
	{string(data.ScalingStandard), "standard (mean 0, dev. 1)"},
	{string(data.ScalingMinMax), "min-max (0 to 1)"},
	{string(data.ScalingNone), "as it is"},
}

// scales tells whether a column has a number to scale.
func scales(c *data.ColumnSetup) bool {
	return c.Encoding != data.EncodingOneHot
}

var kindLabels = map[data.Kind]string{
	data.KindNumber: "number", data.KindCategory: "category", data.KindBoolean: "yes / no",
	data.KindDate: "date", data.KindText: "text", data.KindID: "id",
}

func kindChoices() []choice {
	var out []choice
	for _, k := range data.Kinds {
		out = append(out, choice{string(k), kindLabels[k]})
	}
	return out
}

var roleChoices = []choice{
	{string(data.RoleFeature), "learn (feature)"}, {string(data.RoleTarget), "predict (target)"}, {string(data.RoleIgnore), "ignore"},
}
