package train

import (
	"strings"

	"github.com/terrarium-ml/terrarium/core/nn"
	"github.com/terrarium-ml/terrarium/core/optim"
)

// Compiled names the optimizer and the losses that the model was compiled with, for people.
func (m *Model) Compiled() (optimizer, loss string) {
	c := m.config
	if c == nil {
		return "", ""
	}
	optimizer, _ = optim.Config(c.Optimizer)
	var losses []string
	if c.Loss != nil {
		name, _ := nn.FormatLoss(c.Loss)
		losses = append(losses, name)
	}
	for i := range c.Losses {
		name, _ := nn.FormatLoss(c.lossOf(i))
		losses = append(losses, name)
	}
	return optimizer, strings.Join(losses, ", ")
}
