package kernel

// The hyperbolic tangent: x + x³·P(x²) for |x| < tanhSplit, and
// ±(1 − 2/(exp(2|x|)+1)) beyond, where exp may overflow to +Inf without harm.
const (
	tanhSplit = 0.625

	tanhP0 = -0x1.55553p-2
	tanhP1 = 0x1.110688p-3
	tanhP2 = -0x1.b826fep-5
	tanhP3 = 0x1.51971ap-6
	tanhP4 = -0x1.734efep-8
)

// Tanh32 returns the hyperbolic tangent of x, within 1.4 ulp. Tanh32(-0) is -0.
func Tanh32(x float32) float32 {
	a := abs32(x)
	var y float32
	if a < tanhSplit {
		z := float32(a * a)
		p := float32(tanhP4*z) + tanhP3
		p = float32(p*z) + tanhP2
		p = float32(p*z) + tanhP1
		p = float32(p*z) + tanhP0
		y = float32(float32(a*z)*p) + a
	} else {
		y = 1 - 2/(Exp32(a+a)+1)
	}
	return copySign(y, x)
}
