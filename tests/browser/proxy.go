//go:build browser

package browser

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A Proxy writes down every request that a browser makes, of its pages and of their
// workers: a page's own network events leave the workers' out. It answers for one
// server, and lets nothing further.
type Proxy struct {
	URL string

	mu   sync.Mutex
	seen []string
}

// NewProxy starts a proxy that reaches the server alone.
func NewProxy(t testing.TB, server string) *Proxy {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.forward(w, r, target.Host) }))
	t.Cleanup(proxy.Close)
	p.URL = proxy.URL
	return p
}

// Settings make a Chromium send everything through the proxy. By itself it would
// leave out what goes to this machine.
func (p *Proxy) Settings() []string {
	return []string{"proxy-server=" + p.URL, "proxy-bypass-list=<-loopback>"}
}

// Seen is what was asked for until now: "GET http://host/path", or "CONNECT
// host:443" for what would be encrypted.
func (p *Proxy) Seen() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.seen)
}

// Strange picks from what was seen all that is not a plain GET of one of the files
// of the site, each by its full address and without a query that could carry data.
func Strange(seen, files []string) []string {
	return slices.DeleteFunc(slices.Clone(seen), func(request string) bool {
		address, get := strings.CutPrefix(request, "GET ")
		return get && slices.Contains(files, address)
	})
}

func (p *Proxy) forward(w http.ResponseWriter, r *http.Request, reachable string) {
	if strings.HasPrefix(r.RequestURI, nowhere) {
		http.Error(w, "the browser's own talk", http.StatusForbidden) // see Chromium
		return
	}
	target := r.RequestURI // absolute for a proxy; host:port for CONNECT
	p.mu.Lock()
	p.seen = append(p.seen, r.Method+" "+target)
	p.mu.Unlock()
	if r.Method == http.MethodConnect || r.URL.Host != reachable {
		http.Error(w, "the test's proxy lets nothing out", http.StatusForbidden)
		return
	}
	request := r.Clone(r.Context())
	request.RequestURI = ""
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	io.Copy(w, response.Body) // a browser that went away is no failure of the test
}
