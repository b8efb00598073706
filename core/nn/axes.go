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

// axis returns which axis of a row is meant: Keras counts from the batch, which is 0, or,
// below zero, from the end. what names the option.
func (s *Scope) axis(x graph.Value, what string, axis int) (int, error) {
	n := len(s.Shape(x))
	switch {
	case axis >= 1 && axis <= n:
		return axis - 1, nil
	case axis <= -1 && axis >= -n:
		return n + axis, nil
	}
	return 0, s.Errorf("%s must be from 1 to %d or from -%d to -1 for input %s, got %d", what, n, n, tensor.FormatBatch(s.Shape(x)), axis)
}

// channelsLast refuses another order of axes than ours.
func channelsLast(format string) error {
	if format != "" && fold(format) != "channelslast" {
		return unknownName("data_format", format, []string{"channels_last"})
	}
	return nil
}
