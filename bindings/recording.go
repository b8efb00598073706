//go:build !engine

package bindings

import (
	"time"

	"github.com/terrarium-ml/terrarium/core/card"
	"github.com/terrarium-ml/terrarium/core/tensor"
	"github.com/terrarium-ml/terrarium/core/train"
)

// card is the model's card; an empty one where there is none that can be read.
func (m *model) card() *card.Card {
	if m.train.Card != nil {
		if c, err := card.Parse(m.train.Card); err == nil {
			return c
		}
	}
	return &card.Card{}
}

// logTo is the callback that writes the log of a fit; ok is false where there is none.
func (m *model) logTo() (cb train.Callback, ok bool) {
	if m.logging == nil {
		return cb, false
	}
	return m.logging.Callback(), true
}

// wrote keeps what the model wrote while it learned, in its card: so that it is in the
// automatic copies.
func (m *model) wrote(round int, text string) {
	c, err := card.Parse(m.train.Card)
	if m.train.Card == nil || err != nil {
		return
	}
	c.Wrote(card.Sample{Round: round, Text: text})
	m.train.Card = jsonOf(c)
}

// again fills in what a fit takes from the model's card.
func (m *model) again(p FitParams) (FitParams, error) {
	if !p.Again {
		return p, nil
	}
	before := FitParams{}
	c := m.card()
	if len(c.Training.Options) == 0 {
		return p, tensor.Errorf(tensor.CodeOption, "the model does not say how it was trained")
	}
	if err := Decode(c.Training.Options, &before); err != nil {
		return p, tensor.Errorf(tensor.CodeFormat, "the model's card is damaged: %v", err)
	}
	before.Model, before.Table, before.Resume, before.Checkpoint, before.BatchLogs = p.Model, p.Table, p.Resume, p.Checkpoint, p.BatchLogs
	before.Record = &Record{Source: c.Data.Source, Date: c.Made, Licence: c.Licence}
	return before, nil
}

// begin prepares what a fit is to record, and refuses to go on with a run on other data
// than it began with.
func (j *job) begin(m *model, p FitParams) error {
	m.logging = nil
	is, data := m.card(), ""
	if p.Table != 0 && (p.Record != nil || p.Resume && is.Data.Fingerprint != "") {
		t, err := j.engine.preparedTable(p.Table)
		if err != nil {
			return err
		}
		if data, err = j.fingerprint(t); err != nil && p.Resume {
			return err // without one there is a log all the same
		}
		if p.Resume && is.Data.Fingerprint != "" && data != is.Data.Fingerprint {
			return tensor.Errorf(tensor.CodeData, "this training began on other data: they have the fingerprint %.12s…, what is open has %.12s…; open the same file with the same columns, parts and seed", is.Data.Fingerprint, data)
		}
		if p.Record != nil && !p.Resume {
			options := p
			options.Model, options.Table, options.Checkpoint, options.Record, options.BatchLogs, options.Again = 0, 0, nil, nil, false, false
			c := card.Begin(m.train, t.prepared, card.About{Source: p.Record.Source, Fingerprint: data, Made: p.Record.Date, Licence: p.Record.Licence,
				Program: "Terrarium " + Version, Epochs: p.Epochs, Options: jsonOf(options)})
			m.train.Card = jsonOf(c)
		}
	}
	if p.Record == nil {
		if !p.Resume {
			m.train.Card, m.train.Log = nil, nil // they would tell of another training
		}
		return nil
	}
	config := m.card().Training
	config.Done, config.Why, config.First, config.Last = 0, "", nil, nil
	m.logging = &card.Recorder{Data: data, Config: card.Sum(string(jsonOf(config))), Epochs: p.Epochs, Resume: p.Resume}
	return nil
}

// keepSet keeps what is learned from, once, where that was asked for. Where there is no
// room for it, the checkpoints are kept all the same: going on then asks for the file.
func (k *keeper) keepSet() {
	fingerprint := k.model.card().Data.Fingerprint
	if k.tried || !k.plan.Data || k.table == 0 || fingerprint == "" {
		return
	}
	k.tried = true
	e := k.job.engine
	t, err := e.preparedTable(k.table)
	if err != nil {
		return
	}
	store := e.host.Store
	k.job.outside(func() error {
		kept, err := store.List()
		for _, r := range kept {
			if r.Name == keptName(fingerprint) {
				t = nil // it is there already
			}
		}
		return err
	})
	if t == nil {
		return
	}
	source := k.model.card().Data.Source
	file, err := k.job.setFile(t, fingerprint, source)
	if err != nil {
		return
	}
	r := StoredModel{Name: keptName(fingerprint), Kind: kindSet, Bytes: len(file), Date: k.plan.Date, Numerics: k.model.train.Numerics(),
		Target: t.prepared.Pipeline.Output.Name, Task: string(t.prepared.Pipeline.Output.Task), Data: fingerprint, Source: source}
	if r.Date == "" {
		r.Date = time.Now().UTC().Format(time.RFC3339)
	}
	k.job.outside(func() error { return store.Put(r, file) })
}

func init() {
	for method, h := range map[string]handler{
		MethodSetOpen:       handle(setOpen),
		MethodModelCard:     handle(modelCard),
		MethodModelVerify:   handle(modelVerify),
		MethodModelReplay:   handle(modelReplay),
		MethodProjectExport: handle(projectExport),
		MethodProjectImport: handle(projectImport),
	} {
		handlers[method] = h
	}
}
