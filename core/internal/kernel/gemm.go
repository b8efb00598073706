package kernel

// Workspace holds the packing buffers of the matrix products. It has a fixed size
// and belongs to one goroutine at a time.
type Workspace struct {
}

// NewWorkspace allocates a workspace.
func NewWorkspace() *Workspace {
	return &Workspace{}
}

// GemmNN computes C[m,n] = A[m,k]·B[k,n] + bias[n]; bias may be nil. With acc it
// computes C += A·B + bias. lda, ldb, ldc are the distances between stored rows.
// C must overlap neither A nor B.
func GemmNN(ws *Workspace, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool) {
	GemmScalar(false, false, m, n, k, a, lda, b, ldb, bias, c, ldc, acc)
}

// GemmTN is GemmNN with A stored as [k,m], lda ≥ m: the gradient of weights, xᵀ·dy.
func GemmTN(ws *Workspace, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool) {
	GemmScalar(true, false, m, n, k, a, lda, b, ldb, bias, c, ldc, acc)
}

// GemmNT is GemmNN with B stored as [n,k], ldb ≥ k: the gradient of inputs, dy·Wᵀ.
func GemmNT(ws *Workspace, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool) {
	GemmScalar(false, true, m, n, k, a, lda, b, ldb, bias, c, ldc, acc)
}
