package page

import (
	"context"
	"errors"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A File is one the user chose, or a piece of text that became one. The page only holds
// the handle: its bytes are read in the worker.
type File struct {
	Name   string
	Path   string // with the folders in which it lay, "" where that is not known
	Size   int64
	Handle any // a js.Value in a browser
}

// A Request is one call of the engine.
type Request struct {
	Method string
	Params any
	Files  []File   // params refer to them by index
	Bytes  [][]byte // likewise, as buffers

	// Notify is told what the engine reports meanwhile: progress, epochs.
	Notify func(method string, params json.RawMessage)

	// Hold, if not nil, says when a fit is to pause, and when it is to go on.
	Hold <-chan bool
}

// An Engine answers requests. A call blocks its goroutine until the answer is there and
// decodes it into result; buffers that came along are returned. Ending the context asks
// the engine to stop, and the call then waits for what the engine says to that; with the
// cause errKeep a fit ends as if it had come to its last epoch.
type Engine interface {
	Call(ctx context.Context, r Request, result any) (buffers [][]byte, err error)
}

// errKeep is the cause of ending a fit's context that keeps what was learned.
var errKeep = errors.New("stop, and keep what was learned")

// A transport carries messages to a worker.
type transport interface {
	post(rpc string, buffers [][]byte, files []File)
	// breathe lets the browser's event loop run once. The client does so while it reads
	// or writes very long messages, so that no task of the page becomes long (DESIGN C6).
	breathe()
}

// A client is an Engine behind a transport: JSON-RPC 2.0, each call waiting for the
// answer with its number. All of it runs on one thread.
type client struct {
	to      transport
	last    int
	pending map[int]*call
	lost    error // why no call can be answered any more
}

type call struct {
	done   chan answer
	notify func(string, json.RawMessage)
}

type answer struct {
	result  json.RawMessage
	buffers [][]byte
	err     error
}

func newClient(to transport) *client {
	return &client{to: to, pending: map[int]*call{}}
}

// Call implements Engine.
func (c *client) Call(ctx context.Context, r Request, result any) ([][]byte, error) {
	if c.lost != nil {
		return nil, c.lost
	}
	params, err := c.encode(r.Params)
	if err != nil {
		return nil, err
	}
	c.last++
	id := c.last
	w := &call{done: make(chan answer, 1), notify: r.Notify}
	c.pending[id] = w
	if err := c.send(bindings.Message{JSONRPC: "2.0", ID: id, Method: r.Method, Params: params}, r.Bytes, r.Files); err != nil {
		delete(c.pending, id)
		return nil, err
	}
	var a answer
	for waiting := true; waiting; {
		select {
		case a = <-w.done:
			waiting = false
		case on := <-r.Hold:
			c.tell(bindings.NotifyPause, bindings.PauseParams{ID: id, On: on})
		case <-ctx.Done():
			c.tell(bindings.NotifyCancel, bindings.CancelParams{ID: id, Keep: errors.Is(context.Cause(ctx), errKeep)})
			a = <-w.done
			waiting = false
		}
	}
	if a.err != nil {
		return nil, a.err
	}
	if result != nil {
		if len(a.result) > large/8 {
			c.to.breathe() // reading the message was work enough for one task
		}
		if err := c.decode(a.result, result); err != nil {
			return nil, err
		}
	}
	return a.buffers, nil
}

// tell sends a notification about a request.
func (c *client) tell(method string, about any) {
	params, err := json.Marshal(about)
	if err == nil {
		err = c.send(bindings.Message{JSONRPC: "2.0", Method: method, Params: params}, nil, nil)
	}
	if err != nil {
		panic("page: such a message always encodes: " + err.Error())
	}
}

func (c *client) send(m bindings.Message, buffers [][]byte, files []File) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	c.to.post(string(text), buffers, files)
	return nil
}

// receive takes one message from the worker. A very long one is read in pieces, beside
// whatever else happens.
func (c *client) receive(rpc string, buffers [][]byte) {
	if len(rpc) > 4*large {
		go c.read([]byte(rpc), buffers)
		return
	}
	c.read([]byte(rpc), buffers)
}

func (c *client) read(rpc []byte, buffers [][]byte) {
	var m bindings.Message
	if err := c.decode(rpc, &m); err != nil {
		c.fail("the engine sent a message that is no JSON: " + err.Error())
		return
	}
	if m.Method != "" {
		var of struct {
			ID int `json:"id"`
		}
		if err := json.Unmarshal(m.Params, &of); err != nil {
			return
		}
		if w := c.pending[of.ID]; w != nil && w.notify != nil {
			w.notify(m.Method, m.Params)
		}
		return
	}
	w := c.pending[m.ID]
	if w == nil {
		return
	}
	delete(c.pending, m.ID)
	a := answer{result: m.Result, buffers: buffers}
	if m.Error != nil {
		a.err = m.Error
	}
	w.done <- a
}

// fail ends every pending call, and every later one, with code engine-lost.
func (c *client) fail(why string) {
	if c.lost != nil {
		return
	}
	c.lost = &bindings.Error{
		Code:    bindings.RPCTerrarium,
		Message: "The engine stopped unexpectedly: " + why,
		Data:    bindings.ErrorData{Code: tensor.CodeEngineLost},
	}
	for id, w := range c.pending {
		delete(c.pending, id)
		w.done <- answer{err: c.lost}
	}
}

// large is how many bytes of JSON are read or written without a pause.
const large = json.PauseBytes

func (c *client) encode(v any) (json.RawMessage, error) {
	if v == nil {
		v = bindings.Empty{}
	}
	return json.Writing{Pause: c.to.breathe}.Marshal(v)
}

func (c *client) decode(from json.RawMessage, v any) error {
	return json.Reading{Pause: c.to.breathe}.Unmarshal(from, v)
}

// failure returns the engine's refusal within err, or one made of it.
func failure(err error) *bindings.Error {
	var e *bindings.Error
	if errors.As(err, &e) {
		return e
	}
	return &bindings.Error{Code: bindings.RPCInternal, Message: err.Error(), Data: bindings.ErrorData{Code: bindings.ErrorInternal}}
}
