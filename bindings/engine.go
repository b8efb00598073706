package bindings

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terrarium-ml/terrarium/core/data"
)

// Version is Terrarium's version, as capabilities report it.
const Version = "0.1.0"

// DefaultLimit is the memory, in bytes, that an engine allows itself.
const DefaultLimit = 2 << 30

// yieldAfter is how long the engine computes before it returns to the event loop:
// well below the 50 ms that a page notices.
const yieldAfter = 20 * time.Millisecond

// notifyAfter is the least time between two notifications of one kind.
const notifyAfter = 100 * time.Millisecond

// A Host is what an engine needs of the world around it.
type Host struct {
	// Post sends a message. It is called by one goroutine at a time, except for
	// answers to messages that are no requests.
	Post func(Packet)
	// Yield returns to the event loop until that has dealt with what is waiting
	// there. nil: nothing to return to.
	Yield func()
	// Store keeps models. nil: a store that refuses, saying why.
	Store Store
	// Decoder reads files in other encodings than UTF-8 and UTF-16. nil: they are read as
	// Windows-1252.
	Decoder data.Decoder
}

// An Engine holds tables and models and answers requests about them.
//
// # Who runs when
//
// Requests run in order on the goroutine of Serve. A fit, once its request has been
// checked, goes on in a goroutine of its own. All of them share one baton: only who
// holds it computes or touches the engine's state. A fit passes the baton on
// between two steps, if somebody waits, and the queue in which they wait is fair. So
// a model is never touched in mid-step, and no lock protects it.
//
// Cancelling needs no baton: Receive does it while the engine computes, because
// long work returns to the event loop every yieldAfter.
type Engine struct {
	host  Host
	limit int64                // bytes
	now   func() time.Duration // since the engine began

	baton   chan struct{}
	waiting atomic.Int32

	// Owned by the holder of the baton.
	greeted bool
	lastID  int
	tables  map[int]*table
	models  map[int]*model

	mu     sync.Mutex
	queue  []*job
	jobs   map[int]*job // queued or running, by request id
	signal chan struct{}
	done   chan struct{} // closed by quit
}

// New returns an engine that answers nothing until Serve runs.
func New(host Host) *Engine {
	if host.Yield == nil {
		host.Yield = runtime.Gosched
	}
	if host.Store == nil {
		host.Store = refusing{"this program has no storage"}
	}
	e := &Engine{host: host, limit: DefaultLimit, baton: make(chan struct{}, 1),
		tables: map[int]*table{}, models: map[int]*model{}, jobs: map[int]*job{}, signal: make(chan struct{}, 1), done: make(chan struct{})}
	begun := time.Now()
	e.now = func() time.Duration { return time.Since(begun) }
	e.release()
	return e
}

// Receive takes a message and returns at once: requests are queued, a cancel works
// immediately, anything else is ignored or refused.
func (e *Engine) Receive(p Packet) {
	var m Message
	if err := Decode(p.Text, &m); err != nil || m.JSONRPC != "2.0" {
		e.refuse(m.ID, RPCParse, "the message is no JSON-RPC 2.0")
		return
	}
	switch {
	case m.Method == NotifyCancel && m.ID == 0:
		var c CancelParams
		if Decode(m.Params, &c) == nil {
			e.cancel(c)
		}
	case m.Method == NotifyPause && m.ID == 0:
		var p PauseParams
		if Decode(m.Params, &p) == nil {
			e.pause(p)
		}
	case m.Method == NotifyQuit && m.ID == 0:
		e.quit()
	case m.Method == "" || m.ID <= 0:
		// An answer, or a notification that nobody here knows.
	default:
		e.enqueue(newJob(e, m, p))
	}
}

func (e *Engine) enqueue(j *job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.jobs[j.id] != nil {
		e.refuse(j.id, RPCRequest, "this id belongs to a request that is not answered yet")
		return
	}
	e.jobs[j.id] = j
	e.queue = append(e.queue, j)
	select {
	case e.signal <- struct{}{}:
	default: // Serve is awake already
	}
}

func (e *Engine) cancel(c CancelParams) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if j := e.jobs[c.ID]; j != nil {
		j.keep.Store(c.Keep)
		j.cancel()
	}
}

// quit cancels everything and ends Serve.
func (e *Engine) quit() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, j := range e.jobs {
		j.cancel()
	}
	select {
	case <-e.done:
	default:
		close(e.done)
	}
}

// Serve answers requests until ctx ends or a message says quit.
func (e *Engine) Serve(ctx context.Context) {
	for {
		if j := e.next(); j != nil {
			e.acquire()
			e.run(j)
			e.release()
			continue
		}
		select {
		case <-e.signal:
		case <-ctx.Done():
			return
		case <-e.done:
			return
		}
	}
}

func (e *Engine) next() *job {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.queue) == 0 {
		return nil
	}
	j := e.queue[0]
	e.queue[0] = nil
	e.queue = e.queue[1:]
	return j
}

// beside is a handler's result that says: the rest runs beside other requests, and
// returns the answer.
type beside func() (any, error)

// run carries a request out and answers it, now or, for a fit, at its end.
func (e *Engine) run(j *job) {
	result, err := e.protect(j, j.handle)
	rest, ok := result.(beside)
	if !ok {
		e.finish(j, result, err)
		return
	}
	go func() {
		e.acquire()
		defer e.release()
		result, err := e.protect(j, rest)
		e.finish(j, result, err)
	}()
}

// protect is the one place that recovers: a panic is a broken invariant, and ends
// its request only.
func (e *Engine) protect(j *job, f func() (any, error)) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = nil, brokenError(j.method, r)
		}
	}()
	return f()
}

// finish answers a request.
func (e *Engine) finish(j *job, result any, err error) {
	m := Message{JSONRPC: "2.0", ID: j.id}
	if err == nil {
		m.Result, err = Encode(result)
	}
	if err != nil {
		m.Result, m.Error, j.out = nil, refusal(err), nil
	}
	e.mu.Lock()
	delete(e.jobs, j.id)
	e.mu.Unlock()
	j.cancel()
	e.post(m, j.out)
}

func (e *Engine) refuse(id, code int, message string) {
	e.post(Message{JSONRPC: "2.0", ID: id, Error: &Error{Code: code, Message: message, Data: ErrorData{Code: ErrorInternal}}}, nil)
}

// notify sends a notification.
func (e *Engine) notify(method string, params any, buffers ...Buffer) {
	text, err := Encode(params)
	if err != nil {
		panic("bindings: a notification that is no JSON: " + err.Error())
	}
	e.post(Message{JSONRPC: "2.0", Method: method, Params: text}, buffers)
}

func (e *Engine) post(m Message, buffers []Buffer) {
	text, err := Encode(m)
	if err != nil {
		panic("bindings: a message that is no JSON: " + err.Error())
	}
	e.host.Post(Packet{Text: text, Buffers: buffers})
}

func (e *Engine) acquire() {
	e.waiting.Add(1)
	<-e.baton
	e.waiting.Add(-1)
}

func (e *Engine) release() { e.baton <- struct{}{} }

// share passes the baton on if somebody waits, and waits for it in turn.
func (e *Engine) share() {
	if e.waiting.Load() > 0 {
		e.release()
		e.acquire()
	}
}

// newID returns an id for a table or model, never used before.
func (e *Engine) newID() int {
	e.lastID++
	return e.lastID
}
