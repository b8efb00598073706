package kernel

import "unsafe"

// A Program is a list of commands for the kernel module, recorded once and run again and
// again by one call: crossing over costs more than a small product. Without the module
// nothing can be recorded.
//
// It keeps addresses. Who records vouches that the memory lives, and stays as long as
// its commands say, until the program is forgotten; Go does not move what it allocated.
type Program struct{ commands []command }

// A command is the number of an export of the module and its arguments, as wasmgen's
// run reads them.
type command [16]uint32

// Commands are the exports that a program can call, in the order of their numbers:
// wasmgen's.
var Commands = []string{
	"gemm", "relu", "reluGrad", "add", "sigmoid", "sigmoidGrad", "tanh", "tanhGrad", "bceLogit", "bceLogitGrad",
	"softmax", "cceLogits", "cceLogitsGrad", "sparseLogits", "sparseLogitsGrad", "rowPanels",
}

const (
	commandGemm = iota
	commandRelu
	commandReluGrad
	commandAdd
	commandSigmoid
	commandSigmoidGrad
	commandTanh
	commandTanhGrad
	commandBCELogit
	commandBCELogitGrad
	commandSoftmax
	commandCCELogits
	commandCCELogitsGrad
	commandSparseLogits
	commandSparseLogitsGrad
	commandRowPanels
)

// NewProgram returns an empty program with room for so many commands. Recording more
// allocates.
func NewProgram(room int) *Program { return &Program{make([]command, 0, room)} }

// Len returns the number of commands.
func (p *Program) Len() int { return len(p.commands) }

// Cut forgets the commands from number n on.
func (p *Program) Cut(n int) { p.commands = p.commands[:n] }

// Run carries out commands [from, to).
func (p *Program) Run(from, to int) {
	if from < to {
		moduleRun(int32(to-from), unsafe.Pointer(&p.commands[from:to][0]))
	}
}

// put records a command.
func (p *Program) put(number uint32, args ...uint32) {
	c := command{number}
	copy(c[1:], args)
	p.commands = append(p.commands, c)
}

func addressOf(s []float32) uint32 { return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(s)))) }

// Product records C = A·B + bias, bias may be nil: GemmNN, or with the transposed flags
// GemmTN and GemmNT, without acc.
func (p *Program) Product(ws *Workspace, transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int) {
	flags, ar, ac, br, bc := uint32(0), m, k, k, n
	if transA {
		flags, ar, ac = flags|moduleTransA, k, m
	}
	if transB {
		flags, br, bc = flags|moduleTransB, n, k
	}
	checkMatrix("A", a, ar, ac, lda)
	checkMatrix("B", b, br, bc, ldb)
	checkResult(c, m, n, ldc, bias)
	p.put(commandGemm, flags, uint32(m), uint32(n), uint32(k), addressOf(a), uint32(lda), addressOf(b), uint32(ldb),
		addressOf(bias), addressOf(c), uint32(ldc), addressOf(ws.space))
}

// ColSums records ColSums of A[m,n] without acc.
func (p *Program) ColSums(m, n int, a []float32, out []float32) {
	checkMatrix("A", a, m, n, n)
	checkMatrix("of sums", out, 1, n, n)
	p.put(commandGemm, moduleTransA, 1, uint32(n), uint32(m), uint32(uintptr(unsafe.Pointer(&one))), 0, addressOf(a), uint32(n), 0, addressOf(out), uint32(n), 0)
}

// Accumulate records Accumulate.
func (p *Program) Accumulate(dst, a []float32) {
	p.arrays(commandAdd, dst, dst, a)
}

// Activate records Activate, if the module has the function.
func (p *Program) Activate(kind Activation, y, x []float32) bool {
	switch kind {
	case Relu:
		p.arrays(commandRelu, y, x)
	case Sigmoid:
		p.arrays(commandSigmoid, y, x)
	case Tanh:
		p.arrays(commandTanh, y, x)
	default:
		return false
	}
	return true
}

// ActivateGrad records ActivateGrad, if the module has the derivative.
func (p *Program) ActivateGrad(kind Activation, dx, dy, y []float32) bool {
	switch kind {
	case Relu:
		p.arrays(commandReluGrad, dx, dy, y)
	case Sigmoid:
		p.arrays(commandSigmoidGrad, dx, dy, y)
	case Tanh:
		p.arrays(commandTanhGrad, dx, dy, y)
	default:
		return false
	}
	return true
}

// BCELogits records BCELogits of rows of one number, BCELogitsGrad its gradient.
func (p *Program) BCELogits(loss, x, t []float32) { p.arrays(commandBCELogit, loss, x, t) }
func (p *Program) BCELogitsGrad(dx, x, t, scale []float32) {
	p.arrays(commandBCELogitGrad, dx, x, t, scale)
}

// Softmax records Softmax.
func (p *Program) Softmax(rows, n int, y, x []float32) { p.rows(commandSoftmax, rows, n, y, x) }

// CCELogits records CCELogits, CCELogitsGrad its gradient.
func (p *Program) CCELogits(rows, n int, loss, x, t []float32) {
	p.rows(commandCCELogits, rows, n, loss, x, t)
}
func (p *Program) CCELogitsGrad(rows, n int, dx, x, t, scale []float32) {
	p.rows(commandCCELogitsGrad, rows, n, dx, x, t, scale)
}

// SparseCCELogits records SparseCCELogits, SparseCCELogitsGrad its gradient.
func (p *Program) SparseCCELogits(rows, n int, loss, x, labels []float32) {
	p.rows(commandSparseLogits, rows, n, loss, x, labels)
}
func (p *Program) SparseCCELogitsGrad(rows, n int, dx, x, labels, scale []float32) {
	p.rows(commandSparseLogitsGrad, rows, n, dx, x, labels, scale)
}

// arrays records a command on arrays that are as long as the first.
func (p *Program) arrays(number uint32, arrays ...[]float32) {
	c := command{number, uint32(len(arrays[0]))}
	for i, a := range arrays {
		c[2+i] = addressOf(a[:len(arrays[0])])
	}
	p.commands = append(p.commands, c)
}

// rows records a command on rows of n numbers, or of one.
func (p *Program) rows(number uint32, rows, n int, arrays ...[]float32) {
	c := command{number, uint32(rows), uint32(n)}
	for i, a := range arrays {
		c[3+i] = addressOf(a[:rows])
	}
	p.commands = append(p.commands, c)
}
