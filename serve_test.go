package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/site/host"
)

// Each page's own policy, for hosts that send no headers, is the server's word for
// word.
func TestPolicyStandsInEveryPage(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("site", "*.html"))
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		assert.Contains(t, string(text), `content="`+host.Policy+`"`, page)
	}
}

func TestServeUntilTheContextEnds(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte("<p>here"), 0o644))
	listener, err := listen("127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, dir, listener) }()

	r, err := http.Get(address(listener.Addr()))
	require.NoError(t, err)
	body, err := io.ReadAll(r.Body)
	require.NoError(t, errors.Join(err, r.Body.Close()))
	assert.Equal(t, "<p>here", string(body))
	cancel()
	require.NoError(t, <-ended)
}

func TestListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, err = listen(taken.Addr().String())
	require.ErrorContains(t, err, "choose another address with -addr")

	// The default address may be taken: there is always another one.
	first, err := listen(defaultAddr)
	require.NoError(t, err)
	defer first.Close()
	second, err := listen(defaultAddr)
	require.NoError(t, err)
	defer second.Close()
	assert.NotEqual(t, first.Addr(), second.Addr())
	assert.True(t, second.Addr().(*net.TCPAddr).IP.IsLoopback())
}

func TestAddress(t *testing.T) {
	assert.Equal(t, "http://127.0.0.1:80/", address(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}))
	assert.Equal(t, "http://localhost:9000/", address(&net.TCPAddr{IP: net.IPv6zero, Port: 9000}), "all of the machine's addresses")
}

func TestCommands(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"-build=false", "sell"}), `no command "sell"; there are build, dist and size`)
	require.NoError(t, run(t.Context(), []string{"-build=false", "build"}))
	require.NoError(t, run(t.Context(), []string{"-h"}))
	require.Error(t, run(t.Context(), []string{"-nonsense"}))
}
