//go:build browser

package tests

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// A longest is the task of the page's own thread that computed for longest, and the one that
// took longest by the clock: on a busy machine that is another.
type longest struct{ cpu, wall browser.Task }

func longestOf(tasks []browser.Task) (l longest) {
	for _, task := range tasks {
		if task.CPU > l.cpu.CPU {
			l.cpu = task
		}
		if task.Wall > l.wall.Wall {
			l.wall = task
		}
	}
	return l
}

// afterTraining is what each road shows by itself once it has tested.
var afterTraining = map[string]string{
	"tables": `document.querySelector('#score-interval')`,
	"images": `document.querySelector('#score-interval')`,
	"text":   `document.querySelector('#score-interval')`,
	"series": `document.querySelector('#backtest-plot .interval') && document.querySelector('#forecast-plot .interval')`,
}

// BenchmarkTasks tells how free the page's own thread is (contract C6: no task computes for
// over 50 ms): the longest task in ms, as computed and by the clock, and how many there
// were. Each road goes from the first look, code that never ran before, to a trained model
// and its test; a model learns to write, and writes meanwhile; the playground plays as
// fast as it can, with the picture of every unit of a large network.
func BenchmarkTasks(b *testing.B) {
	site, chromium := browser.Site(b, nil)+"/deep/site/", browser.Chromium(b)
	for name, w := range walks {
		b.Run(name, func(b *testing.B) {
			benchTasks(b, func() []browser.Task { return tasksOfRoad(b, chromium, site, name, w) })
		})
	}
	b.Run("writing", func(b *testing.B) {
		benchTasks(b, func() []browser.Task {
			s := newDesk(b)
			stop := s.Tasks()
			s.press("write-sample-tales")
			s.WaitFor(`document.querySelector('#write-read-said')?.textContent.includes('characters')`)
			s.press("write-train")
			s.WaitFor(`document.querySelectorAll('#write-live .record').length >= 3 && document.querySelector('#plot-writing')`)
			s.press("write-stop")
			s.WaitFor(`document.querySelector('#write-ended') && document.querySelector('#written')?.textContent.length >= 300 && document.querySelector('#write-go:enabled')`)
			return stop()
		})
	})
	b.Run("playground", func(b *testing.B) {
		benchTasks(b, func() []browser.Task {
			s := openCourt(b, "#data=spirals&hidden=8-8-8&show=x-y-xx-yy-xy")
			stop := s.Tasks()
			s.set("play-speed", "fast")
			s.press("play")
			s.WaitFor(`Number(document.querySelector('#play-epoch').dataset.value) > 300`)
			s.press("play")
			return stop()
		})
	})
}

func tasksOfRoad(b *testing.B, chromium context.Context, site, name string, w walk) []browser.Task {
	s := openStudio(b, chromium, site+w.page)
	stop := s.Tasks()
	s.pressAt(w.sample)
	s.WaitFor(w.complete + ` && document.querySelector('#seed')`)
	if name == "images" {
		s.set("epochs", "4") // its own number takes long
	}
	require.Greater(b, s.train(1), 0.0)
	s.WaitFor(afterTraining[name])
	return stop()
}

func benchTasks(b *testing.B, walk func() []browser.Task) {
	tasks := walk()
	for b.Loop() { // the browser has counted
	}
	l := longestOf(tasks)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ms(l.cpu.CPU), "longest-ms")
	b.ReportMetric(ms(l.wall.Wall), "longest-clock-ms")
	b.ReportMetric(float64(len(tasks)), "tasks")
}
