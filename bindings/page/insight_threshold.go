package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/terrarium-ml/terrarium/bindings"
)

// A thresholdPart shows what other thresholds would give, and what mistakes cost.
type thresholdPart struct {
	in     *insight
	q      *inquiry
	at     int         // of bindings.ThresholdSteps
	costs  [2]string   // of a false alarm and of a miss, as typed
	test   *thresholds // of the test rows
	choose *thresholds // of the validation rows, on which the cheapest one is chosen
	own    bool        // choose is of the test rows, as there are no validation rows
	used   bool        // the model was given this one just now
}

// thresholds are the counts of bindings.TwoClasses.
type thresholds struct {
	positives, negatives float64
	found, wrong         []float64 // positives and negatives taken, by step
	roc, pr              [2][]float64
}

// A quad is a confusion matrix of two classes.
type quad struct{ found, missed, alarms, rejected float64 }

func (t *thresholds) at(k int) quad {
	return quad{t.found[k], t.positives - t.found[k], t.wrong[k], t.negatives - t.wrong[k]}
}

func (c quad) rows() float64 { return c.found + c.missed + c.alarms + c.rejected }

// cost is that of an average row.
func (c quad) cost(alarm, miss float64) float64 {
	return (c.alarms*alarm + c.missed*miss) / max(c.rows(), 1)
}

func (s *thresholdPart) init(in *insight) {
	s.in, s.costs = in, [2]string{"1", "1"}
	s.q = newInquiry(in.app.hub, "threshold", "Working out the thresholds", in.drawn(s))
	in.app.on("threshold.move", func(act Action) {
		if v, ok := read(act.Value); ok {
			s.set(int(math.Round(v * 10)))
		}
	})
	in.app.on("threshold.type", func(act Action) {
		if v, ok := read(act.Value); ok && v > 0 && v < 1 {
			s.set(int(math.Round(v * bindings.ThresholdSteps)))
		}
	})
	in.app.on("threshold.cost", func(act Action) {
		if i, err := strconv.Atoi(act.Arg); err == nil && i < len(s.costs) {
			s.costs[i] = act.Value
			in.touch(s)
		}
	})
	in.app.on("threshold.cheapest", func(Action) {
		if k, _, ok := s.cheapest(); ok {
			s.set(k)
			in.app.state.say("The threshold is " + s.text() + " now.")
		}
	})
	in.app.on("threshold.use", func(Action) { s.use() })
}

func (s *thresholdPart) clear() {
	s.q.forget()
	s.test, s.choose, s.own, s.used, s.at = nil, nil, false, false, 0
}

func (s *thresholdPart) set(k int) {
	s.at, s.used = min(max(k, 1), bindings.ThresholdSteps-1), false
	s.in.touch(s)
}

// begin takes the test rows' thresholds from the score, and asks for the validation rows'.
func (s *thresholdPart) begin() {
	r := s.in.score.got
	if r.Two == nil {
		return
	}
	if s.test = readThresholds(r.Two, s.in.score.buffers); s.test == nil {
		return
	}
	s.at = int(math.Round(r.Two.Threshold * bindings.ThresholdSteps))
	s.choose, s.own = s.test, true
	s.in.touch(s)
	p := s.in.app.lesson.prepared()
	if s.in.of.part != "" || p == nil || p.Validation == 0 {
		return
	}
	params := s.in.params()
	params.Part = "validation"
	var got bindings.JudgeResult
	s.q.ask(Request{Method: bindings.MethodJudgeTest, Params: params}, &got, func(buffers [][]byte) {
		if got.Two != nil {
			if t := readThresholds(got.Two, buffers); t != nil {
				s.choose, s.own = t, false
			}
		}
	})
}

func readThresholds(two *bindings.TwoClasses, buffers [][]byte) *thresholds {
	const n = bindings.ThresholdSteps + 1
	counts := floats(buffers, two.Counts)
	if len(counts) != 2*n {
		return nil
	}
	halves := func(t bindings.Tensor) [2][]float64 {
		v := floats(buffers, t)
		return [2][]float64{v[:len(v)/2], v[len(v)/2:]}
	}
	return &thresholds{float64(two.Positives), float64(two.Negatives), counts[:n], counts[n:], halves(two.ROC), halves(two.PR)}
}

// prices are the costs as typed; ok is false where they make no sense.
func (s *thresholdPart) prices() (alarm, miss float64, ok bool) {
	alarm, ok1 := read(s.costs[0])
	miss, ok2 := read(s.costs[1])
	return alarm, miss, ok1 && ok2 && alarm >= 0 && miss >= 0 && alarm+miss > 0 && alarm < 1e12 && miss < 1e12
}

// cheapest is the threshold at which mistakes cost the least on the rows for choosing: of
// equal ones the one nearest to one half.
func (s *thresholdPart) cheapest() (k int, cost float64, ok bool) {
	alarm, miss, ok := s.prices()
	if !ok || s.choose == nil {
		return 0, 0, false
	}
	const half = bindings.ThresholdSteps / 2
	k, cost = half, s.choose.at(half).cost(alarm, miss)
	for d := 1; d < half; d++ {
		for _, i := range []int{half - d, half + d} {
			if c := s.choose.at(i).cost(alarm, miss); c < cost {
				k, cost = i, c
			}
		}
	}
	return k, cost, true
}

// text writes the threshold: 0.31.
func (s *thresholdPart) text() string { return thresholdText(s.at) }

func thresholdText(k int) string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(k)/bindings.ThresholdSteps, 'f', 3, 64), "0")
}

// use keeps the threshold in the model, and judges it anew.
func (s *thresholdPart) use() {
	in := s.in
	if !in.usable() || s.test == nil || s.q.busy {
		return
	}
	r, k := in.of, s.at
	var info bindings.ModelInfo
	s.q.ask(Request{Method: bindings.MethodJudgeThreshold, Params: bindings.ThresholdParams{Model: r.info.Model, Threshold: float64(k) / bindings.ThresholdSteps}}, &info, func([][]byte) {
		now, err := in.app.result.measure(info, r.table, r.fit)
		if err != nil || in.of != r {
			return
		}
		r.info, r.test, r.truth, r.said, r.lines, r.saved = now.info, now.test, now.truth, now.said, now.lines, false
		in.app.screen.Guard(true)
		in.rows.clear()
		in.score.ask()
		s.used = true
		in.app.state.say("The model says “" + in.labels()[1] + "” from a probability of " + thresholdText(k) + " on.")
		in.app.touch(in.app.result)
		in.touch(&in.perClass, &in.rows)
		if t, ok := in.app.lesson.(interface{ again() }); ok {
			t.again()
		}
	})
}
