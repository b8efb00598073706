package page

import (
	"errors"
	"strings"
	"syscall/js"
)

var _ warden = (*browserScreen)(nil)

func (s *browserScreen) Present(id string) bool { return s.surface.doc.GetElementByID(id) != nil }

// promised waits for a promise; ok is false where there is none, or it was broken.
func promised(make func() js.Value) (value js.Value, ok bool) {
	return answered(func(yes, no js.Func) {
		defer func() {
			if recover() != nil { // the browser refuses at once, as in some private windows
				no.Invoke()
			}
		}()
		if p := make(); p.Truthy() {
			p.Call("then", yes, no)
		} else {
			no.Invoke()
		}
	})
}

// part returns a part of navigator or of the window, or an undefined value.
func part(names ...string) js.Value {
	v := js.Global()
	for _, name := range names {
		if v = v.Get(name); !v.Truthy() {
			return js.Undefined()
		}
	}
	return v
}

func (s *browserScreen) Persist() bool {
	granted, ok := promised(func() js.Value {
		if storage := part("navigator", "storage"); storage.Truthy() {
			return storage.Call("persist")
		}
		return js.Undefined()
	})
	return ok && granted.Truthy()
}

// Recall and Remember use localStorage, which a browser may refuse.
func (s *browserScreen) Recall(key string) (value string) {
	defer func() { recover() }()
	if v := js.Global().Get("localStorage").Call("getItem", key); v.Type() == js.TypeString {
		value = v.String()
	}
	return value
}

func (s *browserScreen) Remember(key, value string) {
	defer func() { recover() }()
	if store := js.Global().Get("localStorage"); value == "" {
		store.Call("removeItem", key)
	} else {
		store.Call("setItem", key, value)
	}
}

// OnRequest listens to the browser's list of what the page asked for, and to its refusals,
// for as long as the page lives.
func (s *browserScreen) OnRequest(changed func()) {
	s.since = js.Global().Get("performance").Call("now").Float()
	// The page's own icon, which stands in its top bar and in its manifest, is fetched by the
	// browser for the latter when it likes to.
	icon := ""
	if mark := s.surface.doc.Underlying().Call("querySelector", `img[src*="icon"]`); mark.Truthy() {
		icon = mark.Get("src").String()
	}
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		list := args[0].Call("getEntries")
		for i := range list.Length() {
			e := list.Index(i)
			if name := e.Get("name").String(); e.Get("startTime").Float() >= s.since && name != icon && ofTheWeb(name) {
				s.made++
			}
		}
		changed()
		return nil
	})
	if observer := js.Global().Get("PerformanceObserver"); observer.Truthy() {
		observer.New(f).Call("observe", map[string]any{"type": "resource"})
	}
	listen(s.surface.doc.Underlying(), "securitypolicyviolation", func(js.Value) {
		s.refused++
		changed()
	})
}

// ofTheWeb tells an address that leaves the browser from one of its own, as blob: and data:
// are.
func ofTheWeb(address string) bool {
	for _, scheme := range []string{"http:", "https:", "ws:", "wss:"} {
		if strings.HasPrefix(address, scheme) {
			return true
		}
	}
	return false
}

func (s *browserScreen) Requests() (made, refused int) { return s.made, s.refused }

// serviceWorkers is navigator.serviceWorker, which insecure addresses lack.
func serviceWorkers() js.Value { return part("navigator", "serviceWorker") }

func (s *browserScreen) registration() js.Value {
	r, ok := promised(func() js.Value {
		if workers := serviceWorkers(); workers.Truthy() {
			return workers.Call("getRegistration")
		}
		return js.Undefined()
	})
	if !ok || !r.Truthy() {
		return js.Undefined()
	}
	return r
}

func (s *browserScreen) Offline() bool {
	r := s.registration()
	return r.Truthy() && r.Get("active").Truthy()
}

// GoOffline registers sw.js, and waits until that has all files.
func (s *browserScreen) GoOffline() error {
	workers := serviceWorkers()
	if !workers.Truthy() {
		return errors.New("this browser does so only for addresses that begin with https://")
	}
	r, ok := promised(func() js.Value {
		return workers.Call("register", "sw.js", map[string]any{"updateViaCache": "none"})
	})
	if !ok {
		return errors.New(reasonOf(r))
	}
	worker := r.Get("installing")
	if !worker.Truthy() {
		worker = r.Get("waiting")
	}
	if !worker.Truthy() {
		return nil // it was there already
	}
	ended := make(chan string, 1)
	look := func(js.Value) {
		switch state := worker.Get("state").String(); state {
		case "activated", "redundant":
			select {
			case ended <- state:
			default:
			}
		}
	}
	defer listen(worker, "statechange", look)()
	look(js.Value{})
	if <-ended == "redundant" {
		return errors.New("one of them did not come. Is the server still there?")
	}
	return nil
}

func reasonOf(err js.Value) string {
	if err.Type() == js.TypeObject {
		if text := err.Get("message"); text.Type() == js.TypeString {
			return text.String()
		}
	}
	return "the browser refused"
}

// Forget removes the service worker, the files that it kept, and the settings.
func (s *browserScreen) Forget() error {
	if r := s.registration(); r.Truthy() {
		scope := r.Get("scope").String()
		if _, ok := promised(func() js.Value { return r.Call("unregister") }); !ok {
			return errors.New("the browser did not let go of the site’s kept files")
		}
		names, _ := promised(func() js.Value { return js.Global().Get("caches").Call("keys") })
		for i := 0; names.Truthy() && i < names.Length(); i++ {
			if name := names.Index(i).String(); strings.HasPrefix(name, "terrarium "+scope+" ") {
				promised(func() js.Value { return js.Global().Get("caches").Call("delete", name) })
			}
		}
	}
	s.Remember(settingKeep, "")
	return nil
}

func (s *browserScreen) DownloadPage(name, markup string) { s.Download(name, []byte(markup)) }
