package data

import (
	"slices"

	"github.com/terrarium-ml/terrarium/core/json"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Medium is what a network takes that is no row of a table: a picture, a text, a
// window of a series. This package knows what kind it is and the shape of its numbers;
// how it becomes these numbers says Config, to the package of that kind.
type Medium struct {
	Kind   MediumKind      `json:"kind"`
	Shape  []int           `json:"shape"` // of a row of the network's input
	Config json.RawMessage `json:"config"`
}

// A MediumKind names a kind of data beside tables.
type MediumKind string

// The kinds, and the packages that know them.
const (
	MediumImage  MediumKind = "image"  // data/image: [height, width, channels]
	MediumText   MediumKind = "text"   // data/text: [tokens]
	MediumSeries MediumKind = "series" // data/series: [steps, features]
)

var mediumKinds = []MediumKind{MediumImage, MediumText, MediumSeries}

func (m *Medium) validate() error {
	if !slices.Contains(mediumKinds, m.Kind) {
		return badPipeline("", "is for %q, which this program does not know; it knows %v", m.Kind, mediumKinds)
	}
	size, err := tensor.Size(m.Shape)
	if err != nil || size < 1 || size > maxFeatures {
		return badPipeline("", "gives rows of shape %s, want 1 to %d numbers", tensor.Format(m.Shape), maxFeatures)
	}
	return nil
}

// Shape returns the shape of a row of the network's input.
func (p *Pipeline) Shape() []int {
	if p.Medium != nil {
		return p.Medium.Shape
	}
	return []int{p.Features()}
}
