package kernel

// Warm runs the kernel module's loops of products for some milliseconds, where there is
// such a module, and calls pause in between. A browser first translates a module without
// optimising it, and optimises a function, beside everything else, once it has seen it
// run for a while: products that nobody waits for spare the first epochs of a small
// network that while.
func Warm(pause func()) {
	if !haveModule {
		return
	}
	const m, n, k = 64, 64, 256 // some 30,000 turns of each inner loop
	ws := NewWorkspace()
	a, b, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
	GemmNN(ws, m, n, k, a, k, b, n, nil, c, n, false)
	pause()
	GemmTN(ws, m, n, k, a, m, b, n, nil, c, n, false)
	pause()
	GemmNT(ws, m, n, k, a, k, b, k, nil, c, n, false)
}
