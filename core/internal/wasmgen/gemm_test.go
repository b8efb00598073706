//go:build !js

package wasmgen

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
)

// product is one case of gemm.
type product struct {
	flags, m, n, k int
	gap            int // how much wider than needed the stored rows are
	bias, awkward  bool
	atEnd          int // which matrix ends where the memory does: 1 A, 2 B
}

func (p product) trans(flag int) bool { return p.flags&flag != 0 }

// stored returns the rows and columns of A and B as they are stored.
func (p product) stored() (ar, ac, br, bc int) {
	ar, ac, br, bc = p.m, p.k, p.k, p.n
	if p.trans(GemmTransA) {
		ar, ac = ac, ar
	}
	if p.trans(GemmTransB) {
		br, bc = bc, br
	}
	return
}

// reference is the oracle of the products.
func (p product) reference(a []float32, lda int, b []float32, ldb int, bias, c []float32, ldc int) {
	kernel.GemmScalar(p.trans(GemmTransA), p.trans(GemmTransB), p.m, p.n, p.k, a, lda, b, ldb, bias, c, ldc, p.trans(GemmAdd))
}

func (p product) check(t *testing.T, h *host, rng *rand.Rand) {
	t.Helper()
	h.reset()
	ar, ac, br, bc := p.stored()
	lda, ldb, ldc := ac+p.gap, bc+p.gap, p.n+p.gap
	size := func(rows, cols, ld int) int {
		if rows == 0 || cols == 0 {
			return 0
		}
		return (rows-1)*ld + cols
	}
	a, b := numbers(rng, size(ar, ac, lda), p.awkward), numbers(rng, size(br, bc, ldb), p.awkward)
	c := numbers(rng, size(p.m, p.n, ldc), false)
	for i := range c {
		if i%ldc >= p.n {
			fillGuard(c[i : i+1])
		}
	}
	put := func(x []float32, which int) uint32 {
		if p.atEnd == which {
			return h.placeLast(x)
		}
		return h.place(x)
	}
	pa, pb, pc, space := put(a, 1), put(b, 2), put(c, 3), h.place(garbage)
	var bias []float32
	var pbias uint32
	if p.bias {
		bias = numbers(rng, p.n, p.awkward)
		pbias = h.place(bias)
	}
	h.call("gemm", uint64(p.flags), uint64(p.m), uint64(p.n), uint64(p.k), uint64(pa), uint64(lda), uint64(pb), uint64(ldb),
		uint64(pbias), uint64(pc), uint64(ldc), uint64(space))
	p.reference(a, lda, b, ldb, bias, c, ldc)
	what := fmt.Sprintf("%+v", p)
	sameBits(t, c, h.view(pc, len(c)), what)
	sameBits(t, a, h.view(pa, len(a)), what)
	sameBits(t, b, h.view(pb, len(b)), what)
	h.checkGuards()
}

func TestGemmSizes(t *testing.T) {
	h, rng := newHost(t), rand.New(rand.NewPCG(1, 2))
	sizes := []int{1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 16, 17, 31, 33, 47, 48, 49, 63, 64, 65}
	for _, m := range sizes {
		for _, n := range sizes {
			for _, k := range []int{0, 1, 3, 4, 5, 17} {
				if (m*31+n*17+k)%3 != 0 && (m > 9 || n > 9) {
					continue // the reference takes its time
				}
				for flags := range 8 {
					product{flags: flags, m: m, n: n, k: k, gap: (m + n + k) % 3, bias: (m+n)%2 == 0, awkward: k%2 == 1, atEnd: (m + k) % 3}.check(t, h, rng)
				}
			}
		}
	}
}

func TestGemmBlocks(t *testing.T) {
	h, rng := newHost(t), rand.New(rand.NewPCG(3, 4))
	for _, k := range []int{255, 256, 257, 512, 513} {
		for _, s := range [][2]int{{1, 1}, {1, 37}, {1, 300}, {2, 9}, {4, 8}, {5, 257}, {6, 10}, {47, 9}, {50, 70}, {129, 65}, {131, 259}, {257, 3}} {
			for flags := range 8 {
				product{flags: flags, m: s[0], n: s[1], k: k, gap: k % 2, bias: k > 256, awkward: s[0] == 50, atEnd: k % 3}.check(t, h, rng)
			}
		}
	}
}

// garbage is what the work space holds at first.
var garbage = func() []float32 {
	x := make([]float32, GemmSpace/4)
	fillGuard(x)
	return x
}()

// TestGemmColumnSums: with lda = 0 every factor of a single row is the same number.
// Without GemmAdd it needs no work space.
func TestGemmColumnSums(t *testing.T) {
	h, rng := newHost(t), rand.New(rand.NewPCG(11, 12))
	for _, n := range []int{1, 3, 7, 16, 45} {
		for _, k := range []int{1, 2, 256, 300} {
			h.reset()
			a, ones, c := numbers(rng, n*k, false), make([]float32, k), make([]float32, n)
			for i := range ones {
				ones[i] = 1
			}
			one, pa, pc := h.place(ones[:1]), h.place(a), h.place(c)
			nowhere := uint64(math.MaxUint32) &^ 3
			h.call("gemm", GemmTransA, 1, uint64(n), uint64(k), uint64(one), 0, uint64(pa), uint64(n), 0, uint64(pc), uint64(n), nowhere)
			product{m: 1, n: n, k: k}.reference(ones, k, a, n, nil, c, n)
			sameBits(t, c, h.view(pc, n), n, k)
			h.checkGuards()
		}
	}
}

// TestRowPanels: a row of C, its B in panels, has the bits of one whose B is as it was.
func TestRowPanels(t *testing.T) {
	require.Equal(t, PanelColumns, kernel.PanelColumns)
	h, rng := newHost(t), rand.New(rand.NewPCG(13, 14))
	for _, n := range []int{0, 32, 64, 96, 160} {
		for _, k := range []int{0, 1, 3, 4, 5, 255, 256, 257, 511, 513, 784} {
			h.reset()
			a, b, c := numbers(rng, k, k%2 == 0), numbers(rng, k*n, n == 64), numbers(rng, n, false)
			var bias []float32
			var pbias uint32
			if k%3 > 0 {
				bias = numbers(rng, n, false)
				pbias = h.place(bias)
			}
			panels := make([]float32, k*n)
			if n > 0 {
				kernel.Panels(panels, b, k, n)
				sameBits(t, InPanels(b, n), panels, n, k)
			}
			pa, pb, pc := h.place(a), h.place(panels), h.place(c)
			h.call("rowPanels", uint64(n), uint64(k), uint64(pa), uint64(pb), uint64(pbias), uint64(pc))
			product{m: 1, n: n, k: k}.reference(a, k, b, n, bias, c, n)
			sameBits(t, c, h.view(pc, n), n, k)
			sameBits(t, panels, h.view(pb, len(panels)), n, k)
			h.checkGuards()
		}
	}
}
