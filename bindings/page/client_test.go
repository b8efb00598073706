package page

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/bindings"
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// wireTap records what a client sends.
type wireTap struct {
	sent    chan bindings.Message
	breaths int
}

func (w *wireTap) post(rpc string, _ [][]byte, _ []File) {
	var m bindings.Message
	if err := json.Unmarshal([]byte(rpc), &m); err != nil {
		panic(err)
	}
	w.sent <- m
}

func (w *wireTap) breathe() { w.breaths++ }

func TestClientMatchesAnswersByNumber(t *testing.T) {
	tap := &wireTap{sent: make(chan bindings.Message, 4)}
	c := newClient(tap)
	got := make(chan string, 1)
	var notes []string
	go func() {
		var r bindings.DigestResult
		_, err := c.Call(context.Background(), Request{Method: "model.digest", Params: bindings.ModelParams{Model: 7},
			Notify: func(m string, _ json.RawMessage) { notes = append(notes, m) }}, &r)
		if err != nil {
			got <- err.Error()
			return
		}
		got <- r.Digest
	}()
	m := <-tap.sent
	require.Equal(t, "model.digest", m.Method)
	require.JSONEq(t, `{"model":7}`, string(m.Params))
	c.receive(`{"jsonrpc":"2.0","method":"progress","params":{"id":1}}`, nil)
	c.receive(`{"jsonrpc":"2.0","method":"progress","params":{"id":99}}`, nil)
	c.receive(`{"jsonrpc":"2.0","id":99,"result":{}}`, nil)
	c.receive(`{"jsonrpc":"2.0","id":1,"result":{"digest":"abc"}}`, nil)
	require.Equal(t, "abc", <-got)
	require.Equal(t, []string{"progress"}, notes)
}

func TestClientCancelsAndWaitsForTheAnswer(t *testing.T) {
	for _, keep := range []bool{false, true} {
		tap := &wireTap{sent: make(chan bindings.Message, 4)}
		c := newClient(tap)
		ctx, cancel := context.WithCancelCause(context.Background())
		got := make(chan error, 1)
		go func() {
			_, err := c.Call(ctx, Request{Method: "model.fit"}, nil)
			got <- err
		}()
		<-tap.sent
		if keep {
			cancel(errKeep)
		} else {
			cancel(nil)
		}
		var p bindings.CancelParams
		m := <-tap.sent
		require.Equal(t, bindings.NotifyCancel, m.Method)
		require.NoError(t, json.Unmarshal(m.Params, &p))
		require.Equal(t, bindings.CancelParams{ID: 1, Keep: keep}, p)
		c.receive(`{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"Stopped.","data":{"code":"aborted"}}}`, nil)
		require.Equal(t, "aborted", failure(<-got).Data.Code)
	}
}

func TestClientRejectsAllWhenTheEngineIsLost(t *testing.T) {
	tap := &wireTap{sent: make(chan bindings.Message, 4)}
	c := newClient(tap)
	got := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := c.Call(context.Background(), Request{Method: "model.fit"}, nil)
			got <- err
		}()
		<-tap.sent // one after the other: a page has one thread
	}
	c.fail("out of memory")
	require.Equal(t, tensor.CodeEngineLost, failure(<-got).Data.Code)
	require.Equal(t, tensor.CodeEngineLost, failure(<-got).Data.Code)
	_, err := c.Call(context.Background(), Request{Method: "hello"}, nil)
	require.Equal(t, tensor.CodeEngineLost, failure(err).Data.Code)
}

func TestClientBreathesInLongMessages(t *testing.T) {
	tap := &wireTap{sent: make(chan bindings.Message, 4)}
	c := newClient(tap)
	long := `["` + strings.Repeat(`abcdefgh","`, 40000) + `"]`
	var list []string
	require.NoError(t, c.decode(json.RawMessage(long), &list))
	require.Len(t, list, 40001)
	require.Greater(t, tap.breaths, 5)
	tap.breaths = 0
	_, err := c.encode(list)
	require.NoError(t, err)
	require.Greater(t, tap.breaths, 3)
}

func TestWarmingTouchesEveryLargeMessage(t *testing.T) {
	pauses := 0
	warm(func() { pauses++ })
	require.Equal(t, 14, pauses, "one pause after writing and one after reading each")
}
