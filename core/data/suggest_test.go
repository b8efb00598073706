package data

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// roles returns the columns of each role.
func roles(s Setup) map[Role][]string {
	out := make(map[Role][]string)
	for _, c := range s.Columns {
		out[c.Role] = append(out[c.Role], c.Name)
	}
	return out
}

// survey is a table with honest features and every sort of column that should be left out.
func survey(rows int) string {
	rng := rand.New(rand.NewPCG(5, 6))
	classes := []string{"First", "Second", "Third"}
	return repeat("id,answer,size,size_inch,grade,class,who,adult,town,strong,constant,empty,comment,echo,late_code", rows, func(i int) string {
		yes := rng.IntN(5) < 2
		size := rng.Float64() * 100
		grade := 1 + rng.IntN(3)
		who := []string{"man", "woman", "child"}[rng.IntN(3)]
		strong := yes != (rng.IntN(20) == 0) // right in 95 %
		echo, late := "stayed", rng.Float64()
		if yes {
			echo, late = "went", 5+rng.Float64()
		}
		return fmt.Sprintf("%d,%s,%.3f,%.3f,%d,%s,%s,%v,town %d,%v,same,,some words %d of %d,%s,%.3f", i+1, yesNo(yes), size, size/2.54, grade,
			classes[grade-1], who, who != "child", rng.IntN(60), strong, i, rng.IntN(9999), echo, late)
	})
}

func TestSuggest(t *testing.T) {
	table := read(t, survey(500))
	s, err := table.Suggest("answer", nil)
	require.NoError(t, err)
	require.Equal(t, TaskClassification, s.Task)
	require.Equal(t, map[Role][]string{
		RoleTarget:  {"answer"},
		RoleFeature: {"size", "grade", "who", "town", "strong"},
		RoleIgnore:  {"id", "size_inch", "class", "adult", "constant", "empty", "comment", "echo", "late_code"},
	}, roles(s))
	for _, c := range s.Columns {
		require.NotEmpty(t, c.Reason, c.Name)
		require.Equal(t, c.Name == "echo" || c.Name == "late_code", c.Leak, c.Name)
	}
	require.Equal(t, "echo", requireNotice(t, s.Notices, NoticeLeak, "gives the target “answer” away", "100 %").Column)
	require.Equal(t, "size_inch", requireNotice(t, s.Notices, NoticeDuplicate, "“size” on another scale").Column)
	require.NotEmpty(t, s.Reasons.Target)
	require.NotEmpty(t, s.Reasons.Task)
	require.NotEmpty(t, s.Reasons.Split)
	again, err := table.Suggest("answer", nil)
	require.NoError(t, err)
	require.Equal(t, s, again)
}

// A column that says the same as the target in a small table is found too, and chance
// is not taken for a leak.
func TestLeaksInSmallTables(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	table := read(t, repeat("x,same,guess,many,target", 40, func(i int) string {
		k := i % 2
		guess := k
		if i == 11 {
			guess = 1 - k
		}
		return fmt.Sprintf("%.2f,%c,%d,w%d,%c", rng.Float64(), "pq"[k], guess, i/2, "ab"[k])
	}))
	s, err := table.Suggest("target", nil)
	require.NoError(t, err)
	for _, c := range s.Columns {
		require.Equal(t, c.Name == "same", c.Leak, c.Name)
	}
	// Ten rows prove nothing.
	table = read(t, repeat("same,target", 10, func(i int) string { return fmt.Sprintf("%c,%c", "pq"[i%2], "ab"[i%2]) }))
	s, err = table.Suggest("target", nil)
	require.NoError(t, err)
	require.False(t, s.Columns[0].Leak)
}

// Noise with many values, and an imbalanced target, are no leaks.
func TestHonestColumnsAreNoLeaks(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	table := read(t, repeat("noise,words,few,rare", 1000, func(i int) string {
		rare := "no"
		if i%250 == 0 {
			rare = "yes"
		}
		return fmt.Sprintf("%.5f,w%d,%d,%s", rng.Float64(), rng.IntN(400), rng.IntN(3), rare)
	}))
	s, err := table.Suggest("rare", nil)
	require.NoError(t, err)
	for _, c := range s.Columns {
		require.False(t, c.Leak, c.Name)
	}
}

func TestLeaksOfRegression(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	table := read(t, repeat("honest,net,inverse,band,gross", 300, func(i int) string {
		gross := 10 + rng.Float64()*90
		return fmt.Sprintf("%.3f,%.2f,%.6f,b%d,%.2f", gross+rng.Float64()*20, gross/1.19, 1000/gross, int(gross/10), gross)
	}))
	s, err := table.Suggest("gross", nil)
	require.NoError(t, err)
	require.Equal(t, TaskRegression, s.Task)
	for _, c := range s.Columns {
		require.Equal(t, c.Name == "net" || c.Name == "inverse", c.Leak, "%s: %s", c.Name, c.Reason)
	}
	requireNotice(t, s.Notices, NoticeLeak, "R² 1.0")
}

func TestSparseColumns(t *testing.T) {
	table := read(t, repeat("sparse,nearly,x,y", 200, func(i int) string {
		sparse, nearly := "", ""
		if i%4 == 0 {
			sparse = fmt.Sprint(i * 37 % 91)
		}
		if i%50 == 0 {
			nearly = fmt.Sprint(i * 37 % 91)
		}
		return fmt.Sprintf("%s,%s,%d,%c", sparse, nearly, i*i%23, 'a'+i%2)
	}))
	s, err := table.Suggest("y", nil)
	require.NoError(t, err)
	require.Equal(t, RoleFeature, s.Columns[0].Role)
	require.Equal(t, MissingFlag, s.Columns[0].Missing)
	require.Equal(t, RoleIgnore, s.Columns[1].Role)
	require.Contains(t, s.Columns[1].Reason, "too few values")
	require.Len(t, s.Notices, 2)
	requireNotice(t, s.Notices, NoticeSparse, "75 %")
}

func TestTasks(t *testing.T) {
	table := read(t, repeat("few,many,two,day,word", 100, func(i int) string {
		return fmt.Sprintf("%d,%d,%v,2024-01-%02d,%c", i%7, i*13%97, 0.5+float64(i%2)/4, 1+i%28, 'a'+i%4)
	}))
	for target, want := range map[string]Task{"few": TaskClassification, "many": TaskRegression, "two": TaskClassification, "day": TaskRegression, "word": TaskClassification} {
		s, err := table.Suggest(target, nil)
		require.NoError(t, err)
		require.Equal(t, want, s.Task, target)
	}
}

func TestGuessTarget(t *testing.T) {
	for text, want := range map[string]string{
		"a,species,c": "species", "a,b,c": "c", "a,b,Outcome": "Outcome", "survived,b,c": "survived", "y,b,c": "y",
	} {
		table := read(t, repeat(text, 30, func(i int) string { return fmt.Sprintf("%d,%d,%d", i%2, i%3, i%4) }))
		require.Equal(t, want, table.Profile().Target)
		s, err := table.Suggest("", nil)
		require.NoError(t, err)
		require.Equal(t, want, s.Target)
		require.Contains(t, s.Reasons.Target, "guess")
	}
	table := read(t, repeat("a,b", 30, func(i int) string { return fmt.Sprintf("%d,same", i) }))
	_, err := table.Suggest("", nil)
	requireError(t, err, "data", 0, "No column can be a target")
}

func TestSuggestCancels(t *testing.T) {
	table := read(t, survey(100))
	stop := errors.New("stop")
	for at := 1; ; at += 4 {
		n := 0
		_, err := table.Suggest("answer", func(int64, int64) error {
			if n++; n == at {
				return stop
			}
			return nil
		})
		if err == nil {
			require.Greater(t, at, 10)
			return
		}
		require.ErrorIs(t, err, stop)
	}
}

func TestBadTargets(t *testing.T) {
	table := read(t, repeat("x,one,each,empty,words,nearly,few", 40, func(i int) string {
		few := ""
		if i < 3 {
			few = "ab"[i%2 : i%2+1]
		}
		return fmt.Sprintf("%d,same,k%d,,some words %d here,p%d,%s", i%9, i, i, i/2*2+i%40/39, few)
	}))
	for target, parts := range map[string][]string{
		"one":     {"Every row has the class “same”", "Choose another target"},
		"each":    {"its own value in nearly every row", "40"},
		"words":   {"its own value in nearly every row"},
		"empty":   {"no value in any row"},
		"few":     {"Only 3 rows have a value", "at least 5"},
		"unknown": {"no column “unknown”"},
	} {
		_, err := table.Suggest(target, nil)
		code := "data"
		if target == "unknown" {
			code = "option"
		}
		requireError(t, err, code, 0, parts...)
		_, err = table.Prepare(Setup{Target: target}, nil)
		requireError(t, err, code, 0, parts...)
	}
	constant := read(t, repeat("x,y", 40, func(i int) string { return fmt.Sprintf("%d,1.5", i%9) }))
	_, err := constant.Prepare(Setup{Target: "y", Task: TaskRegression}, nil)
	requireError(t, err, "data", 0, "the same value")
	many := read(t, repeat("x,y", 900, func(i int) string { return fmt.Sprintf("%d,%d", i%9, i%300) }))
	_, err = many.Prepare(Setup{Target: "y", Task: TaskClassification}, nil)
	requireError(t, err, "data", 0, "300 different classes", "at most 200")
	// A category of which each row has its own.
	own := read(t, repeat("x,y", 12, func(i int) string { return fmt.Sprintf("%d,%c", i%5, 'a'+i) }))
	_, err = own.Suggest("y", nil)
	requireError(t, err, "data", 0, "its own value in nearly every row")
}
