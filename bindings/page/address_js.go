package page

import "syscall/js"

// reserved are parts of an address that boot.js reads.
var reserved = []string{"simd", "kernels", "lang"}

// Settings is what stands behind the ? of the page's address.
func (s *browserScreen) Settings() string {
	search := js.Global().Get("location").Get("search").String()
	if search == "" {
		return ""
	}
	return search[1:]
}

// SetSettings puts settings there, without a step in the history. What boot.js reads stays.
func (s *browserScreen) SetSettings(text string) {
	at := js.Global().Get("URL").New(js.Global().Get("location").Get("href"))
	was, is := at.Get("searchParams"), js.Global().Get("URLSearchParams").New(text)
	for _, name := range reserved {
		if was.Call("has", name).Bool() {
			is.Call("set", name, was.Call("get", name))
		}
	}
	at.Set("search", is.Call("toString"))
	js.Global().Get("history").Call("replaceState", js.Null(), "", at)
}
