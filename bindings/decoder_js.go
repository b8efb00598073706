package bindings

import (
	"io"
	"syscall/js"
)

// newDecoder reads other encodings by the browser's TextDecoder, which is in every worker.
func newDecoder() func(encoding string, r io.Reader) io.Reader {
	kind, bytes := js.Global().Get("TextDecoder"), js.Global().Get("Uint8Array")
	return func(encoding string, r io.Reader) io.Reader {
		const piece = 1 << 16
		return &textReader{from: r, decoder: kind.New(encoding), raw: make([]byte, piece), pass: bytes.New(piece)}
	}
}

// A textReader gives what a TextDecoder makes of the bytes of a reader, as UTF-8.
type textReader struct {
	from    io.Reader
	decoder js.Value
	raw     []byte
	pass    js.Value // a Uint8Array as long as raw
	text    []byte   // decoded, and not given out yet
	err     error    // of from
}

func (r *textReader) Read(dst []byte) (int, error) {
	for len(r.text) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		var n int
		n, r.err = r.from.Read(r.raw)
		js.CopyBytesToJS(r.pass, r.raw[:n])
		more := map[string]any{"stream": r.err == nil} // half a character waits for the rest
		r.text = []byte(r.decoder.Call("decode", r.pass.Call("subarray", 0, n), more).String())
	}
	n := copy(dst, r.text)
	r.text = r.text[n:]
	return n, nil
}
