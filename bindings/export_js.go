package bindings

import "syscall/js"

// This file alone makes functions of Go callable from JavaScript. Whoever adds a
// listener gets back the function that removes and releases it.

// liveFuncs counts the functions that have not been released: a test compares it.
var liveFuncs int

// export makes a function of Go one of JavaScript, which release takes back.
func export(f func(arg js.Value)) (fn js.Func, release func()) {
	liveFuncs++
	fn = js.FuncOf(func(_ js.Value, args []js.Value) any {
		f(args[0])
		return nil
	})
	return fn, func() {
		liveFuncs--
		fn.Release()
	}
}

// listen calls f for each event of a type. f runs on the event loop: it must not
// block. remove ends that.
func listen(target js.Value, event string, f func(event js.Value)) (remove func()) {
	fn, release := export(f)
	target.Call("addEventListener", event, fn)
	return func() {
		target.Call("removeEventListener", event, fn)
		release()
	}
}

// await waits until a promise is settled; a rejection is an error of type js.Error.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	settled := make(chan outcome, 1)
	fulfil, release := export(func(v js.Value) { settled <- outcome{value: v} })
	defer release()
	reject, release := export(func(v js.Value) { settled <- outcome{err: js.Error{Value: v}} })
	defer release()
	promise.Call("then", fulfil, reject)
	o := <-settled
	return o.value, o.err
}

// try runs f and returns what it threw in JavaScript. Any other panic is a bug of
// ours, and goes on.
func try(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case js.Error:
			err = r
		default:
			panic(r)
		}
	}()
	f()
	return nil
}
