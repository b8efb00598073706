package data

// A Pipeline turns raw rows into features and a network's outputs into answers. It is
// fitted by Prepare on the training part, saved with the model as JSON, and checked
// whole when it is read again (UnmarshalJSON). Inputs stand in the order in which a
// raw row holds them.
//
// A raw row is what the form, a batch file and a compiled model all feed: one float32
// an input (see Input); missing or unknown values are NaN. All arithmetic from there
// on is float32 under contract C1.
type Pipeline struct {
	Format int     `json:"format"` // 1
	Inputs []Input `json:"inputs"`
	Medium *Medium `json:"medium,omitzero"` // in place of Inputs, where rows are no rows of a table
	Output Output  `json:"output"`

	first []int            // the first feature of each input, and after the last
	index []map[string]int // the categories of each input
}

// An Input is one column that the network uses. Its raw value in a row is
//
//	number    float32(value - Offset)
//	category  the index in Categories
//	boolean   0 or 1: the index in Categories
//	date      days since 1970-01-01, with the time of day as a fraction
//
// and NaN where it is missing or, without an Other, unknown. From it come, in this order,
//
//	none, ordinal  (x - Center) * Scale, with x = Fill where the raw value is NaN
//	cyclic         the same, then four features by Cycle: year, year shifted, week, week shifted
//	onehot         one feature for each of Categories: 1 at the index, else 0. NaN counts as
//	               index Fill, unless Flag: then all are 0
//
// and, where Flag is set, one more: 1 where the raw value is NaN, else 0.
type Input struct {
	Name         string    `json:"name"`
	Kind         Kind      `json:"kind"`     // number, category, boolean or date
	Encoding     Encoding  `json:"encoding"` // none, ordinal, cyclic or onehot
	Categories   []string  `json:"categories,omitzero"`
	Other        string    `json:"other,omitzero"` // the one of Categories that stands for all unknown ones, or ""
	Offset       float64   `json:"offset,omitzero"`
	Min          float64   `json:"min"`     // smallest value of the training part, in the file's units
	Max          float64   `json:"max"`     // largest; both for the form, values outside are allowed
	Default      string    `json:"default"` // a typical value, as text, for the form
	Integer      bool      `json:"integer,omitzero"`
	DecimalComma bool      `json:"decimalComma,omitzero"`
	DateOrder    DateOrder `json:"dateOrder,omitzero"`
	Fill         float32   `json:"fill"` // a raw value
	Flag         bool      `json:"flag,omitzero"`
	Center       float32   `json:"center"`
	Scale        float32   `json:"scale"`
}

// An Output says what the network's numbers mean.
//
//	regression                 1 output, linear: value = float32(out*Scale) + Center;
//	                           of a series, one for each of the Steps to come
//	classification, 2 labels   1 output, sigmoid: the probability of Labels[1], which is
//	                           the answer from Threshold on
//	classification, K labels   K outputs, softmax: the probability of each label
//	writing                    Tokens outputs, softmax, for each of Steps tokens: the
//	                           probability of each token that it comes next
type Output struct {
	Name   string   `json:"name"`
	Task   Task     `json:"task"`
	Kind   Kind     `json:"kind"`
	Labels []string `json:"labels,omitzero"` // classification
	Counts []int    `json:"counts,omitzero"` // rows of the training part that have each label
	Center float32  `json:"center"`          // regression: mean of the training part
	Scale  float32  `json:"scale"`           // regression: its standard deviation
	Min    float64  `json:"min"`             // regression: range of the training part
	Max    float64  `json:"max"`
	Steps  int      `json:"steps,omitzero"`  // regression of a Medium: how many values come out; 0 means 1. Writing: tokens of a row
	Tokens int      `json:"tokens,omitzero"` // writing: size of the vocabulary

	Threshold float32 `json:"threshold,omitzero"` // of two labels: above 0, below 1; 0 means 0.5
}

// ThresholdOr returns Threshold, or one half where none was chosen.
func (o *Output) ThresholdOr() float32 {
	if o.Threshold == 0 {
		return 0.5
	}
	return o.Threshold
}

// Units returns how many outputs the network has: one a step for regression, 1 for two
// labels, else one a label; for writing one for each token of the vocabulary, at each step.
func (o *Output) Units() int {
	if o.Task == TaskWriting {
		return o.Steps * o.Tokens
	}
	if o.Steps > 1 {
		return o.Steps
	}
	if o.Task == TaskRegression || len(o.Labels) == 2 {
		return 1
	}
	return len(o.Labels)
}

// width returns how many features an input becomes.
func (in *Input) width() int {
	n := 1
	switch in.Encoding {
	case EncodingOneHot:
		n = len(in.Categories)
	case EncodingCyclic:
		n = 1 + cycleFeatures
	}
	if in.Flag {
		n++
	}
	return n
}

// link prepares what Encode and ParseRow look up.
func (p *Pipeline) link() {
	p.first = make([]int, len(p.Inputs)+1)
	p.index = make([]map[string]int, len(p.Inputs))
	for i := range p.Inputs {
		in := &p.Inputs[i]
		p.first[i+1] = p.first[i] + in.width()
		p.index[i] = make(map[string]int, len(in.Categories))
		for k, c := range in.Categories {
			p.index[i][c] = k
		}
	}
}

// Features returns how many float32 a row of the network's input has: what Encode writes.
func (p *Pipeline) Features() int {
	if p.Medium != nil {
		size := 1
		for _, d := range p.Medium.Shape {
			size *= d
		}
		return size
	}
	return p.first[len(p.Inputs)]
}

// FeatureNames returns a name for each feature: "age", "age is missing", "sex = male".
// The numbers of a Medium have none.
func (p *Pipeline) FeatureNames() []string {
	names := make([]string, 0, p.Features())
	for i := range p.Inputs {
		in := &p.Inputs[i]
		switch in.Encoding {
		case EncodingOneHot:
			for _, c := range in.Categories {
				names = append(names, in.Name+" = "+c)
			}
		case EncodingCyclic:
			names = append(names, in.Name, in.Name+" in the year", in.Name+" in the year (a quarter on)",
				in.Name+" in the week", in.Name+" in the week (a quarter on)")
		default:
			names = append(names, in.Name)
		}
		if in.Flag {
			names = append(names, in.Name+" is missing")
		}
	}
	return names
}
