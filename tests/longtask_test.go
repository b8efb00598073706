//go:build browser

package tests

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/terrarium-ml/terrarium/tests/browser"
)

// tellTasks tells how long the longest tasks of the page's own thread were, and whether the
// page or the machine made them long. By contract C6 none computes for over 50 ms; as with
// every time, no test fails for it.
func tellTasks(t *testing.T, what string, tasks []browser.Task) {
	t.Helper()
	var wall, cpu browser.Task
	over := ""
	for _, task := range tasks {
		if task.Wall > wall.Wall {
			wall = task
		}
		if task.CPU > cpu.CPU {
			cpu = task
		}
		if task.CPU > 50*time.Millisecond {
			over += fmt.Sprintf("\n\tcomputed for %v at %v", task.CPU.Round(time.Millisecond), task.Start.Round(time.Millisecond))
		}
	}
	t.Logf("%s: of %d tasks of the page's thread one computed for %v at most (%v with waiting); the longest by the clock was %v (%v computed)%s", what, len(tasks),
		cpu.CPU.Round(time.Millisecond), cpu.Wall.Round(time.Millisecond), wall.Wall.Round(time.Millisecond), wall.CPU.Round(time.Millisecond), over)
}

// afterTraining is what each road shows by itself once it has tested.
var afterTraining = map[string]string{
	"tables": `document.querySelector('#score-interval')`,
	"images": `document.querySelector('#score-interval')`,
	"text":   `document.querySelector('#score-interval')`,
	"series": `document.querySelector('#backtest-plot .interval') && document.querySelector('#forecast-plot .interval')`,
}

// From the first look, code that never ran before, to a trained model and its test.
func TestTasksOfEveryRoad(t *testing.T) {
	site, chromium := browser.Site(t, nil)+"/deep/site/", browser.Chromium(t)
	for name, w := range walks {
		t.Run(name, func(t *testing.T) {
			s := openStudio(t, chromium, site+w.page)
			stop := s.Tasks()
			s.pressAt(w.sample)
			s.WaitFor(w.complete + ` && document.querySelector('#seed')`)
			if name == "images" {
				s.set("epochs", "4") // its own number takes long
			}
			assert.Greater(t, s.train(1), 0.0)
			s.WaitFor(afterTraining[name])
			tellTasks(t, name, stop())
		})
	}
}

// A model that learns to write, and writes meanwhile.
func TestTasksOfWriting(t *testing.T) {
	s := newDesk(t)
	stop := s.Tasks()
	s.press("write-sample-tales")
	s.WaitFor(`document.querySelector('#write-read-said')?.textContent.includes('characters')`)
	s.press("write-train")
	s.WaitFor(`document.querySelectorAll('#write-live .record').length >= 3 && document.querySelector('#plot-writing')`)
	s.press("write-stop")
	s.WaitFor(`document.querySelector('#write-ended') && document.querySelector('#written')?.textContent.length >= 300 && document.querySelector('#write-go:enabled')`)
	tellTasks(t, "writing", stop())
}

// The playground plays as fast as it can, with the picture of every unit of a large network.
func TestTasksOfThePlayground(t *testing.T) {
	s := openCourt(t, "#data=spirals&hidden=8-8-8&show=x-y-xx-yy-xy")
	stop := s.Tasks()
	s.set("play-speed", "fast")
	s.press("play")
	s.WaitFor(`Number(document.querySelector('#play-epoch').dataset.value) > 300`)
	s.press("play")
	require.Greater(t, s.epoch(), 300)
	tellTasks(t, "playground", stop())
}
