//go:build !js

package wasmgen

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func i32Ops() []func(a, b I32) I32 {
	return []func(a, b I32) I32{I32Eq, I32Ne, I32LtS, I32LtU, I32GtS, I32GtU, I32LeS, I32LeU, I32GeS, I32GeU,
		I32Add, I32Sub, I32Mul, I32And, I32Or, I32Xor, I32Shl, I32ShrS, I32ShrU, I32Rotl, I32Rotr}
}

// TestIntegerInstructions runs instructions whose meaning a table can tell.
func TestIntegerInstructions(t *testing.T) {
	const a, b = -7, 3
	u := func(x int32) uint32 { return uint32(x) }
	is := func(b bool) uint32 {
		if b {
			return 1
		}
		return 0
	}
	x, y := int32(a), int32(b)
	want := []uint32{is(x == y), is(x != y), is(x < y), is(u(x) < u(y)), is(x > y), is(u(x) > u(y)), is(x <= y), is(u(x) <= u(y)), is(x >= y), is(u(x) >= u(y)),
		u(x + y), u(x - y), u(x * y), u(x & y), u(x | y), u(x ^ y), u(x << 3), u(x >> 3), u(x) >> 3, u(x)<<3 | u(x)>>29, u(x)>>3 | u(x)<<29}
	for i, op := range i32Ops() {
		assert.Equal(t, want[i], uint32(evaluateOne(t, op(I32Const(a), I32Const(b)))), "instruction %d", i)
	}
	assert.EqualValues(t, 2, evaluateOne(t, I32DivS(I32Const(7), I32Const(3))))
	assert.EqualValues(t, 1, evaluateOne(t, I32RemU(I32Const(7), I32Const(3))))
	assert.EqualValues(t, 29, evaluateOne(t, I32Clz(I32Const(7))))
	assert.EqualValues(t, 3, evaluateOne(t, I32Ctz(I32Const(8))))
	assert.EqualValues(t, 2, evaluateOne(t, I32Popcnt(I32Const(6))))
	assert.EqualValues(t, uint64(math.MaxUint64-1), evaluateOne(t, I64ExtendI32S(I32Const(-2))))
	assert.EqualValues(t, uint64(1<<40), evaluateOne(t, I64Shl(I64Const(1), I64Const(40))))
	assert.EqualValues(t, 5, evaluateOne(t, I32Select(I32Const(5), I32Const(6), I32Const(1))))
}

func TestFloatInstructions(t *testing.T) {
	f := func(x F32) float32 { return math.Float32frombits(uint32(evaluateOne(t, x))) }
	d := func(x F64) float64 { return math.Float64frombits(evaluateOne(t, x)) }
	assert.Equal(t, float32(1.5), f(F32Div(F32Const(3), F32Const(2))))
	assert.Equal(t, float32(-1), f(F32Floor(F32Const(-0.5))))
	assert.Equal(t, float32(2), f(F32Nearest(F32Const(2.5))))
	assert.Equal(t, float32(-3), f(F32Copysign(F32Const(3), F32Const(-0.5))))
	assert.Equal(t, 3.0, d(F64Sqrt(F64Const(9))))
	assert.Equal(t, 0.5, d(F64PromoteF32(F32Const(0.5))))
	assert.Equal(t, float32(0.1), f(F32DemoteF64(F64Const(0.1))))
	assert.EqualValues(t, math.MaxInt32, evaluateOne(t, I32TruncSatF32S(F32Const(1e20))))
	assert.EqualValues(t, 0, evaluateOne(t, I32TruncSatF64U(F64Const(math.NaN()))))
	assert.EqualValues(t, 0x3FC00000, evaluateOne(t, I32ReinterpretF32(F32Const(1.5))))
	assert.Equal(t, float32(-4), f(F32ConvertI32S(I32Const(-4))))
}

// TestVectorInstructions looks at one lane of results known by heart.
func TestVectorInstructions(t *testing.T) {
	f := func(x ...float32) V128 {
		var lanes [4]uint32
		for i, v := range x {
			lanes[i] = math.Float32bits(v)
		}
		return V128Const(lanes)
	}
	a, b := f(1, -2, 3, 9), f(4, 4, -8, 0.5)
	lane := func(x V128, i int) float32 {
		return math.Float32frombits(uint32(evaluateOne(t, F32x4ExtractLane(x, i))))
	}
	bits := func(x V128, i int) uint32 { return uint32(evaluateOne(t, I32x4ExtractLane(x, i))) }
	assert.Equal(t, float32(-5), lane(F32x4Add(a, b), 2))
	assert.Equal(t, float32(8.5), lane(F32x4Sub(a, b), 3))
	assert.Equal(t, float32(-8), lane(F32x4Mul(a, b), 1))
	assert.Equal(t, float32(18), lane(F32x4Div(a, b), 3))
	assert.Equal(t, float32(3), lane(F32x4Sqrt(a), 3))
	assert.Equal(t, float32(2), lane(F32x4Abs(a), 1))
	assert.Equal(t, float32(-1), lane(F32x4Neg(a), 0))
	assert.Equal(t, float32(-8), lane(F32x4Pmin(a, b), 2))
	assert.Equal(t, float32(3), lane(F32x4Pmax(a, b), 2))
	assert.Equal(t, float32(0), lane(F32x4Floor(b), 3))
	assert.Equal(t, uint32(0xFFFFFFFF), bits(F32x4Lt(a, b), 0))
	assert.Equal(t, uint32(0), bits(F32x4Gt(a, b), 0))
	assert.Equal(t, uint32(0), bits(F32x4Eq(a, b), 0))
	assert.Equal(t, float32(1), lane(V128Bitselect(a, b, F32x4Lt(a, b)), 0))
	assert.Equal(t, float32(0.5), lane(V128Bitselect(a, b, F32x4Lt(a, b)), 3))
	assert.Equal(t, float32(0), lane(V128Andnot(a, F32x4Lt(a, b)), 0))
	assert.Equal(t, uint32(6), bits(I32x4Shl(V128Const([4]uint32{3}), I32Const(1)), 0))
	assert.Equal(t, uint32(math.MaxUint32), bits(I32x4ShrS(V128Const([4]uint32{1 << 31}), I32Const(31)), 0))
	assert.Equal(t, uint32(1), bits(I32x4ShrU(V128Const([4]uint32{1 << 31}), I32Const(31)), 0))
	assert.Equal(t, uint32(7), bits(I32x4Add(V128Const([4]uint32{3}), V128Const([4]uint32{4})), 0))
	assert.Equal(t, float32(3), lane(F32x4ConvertI32x4S(V128Const([4]uint32{3})), 0))
	assert.Equal(t, uint32(9), bits(I32x4TruncSatF32x4S(a), 3))
	assert.Equal(t, float32(0.5), lane(Shuffle32(a, b, [4]int{0, 7, 1, 2}), 1))
	assert.Equal(t, float32(6), lane(F32x4ReplaceLane(a, 2, F32Const(6)), 2))
	assert.Equal(t, float32(6), lane(F32x4Splat(F32Const(6)), 3))
	assert.Equal(t, uint32(8), bits(I32x4Splat(I32Const(8)), 1))
	assert.EqualValues(t, 1, evaluateOne(t, V128AnyTrue(a)))
}

// evaluateOne runs a function that returns x.
func evaluateOne(t *testing.T, x Operand) uint64 {
	t.Helper()
	var m Module
	typ, _ := x.operand()
	f := m.Func(typ)
	f.Return(x)
	m.Export("f", f)
	r, err := instantiate(t, m.Bytes()).ExportedFunction("f").Call(context.Background())
	require.NoError(t, err)
	return r[0]
}

// TestModuleParts builds a module that has something in every section.
func TestModuleParts(t *testing.T) {
	var m Module
	m.Memory(1)
	m.ExportMemory("memory")
	m.Data(1000, []byte{1, 2, 3, 4, 5})
	count := NewGlobal(&m, true, I32Const(40))
	NewGlobal(&m, false, I32Const(1)).Export("abi")

	square := m.Func(TypeI32)
	x := Param[I32](square)
	square.Return(I32Mul(x.Get(), x.Get()))

	f := m.Func(TypeI32) // the sum of squares below n, the bytes of Data, and 142
	n := Param[I32](f)
	sum, i := NewLocal[I32](f), NewLocal[I32](f)
	f.While(I32LtS(i.Get(), n.Get()), func() {
		sum.Set(I32Add(sum.Get(), Result[I32](square, i.Get())))
		i.Set(I32Add(i.Get(), I32Const(1)))
	})
	i.Set(I32Const(5))
	f.Block(func(leave Label) {
		f.Loop(func(again Label) {
			f.BrIf(leave, I32Eqz(i.Get()))
			i.Set(I32Sub(i.Get(), I32Const(1)))
			sum.Set(I32Add(sum.Get(), I32Load8U(i.Get(), 1000)))
			f.Br(again)
		})
	})
	f.IfElse(I32Eq(n.Get(), I32Const(0)), func() { f.Return(I32Const(-1)) }, func() {
		count.Set(f, I32Add(count.Get(), I32Const(2)))
	})
	f.Call(square, I32Const(1))
	f.Return(I32Add(sum.Get(), count.Get()))
	m.Export("f", f)
	m.Custom("terrarium", []byte("{}"))
	begin := m.Func()
	count.Set(begin, I32Add(count.Get(), I32Const(100)))
	m.Start(begin)

	mod := instantiate(t, m.Bytes())
	assert.EqualValues(t, 1, mod.ExportedGlobal("abi").Get())
	for n, want := range map[uint64]uint32{0: math.MaxUint32, 4: 14 + 15 + 142} {
		r, err := mod.ExportedFunction("f").Call(context.Background(), n)
		require.NoError(t, err)
		assert.Equal(t, want, uint32(r[0]))
	}
	assert.Equal(t, m.Bytes(), m.Bytes(), "encoding twice gives the same bytes")
	compiled, err := newRuntime(t).CompileModule(context.Background(), m.Bytes())
	require.NoError(t, err)
	assert.Len(t, compiled.ExportedFunctions(), 1)
}

func TestMemoryInstructions(t *testing.T) {
	var m Module
	m.Memory(1)
	f := m.Func(TypeI32)
	at := NewLocal[I32](f)
	at.Set(I32Const(64))
	f.F32Store(at.Get(), 4, F32Const(2))
	f.I32Store8(at.Get(), 0, I32Const(-1))
	f.V128Store(at.Get(), 16, V128Load32Splat(at.Get(), 4))
	f.MemoryCopy(I32Const(128), at.Get(), I32Const(32))
	f.MemoryFill(at.Get(), I32Const(0), I32Const(32))
	v := F32x4Add(V128Load(I32Const(128), 16), V128Load64Zero(I32Const(128), 16)) // 4 4 2 2
	sum := F32Add(F32x4ExtractLane(v, 1), F32x4ExtractLane(v, 2))
	f.Return(I32Add(I32TruncSatF32S(sum), I32Load8S(I32Const(128), 0)))
	m.Export("f", f)
	r, err := instantiate(t, m.Bytes()).ExportedFunction("f").Call(context.Background())
	require.NoError(t, err)
	assert.EqualValues(t, 5, r[0])
}
