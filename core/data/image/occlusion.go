package image

// Occlusion asks what a model would say if a part of the picture were not to be seen
// (Zeiler and Fergus, 2014): where its answer falls most, it looked.

// Occluded writes grid·grid copies of a row of the network's input, each with one field of
// a grid over the picture replaced by the mean of all pictures, and around it half a
// field more, so that the fields overlap. len(dst) is grid·grid·len(row).
func (c *Config) Occluded(dst, row []float32, grid int) {
	for field := range grid * grid {
		copied := dst[field*len(row) : (field+1)*len(row)]
		copy(copied, row)
		top, bottom := span(field/grid, grid, c.height)
		left, right := span(field%grid, grid, c.width)
		for y := top; y < bottom; y++ {
			clear(copied[(y*c.width+left)*c.channels : (y*c.width+right)*c.channels])
		}
	}
}

// span is a field's share of an axis and a quarter field more at either side.
func span(i, grid, length int) (from, to int) {
	return max(0, (4*i-1)*length/(4*grid)), min(length, ((4*i+5)*length+4*grid-1)/(4*grid))
}
