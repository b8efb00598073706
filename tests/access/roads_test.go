//go:build browser

package access

import "testing"

// The page of images: sets, the drawing pad, a model, its mistakes, and why it answers so.
func TestImages(t *testing.T) {
	v := visitPage(t, "images.html")
	v.WaitFor(`document.querySelector('#samples button:enabled')`)
	v.check("empty")
	v.press("#samples button")
	v.WaitFor(`document.querySelector('#variations canvas') && document.querySelector('#classes canvas')?.painted`)
	v.check("a set is open")
	v.train("2")
	v.WaitFor(`document.querySelector('#score-interval')`)
	v.press(`#confusion .cell`)
	v.WaitFor(`document.querySelector('#wrong-view canvas')`)
	v.Eval(`(() => {
		const pad = document.getElementById('pad-try'), box = pad.getBoundingClientRect();
		pad.setPointerCapture = () => {};
		for (const [type, x] of [['pointerdown', 0.2], ['pointermove', 0.8], ['pointerup', 0.8]]) pad.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, clientX: box.left + x * box.width, clientY: box.top + x * box.height }));
	})()`, nil)
	v.WaitFor(`document.querySelector('#predicted')`)
	v.press("#pixels-ask")
	v.WaitFor(`document.querySelector('#pixels-figure canvas')`)
	v.check("a picture is judged and explained")
}

// The camera of the page of images: at rest, while it takes pictures, with what it took,
// and where there is none.
func TestCamera(t *testing.T) {
	v := visitPage(t, "images.html", "use-fake-device-for-media-stream", "use-fake-ui-for-media-stream")
	v.set("camera-class", "test card")
	v.WaitFor(`document.querySelector('#camera-hold:enabled')`)
	v.check("the camera is offered")
	v.Eval(`void document.querySelector('#camera-hold').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))`, nil)
	v.WaitFor(`document.querySelector('#camera').currentTime > 0.3`)
	v.check("the camera looks")
	v.Eval(`void document.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }))`, nil)
	v.WaitFor(`document.querySelector('#classes canvas')?.painted && document.querySelector('#camera').srcObject === null`)
	v.check("the camera has taken pictures")

	none := visitPage(t, "images.html") // and nobody who would allow one
	none.WaitFor(`document.querySelector('#camera-hold:enabled')`)
	none.Eval(`void document.querySelector('#camera-hold').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))`, nil)
	none.WaitFor(`document.querySelector('.problem[id^=problem-]')`)
	none.check("there is no camera")
}

// The page of texts: a set, a model, why a text is judged so, and a model that writes.
func TestTexts(t *testing.T) {
	v := visitPage(t, "text.html")
	v.WaitFor(`document.querySelector('#samples button:enabled')`)
	v.check("empty")
	v.press("#sample-messages")
	v.WaitFor(`document.querySelector('#records .cleaned') && document.querySelector('#tokens .token')`)
	v.check("a set is open")
	v.train("3")
	v.press(`#confusion .cell`)
	v.WaitFor(`document.querySelector('#wrong-view .record')`)
	v.set("try-text", "WINNER!! Claim your prize now, call zebrafish")
	v.WaitFor(`document.querySelector('#why mark')`)
	v.check("a text is judged and explained")
	v.press("#write-sample-tales")
	v.WaitFor(`document.querySelector('#write-read-said')?.textContent.includes('characters')`)
	v.press("#write-train")
	v.WaitFor(`document.querySelector('#write-live .raw') && document.querySelector('#plot-writing')`)
	v.press("#write-stop")
	v.WaitFor(`document.querySelector('#written')?.textContent.length >= 300 && document.querySelector('#write-go').matches(':enabled')`)
	v.check("a model has written")
}

// The page of series: a plan, a model, its test in time, and a forecast.
func TestSeries(t *testing.T) {
	v := visitPage(t, "series.html")
	v.WaitFor(`document.querySelector('#samples button:enabled')`)
	v.check("empty")
	v.press("#sample-visitors")
	v.WaitFor(`document.querySelectorAll('#plots figure').length === 3 && document.querySelector('#split-plot')`)
	v.check("series are open")
	v.press("#sample-sales")
	v.WaitFor(`document.querySelectorAll('#plots figure').length === 1`)
	v.train("5")
	v.WaitFor(`document.querySelector('#rules tr[data-rule]') && document.querySelector('#backtest-plot') && document.querySelector('#forecast-plot')`)
	v.check("forecast")
}

// The playground: at rest, while it plays, and with an empty plane.
func TestPlaygroundPage(t *testing.T) {
	v := visitPage(t, "playground.html#hidden=4-3")
	v.WaitFor(`document.querySelector('#plane canvas')?.painted`)
	v.check("at rest")
	v.press("#play")
	v.WaitFor(`Number(document.querySelector('#play-epoch').dataset.value) > 20`)
	v.check("it plays")
	v.press("#play-clear")
	v.WaitFor(`document.querySelector('#play-draw-hint')`)
	v.check("the plane is empty")
}
