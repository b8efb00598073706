package nn

import (
	"strings"

	"github.com/terrarium-ml/terrarium/core/graph"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// axesOf returns the axes behind the batch that a class of layers works on: those of
// series for 1D, those of images for 2D.
func axesOf(class string) []string {
	if strings.HasSuffix(class, "1D") {
		return []string{"steps", "channels"}
	}
	return []string{"height", "width", "channels"}
}

// checkAxes refuses an input with other axes.
func (s *Scope) checkAxes(x graph.Value, axes []string) error {
	if len(s.Shape(x)) == len(axes) {
		return nil
	}
	return s.shapeErrorf("want input [batch, %s], got %s; put a Reshape in front", strings.Join(axes, ", "), tensor.FormatBatch(s.Shape(x)))
}

// channelsLast refuses another order of axes than ours.
func channelsLast(format string) error {
	if format != "" && fold(format) != "channelslast" {
		return unknownName("data_format", format, []string{"channels_last"})
	}
	return nil
}
