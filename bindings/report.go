package bindings

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/terrarium-ml/terrarium/core/train"
)

// A reporter packs what a fit has to say into few messages: every epoch and, where
// asked for, every batch, in order, at most every notifyAfter. It never delays or
// changes training.
type reporter struct {
	job     *job
	columns []string // of a batch's row; nil if batches are not asked for
	values  []float64
	epochs  []EpochLog
	watch   *watcher      // nil: nobody asked for it
	last    time.Duration // when something was sent

	done, total int64 // steps
}

// batchColumns are the first columns of BatchLogs; the metrics follow.
var batchColumns = []string{"epoch", "batch", "size", "loss"}

func newReporter(j *job, m *model, rows int, c train.FitConfig, batches bool) *reporter {
	r := &reporter{job: j, last: j.engine.now()}
	if batches {
		r.columns = append(append(r.columns, batchColumns...), m.train.MetricNames()...)
	}
	if c.ValidationSplit > 0 && c.ValidationSplit < 1 {
		rows = int(float64(rows) * (1 - c.ValidationSplit))
	}
	r.total = int64(c.Epochs) * int64((rows+c.BatchSize-1)/c.BatchSize)
	return r
}

// callback listens to a fit.
func (r *reporter) callback() train.Callback {
	cb := train.Callback{OnEpochEnd: func(_ *train.Model, epoch int, logs train.Logs) error {
		log := EpochLog{Epoch: epoch, Logs: Logs(logs)}
		if w := r.watch; w != nil {
			rate, gradient := w.rate, w.gradient()
			log.Rate, log.Gradient = &rate, &gradient
		}
		r.epochs = append(r.epochs, log)
		return nil
	}}
	if r.columns != nil {
		cb.OnBatchEnd = func(_ *train.Model, b train.BatchLog) error {
			r.values = append(r.values, float64(b.Epoch), float64(b.Batch), float64(b.Size), b.Loss)
			r.values = append(r.values, b.Metrics...)
			return nil
		}
	}
	return cb
}

// send sends what is due.
func (r *reporter) send(now time.Duration) {
	if now-r.last >= notifyAfter {
		r.flush()
	}
}

// flush sends everything: batches first, so that none comes after its epoch's end.
func (r *reporter) flush() {
	r.last = r.job.engine.now()
	e := r.job.engine
	if len(r.values) > 0 {
		buffer := make([]byte, 0, 8*len(r.values))
		for _, v := range r.values {
			buffer = binary.LittleEndian.AppendUint64(buffer, math.Float64bits(v))
		}
		e.notify(NotifyBatch, BatchLogs{ID: r.job.id, Columns: r.columns, Rows: len(r.values) / len(r.columns)}, Bytes(buffer))
		r.values = r.values[:0]
	}
	if len(r.epochs) > 0 {
		e.notify(NotifyEpoch, EpochLogs{ID: r.job.id, Epochs: r.epochs})
		r.epochs = r.epochs[:0]
	}
	e.notify(NotifyProgress, Progress{ID: r.job.id, Stage: "fit", Done: r.done, Total: r.total})
}
