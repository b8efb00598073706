package page

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A story is what the coach knows about a training: how it went and what it was asked.
type story struct {
	loss, val       []float64 // by epoch; val is empty without a validation part
	running         bool
	epochs          int // asked for
	rate            float64
	early           bool
	patience        int
	stoppedEarly    bool
	best            int    // epoch of the best validation loss, where it stopped early
	failed          string // a code of tensor's, where it ended with an error
	model, guess    float64
	tested          bool    // model and guess are scores, the larger the better
	confusion       [][]int // of the test
	weights, weighs bool    // class weights can be had; they are on
	drops           bool    // the network has dropout
}

// A tip says what is seen, why that happens, and what to do about it.
type tip struct {
	id, seen, why string
	fixes         []fix // alternatives, the first is the best
}

// A fix is a change of the form.
type fix struct {
	what  fixKind
	value float64
}

type fixKind uint8

const (
	fixRate fixKind = iota
	fixEpochs
	fixPatience
	fixEarly
	fixWeights
	fixDropout
)

// Bounds of what counts as what, in epochs and shares.
const (
	enough     = 8    // epochs before anything is said about a trend
	flat       = 0.03 // of the first loss: less is no progress
	apart      = 1.15 // validation loss over its best one: it has turned around
	mostlySame = 0.97 // of what the model says is one class
)

// advise reads a training like a person who has seen many. The most urgent tip comes
// first; of a training that goes well it says nothing.
func advise(s story) []tip {
	if s.failed == tensor.CodeNaN || exploded(s.loss) {
		return []tip{{"exploded", "The loss has exploded: it grew instead of falling.", "Each step overshoots: the learning rate is too high for these data.",
			[]fix{{fixRate, s.rate / 10}}}}
	}
	var out []tip
	add := func(t tip) { out = append(out, t) }
	n := len(s.loss)
	switch {
	case jumpy(s.loss):
		add(tip{"oscillates", "The loss jumps up and down without getting lower.", "The steps are too long to settle in the valley they have found.", []fix{{fixRate, s.rate / 3}}})
	case n >= enough && stalls(s.loss):
		t := tip{"stalls", "The loss has hardly moved since the first epoch.", "The steps may be too short to get anywhere, or the inputs say little about the answer.", []fix{{fixRate, s.rate * 10}}}
		if s.rate >= 0.03 {
			t.why, t.fixes = "At so high a learning rate the units of the network may have died.", []fix{{fixRate, s.rate / 10}}
		}
		add(t)
	case overfits(s.loss, s.val):
		t := tip{"overfits", "The network learns its rows by heart: the training loss falls, but the validation loss has turned upwards.",
			"It has more freedom than the rows can fill. More rows help most; dropout makes learning by heart harder.", []fix{{what: fixDropout, value: 0.2}}}
		if s.drops {
			t.fixes = nil
		}
		if !s.early {
			t.fixes = append(t.fixes, fix{what: fixEarly})
		}
		add(t)
	}
	if s.running {
		return out
	}
	switch {
	case s.stoppedEarly && s.best <= 1 && s.patience < 50:
		add(tip{"stopped-at-once", "Training stopped early: no epoch was better than one of the first two.", "Either the steps are too long, or the patience was too short to get over a first hump.",
			[]fix{{fixRate, s.rate / 3}, {fixPatience, float64(2 * s.patience)}}})
	case len(out) == 0 && !s.stoppedEarly && n == s.epochs && n >= 5 && falling(last(s.val, s.loss)):
		add(tip{"unfinished", "It was still getting better when the last epoch ended.", "The number of epochs ended the training, not the data.", []fix{{fixEpochs, float64(2 * s.epochs)}}})
	}
	if oneClass(s.confusion) {
		t := tip{"one-class", "The model gives nearly every row the same answer.", "Where one class is much more frequent than the others, always saying that one is an easy way to a low loss.", nil}
		if s.weights && !s.weighs {
			t.fixes = []fix{{what: fixWeights}}
		} else if s.rate > 0.001 {
			t.fixes = []fix{{fixRate, s.rate / 3}}
		}
		add(t)
	}
	if len(out) == 0 && s.tested && s.model <= s.guess {
		add(tip{"no-better", "The model is no better than always giving the same answer.", "What it is shown may not say enough about the answer. Look at the columns first: another one, or more rows, help more than other settings.", nil})
	}
	return out
}

// last returns the first of the lists that is not empty.
func last(lists ...[]float64) []float64 {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// exploded: a loss that is no number any more, or has become many times what it was at
// its best and at its beginning.
func exploded(loss []float64) bool {
	least := math.Inf(1)
	for _, v := range loss {
		if !finite(v) {
			return true
		}
		least = min(least, v)
	}
	n := len(loss)
	return n >= 3 && loss[n-1] > 10*least && loss[n-1] > 2*loss[0] && least > 0
}

// jumpy: over the last epochs the loss changes its direction most of the time, by a good
// part of its size, and ends about where it began.
func jumpy(loss []float64) bool {
	const window = 12
	if len(loss) < window {
		return false
	}
	tail := loss[len(loss)-window:]
	turns, way, mean := 0, 0.0, 0.0
	for i, v := range tail {
		mean += v / window
		if i > 0 {
			way += math.Abs(v - tail[i-1])
		}
		if i > 1 && (v-tail[i-1])*(tail[i-1]-tail[i-2]) < 0 {
			turns++
		}
	}
	net := tail[0] - tail[window-1]
	return turns >= 6 && way/(window-1) > 0.15*mean && net < 0.25*mean
}

// stalls: the best loss is hardly below the first one.
func stalls(loss []float64) bool {
	least := loss[0]
	for _, v := range loss {
		least = min(least, v)
	}
	return loss[0]-least < flat*math.Abs(loss[0])
}

// overfits: the validation loss has been rising for a while since its best epoch, and the
// training loss has fallen meanwhile.
func overfits(loss, val []float64) bool {
	if len(val) < enough || len(loss) < len(val) {
		return false
	}
	best, n := 0, len(val)
	for i, v := range val {
		if v < val[best] {
			best = i
		}
	}
	since := n - 1 - best
	return since >= 5 && val[n-1] > apart*val[best] && val[best] > 0 && loss[n-1] < 0.95*loss[best]
}

// falling: the last fifth of the epochs still took away a good part of the loss.
func falling(loss []float64) bool {
	n := len(loss)
	back := max(n/5, 1)
	if n <= back {
		return false
	}
	from, to := loss[n-1-back], loss[n-1]
	return finite(from) && finite(to) && from > 0 && from-to > 0.03*from
}

// oneClass: nearly all answers are one, and a good part of the rows are something else.
func oneClass(confusion [][]int) bool {
	if len(confusion) < 2 {
		return false
	}
	said := make([]int, len(confusion))
	all, right := 0, 0
	for i, row := range confusion {
		for k, n := range row {
			said[k] += n
			all += n
			if i == k {
				right += n
			}
		}
	}
	most := 0
	for _, n := range said {
		most = max(most, n)
	}
	return all >= 20 && float64(most) >= mostlySame*float64(all) && float64(right) <= 0.95*float64(all)
}
