package image

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/json"
)

func sampleSet(t testing.TB, name string) *Set {
	t.Helper()
	s := NewSet(Options{})
	require.NoError(t, s.AddSample(name))
	return s
}

func TestSamplesAreAlwaysTheSame(t *testing.T) {
	want := map[string]string{
		"digits": "0b6717542b84885ec1796557d6eacfbca5caeeae7b2bdf078b0ef04459c104ec",
		"shapes": "4ba951337918b07c8977c8767a149050cd1840ff9cb8e36de68e8ad6b34586fa",
	}
	for _, info := range Samples() {
		s := sampleSet(t, info.Name)
		require.Equal(t, want[info.Name], s.Fingerprint(), info.Name)
		require.Equal(t, s.Fingerprint(), sampleSet(t, info.Name).Fingerprint())
		require.Contains(t, info.Description, fmt.Sprint(s.Profile().Pictures))
		require.Empty(t, s.Profile().Copies)
	}
	require.ErrorContains(t, NewSet(Options{}).AddSample("cats"), "digits and shapes")
}

func prepared(t testing.TB, s *Set, change func(*Setup)) *Prepared {
	t.Helper()
	setup := s.Suggest()
	if change != nil {
		change(&setup)
	}
	p, err := s.Prepare(setup, 0, nil)
	require.NoError(t, err)
	return p
}

func TestPrepare(t *testing.T) {
	s := sampleSet(t, "digits")
	p := prepared(t, s, func(s *Setup) { s.Augment = Augment{} })
	require.Equal(t, []int{380, 100, 120}, []int{len(p.Train.Rows), len(p.Validation.Rows), len(p.Test.Rows)})
	require.Equal(t, []int{100, 28, 28, 1}, p.Validation.X.Shape)
	require.NoError(t, p.Pipeline.Validate())
	require.Equal(t, []int{28, 28, 1}, p.Pipeline.Shape())
	require.Equal(t, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, p.Pipeline.Output.Labels)
	require.True(t, p.Config.Light)

	// What is learned from has mean 0 and deviation 1.
	rows := make([]int, len(p.Train.Rows))
	for i := range rows {
		rows[i] = i
	}
	x := make([]float32, len(rows)*784)
	p.Fill(x, rows, nil)
	var sum, squares float64
	for _, v := range x {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	n := float64(len(x))
	require.InDelta(t, 0, sum/n, 1e-4)
	require.InDelta(t, 1, squares/n, 1e-3)

	// The pipeline that is saved with the model does the same to a picture.
	text, err := json.Marshal(p.Pipeline)
	require.NoError(t, err)
	var again data.Pipeline
	require.NoError(t, json.Unmarshal(text, &again))
	c, err := Read(&again)
	require.NoError(t, err)
	picture, class, _ := s.Picture(p.Train.Rows[5])
	row := make([]float32, 784)
	c.Encode(row, picture)
	require.Equal(t, x[5*784:6*784], row)
	require.Equal(t, class, again.Output.Labels[int(p.Train.Y.Data[5])])
}

func TestPrepareRefusesNonsense(t *testing.T) {
	s := sampleSet(t, "digits")
	for what, change := range map[string]func(*Setup){
		"sides":    func(s *Setup) { s.Width = 4 },
		"channel":  func(s *Setup) { s.Channels = 2 },
		"fitted":   func(s *Setup) { s.Fit = "squeeze" },
		"rotate":   func(s *Setup) { s.Augment.Rotate = 200 },
		"cutout":   func(s *Setup) { s.Augment.Cutout = math.NaN() },
		"together": func(s *Setup) { s.Split.Train = 0.9 },
	} {
		setup := s.Suggest()
		change(&setup)
		_, err := s.Prepare(setup, 0, nil)
		require.ErrorContains(t, err, what)
	}
	_, err := s.Prepare(s.Suggest(), 1000, nil)
	require.ErrorContains(t, err, "there is room for")
	one := NewSet(Options{})
	_, err = one.Prepare(one.Suggest(), 0, nil)
	require.ErrorContains(t, err, "two classes or more")
	for i := range 6 {
		for _, class := range []string{"a", "b"} {
			_, err := one.AddPicture(grey(8, 8, make([]byte, 64)...), fmt.Sprint(i), class)
			require.NoError(t, err)
		}
	}
	p := prepared(t, one, nil)
	require.Positive(t, p.Between, "all pictures are the same")
	require.Len(t, p.Notices, 3)
}

func TestReadRefusesDamage(t *testing.T) {
	p := prepared(t, sampleSet(t, "digits"), nil).Pipeline
	good := string(p.Medium.Config)
	for _, bad := range []string{"{", `{"format":2}`, `{"format":1,"kept":128,"fit":"crop","mean":[1,2],"scale":[1,1]}`, `{"format":1,"kept":128,"fit":"x","mean":[1],"scale":[1]}`,
		`{"format":1,"kept":128,"fit":"crop","mean":[1],"scale":[0]}`, `{"format":1,"kept":0,"fit":"crop","mean":[1],"scale":[1]}`} {
		p.Medium.Config = json.RawMessage(bad)
		_, err := Read(p)
		require.ErrorContains(t, err, "damaged", bad)
	}
	p.Medium.Config, p.Medium.Shape = json.RawMessage(good), []int{28, 28}
	_, err := Read(p)
	require.Error(t, err)
	_, err = Read(&data.Pipeline{})
	require.ErrorContains(t, err, "does not take pictures")
}

func augmented(a Augment, p *Picture, seed uint64) []float32 {
	var r rand.PCG
	r.Seed(seed, 1)
	out := make([]float32, len(p.Pix))
	a.apply(out, p.Pix, p.Width, p.Height, p.Channels, &r)
	return out
}

func floatsOf(p *Picture) []float32 {
	out := make([]float32, len(p.Pix))
	for i, v := range p.Pix {
		out[i] = float32(v)
	}
	return out
}

func TestAugmentationsByThemselves(t *testing.T) {
	p := flatten(corners(10, 10))
	require.Equal(t, floatsOf(p), augmented(Augment{}, p, 1))
	mirrored, same := 0, 0
	for seed := range uint64(40) {
		got := augmented(Augment{Flip: true}, p, seed)
		switch {
		case got[0] == 255 && got[1] == 0: // red stays at the left
			same++
			require.Equal(t, floatsOf(p), got)
		default:
			mirrored++
			require.Equal(t, floatsOf(p.turned(2)), got)
		}
	}
	require.True(t, mirrored > 10 && same > 10, "%d of 40 are mirrored", mirrored)

	// A flip within a turn is the flip of the turn.
	turn90 := newMapping(10, 10, 90, 0, 0, 1, false)
	out := make([]float32, len(p.Pix))
	turn90.sample(out, p.Pix, 10, 10, 3)
	require.InDeltaSlice(t, wide(floatsOf(p.turned(6))), wide(out), 1e-3, "90° is clockwise")
	shift := newMapping(10, 10, 0, 2, 0, 1, false)
	shift.sample(out, p.Pix, 10, 10, 3)
	require.Equal(t, float32(255), out[3*6], "red goes two to the right")
	require.Equal(t, float32(0), out[3*7])
	zoom := newMapping(10, 10, 0, 0, 0, 2, true)
	zoom.sample(out, p.Pix, 10, 10, 3)
	require.Equal(t, []float32{0, 255, 0}, out[:3], "mirrored, green is at the left")

	pale := grey(2, 1, 100, 50)
	bright := augmented(Augment{Brightness: 0.5}, pale, 3)
	require.NotEqual(t, float32(100), bright[0])
	require.InDelta(t, bright[0], 2*bright[1], 1e-3, "dark and bright change by the same share")
	blot := augmented(Augment{Cutout: 0.5}, p, 4)
	changed := 0
	for i, v := range floatsOf(p) {
		if i%3 == 0 && blot[i] != v {
			changed++
		}
	}
	require.InDelta(t, 25, changed, 1)
	flat := newPicture(100, 100, 1)
	for i := range flat.Pix {
		flat.Pix[i] = 128
	}
	var squares float64
	for _, v := range augmented(Augment{Noise: 0.1}, flat, 5) {
		squares += float64(v-128) * float64(v-128)
	}
	require.InDelta(t, 25.5, math.Sqrt(squares/10_000), 0.6)
}

func wide(v []float32) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = float64(v[i])
	}
	return out
}

// The same stream gives the same pictures; another one others; the place counts too.
func TestAugmentationIsRepeatable(t *testing.T) {
	p := prepared(t, sampleSet(t, "shapes"), func(s *Setup) {
		s.Augment = Augment{true, 30, 0.1, 0.2, 0.2, 0.05, 0.3}
	})
	size := 36 * 36 * 3
	fill := func(seed uint64, rows ...int) []float32 {
		x := make([]float32, size*len(rows))
		p.Fill(x, rows, rand.NewPCG(seed, 2))
		return x
	}
	require.Equal(t, fill(1, 0, 1, 2), fill(1, 0, 1, 2))
	require.NotEqual(t, fill(1, 0)[:size], fill(2, 0)[:size])
	require.NotEqual(t, fill(1, 3), fill(1, 4))
	x := make([]float32, size*3)
	rows, stream := []int{5, 6, 7}, rand.NewPCG(1, 1)
	require.Zero(t, testing.AllocsPerRun(10, func() { p.Fill(x, rows, stream) }))
	picture, _, _ := sampleSet(t, "shapes").Picture(3)
	shown := func(seed uint64) *Picture {
		q, err := p.Setup.Augmented(picture, seed)
		require.NoError(t, err)
		return q
	}
	require.Equal(t, shown(7), shown(7))
	require.NotEqual(t, shown(7), shown(8))
	_, err := new(Setup).Augmented(picture, 1)
	require.ErrorContains(t, err, "sides of 8")
}

func TestTurn(t *testing.T) {
	for d := -400.0; d <= 400; d += 0.37 {
		cos, sin := turn(d)
		require.InDelta(t, math.Cos(d*math.Pi/180), cos, 1e-9)
		require.InDelta(t, math.Sin(d*math.Pi/180), sin, 1e-9)
	}
}

// A drawing is the same wherever and however large it was drawn.
func TestDraw(t *testing.T) {
	square := func(x, y, side int) []Stroke {
		return []Stroke{{x, y, x + side, y, x + side, y + side, x, y + side, x, y}}
	}
	a, err := Draw(square(100, 100, 400), true)
	require.NoError(t, err)
	b, err := Draw(square(500, 300, 400), true)
	require.NoError(t, err)
	c, err := Draw(square(0, 0, 800), true)
	require.NoError(t, err)
	require.True(t, a.Same(b) && a.Same(c))
	require.Equal(t, Drawn, a.Width)
	require.Equal(t, byte(0), a.Pix[0])
	require.Equal(t, byte(255), a.Pix[Drawn/7*Drawn+Drawn/2], "the upper side of the square")
	dark, err := Draw(square(100, 100, 400), false)
	require.NoError(t, err)
	for i, v := range a.Pix {
		require.InDelta(t, 255-int(v), dark.Pix[i], 1) // halves are rounded up in both
	}
	dot, err := Draw([]Stroke{{500, 500}}, true)
	require.NoError(t, err)
	require.Equal(t, byte(255), dot.Pix[Drawn/2*Drawn+Drawn/2])
	for _, bad := range [][]Stroke{nil, {{}}, {{1}}, {{-1, 0}}, {{0, 1001}}, make([]Stroke, 2000)} {
		_, err := Draw(bad, true)
		require.Error(t, err)
	}
}

func FuzzDraw(f *testing.F) {
	f.Add([]byte{0, 0, 255, 255, 9}, true)
	f.Fuzz(func(t *testing.T, b []byte, light bool) {
		strokes := []Stroke{{}}
		for i := 0; i+1 < len(b); i += 2 {
			last := &strokes[len(strokes)-1]
			*last = append(*last, int(b[i])*PadSide/255, int(b[i+1])*PadSide/255)
			if b[i]%7 == 0 {
				strokes = append(strokes, Stroke{})
			}
		}
		if p, err := Draw(strokes, light); err == nil && len(p.Pix) != Drawn*Drawn {
			t.Fatal("another size")
		}
	})
}

// The suggestions fit what they are for.
func TestSuggestions(t *testing.T) {
	p := prepared(t, sampleSet(t, "digits"), nil)
	var names []string
	for _, l := range p.Network() {
		names = append(names, l.ClassName)
	}
	require.Equal(t, []string{"Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dropout", "Dense"}, names)
	d := p.Training()
	require.Equal(t, "sparseCategoricalCrossentropy", d.Loss)
	require.Equal(t, 10, d.OutputUnits)
	require.NotEmpty(t, d.Reasons["epochs"])
	small := NewSet(Options{})
	for i := range 20 {
		_, err := small.AddPicture(newPicture(300, 200, 3), "", []string{"a", "b"}[i%2])
		require.NoError(t, err)
	}
	setup := small.Suggest()
	require.Equal(t, [3]int{48, 48, 3}, [3]int{setup.Width, setup.Height, setup.Channels})
}
