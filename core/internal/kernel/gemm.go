package kernel

// The three products. How they are computed stands in gemm_block.go.

// Workspace holds the packing buffers of the matrix products, half a megabyte. It
// has a fixed size, so that no product allocates, and serves one goroutine.
type Workspace struct {
	space []float32 // of the kernel module; where there is one, nothing else is used

	a, b, total []float32
	row         []float32 // one row of A, see gemmRow
	edge        []float32 // one tile that does not lie wholly in C
	team        *team     // who helps with large products; nil: nobody
	nr          int       // columns of a tile
	scalar      bool      // no vectors: for tests and comparison
}

// NewWorkspace allocates a workspace.
func NewWorkspace() *Workspace {
	ws := newWorkspace(!haveVectors())
	ws.team = newTeam(teamSize(), ws.scalar)
	return ws
}

func newWorkspace(scalar bool) *Workspace {
	if haveModule {
		return &Workspace{space: make([]float32, ModuleSpace)}
	}
	ws := &Workspace{
		a:      make([]float32, rowBlock*gemmBlock),
		b:      make([]float32, colBlock*gemmBlock),
		total:  make([]float32, rowBlock*colBlock),
		row:    make([]float32, gemmBlock),
		edge:   make([]float32, tileRows*maxNR),
		nr:     scalarNR,
		scalar: scalar,
	}
	if !scalar {
		ws.nr = 2 * lanes()
	}
	return ws
}

// GemmNN computes C[m,n] = A[m,k]·B[k,n] + bias[n]; bias may be nil. With acc it
// computes C += A·B + bias. lda, ldb, ldc are the distances between stored rows.
// C must overlap neither A nor B.
func GemmNN(ws *Workspace, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool) {
	if m == 0 || n == 0 {
		return
	}
	checkMatrix("A", a, m, k, lda)
	checkMatrix("B", b, k, n, ldb)
	checkResult(c, m, n, ldc, bias)
	if haveModule {
		ws.multiply(0, m, n, k, a, lda, b, ldb, bias, c, ldc, acc)
		return
	}
	if ws.sharedOut(formNN, m, n, k, a, lda, b, ldb, bias, c, ldc, acc) {
		return
	}
	if m < tileRows && k > 0 {
		for i := range m {
			gemmRow(ws, n, k, a[i*lda:], 1, b, ldb, bias, c[i*ldc:], acc)
		}
		return
	}
	g := gemm{ws: ws, m: m, n: n, k: k, a: a, lda: lda, b: b, ldb: ldb, bias: bias, c: c, ldc: ldc, acc: acc}
	g.packB = m >= packBFrom
	g.run()
}

// GemmTN is GemmNN with A stored as [k,m], lda ≥ m: the gradient of weights, xᵀ·dy.
func GemmTN(ws *Workspace, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool) {
	if m == 0 || n == 0 {
		return
	}
	checkMatrix("A", a, k, m, lda)
	checkMatrix("B", b, k, n, ldb)
	checkResult(c, m, n, ldc, bias)
	if haveModule {
		ws.multiply(moduleTransA, m, n, k, a, lda, b, ldb, bias, c, ldc, acc)
		return
	}
	if ws.sharedOut(formTN, m, n, k, a, lda, b, ldb, bias, c, ldc, acc) {
		return
	}
	if m < tileRows && k > 0 {
		for i := range m {
			gemmRow(ws, n, k, a[i:], lda, b, ldb, bias, c[i*ldc:], acc)
		}
		return
	}
	g := gemm{ws: ws, m: m, n: n, k: k, a: a, lda: lda, b: b, ldb: ldb, bias: bias, c: c, ldc: ldc, acc: acc, transA: true}
	g.packA, g.packB = min(n, k) >= packAFrom, m >= packBFrom
	g.run()
}

// GemmNT is GemmNN with B stored as [n,k], ldb ≥ k: the gradient of inputs, dy·Wᵀ.
func GemmNT(ws *Workspace, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool) {
	if m == 0 || n == 0 {
		return
	}
	checkMatrix("A", a, m, k, lda)
	checkMatrix("B", b, n, k, ldb)
	checkResult(c, m, n, ldc, bias)
	if haveModule {
		ws.multiply(moduleTransB, m, n, k, a, lda, b, ldb, bias, c, ldc, acc)
		return
	}
	if ws.sharedOut(formNT, m, n, k, a, lda, b, ldb, bias, c, ldc, acc) {
		return
	}
	if m < tileRows && k > 0 {
		for i := range m {
			gemmRowNT(n, k, a[i*lda:], b, ldb, bias, c[i*ldc:], acc)
		}
		return
	}
	g := gemm{ws: ws, m: m, n: n, k: k, a: a, lda: lda, b: b, ldb: ldb, bias: bias, c: c, ldc: ldc, acc: acc, transB: true, packB: true}
	g.run()
}

// checkMatrix panics unless s holds a matrix[rows, cols] with the given stride: the
// micro-kernels read through pointers.
func checkMatrix(name string, s []float32, rows, cols, stride int) {
	if rows > 0 && cols > 0 && (stride < cols || len(s) < (rows-1)*stride+cols) {
		panic("kernel: matrix " + name + " is shorter than its shape")
	}
}

func checkResult(c []float32, m, n, ldc int, bias []float32) {
	checkMatrix("C", c, m, n, ldc)
	if bias != nil && len(bias) < n {
		panic("kernel: bias is shorter than a row of C")
	}
}
