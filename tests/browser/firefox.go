//go:build browser

package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/stretchr/testify/require"
)

// A Firefox is driven by WebDriver BiDi: JSON messages over a WebSocket, and no
// program in between. The client knows the three commands the tests need.
type Firefox struct {
	t       testing.TB
	conn    io.ReadWriter
	last    int
	context string // the tab
}

// StartFirefox starts Firefox with a fresh profile. Where there is none, the test is
// skipped with a line that says so; with CI=1 it fails.
func StartFirefox(t testing.TB) *Firefox {
	t.Helper()
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		path, err = exec.LookPath("firefox")
	}
	if err != nil {
		const why = "not run: Firefox, it needs the program firefox-esr or firefox"
		if os.Getenv("CI") != "" {
			t.Fatal(why)
		}
		fmt.Println(why)
		t.Skip(why)
	}
	// Firefox refuses a home folder of somebody else's, which root often has.
	home := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-remote", "--profile", home, "--remote-debugging-port", "0")
	cmd.Env = append(os.Environ(), "HOME="+home, "MOZ_HEADLESS=1", "MOZ_CRASHREPORTER_DISABLE=1")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		stop()
		cmd.Wait() // was killed, and says so
	})

	f := &Firefox{t: t, conn: dial(t, listening(t, stderr))}
	f.call("session.new", map[string]any{"capabilities": map[string]any{}}, nil)
	var tree struct {
		Contexts []struct{ Context string }
	}
	f.call("browsingContext.getTree", map[string]any{}, &tree)
	require.NotEmpty(t, tree.Contexts)
	f.context = tree.Contexts[0].Context
	return f
}

// listening waits for the line in which Firefox says where it listens.
func listening(t testing.TB, stderr io.Reader) string {
	t.Helper()
	lines := bufio.NewScanner(stderr)
	var said []string
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "WebDriver BiDi listening on "); ok {
			go io.Copy(io.Discard, stderr) // or it would block one day
			return address
		}
		said = append(said, lines.Text())
	}
	t.Fatalf("Firefox ended before it listened: %s", strings.Join(said, "\n"))
	return ""
}

func dial(t testing.TB, address string) io.ReadWriter {
	t.Helper()
	conn, buffered, _, err := ws.Dial(context.Background(), address+"/session")
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	if buffered == nil {
		return conn
	}
	return struct {
		io.Reader
		io.Writer
	}{buffered, conn}
}

// Open goes to an address and waits until it has loaded.
func (f *Firefox) Open(url string) {
	f.t.Helper()
	f.call("browsingContext.navigate", map[string]any{"context": f.context, "url": url, "wait": "complete"}, nil)
}

// Eval runs an expression in the page, waits for what it promises, and decodes into
// result the JSON text that it must come to.
func (f *Firefox) Eval(expression string, result any) {
	f.t.Helper()
	var answer struct {
		Type             string
		Result           struct{ Type, Value string }
		ExceptionDetails struct{ Text string }
	}
	f.call("script.evaluate", map[string]any{
		"expression": "Promise.resolve(" + expression + ").then((v) => JSON.stringify(v ?? null))",
		"target":     map[string]any{"context": f.context}, "awaitPromise": true,
	}, &answer)
	if answer.Type != "success" {
		f.t.Fatalf("in Firefox: %s", answer.ExceptionDetails.Text)
	}
	if result != nil {
		require.NoError(f.t, json.Unmarshal([]byte(answer.Result.Value), result))
	}
}

// call sends a command and waits for its answer; events in between are passed over.
func (f *Firefox) call(method string, params, result any) {
	f.t.Helper()
	f.last++
	text, err := json.Marshal(map[string]any{"id": f.last, "method": method, "params": params})
	require.NoError(f.t, err)
	require.NoError(f.t, wsutil.WriteClientText(f.conn, text))
	for {
		data, err := wsutil.ReadServerText(f.conn)
		require.NoError(f.t, err)
		var message struct {
			ID             int
			Type           string
			Result         json.RawMessage
			Error, Message string
		}
		require.NoError(f.t, json.Unmarshal(data, &message))
		if message.ID != f.last {
			continue
		}
		if message.Type == "error" {
			f.t.Fatalf("Firefox refuses %s: %s: %s", method, message.Error, message.Message)
		}
		if result != nil {
			require.NoError(f.t, json.Unmarshal(message.Result, result))
		}
		return
	}
}
