//go:build browser

package browser

import (
	"context"
	"encoding/json"
	"time"

	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// A Task is what a page's own thread did in one go: meanwhile the page answers nobody.
type Task struct {
	Start time.Duration // since the watch began
	Wall  time.Duration // from its beginning to its end, as a person waits
	CPU   time.Duration // that the thread computed: what other programs did meanwhile is not in it
}

// event is a line of the browser's trace, times in µs.
type event struct {
	Name      string  `json:"name"`
	Process   int     `json:"pid"`
	Thread    int     `json:"tid"`
	At        float64 `json:"ts"`
	Dur       float64 `json:"dur"`
	ThreadDur float64 `json:"tdur"`
}

// watchEnds is the mark by which the page's own thread is known among all of the trace.
const watchEnds = "terrarium: the watch ends"

// Tasks has the browser write down what the page's own thread does until stop is called.
// Stop makes a long task as the last one, and fails the test if that was not seen: a watch
// that sees nothing would praise every page.
func (p *Page) Tasks() (stop func() []Task) {
	p.t.Helper()
	var events []event
	complete := make(chan struct{})
	chromedp.ListenTarget(p.Ctx, func(e any) {
		switch e := e.(type) {
		case *tracing.EventDataCollected:
			for _, line := range e.Value {
				var one event
				if json.Unmarshal(line, &one) == nil && (one.Name == "RunTask" || one.Name == watchEnds) {
					events = append(events, one)
				}
			}
		case *tracing.EventTracingComplete:
			close(complete)
		}
	})
	p.Run(tracing.Start().WithTransferMode(tracing.TransferModeReportEvents).WithTraceConfig(&tracing.TraceConfig{
		RecordMode:         tracing.RecordModeRecordContinuously,
		ExcludedCategories: []string{"*"},
		IncludedCategories: []string{"disabled-by-default-devtools.timeline", "blink.user_timing"},
	}))
	return func() []Task {
		p.t.Helper()
		// A fixed amount of work, not a time: on a busy machine little is computed in a while.
		// The trace has a task once it has ended: hence the others after it.
		p.Eval(`new Promise((done) => setTimeout(() => {
			performance.mark('`+watchEnds+`');
			let x = 1;
			for (let i = 0; i < 5e8; i++) x = x * 5 | 1;
			setTimeout(() => setTimeout(done, 0, x));
		}))`, nil)
		p.Run(chromedp.ActionFunc(func(ctx context.Context) error { return tracing.End().Do(ctx) }))
		<-complete
		return tasksOf(p.t, events)
	}
}

// tasksOf picks the tasks of the thread that made the mark, without the one that it stands in.
func tasksOf(t require.TestingT, events []event) (tasks []Task) {
	var mark event
	for _, e := range events {
		if e.Name == watchEnds {
			mark = e
		}
	}
	require.NotZero(t, mark.Thread, "the trace lacks the mark")
	micro := func(v float64) time.Duration { return time.Duration(v * float64(time.Microsecond)) }
	var control Task
	first := mark.At
	for _, e := range events {
		if e.Name == "RunTask" && e.Process == mark.Process && e.Thread == mark.Thread {
			first = min(first, e.At)
		}
	}
	for _, e := range events {
		if e.Name != "RunTask" || e.Process != mark.Process || e.Thread != mark.Thread {
			continue
		}
		task := Task{micro(e.At - first), micro(e.Dur), micro(e.ThreadDur)}
		switch {
		case e.At <= mark.At && mark.At <= e.At+e.Dur:
			control = task
		case e.At < mark.At:
			tasks = append(tasks, task)
		}
	}
	require.Greater(t, control.CPU, 50*time.Millisecond, "the control: long tasks are seen")
	require.NotEmpty(t, tasks)
	return tasks
}
