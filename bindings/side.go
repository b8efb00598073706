package bindings

import "github.com/terrarium-ml/terrarium/core/tensor"

// maxSide is the longest side of a square that a page is given to show.
const maxSide = 256

func checkSide(side int) error {
	if side < 8 || side > maxSide {
		return tensor.Errorf(tensor.CodeOption, "pictures are shown with sides of 8 to %d pixels, got %d", maxSide, side)
	}
	return nil
}
