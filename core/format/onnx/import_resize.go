package onnx

import "fmt"

// readResize reads an enlargement by whole factors that repeats pixels, or draws lines
// between their centres.
func readResize(im *importer, n *nodeProto) error {
	x, err := im.data(n, 0)
	if err != nil {
		return err
	}
	if x, err = im.images(x, n.label()); err != nil {
		return err
	}
	row := im.rowShape(x)
	if len(row) == 2 {
		return im.resizeSequence(n, x)
	}
	if len(row) != 3 {
		return fmt.Errorf("it is read on images and sequences")
	}
	var scales []float32
	for i := 1; i < len(n.in) && i <= 2; i++ {
		if r := im.input(n, i); r != nil && r.known != nil && len(r.known.floats) == 4 {
			scales = r.known.floats
		}
	}
	if scales == nil {
		scales = n.attributes["scales"].floats
	}
	if im.isNumbers(n, 3) {
		sizes, err := im.numbers(n, 3)
		if err != nil || len(sizes) != 4 || sizes[1] != row[2] || sizes[2]%row[0] != 0 || sizes[3]%row[1] != 0 {
			return fmt.Errorf("its sizes %v are no multiples of height and width", sizes)
		}
		scales = []float32{1, 1, float32(sizes[2] / row[0]), float32(sizes[3] / row[1])}
	}
	if len(scales) != 4 || scales[0] != 1 || scales[1] != 1 || !(scales[2] >= 1 && scales[2] <= 1024) || !(scales[3] >= 1 && scales[3] <= 1024) || scales[2] != float32(int(scales[2])) || scales[3] != float32(int(scales[3])) {
		return fmt.Errorf("its scales %v are not whole factors for height and width", scales)
	}
	options := map[string]any{"size": []int{int(scales[2]), int(scales[3])}}
	if err := n.interpolation(options, max(scales[2], scales[3])); err != nil {
		return err
	}
	return im.inPlace(n, x, "UpSampling2D", options)
}

// resizeSequence repeats steps.
func (im *importer) resizeSequence(n *nodeProto, x *result) error {
	scales := n.attributes["scales"].floats
	for i := 1; i < len(n.in) && i <= 2; i++ {
		if r := im.input(n, i); r != nil && r.known != nil && len(r.known.floats) == 3 {
			scales = r.known.floats
		}
	}
	options := map[string]any{}
	if len(scales) != 3 || scales[0] != 1 || scales[1] != 1 || !(scales[2] >= 1 && scales[2] <= 1024) || scales[2] != float32(int(scales[2])) {
		return fmt.Errorf("its scales %v are not a whole factor for the steps", scales)
	}
	if err := n.interpolation(options, scales[2]); err != nil {
		return err
	}
	if len(options) > 0 {
		return fmt.Errorf("it draws lines between steps")
	}
	return im.inPlace(n, x, "UpSampling1D", map[string]any{"size": int(scales[2])})
}

// interpolation reads how a Resize finds the pixels between others.
func (n *nodeProto) interpolation(options map[string]any, scale float32) error {
	mode, places, nearest := n.attributes["mode"].text, n.attributes["coordinate_transformation_mode"].text, n.attributes["nearest_mode"].text
	centres := places == "half_pixel" || places == "pytorch_half_pixel" || places == "" && n.op == "Resize"
	switch {
	case mode == "linear" && centres:
		options["interpolation"] = "bilinear"
		return nil
	case mode != "" && mode != "nearest":
	case centres && nearest != "floor" && nearest != "ceil":
		return nil
	case (places == "asymmetric" || n.op == "Upsample") && (nearest == "floor" || n.op == "Upsample" || scale <= 2 && nearest != "ceil" && nearest != "round_prefer_ceil"):
		return nil
	}
	return fmt.Errorf("its mode %q %s %s is not read; nearest, and linear between centres of pixels, are", mode, places, nearest)
}
