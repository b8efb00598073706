package data

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// only prepares a table with one feature, set as given, all rows for training.
func only(t *testing.T, table *Table, target string, c ColumnSetup) (*Prepared, *Input) {
	t.Helper()
	c.Role = RoleFeature
	p := prepare(t, table, Setup{Target: target, Columns: []ColumnSetup{c}, Split: Split{Train: 1}})
	return p, &p.Pipeline.Inputs[0]
}

// features encodes one raw value.
func features(p *Prepared, raw float32) []float32 {
	x := make([]float32, p.Pipeline.Features())
	p.Pipeline.Encode(x, []float32{raw})
	return x
}

func TestMissingPolicies(t *testing.T) {
	cells := []string{"1", "2", "", "2", "10", "NA", "6", "1"}
	table := read(t, repeat("x,y", 40, func(i int) string { return fmt.Sprintf("%s,%d", cells[i%8], i%2) }))
	for _, c := range []struct {
		policy   MissingPolicy
		constant string
		fill     float32
	}{
		{MissingMedian, "", 2}, {MissingMean, "", 22.0 / 6}, {MissingMode, "", 1}, {MissingConstant, " 7.5 ", 7.5}, {MissingFlag, "", 2},
	} {
		p, in := only(t, table, "y", ColumnSetup{Name: "x", Missing: c.policy, Constant: c.constant, Scaling: ScalingNone})
		require.Equal(t, c.fill, in.Fill, c.policy)
		require.Equal(t, []float64{1, 10}, []float64{in.Min, in.Max})
		require.Equal(t, "2", in.Default)
		if c.policy == MissingFlag {
			require.Equal(t, []float32{2, 1}, features(p, notANumber))
			require.Equal(t, []float32{3, 0}, features(p, 3))
		} else {
			require.Equal(t, []float32{c.fill}, features(p, notANumber))
		}
	}
	p, _ := only(t, table, "y", ColumnSetup{Name: "x", Missing: MissingDropRow})
	require.Len(t, p.Train.Rows, 30)
}

func TestScalings(t *testing.T) {
	table := read(t, repeat("x,y", 40, func(i int) string { return fmt.Sprintf("%d,%d", 10*(i%5), i/2%2) }))
	p, in := only(t, table, "y", ColumnSetup{Name: "x", Scaling: ScalingMinMax})
	require.Equal(t, []float32{0, 0.025}, []float32{in.Center, in.Scale})
	require.Equal(t, []float32{1}, features(p, 40))
	_, in = only(t, table, "y", ColumnSetup{Name: "x", Scaling: ScalingStandard})
	require.Equal(t, float32(20), in.Center)
	require.InDelta(t, 1/math.Sqrt(200), float64(in.Scale), 1e-8)
	_, in = only(t, table, "y", ColumnSetup{Name: "x", Scaling: ScalingNone})
	require.Equal(t, []float32{0, 1}, []float32{in.Center, in.Scale})
}

// Numbers whose differences float32 would lose keep them.
func TestOffset(t *testing.T) {
	table := read(t, repeat("time,y", 60, func(i int) string { return fmt.Sprintf("%d,%d", 1_700_000_000+i*i, i/2%2) }))
	p, in := only(t, table, "y", ColumnSetup{Name: "time", Kind: KindNumber})
	require.Greater(t, in.Offset, 1.69e9)
	require.Equal(t, math.Floor(in.Offset), in.Offset)
	row, err := p.Pipeline.ParseRow(map[string]string{"time": "1700000001"})
	require.NoError(t, err)
	other, err := p.Pipeline.ParseRow(map[string]string{"time": "1700000002"})
	require.NoError(t, err)
	require.Equal(t, float32(1), other[0]-row[0])
	table = read(t, repeat("x,y", 60, func(i int) string { return fmt.Sprintf("%d,%d", 1000+i, i/2%2) }))
	_, in = only(t, table, "y", ColumnSetup{Name: "x", Kind: KindNumber})
	require.Zero(t, in.Offset)
}

func TestOneHot(t *testing.T) {
	words := []string{"a", "b", "a", "c", "b", "a", "", "rare"}
	table := read(t, repeat("w,y", 160, func(i int) string {
		w := words[i%7]
		if i == 50 || i == 99 {
			w = words[7] + fmt.Sprint(i)
		}
		return w + "," + fmt.Sprint(i%2)
	}))
	p, in := only(t, table, "y", ColumnSetup{Name: "w", Kind: KindCategory, Missing: MissingMode})
	require.Equal(t, []string{"a", "b", "c", "other"}, in.Categories)
	require.Equal(t, "other", in.Other)
	requireNotice(t, p.Notices, NoticeOther, "2 categories are too rare")
	require.Equal(t, []float32{1, 0, 0, 0}, features(p, notANumber))
	require.Equal(t, []float32{0, 0, 1, 0}, features(p, 2))
	for _, odd := range []float32{-1, 4, 1.5, float32(math.Inf(1)), 1e30} {
		require.Equal(t, []float32{0, 0, 0, 0}, features(p, odd))
	}
	for text, want := range map[string]float32{"a": 0, "B": 1, "new": 3, " c ": 2} {
		row, err := p.Pipeline.ParseRow(map[string]string{"w": text})
		require.NoError(t, err)
		require.Equal(t, want, row[0], text)
	}
	p, _ = only(t, table, "y", ColumnSetup{Name: "w", Kind: KindCategory, Missing: MissingFlag})
	require.Equal(t, []float32{0, 0, 0, 0, 1}, features(p, notANumber))
	require.Equal(t, []float32{0, 1, 0, 0, 0}, features(p, 1))
	_, in = only(t, table, "y", ColumnSetup{Name: "w", Kind: KindCategory, Missing: MissingConstant, Constant: "c"})
	require.Equal(t, float32(2), in.Fill)

	// Very many categories are capped; the file's own word for others is used.
	table = read(t, repeat("w,y", 600, func(i int) string {
		w := fmt.Sprintf("w%d", i%50)
		if i%3 == 0 {
			w = "other"
		}
		return w + "," + fmt.Sprint(i%2)
	}))
	_, in = only(t, table, "y", ColumnSetup{Name: "w", Kind: KindCategory})
	require.Len(t, in.Categories, maxOneHot)
	require.Equal(t, "other", in.Categories[0])
	require.Equal(t, "other", in.Other)
}

func TestOrdinal(t *testing.T) {
	words := []string{"low", "high", "mid", ""}
	table := read(t, repeat("w,n,y", 60, func(i int) string { return fmt.Sprintf("%s,%d,%d", words[i%4], []int{9, 10, 8}[i%3], i/2%2) }))
	p, in := only(t, table, "y", ColumnSetup{Name: "w", Encoding: EncodingOrdinal, Order: []string{"low", "mid", "high"}, Scaling: ScalingNone, Missing: MissingMode})
	require.Equal(t, []string{"low", "mid", "high"}, in.Categories)
	require.Equal(t, []float32{2}, features(p, 2))
	require.Equal(t, features(p, in.Fill), features(p, notANumber))
	row, err := p.Pipeline.ParseRow(map[string]string{"w": "unheard of"})
	require.NoError(t, err)
	require.True(t, row[0] != row[0])
	_, in = only(t, table, "y", ColumnSetup{Name: "w", Encoding: EncodingOrdinal})
	require.Equal(t, []string{"high", "low", "mid"}, in.Categories)
	require.NotEqual(t, float32(1), in.Scale)
	_, in = only(t, table, "y", ColumnSetup{Name: "n", Kind: KindCategory, Encoding: EncodingOrdinal, Scaling: ScalingMinMax})
	require.Equal(t, []string{"8", "9", "10"}, in.Categories)
	require.Equal(t, float32(0.5), in.Scale)
}

func TestBooleans(t *testing.T) {
	words := []string{"True", "FALSE", "false", "true", "True", ""}
	table := read(t, repeat("b,z,y", 60, func(i int) string { return fmt.Sprintf("%s,%d,%d", words[i%6], i%2, i/2%2) }))
	p, in := only(t, table, "y", ColumnSetup{Name: "b", Missing: MissingMode})
	require.Equal(t, []string{"FALSE", "True"}, in.Categories)
	require.Equal(t, []float32{1}, features(p, 1))
	require.Equal(t, []float32{1}, features(p, notANumber))
	for text, want := range map[string]float32{"true": 1, "TRUE": 1, "false": 0, "yes": 1, "0": 0, "1": 1} {
		row, err := p.Pipeline.ParseRow(map[string]string{"b": text})
		require.NoError(t, err)
		require.Equal(t, want, row[0], text)
	}
	_, in = only(t, table, "y", ColumnSetup{Name: "z"})
	require.Equal(t, []string{"0", "1"}, in.Categories)
	p, _ = only(t, table, "y", ColumnSetup{Name: "z", Encoding: EncodingOneHot})
	require.Equal(t, []float32{0, 1}, features(p, 1))
	// Any two words can be a boolean; three cannot.
	table = read(t, repeat("w,v,y", 60, func(i int) string { return fmt.Sprintf("%c,%c,%d", "pq"[i%2], "abc"[i%3], i/2%2) }))
	_, in = only(t, table, "y", ColumnSetup{Name: "w", Kind: KindBoolean})
	require.Equal(t, []string{"p", "q"}, in.Categories)
	_, err := table.Prepare(Setup{Target: "y", Columns: []ColumnSetup{{Name: "v", Kind: KindBoolean}}}, nil)
	requireError(t, err, "data", 0, "a boolean has two")
}

func TestDates(t *testing.T) {
	table := read(t, repeat("d,y", 60, func(i int) string { return fmt.Sprintf("%d/%d/2023,%d", 1+i%12, 1+i%28, i/2%2) }))
	p, in := only(t, table, "y", ColumnSetup{Name: "d"})
	require.Equal(t, DateMDY, in.DateOrder)
	require.Equal(t, 5, p.Pipeline.Features())
	row, err := p.Pipeline.ParseRow(map[string]string{"d": "12/31/2023"})
	require.NoError(t, err)
	require.Equal(t, float32(19722), row[0])
	_, err = p.Pipeline.ParseRow(map[string]string{"d": "31/12/2023"})
	requireError(t, err, "data", 0, "needs a date such as "+in.Default)
	back, ok := parseDate([]byte(in.Default), DateMDY)
	require.True(t, ok, in.Default)
	require.LessOrEqual(t, in.Min, back)

	// The wave comes back after a year and a week, without a jump at the turn.
	for day := float32(19000); day < 20000; day++ {
		y, z := cycle(day, yearDays)
		w, v := cycle(day, weekDays)
		for _, wave := range []float32{y, z, w, v} {
			require.LessOrEqual(t, wave, float32(1))
			require.GreaterOrEqual(t, wave, float32(-1))
		}
		next, _ := cycle(day+1, yearDays)
		require.InDelta(t, float64(y), float64(next), 4/365.0+1e-3)
		again, _ := cycle(day+7, weekDays)
		require.InDelta(t, float64(w), float64(again), 1e-2)
	}
	p, _ = only(t, table, "y", ColumnSetup{Name: "d", Encoding: EncodingNone, Missing: MissingConstant, Constant: "1/1/1970", Scaling: ScalingNone})
	require.Equal(t, []float32{0}, features(p, notANumber))
	// A date as target is a number of days.
	require.NoError(t, table.SetDateOrder("d", DateMDY, nil))
	q := prepare(t, table, Setup{Target: "d", Columns: []ColumnSetup{{Name: "y"}}})
	require.Equal(t, TaskRegression, q.Pipeline.Output.Task)
	_, err = (&fitter{t: table, c: table.columns[0], cs: &ColumnSetup{}}).fill(nil, 0, 0)
	require.NoError(t, err)
	f := &fitter{}
	require.Equal(t, "31/12/2023", f.dateAs(DateDMY, 19722.5))
	require.Equal(t, "2023-12-31", f.dateAs(DateYMD, 19722))
}

func TestUselessInTraining(t *testing.T) {
	// Only one row outside of what will be the training part differs.
	table := read(t, repeat("x,w,e,z,y", 100, func(i int) string {
		x, w, e := "5", "a", ""
		if i == 0 {
			x, w, e = "6", "b", "1"
		}
		return fmt.Sprintf("%s,%s,%s,%d,%d", x, w, e, i%7, i%2)
	}))
	s := Setup{Target: "y", Columns: []ColumnSetup{{Name: "x", Role: RoleFeature}, {Name: "w", Role: RoleFeature}, {Name: "e", Role: RoleFeature, Missing: MissingMedian}, {Name: "z"}}, Split: DefaultSplit()}
	for {
		p := prepare(t, table, s)
		if p.Test.Rows[0] != 0 && p.Validation.Rows[0] != 0 {
			s.Split.Seed++
			continue
		}
		require.Equal(t, []string{"z"}, p.Pipeline.InputNames())
		requireNotice(t, p.Notices, NoticeConstant, "“x” has the same value")
		require.Equal(t, RoleIgnore, p.Setup.Columns[0].Role)
		return
	}
}

// Values beyond float32 do not reach the features.
func TestHugeValues(t *testing.T) {
	table := read(t, repeat("x,z,y", 60, func(i int) string {
		x := fmt.Sprint(i % 9)
		if i%10 == 0 {
			x = "1e300"
		}
		return fmt.Sprintf("%s,%de36,%d", x, i%5, i/2%2)
	}))
	p := prepare(t, table, Setup{Target: "y", Columns: []ColumnSetup{{Name: "x"}, {Name: "z"}}})
	require.Equal(t, 8.0, p.Pipeline.Inputs[0].Max)
	_, err := p.Pipeline.ParseRow(map[string]string{"x": "1e300"})
	requireError(t, err, "data", 0, "needs a number such as")
}
