package nn

import (
	"maps"
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// Names come in several spellings: "leaky_relu", "leakyRelu", "LeakyReLU". They
// are compared without case and underscores.
func fold(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), "_", "")
}

// unknownName is the error for a name that a table does not have. It lists those
// that the table has: nothing is ever replaced by a default in silence.
func unknownName(what, name string, known []string) *tensor.Error {
	return tensor.Errorf(tensor.CodeOption, "unknown %s %q; known are %s", what, name, strings.Join(known, ", "))
}

func sortedKeys[V any](table map[string]V) []string {
	return slices.Sorted(maps.Keys(table))
}

// SnakeCase writes a name of TensorFlow.js as Keras does: "kernelInitializer" as
// "kernel_initializer". A name in Keras's spelling stays as it is.
func SnakeCase(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
