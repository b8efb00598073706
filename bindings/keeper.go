package bindings

import (
	"bytes"
	"time"

	"github.com/terrarium-ml/terrarium/core/train"
)

// keepAfter is the default of Checkpoint.Every.
const keepAfter = 10 * time.Second

// A keeper saves a model now and then while it trains, so that a closed tab or a
// lost engine costs little.
type keeper struct {
	job     *job
	model   *model
	plan    *Checkpoint // nil: keep nothing
	last    time.Duration
	unsaved string // why the last attempt failed
	table   int    // that is learned from
	tried   bool   // keeping it was tried
	tidied  bool   // sets that nothing refers to any more were removed
}

// epochEnd saves the model if it is time to. What cannot be saved does not stop
// training.
func (k *keeper) epochEnd(*train.Model, int, train.Logs) error {
	if k.plan == nil {
		return nil
	}
	every := keepAfter
	if k.plan.Every > 0 {
		every = time.Duration(k.plan.Every) * time.Millisecond
	}
	e := k.job.engine
	if e.now()-k.last < every {
		return nil
	}
	if err := k.save(); err != nil {
		k.unsaved = err.Error()
	} else {
		k.unsaved = ""
	}
	k.last = e.now() // after saving: a slow store must not eat the time for training
	return nil
}

func (k *keeper) save() error {
	if err := checkName(k.plan.Name); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := k.model.train.SaveCheckpoint(&file); err != nil {
		return err
	}
	k.keepSet()
	record := k.model.record(k.plan.Name, kindCheckpoint, k.plan.Date, file.Bytes())
	store := k.job.engine.host.Store
	return k.job.outside(func() error {
		if err := store.Put(record, file.Bytes()); err != nil {
			return err
		}
		if k.tidied {
			return nil
		}
		k.tidied = true
		return forgetSets(store) // what the copy before this one referred to
	})
}
