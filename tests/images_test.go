//go:build browser

package tests

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// A gallery is the page of images.
type gallery struct{ *studio }

func newGallery(t testing.TB) *gallery {
	t.Helper()
	chromium := browser.Chromium(t, "use-fake-device-for-media-stream", "use-fake-ui-for-media-stream")
	return &gallery{openStudio(t, chromium, browser.Site(t, nil)+"/deep/site/images.html")}
}

// leaves writes pictures of two kinds of leaf into folders of dir: round ones and long
// ones, green on any ground.
func leaves(t testing.TB, dir string, each int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for _, kind := range []string{"long", "round"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, kind), 0o755))
		for i := range each {
			writeLeaf(t, r, filepath.Join(dir, kind, fmt.Sprintf("%02d.png", i)), kind == "long")
		}
	}
}

func writeLeaf(t testing.TB, r *rand.Rand, path string, long bool) {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 40+r.IntN(20), 40))
	ground := uint8(150 + r.IntN(100))
	cx, cy := float64(m.Rect.Dx())/2, 20.0
	a := 9 + 4*r.Float64()
	b := a
	if long {
		a, b = 16, 3.5+2*r.Float64()
	}
	for y := range 40 {
		for x := range m.Rect.Dx() {
			c := color.NRGBA{ground, ground, ground - 20, 255}
			dx, dy := (float64(x)-cx)/a, (float64(y)-cy)/b
			if dx*dx+dy*dy < 1 {
				c = color.NRGBA{30, uint8(120 + r.IntN(40)), 40, 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, m))
	require.NoError(t, f.Close())
}

// chooseFolder chooses a folder and waits until its pictures are there.
func (s *gallery) chooseFolder(dir string, pictures int) {
	s.t.Helper()
	s.Run(chromedp.SetUploadFiles("#folder", []string{dir}, chromedp.ByQuery))
	s.WaitFor(fmt.Sprintf(`document.querySelector('#data-read')?.textContent.startsWith('%d pictures')`, pictures))
}

// painted counts canvases that show something.
const painted = `[...document.querySelectorAll('.thumb canvas')].filter((c) => c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data[3] === 255).length`

// draw draws a line on a pad, as a pen does.
func (s *gallery) draw(pad string, points ...float64) {
	s.t.Helper()
	s.Eval(`(() => {
		const pad = document.getElementById('`+pad+`');
		pad.scrollIntoView({ block: 'center', behavior: 'instant' });
		pad.setPointerCapture = () => {};
		const box = pad.getBoundingClientRect();
		const points = `+fmt.Sprint(jsNumbers(points))+`;
		const send = (type, i) => pad.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1,
			clientX: box.left + points[i] * box.width, clientY: box.top + points[i + 1] * box.height }));
		send('pointerdown', 0);
		for (let i = 2; i < points.length; i += 2) send('pointermove', i);
		send('pointerup', points.length - 2);
	})()`, nil)
}

func jsNumbers(values []float64) string {
	text := "["
	for _, v := range values {
		text += fmt.Sprintf("%g,", v)
	}
	return text + "]"
}

// From folders to a model that knows a leaf that it never saw, that is saved, and that
// says the same on the next day.
func TestRoadOfImages(t *testing.T) {
	s := newGallery(t)
	dir := filepath.Join(t.TempDir(), "leaves")
	leaves(t, dir, 30)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "long", "notes.png"), []byte("none"), 0o644))
	s.chooseFolder(dir, 60)
	s.WaitFor(`document.querySelector('#skipped').textContent.includes('notes.png')`)
	s.WaitFor(painted + ` >= 24`)
	s.WaitFor(`document.querySelector('#variations canvas')`)
	s.set("side", "24")
	s.set("epochs", "12")
	score := s.train(1)
	assert.Greater(t, score, 0.8)
	assert.Contains(t, s.Text("#verdict"), "test pictures")
	s.pressAt(`#confusion .right .cell`)
	s.WaitFor(`document.querySelector('#wrong-view canvas')`)

	unseen := filepath.Join(t.TempDir(), "new.png")
	writeLeaf(t, rand.New(rand.NewPCG(9, 9)), unseen, true)
	ask := func() string {
		s.Run(chromedp.SetUploadFiles("#try-file", []string{unseen}, chromedp.ByQuery))
		s.WaitFor(`document.querySelector('#predicted') && document.querySelector('.seen canvas')?.painted`)
		var said string
		s.Eval(`JSON.stringify([...document.querySelectorAll('#prediction tr[data-class]')].map((e) => [e.dataset.class, e.dataset.probability]))`, &said)
		return said
	}
	said := ask()
	assert.Equal(t, "long", s.Text("#predicted"))
	s.draw("pad-try", 0.2, 0.2, 0.5, 0.8, 0.8, 0.2)
	s.WaitFor(`document.querySelector('#try-view .said')?.textContent.includes('your drawing')`)

	digest := s.digest()
	s.set("save-name", "Leaves")
	s.press("save")
	s.WaitFor(`document.querySelector('#models li[data-model="Leaves"]')`)
	s.Eval(`void scrollTo({ top: 0, behavior: 'instant' })`, nil)
	s.Screenshot("images-1280")
	s.Size(360, 740, false)
	s.fits("a model of pictures is trained")
	s.Screenshot("images-360")
	s.Size(1280, 900, false)
	s.reload()
	s.onModel("Leaves", "shelf.load")
	s.WaitFor(`document.querySelector('#loaded-model') && document.querySelector('#digest')`)
	assert.Equal(t, digest, s.digest())
	assert.Equal(t, said, ask())
}

// Pictures that only a browser can make or read: from a camera, while its button is held,
// and a WebP that is dropped.
func TestPicturesFromTheBrowser(t *testing.T) {
	s := newGallery(t)
	s.set("camera-class", "test card")
	s.WaitFor(`document.querySelector('#camera-hold:enabled')`)
	s.Eval(`void document.querySelector('#camera-hold').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))`, nil)
	s.WaitFor(`document.querySelector('#camera').currentTime > 0.6`)
	s.Eval(`void document.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }))`, nil)
	s.WaitFor(`document.querySelector('#classes li[data-class-name="test card"] canvas')?.painted`)
	s.WaitFor(`document.querySelector('#camera').srcObject === null`)

	s.Eval(`(async () => {
		const canvas = document.createElement('canvas');
		canvas.width = 300;
		canvas.height = 200;
		const c = canvas.getContext('2d');
		c.fillStyle = 'rgb(200, 30, 60)';
		c.fillRect(0, 0, 300, 200);
		const blob = await new Promise((done) => canvas.toBlob(done, 'image/webp'));
		const transfer = new DataTransfer();
		transfer.items.add(new File([blob], 'red.webp', { type: 'image/webp' }));
		document.querySelector('#step-data').dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
	})()`, nil)
	s.WaitFor(`document.querySelector('#classes li[data-class-name="unsorted"] canvas')?.painted`)
	var colour []int
	s.Eval(`[...document.querySelector('#classes li[data-class-name="unsorted"] canvas').getContext('2d').getImageData(28, 28, 1, 1).data]`, &colour)
	for i, want := range []int{200, 30, 60, 255} {
		assert.InDelta(t, want, colour[i], 6)
	}
	s.draw("pad-add", 0.1, 0.5, 0.9, 0.5)
	s.set("draw-class", "a line")
	s.press("keep-drawing")
	s.WaitFor(`document.querySelector('#classes li[data-class-name="a line"] canvas')?.painted`)
}

// Contract C5 on this page: from the first picture on, nothing is asked for any more.
func TestNoPictureLeaves(t *testing.T) {
	server := browser.Site(t, nil)
	proxy := browser.NewProxy(t, server)
	s := &gallery{openStudio(t, browser.Chromium(t, proxy.Settings()...), server+"/deep/site/images.html")}
	loaded := len(proxy.Seen())
	dir := filepath.Join(t.TempDir(), "leaves")
	leaves(t, dir, 10)
	s.chooseFolder(dir, 20)
	s.set("epochs", "2")
	s.train(1)
	s.draw("pad-try", 0.2, 0.2, 0.8, 0.8)
	s.WaitFor(`document.querySelector('#predicted')`)
	seen := proxy.Seen()
	assert.Empty(t, browser.Strange(seen, siteFiles(t, server+"/deep/site/")))
	assert.Empty(t, seen[loaded:], "the page asked for something after it ran")
}

// Folders that are dropped are walked: each is a class.
func TestDroppedFolders(t *testing.T) {
	s := newGallery(t)
	dir := filepath.Join(t.TempDir(), "leaves")
	leaves(t, dir, 8)
	var at struct{ X, Y float64 }
	s.Eval(`(() => { const b = document.querySelector('.drop').getBoundingClientRect(); return { X: b.left + 20, Y: b.top + 20 }; })()`, &at)
	for _, kind := range []input.DispatchDragEventType{input.DragEnter, input.DragOver, input.Drop} {
		s.Run(input.DispatchDragEvent(kind, at.X, at.Y, &input.DragData{Files: []string{dir}, Items: []*input.DragDataItem{}, DragOperationsMask: 1}))
	}
	s.WaitFor(`document.querySelector('#data-read')?.textContent.startsWith('16 pictures of 2 classes')`)
}
