package bindings

import (
	"time"

	"github.com/terrarium-ml/terrarium/core/train"
)

// modelProfile measures a model's step. It returns to the event loop meanwhile; that time
// does not count.
func modelProfile(j *job, p ProfileParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "profile")
	if err != nil {
		return nil, err
	}
	pipeline := m.train.Pipeline
	d, _, err := j.fitData(m, FitParams{Model: p.Model, Table: p.Table})
	m.train.Pipeline = pipeline // which measuring does not change
	if err != nil {
		return nil, err
	}
	if p.BatchSize == 0 {
		p.BatchSize = 32
	}
	if p.Seconds == 0 {
		p.Seconds = 1
	}
	if err := j.engine.fits(m, min(max(1, p.BatchSize), max(1, d.Rows()))); err != nil {
		return nil, err
	}
	away := time.Duration(0)
	m.asking = true
	m.train.OnPause(func() error {
		begun := j.engine.now()
		err := j.breathe()
		away += j.engine.now() - begun
		return err
	})
	defer func() {
		m.asking = false
		m.train.OnPause(nil)
	}()
	found, err := m.train.Profile(j.ctx, d, train.Profiling{BatchSize: p.BatchSize, Seconds: p.Seconds,
		Clock: func() float64 { return (j.engine.now() - away).Seconds() }})
	if err != nil {
		return nil, err
	}
	r := ProfileResult{Rows: found.Rows, Steps: found.Steps, Step: 1e3 * found.Step, Rest: 1e3 * found.Rest}
	for _, l := range found.Layers {
		r.Layers = append(r.Layers, LayerProfile{l.Name, l.Class, 1e3 * l.Forward, 1e3 * l.Backward, int64(l.Flops), int64(l.Bytes), l.Parameters})
	}
	return r, nil
}
