//go:build js && wasm

package bindings

import (
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall/js"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// released fails the test if f leaves functions of Go behind in JavaScript.
func released(t *testing.T, f func()) {
	t.Helper()
	before := liveFuncs
	f()
	require.Equal(t, before, liveFuncs, "functions that were not released")
}

// jsBlobOf makes a Blob of JavaScript.
func jsBlobOf(text string) js.Value {
	return js.Global().Get("Blob").New(js.ValueOf([]any{text}))
}

func TestWireCarriesTextBuffersAndBlobs(t *testing.T) {
	channel := js.Global().Get("MessageChannel").New()
	from, to := channel.Get("port1"), channel.Get("port2")
	out, in := newWire(from), newWire(to)
	got := make(chan js.Value, 4)
	remove := listen(to, "message", func(event js.Value) { got <- event.Get("data") })
	to.Call("start")
	out.post(Packet{Text: []byte(`{"sum":"Σ"}`), Buffers: []Buffer{floats(1, 2), Bytes{}, Bytes{7}}})
	p, ok := in.packet(<-got)
	require.True(t, ok)
	require.Equal(t, `{"sum":"Σ"}`, string(p.Text))
	require.Len(t, p.Buffers, 3)
	require.Equal(t, Take(floats(1, 2)), Take(p.Buffers[0]))
	require.Zero(t, p.Buffers[1].Len())
	require.Equal(t, []byte{7}, Take(p.Buffers[2]))

	message := js.ValueOf(map[string]any{"rpc": "{}", "blobs": []any{jsBlobOf("hello")}})
	p, ok = in.packet(message)
	require.True(t, ok)
	require.Equal(t, int64(5), p.Blobs[0].Size())
	require.Equal(t, "", p.Blobs[0].Name())
	remove()
	from.Call("close")
}

func TestWireRefusesOtherMessages(t *testing.T) {
	w := newWire(js.Global().Get("MessageChannel").New().Get("port1"))
	for _, message := range []any{nil, 7, "text", map[string]any{}, map[string]any{"rpc": 7},
		map[string]any{"rpc": "{}", "buffers": []any{"no buffer"}}, map[string]any{"rpc": "{}", "blobs": []any{7}}} {
		_, ok := w.packet(js.ValueOf(message))
		require.False(t, ok, "%v", message)
	}
}

func TestBlobIsReadInPieces(t *testing.T) {
	released(t, func() {
		b := jsBlob{newWire(js.Global().Get("MessageChannel").New().Get("port1")), jsBlobOf("0123456789")}
		p := make([]byte, 4)
		require.NoError(t, b.ReadAt(p, 3))
		require.Equal(t, "3456", string(p))
		var e *tensor.Error
		require.ErrorAs(t, b.ReadAt(p, 8), &e)
		require.Equal(t, tensor.CodeData, e.Code)
		require.Contains(t, e.Message, "choose it again")
	})
}

// The browser decodes what a file holds, also where a read ends within a character.
func TestTheBrowserDecodes(t *testing.T) {
	decode := newDecoder()
	for encoding, c := range map[string][2]string{
		"GB18030":      {"\xB1\xB1\xBE\xA9,1\n", "北京,1\n"},
		"BIG5":         {"\xBBO\xA5_", "臺北"},
		"SHIFT_JIS":    {"\x93\x8C\x8B\x9E", "東京"},
		"EUC-KR":       {"\xBC\xAD\xBF\xEF", "서울"},
		"WINDOWS-1251": {"\xCC\xEE\xF1\xEA\xE2\xE0", "Москва"},
		"MACINTOSH":    {"Gr\x9A\xA7e", "Größe"},
	} {
		long := strings.Repeat(c[0], 30_000)
		for _, r := range []io.Reader{strings.NewReader(long), iotest.DataErrReader(strings.NewReader(long)), iotest.HalfReader(strings.NewReader(long))} {
			text, err := io.ReadAll(decode(encoding, r))
			require.NoError(t, err)
			require.True(t, strings.Repeat(c[1], 30_000) == string(text), encoding)
		}
	}
	for _, encoding := range data.Encodings {
		text, err := io.ReadAll(decode(encoding, iotest.OneByteReader(strings.NewReader("\xB1\xB1"))))
		require.NoError(t, err, encoding)
		require.NotEmpty(t, text, encoding)
	}
}

// The first collection waits; the second comes as Go has it.
func TestCollectLater(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	collectLater()
	require.Equal(t, 400, debug.SetGCPercent(400))
	require.Eventually(t, func() bool {
		runtime.GC()
		return debug.SetGCPercent(400) == 100
	}, time.Minute, time.Millisecond)
}

func TestAwaitAndTry(t *testing.T) {
	promise := js.Global().Get("Promise")
	released(t, func() {
		v, err := await(promise.Call("resolve", 5))
		require.NoError(t, err)
		require.Equal(t, 5, v.Int())
		_, err = await(promise.Call("reject", js.Global().Get("Error").New("no")))
		require.ErrorContains(t, err, "no")
	})
	require.NoError(t, try(func() {}))
	require.ErrorContains(t, try(func() { js.Global().Get("JSON").Call("parse", "{") }), "JSON")
	require.PanicsWithValue(t, "ours", func() { _ = try(func() { panic("ours") }) })
}

// What was sent before Yield has been received after it.
func TestYieldLetsMessagesIn(t *testing.T) {
	if js.Global().Get("process").Type() == js.TypeObject && js.Global().Get("document").IsUndefined() {
		t.Skip("not run: Node empties one port before it looks at the next, which no browser does; run this in a browser")
	}
	channel := js.Global().Get("MessageChannel").New()
	from, to := channel.Get("port1"), channel.Get("port2")
	seen := 0
	remove := listen(to, "message", func(js.Value) { seen++ })
	to.Call("start")
	yield := newYield()
	for i := range 20 {
		from.Call("postMessage", i)
		for range 3 { // the event loop may take another task first
			yield()
		}
	}
	require.GreaterOrEqual(t, seen, 19)
	remove()
	from.Call("close")
}

func TestIndexedDB(t *testing.T) {
	s := newIndexedDB()
	if js.Global().Get("indexedDB").Type() != js.TypeObject {
		_, err := s.List()
		require.ErrorContains(t, err, "download the model as a file")
		t.Skip("not run: a round trip through IndexedDB, which Node lacks; run this in a browser")
	}
	_ = s.Remove("a test")
	record := StoredModel{Name: "a test", Kind: kindModel, Bytes: 3, Metrics: Logs{"acc": 0.5}}
	require.NoError(t, s.Put(record, []byte{1, 2, 3}))
	record.Bytes = 4
	require.NoError(t, s.Put(record, []byte{1, 2, 3, 4}))
	b, err := s.Get("a test")
	require.NoError(t, err)
	require.Equal(t, []byte{1, 2, 3, 4}, b)
	list, err := s.List()
	require.NoError(t, err)
	require.Contains(t, list, record)
	require.NoError(t, s.Remove("a test"))
	require.ErrorContains(t, s.Remove("a test"), "no stored model")
	_, err = s.Get("a test")
	require.ErrorContains(t, err, "no stored model")
	before := liveFuncs
	for range 10 {
		_, _ = s.List()
	}
	require.Equal(t, before, liveFuncs)
	s.leave() // as when another tab deletes the database
	_, err = s.List()
	require.NoError(t, err)
	usage, err := s.Usage()
	require.NoError(t, err)
	require.Empty(t, usage.Refused)
}

func TestStorageErrorsSayWhatToDo(t *testing.T) {
	exception := js.Global().Get("DOMException")
	full := storageError(js.Error{Value: exception.New("no room", "QuotaExceededError")})
	require.ErrorContains(t, full, "full; delete stored models")
	refused := storageError(js.Error{Value: exception.New("denied", "SecurityError")})
	require.ErrorContains(t, refused, "SecurityError: denied")
	for _, err := range []error{full, refused} {
		var e *tensor.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, tensor.CodeQuota, e.Code)
		require.False(t, strings.Contains(e.Message, "JavaScript error"))
	}
}
