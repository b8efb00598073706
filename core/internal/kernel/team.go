package kernel

import (
	"runtime"
	"sync"
)

// Large products are shared among goroutines: each computes some rows of C, or some
// columns where there are few rows, in the one order of sums that there is. No sum is
// ever divided, so the bits do not depend on the number of goroutines, nor on who is
// first. In a browser there is one thread, and no team.

// stored says how the factors of a product are stored.
type stored uint8

const (
	formNN stored = iota
	formTN
	formNT
)

// A share is one goroutine's part of a product.
type share struct {
	ws            *Workspace
	form          stored
	m, n, k       int
	a, b, bias, c []float32
	lda, ldb, ldc int
	acc           bool
	done          *sync.WaitGroup
}

func (s *share) run() {
	switch s.form {
	case formNN:
		GemmNN(s.ws, s.m, s.n, s.k, s.a, s.lda, s.b, s.ldb, s.bias, s.c, s.ldc, s.acc)
	case formTN:
		GemmTN(s.ws, s.m, s.n, s.k, s.a, s.lda, s.b, s.ldb, s.bias, s.c, s.ldc, s.acc)
	case formNT:
		GemmNT(s.ws, s.m, s.n, s.k, s.a, s.lda, s.b, s.ldb, s.bias, s.c, s.ldc, s.acc)
	}
}

const (
	// maxTeam bounds the goroutines of a product: beyond that, memory is the limit.
	maxTeam = 16
	// shareFlops is the least work that is worth waking a goroutine for, some 20 µs.
	shareFlops = 1 << 20
	// shareColumns is what columns are divided into multiples of: a cache line.
	shareColumns = 16
)

// work takes shares to the goroutines that are there for all workspaces.
var work struct {
	begin  sync.Once
	shares chan *share
}

func beginWork() {
	work.shares = make(chan *share, maxTeam)
	for range teamSize() - 1 {
		go func() {
			for s := range work.shares {
				s.run()
				s.done.Done()
			}
		}()
	}
}

// teamSize is the number of goroutines that compute, the caller's included.
func teamSize() int {
	if runtime.GOOS == "js" {
		return 1
	}
	return min(maxTeam, runtime.NumCPU())
}

// A team is what a Workspace needs to share its products.
type team struct {
	shares []share // of the others
	done   sync.WaitGroup
}

// newTeam returns a team of the given size, or nil for one that would be alone.
func newTeam(size int, scalar bool) *team {
	if size < 2 {
		return nil
	}
	t := &team{shares: make([]share, size-1)}
	for i := range t.shares {
		t.shares[i].ws = newWorkspace(scalar)
		t.shares[i].done = &t.done
	}
	return t
}

// sharedOut computes a product with the workspace's team, if it has one and the
// product is large enough.
func (ws *Workspace) sharedOut(f stored, m, n, k int, a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int, acc bool) bool {
	t := ws.team
	if t == nil || 2*m*n*k < 2*shareFlops {
		return false
	}
	parts := min(len(t.shares)+1, 2*m*n*k/shareFlops)
	whole, unit := m, tileRows
	if byColumns := m < parts*4*tileRows; byColumns {
		whole, unit = n, shareColumns
		if n < parts*unit {
			return false
		}
	}
	work.begin.Do(beginWork)
	each := (whole/parts + unit - 1) / unit * unit
	ws.team = nil // the shares are computed alone
	defer func() { ws.team = t }()
	at, others := 0, 0
	for ; others < len(t.shares) && whole-at > each; others++ {
		s := &t.shares[others]
		s.form, s.k, s.lda, s.ldb, s.ldc, s.acc = f, k, lda, ldb, ldc, acc
		s.cut(unit == shareColumns, at, each, m, n, a, b, bias, c)
		t.done.Add(1)
		work.shares <- s
		at += each
	}
	own := share{ws: ws, form: f, k: k, lda: lda, ldb: ldb, ldc: ldc, acc: acc}
	own.cut(unit == shareColumns, at, whole-at, m, n, a, b, bias, c)
	own.run()
	t.done.Wait()
	return true
}

// cut takes count rows or columns of C from at on, and what of A, B and the bias
// they are computed from.
func (s *share) cut(columns bool, at, count, m, n int, a, b, bias, c []float32) {
	s.m, s.n, s.a, s.b, s.bias, s.c = m, n, a, b, bias, c
	switch {
	case columns:
		s.n, s.c = count, c[at:]
		if bias != nil {
			s.bias = bias[at:]
		}
		s.b = b[at:]
		if s.form == formNT {
			s.b = b[at*s.ldb:]
		}
	case s.form == formTN:
		s.m, s.a, s.c = count, a[at:], c[at*s.ldc:]
	default:
		s.m, s.a, s.c = count, a[at*s.lda:], c[at*s.ldc:]
	}
}
