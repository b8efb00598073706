package wasmgen

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestMisuse holds the mistakes that Go's types do not catch.
func TestMisuse(t *testing.T) {
	var m Module
	other := (&Module{}).Func()
	cases := map[string]func(f *Func){
		"wasmgen: operands of two functions": func(f *Func) {
			NewLocal[I32](f).Set(I32Add(NewLocal[I32](f).Get(), NewLocal[I32](m.Func()).Get()))
		},
		"wasmgen: parameter after a local or a statement": func(f *Func) {
			NewLocal[I32](f)
			Param[I32](f)
		},
		"wasmgen: an operand has no code": func(f *Func) { F32Neg(F32{}) },
		"wasmgen: branch to a block that is not around it": func(f *Func) {
			var kept Label
			f.Block(func(l Label) { kept = l })
			f.Br(kept)
		},
		"wasmgen: function of another module":                   func(f *Func) { f.Call(other) },
		"wasmgen: wrong number of arguments or results":         func(f *Func) { f.Return(I32Const(1)) },
		"wasmgen: argument or result of another type":           func(f *Func) { m.Func(TypeI32).Return(F32Const(1)) },
		"wasmgen: function has another result":                  func(f *Func) { Result[I32](f) },
		"wasmgen: lane out of range":                            func(f *Func) { F32x4ExtractLane(V128{}, 4) },
		"wasmgen: a global begins with a constant":              func(f *Func) { NewGlobal(&m, false, I32Add(I32Const(1), I32Const(1))) },
		"wasmgen: global cannot be set here":                    func(f *Func) { NewGlobal(&m, false, I32Const(1)).Set(f, I32Const(2)) },
		"wasmgen: a module has one memory":                      func(f *Func) { m.Memory(1); m.Memory(1) },
		"wasmgen: import after a function":                      func(f *Func) { m.ImportFunc("a", "b", nil, nil) },
		"wasmgen: the start function takes and returns nothing": func(f *Func) { m.Start(other) },
		"wasmgen: two exports of one name":                      func(f *Func) { m.Export("f", f); m.Export("f", f) },
		"wasmgen: no memory to export":                          func(f *Func) { (&Module{}).ExportMemory("memory") },
		"wasmgen: data without a memory":                        func(f *Func) { (&Module{}).Data(0, nil) },
		"wasmgen: function ends without its results":            func(f *Func) { n := &Module{}; n.Func(TypeI32); n.Bytes() },
		"wasmgen: statement outside a function":                 func(f *Func) { n := &Module{}; g := n.Func(); n.Bytes(); g.Unreachable() },
		"wasmgen: function inside an open block":                func(f *Func) { n := &Module{}; g := n.Func(); g.Block(func(Label) { n.Bytes() }) },
	}
	for text, misuse := range cases {
		t.Run(text, func(t *testing.T) {
			assert.PanicsWithValue(t, text, func() { misuse(m.Func()) })
		})
	}
}
