package train

import (
	"cmp"
	"io"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A ModelCheckpoint saves the model at the end of epochs: of those in which a value
// became better or, with Always, of all. As a callback it belongs behind those that
// change something.
type ModelCheckpoint struct {
	Name     string  // "model checkpoint" if ""; several in a run want names of their own
	Monitor  string  // as in EarlyStopping
	Mode     string  // "min", "max"; "" finds out from the name
	MinDelta float64 // the least change that counts as better
	Always   bool

	// Open gives where the model of an epoch is written to; it is closed afterwards.
	Open func(epoch int, logs Logs) (io.WriteCloser, error)
	// Resumable writes all that training needs to go on, see Model.SaveCheckpoint.
	Resumable bool
}

// bestSoFar is what a ModelCheckpoint remembers.
type bestSoFar struct {
	Seen bool    `json:"seen"`
	Best float64 `json:"best"`
}

// Callback returns the callback, for one run of Fit. Its options are checked when the
// run begins.
func (c ModelCheckpoint) Callback() Callback {
	var best bestSoFar
	watch := monitor{"model checkpoint", c.Monitor, c.Mode, c.MinDelta}
	return Callback{
		Name: cmp.Or(c.Name, "model checkpoint"),
		OnTrainBegin: func(*Model) error {
			if c.Open == nil {
				return tensor.Errorf(tensor.CodeOption, "model checkpoint: Open is missing; it says where the model is written to")
			}
			return watch.check()
		},
		OnEpochEnd: func(m *Model, epoch int, logs Logs) error {
			name, v, err := watch.value(logs)
			if err != nil && !c.Always {
				return err
			}
			better := err == nil && (!best.Seen || watch.better(name, v, best.Best))
			if better {
				best = bestSoFar{true, v}
			}
			if !better && !c.Always {
				return nil
			}
			return c.write(m, epoch, logs)
		},
		State:    func() (json.RawMessage, error) { return json.Marshal(best) },
		SetState: func(text json.RawMessage) error { return json.Unmarshal(text, &best) },
	}
}

func (c ModelCheckpoint) write(m *Model, epoch int, logs Logs) error {
	w, err := c.Open(epoch, logs)
	if err != nil {
		return err
	}
	save := m.Save
	if c.Resumable {
		save = m.SaveCheckpoint
	}
	if err := save(w); err != nil {
		w.Close()
		return err
	}
	return w.Close()
}
