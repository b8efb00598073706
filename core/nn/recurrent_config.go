package nn

import (
	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// recurrentConfig are the options of all recurrent layers. Those at the end say how
// other programs compute, not what, and are read over; or nothing but their default is
// built.
type recurrentConfig struct {
	common
	Units                int         `json:"units"`
	Activation           Activation  `json:"activation,omitempty"`
	RecurrentActivation  Activation  `json:"recurrent_activation,omitempty"`
	UseBias              *bool       `json:"use_bias,omitempty"`
	KernelInitializer    Initializer `json:"kernel_initializer"`
	RecurrentInitializer Initializer `json:"recurrent_initializer"`
	BiasInitializer      Initializer `json:"bias_initializer"`
	UnitForgetBias       *bool       `json:"unit_forget_bias,omitempty"`
	KernelRegularizer    Regularizer `json:"kernel_regularizer"`
	RecurrentRegularizer Regularizer `json:"recurrent_regularizer"`
	BiasRegularizer      Regularizer `json:"bias_regularizer"`
	ActivityRegularizer  Regularizer `json:"activity_regularizer,omitzero"`
	KernelConstraint     Constraint  `json:"kernel_constraint,omitzero"`
	RecurrentConstraint  Constraint  `json:"recurrent_constraint,omitzero"`
	BiasConstraint       Constraint  `json:"bias_constraint,omitzero"`
	ReturnSequences      bool        `json:"return_sequences"`
	ReturnState          bool        `json:"return_state"`
	GoBackwards          bool        `json:"go_backwards"`
	ResetAfter           *bool       `json:"reset_after,omitempty"`
	Dropout              float64     `json:"dropout,omitempty"`
	RecurrentDropout     float64     `json:"recurrent_dropout,omitempty"`

	Stateful          bool            `json:"stateful,omitempty"`
	TimeMajor         bool            `json:"time_major,omitempty"`
	ZeroOutputForMask bool            `json:"zero_output_for_mask,omitempty"`
	Implementation    json.RawMessage `json:"implementation,omitempty"`
	Unroll            json.RawMessage `json:"unroll,omitempty"`
	UseCudnn          json.RawMessage `json:"use_cudnn,omitempty"`
	Seed              json.RawMessage `json:"seed,omitempty"`
}

func (l *RecurrentLayer) Config() any {
	useBias := !l.NoBias
	c := recurrentConfig{common: common{Name: l.Name, InputShape: l.InputShape}, Units: l.Units,
		Activation: l.Activation.or(Tanh), UseBias: &useBias,
		KernelInitializer: l.KernelInitializer, RecurrentInitializer: l.RecurrentInitializer, BiasInitializer: l.BiasInitializer,
		KernelRegularizer: l.KernelRegularizer, RecurrentRegularizer: l.RecurrentRegularizer, BiasRegularizer: l.BiasRegularizer,
		ActivityRegularizer: l.ActivityRegularizer,
		KernelConstraint:    l.KernelConstraint, RecurrentConstraint: l.RecurrentConstraint, BiasConstraint: l.BiasConstraint,
		ReturnSequences: l.ReturnSequences, ReturnState: l.ReturnState, GoBackwards: l.GoBackwards,
		Dropout: l.Dropout, RecurrentDropout: l.RecurrentDropout}
	if l.Class != "SimpleRNN" {
		c.RecurrentActivation = l.RecurrentActivation.or(Sigmoid)
	}
	if l.Class == "LSTM" {
		forget := !l.NoUnitForgetBias
		c.UnitForgetBias = &forget
	}
	if l.Class == "GRU" {
		after := !l.ResetBefore
		c.ResetAfter = &after
	}
	return c
}

func (l *RecurrentLayer) fromConfig(class string, raw json.RawMessage) error {
	var c recurrentConfig
	if err := decodeStrict(class, raw, &c); err != nil {
		return err
	}
	if err := c.refuse(class); err != nil {
		return err
	}
	isNot := func(b *bool) bool { return b != nil && !*b }
	*l = RecurrentLayer{Name: c.Name, Class: class, Units: c.Units, Activation: c.Activation, RecurrentActivation: c.RecurrentActivation, NoBias: isNot(c.UseBias),
		ReturnSequences: c.ReturnSequences, ReturnState: c.ReturnState, GoBackwards: c.GoBackwards,
		Dropout: c.Dropout, RecurrentDropout: c.RecurrentDropout,
		NoUnitForgetBias: isNot(c.UnitForgetBias), ResetBefore: isNot(c.ResetAfter),
		KernelInitializer: c.KernelInitializer, RecurrentInitializer: c.RecurrentInitializer, BiasInitializer: c.BiasInitializer,
		KernelRegularizer: c.KernelRegularizer, RecurrentRegularizer: c.RecurrentRegularizer, BiasRegularizer: c.BiasRegularizer,
		ActivityRegularizer: c.ActivityRegularizer,
		KernelConstraint:    c.KernelConstraint, RecurrentConstraint: c.RecurrentConstraint, BiasConstraint: c.BiasConstraint,
		InputShape: c.inputShape()}
	return c.check(class)
}

// refuse names an option that is asked for and not built.
func (c *recurrentConfig) refuse(class string) error {
	for _, option := range []struct {
		name, cure string
		asked      bool
	}{
		{"stateful", "give the states as inputs instead", c.Stateful},
		{"time_major", "the batch comes first", c.TimeMajor},
		{"zero_output_for_mask", "a padded step repeats the state before it", c.ZeroOutputForMask},
		{"unit_forget_bias", "only LSTM has it", class != "LSTM" && c.UnitForgetBias != nil},
		{"reset_after", "only GRU has it", class != "GRU" && c.ResetAfter != nil},
	} {
		if option.asked {
			return tensor.Errorf(tensor.CodeUnsupported, "%s: option %s is not built; %s", class, option.name, option.cure)
		}
	}
	return nil
}
