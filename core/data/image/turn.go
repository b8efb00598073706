package image

// turn returns cosine and sine of an angle in degrees, each within 1e-9, by + − × ÷
// alone (contract C1). The angle is brought into ±45° by quarter turns; there the series
// of Taylor need six terms.
func turn(degrees float64) (cos, sin float64) {
	quarters := 0
	for degrees > 45 {
		degrees -= 90
		quarters++
	}
	for degrees < -45 {
		degrees += 90
		quarters--
	}
	x := degrees * (3.14159265358979323846 / 180)
	xx := float64(x * x)
	c, s := 1.0, 1.0
	for k := 12; k >= 2; k -= 2 {
		c = 1 - float64(c*xx)/float64(k*(k-1))
		s = 1 - float64(s*xx)/float64(k*(k+1))
	}
	cos, sin = c, float64(s*x)
	switch (quarters%4 + 4) % 4 {
	case 1:
		return -sin, cos
	case 2:
		return -cos, -sin
	case 3:
		return sin, -cos
	}
	return cos, sin
}
