package bindings

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzDispatch sends arbitrary texts with a small buffer and a small file. Whatever
// they ask for, the engine answers a request exactly once, never panics, and goes on.
func FuzzDispatch(f *testing.F) {
	for _, seed := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1}}`,
		`{"jsonrpc":"2.0","id":1,"method":"table.open","params":{"text":"a,b\n1,2\n3,4\n"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"table.open","params":{"blob":0,"options":{"delimiter":";"}}}`,
		`{"jsonrpc":"2.0","id":1,"method":"table.suggest","params":{"table":1}}`,
		`{"jsonrpc":"2.0","id":1,"method":"table.prepare","params":{"table":1,"setup":{"target":"kind","task":"classification","columns":[],"split":{"train":1}}}}`,
		`{"jsonrpc":"2.0","id":1,"method":"table.kind","params":{"table":1,"column":"width","kind":"date"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"table.rows","params":{"table":1,"from":3,"count":2}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.create","params":{"layers":[{"className":"Dense","config":{"units":2,"inputShape":[2]}}]}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.create","params":{"layers":[],"table":1,"seed":3}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.compile","params":{"model":2,"optimizer":{"className":"adam"},"loss":"mse"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.fit","params":{"model":2,"x":{"shape":[4,2],"buffer":0},"y":{"shape":[8,1],"buffer":0},"epochs":1}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.fit","params":{"model":2,"epochs":1,"validationSplit":0.5,"earlyStopping":{"patience":1}}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.predict","params":{"model":2,"x":{"shape":[4,2],"buffer":0}}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.evaluate","params":{"model":2,"x":{"shape":[4,2],"buffer":0},"y":{"shape":[8],"buffer":0}}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.setWeights","params":{"model":2,"tensors":[{"shape":[8],"buffer":0}]}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.load","params":{"buffer":0}}`,
		`{"jsonrpc":"2.0","id":1,"method":"model.row","params":{"model":2,"values":{"width":"1"}}}`,
		`{"jsonrpc":"2.0","method":"cancel","params":{"id":1}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var m Message
		isRequest := Decode(text, &m) == nil && m.ID > 0 && m.Method != "" && m.JSONRPC == "2.0"
		if isRequest && m.Method == methodPanics || m.Method == NotifyQuit || tooMuch(m) {
			t.Skip("breaks an invariant on purpose, ends the engine, or asks for hours of work")
		}
		answers := make(chan Message, 16)
		e := New(Host{Post: func(p Packet) {
			var a Message
			require.NoError(t, Decode(p.Text, &a))
			if a.ID > 0 && a.Method == "" {
				answers <- a
			}
		}})
		e.greeted, e.limit = true, 1<<22
		require.NoError(t, open(e))
		go e.Serve(t.Context())
		e.Receive(Packet{Text: text, Buffers: []Buffer{floats(0, 1, 2, 3, 4, 5, 6, 7)}, Blobs: []Blob{file{name: "f", text: "a,b\n1,2\n"}}})
		if !isRequest {
			return
		}
		a := <-answers
		require.Equal(t, m.ID, a.ID)
		if a.Error != nil {
			require.NotEqual(t, ErrorInternal, a.Error.Data.Code, a.Error.Message)
			require.NotEmpty(t, a.Error.Message)
		}
	})
}

// tooMuch tells whether a request would train longer than a fuzzer should wait.
func tooMuch(m Message) bool {
	var p FitParams
	return m.Method == MethodModelFit && Decode(m.Params, &p) == nil && p.Epochs > 100
}

// open gives an engine a prepared table, 1, and a compiled model, 2.
func open(e *Engine) error {
	for _, request := range []struct {
		method string
		params any
	}{
		{MethodTableOpen, OpenParams{Text: flowers(60)}},
		{MethodModelCreate, CreateParams{Layers: []Layer{{ClassName: "Dense", Config: []byte(`{"units":1,"inputShape":[2]}`)}}}},
		{MethodModelCompile, CompileParams{Model: 2, Optimizer: Optimizer{ClassName: "sgd"}, Loss: Loss{ClassName: "mse"}}},
	} {
		j := newJob(e, Message{ID: 1, Method: request.method, Params: jsonOf(request.params)}, Packet{})
		if _, err := j.handle(); err != nil {
			return err
		}
	}
	return nil
}
