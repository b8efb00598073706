package bindings

import "time"

// A pace says how often short steps look around: at the clock, at who waits, whether
// they were cancelled. Asking JavaScript for the time costs as much as a good part of a
// small network's step, so a fit asks after as many steps as took about lookEvery.
type pace struct {
	left, stride int
	looked       time.Duration
}

const (
	lookEvery = 2 * time.Millisecond
	maxStride = 1024 // steps
)

func newPace(now time.Duration) pace { return pace{left: 1, stride: 1, looked: now} }

// due counts a step and tells whether it is time to look around.
func (p *pace) due() bool {
	p.left--
	return p.left <= 0
}

// saw sets how many steps go by until the next look, from how long it took to come
// here. The number grows slowly and falls at once.
func (p *pace) saw(now time.Duration) {
	if took := now - p.looked; took > lookEvery {
		p.stride = max(1, int(int64(p.stride)*int64(lookEvery)/int64(took)))
	} else if took < lookEvery/2 {
		p.stride = min(2*p.stride, maxStride)
	}
	p.left = p.stride
}

// goesOn says that the steps go on now: what came between is not theirs.
func (p *pace) goesOn(now time.Duration) { p.looked = now }
