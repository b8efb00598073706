//go:build engine && !formats

package bindings

import (
	"github.com/terrarium-ml/terrarium/core/format/archive"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

func openOthers([]archive.File, int64) (*opened, error) { return &opened{others: true}, nil }

func (m *model) rounded(string) (*model, error) {
	return nil, tensor.Errorf(tensor.CodeUnsupported, "this engine rounds no weights; the program of other formats does")
}
