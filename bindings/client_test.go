package bindings

import (
	"context"
	"encoding/binary"
	"math"
	"sync"

	"github.com/terrarium-ml/terrarium/core/json"
)

// A client speaks to an engine as a page does. Its do blocks.
type client struct {
	post func(Packet)

	onWritten func(Written) // may be nil; called where the message arrives

	mu    sync.Mutex
	last  int
	calls map[int]*pending
}

// A call is one request.
type call struct {
	Method  string
	Params  any      // one of the …Params structs; nil for Empty
	Result  any      // pointer to the method's result struct; nil if nobody looks
	Buffers []Buffer // what Params' tensors refer to
	Blobs   []Blob   // what Params' blobs refer to
	Keep    bool     // cancelling a fit keeps what it has: CancelParams.Keep

	// Notifications, each may be nil. They are called in order, one at a time, where
	// the message arrives: they must not block.
	OnProgress func(Progress)
	OnEpochs   func(EpochLogs)
	OnBatches  func(logs BatchLogs, values []float64) // Rows × len(Columns)
	OnOther    func(method string, params json.RawMessage)
}

// pending is a call that waits for its answer.
type pending struct {
	call   call
	answer chan answer // of capacity 1
}

type answer struct {
	message Message
	buffers []Buffer
}

// newClient returns a client that sends by post. Whatever arrives goes to receive.
func newClient(post func(Packet)) *client {
	return &client{post: post, calls: map[int]*pending{}}
}

// do sends a request and waits for its answer; it returns the answer's buffers.
// When ctx ends, the request is cancelled, and do still waits for the engine to say
// so. A refusal is an *Error.
func (c *client) do(ctx context.Context, call call) ([]Buffer, error) {
	if call.Params == nil {
		call.Params = Empty{}
	}
	params, err := Encode(call.Params)
	if err != nil {
		return nil, err
	}
	p := &pending{call: call, answer: make(chan answer, 1)}
	id := c.register(p)
	c.send(Message{ID: id, Method: call.Method, Params: params}, call.Buffers, call.Blobs)
	var a answer
	select {
	case a = <-p.answer:
	case <-ctx.Done():
		cancel, _ := Encode(CancelParams{ID: id, Keep: call.Keep})
		c.send(Message{Method: NotifyCancel, Params: cancel}, nil, nil)
		a = <-p.answer
	}
	if a.message.Error != nil {
		return nil, a.message.Error
	}
	if call.Result != nil {
		if err := Decode(a.message.Result, call.Result); err != nil {
			return nil, err
		}
	}
	return a.buffers, nil
}

// receive takes a message from the engine.
func (c *client) receive(p Packet) {
	var m Message
	if err := Decode(p.Text, &m); err != nil {
		return // not ours
	}
	if m.Method != "" {
		c.notify(m.Method, m.Params, p.Buffers)
		return
	}
	c.mu.Lock()
	call := c.calls[m.ID]
	delete(c.calls, m.ID)
	c.mu.Unlock()
	if call != nil {
		call.answer <- answer{message: m, buffers: p.Buffers}
	}
}

func (c *client) register(p *pending) (id int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	c.calls[c.last] = p
	return c.last
}

func (c *client) send(m Message, buffers []Buffer, blobs []Blob) {
	m.JSONRPC = "2.0"
	text, err := Encode(m)
	if err != nil {
		panic("bindings: a message that is no JSON: " + err.Error())
	}
	c.post(Packet{Text: text, Buffers: buffers, Blobs: blobs})
}

// notify passes a notification on to the call that it is about.
func (c *client) notify(method string, params json.RawMessage, buffers []Buffer) {
	switch method {
	case NotifyProgress:
		var p Progress
		if call := c.about(params, &p, &p.ID); call.OnProgress != nil {
			call.OnProgress(p)
		}
	case NotifyWritten:
		var w Written
		if Decode(params, &w) == nil && c.onWritten != nil {
			c.onWritten(w)
		}
	case NotifyEpoch:
		var p EpochLogs
		if call := c.about(params, &p, &p.ID); call.OnEpochs != nil {
			call.OnEpochs(p)
		}
	case NotifyBatch:
		var p BatchLogs
		if call := c.about(params, &p, &p.ID); call.OnBatches != nil && p.Buffer < len(buffers) {
			call.OnBatches(p, float64s(buffers[p.Buffer]))
		}
	default:
		var of struct {
			ID int `json:"id"`
		}
		if json.Unmarshal(params, &of) == nil {
			c.mu.Lock()
			p := c.calls[of.ID]
			c.mu.Unlock()
			if p != nil && p.call.OnOther != nil {
				p.call.OnOther(method, params)
			}
		}
	}
}

// about decodes a notification's params and finds its call; a call that is over is
// the zero call.
func (c *client) about(params json.RawMessage, into any, id *int) call {
	if Decode(params, into) != nil {
		return call{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.calls[*id]; p != nil {
		return p.call
	}
	return call{}
}

// float64s decodes a buffer of little-endian float64, such as NotifyBatch's.
func float64s(b Buffer) []float64 {
	p := Take(b)
	values := make([]float64, len(p)/8)
	for i := range values {
		values[i] = math.Float64frombits(binary.LittleEndian.Uint64(p[8*i:]))
	}
	return values
}
