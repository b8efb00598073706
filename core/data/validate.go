package data

import (
	"math"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// PipelineFormat is the version of a Pipeline's JSON. Members may be added without
// raising it; a member that changes its meaning raises it.
const PipelineFormat = 1

// Bounds of what a file may ask for.
const (
	maxFeatures   = 1 << 20
	maxInputs     = MaxColumns
	maxCategories = 1 << 16
	maxText       = 1 << 12 // bytes of a name or a category
	maxSteps      = 1 << 12 // of a series or a text that is gone on with, at once
	maxTokens     = 1 << 17
)

// ReadJSON reads and validates a pipeline. Unknown members are ignored.
func (p *Pipeline) ReadJSON(b []byte) error {
	type plain Pipeline // without this method
	var read plain
	if err := json.Unmarshal(b, &read); err != nil {
		return badPipeline("", "is not the JSON of one (%v)", err)
	}
	next := Pipeline(read)
	if err := next.Validate(); err != nil {
		return err
	}
	*p = next
	return nil
}

// UnmarshalJSON is ReadJSON for encoding/json.
func (p *Pipeline) UnmarshalJSON(b []byte) error { return p.ReadJSON(b) }

func badPipeline(column, format string, args ...any) error {
	e := tensor.Errorf(tensor.CodeFormat, "The model's data pipeline "+format+". The file is damaged or from another program.", args...)
	e.Column = column
	return e
}

// Validate checks everything that a file could have wrong: names, kinds, counts,
// bounds, and that every number is finite. A Pipeline that was built by hand must be
// validated before it is used.
func (p *Pipeline) Validate() error {
	if p.Format != PipelineFormat {
		return badPipeline("", "has format %d, this program reads format %d", p.Format, PipelineFormat)
	}
	if p.Medium != nil {
		if len(p.Inputs) > 0 {
			return badPipeline("", "has both columns and a %s as input", p.Medium.Kind)
		}
		if err := p.Medium.validate(); err != nil {
			return err
		}
		p.link()
		return p.Output.validate()
	}
	if len(p.Inputs) == 0 || len(p.Inputs) > maxInputs {
		return badPipeline("", "has %d inputs, want 1 to %d", len(p.Inputs), maxInputs)
	}
	names := make(map[string]bool, len(p.Inputs))
	features := 0
	for i := range p.Inputs {
		in := &p.Inputs[i]
		if names[in.Name] {
			return badPipeline(in.Name, "has two inputs named %q", in.Name)
		}
		names[in.Name] = true
		if err := in.validate(); err != nil {
			return err
		}
		if features += in.width(); features > maxFeatures {
			return badPipeline(in.Name, "has more than %d features", maxFeatures)
		}
	}
	if err := p.Output.validate(); err != nil {
		return err
	}
	if p.Output.Steps != 0 {
		return badPipeline(p.Output.Name, "has several steps for rows of a table")
	}
	p.link()
	return nil
}

func (in *Input) validate() error {
	if in.Name == "" || len(in.Name) > maxText || len(in.Default) > maxText {
		return badPipeline("", "has an input with an empty or endless name or default")
	}
	if !finite(in.Offset, in.Min, in.Max, float64(in.Fill), float64(in.Center), float64(in.Scale)) || in.Min > in.Max {
		return badPipeline(in.Name, "has an input %q with numbers that cannot be", in.Name)
	}
	if err := in.validateEncoding(); err != nil {
		return err
	}
	seen, err := checkWords(in.Name, in.Categories)
	if err != nil {
		return err
	}
	if in.Other != "" && !seen[in.Other] {
		return badPipeline(in.Name, "has an input %q whose word for others is none of its categories", in.Name)
	}
	n := len(in.Categories)
	if n > 0 && !(in.Fill >= 0 && in.Fill < float32(n)) {
		return badPipeline(in.Name, "has an input %q with a fill of %v for %d categories", in.Name, in.Fill, n)
	}
	return nil
}

// validateEncoding checks that kind, encoding and categories belong together.
func (in *Input) validateEncoding() error {
	ok, words := false, false
	switch in.Kind {
	case KindNumber:
		ok = in.Encoding == EncodingNone
	case KindDate:
		ok = (in.Encoding == EncodingNone || in.Encoding == EncodingCyclic) &&
			(in.DateOrder == DateYMD || in.DateOrder == DateDMY || in.DateOrder == DateMDY)
	case KindBoolean:
		ok, words = in.Encoding == EncodingNone || in.Encoding == EncodingOneHot, true
		ok = ok && len(in.Categories) == 2
	case KindCategory:
		ok, words = in.Encoding == EncodingOneHot || in.Encoding == EncodingOrdinal, true
	}
	if !ok || words != (len(in.Categories) > 0) {
		return badPipeline(in.Name, "has an input %q of kind %q with encoding %q and %d categories", in.Name, in.Kind, in.Encoding, len(in.Categories))
	}
	return nil
}

func checkWords(name string, words []string) (map[string]bool, error) {
	if len(words) > maxCategories {
		return nil, badPipeline(name, "has %d categories for %q, want at most %d", len(words), name, maxCategories)
	}
	seen := make(map[string]bool, len(words))
	for _, w := range words {
		if seen[w] || len(w) > maxText {
			return nil, badPipeline(name, "has a double or endless category for %q", name)
		}
		seen[w] = true
	}
	return seen, nil
}

func (o *Output) validate() error {
	if o.Name == "" || len(o.Name) > maxText {
		return badPipeline("", "has an output with an empty or endless name")
	}
	if !finite(o.Min, o.Max, float64(o.Center), float64(o.Scale)) {
		return badPipeline(o.Name, "has an output with numbers that are not finite")
	}
	if o.Steps < 0 || o.Steps > maxSteps || o.Steps > 0 && o.Task != TaskRegression && o.Task != TaskWriting {
		return badPipeline(o.Name, "has %d steps for a %s, want up to %d of a regression", o.Steps, o.Task, maxSteps)
	}
	if t := o.Threshold; t != 0 && !(t > 0 && t < 1 && len(o.Labels) == 2) {
		return badPipeline(o.Name, "has a threshold of %v for %d labels, want one above 0 and below 1 for two", t, len(o.Labels))
	}
	if o.Tokens != 0 && o.Task != TaskWriting {
		return badPipeline(o.Name, "has tokens for a %s", o.Task)
	}
	switch o.Task {
	case TaskWriting:
		if o.Steps < 1 || o.Tokens < 3 || o.Tokens > maxTokens || len(o.Labels) > 0 {
			return badPipeline(o.Name, "writes one of %d tokens after each of %d, want 3 to %d tokens and no labels", o.Tokens, o.Steps, maxTokens)
		}
		return nil
	case TaskRegression:
		if len(o.Labels) > 0 || o.Scale <= 0 {
			return badPipeline(o.Name, "has labels or no scale for a regression")
		}
		return nil
	case TaskClassification:
		if len(o.Labels) < 2 || len(o.Counts) != 0 && len(o.Counts) != len(o.Labels) {
			return badPipeline(o.Name, "has %d labels with %d counts", len(o.Labels), len(o.Counts))
		}
		for _, n := range o.Counts {
			if n < 0 {
				return badPipeline(o.Name, "has a negative count")
			}
		}
		_, err := checkWords(o.Name, o.Labels)
		return err
	}
	return badPipeline(o.Name, "has the task %q, want classification, regression or writing", o.Task)
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
