//go:build browser

package browser

import (
	"fmt"
	"testing"
	"time"
)

// Click presses the middle of an element with the mouse, as a person does: what lies over
// it gets the click.
func (f *Firefox) Click(selector string) {
	f.t.Helper()
	var at struct{ X, Y float64 }
	f.Eval(fmt.Sprintf(`(async () => {
		let last, place;
		do { // until the page rests
			const e = document.querySelector(%q);
			e.scrollIntoView({ block: 'center', behavior: 'instant' });
			last = place;
			await new Promise((resolve) => setTimeout(resolve, 200));
			const r = e.getBoundingClientRect();
			place = [r.x + r.width / 2, r.y + r.height / 2];
		} while (String(place) !== String(last));
		return { X: place[0], Y: place[1] };
	})()`, selector), &at)
	f.call("input.performActions", map[string]any{"context": f.context, "actions": []any{map[string]any{
		"type": "pointer", "id": "mouse", "actions": []any{
			map[string]any{"type": "pointerMove", "x": int(at.X), "y": int(at.Y)},
			map[string]any{"type": "pointerDown", "button": 0},
			map[string]any{"type": "pointerUp", "button": 0},
		}}}}, nil)
}

// Type gives a field another text by the keyboard, and leaves the field.
func (f *Firefox) Type(selector, text string) {
	f.t.Helper()
	f.Eval(fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.focus(); e.select(); })()`, selector), nil)
	var keys []any
	for _, r := range text + "\ue004" { // Tab
		keys = append(keys, map[string]any{"type": "keyDown", "value": string(r)}, map[string]any{"type": "keyUp", "value": string(r)})
	}
	f.call("input.performActions", map[string]any{"context": f.context, "actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": keys}}}, nil)
}

// WaitFor waits until an expression of the page is true, and says what was there instead.
func (f *Firefox) WaitFor(expression string) {
	f.t.Helper()
	end := time.Now().Add(time.Hour)
	if t, ok := f.t.(*testing.T); ok {
		if deadline, ok := t.Deadline(); ok {
			end = deadline.Add(-10 * time.Second)
		}
	}
	for is := false; !is; time.Sleep(50 * time.Millisecond) {
		f.Eval(`Boolean(`+expression+`)`, &is)
		if !is && time.Now().After(end) {
			var shown string
			f.Eval(`document.body.innerText`, &shown)
			f.t.Fatalf("Firefox waited in vain for %s; what was there instead: %s", expression, shown)
		}
	}
}
