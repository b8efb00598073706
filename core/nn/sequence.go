package nn

// sequenceOptions are those of normalisation, embedding and attention.
type sequenceOptions struct {
	noScale, noCenter bool
	maskZero          bool
	postNorm          bool
	dropout           float64
}

var (
	// NoScale leaves the factor gamma of a normalisation out.
	NoScale Option = optionFunc(func(o *options) { o.noScale = true })
	// NoCenter leaves the summand beta of a normalisation out.
	NoCenter Option = optionFunc(func(o *options) { o.noCenter = true })
	// MaskZero makes an Embedding treat index 0 as padding.
	MaskZero Option = optionFunc(func(o *options) { o.maskZero = true })
	// PostNorm puts the normalisations of a TransformerBlock behind its sums.
	PostNorm Option = optionFunc(func(o *options) { o.postNorm = true })
)

// DropoutRate makes attention drop its weights, and a TransformerBlock its branches as
// well, with this probability while training.
func DropoutRate(rate float64) Option {
	return optionFunc(func(o *options) { o.dropout = rate })
}
