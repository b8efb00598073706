package bindings

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// methodPanics is a method that breaks an invariant, for tests.
const methodPanics = "test.panic"

func init() {
	handlers[methodPanics] = func(*job) (any, error) { panic("an invariant") }
}

// raw sends a text to an engine of its own and returns the answer.
func raw(t *testing.T, text string) Message {
	t.Helper()
	answers := make(chan Message, 1)
	e := New(Host{Post: func(p Packet) {
		var m Message
		require.NoError(t, Decode(p.Text, &m))
		answers <- m
	}})
	e.greeted = true
	go e.Serve(t.Context())
	e.Receive(Packet{Text: []byte(text)})
	return <-answers
}

func TestRefusesWhatIsNoRequest(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		rpc  int
		code string
		says string
	}{
		"no JSON":         {`{"jsonrpc":`, RPCParse, ErrorInternal, "no JSON-RPC"},
		"another version": {`{"jsonrpc":"1.0","id":1,"method":"hello"}`, RPCParse, ErrorInternal, "no JSON-RPC"},
		"unknown member":  {`{"jsonrpc":"2.0","id":1,"method":"hello","parms":{}}`, RPCParse, ErrorInternal, "no JSON-RPC"},
		"unknown method":  {`{"jsonrpc":"2.0","id":1,"method":"model.grow"}`, RPCMethod, tensor.CodeUnsupported, "known are hello, images.classify"},
		"unknown option":  {`{"jsonrpc":"2.0","id":1,"method":"model.fit","params":{"epohcs":1}}`, RPCParams, tensor.CodeOption, `fit: unknown option "epohcs"; known are model, x,`},
		"wrong type":      {`{"jsonrpc":"2.0","id":1,"method":"model.fit","params":{"epochs":2.5}}`, RPCParams, tensor.CodeOption, `fit: option "epochs": want a whole number, got 2.5`},
		"params no object": {`{"jsonrpc":"2.0","id":1,"method":"model.fit","params":7}`, RPCParams, tensor.CodeOption,
			"fit: want an object of options, got"},
		"no such model":  {`{"jsonrpc":"2.0","id":1,"method":"model.digest","params":{"model":3}}`, RPCTerrarium, tensor.CodeOption, "no open model 3"},
		"no such table":  {`{"jsonrpc":"2.0","id":1,"method":"table.profile","params":{"table":3}}`, RPCTerrarium, tensor.CodeOption, "no open table 3"},
		"no such buffer": {`{"jsonrpc":"2.0","id":1,"method":"model.load","params":{"buffer":0}}`, RPCParams, tensor.CodeOption, "buffer 0 is missing"},
		"no such blob":   {`{"jsonrpc":"2.0","id":1,"method":"table.open","params":{"blob":-1}}`, RPCParams, tensor.CodeOption, "blob -1 is missing"},
		"panic":          {`{"jsonrpc":"2.0","id":1,"method":"test.panic"}`, RPCInternal, ErrorInternal, "please report this"},
		"other protocol": {`{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":99}}`, RPCTerrarium, tensor.CodeUnsupported, "reload the page"},
		"no storage":     {`{"jsonrpc":"2.0","id":1,"method":"store.list"}`, RPCTerrarium, tensor.CodeQuota, "download the model as a file"},
	} {
		t.Run(name, func(t *testing.T) {
			m := raw(t, c.text)
			require.NotNil(t, m.Error)
			require.Equal(t, c.rpc, m.Error.Code)
			require.Equal(t, c.code, m.Error.Data.Code)
			require.Contains(t, m.Error.Message, c.says)
			require.Empty(t, m.Result)
		})
	}
}

func TestGreetingComesFirst(t *testing.T) {
	b := newColdBench(t)
	b.refused(tensor.CodeUnsupported, MethodStoreList, Empty{})
	b.call(MethodHello, HelloParams{Protocol: Protocol}, nil)
	b.call(MethodStoreList, Empty{}, nil)
}

// A panic ends its request only.
func TestGoesOnAfterPanic(t *testing.T) {
	b := newBench(t)
	id := b.xorModel(1)
	require.Equal(t, RPCInternal, b.refused(ErrorInternal, methodPanics, Empty{}).Code)
	b.call(MethodModelDigest, ModelParams{id}, nil)
}

func TestSameIDTwice(t *testing.T) {
	b := newBench(t)
	params, buffers := fitXOR(b.xorModel(1), 1<<30)
	running := b.begin(params, buffers)
	answers := make(chan Message, 1)
	post := b.engine.host.Post
	b.engine.acquire() // so that Post may be exchanged
	b.engine.host.Post = func(p Packet) {
		var m Message
		if Decode(p.Text, &m) == nil && m.Error != nil && m.Error.Code == RPCRequest {
			answers <- m
			return
		}
		post(p)
	}
	b.engine.release()
	text, err := Encode(Message{JSONRPC: "2.0", ID: running.id, Method: MethodStoreList})
	require.NoError(t, err)
	b.engine.Receive(Packet{Text: text})
	require.Contains(t, (<-answers).Error.Message, "not answered yet")
	running.stop(false)
}

// Cancelling reaches a request that has not begun.
func TestCancelWhileQueued(t *testing.T) {
	b := newBench(t)
	b.engine.acquire() // the engine is busy
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := b.do(ctx, call{Method: MethodStoreList})
		failed <- err
	}()
	cancel()
	for { // until the cancel has been sent: it is behind the request
		b.engine.mu.Lock()
		cancelled := len(b.engine.jobs) == 1
		for _, j := range b.engine.jobs {
			cancelled = cancelled && j.ctx.Err() != nil
		}
		b.engine.mu.Unlock()
		if cancelled {
			break
		}
		time.Sleep(time.Millisecond)
	}
	b.engine.release()
	var refusal *Error
	require.ErrorAs(t, <-failed, &refusal)
	require.Equal(t, tensor.CodeAborted, refusal.Data.Code)
}

func TestQuitEndsServe(t *testing.T) {
	e := New(Host{Post: func(Packet) {}})
	ended := make(chan struct{})
	go func() { e.Serve(context.Background()); close(ended) }()
	for range 2 {
		e.Receive(Packet{Text: []byte(`{"jsonrpc":"2.0","method":"quit"}`)})
	}
	<-ended
}

func TestNonFiniteNumbersTravelAsNull(t *testing.T) {
	nan := Logs{"a": 1, "b": float64NaN()}
	text, err := Encode(nan)
	require.NoError(t, err)
	require.Equal(t, `{"a":1,"b":null}`, string(text))
	var back Logs
	require.NoError(t, Decode(text, &back))
	require.Equal(t, 1.0, back["a"])
	require.True(t, back["b"] != back["b"])
	var result FitResult
	require.NoError(t, Decode([]byte(`{"history":{"loss":[1,null]}}`), &result))
	require.True(t, result.History["loss"][1] != result.History["loss"][1])
}

func float64NaN() float64 { zero := 0.0; return zero / zero }

// The JSON names of every struct that a method takes are plain camelCase.
func TestNamesOnTheWire(t *testing.T) {
	for method, h := range handlers {
		if strings.HasPrefix(method, "test.") {
			continue
		}
		require.NotNil(t, h, method)
	}
	require.Equal(t, json.RawMessage(`{"id":1,"keep":true}`), jsonOf(CancelParams{ID: 1, Keep: true}))
}
