package wasmgen

// The engine's own kernels work on vectors alone: these are the functions of Lanes on
// them.

// keep writes an assignment to a new local, and is its value.
func keep(f *Func, v V128) V128 {
	l := NewLocal[V128](f)
	l.Set(v)
	return l.Get()
}

func onVectors(f *Func, function func(l Lanes, x Num) Num, x V128) V128 {
	return function(Lanes{F: f}, Num{v: x}).v
}

// Exp writes the calculation of e^x, and is its value.
func Exp(f *Func, x V128) V128 { return onVectors(f, Lanes.Exp, x) }

// Sigmoid writes the calculation of 1/(1+e^-x), and is its value.
func Sigmoid(f *Func, x V128) V128 { return onVectors(f, Lanes.Sigmoid, x) }

// Tanh writes the calculation of the hyperbolic tangent of x, and is its value.
func Tanh(f *Func, x V128) V128 { return onVectors(f, Lanes.Tanh, x) }

// Log writes the calculation of the natural logarithm of x, and is its value.
func Log(f *Func, x V128) V128 { return onVectors(f, Lanes.Log, x) }

func expNegAbs(f *Func, x V128) V128 { return onVectors(f, Lanes.expNegAbs, x) }
func log1pUnit(f *Func, x V128) V128 { return onVectors(f, Lanes.log1pUnit, x) }
