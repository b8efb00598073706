package kernel

import "fmt"

// Activation names an element-wise activation function. The formulas stand in
// activation_scalar.go, forward and derivative side by side.
//
// The vector forms of tanh, sigmoid and softplus are Activate(Tanh, 0, y, x) etc.
type Activation uint8

// The activations. Softmax and log-softmax work on rows: see Softmax, LogSoftmax.
const (
	Linear Activation = iota
	Relu
	Relu6
	LeakyRelu // slope alpha below zero
	Elu       // alpha·(e^x − 1) below zero
	Selu
	Sigmoid
	HardSigmoid // clip(0.2x + 0.5, 0, 1)
	Tanh
	Softplus
	Softsign
	Swish
	Mish
	Gelu     // x·Φ(x), by erf
	GeluTanh // the tanh approximation
	activationCount
)

// NeedsInput says whether ActivateGrad reads x, the input of kind; otherwise it
// reads only y, and x may be nil.
func NeedsInput(kind Activation) bool {
	switch kind {
	case HardSigmoid, Softplus, Softsign, Swish, Mish, Gelu, GeluTanh:
		return true
	}
	return false
}

// Activate computes y[i] = f(x[i]) for len(y) elements. y may be x. alpha, which
// must not be negative, is the parameter of LeakyRelu and Elu; the others ignore it.
func Activate(kind Activation, alpha float32, y, x []float32) {
	x = x[:len(y)]
	if kind == Linear {
		copy(y, x)
		return
	}
	if haveModule && len(y) >= moduleFrom && activateModule(kind, y, x) {
		return
	}
	i := activateVec(kind, alpha, y, x)
	activateScalar(kind, alpha, y[i:], x[i:])
}

// ActivateGrad computes dx[i] = dy[i]·f'(x[i]) for len(dx) elements; y = f(x).
// dx may be dy. x is read only where NeedsInput(kind), y only where not.
//
// At the kinks: relu'(0) = 0, relu6'(0) = relu6'(6) = 0, leakyRelu'(0) = alpha,
// elu'(0) = 1, selu'(0) = 1.7581 (the left one), hardSigmoid' = 0.2 for |x| ≤ 2.5.
func ActivateGrad(kind Activation, alpha float32, dx, dy, x, y []float32) {
	dy = dy[:len(dx)]
	if kind == Linear {
		copy(dx, dy)
		return
	}
	s := y // what the derivative is computed from
	if NeedsInput(kind) {
		s = x
	}
	s = s[:len(dx)]
	if haveModule && kind == Relu && len(dx) >= moduleFrom {
		moduleReluGrad(int32(len(dx)), &dx[0], &dy[0], &s[0])
		return
	}
	i := activateGradVec(kind, alpha, dx, dy, s)
	activateGradScalar(kind, alpha, dx[i:], dy[i:], s[i:])
}

func badActivation(kind Activation) string {
	return fmt.Sprintf("kernel: no activation number %d", kind)
}
