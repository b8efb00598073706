package kernel

import (
	"fmt"
	"math"
)

// slices are what a kernel under test works on, all of one length: d, e and f are
// read and written, a, b and c only read.
type slices struct{ d, e, f, a, b, c []float32 }

// crossCase is a kernel as users call it and its scalar twin alone. A number that
// the kernel returns is compared as well.
type crossCase struct {
	name       string
	fast, slow func(s slices) float32
}

func crossCases() []crossCase {
	cases := append(elementCases(), activationCases()...)
	cases = append(cases, reductionCases()...)
	cases = append(cases, lossCases()...)
	return append(cases, optimizerCases()...)
}

// writes adapts a pair of kernels that return nothing.
func writes(name string, fast, slow func(s slices)) crossCase {
	return crossCase{name,
		func(s slices) float32 { fast(s); return 0 },
		func(s slices) float32 { slow(s); return 0 }}
}

func elementCases() []crossCase {
	return []crossCase{
		writes("Fill", func(s slices) { Fill(s.d, s.a[0]) }, func(s slices) {
			for i := range s.d {
				s.d[i] = s.a[0]
			}
		}),
		writes("Add", func(s slices) { Add(s.d, s.a, s.b) }, func(s slices) { addScalar(s.d, s.a, s.b) }),
		writes("Sub", func(s slices) { Sub(s.d, s.a, s.b) }, func(s slices) { subScalar(s.d, s.a, s.b) }),
		writes("Mul", func(s slices) { Mul(s.d, s.a, s.b) }, func(s slices) { mulScalar(s.d, s.a, s.b) }),
		writes("Scale", func(s slices) { Scale(s.d, s.a, s.b[0]) }, func(s slices) { scaleScalar(s.d, s.a, s.b[0]) }),
		writes("AddScaled", func(s slices) { AddScaled(s.d, s.a, s.b[0]) }, func(s slices) { addScaledScalar(s.d, s.a, s.b[0]) }),
		writes("Accumulate", func(s slices) { Accumulate(s.d, s.a) }, func(s slices) { addScalar(s.d, s.d, s.a) }),
		writes("BiasAdd", func(s slices) { BiasAdd(1, len(s.d), s.d, s.a) }, func(s slices) { addScalar(s.d, s.d, s.a) }),
		writes("ClipValue", func(s slices) { ClipValue(s.d, 0.75) }, func(s slices) { clipScalar(s.d, 0.75) }),
		writes("FlushDenormals", func(s slices) { FlushDenormals(s.d) }, func(s slices) { flushDenormalsScalar(s.d) }),
		writes("AddL1L2", func(s slices) { AddL1L2(s.d, s.a, 0.01, 0.3) }, func(s slices) { addL1L2Scalar(s.d, s.a, 0.01, 0.3) }),
		writes("Exp", func(s slices) { Exp(s.d, s.a) }, func(s slices) { expScalar(s.d, s.a) }),
		writes("Log", func(s slices) { Log(s.d, s.a) }, func(s slices) { logScalar(s.d, s.a) }),
		writes("Log1p", func(s slices) { Log1p(s.d, s.a) }, func(s slices) { log1pScalar(s.d, s.a) }),
		writes("Erf", func(s slices) { Erf(s.d, s.a) }, func(s slices) { erfScalar(s.d, s.a) }),
		writes("expShift", func(s slices) { expShift(s.d, s.a, s.b[0]) }, func(s slices) { expShiftScalar(s.d, s.a, s.b[0]) }),
		writes("divide", func(s slices) { divide(s.d, s.a[0]) }, func(s slices) { divideScalar(s.d, s.a[0]) }),
		writes("mulShifted", func(s slices) { mulShifted(s.d, s.a, s.b, s.c[0]) }, func(s slices) { mulShiftedScalar(s.d, s.a, s.b, s.c[0]) }),
		writes("sub2", func(s slices) { sub2(s.d, s.a, s.b[0], s.c[0]) }, func(s slices) { sub2Scalar(s.d, s.a, s.b[0], s.c[0]) }),
		writes("subExpScaled", func(s slices) { subExpScaled(s.d, s.a, s.b, s.c[0]) }, func(s slices) { subExpScaledScalar(s.d, s.a, s.b, s.c[0]) }),
	}
}

func activationCases() []crossCase {
	var cases []crossCase
	for kind := Relu; kind < activationCount; kind++ {
		cases = append(cases,
			writes(fmt.Sprintf("Activate/%d", kind),
				func(s slices) { Activate(kind, 0.3, s.d, s.a) },
				func(s slices) { activateScalar(kind, 0.3, s.d, s.a) }),
			writes(fmt.Sprintf("ActivateGrad/%d", kind),
				func(s slices) { ActivateGrad(kind, 0.3, s.d, s.b, s.a, s.a) },
				func(s slices) { activateGradScalar(kind, 0.3, s.d, s.b, s.a) }))
	}
	return cases
}

func reductionCases() []crossCase {
	return []crossCase{
		{"Sum", func(s slices) float32 { return Sum(s.a) }, func(s slices) float32 { return sumScalar(new(partials), s.a) }},
		{"SumAbs", func(s slices) float32 { return SumAbs(s.a) }, func(s slices) float32 { return sumAbsScalar(new(partials), s.a) }},
		{"SumSquares", func(s slices) float32 { return SumSquares(s.a) }, func(s slices) float32 { return dotScalar(new(partials), s.a, s.a) }},
		{"Dot", func(s slices) float32 { return Dot(s.a, s.b) }, func(s slices) float32 { return dotScalar(new(partials), s.a, s.b) }},
		{"Max", func(s slices) float32 { return Max(s.a) }, func(s slices) float32 { return maxScalar(newMaxPartials(), s.a) }},
		{"sumExp", func(s slices) float32 { return sumExp(s.a, s.b[0]) }, func(s slices) float32 { return sumExpScalar(new(partials), s.a, s.b[0]) }},
		{"HasNonFinite", func(s slices) float32 { return zeroOrOne(HasNonFinite(s.a)) }, func(s slices) float32 { return zeroOrOne(nonFiniteScalar(s.a)) }},
		writes("ColSums", func(s slices) { ColSums(1, len(s.d), s.a, len(s.a), s.d, true) },
			func(s slices) { colSumsScalar(1, len(s.d), s.a, len(s.a), s.d, true) }),
	}
}

func newMaxPartials() *partials {
	p := new(partials)
	for j := range p {
		p[j] = float32(math.Inf(-1))
	}
	return p
}

func zeroOrOne(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func lossCases() []crossCase {
	mean := func(loss func(rows, n int, loss, p, t []float32), sum func(p *partials, y, t []float32) float32) (fast, slow func(s slices) float32) {
		return func(s slices) float32 {
				var l [1]float32
				loss(1, len(s.a), l[:], s.a, s.b)
				return l[0]
			}, func(s slices) float32 {
				return sum(new(partials), s.a, s.b) / float32(len(s.a))
			}
	}
	gradient := func(grad func(rows, n int, dp, p, t, scale []float32), slow func(dp, p, t []float32, f float32), factor float32) (a, b func(s slices) float32) {
		return func(s slices) float32 {
				grad(1, len(s.a), s.d, s.a, s.b, s.c)
				return 0
			}, func(s slices) float32 {
				slow(s.d, s.a, s.b, float32(factor*(s.c[0]/float32(len(s.a)))))
				return 0
			}
	}
	var cases []crossCase
	pair := func(name string) func(fast, slow func(s slices) float32) {
		return func(fast, slow func(s slices) float32) { cases = append(cases, crossCase{name, fast, slow}) }
	}
	pair("MSE")(mean(MSE, squaredErrorScalar))
	pair("MAE")(mean(MAE, absErrorScalar))
	pair("BCE")(mean(BCE, bceScalar))
	pair("BCELogits")(mean(BCELogits, bceLogitsScalar))
	pair("MSEGrad")(gradient(MSEGrad, scaledDifferenceScalar, 2))
	pair("MAEGrad")(gradient(MAEGrad, signedScalar, 1))
	pair("BCEGrad")(gradient(BCEGrad, bceGradScalar, 1))
	pair("BCELogitsGrad")(gradient(BCELogitsGrad, bceLogitsGradScalar, 1))
	return append(cases,
		crossCase{"CCELogits", func(s slices) float32 {
			var l [1]float32
			CCELogits(1, len(s.a), l[:], s.a, s.b)
			return l[0]
		}, func(s slices) float32 {
			m := maxScalar(newMaxPartials(), s.a)
			return 0 - cceLogitsScalar(new(partials), s.a, s.b, m, Log32(sumExpScalar(new(partials), s.a, m)))
		}},
		writes("CCELogitsGrad", func(s slices) { CCELogitsGrad(1, len(s.a), s.d, s.a, s.b, s.c) }, func(s slices) {
			expShiftScalar(s.d, s.a, maxScalar(newMaxPartials(), s.a))
			cceLogitsGradScalar(s.d, s.b, sumScalar(new(partials), s.d), sumScalar(new(partials), s.b), s.c[0])
		}))
}

func optimizerCases() []crossCase {
	cases := []crossCase{
		writes("SGD", func(s slices) { SGD(s.d, s.a, 0.1) }, func(s slices) { sgdScalar(s.d, s.a, 0.1) }),
		writes("Adam", func(s slices) { Adam(s.d, s.a, s.e, s.f, 0.9, 0.1, 0.999, 0.001, 1.2, 1.3, 0.01, 1e-7) },
			func(s slices) { adamScalar(s.d, s.a, s.e, s.f, 0.9, 0.1, 0.999, 0.001, 1.2, 1.3, 0.01, 1e-7) }),
	}
	for _, nesterov := range []bool{false, true} {
		cases = append(cases, writes(fmt.Sprint("Momentum/", nesterov),
			func(s slices) { Momentum(s.d, s.a, s.e, 0.1, 0.9, nesterov) },
			func(s slices) { momentumScalar(s.d, s.a, s.e, 0.1, 0.9, nesterov) }))
	}
	for _, state := range []struct {
		name      string
		mom, mean bool
	}{{"plain", false, false}, {"momentum", true, false}, {"centered", false, true}} {
		slots := func(s slices) (mom, gm []float32) {
			if state.mom {
				mom = s.f
			}
			if state.mean {
				gm = s.f
			}
			return mom, gm
		}
		cases = append(cases, writes("RMSProp/"+state.name, func(s slices) {
			mom, gm := slots(s)
			RMSProp(s.d, s.a, s.e, mom, gm, 0.9, 0.1, 0.8, 0.01, 1e-7)
		}, func(s slices) {
			mom, gm := slots(s)
			rmspropScalar(s.d, s.a, s.e, mom, gm, 0.9, 0.1, 0.8, 0.01, 1e-7)
		}))
	}
	return cases
}
