package bindings

import (
	"context"
	"sync"
)

// A gate lets a fit through between its steps, unless somebody shut it.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // closed when the gate is opened again; nil while it is open
}

// set shuts or opens the gate. It may be called at any time, by anybody.
func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case shut && g.open == nil:
		g.open = make(chan struct{})
	case !shut && g.open != nil:
		close(g.open)
		g.open = nil
	}
}

// shut returns what to wait for, nil where the gate is open.
func (g *gate) shut() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open
}

// pause shuts or opens the gate of a request, if it is there.
func (e *Engine) pause(p PauseParams) {
	e.mu.Lock()
	j := e.jobs[p.ID]
	e.mu.Unlock()
	if j != nil {
		j.gate.set(p.On)
	}
}

// held tells whether the job is to wait.
func (j *job) held() bool { return j.gate.shut() != nil }

// hold waits, without the baton, until the gate is open or the job is cancelled, and says
// so before and afterwards.
func (j *job) hold() {
	open := j.gate.shut()
	if open == nil {
		return
	}
	e := j.engine
	e.notify(NotifyPaused, PauseParams{ID: j.id, On: true})
	e.release()
	wait(j.ctx, open)
	e.acquire()
	e.notify(NotifyPaused, PauseParams{ID: j.id})
	j.yielded = e.now()
}

func wait(ctx context.Context, open <-chan struct{}) {
	select {
	case <-open:
	case <-ctx.Done():
	}
}
