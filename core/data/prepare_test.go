package data

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

func prepare(t *testing.T, table *Table, s Setup) *Prepared {
	t.Helper()
	p, err := table.Prepare(s, nil)
	require.NoError(t, err)
	require.NoError(t, p.Pipeline.Validate())
	for _, part := range []Part{p.Train, p.Validation, p.Test} {
		require.Equal(t, []int{len(part.Rows), p.Pipeline.Features()}, part.X.Shape)
		require.Equal(t, []int{len(part.Rows), 1}, part.Y.Shape)
		require.Equal(t, -1, part.X.FirstNonFinite())
		require.Equal(t, -1, part.Y.FirstNonFinite())
	}
	require.Len(t, p.Pipeline.FeatureNames(), p.Pipeline.Features())
	return p
}

// zoo has every kind of feature, with gaps.
func zoo(rows int) string {
	rng := rand.New(rand.NewPCG(21, 22))
	gap := func(s string) string {
		if rng.IntN(8) == 0 {
			return ""
		}
		return s
	}
	return repeat("weight,legs,colour,tame,born,kind", rows, func(i int) string {
		k := rng.IntN(3)
		return fmt.Sprintf("%s,%d,%s,%s,%s,%s", gap(fmt.Sprintf("%.2f", float64(k)*3+rng.Float64())), 2+2*rng.IntN(2),
			gap([]string{"red", "green", "blue", "pink"}[min(3, rng.IntN(4)*rng.IntN(2)+rng.IntN(2))]), gap(yesNo(rng.IntN(2) == 0)),
			gap(fmt.Sprintf("%d-%02d-%02d", 2019+rng.IntN(4), 1+rng.IntN(12), 1+rng.IntN(28))), []string{"cat", "dog", "owl"}[k])
	})
}

func TestPrepare(t *testing.T) {
	table := read(t, zoo(400))
	s, err := table.Suggest("kind", nil)
	require.NoError(t, err)
	p := prepare(t, table, s)
	require.Equal(t, []string{
		"weight", "weight is missing", "legs", "colour = red", "colour = green", "colour = pink", "colour = blue", "colour is missing",
		"tame", "tame is missing", "born", "born in the year", "born in the year (a quarter on)", "born in the week", "born in the week (a quarter on)", "born is missing",
	}, p.Pipeline.FeatureNames())
	require.Len(t, p.Pipeline.Output.Labels, 3)
	require.Equal(t, 3, p.Pipeline.Output.Units())
	require.Empty(t, p.Leaks)
	require.Equal(t, len(p.Train.Rows), p.Pipeline.Output.Counts[0]+p.Pipeline.Output.Counts[1]+p.Pipeline.Output.Counts[2])
	// Scaled on the training part: mean 0, deviation 1.
	for _, col := range []int{0, 2, 10} {
		var values []float64
		for i := range p.Train.Rows {
			values = append(values, float64(p.Train.X.Row(i)[col]))
		}
		mean, std := moments(values)
		require.InDelta(t, 0, mean, 1e-6)
		require.InDelta(t, 1, std, 1e-6)
	}
	// What the form reads from a row's text is what training saw.
	for i, row := range p.Test.Rows {
		values := make(map[string]string)
		for j, name := range table.Columns() {
			if name != "kind" {
				values[name] = table.Cell(row, j)
			}
		}
		raw, err := p.Pipeline.ParseRow(values)
		require.NoError(t, err)
		x := make([]float32, p.Pipeline.Features())
		p.Pipeline.Encode(x, raw)
		require.Equal(t, p.Test.X.Row(i), x)
		direct, err := p.Pipeline.RawRow(table, row)
		require.NoError(t, err)
		for k := range raw {
			require.Equal(t, math.Float32bits(raw[k]), math.Float32bits(direct[k]))
		}
		require.Equal(t, table.Cell(row, 5), p.Pipeline.Output.Labels[int(p.Test.Y.Data[i])])
	}
	all, err := p.Pipeline.EncodeTable(table, nil)
	require.NoError(t, err)
	require.Equal(t, p.Train.X.Row(0), all.Row(p.Train.Rows[0]))
}

// Nothing outside the training part may reach the pipeline.
func TestPrepareFitsOnTrainingOnly(t *testing.T) {
	text := []byte(zoo(300))
	table := read(t, string(text))
	s, err := table.Suggest("kind", nil)
	require.NoError(t, err)
	p := prepare(t, table, s)
	// Rewrite the weights and colours of all other rows.
	other := repeat("weight,legs,colour,tame,born,kind", table.Rows(), func(i int) string {
		weight, colour := table.Cell(i, 0), table.Cell(i, 2)
		for _, part := range []Part{p.Validation, p.Test} {
			for _, row := range part.Rows {
				if row == i {
					weight, colour = "-99", "violet"
				}
			}
		}
		return fmt.Sprintf("%s,%s,%s,%s,%s,%s", weight, table.Cell(i, 1), colour, table.Cell(i, 3), table.Cell(i, 4), table.Cell(i, 5))
	})
	changed := prepare(t, read(t, other), s)
	require.Equal(t, p.Pipeline, changed.Pipeline)
	require.Equal(t, p.Train.X.Bits(), changed.Train.X.Bits())
}

func TestPrepareRegression(t *testing.T) {
	table := read(t, repeat("x,y", 200, func(i int) string { return fmt.Sprintf("%d,%.2f", i*7%50, 1000+float64(i*37%211)) }))
	s, err := table.Suggest("y", nil)
	require.NoError(t, err)
	p := prepare(t, table, s)
	o := p.Pipeline.Output
	require.Equal(t, TaskRegression, o.Task)
	require.Equal(t, 1, o.Units())
	for i, row := range p.Test.Rows {
		out := []float32{p.Test.Y.Data[i]}
		p.Pipeline.Decode(out)
		want, _ := parseNumber(table.cell(row, 1), false)
		require.InDelta(t, want, float64(out[0]), 1e-3)
	}
	require.InDelta(t, 1105, p.Baseline.Value, 8)
	require.InDelta(t, 61, p.Baseline.RMSE, 8)
	require.InDelta(t, 52, p.Baseline.MAE, 8)
	require.Nil(t, p.Pipeline.Probabilities([]float32{1}))
}

func TestPrepareBinary(t *testing.T) {
	table := read(t, repeat("x,y", 100, func(i int) string { return fmt.Sprintf("%d,%s", i*7%50, []string{"ham", "ham", "ham", "spam"}[i%4]) }))
	p := prepare(t, table, Setup{Target: "y"})
	require.Equal(t, []string{"ham", "spam"}, p.Pipeline.Output.Labels)
	require.Equal(t, 1, p.Pipeline.Output.Units())
	require.Equal(t, Baseline{Label: "ham", Accuracy: 0.75}, p.Baseline)
	require.Equal(t, []float32{0.25, 0.75}, p.Pipeline.Probabilities([]float32{0.75}))
	require.Equal(t, 1, p.Pipeline.Label([]float32{0.5}))
	require.Equal(t, 0, p.Pipeline.Label([]float32{0.25}))
	require.Equal(t, 2, p.Pipeline.Label([]float32{0.2, 0.3, 0.5}))
	out := []float32{0.5}
	p.Pipeline.Decode(out)
	require.Equal(t, []float32{0.5}, out)

	// Labels of numbers and booleans are in their natural order.
	table = read(t, repeat("x,n,b,m", 100, func(i int) string {
		return fmt.Sprintf("%d,%d,%s,%s", i*7%50, []int{10, 9, 9}[i%3], []string{"TRUE", "true", "False"}[i%3], []string{"Yes", "No"}[i%2])
	}))
	require.Equal(t, []string{"9", "10"}, prepare(t, table, Setup{Target: "n"}).Pipeline.Output.Labels)
	require.Equal(t, []string{"false", "true"}, prepare(t, table, Setup{Target: "b"}).Pipeline.Output.Labels)
	require.Equal(t, []string{"no", "yes"}, prepare(t, table, Setup{Target: "m"}).Pipeline.Output.Labels)
}

func TestPrepareDropsRows(t *testing.T) {
	table := read(t, repeat("x,z,y", 100, func(i int) string {
		x, z, y := fmt.Sprint(i%17), fmt.Sprint(i%13), []string{"a", "b"}[i%2]
		switch i % 10 {
		case 0:
			y = ""
		case 1:
			x = "NA"
		}
		return x + "," + z + "," + y
	}))
	p := prepare(t, table, Setup{Target: "y", Columns: []ColumnSetup{{Name: "x", Missing: MissingDropRow}, {Name: "z"}}})
	require.Equal(t, 80, len(p.Train.Rows)+len(p.Validation.Rows)+len(p.Test.Rows))
	requireNotice(t, p.Notices, NoticeTarget, "10 rows are left out")
	requireNotice(t, p.Notices, NoticeDropped, "10 rows are left out because “x”")
	require.Equal(t, RoleTarget, p.Setup.Columns[2].Role)

	rare := read(t, repeat("x,y", 100, func(i int) string {
		return fmt.Sprintf("%d,%s", i%17, []string{"a", "b", "rare"}[min(i%2+max(0, i-98), 2)])
	}))
	p = prepare(t, rare, Setup{Target: "y"})
	requireNotice(t, p.Notices, NoticeRareClass, "“rare” has only 1 row")
}

func TestPrepareChecksTheSetup(t *testing.T) {
	table := read(t, zoo(60))
	for name, c := range map[string]struct {
		setup Setup
		part  string
	}{
		"unknown column":   {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "wings"}}}, "no column “wings”"},
		"unknown target":   {Setup{Target: "wings", Columns: []ColumnSetup{{Name: "legs"}}}, "no column “wings”"},
		"twice":            {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "legs"}, {Name: "legs"}}}, "twice"},
		"two targets":      {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "legs", Role: RoleTarget}, {Name: "kind"}}}, "have the role target"},
		"unknown kind":     {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "legs", Kind: "limb"}}}, "kind must be"},
		"unknown role":     {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "legs", Role: "hero"}}}, "role"},
		"unknown encoding": {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "legs", Encoding: "hash"}}}, "encoding must be"},
		"unknown missing":  {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "legs", Missing: "guess"}}}, "missing values must be"},
		"unknown scaling":  {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "legs", Scaling: "log"}}}, "scaling must be"},
		"unknown task":     {Setup{Target: "kind", Task: "clustering"}, "classification or regression"},
		"words regression": {Setup{Target: "kind", Task: TaskRegression}, "Choose classification"},
		"text feature":     {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "colour", Kind: KindText, Role: RoleFeature}}}, "cannot be a feature"},
		"bad constant":     {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "weight", Missing: MissingConstant, Constant: "x"}}}, "must be a number, got “x”"},
		"bad category":     {Setup{Target: "kind", Columns: []ColumnSetup{{Name: "colour", Missing: MissingConstant, Constant: "x"}}}, "must be one of"},
		"bad split":        {Setup{Target: "kind", Split: Split{Train: 2, Test: -1}}, "shares"},
	} {
		_, err := table.Prepare(c.setup, nil)
		requireError(t, err, "option", 0, c.part)
		require.NotNil(t, err, name)
	}
	_, err := table.Prepare(Setup{Target: "kind", Columns: []ColumnSetup{{Name: "kind"}, {Name: "legs", Role: RoleIgnore}}}, nil)
	requireError(t, err, "data", 0, "No column is left")
	sure := read(t, repeat("x,y", 90, func(i int) string { return []string{"l,low", "m,middle", "h,high"}[i*7%9/3] }))
	_, err = sure.Prepare(Setup{Target: "y"}, nil)
	requireError(t, err, "data", 0, "No column is left", "“x”", "gives the answer away", "role feature")
	_, err = table.Prepare(Setup{Target: "kind", Columns: []ColumnSetup{{Name: "colour", Kind: KindNumber}}}, nil)
	requireError(t, err, "data", 0, "can be read as a number")

	// What does not go with a corrected kind is replaced, with a notice.
	s := Setup{Columns: []ColumnSetup{
		{Name: "kind", Role: RoleTarget},
		{Name: "legs", Kind: KindCategory, Encoding: EncodingNone, Missing: MissingMedian},
	}}
	p := prepare(t, table, s)
	require.Equal(t, []string{"legs = 4", "legs = 2"}, p.Pipeline.FeatureNames())
	requireNotice(t, p.Notices, NoticeSetup, "does not go with the encoding")
	require.Equal(t, EncodingNone, s.Columns[1].Encoding) // the caller's setup stays as it was
}

func TestPrepareCancelsAndRefuses(t *testing.T) {
	table := read(t, zoo(200))
	stop := errors.New("stop")
	for at := 1; ; at++ {
		n := 0
		_, err := table.Prepare(Setup{Target: "kind"}, func(done, total int64) error {
			require.LessOrEqual(t, done, total)
			if n++; n == at {
				return stop
			}
			return nil
		})
		if err == nil {
			require.Greater(t, at, 8)
			break
		}
		require.ErrorIs(t, err, stop)
	}
	table.maxBytes = table.store.memory() + 1000
	_, err := table.Prepare(Setup{Target: "kind"}, nil)
	requireError(t, err, tensor.CodeMemory, 0, "200 rows", "features")
}

// A feature that the user insists on is used, and reported as a leak.
func TestPrepareReportsLeaks(t *testing.T) {
	table := read(t, survey(300))
	s, err := table.Suggest("answer", nil)
	require.NoError(t, err)
	require.Empty(t, prepare(t, table, s).Leaks)
	for i := range s.Columns {
		if s.Columns[i].Name == "echo" {
			s.Columns[i].Role = RoleFeature
		}
	}
	leaks := prepare(t, table, s).Leaks
	require.Len(t, leaks, 1)
	require.Equal(t, "echo", leaks[0].Column)
	require.Equal(t, 1.0, leaks[0].Score)
}
