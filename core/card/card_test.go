package card

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// learned is a model with the log of its training.
func learned(t *testing.T, epochs int) *train.Model {
	t.Helper()
	m, err := train.New(nn.Sequential(nn.Input(2), nn.Dense(3, nn.Tanh), nn.Dense(1, nn.Sigmoid)), train.Seed(4))
	require.NoError(t, err)
	require.NoError(t, m.Compile(train.Config{Optimizer: optim.Adam{LearningRate: 0.1}, Loss: nn.BinaryCrossentropy{}}))
	x, err := tensor.From([]float32{0, 0, 0, 1, 1, 0, 1, 1}, 4, 2)
	require.NoError(t, err)
	y, err := tensor.From([]float32{0, 1, 1, 0}, 4, 1)
	require.NoError(t, err)
	_, err = m.Fit(context.Background(), x, y, train.FitConfig{Epochs: epochs, BatchSize: 2,
		Callbacks: []train.Callback{Recorder{Data: "abc", Config: "def", Epochs: epochs}.Callback()}})
	require.NoError(t, err)
	return m
}

func TestLogHangsTogether(t *testing.T) {
	m := learned(t, 3)
	require.Len(t, m.Log, 5)
	s, err := VerifyModel(m)
	require.NoError(t, err)
	require.True(t, s.Ended)
	require.Equal(t, 1, s.Runs)
	require.Equal(t, Sum(m.Log[4]), s.Head)
	require.Equal(t, "abc", s.First().Data)
	require.Equal(t, WhyComplete, s.Last().Why)
	require.Equal(t, 6, s.Last().Updates)
	v, ok := s.Lines[1].Value("loss")
	require.True(t, ok)
	require.InDelta(t, 0.7, v, 0.2)
	require.Equal(t, m.Log, learned(t, 3).Log, "equal runs have equal logs")
	require.NotEqual(t, learned(t, 4).Log[5], m.Log[4])
}

// Whatever is changed in a log is noticed.
func TestLogNoticesEveryChange(t *testing.T) {
	m := learned(t, 3)
	whole := m.Log
	with := func(change func(log []string) []string) []string { return change(append([]string{}, whole...)) }
	for name, log := range map[string][]string{
		"nothing":      {},
		"a line less":  with(func(l []string) []string { return append(l[:2], l[3:]...) }),
		"first gone":   whole[1:],
		"two swapped":  with(func(l []string) []string { l[1], l[2] = l[2], l[1]; return l }),
		"a line twice": with(func(l []string) []string { return append(l[:2], l[1:]...) }),
		"a value":      with(func(l []string) []string { l[1] = strings.Replace(l[1], `"loss":"3`, `"loss":"4`, 1); return l }),
		"no JSON":      with(func(l []string) []string { l[2] = "{"; return l }),
		"more members": with(func(l []string) []string { l[4] = strings.Replace(l[4], "{", `{"x":1,`, 1); return l }),
		"unknown kind": with(func(l []string) []string { l[4] = strings.Replace(l[4], `"end"`, `"fin"`, 1); return l }),
	} {
		_, err := Verify(log)
		require.Error(t, err, name)
	}
	// The last line has nobody behind it: the weights hold it.
	m.Log = with(func(l []string) []string {
		l[4] = strings.Replace(l[4], m.Digest()[:8], strings.Repeat("0", 8), 1)
		return l
	})
	_, err := VerifyModel(m)
	require.ErrorContains(t, err, "other weights")
	m.Log = whole[:4]
	_, err = VerifyModel(m)
	require.ErrorContains(t, err, "did not come to its end")
}

func TestValuesAreToTheBit(t *testing.T) {
	for _, v := range []float64{0, math.Copysign(0, -1), 1.0 / 3, math.MaxFloat64, math.Inf(1)} {
		l := Line{Values: map[string]string{"loss": bitsOf(v)}}
		got, ok := l.Value("loss")
		require.True(t, ok)
		require.Equal(t, math.Float64bits(v), math.Float64bits(got))
	}
	_, ok := (&Line{}).Value("loss")
	require.False(t, ok)
}

// prepared is a little of everything that a card speaks of.
func prepared() *data.Prepared {
	return &data.Prepared{
		Pipeline: &data.Pipeline{Medium: &data.Medium{Kind: data.MediumText, Shape: []int{2}},
			Output: data.Output{Name: "kind", Task: data.TaskClassification, Labels: []string{"<i>rose", "fern"}, Counts: []int{30, 3}}},
		Setup:   data.Setup{Columns: []data.ColumnSetup{{Name: "a & b", Role: data.RoleFeature, Reason: "it varies"}}, Split: data.Split{Seed: 9}},
		Train:   data.Part{Rows: make([]int, 33), X: tensor.New(33, 2), Y: tensor.New(33, 1)},
		Test:    data.Part{Rows: make([]int, 7)},
		Notices: []data.Notice{{Message: "2 rows are left out."}}, Leaks: []data.Leak{{Column: "ticket"}},
	}
}

func TestCard(t *testing.T) {
	m := learned(t, 3)
	c := Begin(m, prepared(), About{Source: "plants.csv", Fingerprint: "abc", Made: "2026-01-02T03:04:05Z", Epochs: 3, Options: []byte(`{"epochs":3}`), Licence: "CC0-1.0"})
	c.Finish(m, &Scores{Part: "test", Rows: 7, Metrics: Values(map[string]float64{"acc": 0.5, "nan": math.NaN()}), Baseline: Values(map[string]float64{"acc": 0.6}),
		Guess: "fern", Groups: []Group{{Column: "sex", Value: "f", Rows: 3, Metrics: []Value{{"acc", 1}}}}})
	require.Equal(t, m.Digest(), c.Digests.Weights)
	require.Equal(t, 3, c.Training.Done)
	require.Len(t, c.Scores.Metrics, 1)
	require.NotEmpty(t, c.Training.First)
	said := strings.Join(c.Limits, "\n")
	for _, want := range []string{"only 33 examples", "“fern” it saw only 3", "judged on only 7", "no better than always guessing", "“ticket” alone", "“f” in “sex”", "data from elsewhere"} {
		require.Contains(t, said, want)
	}
	page := c.HTML("en", nil)
	for _, want := range []string{"&lt;i&gt;rose", "a &amp; b", "it varies", "CC0-1.0", "default-src 'none'", "2 rows are left out.", m.Digest(), "sex = f"} {
		require.Contains(t, page, want)
	}
	require.NotContains(t, page, "<i>")
	require.NotContains(t, page, "<script")

	// It travels in the model's file.
	text, err := jsonText(c)
	require.NoError(t, err)
	m.Card = text
	var file strings.Builder
	require.NoError(t, m.Save(&file))
	back, err := train.Load(strings.NewReader(file.String()))
	require.NoError(t, err)
	require.Equal(t, m.Log, back.Log)
	again, err := Parse(back.Card)
	require.NoError(t, err)
	require.Equal(t, c, again)
	_, err = VerifyModel(back)
	require.NoError(t, err)
}

// A model that writes is shown by what it wrote: the last samples, and no more of one than
// people read.
func TestCardOfAModelThatWrites(t *testing.T) {
	p := prepared()
	p.Pipeline.Output = data.Output{Name: "what comes next", Task: data.TaskWriting}
	m := learned(t, 3)
	c := Begin(m, p, About{Epochs: 3})
	require.NotContains(t, c.HTML("en", nil), "What it wrote")
	for round := 1; round <= SamplesKept+2; round++ {
		c.Wrote(Sample{Round: round, Text: "<i>\n" + strings.Repeat("é", sampleBytes)})
	}
	require.Len(t, c.Written, SamplesKept)
	require.Equal(t, 3, c.Written[0].Round)
	require.Equal(t, "<i>\n"+strings.Repeat("é", sampleBytes/2-2), c.Written[0].Text)
	c.Finish(m, &Scores{Part: "validation", Rows: 200})
	require.NotContains(t, strings.Join(c.Limits, "\n"), "groups")
	require.Contains(t, c.HTML("en", nil), `<th scope="row">In round 3</th><td translate="no">&lt;i&gt;`)
	text, err := jsonText(c)
	require.NoError(t, err)
	again, err := Parse(text)
	require.NoError(t, err)
	require.Equal(t, c.Written, again.Written)
}

func TestFingerprint(t *testing.T) {
	p := prepared()
	of := func(beside ...[]byte) string {
		f, err := Fingerprint(p, nil, beside...)
		require.NoError(t, err)
		require.Len(t, f, 64)
		return f
	}
	first := of()
	require.Equal(t, first, of())
	p.Test.Rows = nil
	require.Equal(t, first, of(), "the test part reaches no weight")
	p.Train.X.Data[5] = 1
	second := of()
	require.NotEqual(t, first, second)
	require.NotEqual(t, second, of([]byte{}))
	require.NotEqual(t, of([]byte{1}, []byte{2}), of([]byte{1, 2}))
	_, err := Fingerprint(p, func() error { return context.Canceled })
	require.ErrorIs(t, err, context.Canceled)
}

func jsonText(c *Card) ([]byte, error) { return json.Marshal(c) }

func FuzzVerify(f *testing.F) {
	f.Add(`{"line":0,"kind":"begin"}`, `{"line":1,"previous":"","kind":"epoch"}`)
	f.Fuzz(func(t *testing.T, a, b string) {
		if s, err := Verify([]string{a, b}); err == nil {
			require.Equal(t, Sum(a), s.Lines[1].Previous)
		}
	})
}
