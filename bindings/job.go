package bindings

import (
	"context"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A job is a request on its way through the engine.
type job struct {
	engine  *Engine
	id      int
	method  string
	params  json.RawMessage
	buffers []Buffer
	blobs   []Blob
	out     []Buffer // of the answer

	ctx    context.Context
	cancel context.CancelFunc
	keep   atomic.Bool // CancelParams.Keep
	gate   gate        // PauseParams

	yielded time.Duration // when the job last returned to the event loop
	told    time.Duration // when it last told of its progress
}

func newJob(e *Engine, m Message, p Packet) *job {
	j := &job{engine: e, id: m.ID, method: m.Method, params: m.Params, buffers: p.Buffers, blobs: p.Blobs}
	j.ctx, j.cancel = context.WithCancel(context.Background())
	return j
}

// handle carries the request out.
func (j *job) handle() (any, error) {
	j.yielded = j.engine.now()
	if err := j.aborted(); err != nil {
		return nil, err
	}
	handler, known := handlers[j.method]
	if !known {
		return nil, unknownMethod(j.method)
	}
	if !j.engine.greeted && j.method != MethodHello {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "the first request must be %q", MethodHello)
	}
	return handler(j)
}

// aborted returns the error of a job that was cancelled.
func (j *job) aborted() error {
	if j.ctx.Err() != nil {
		return tensor.Errorf(tensor.CodeAborted, "stopped on request")
	}
	return nil
}

// breathe lets the event loop run if it had to wait for yieldAfter, and returns an
// error if the job was cancelled. It is called often in long work. It keeps the
// baton: nobody touches the model meanwhile.
func (j *job) breathe() error {
	if now := j.engine.now(); now-j.yielded >= yieldAfter {
		j.engine.host.Yield()
		j.yielded = j.engine.now()
	}
	return j.aborted()
}

// progress tells how far the job has come, where the last time was long enough ago.
func (j *job) progress(stage string, done, total int64) {
	if now := j.engine.now(); now-j.told >= notifyAfter {
		j.told = now
		j.engine.notify(NotifyProgress, Progress{ID: j.id, Stage: stage, Done: done, Total: total})
	}
}

// working returns a callback for long work on a table: it breathes, lets fits step,
// and tells of progress.
func (j *job) working(stage string) func(done, total int64) error {
	return func(done, total int64) error {
		j.progress(stage, done, total)
		if err := j.breathe(); err != nil {
			return err
		}
		j.engine.share()
		return nil
	}
}

// outside runs f without the baton: for waiting on the world, not for computing.
func (j *job) outside(f func() error) error {
	j.engine.release()
	defer j.engine.acquire()
	return f()
}

// buffer returns a buffer of the request.
func (j *job) buffer(i int) (Buffer, error) {
	if i < 0 || i >= len(j.buffers) {
		return nil, paramsErrorf("buffer %d is missing: the message has %d", i, len(j.buffers))
	}
	return j.buffers[i], nil
}

// blob returns a blob of the request.
func (j *job) blob(i int) (Blob, error) {
	if i < 0 || i >= len(j.blobs) {
		return nil, paramsErrorf("blob %d is missing: the message has %d", i, len(j.blobs))
	}
	return j.blobs[i], nil
}

// tensor brings a tensor of the request into Go's memory.
func (j *job) tensor(what string, t *Tensor) (*tensor.Tensor, error) {
	if t == nil {
		return nil, nil
	}
	b, err := j.buffer(t.Buffer)
	if err != nil {
		return nil, err
	}
	size, err := tensor.Size(t.Shape)
	if err != nil {
		return nil, tensor.Errorf(tensor.CodeShape, "%s: %v", what, err)
	}
	if b.Len() != 4*size {
		return nil, tensor.Errorf(tensor.CodeShape, "%s: shape %s wants %d values, got %d", what, tensor.Format(t.Shape), size, b.Len()/4)
	}
	if err := j.engine.room(int64(b.Len()), what); err != nil {
		return nil, err
	}
	data := make([]float32, size)
	b.CopyTo(byteView(data))
	return tensor.From(data, t.Shape...)
}

// tensors brings several tensors of the request into Go's memory.
func (j *job) tensors(what string, list []Tensor) ([]*tensor.Tensor, error) {
	var all []*tensor.Tensor
	for i := range list {
		t, err := j.tensor(what, &list[i])
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// attach adds a tensor to the answer.
func (j *job) attach(data []float32, shape ...int) Tensor {
	j.out = append(j.out, Bytes(byteView(data)))
	return Tensor{Shape: shape, Buffer: len(j.out) - 1}
}

// byteView returns the memory of a slice of float32 as bytes. All machines that
// this runs on are little-endian, as the protocol is.
func byteView(data []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(data))), 4*len(data))
}
