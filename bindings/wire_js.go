package bindings

import (
	"fmt"
	"syscall/js"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A wire turns packets into messages of a port, and back.
type wire struct {
	send        js.Value // port.postMessage, bound
	object      js.Value
	array       js.Value
	uint8Array  js.Value
	arrayBuffer js.Value
	blob        js.Value
}

func newWire(port js.Value) *wire {
	g := js.Global()
	return &wire{
		send:   port.Get("postMessage").Call("bind", port),
		object: g.Get("Object"), array: g.Get("Array"), uint8Array: g.Get("Uint8Array"),
		arrayBuffer: g.Get("ArrayBuffer"), blob: g.Get("Blob"),
	}
}

// post sends a packet. Each buffer is copied once, in bulk, and then transferred.
func (w *wire) post(p Packet) {
	message := w.object.New()
	message.Set("rpc", string(p.Text))
	buffers := w.array.New(len(p.Buffers))
	for i, b := range p.Buffers {
		bytes := w.uint8Array.New(b.Len())
		js.CopyBytesToJS(bytes, Take(b))
		buffers.SetIndex(i, bytes.Get("buffer"))
	}
	message.Set("buffers", buffers)
	w.send.Invoke(message, buffers)
}

// packet reads a message; ok is false for one that is not of the protocol.
func (w *wire) packet(message js.Value) (p Packet, ok bool) {
	if message.Type() != js.TypeObject {
		return p, false
	}
	rpc := message.Get("rpc")
	if rpc.Type() != js.TypeString {
		return p, false
	}
	p.Text = []byte(rpc.String())
	for _, v := range w.items(message.Get("buffers")) {
		if !v.InstanceOf(w.arrayBuffer) {
			return p, false
		}
		p.Buffers = append(p.Buffers, jsBuffer{w.uint8Array.New(v)})
	}
	for _, v := range w.items(message.Get("blobs")) {
		if !v.InstanceOf(w.blob) {
			return p, false
		}
		p.Blobs = append(p.Blobs, jsBlob{w, v})
	}
	return p, true
}

func (w *wire) items(list js.Value) []js.Value {
	if !list.InstanceOf(w.array) {
		return nil
	}
	items := make([]js.Value, list.Length())
	for i := range items {
		items[i] = list.Index(i)
	}
	return items
}

// A jsBuffer is bytes in JavaScript's memory: a Uint8Array.
type jsBuffer struct{ bytes js.Value }

var _ Buffer = jsBuffer{}

func (b jsBuffer) Len() int { return b.bytes.Get("length").Int() }

func (b jsBuffer) CopyTo(dst []byte) { js.CopyBytesToGo(dst, b.bytes) }

// A jsBlob is a Blob or File.
type jsBlob struct {
	wire *wire
	blob js.Value
}

var _ Blob = jsBlob{}

func (b jsBlob) Name() string {
	if name := b.blob.Get("name"); name.Type() == js.TypeString {
		return name.String()
	}
	return ""
}

func (b jsBlob) Size() int64 { return int64(b.blob.Get("size").Float()) }

func (b jsBlob) ReadAt(p []byte, off int64) error {
	piece := b.blob.Call("slice", off, off+int64(len(p)))
	buffer, err := await(piece.Call("arrayBuffer"))
	if err == nil {
		if n := js.CopyBytesToGo(p, b.wire.uint8Array.New(buffer)); n < len(p) {
			err = fmt.Errorf("%d of %d bytes were there", n, len(p))
		}
	}
	if err != nil {
		return tensor.Errorf(tensor.CodeData, "the file can no longer be read, it was changed, moved or deleted since it was chosen; choose it again (%v)", err)
	}
	return nil
}
