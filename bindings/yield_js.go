package bindings

import "syscall/js"

// newYield returns a function that lets the event loop run once: a message to
// oneself comes back behind what was waiting there. (Gosched does not return to the
// event loop, and timers are clamped to 4 ms.) It is for one goroutine at a time.
func newYield() func() {
	channel := js.Global().Get("MessageChannel").New()
	here, there := channel.Get("port1"), channel.Get("port2")
	post := there.Get("postMessage").Call("bind", there)
	back := make(chan struct{}, 1)
	listen(here, "message", func(js.Value) { back <- struct{}{} }) // for as long as the program runs
	here.Call("start")
	return func() {
		post.Invoke(js.Null())
		<-back
	}
}
