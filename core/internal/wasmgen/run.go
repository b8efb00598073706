package wasmgen

// A program is a list of commands, each CommandSize bytes: the number of an export in
// Commands, then its parameters, four bytes each. The export
//
//	run(n, program)
//
// carries out n commands, one after another. So a step of training crosses over from Go
// a few times, and not once for each operation.
const CommandSize = 64

// commands are the exports that a program can call, in the order of their numbers. What
// is called most stands first: run looks for a command from the front.
var commands = []string{
	"gemm", "relu", "reluGrad", "add", "sigmoid", "sigmoidGrad", "tanh", "tanhGrad", "bceLogit", "bceLogitGrad",
	"softmax", "cceLogits", "cceLogitsGrad", "sparseLogits", "sparseLogitsGrad", "rowPanels",
}

// writeRun writes run, given the exports.
func writeRun(m *Module, exports map[string]*Func) *Func {
	f := m.Func()
	n, at := Param[I32](f), Param[I32](f)
	f.While(n.Get(), func() {
		f.Block(func(done Label) {
			for number, name := range commands {
				callee := exports[name]
				f.If(I32Eq(I32Load(at.Get(), 0), I32Const(int32(number))), func() {
					var args []Operand
					for i, t := range callee.params {
						offset := uint32(4 + 4*i)
						if t == TypeF32 {
							args = append(args, F32Load(at.Get(), offset))
						} else {
							args = append(args, I32Load(at.Get(), offset))
						}
					}
					f.Call(callee, args...)
					f.Br(done)
				})
			}
		})
		move(at, CommandSize)
		move(n, -1)
	})
	return f
}
