package train

// A History is the log of a training run, an entry an epoch.
type History struct {
	Epoch   []int                `json:"epoch"`   // from 0
	Metrics map[string][]float64 `json:"metrics"` // "loss", "val_loss", "acc", …: as long as Epoch

	// BestEpoch is the index in Epoch with the best monitored value, and StoppedEarly
	// tells that training ended because that was too long ago. Without early stopping
	// they are -1 and false.
	BestEpoch    int  `json:"best_epoch"`
	StoppedEarly bool `json:"stopped_early"`
}

// Logs are the means of an epoch by name: "loss", "acc", "val_loss", ….
type Logs map[string]float64

func (h *History) add(epoch int, logs Logs) {
	h.Epoch = append(h.Epoch, epoch)
	for name, v := range logs {
		h.Metrics[name] = append(h.Metrics[name], v)
	}
}

// Last returns the last value of a metric, and whether there is one.
func (h *History) Last(name string) (float64, bool) {
	values := h.Metrics[name]
	if len(values) == 0 {
		return 0, false
	}
	return values[len(values)-1], true
}
