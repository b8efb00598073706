package data

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Categories of a one-hot column.
const (
	maxKeptApart = 1000    // the same under ColumnSetup.KeepRare
	maxOneHot    = 40      // categories that get a feature of their own
	rareRows     = 3       // a category of fewer rows of the training part is merged into Other …
	rareShare    = 0.005   // … or of a smaller share of them
	otherName    = "other" // where no category has that name already
)

// A fitter fits one input to the training part.
type fitter struct {
	t       *Table
	c       *column
	cs      *ColumnSetup
	rows    []int // of the training part
	notices *[]Notice
	tell    func() error // called every few thousand rows
}

// each calls do for every training row.
func (f *fitter) each(do func(i, row int)) error {
	for i, row := range f.rows {
		if i%tellEvery == 0 {
			if err := f.tell(); err != nil {
				return err
			}
		}
		do(i, row)
	}
	return nil
}

// fit returns the input for a column, or false where the training part has nothing to
// learn from it.
func (f *fitter) fit() (Input, bool, error) {
	in := Input{
		Name: f.c.name, Kind: f.cs.Kind, Encoding: f.cs.Encoding, Flag: f.cs.Missing == MissingFlag,
		DecimalComma: f.t.profile.Dialect.DecimalComma, Scale: 1,
	}
	if in.Kind == KindDate {
		in.DateOrder = f.c.facts.order
	}
	var ok bool
	var err error
	if in.Kind == KindNumber || in.Kind == KindDate {
		ok, err = f.fitValues(&in)
	} else {
		ok, err = f.fitWords(&in)
	}
	if err == nil && !ok {
		f.note(NoticeConstant, "Column %s has the same value, or none, in all training rows and is left out.", quoted(in.Name))
	}
	return in, ok, err
}

func (f *fitter) note(code, format string, args ...any) {
	*f.notices = append(*f.notices, Notice{Code: code, Column: f.c.name, Message: fmt.Sprintf(format, args...)})
}

// fitValues fits a number or a date. All sums run in row order.
func (f *fitter) fitValues(in *Input) (bool, error) {
	values := make([]float64, 0, len(f.rows))
	in.Integer = in.Kind == KindNumber
	err := f.each(func(i, row int) {
		if v, ok := f.value(row); ok {
			values = append(values, v)
			in.Integer = in.Integer && v == math.Trunc(v)
		}
	})
	if err != nil || len(values) == 0 {
		return false, err
	}
	in.Min, in.Max = extent(values)
	middle := median(values, in.Min, in.Max)
	mean, std := moments(values)
	in.Offset = offset(in.Kind, mean, std, in.Min, in.Max)
	fill, err := f.fill(values, mean, middle)
	if err != nil {
		return false, err
	}
	in.Fill = float32(fill - in.Offset)
	in.Default = f.format(in, middle)
	return f.scale(in)
}

// value reads a cell of the column as what a raw row could hold.
func (f *fitter) value(row int) (float64, bool) {
	v, ok := f.t.value(f.c, row)
	return v, ok && math.Abs(v) <= math.MaxFloat32
}

// extent returns the smallest and the largest of values that are not NaN.
func extent(values []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !(v > low && v < high) { // seldom: the builtins take their time
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

func moments(values []float64) (mean, std float64) {
	for _, v := range values {
		mean += v
	}
	mean /= float64(len(values))
	for _, v := range values {
		d := v - mean
		std += float64(d * d)
	}
	return mean, math.Sqrt(std / float64(len(values)))
}

// offset is what is taken off a number before it becomes a float32, where its
// differences would otherwise drown in rounding: 24 bits hold 7 digits, and a
// thousandth of the deviation should survive.
func offset(kind Kind, mean, std, low, high float64) float64 {
	const ulp = 1.0 / (1 << 24)
	largest := max(math.Abs(low), math.Abs(high))
	if kind != KindNumber || float64(largest*ulp) <= float64(std*1e-3) {
		return 0
	}
	return math.Floor(mean)
}

// fill returns the value that stands for a missing one.
func (f *fitter) fill(values []float64, mean, middle float64) (float64, error) {
	switch f.cs.Missing {
	case MissingMean:
		return mean, nil
	case MissingMode:
		return mode(slices.Sorted(slices.Values(values))), nil
	case MissingConstant:
		v, ok := f.t.parseValue(f.c, []byte(strings.TrimSpace(f.cs.Constant)))
		if !ok || math.Abs(v) > math.MaxFloat32 {
			return 0, optionError(f.c.name, "The constant for missing values of %s must be a %s, got %s.", quoted(f.c.name), f.cs.Kind, quoted(f.cs.Constant))
		}
		return v, nil
	}
	return middle, nil
}

// mode returns the commonest of sorted values, the smallest of several.
func mode(sorted []float64) float64 {
	best, bestRun, run := sorted[0], 1, 1
	for i := 1; i < len(sorted); i++ {
		if sorted[i] != sorted[i-1] {
			run = 0
		}
		if run++; run > bestRun {
			best, bestRun = sorted[i], run
		}
	}
	return best
}

// format writes a value as the form does.
func (f *fitter) format(in *Input, v float64) string {
	if in.Kind == KindDate {
		return f.dateAs(in.DateOrder, v)
	}
	s := strconv.FormatFloat(v, 'g', 6, 64)
	if in.Integer {
		s = strconv.FormatFloat(math.Floor(v+0.5), 'f', -1, 64)
	}
	if in.DecimalComma {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

func (f *fitter) dateAs(order DateOrder, days float64) string {
	year, month, day := civilFromDays(int(math.Floor(days)))
	switch order {
	case DateDMY:
		return fmt.Sprintf("%02d/%02d/%04d", day, month, year)
	case DateMDY:
		return fmt.Sprintf("%02d/%02d/%04d", month, day, year)
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

// scale sets Center and Scale from the filled raw values of the training part. It
// returns false where they are all the same.
func (f *fitter) scale(in *Input) (bool, error) {
	return f.scaleRaw(in, func(row int) (float32, bool) {
		v, ok := f.value(row)
		return float32(v - in.Offset), ok
	})
}

// scaleRaw sets Center and Scale from what read makes of the rows.
func (f *fitter) scaleRaw(in *Input, read func(row int) (float32, bool)) (bool, error) {
	raw := make([]float64, len(f.rows))
	for i := range raw {
		raw[i] = float64(in.Fill)
	}
	err := f.each(func(i, row int) {
		if x, ok := read(row); ok {
			raw[i] = float64(x)
		}
	})
	low, high := extent(raw)
	return err == nil && f.setScale(in, raw, low, high), err
}

func (f *fitter) setScale(in *Input, raw []float64, low, high float64) bool {
	if low >= high {
		// A mark for missing values may still say something.
		in.Center, in.Scale = float32(low), 1
		return in.Flag
	}
	switch f.cs.Scaling {
	case ScalingStandard:
		mean, std := moments(raw)
		in.Center, in.Scale = float32(mean), float32(1/std)
	case ScalingMinMax:
		in.Center, in.Scale = float32(low), float32(1/(high-low))
	}
	return finite(float64(in.Center), float64(in.Scale))
}
