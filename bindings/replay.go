//go:build !engine

package bindings

import (
	"context"

	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// modelCard returns a model's card, perhaps with what it is worth.
func modelCard(j *job, p CardParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "card")
	if err != nil {
		return nil, err
	}
	r := CardResult{Log: m.train.Log}
	if r.Log == nil {
		r.Log = []string{}
	}
	if m.train.Card == nil {
		return r, nil
	}
	c, err := card.Parse(m.train.Card)
	if err != nil {
		return nil, tensor.Errorf(tensor.CodeFormat, "the model's card is damaged: %v", err)
	}
	if p.Licence != nil {
		c.Licence = *p.Licence
	}
	if p.Scores != nil {
		c.Finish(m.train, p.Scores)
	}
	if p.Licence != nil || p.Scores != nil {
		m.train.Card = jsonOf(c)
	}
	r.Card = c
	return r, nil
}

// modelVerify checks a model's log.
func modelVerify(j *job, p ModelParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "verify")
	if err != nil {
		return nil, err
	}
	s, err := card.VerifyModel(m.train)
	r := VerifyResult{Sound: err == nil, Lines: len(m.train.Log)}
	if err != nil {
		r.Problem = err.Error()
	}
	if s != nil {
		r.Head, r.Epochs = s.Head, s.Last().Epochs
	}
	if c := m.card(); err == nil && c.Data.Fingerprint != "" && c.Data.Fingerprint != s.First().Data {
		r.Sound, r.Problem = false, "the log tells of a training on other data than the card"
	}
	return r, nil
}

// modelReplay trains again what a model's log tells of, with a fresh model of its seed.
func modelReplay(j *job, p ReplayParams) (any, error) {
	m, err := j.engine.idleModel(p.Model, "replay")
	if err != nil {
		return nil, err
	}
	log, err := card.VerifyModel(m.train)
	if err != nil {
		return nil, err
	}
	switch {
	case log.Runs != 1:
		return nil, tensor.Errorf(tensor.CodeUnsupported, "this model was trained several times in a row; only one training can be replayed")
	case m.train.Numerics() != train.NumericsVersion:
		return nil, tensor.Errorf(tensor.CodeUnsupported, "this model was trained with numerics version %d, this program has %d: trained again, it gets other bits", m.train.Numerics(), train.NumericsVersion)
	case m.train.Config() == nil:
		return nil, tensor.Errorf(tensor.CodeOption, "the model does not say how it was trained")
	}
	fresh, err := train.New(m.train.Network(), train.Seed(m.train.Seed()), train.Name(m.train.Name()), train.MemoryLimit(int(j.engine.limit-j.engine.held())))
	if err != nil {
		return nil, err
	}
	if first := log.First(); fresh.Digest() != first.Weights {
		return nil, tensor.Errorf(tensor.CodeUnsupported, "this training did not begin with weights that come from its seed, but with others; it cannot be replayed from here")
	}
	fresh.Pipeline = m.train.Pipeline
	if err := fresh.Compile(*m.train.Config()); err != nil {
		return nil, err
	}
	again := &model{id: 0, train: fresh, params: m.params}
	fresh.Card = m.train.Card
	options, err := again.again(FitParams{Table: p.Table, Again: true})
	if err != nil {
		return nil, err
	}
	t, err := j.engine.preparedTable(p.Table)
	if err != nil {
		return nil, err
	}
	is, err := j.fingerprint(t)
	if err != nil {
		return nil, err
	}
	if want := log.First().Data; is != want {
		return nil, tensor.Errorf(tensor.CodeData, "this model learned from other data: they have the fingerprint %.12s…, what is open has %.12s…; open the same file with the same columns, parts and seed", want, is)
	}
	d, c, err := j.fitData(again, options)
	if err != nil {
		return nil, err
	}
	if c.BatchSize == 0 {
		c.BatchSize = 32
	}
	if err := j.engine.fits(again, min(c.BatchSize, max(1, d.Rows()))); err != nil {
		return nil, err
	}
	again.logging = &card.Recorder{Data: is, Config: log.First().Config, Epochs: options.Epochs}
	return beside(func() (any, error) { return j.replay(again, m.train.Log, log, d, c) }), nil
}

func (j *job) replay(m *model, was []string, log *card.Summary, d train.Dataset, c train.FitConfig) (any, error) {
	r := newReporter(j, m, d.Rows(), c, false)
	last := log.Last()
	j.yielded = j.engine.now()
	c.Pause = func() error { return j.breathe() }
	c.BetweenSteps = func() error {
		r.done++
		if epochs, updates := m.train.Trained(); last.Why == card.WhyStopped && epochs == last.Epochs && updates >= last.Updates {
			return train.ErrStop // where the person stopped
		}
		j.progress("fit", r.done, r.total)
		err := j.breathe()
		j.engine.share()
		return err
	}
	c.Callbacks = append(c.Callbacks, m.logging.Callback(), train.Callback{OnEpochEnd: func(*train.Model, int, train.Logs) error {
		if epochs, updates := m.train.Trained(); last.Why == card.WhyStopped && epochs == last.Epochs && updates >= last.Updates {
			return train.ErrStop // before the first step of an epoch
		}
		return nil
	}})
	if _, err := m.train.FitData(context.Background(), d, c); err != nil {
		return nil, err
	}
	result := ReplayResult{Digest: m.train.Digest(), Want: last.Weights, Differs: -1}
	result.Epochs, _ = m.train.Trained()
	result.Same = result.Digest == result.Want
	for i, line := range m.train.Log {
		if i >= len(was) || was[i] != line {
			result.Differs = i
			break
		}
	}
	if result.Differs < 0 && len(was) != len(m.train.Log) {
		result.Differs = min(len(was), len(m.train.Log))
	}
	result.Same = result.Same && result.Differs < 0
	return result, nil
}
